/** Findings by severity: the number and its limit first, then where else, why, and what to do. */
import type { Severity } from '../../core/model.ts';
import type { View } from '../../core/ports.ts';
import type { Finding, Report } from '../../core/report.ts';
import { findingPlace } from '../report-facts.ts';
import { cut, padEnd, painter, sides, wrap } from './layout.ts';

function severityPaint(severity: Severity, colour: boolean): (text: string) => string {
  const paint = painter(colour);
  const styles: Record<Severity, (text: string) => string> = {
    critical: paint.bold.bgAnsi256(166).ansi256(231),
    high: paint.bold.ansi256(208),
    medium: paint.bold.yellow,
    low: paint.bold.blue,
    info: paint.dim,
  };
  return styles[severity];
}

export function findings(report: Report, view: View, titleOf: (ruleId: string) => string): string[] {
  const paint = painter(view.colour);
  const failed = report.findings.filter((f) => f.status === 'fail');
  const notes = failed.filter((f) => f.severity === 'info');
  const shown = view.all ? failed : failed.filter((f) => f.severity !== 'info');
  // Without a number points would look like one.
  const scored = report.scores.safety.value === null ? [] : report.scores.safety.deductions;
  const points = new Map(scored.map((d) => [d.findingId, d.points]));
  const lines: string[] = [];
  for (const finding of shown) lines.push(...one(finding, points.get(finding.id) ?? 0, view, titleOf), '');
  if (failed.length === 0) lines.push(...wrap(nothingFound(report), view.width - 2, '').map((l) => ` ${l}`), '');
  if (!view.all && notes.length > 0) {
    const id = view.stored ? report.analysisId?.slice(0, 8) : undefined;
    lines.push(
      paint.dim(
        cut(
          ` + ${notes.length} ${notes.length === 1 ? 'note' : 'notes'}${id === undefined ? ' (--all shows them)' : ` (revsync show ${id} --all)`}`,
          view.width,
        ),
      ),
      '',
    );
  }
  if (view.all) lines.push(...passes(report, view, titleOf));
  return lines;
}

/** Silence is not a pass. */
function nothingFound({ findingCounts, scores }: Report): string {
  if (findingCounts.pass === 0) return 'No rule could be checked: nothing was found because nothing was looked at.';
  if (scores.safety.value === null)
    return `The few rules that could be checked found nothing (${findingCounts.pass} passed): that is not enough to call it good.`;
  return `No rule that was checked found anything (${findingCounts.pass} passed).`;
}

function one(finding: Finding, points: number, view: View, titleOf: (ruleId: string) => string): string[] {
  const paint = painter(view.colour);
  const label = padEnd(finding.severity.toUpperCase(), 8);
  const right = points > 0 ? `-${points}` : '';
  const head = ` ${severityPaint(finding.severity, view.colour)(label)} ${paint.bold(cut(titleOf(finding.ruleId), view.width - 12 - right.length))}`;
  const lines = sides(head, right, view.width);
  const block = (name: string, text: string): void => {
    lines.push(
      ...wrap(text, view.width - 16, '').map(
        (l, i) => `          ${i === 0 ? paint.dim(padEnd(name, 5)) : '     '}${l}`,
      ),
    );
  };
  lines.push(...wrap(finding.message, view.width - 11, '').map((l) => `          ${l}`));
  const tail = findingPlace(finding);
  lines.push(...wrap(tail, view.width - 11, '').map((l) => paint.dim(`          ${l}`)));
  if (finding.suppressed !== null)
    block(
      '',
      `suppressed: ${finding.suppressed.reason}${finding.suppressed.until === null ? '' : ` until ${finding.suppressed.until}`}`,
    );
  if (finding.severity !== 'info' || view.all) {
    block('why', finding.why);
    block('fix', finding.fix);
  }
  for (const because of view.all ? finding.because : []) block('', because);
  return lines;
}

function passes(report: Report, view: View, titleOf: (ruleId: string) => string): string[] {
  const paint = painter(view.colour);
  const lines: string[] = [];
  for (const finding of report.findings.filter((f) => f.status === 'pass' || f.status === 'notApplicable')) {
    const label = finding.status === 'pass' ? 'pass' : 'n/a';
    lines.push(
      cut(
        ` ${padEnd(label, 8)} ${titleOf(finding.ruleId)}${finding.status === 'pass' ? '' : `: ${finding.message}`}`,
        view.width,
      ),
    );
  }
  if (lines.length > 0) lines.unshift(paint.bold(' PASSED AND NOT APPLICABLE'));
  return lines.length > 0 ? [...lines, ''] : [];
}
