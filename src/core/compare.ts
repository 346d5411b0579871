/** Two decoded tunes, map by map and cell by cell. Cells are held against each other by index; nothing is resampled. */
import type { Axis, ItemKind, TuneMap } from './model.ts';

export type CompareStatus = 'same' | 'changed' | 'added' | 'removed' | 'moved' | 'axesChanged';

export interface CellChange {
  row: number;
  column: number;
  /** Physical values; null where the equation gives none. */
  from: number | null;
  to: number | null;
}

/** Most of the cells moved by one amount. */
export interface UniformChange {
  kind: 'offset' | 'factor';
  /** In the map's unit (offset) or in percent (factor). */
  value: number;
  /** How many of the changed cells it explains. */
  cells: number;
}

export interface MapComparison {
  /** Of the first tune; of the second where the first has no such map. */
  id: string;
  title: string;
  kind: ItemKind;
  role: string;
  status: CompareStatus;
  unit: string;
  rows: number;
  columns: number;
  /** How the two were found to be one map. */
  matchedBy: 'id' | 'title' | 'role' | null;
  /** Id in the second tune where it is another one. */
  otherId: string | null;
  /** Cells that differ, row-major order. */
  changed: CellChange[];
  /** Cells whose change is under the threshold: counted, not listed. */
  underThreshold: number;
  /** Least and largest change in the map's unit, over the cells with both values. */
  change: { least: number; largest: number; mean: number } | null;
  /** The same in percent of the first value, where that is not 0. */
  changePercent: { least: number; largest: number; mean: number } | null;
  uniform: UniformChange | null;
  /** Axes whose breakpoints differ, in words. */
  axes: string[];
  /** Flags and patches: states before and after. */
  state: { from: TuneMap['state']; to: TuneMap['state'] } | null;
  /** What a number alone does not say: shapes that differ, another unit. */
  notes: string[];
}

/** Ignore changes up to so much: an amount in each map's own unit, or percent of the first value. */
export interface Threshold {
  value: number;
  percent: boolean;
}

/** A setting in words that differs (the enumerations of an MSQ). Null: that file does not have it. */
export interface SettingChange {
  name: string;
  from: string | null;
  to: string | null;
}

/** Settings that the two files state, by name. */
export function compareSettings(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): SettingChange[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .sort()
    .map((name) => ({
      name,
      from: Object.hasOwn(a, name) ? a[name]! : null,
      to: Object.hasOwn(b, name) ? b[name]! : null,
    }))
    .filter((s) => s.from !== s.to);
}

export interface TuneComparison {
  /** True where no map differs in anything. */
  same: boolean;
  /** In the order of the first tune, then what only the second has. */
  maps: MapComparison[];
}

/**
 * @param sameDefinition one definition read both: then ids are the match, else titles and roles are
 * @param threshold null: every difference counts
 */
export function compareTunes(
  a: readonly TuneMap[],
  b: readonly TuneMap[],
  sameDefinition: boolean,
  threshold: Threshold | null = null,
): TuneComparison {
  const pairs = pairUp(a, b, sameDefinition);
  const taken = new Set([...pairs.values()].map((p) => p.map));
  const maps = [
    ...a.map((map) => {
      const match = pairs.get(map);
      return match === undefined
        ? lone(map, 'removed')
        : comparePair(map, match.map, match.by, threshold, sameDefinition);
    }),
    ...b.filter((map) => !taken.has(map)).map((map) => lone(map, 'added')),
  ];
  return { same: maps.every((m) => m.status === 'same'), maps };
}

type Match = { map: TuneMap; by: 'id' | 'title' | 'role' };

/** Which map of the second tune is which of the first: by id, then by a title that both have once, then by role. */
function pairUp(a: readonly TuneMap[], b: readonly TuneMap[], sameDefinition: boolean): Map<TuneMap, Match> {
  const pairs = new Map<TuneMap, Match>();
  const taken = new Set<TuneMap>();
  const join = (by: Match['by'], key: (map: TuneMap) => string | null): void => {
    const ofB = groups(
      b.filter((m) => !taken.has(m)),
      key,
    );
    for (const [name, mine] of groups(
      a.filter((m) => !pairs.has(m)),
      key,
    )) {
      const theirs = ofB.get(name) ?? [];
      // Twins that nothing tells apart are never paired by chance.
      if (mine.length !== 1 || theirs.length !== 1) continue;
      pairs.set(mine[0]!, { map: theirs[0]!, by });
      taken.add(theirs[0]!);
    }
  };
  // An address says nothing in other software.
  if (sameDefinition || a.every((m) => m.at === null)) join('id', (m) => m.id);
  join('title', (m) => `${m.kind}:${m.title}`);
  if (!sameDefinition) join('role', roleKey);
  return pairs;
}

/** Role and variant: "spark, gear 3-4, cylinder 1". Null where the role says too little to match by. */
function roleKey(map: TuneMap): string | null {
  if (/^(other|axis|correction|sensor|protection)\b/.test(map.role) || map.kind === 'flag' || map.kind === 'patch')
    return null;
  const variant = Object.entries(map.variant)
    .sort()
    .map(([k, v]) => `${k}=${v}`);
  return [map.kind, map.role, ...variant].join('|');
}

function groups(maps: readonly TuneMap[], key: (map: TuneMap) => string | null): Map<string, TuneMap[]> {
  const found = new Map<string, TuneMap[]>();
  for (const map of maps) {
    const name = key(map);
    if (name === null) continue;
    const list = found.get(name);
    if (list === undefined) found.set(name, [map]);
    else list.push(map);
  }
  return found;
}

function blank(map: TuneMap): MapComparison {
  return {
    id: map.id,
    title: map.title,
    kind: map.kind,
    role: map.role,
    status: 'same',
    unit: map.unitFrom === 'none' ? '' : map.unit,
    rows: map.rows,
    columns: map.columns,
    matchedBy: null,
    otherId: null,
    changed: [],
    underThreshold: 0,
    change: null,
    changePercent: null,
    uniform: null,
    axes: [],
    state: null,
    notes: [],
  };
}

const lone = (map: TuneMap, status: 'added' | 'removed'): MapComparison => ({ ...blank(map), status });

function comparePair(
  a: TuneMap,
  b: TuneMap,
  by: Match['by'],
  threshold: Threshold | null,
  sameDefinition: boolean,
): MapComparison {
  const result: MapComparison = { ...blank(a), matchedBy: by, otherId: b.id === a.id ? null : b.id };
  if (a.state !== b.state) result.state = { from: a.state, to: b.state };
  result.axes = axisChanges(a.axes, b.axes);
  const units = [a, b].map((m) => (m.unitFrom === 'none' ? 'raw counts' : m.unit));
  if (a.rows !== b.rows || a.columns !== b.columns) {
    result.notes.push(
      `${a.rows}x${a.columns} cells against ${b.rows}x${b.columns}: they cannot be held against each other cell by cell, and nothing is resampled`,
    );
  } else if (units[0] !== units[1] && !(sameDefinition && a.raw !== null)) {
    // One equation read both where one definition did: a unit that only one file lets infer is no other unit.
    result.notes.push(
      `${units[0] || 'no unit'} against ${units[1] || 'no unit'}: the numbers of two units are not compared`,
    );
  } else {
    compareCells(a, b, result, threshold);
  }
  result.status = statusOf(a, b, result);
  return result;
}

function statusOf(a: TuneMap, b: TuneMap, result: MapComparison): CompareStatus {
  if (result.axes.length > 0 || a.rows !== b.rows || a.columns !== b.columns) return 'axesChanged';
  if (result.changed.length > 0 || result.underThreshold > 0 || result.state !== null || result.notes.length > 0)
    return 'changed';
  return a.at !== null && b.at !== null && a.at.offsetBytes !== b.at.offsetBytes ? 'moved' : 'same';
}

function compareCells(a: TuneMap, b: TuneMap, result: MapComparison, threshold: Threshold | null): void {
  // Raw elements where one storage holds both: an equation may give two counts one value, and they still differ.
  const raw = a.raw !== null && b.raw !== null && a.at?.elementBytes === b.at?.elementBytes;
  const [x, y] = raw ? [a.raw!, b.raw!] : [a.cells, b.cells];
  const value = (map: TuneMap, i: number): number | null => finite(map.cells[i] ?? Number.NaN);
  const deltas: number[] = [];
  const percents: number[] = [];
  const changes: { from: number; to: number }[] = [];
  let follows = 0;
  for (let i = 0; i < a.cells.length; i++) {
    if (a.kind === 'flag' ? a.state === b.state : Object.is(x[i], y[i])) {
      if (raw && !Object.is(a.cells[i], b.cells[i])) follows++;
      continue;
    }
    const [from, to] = [value(a, i), value(b, i)];
    if (from !== null && to !== null) {
      if (threshold !== null && isUnder(from, to, threshold)) {
        result.underThreshold++;
        continue;
      }
      deltas.push(to - from);
      if (from !== 0) percents.push((to / from - 1) * 100);
      changes.push({ from, to });
    }
    result.changed.push({ row: Math.floor(i / a.columns), column: i % a.columns, from, to });
  }
  if (follows > 0)
    result.notes.push(
      `${follows} cells hold the same bytes and another value: what their equation links to has changed`,
    );
  result.change = spread(deltas);
  result.changePercent = spread(percents);
  result.uniform = a.kind === 'flag' ? null : uniformOf(changes, a, result.changed.length);
}

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null);

function isUnder(from: number, to: number, { value, percent }: Threshold): boolean {
  // A hair of room: 1.1 - 1.0 is 0.1 to a person.
  const room = 1e-9 * Math.max(1, Math.abs(from), Math.abs(to));
  if (!percent) return Math.abs(to - from) <= value + room;
  return from !== 0 && Math.abs(to / from - 1) * 100 <= value + 1e-9;
}

function spread(values: readonly number[]): MapComparison['change'] {
  if (values.length === 0) return null;
  let [least, largest, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const v of values) {
    least = Math.min(least, v);
    largest = Math.max(largest, v);
    sum += v;
  }
  return { least, largest, mean: sum / values.length };
}

/** At least this share of a map's cells, and of its changed ones, must have moved alike. */
const UNIFORM_SHARE = 0.9;

/** A map that was moved as a whole: by one amount, or by one factor (each within the step of its own storage). */
function uniformOf(
  changes: readonly { from: number; to: number }[],
  map: TuneMap,
  changedCells: number,
): UniformChange | null {
  if (changes.length < 4 || changes.length < UNIFORM_SHARE * map.cells.length) return null;
  const step = quantum(map);
  const offset = median(changes.map((c) => c.to - c.from));
  const byOffset = changes.filter((c) => Math.abs(c.to - c.from - offset) <= step * 0.51).length;
  const ratios = changes.filter((c) => c.from !== 0).map((c) => c.to / c.from);
  const factor = ratios.length === 0 ? 1 : median(ratios);
  const byFactor = changes.filter((c) => Math.abs(c.to - c.from * factor) <= step * 1.01).length;
  const need = UNIFORM_SHARE * changedCells;
  if (byOffset >= need && byOffset >= byFactor) return { kind: 'offset', value: offset, cells: byOffset };
  if (byFactor >= need) return { kind: 'factor', value: (factor - 1) * 100, cells: byFactor };
  return null;
}

/** The least step between two physical values that one count of the storage makes, as the cells show it. */
function quantum(map: TuneMap): number {
  if (map.raw === null) return 10 ** -(map.digits ?? 6);
  let least = Number.POSITIVE_INFINITY;
  const order = Array.from(map.raw.keys()).sort((i, j) => map.raw![i]! - map.raw![j]!);
  for (let k = 1; k < order.length; k++) {
    const counts = map.raw[order[k]!]! - map.raw[order[k - 1]!]!;
    if (counts > 0)
      least = Math.min(least, Math.abs(map.cells[order[k]!]! - map.cells[order[k - 1]!]!) / counts || least);
  }
  return Number.isFinite(least) ? least : 0;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** In words, one line an axis: "x: 3 of 16 breakpoints, first 4000 -> 4500 rpm". */
function axisChanges(a: readonly Axis[], b: readonly Axis[]): string[] {
  const lines: string[] = [];
  for (const axis of ['x', 'y'] as const) {
    const [mine, theirs] = [a.find((m) => m.axis === axis), b.find((m) => m.axis === axis)];
    if (mine === undefined && theirs === undefined) continue;
    if (mine === undefined || theirs === undefined) {
      lines.push(`${axis}: only one of the two has it`);
      continue;
    }
    if (!mine.known && !theirs.known) continue;
    const count = Math.max(mine.breakpoints.length, theirs.breakpoints.length);
    const different: number[] = [];
    for (let i = 0; i < count; i++) {
      const label = mine.labels?.[i] ?? null;
      const same =
        label !== null || theirs.labels != null
          ? label === (theirs.labels?.[i] ?? null)
          : Object.is(mine.breakpoints[i], theirs.breakpoints[i]);
      if (!same) different.push(i);
    }
    if (different.length === 0) continue;
    const first = different[0]!;
    const show = (m: Axis): string =>
      m.labels?.[first] ?? (m.breakpoints[first] === undefined ? 'none' : String(round(m.breakpoints[first]!)));
    lines.push(
      `${axis}: ${different.length} of ${count} breakpoints, first ${show(mine)} -> ${show(theirs)}${mine.unit === '' ? '' : ` ${mine.unit}`}`,
    );
  }
  return lines;
}

const round = (n: number): number => Math.round(n * 1000) / 1000;
