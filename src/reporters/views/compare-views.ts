/** A comparison as a table with heat maps, as Markdown, as CSV with one line a changed cell. */

import type { MapComparison, SettingChange } from '../../core/compare.ts';
import type { ByteComparison } from '../../core/compare-bytes.ts';
import type { TuneMap } from '../../core/model.ts';
import type { Report } from '../../core/report.ts';
import { plainNumber, printable, withUnit } from '../../core/rules/message.ts';
import { cut, painter, wrap } from '../terminal/layout.ts';
import { alignedTable } from './aligned-table.ts';
import { csvField, mapHeat } from './map-views.ts';

/** The part of a comparison that is looked at. */
export interface ComparisonView {
  first: string;
  second: string;
  definition: string | null;
  identical: boolean;
  maps: readonly MapComparison[];
  settings: readonly SettingChange[];
  bytes: (ByteComparison & { reason: null }) | { changed: null; reason: string };
  warnings: readonly string[];
  performance: Report['performance'];
}

interface Look {
  width: number;
  colour: boolean;
  plain?: boolean;
  /** Every map, the equal ones too, and a picture of each that changed. */
  all: boolean;
}

/** Most telling first: what burns engines, then what a rider feels, then the rest. */
const ORDER = ['spark', 'fuel', 've', 'lambdaTarget', 'revLimiter', 'throttle', 'boost', 'protection', 'fan', 'dwell'];
const PICTURES = 2;

const rank = (m: MapComparison): number => {
  const at = ORDER.findIndex((r) => m.role === r || m.role.startsWith(`${r}.`));
  return at < 0 ? ORDER.length : at;
};

/** Changed maps, most telling role first, then by how many cells moved. */
function telling(maps: readonly MapComparison[]): MapComparison[] {
  return maps
    .filter((m) => m.status !== 'same')
    .sort((a, b) => rank(a) - rank(b) || b.changed.length - a.changed.length || a.id.localeCompare(b.id));
}

/** "+3.1 … +8.3°, +5.5° on average", or what else differs. */
function changeInWords(m: MapComparison): string {
  const parts: string[] = [];
  if (m.state !== null && m.kind !== 'map' && m.kind !== 'curve')
    parts.push(`${stateName(m.state.from)} -> ${stateName(m.state.to)}`);
  const [only] = m.changed;
  if (m.state === null && m.kind === 'scalar' && only !== undefined) {
    parts.push(`${knownOr(only.from)} -> ${knownOr(only.to)}${m.unit === '' ? '' : ` ${m.unit}`}`);
  } else if (m.uniform !== null) {
    parts.push(
      m.uniform.kind === 'offset'
        ? `${alike(m)} by ${signed(m.uniform.value, m.unit)}`
        : `${alike(m)} by ${signed(m.uniform.value, '%')}`,
    );
  } else if (m.state === null) {
    const percent = /^(fuel|ve)\b/.test(m.role) && m.changePercent !== null;
    const change = percent ? m.changePercent : m.change;
    const unit = percent ? '%' : m.unit;
    if (change !== null)
      parts.push(
        change.least === change.largest
          ? signed(change.largest, unit)
          : `${signed(change.least, '')} … ${signed(change.largest, unit)}`,
      );
  }
  if (m.underThreshold > 0) parts.push(`${m.underThreshold} under the threshold`);
  if (m.axes.length > 0) parts.push(`axis ${m.axes.join('; ')}`);
  if (m.status === 'moved') parts.push('same cells at another place');
  if (m.matchedBy === 'role') parts.push(`matched by role with ${m.otherId ?? m.id}`);
  return [...parts, ...m.notes].join('; ');
}

/** "all", or how many of the cells moved alike. */
const alike = ({ uniform, rows, columns }: MapComparison): string =>
  uniform?.cells === rows * columns ? 'all' : `${uniform?.cells ?? 0} cells alike`;

const stateName = (state: TuneMap['state']): string =>
  state === true ? 'on' : state === false ? 'off' : String(state);
const knownOr = (n: number | null): string => (n === null ? 'unknown' : plainNumber(n));
const signed = (n: number, unit: string): string => `${n > 0 ? '+' : ''}${withUnit(n, unit)}`;

function cellsOf(m: MapComparison): string {
  if (m.kind !== 'map' && m.kind !== 'curve') return '';
  return m.status === 'added' || m.status === 'removed' ? '' : `${m.changed.length} of ${m.rows * m.columns}`;
}

/** "40 of 45 maps changed, 5 the same" */
function headline(view: ComparisonView): string {
  const count = (status: MapComparison['status'][]): number =>
    view.maps.filter((m) => status.includes(m.status)).length;
  const both = view.maps.length - count(['added', 'removed']);
  const parts = [`${count(['changed', 'axesChanged'])} of ${both} items changed`, `${count(['same'])} the same`];
  if (count(['moved']) > 0) parts.push(`${count(['moved'])} moved`);
  if (count(['removed']) > 0) parts.push(`${count(['removed'])} only in the first`);
  if (count(['added']) > 0) parts.push(`${count(['added'])} only in the second`);
  return parts.join(' · ');
}

/** "fanEnable Off -> On", so many of them. */
function settingLines(settings: readonly SettingChange[], most: number): string[] {
  if (settings.length === 0) return [];
  const shown = settings.slice(0, most).map((s) => `${s.name} ${s.from ?? 'absent'} -> ${s.to ?? 'absent'}`);
  const more = settings.length > most ? `, and ${settings.length - most} more` : '';
  return [`${settings.length} settings differ: ${shown.join(', ')}${more}`];
}

/** Two files that differ, and no decoded value does: never to be read as "the same". */
function unseen({ maps, settings }: ComparisonView): string[] {
  if (settings.length > 0 || maps.some((m) => m.status !== 'same')) return [];
  return ['no decoded value differs; the files do, in what revsync does not decode (comments, time stamps, notes)'];
}

/** What the bytes say, one line or two. */
function byteLines(view: ComparisonView, most: number): string[] {
  const { bytes, settings } = view;
  if (bytes.reason !== null) return [...settingLines(settings, most), bytes.reason, ...unseen(view)];
  const { changed, explained, unexplained, unexplainedRuns } = bytes;
  if (changed === 0) return ['no byte differs'];
  const lines = [`${changed} bytes differ, ${explained} of them in the items above`];
  if (unexplainedRuns > 0) {
    const places = unexplained
      .slice(0, most)
      .map((r) => `0x${r.offsetBytes.toString(16).toUpperCase()}${r.length > 1 ? ` (${r.length} bytes)` : ''}`);
    const more = unexplainedRuns > most ? `, and ${unexplainedRuns - most} more places` : '';
    lines.push(
      `${changed - explained} bytes that nothing decoded explains, in ${unexplainedRuns} places: ${places.join(', ')}${more}. What stands there is not known: a checksum, or maps that this definition does not list.`,
    );
  }
  return lines;
}

/** What the second does otherwise than the first: with its band, or why nothing can be said. */
const effectLine = ({ performance }: ComparisonView): string => `predicted effect: ${performance.reason}`;

/** Twins (cylinders, gears, modes) that changed in the same number of cells by the same amounts stand in one line. */
function oneLineACause(changed: readonly MapComparison[], first: ReadonlyMap<string, TuneMap>): MapComparison[] {
  const lines: { map: MapComparison; twins: number; key: string }[] = [];
  for (const map of changed) {
    const key = [first.get(map.id)?.family ?? map.id, map.role, map.status, cellsOf(map), changeInWords(map)].join('|');
    const line = lines.find((l) => l.key === key);
    if (line === undefined) lines.push({ map, twins: 0, key });
    else line.twins++;
  }
  return lines.map(({ map, twins }) => (twins === 0 ? map : { ...map, title: `${map.title} and ${twins} more alike` }));
}

/** @param first decoded maps by id, for the pictures */
export function comparisonText(
  view: ComparisonView,
  first: ReadonlyMap<string, TuneMap>,
  second: ReadonlyMap<string, TuneMap>,
  look: Look,
): string {
  const paint = painter(look.colour);
  const width = look.width;
  if (view.identical)
    return ` identical: ${printable(view.first)} and ${printable(view.second)} are the same, byte for byte\n`;
  const lines = wrap(`${view.first} -> ${view.second}`, width - 2, '  ').map((l) => paint.bold(` ${l}`));
  if (view.definition !== null) lines.push(paint.dim(cut(` ${view.definition}`, width)));
  lines.push('');
  if (view.maps.length > 0) lines.push(...wrap(headline(view), width - 2, '').map((l) => ` ${l}`));
  for (const text of [...byteLines(view, 8), effectLine(view), ...view.warnings])
    lines.push(...wrap(text, width - 2, '  ').map((l) => ` ${l}`));
  const changed = telling(view.maps);
  const listed = look.all
    ? [...changed, ...view.maps.filter((m) => m.status === 'same')]
    : oneLineACause(changed, first);
  let text = `${lines.map((l) => l.trimEnd()).join('\n')}\n`;
  if (listed.length > 0) {
    const rows = listed.map((m) => [m.title, m.role, m.status, cellsOf(m), changeInWords(m)]);
    text += `\n${alignedTable(['map', 'role', 'status', 'cells', 'change'], rows, { width, plain: look.plain === true })}`;
  }
  const drawn = (look.all ? changed : oneLineACause(changed, first)).filter(
    (m) => m.changed.length > 0 && (m.kind === 'map' || m.kind === 'curve'),
  );
  for (const m of drawn.slice(0, look.all ? drawn.length : PICTURES)) {
    const [from, to] = [first.get(m.id), second.get(m.otherId ?? m.id)];
    if (from !== undefined && to !== undefined) text += `\n${mapHeat(to, from, look)}`;
  }
  return text;
}

const cellText = (text: string): string => printable(text).replaceAll('|', '\\|');

/** The same as Markdown. */
export function comparisonMarkdown(view: ComparisonView): string {
  if (view.identical) return `# ${cellText(view.first)} and ${cellText(view.second)} are identical\n`;
  const lines = [
    `# ${cellText(view.first)} → ${cellText(view.second)}`,
    '',
    ...(view.definition === null ? [] : [cellText(view.definition), '']),
    ...(view.maps.length === 0 ? [] : [`- ${headline(view)}`]),
    ...[...byteLines(view, 20), effectLine(view), ...view.warnings].map((l) => `- ${cellText(l)}`),
    '',
  ];
  const changed = telling(view.maps);
  if (changed.length > 0) {
    lines.push('| map | role | status | cells | change |', '|---|---|---|---|---|');
    for (const m of changed)
      lines.push(`| ${[m.title, m.role, m.status, cellsOf(m), changeInWords(m)].map(cellText).join(' | ')} |`);
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** One line a changed cell, with the breakpoints it stands at. */
export function comparisonCsv(view: ComparisonView, first: ReadonlyMap<string, TuneMap>): string {
  const lines = ['map,title,role,status,row,column,x,y,from,to,unit'];
  for (const m of telling(view.maps)) {
    const map = first.get(m.id);
    const at = (axis: 'x' | 'y', index: number): string => {
      const found = map?.axes.find((a) => a.axis === axis);
      const value = found?.labels?.[index] ?? found?.breakpoints[index];
      return value === undefined || Number.isNaN(value) ? '' : csvField(String(value));
    };
    const head = [m.id, m.title, m.role, m.status].map(csvField);
    if (m.changed.length === 0) lines.push([...head, '', '', '', '', '', '', ''].join(','));
    for (const c of m.changed)
      lines.push(
        [...head, c.row, c.column, at('x', c.column), at('y', c.row), c.from ?? '', c.to ?? '', csvField(m.unit)].join(
          ',',
        ),
      );
  }
  return `${lines.join('\n')}\n`;
}
