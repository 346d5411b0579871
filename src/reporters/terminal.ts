/** The screen that people judge the tool by: verdict first, the danger first, the picture, what was not looked at, what to do next. */

import { SEVERITIES } from '../core/model.ts';
import type { Reporter, View } from '../core/ports.ts';
import type { Exhibit, Report, ReportDocument } from '../core/report.ts';
import { atLeast } from '../core/rules/bands.ts';
import { closing } from './terminal/closing.ts';
import { findings } from './terminal/findings.ts';
import { cut, cutStart, padEnd, padStart, painter, wrap } from './terminal/layout.ts';
import { secondOpinion } from './terminal/opinion.ts';
import { drawPicture } from './terminal/picture.ts';
import { rideSection } from './terminal/ride.ts';
import { header, levelColour, refusal, verdict } from './terminal/verdict.ts';

/** Titles of rules by id: a rule that was not checked stands in no finding of the report, its id then has to do. */
function titles(report: Report): (ruleId: string) => string {
  const known = new Map(report.findings.map((f) => [f.ruleId, f.title]));
  return (id) => known.get(id) ?? `${id[0]?.toUpperCase() ?? ''}${id.slice(1).replaceAll('-', ' ')}`;
}

function full(report: Report, document: ReportDocument, view: View): string[] {
  if (report.outcome === 'refused') return refusal(report, view);
  const titleOf = titles(report);
  const shown = pictured(report, view.all);
  return [
    ...header(report, view),
    '',
    ...verdict(report, view),
    '',
    ...findings(report, view, titleOf),
    ...secondOpinion(report, document, view),
    ...rideSection(report.log, view),
    ...shown.flatMap((e) => [...picture(e, report, view), '']),
    ...morePictures(report.exhibits.length - shown.length, view),
    ...closing(report, document, view, titleOf),
  ];
}

/** Most maps that are drawn unasked. */
const PICTURES = 3;

/** A picture of every map with a fault that has to be mended, the worst first; of lesser faults one. */
function pictured({ exhibits, findings }: Report, all: boolean): Exhibit[] {
  if (all) return exhibits;
  const grave = new Set(findings.filter((f) => f.status === 'fail' && atLeast(f.severity, 'medium')).map((f) => f.id));
  // Twins that one fault marks first show the same: one of them does.
  const telling = exhibits.filter(
    (e, i) =>
      e.findingIds.some((id) => grave.has(id)) &&
      exhibits.findIndex((other) => other.findingIds[0] === e.findingIds[0]) === i,
  );
  return telling.length > 0 ? telling.slice(0, PICTURES) : exhibits.slice(0, 1);
}

function picture(exhibit: Exhibit, report: Report, view: View): string[] {
  const paint = painter(view.colour);
  const what =
    exhibit.changeIn === 'percent'
      ? 'change from stock, %'
      : exhibit.changeIn === 'unit'
        ? `change from stock, ${exhibit.unit || 'raw'}`
        : exhibit.unit || 'raw counts';
  const faults = exhibit.findingIds.map((id) => report.findings.find((f) => f.id === id)?.title ?? '');
  const named = [...new Set(faults)].filter((t) => t !== '').join('; ');
  const legend = `${what} · ! = ${named === '' ? 'over a limit' : named}`;
  const heading = [
    paint.bold(cut(` ${exhibit.map.title}`, view.width)),
    ...wrap(legend, view.width - 3, '').map((l) => paint.dim(`  ${l}`)),
  ];
  return drawPicture({ ...exhibit, heading }, view);
}

const morePictures = (left: number, view: View): string[] =>
  left <= 0 || view.all
    ? []
    : [
        painter(view.colour).dim(` + ${left} more ${left === 1 ? 'map' : 'maps'} with marked cells (--all draws them)`),
        '',
      ];

/** Several files: one line each, the worst first. */
function table(document: ReportDocument, view: View): string[] {
  const paint = painter(view.colour);
  // The danger first: by the worst finding, then by the number; what could not be judged stands before what is fine.
  const worstOf = (r: Report): number => {
    const at = SEVERITIES.findIndex((v) => r.findings.some((f) => f.status === 'fail' && f.severity === v));
    if (at >= 0 && at < 2) return at;
    if (r.outcome !== 'analysed') return 2;
    return at < 0 ? 9 : at + 1;
  };
  const rank = (r: Report): number => worstOf(r) * 1_000 + (r.scores.safety.value ?? 0);
  const lines = [
    paint.bold(cut(` ${padEnd('score', 6)}${padEnd('verdict', 17)}${padEnd('worst', 10)}file`, view.width)),
  ];
  for (const report of [...document.reports].sort(
    (a, b) => rank(a) - rank(b) || a.input.path.localeCompare(b.input.path),
  )) {
    const { value, level } = report.scores.safety;
    const worst = report.findings.find((f) => f.status === 'fail')?.severity ?? '';
    const word = report.outcome === 'refused' ? 'refused' : (level ?? 'not enough data');
    const room = view.width - 35;
    lines.push(
      ` ${padStart(value === null ? '-' : String(value), 5)} ${levelColour(level, paint)(padEnd(word, 17))}${padEnd(worst, 10)}${cutStart(report.input.path, room)}`,
    );
    if (report.refusal !== null) {
      const said = `${report.refusal.code}: ${report.refusal.message}`;
      lines.push(paint.dim(`       ${cut(said, view.width - 8)}`));
    }
  }
  const { files, analysed, notEnoughData, refused } = document.summary;
  lines.push(
    '',
    cut(` ${files} files: ${analysed} judged, ${notEnoughData} without enough data, ${refused} refused`, view.width),
  );
  if (!view.verbose) lines.push(paint.dim(cut(' --verbose gives each its report', view.width)));
  return lines;
}

export const reporter: Reporter = {
  id: 'terminal',
  title: 'terminal',
  extension: 'txt',
  render(document, given) {
    const view = { ...given, width: Math.max(40, given.width) };
    const [only] = document.reports;
    const blocks: string[][] = [];
    if (document.reports.length === 1 && only !== undefined) blocks.push(full(only, document, view));
    else {
      if (view.verbose)
        for (const report of document.reports)
          blocks.push(full(report, document, view), ['─'.repeat(Math.min(40, view.width))]);
      blocks.push(table(document, view));
    }
    for (const { code, message } of document.errors)
      blocks.push(wrap(`${code}: ${message}`, view.width - 2, '  ').map((l) => ` ${l}`));
    return `${blocks.map((b) => b.map((l) => l.trimEnd()).join('\n')).join('\n\n')}\n`;
  },
};
