/** The second opinion on the screen: who spoke, what held, what it takes off, what was dropped. */
import type { View } from '../../core/ports.ts';
import type { Report, ReportDocument } from '../../core/report.ts';
import { opinionText } from '../opinion-text.ts';
import { padEnd, painter, wrap } from './layout.ts';

export function secondOpinion(report: Report, document: ReportDocument, view: View): string[] {
  const said = opinionText(report, document.run);
  if (said === null) return [];
  const paint = painter(view.colour);
  const lines: string[] = [];
  const block = (name: string, text: string): void => {
    lines.push(
      ...wrap(text, view.width - 18, '').map(
        (l, i) => `          ${i === 0 ? paint.dim(padEnd(name, 7)) : '       '}${l}`,
      ),
    );
  };
  const indented = (text: string, style: (line: string) => string): void => {
    lines.push(...wrap(text, view.width - 11, '').map((l) => style(`          ${l}`)));
  };
  lines.push(
    ...wrap(`SECOND OPINION  ${said.origin}`, view.width - 2, '  ').map((l, i) =>
      i === 0 ? ` ${paint.bold(l)}` : ` ${l}`,
    ),
  );
  indented(said.summary, (l) => l);
  for (const { text, on } of said.concerns) {
    indented(text, (l) => l);
    indented(on, paint.dim);
  }
  for (const { name, text } of said.more) block(name, text);
  if (said.deduction !== null) block('score', said.deduction);
  if (said.dropped !== null) indented(said.dropped, paint.dim);
  return [...lines, ''];
}
