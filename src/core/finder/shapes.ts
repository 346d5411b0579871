/** A place, a width and a number of rows held against the bytes. */
import type { Reading } from './blocks.ts';
import type { ElementType } from './elements.ts';
import type { Ramp } from './ramps.ts';
import { ShapeTable } from './shape-table.ts';
import { lossAtLag, rowSteps, type Smoothness, smoothness } from './surface.ts';

/** Breakpoints found beside a map: where they stand and how many belong to it. */
export interface FoundAxis {
  offsetBytes: number;
  count: number;
  type: ElementType;
}

export interface Shape {
  reading: Reading;
  /** Element index of the first cell. */
  from: number;
  rows: number;
  columns: number;
  x: FoundAxis | null;
  y: FoundAxis | null;
  smooth: Smoothness;
  /** Loudest step between two of its rows, as a share of the spread. */
  loudest: number;
  /** Step from what stands before to its first row, as a share of the spread; 1 where nothing does. */
  begins: number;
  /** Step from its last row to what follows. */
  ends: number;
  worth: number;
}

export const MIN_CELLS = 24;
/** Most rows, and most columns, of a map. */
const MAX_LINES = 127;
/** Past these a block is no surface. */
const MAX_DOWN = 0.45;
const MAX_ACROSS = 0.75;
/** Text and machine code turn at every second place; maps of motorcycles at 0 to 0.3 of them. */
const MAX_TURNS = 0.42;
const BOUNDS = { down: MAX_DOWN, across: MAX_ACROSS, turns: MAX_TURNS };

type Measured = Omit<Shape, 'x' | 'y' | 'worth'>;

/** Shapes that were tried already: axes of one map are guessed in many ways, its cells are looked at once. */
export class Trials {
  readonly #known: ReadonlyMap<Reading, ShapeTable<Measured>>;

  constructor(readings: readonly Reading[]) {
    this.#known = new Map(readings.map((r) => [r, new ShapeTable()]));
  }

  /** Null where the bytes show no map of this shape. */
  try(
    reading: Reading,
    from: number,
    rows: number,
    columns: number,
    { x, y }: { x: FoundAxis | null; y: FoundAxis | null },
  ): Shape | null {
    if (rows > MAX_LINES || columns > MAX_LINES) return null;
    const table = this.#known.get(reading)!;
    const slot = table.slotOf(from, rows * (MAX_LINES + 1) + columns);
    let known = table.valueAt(slot);
    if (known === undefined) {
      known = measure(reading, from, rows, columns);
      table.fill(slot, known);
    }
    if (known === null) return null;
    const { smooth, loudest, begins, ends } = known;
    const shape = { reading, from, rows, columns, x, y, smooth, loudest, begins, ends, worth: 0 };
    shape.worth = worthOf(shape);
    return shape;
  }
}

function measure(reading: Reading, from: number, rows: number, columns: number): Measured | null {
  const { v } = reading;
  if (rows < 4 || columns < 4 || rows * columns < MIN_CELLS || from < 0 || from + rows * columns > v.length)
    return null;
  // Most tries are none: a look at a few cells, then at a few rows, spares the whole.
  if (lossAtLag(v, from, rows * columns, columns, 32, 0.8) > 0.8) return null;
  if (rows >= 12) {
    const glance = smoothness(v, from, rows, columns, Math.ceil(rows / 6));
    if (glance.down > 0.6 || glance.across > 0.85 || glance.turns > 0.5 || glance.skewed < glance.down - 0.06)
      return null;
  }
  const smooth = smoothness(v, from, rows, columns, 1, BOUNDS);
  if (smooth.spread < 0.5 || smooth.down > MAX_DOWN || smooth.across > MAX_ACROSS || smooth.turns > MAX_TURNS)
    return null;
  if (hasRival(reading, from, rows, columns, smooth) || isOneLine(v, from, rows, columns)) return null;
  const withNext = from + (rows + 1) * columns <= v.length ? rows + 1 : rows;
  const steps = rowSteps(v, from, withNext, columns, smooth.spread);
  const loudest = Math.max(...steps.slice(0, rows - 1));
  const ends = withNext > rows ? steps[rows - 1]! : 1;
  const begins = from >= columns ? rowSteps(v, from - columns, 2, columns, smooth.spread)[0]! : 1;
  return { reading, from, rows, columns, smooth, loudest, begins, ends };
}

/** A row goes on from the end of the one before it: a counter or one long curve, no rows at all. */
function isOneLine(v: Int32Array, from: number, rows: number, columns: number): boolean {
  let [along, wrap] = [0, 0];
  for (let i = 1; i < rows * columns; i++) {
    const step = Math.abs(v[from + i]! - v[from + i - 1]!);
    if (i % columns === 0) wrap += step;
    else along += step;
  }
  return along > 0 && wrap / (rows - 1) < (1.3 * along) / (rows * (columns - 1));
}

/** Another width, or bytes instead of words, explains the same cells better. */
function hasRival(
  reading: Reading,
  from: number,
  rows: number,
  columns: number,
  { down, skewed }: Smoothness,
): boolean {
  if (skewed < down - 0.02) return true;
  const cells = rows * columns;
  const better = (v: Int32Array, at: number, count: number, lag: number, than: number): boolean =>
    lossAtLag(v, at, count, lag, 400, 0.8 * than) < 0.8 * than;
  if (columns % 2 === 0 && columns >= 8 && better(reading.v, from, cells, columns / 2, down)) return true;
  if (reading.type.elementBytes === 1) return false;
  // Words whose bytes repeat with half a row, or with one byte more or less, are bytes.
  const bytes = reading.bytes;
  const [at, count, row] = [reading.parity + 2 * from, 2 * cells, 2 * columns];
  const own = lossAtLag(bytes, at, count, row);
  return [columns, row - 1, row + 1].some((lag) => better(bytes, at, count, lag, own));
}

/** Bytes times how well they are explained: what a shape is worth against others over the same bytes. */
function worthOf({ reading, rows, columns, x, y, smooth, loudest, begins, ends }: Omit<Shape, 'worth'>): number {
  const bytes = rows * columns * reading.type.elementBytes;
  const surface = 1 - 1.2 * smooth.down - 0.4 * smooth.across + Math.min(0.2, smooth.skewed - smooth.down);
  const evidence = 1 + 0.2 * Number(x !== null) + 0.2 * Number(y !== null);
  const whole = 0.5 + 0.3 * Math.min(1, begins) + 0.3 * Math.min(1, ends) - 0.8 * Math.min(1, loudest);
  return bytes * Math.max(0.01, surface) * evidence * Math.max(0.05, whole) - COST_OF_A_MAP;
}

/** Two halves of a map are never better than the map. */
const COST_OF_A_MAP = 12;

export const startOf = (s: Shape): number => s.reading.parity + s.from * s.reading.type.elementBytes;
export const endOf = (s: Shape): number => startOf(s) + s.rows * s.columns * s.reading.type.elementBytes;

/** Is a byte inside one of these maps? They come in ascending order. */
export function covers(shapes: readonly Shape[], byte: number): boolean {
  let [low, high] = [0, shapes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(shapes[middle]!) <= byte) low = middle + 1;
    else high = middle;
  }
  return low > 0 && byte < endOf(shapes[low - 1]!);
}

export const axisOf = (ramp: Ramp, count: number, offsetBytes = ramp.offsetBytes): FoundAxis => ({
  offsetBytes,
  count,
  type: ramp.type,
});

/** The shapes of greatest worth together, none over another. */
export function pickApart(shapes: readonly Shape[]): Shape[] {
  const sorted = shapes.filter((s) => s.worth > 0).sort((a, b) => endOf(a) - endOf(b) || b.worth - a.worth);
  const ends = sorted.map(endOf);
  const best = new Float64Array(sorted.length + 1);
  const takes = new Uint8Array(sorted.length + 1);
  const before = new Int32Array(sorted.length + 1);
  for (let i = 1; i <= sorted.length; i++) {
    const shape = sorted[i - 1]!;
    // How many shapes end at or before its start.
    let [low, high] = [0, i - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! <= startOf(shape)) low = middle + 1;
      else high = middle;
    }
    before[i] = low;
    const taken = best[low]! + shape.worth;
    takes[i] = taken > best[i - 1]! ? 1 : 0;
    best[i] = Math.max(best[i - 1]!, taken);
  }
  const kept: Shape[] = [];
  for (let i = sorted.length; i > 0; ) {
    if (takes[i] === 1) {
      kept.push(sorted[i - 1]!);
      i = before[i]!;
    } else i--;
  }
  return kept.reverse();
}
