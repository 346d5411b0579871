/** The first screen: whose file, the verdict, what was judged. */

import { type PlainVerdict, plainVerdict } from '../../core/plain-verdict.ts';
import type { View } from '../../core/ports.ts';
import type { Report } from '../../core/report.ts';
import { suppressionLines } from '../../core/suppress.ts';
import { checksumText } from '../checksum-text.ts';
import { rideLine } from '../ride-log-text.ts';
import { cut, padEnd, painter, sides, widthOf, wrap } from './layout.ts';

const AREAS: Record<string, string> = {
  fullLoadMixture: 'full-load mixture',
  fullLoadSpark: 'full-load spark',
  revLimiter: 'rev limiter',
  heat: 'heat',
  throttle: 'throttle',
};

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

const counted = (n: number, what: string): string => (n === 0 ? '' : `${n} ${what}${n === 1 ? '' : 's'}`);

export function header(report: Report, view: View): string[] {
  const paint = painter(view.colour);
  const { motorcycle, definition, tune, ecu, format } = report;
  const bike = motorcycle === null ? 'Motorcycle unknown' : motorcycle.name;
  const counts = [counted(tune.maps, 'map'), counted(tune.curves, 'curve'), counted(tune.scalars, 'value')].filter(
    (t) => t !== '',
  );
  const parts = [
    bike,
    definition?.title ?? ecu?.id ?? format?.id ?? '',
    definition === null ? '' : (definition.evidence[0] ?? ''),
    counts.join(', '),
    report.input.path,
  ].filter((t) => t !== '');
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
  const { safety, compatibility } = report.scores;
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
    // The lowest decides; the others stand in `explain`.
    const [cap] = [...safety.caps].sort((a, b) => a.at - b.at);
    if (cap !== undefined)
      lines.push(
        ...wrap(`${cap.at} at most: ${cap.reason}`, room, '  ').map((l) => `${' '.repeat(19)}${paint.dim(l)}`),
      );
  }
  for (const [i, text] of suppressionLines(report.suppressions).entries()) {
    const said = rest(text);
    lines.push(paint.bold((i === 0 ? label('SUPPRESSED') : ' '.repeat(19)) + (said[0] ?? '')), ...said.slice(1));
  }
  const fit =
    compatibility.value === null
      ? `unknown: ${compatibility.reason}`
      : `${String(compatibility.value).padStart(3)} / 100  ${compatibility.deductions[0]?.reason ?? 'this motorcycle'}`;
  const fitLines = rest(fit);
  lines.push(label('COMPATIBILITY') + (fitLines[0] ?? ''), ...fitLines.slice(1));
  if (report.profile !== null) {
    const forLines = rest(profileText(report));
    lines.push(label('FOR') + (forLines[0] ?? ''), ...forLines.slice(1));
  }
  const stockLines = rest(stockText(report));
  lines.push(label('AGAINST STOCK') + (stockLines[0] ?? ''), ...stockLines.slice(1));
  const checksum = checksumText(report);
  if (checksum !== null) {
    const checksumLines = rest(checksum);
    lines.push(label('CHECKSUM') + (checksumLines[0] ?? ''), ...checksumLines.slice(1));
  }
  const expected = expectedText(report);
  if (expected !== null) {
    const expectedLines = rest(expected);
    lines.push(label('EXPECTED') + (expectedLines[0] ?? ''), ...expectedLines.slice(1));
  }
  if (report.log != null) {
    const rideLines = rest(rideLine(report.log));
    lines.push(label('MEASURED') + (rideLines[0] ?? ''), ...rideLines.slice(1));
  }
  const open = report.coverage.areas.filter((a) => !a.judged);
  const judged = `${report.coverage.areas.length - open.length} of ${report.coverage.areas.length} danger areas${open.length === 0 ? '' : `; not judged: ${open.map((a) => AREAS[a.id]).join(', ')}`}`;
  const judgedLines = rest(judged);
  lines.push(label('JUDGED') + (judgedLines[0] ?? ''), ...judgedLines.slice(1));
  return lines;
}

/** What the tune changes against stock in one line; null where nothing can be said that the lines around do not say. */
function expectedText({ performance, stock }: Report): string | null {
  if (stock.reference === 'none' || stock.wholeFileIsFactory || stock.mapsChanged.length === 0) return null;
  const { torque, efficiency, limiter, terms } = performance;
  const number = (name: string, p: Report['performance']['torque'], at: string): string => {
    if (p !== null)
      return p.lowPercent === 0 && p.highPercent === 0
        ? `${name} as stock`
        : `${name} ${sign(p.changePercent)} % (${sign(p.lowPercent)} to ${sign(p.highPercent)})`;
    const because = terms.find((t) => t.changePercent === null && t.id.endsWith(at))?.reason.split(/[:.] /)[0];
    return `${name}: no prediction${because === undefined ? '' : ` (${because})`}`;
  };
  const load =
    limiter === null || limiter.inertiaLoadPercent === 0
      ? []
      : [`${sign(limiter.inertiaLoadPercent)} % load on rods and valve gear at the limiter`];
  return [number('torque', torque, 'full load'), number('range on a litre', efficiency, 'cruise'), ...load].join('; ');
}

const sign = (value: number): string => (value > 0 ? `+${value}` : String(value));

/** Whose fuel and parts were taken. */
function profileText({ profile, conditions }: Report): string {
  const { ron, ethanolPercent, mods } = conditions;
  const fuel = ron === null ? 'octane not said' : `RON ${ron}`;
  const ethanol = ethanolPercent === null ? '' : `, ${ethanolPercent} % ethanol`;
  return `your profile ${profile?.id}: ${fuel}${ethanol}${mods.length === 0 ? '' : `, ${mods.join(', ')}`}`;
}

function stockText({ stock }: Report): string {
  if (stock.reference === 'none') return 'no stock is known: changes cannot be seen';
  if (stock.wholeFileIsFactory) return 'this is a factory image, byte for byte';
  const known = stock.mapsEqual + stock.mapsChanged.length;
  const source = stock.reference === 'stockFile' ? stock.source : 'the family’s factory images';
  if (stock.mapsChanged.length === 0) return `all ${known} maps are the factory's (${source})`;
  return `${stock.mapsChanged.length} of ${known} maps changed (${source})`;
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
