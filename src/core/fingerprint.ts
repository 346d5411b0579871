/**
 * The fingerprint of a calibration: what its maps do at normalised speed and load, as values and as differences from stock, so that
 * "similar" means similar calibration and not similar words. Pure numbers; NaN where something is not known.
 */
import type { Axis, Tune, TuneMap } from './model.ts';
import { loadAxisOf, speedAxisOf } from './regions.ts';
import { resampled } from './resample.ts';
import { limiterOf, type StockReference } from './stock.ts';

/** Raised when the layout changes: vectors of two layouts are never held against each other. */
export const FINGERPRINT_LAYOUT = 1;

/** What a group of maps is measured in, and the change that counts as one. */
export interface FingerprintGroup {
  id: 'fuel' | 'lambda' | 'spark' | 'throttle';
  roles: string[];
  /** `percent` of the reference, or a difference in `unit`. */
  change: 'percent' | 'difference';
  unit: string;
  /** A change of this size is one step away. */
  step: number;
}

/** The maps that matter, in the order of the vector. */
export const FINGERPRINT_GROUPS: readonly FingerprintGroup[] = [
  { id: 'fuel', roles: ['fuel', 've'], change: 'percent', unit: '%', step: 10 },
  { id: 'lambda', roles: ['lambdaTarget'], change: 'percent', unit: '%', step: 5 },
  { id: 'spark', roles: ['spark'], change: 'difference', unit: '°', step: 5 },
  { id: 'throttle', roles: ['throttle'], change: 'difference', unit: '%', step: 20 },
];

/** Shares of the limiter and of the load axis at which a map is read. */
export const SPEED_SHARES: readonly number[] = [0.15, 0.3, 0.45, 0.6, 0.75, 0.95];
export const LOAD_SHARES: readonly number[] = [0.05, 0.2, 0.35, 0.55, 0.75, 1];

const GRID = SPEED_SHARES.length * LOAD_SHARES.length;
/** Grids of the groups, then the limiter. */
export const FINGERPRINT_LENGTH = FINGERPRINT_GROUPS.length * GRID + 1;
const LIMITER_STEP_RPM = 500;

export interface Fingerprint {
  layout: number;
  /** Values at the grid, mean of the maps of a group, in their own unit. Only held against the same family. */
  values: Float32Array;
  /** Differences from stock in the group's unit; NaN without a stock to hold against. */
  changes: Float32Array;
}

/** Index of the first element of a group. */
export const groupStart = (index: number): number => index * GRID;

/**
 * @param limiterRpm that bounds the speed axis: the stock's or the motorcycle's. Null: the end of each map's own axis
 */
export function fingerprintOf(tune: Tune, stock: StockReference | null, limiterRpm: number | null): Fingerprint {
  const values = new Float32Array(FINGERPRINT_LENGTH).fill(Number.NaN);
  const changes = new Float32Array(FINGERPRINT_LENGTH).fill(Number.NaN);
  for (const [g, group] of FINGERPRINT_GROUPS.entries()) {
    const maps = tune.maps.filter((m) => group.roles.includes(m.role) && isReadable(m));
    const grids = maps.map((map) => gridsOf(map, group, stock, limiterRpm)).filter((grid) => grid !== null);
    for (let i = 0; i < GRID; i++) {
      values[groupStart(g) + i] = meanOf(grids.map((grid) => grid.values[i]!));
      changes[groupStart(g) + i] = meanOf(grids.map((grid) => grid.changes[i]!));
    }
  }
  const own = limiterOf(tune);
  const reference = stock?.limiterRpm ?? null;
  if (own !== null) values[FINGERPRINT_LENGTH - 1] = own;
  if (own !== null && reference !== null) changes[FINGERPRINT_LENGTH - 1] = own - reference;
  return { layout: FINGERPRINT_LAYOUT, values, changes };
}

const isReadable = (map: TuneMap): boolean => map.kind === 'map' && !map.unset && map.inUse !== false;

function meanOf(numbers: number[]): number {
  const known = numbers.filter(Number.isFinite);
  return known.length === 0 ? Number.NaN : known.reduce((a, b) => a + b, 0) / known.length;
}

function gridsOf(
  map: TuneMap,
  group: FingerprintGroup,
  stock: StockReference | null,
  limiterRpm: number | null,
): { values: number[]; changes: number[] } | null {
  const speed = speedAxisOf(map);
  const load = loadAxisOf(map);
  if (speed === null || load === null) return null;
  const known = stock?.maps.get(map.id);
  const twin = known?.map ?? null;
  const reference = twin === null ? null : (resampled(map, twin) ?? null);
  const change = map.cells.map((value, i) => {
    if (known?.equal === true) return 0;
    const from = reference?.[i] ?? Number.NaN;
    return changeBetween(from, value, group, map);
  });
  const top = limiterRpm ?? Math.max(...speed.breakpoints.filter(Number.isFinite));
  const low = Math.min(...load.breakpoints.filter(Number.isFinite));
  const high = Math.max(...load.breakpoints.filter(Number.isFinite));
  const out = { values: [] as number[], changes: [] as number[] };
  for (const speedShare of SPEED_SHARES) {
    for (const loadShare of LOAD_SHARES) {
      const at = { speed: placeOn(speed, speedShare * top), load: placeOn(load, low + loadShare * (high - low)) };
      out.values.push(readAt(map, map.cells, speed, at));
      out.changes.push(readAt(map, change, speed, at));
    }
  }
  return out;
}

/** In the group’s unit. A difference of raw counts is none: their scale and sign are not known. */
function changeBetween(from: number, to: number, group: FingerprintGroup, map: TuneMap): number {
  if (group.change === 'percent')
    return from === 0 ? (to === 0 ? 0 : Number.NaN) : (100 * (to - from)) / Math.abs(from);
  return map.unitFrom === 'none' ? Number.NaN : to - from;
}

/** Index (with a fraction) of a value on an axis, held at its ends. */
function placeOn(axis: Axis, value: number): number {
  const { breakpoints } = axis;
  const last = breakpoints.length - 1;
  const falling = breakpoints[0]! > breakpoints[last]!;
  for (let i = 0; i < last; i++) {
    const [a, b] = [breakpoints[i]!, breakpoints[i + 1]!];
    const inside = falling ? value <= a && value >= b : value >= a && value <= b;
    if (inside && a !== b) return i + (value - a) / (b - a);
  }
  const belowFirst = falling ? value > breakpoints[0]! : value < breakpoints[0]!;
  return belowFirst ? 0 : last;
}

function readAt(map: TuneMap, cells: ArrayLike<number>, speed: Axis, at: { speed: number; load: number }): number {
  const [row, column] = speed.axis === 'y' ? [at.speed, at.load] : [at.load, at.speed];
  const [r, c] = [Math.floor(row), Math.floor(column)];
  const value = (dr: number, dc: number): number =>
    cells[Math.min(r + dr, map.rows - 1) * map.columns + Math.min(c + dc, map.columns - 1)] ?? Number.NaN;
  const [fr, fc] = [row - r, column - c];
  const upper = fc === 0 ? value(0, 0) : value(0, 0) * (1 - fc) + value(0, 1) * fc;
  if (fr === 0) return upper;
  const lower = fc === 0 ? value(1, 0) : value(1, 0) * (1 - fc) + value(1, 1) * fc;
  return upper * (1 - fr) + lower * fr;
}

/** How alike two calibrations are, and by what they were held against each other. */
export interface Likeness {
  /** 0..1; 1 is the same in everything that was compared. Null: nothing could be compared. */
  similarity: number | null;
  /** Groups that both have, and `limiter`. */
  compared: string[];
  /** Groups that one of them has and that could not be held against the other’s: raw counts, no stock. */
  notCompared: string[];
  /** In steps, by group: what sets them apart most comes first. */
  apart: { id: string; steps: number }[];
  by: 'change from stock' | 'difference from the family' | null;
}

/**
 * By differences from stock where both have them; else, inside one family, by differences from the family's median.
 * @param median values of the family, or null where the two are of different families
 */
export function likeness(a: Fingerprint, b: Fingerprint, median: Float32Array | null): Likeness {
  const steps = new Float64Array(PARTS);
  const by = a.layout === b.layout ? compareInto(steps, a, b, median) : null;
  if (by === null) return { similarity: null, compared: [], notCompared: [], apart: [], by: null };
  const ids = [...FINGERPRINT_GROUPS.map((group) => group.id), 'limiter'];
  const apart = ids.map((id, i) => ({ id, steps: steps[i]! })).filter((p) => !Number.isNaN(p.steps));
  return {
    similarity: similarityFrom(steps, a, b),
    compared: apart.map((p) => p.id),
    notCompared: FINGERPRINT_GROUPS.filter((_, g) => isGap(steps, g, a, b)).map((group) => group.id),
    apart: apart.sort((x, y) => y.steps - x.steps),
    by,
  };
}

/**
 * The similarity of likeness() alone, for one tune against very many: nothing is allocated for each.
 * @returns NaN where nothing can be compared
 */
export function similarityTo(a: Fingerprint): (b: Fingerprint, median: Float32Array | null) => number {
  const steps = new Float64Array(PARTS);
  return (b, median) =>
    a.layout === b.layout && compareInto(steps, a, b, median) !== null ? similarityFrom(steps, a, b) : Number.NaN;
}

/** What is compared: each group, then the limiter. */
const PARTS = FINGERPRINT_GROUPS.length + 1;
/** What a group takes away that could not be compared. */
const GAP = 0.15;

/** Fills `steps` by part, NaN where it was not compared, and says by what. */
function compareInto(steps: Float64Array, a: Fingerprint, b: Fingerprint, median: Float32Array | null): Likeness['by'] {
  if (stepsBetween(steps, a.changes, b.changes, null)) return 'change from stock';
  return median !== null && stepsBetween(steps, a.values, b.values, median) ? 'difference from the family' : null;
}

/** False: no part could be compared. */
function stepsBetween(steps: Float64Array, a: Float32Array, b: Float32Array, median: Float32Array | null): boolean {
  let any = false;
  for (let g = 0; g < FINGERPRINT_GROUPS.length; g++) {
    const { change, step } = FINGERPRINT_GROUPS[g]!;
    const inPercent = median !== null && change === 'percent';
    let sum = 0;
    let count = 0;
    for (let i = groupStart(g), end = groupStart(g + 1); i < end; i++) {
      const plain = a[i]! - b[i]!;
      const difference = inPercent ? (100 * plain) / Math.abs(median[i]!) : plain;
      if (!Number.isFinite(difference)) continue;
      sum += (difference / step) ** 2;
      count++;
    }
    steps[g] = count === 0 ? Number.NaN : Math.sqrt(sum / count);
    any ||= count > 0;
  }
  const limiter = Math.abs(a[FINGERPRINT_LENGTH - 1]! - b[FINGERPRINT_LENGTH - 1]!);
  steps[PARTS - 1] = Number.isFinite(limiter) ? limiter / LIMITER_STEP_RPM : Number.NaN;
  return any || Number.isFinite(limiter);
}

function similarityFrom(steps: Float64Array, a: Fingerprint, b: Fingerprint): number {
  let sum = 0;
  let count = 0;
  let gaps = 0;
  for (let p = 0; p < PARTS; p++) {
    const own = steps[p]!;
    if (!Number.isNaN(own)) {
      sum += own * own;
      count++;
    } else if (p < PARTS - 1 && isGap(steps, p, a, b)) gaps++;
  }
  return Math.exp(-Math.sqrt(sum / count)) * (1 - GAP) ** gaps;
}

/** A group that one of them has and that was not compared. */
const isGap = (steps: Float64Array, g: number, a: Fingerprint, b: Fingerprint): boolean =>
  Number.isNaN(steps[g]!) && (hasGroup(a.values, g) || hasGroup(b.values, g));

function hasGroup(values: Float32Array, g: number): boolean {
  for (let i = groupStart(g), end = groupStart(g + 1); i < end; i++) if (Number.isFinite(values[i]!)) return true;
  return false;
}

/** Median of each element over the tunes of a family; NaN where none has it. */
export function medianOf(all: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(FINGERPRINT_LENGTH).fill(Number.NaN);
  for (let i = 0; i < FINGERPRINT_LENGTH; i++) {
    const known = all
      .map((v) => v[i]!)
      .filter(Number.isFinite)
      .sort((x, y) => x - y);
    if (known.length > 0) out[i] = (known[(known.length - 1) >> 1]! + known[known.length >> 1]!) / 2;
  }
  return out;
}

/** Mean change of a group over the upper or lower loads, in its unit; NaN where it is not known. */
export function meanChange(fingerprint: Fingerprint, groupId: FingerprintGroup['id'], part: 'upper' | 'lower'): number {
  const g = FINGERPRINT_GROUPS.findIndex((group) => group.id === groupId);
  const numbers: number[] = [];
  for (let s = 0; s < SPEED_SHARES.length; s++) {
    for (const [l, share] of LOAD_SHARES.entries()) {
      if (part === 'upper' ? share >= 0.7 : share <= 0.36)
        numbers.push(fingerprint.changes[groupStart(g) + s * LOAD_SHARES.length + l]!);
    }
  }
  return meanOf(numbers);
}

/** Limiter of the tune less that of stock, rpm; NaN where one is not known. */
export const limiterChange = (fingerprint: Fingerprint): number => fingerprint.changes[FINGERPRINT_LENGTH - 1]!;
