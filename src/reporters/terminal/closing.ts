/** The end of a report: the first ride, what was not checked, where it is kept, what to do next. */
import { rideLines } from '../../core/first-ride.ts';
import type { View } from '../../core/ports.ts';
import type { Report, ReportDocument } from '../../core/report.ts';
import { shellQuoted } from '../../core/rules/message.ts';
import { whatIfLines } from '../../core/what-if.ts';
import { engineText } from '../opinion-text.ts';
import { versionsText } from '../versions-text.ts';
import { padEnd, painter, wrap } from './layout.ts';

export function closing(
  report: Report,
  document: ReportDocument,
  view: View,
  titleOf: (ruleId: string) => string,
): string[] {
  const paint = painter(view.colour);
  const lines: string[] = [];
  const block = (name: string, text: string): void => {
    lines.push(
      ...wrap(text, view.width - 16, '').map(
        (l, i) => ` ${i === 0 ? paint.bold(padEnd(name, 13)) : ' '.repeat(13)} ${l}`,
      ),
    );
  };
  for (const [i, text] of whatIfLines(report.whatIf).entries()) block(i === 0 ? 'WHAT IF' : '', text);
  for (const [i, text] of rideLines(report.firstRideSheet).entries()) block(i === 0 ? 'FIRST RIDE' : '', text);
  const open = report.coverage.notChecked;
  if (open.length > 0) {
    const reasons = new Map<string, number>();
    for (const { reason } of open) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    const top = [...reasons].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, 4);
    const more = reasons.size > top.length ? '; …' : '';
    block(
      'NOT CHECKED',
      `${open.length} of ${document.ruleset.rules} rules: ${top.map(([r, n]) => `${r} (${n})`).join('; ')}${more}`,
    );
    if (view.notChecked)
      for (const { ruleId, reason } of open)
        lines.push(...wrap(`${titleOf(ruleId)}: ${reason}`, view.width - 6, '    ').map((l) => `    ${l}`));
  }
  if (report.tune.undecoded.length > 0)
    block(
      'NOT DECODED',
      `${report.tune.undecoded.length} ${report.tune.undecoded.length === 1 ? 'item' : 'items'}: ${report.tune.undecoded
        .slice(0, 2)
        .map((u) => `${u.title} (${u.reason})`)
        .join(', ')}`,
    );
  for (const warning of report.tune.warnings.slice(0, 3)) block('', warning);
  const id = view.stored ? report.analysisId?.slice(0, 8) : undefined;
  const tail = `${versionsText(document)} · ${engineText(report)}${id === undefined ? '' : ` · analysis ${id}`}`;
  lines.push('', ...wrap(tail, view.width - 2, '').map((l) => paint.dim(` ${l}`)));
  const next =
    report.motorcycle === null
      ? `revsync analyze ${shellQuoted(report.input.path)} --bike "make model year"`
      : report.stock.reference === 'stockFile' || report.stock.wholeFileIsFactory
        ? `revsync maps ${shellQuoted(report.input.path)}`
        : `revsync analyze ${shellQuoted(report.input.path)} --stock original.bin`;
  // A command a line: it is copied as it stands.
  for (const [i, command] of [next, ...(id === undefined ? [] : [`revsync show ${id} --all`])].entries())
    lines.push(
      ...wrap(command, view.width - 8, '').map((l, j) => paint.dim(` ${i + j === 0 ? 'next: ' : '      '}${l}`)),
    );
  return lines;
}
