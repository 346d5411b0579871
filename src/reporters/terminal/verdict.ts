/** The first screen: whose file, the verdict, what was judged. */

import { type PlainVerdict, plainVerdict } from '../../core/plain-verdict.ts';
import type { View } from '../../core/ports.ts';
import type { Report } from '../../core/report.ts';
import { suppressionLines } from '../../core/suppress.ts';
import { identityParts, lowestCap, reportFacts } from '../report-facts.ts';
import { cut, padEnd, painter, sides, widthOf, wrap } from './layout.ts';

export function levelColour(level: string | null, paint: ReturnType<typeof painter>): (text: string) => string {
  if (level === 'SAFE' || level === 'COMPATIBLE') return paint.bold.cyan;
  if (level === 'MODERATE' || level === 'CHECK') return paint.bold.yellow;
  if (level === null) return paint.bold;
  return paint.bold.ansi256(208);
}

/** The word of the verdict in its colour, where the line begins with it. */
function headed(line: string, { word }: PlainVerdict, paint: ReturnType<typeof painter>): string {
  const colour = {
    'DO NOT RIDE': paint.bold.bgAnsi256(166).ansi256(231),
    'WITH CARE': paint.bold.yellow,
    FINE: paint.bold.cyan,
    'NOTHING FOUND': paint.bold,
    UNKNOWN: paint.bold.inverse,
  }[word];
  return line.startsWith(word) ? colour(word) + line.slice(word.length) : paint.bold(line);
}

export function header(report: Report, view: View): string[] {
  const paint = painter(view.colour);
  const { motorcycle } = report;
  const parts = [...identityParts(report), report.input.path];
  const lines = wrap(parts.join(' · '), view.width - 2, '  ').map((l) => ` ${l}`);
  lines[0] = paint.bold(lines[0] ?? '');
  if (motorcycle !== null && motorcycle.alternatives.length > 0) {
    lines.push(
      ...wrap(`or ${motorcycle.alternatives.join(', ')}: say it with --bike`, view.width - 4, '   ').map(
        (l) => `   ${l}`,
      ),
    );
  }
  return lines;
}

export function verdict(report: Report, view: View): string[] {
  const paint = painter(view.colour);
  const { safety } = report.scores;
  const label = (text: string): string => `   ${padEnd(text, 15)} `;
  const room = view.width - 20;
  const rest = (text: string): string[] => wrap(text, room, '').map((l, i) => (i === 0 ? l : ' '.repeat(19) + l));
  const lines: string[] = [];
  const plain = plainVerdict(report);
  const said = wrap(`${plain.word}: ${plain.text}`, view.width - 20, '');
  lines.push(...said.map((l, i) => (i === 0 ? label('VERDICT') + headed(l, plain, paint) : ' '.repeat(19) + l)));
  if (safety.value === null) {
    lines.push(label('SAFETY') + paint.bold('NOT ENOUGH DATA'));
    lines.push(...wrap(safety.reason.replace(/^not enough data: /, ''), room, '').map((l) => ' '.repeat(19) + l));
  } else {
    const number = `${String(safety.value).padStart(3)} / 100  ${safety.level}`;
    const size = Math.min(20, Math.max(0, room - widthOf(number) - 4));
    const full = Math.round((safety.value / 100) * size);
    const bar = size >= 8 ? `   ${'█'.repeat(full)}${'░'.repeat(size - full)}` : '';
    lines.push(label('SAFETY') + levelColour(safety.level, paint)(number) + paint.dim(bar));
    const cap = lowestCap(report);
    if (cap !== null) lines.push(...wrap(cap, room, '  ').map((l) => `${' '.repeat(19)}${paint.dim(l)}`));
  }
  for (const [i, text] of suppressionLines(report.suppressions).entries()) {
    const said = rest(text);
    lines.push(paint.bold((i === 0 ? label('SUPPRESSED') : ' '.repeat(19)) + (said[0] ?? '')), ...said.slice(1));
  }
  for (const { name, text } of reportFacts(report)) {
    const factLines = rest(text);
    lines.push(label(name.toUpperCase()) + (factLines[0] ?? ''), ...factLines.slice(1));
  }
  return lines;
}

/** A refusal has a block of its own: what it is, why not, what to do. */
export function refusal(report: Report, view: View): string[] {
  const paint = painter(view.colour);
  const { refusal: said } = report;
  if (said === null) return [];
  const lines = [
    paint.bold(` ${cut(report.input.path, view.width - 2)}`),
    '',
    ...sides(`   ${paint.bold('NOT JUDGED')}`, said.code, view.width),
  ];
  lines.push(...wrap(said.message, view.width - 6, '').map((l) => `      ${l}`));
  lines.push(
    ...wrap('Whether it is safe to ride is unknown.', view.width - 6, '').map((l) => `      ${paint.bold(l)}`),
  );
  lines.push(...wrap(said.hint, view.width - 11, '').map((l, i) => `${i === 0 ? '      fix  ' : '           '}${l}`));
  if (report.definition !== null) {
    lines.push('', `   ${cut(`definition ${report.definition.title}: ${report.definition.verdict}`, view.width - 4)}`);
    for (const text of report.definition.evidence)
      lines.push(...wrap(text, view.width - 8, '  ').map((l) => `      ${l}`));
    if (report.definition.suggestion !== null)
      lines.push(...wrap(report.definition.suggestion, view.width - 8, '').map((l) => `      ${l}`));
  }
  return lines;
}
