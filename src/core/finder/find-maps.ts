/**
 * Maps in an image that nobody has defined. What is found is a guess to be looked at, never scored.
 * Order of work: two axes with a surface behind them; blocks of rows that repeat with a width, begun by an axis; maps that follow
 * a found one in the same shape; what is left of the blocks, cut where rows jump. The best reading of each byte wins.
 */
import { type Block, findBlocks, type Reading, readingsOf } from './blocks.ts';
import type { ElementType } from './elements.ts';
import { type Ramp, RampIndex } from './ramps.ts';
import { axisOf, covers, endOf, type FoundAxis, MIN_CELLS, pickApart, type Shape, startOf, Trials } from './shapes.ts';
import { lossAtLag, rowSteps } from './surface.ts';

export interface FoundMap extends Shape {
  offsetBytes: number;
  byteLength: number;
  confidence: 'high' | 'medium' | 'low';
  because: string;
}

/** Bytes that may stand between two axes, or between an axis and its map: a pad, a zero. */
const PAD_BYTES = 2;
const MAX_AXIS = 64;
const MIN_AXIS = 4;

/** Every candidate, in ascending order, none overlapping another. */
export function findMaps(bytes: Uint8Array): FoundMap[] {
  const ramps = new RampIndex(bytes);
  const readings = readingsOf(bytes);
  const blocks = findBlocks(readings);
  const trials = new Trials(readings);
  const afterTwo = afterTwoAxes(bytes, ramps, readings, trials);
  const chainedTwo = followers(pickApart(afterTwo), readings, trials);
  const certain = pickApart([...afterTwo, ...chainedTwo]).filter(isBeyondDoubt);
  const anchored = [...afterTwo, ...chainedTwo, ...blocks.flatMap((b) => afterOneAxis(b, ramps, certain, trials))];
  const chained = followers(pickApart(anchored), readings, trials);
  const picked = pickApart([...anchored, ...chained]);
  const known = rowsByWidth(picked);
  const sure = picked.filter((s) => s.x !== null && s.y !== null);
  const tiled = blocks.flatMap((block) => tiles(block, known, sure, trials));
  return pickApart([...anchored, ...chained, ...tiled]).map((s) => ({
    ...s,
    offsetBytes: startOf(s),
    byteLength: endOf(s) - startOf(s),
    ...grade(s),
  }));
}

/** A number of rows that maps of a width have in this image, and the axes that say so. */
interface KnownRows {
  rows: number;
  x: FoundAxis | null;
  y: FoundAxis | null;
}

/** By width, the most worth first. */
function rowsByWidth(shapes: readonly Shape[]): Map<number, KnownRows[]> {
  const known = new Map<number, Map<number, { worth: number; best: Shape }>>();
  for (const s of shapes) {
    const rows = known.get(s.columns) ?? new Map<number, { worth: number; best: Shape }>();
    const before = rows.get(s.rows);
    const best = before === undefined || s.worth > before.best.worth ? s : before.best;
    rows.set(s.rows, { worth: (before?.worth ?? 0) + s.worth, best });
    known.set(s.columns, rows);
  }
  return new Map(
    [...known].map(([width, rows]) => [
      width,
      [...rows]
        .sort((a, b) => b[1].worth - a[1].worth || a[0] - b[0])
        .slice(0, 6)
        .map(([count, { best }]) => ({ rows: count, x: best.x, y: best.y })),
    ]),
  );
}

/** Every pair of neighbouring rising runs, and a map behind the second. */
function afterTwoAxes(bytes: Uint8Array, ramps: RampIndex, readings: readonly Reading[], trials: Trials): Shape[] {
  const found: Shape[] = [];
  // Rows of a map that is beyond doubt are no axes of another.
  let sureUntil = 0;
  for (const second of ramps.all()) {
    if (second.endBytes <= sureUntil) continue;
    if (second.count > MAX_AXIS || second.count < MIN_AXIS) continue;
    for (const first of ramps.endingAt(second.offsetBytes, PAD_BYTES)) {
      if (
        first.count > MAX_AXIS + 1 ||
        first.count < MIN_AXIS ||
        first.count * second.count < 48 ||
        !inOneOrder(first.type, second.type) ||
        areRows(bytes, first, second)
      )
        continue;
      let best: Shape | null = null;
      for (const [a, b] of counts(first, second)) {
        for (let pad = 0; pad <= 1; pad++) {
          const start = b.offsetBytes + b.count * b.type.elementBytes + pad;
          for (const reading of readings) {
            const size = reading.type.elementBytes;
            if ((start - reading.parity) % size !== 0 || start < reading.parity) continue;
            if (!inOneOrder(first.type, reading.type) || !inOneOrder(second.type, reading.type)) continue;
            const from = (start - reading.parity) / size;
            for (const [x, y] of [
              [a, b],
              [b, a],
            ] as const) {
              if (!looksSmooth(reading.v, from, x.count, x.count * y.count)) continue;
              const shape = trials.try(reading, from, y.count, x.count, { x, y });
              if (shape !== null && isBounded(shape) && (best === null || shape.worth > best.worth)) best = shape;
            }
          }
        }
      }
      if (best === null) continue;
      found.push(best);
      if (isBeyondDoubt(best)) sureUntil = Math.max(sureUntil, endOf(best));
    }
  }
  return found;
}

/** An ECU keeps its words in one order. */
const inOneOrder = (a: ElementType, b: ElementType): boolean =>
  a.elementBytes === 1 || b.elementBytes === 1 || a.byteOrder === b.byteOrder;

function isBeyondDoubt(s: Shape): boolean {
  const { down, across, turns } = s.smooth;
  const smooth = down < 0.2 && across < 0.35 && turns < 0.2;
  return smooth && s.rows * s.columns >= 300 && s.begins > 0.6 && s.ends > 0.6 && s.loudest < 0.35;
}

/** A run often takes elements too many: a zero or the end of a map before the axis, the first cell behind it. */
function counts(first: Ramp, second: Ramp): [FoundAxis, FoundAxis][] {
  const before = first.type.elementBytes;
  const firsts = [axisOf(first, first.count), axisOf(first, first.count - 1, first.offsetBytes + before)];
  if (first.jump > 1) firsts.push(axisOf(first, first.count - first.jump, first.offsetBytes + first.jump * before));
  const after = second.type.elementBytes;
  const seconds = [
    axisOf(second, second.count),
    axisOf(second, second.count - 1),
    axisOf(second, second.count - 1, second.offsetBytes + after),
  ];
  return firsts
    .flatMap((a) => seconds.map((b): [FoundAxis, FoundAxis] => [a, b]))
    .filter(([a, b]) => a.count >= 4 && b.count >= 4);
}

/** A row inside a map goes on from the one before it; the first row of a map does not go on from an axis. */
const MIN_BEGIN = 0.2;

/** It begins and ends with a jump, and has no such jump inside. */
const isBounded = ({ begins, ends, loudest }: Shape): boolean =>
  begins > MIN_BEGIN && ends > MIN_BEGIN && loudest < 0.9 && loudest < 1.2 * Math.min(begins, ends);

/** A quick look at some fifty cells: most pairs of runs stand before no map at all, or are rows of one. */
function looksSmooth(v: Reading['v'], from: number, width: number, cells: number): boolean {
  if (from + cells > v.length || cells < MIN_CELLS) return false;
  if (lossAtLag(v, from, cells, width, 48, 0.6) >= 0.6) return false;
  if (from < width) return true;
  let [begin, spread] = [0, 0];
  const step = 7919 % cells;
  let walk = 31 % cells;
  for (let i = 0; i < width; i++) {
    const value = v[from + i]!;
    begin += Math.abs(value - v[from - width + i]!);
    spread += Math.abs(value - v[from + walk]!);
    walk += step;
    walk -= cells & ((cells - 1 - walk) >> 31);
  }
  return begin >= MIN_BEGIN * spread;
}

/** A block's width is known; a rising run that ends where a row may begin gives the start and the number of rows. */
function afterOneAxis(block: Block, ramps: RampIndex, certain: readonly Shape[], trials: Trials): Shape[] {
  const { reading, width } = block;
  const size = reading.type.elementBytes;
  const found: Shape[] = [];
  const low = reading.parity + block.from * size - 2 * width * size;
  const high = reading.parity + block.to * size;
  for (const ramp of ramps.endingWithin(low, high)) {
    if (covers(certain, ramp.endBytes - 1)) continue;
    const unit = ramp.type.elementBytes;
    const tries: { start: number; x: FoundAxis | null; y: FoundAxis | null }[] = [];
    for (const [count, offset] of [
      [ramp.count, ramp.offsetBytes],
      [ramp.count - 1, ramp.offsetBytes],
      [ramp.count - 1, ramp.offsetBytes + unit],
    ] as const) {
      if (count >= 6 && count <= MAX_AXIS)
        tries.push({ start: offset + count * unit, x: null, y: axisOf(ramp, count, offset) });
    }
    // The rows first, then the columns, whose run goes on into the map.
    if (ramp.count >= 6 && ramp.count <= MAX_AXIS) {
      for (const next of ramps.beginningAt(ramp.endBytes)) {
        if (next.count >= width)
          tries.push({
            start: next.offsetBytes + width * next.type.elementBytes,
            x: axisOf(next, width),
            y: axisOf(ramp, ramp.count),
          });
      }
    }
    for (const { start, x, y } of tries) {
      if ((start - reading.parity) % size !== 0 || y === null) continue;
      const from = (start - reading.parity) / size;
      if (!looksSmooth(reading.v, from, width, width * y.count)) continue;
      const shape = trials.try(reading, from, y.count, width, { x, y });
      // One axis alone is weak evidence: the map must also end where its rows end.
      if (shape !== null && isBounded(shape)) found.push(shape);
    }
  }
  return found;
}

/** Two runs of one length and nearly one height are rows of a map, no axes. */
function areRows(bytes: Uint8Array, first: Ramp, second: Ramp): boolean {
  const own = first.leaps ? first.count - first.jump : first.count;
  if (Math.abs(own - second.count) > 1 || first.type.elementBytes !== second.type.elementBytes) return false;
  const count = Math.min(own, second.count);
  const size = second.type.elementBytes;
  const value = (offset: number): number =>
    size === 1
      ? bytes[offset]!
      : second.type.byteOrder === 'big'
        ? (bytes[offset]! << 8) | bytes[offset + 1]!
        : (bytes[offset + 1]! << 8) | bytes[offset]!;
  let difference = 0;
  for (let i = 1; i <= count; i++)
    difference += Math.abs(value(first.endBytes - i * size) - value(second.endBytes - i * size));
  return difference / count < 0.2 * (value(second.endBytes - size) - value(second.offsetBytes));
}

/** Maps that follow one at once, in its shape: other cylinders, gears, modes; the element may be another. */
function followers(shapes: readonly Shape[], readings: readonly Reading[], trials: Trials): Shape[] {
  const chain: Shape[] = [];
  const seen = new Set<string>();
  const key = (s: Shape, at: number): string => `${at} ${s.rows} ${s.columns}`;
  for (const s of shapes) seen.add(key(s, startOf(s)));
  for (const shape of shapes) {
    const { rows, columns, x, y } = shape;
    if (rows * columns < 60) continue;
    for (let last = shape; ; ) {
      let best: Shape | null = null;
      for (let pad = 0; pad <= 1; pad++) {
        const at = endOf(last) + pad;
        if (seen.has(key(shape, at))) break;
        for (const reading of readings) {
          if ((at - reading.parity) % reading.type.elementBytes !== 0) continue;
          const next = trials.try(reading, (at - reading.parity) / reading.type.elementBytes, rows, columns, { x, y });
          // A byte between two maps is rare: it must explain the cells clearly better.
          if (next !== null && next.loudest < 0.9 && (best === null || next.worth > best.worth * (1 + 0.1 * pad)))
            best = next;
        }
      }
      if (best === null) break;
      seen.add(key(shape, startOf(best)));
      chain.push(best);
      last = best;
    }
  }
  return chain;
}

/** Rows that are looked at together for the column where they begin: maps of a block may be out of step. */
const SEAM_ROWS = 12;
const MAX_ROWS = 96;

/** What no axis begins: rows found by their seam, maps between two rows that jump, or of a shape that the image has elsewhere. */
function tiles(
  block: Block,
  known: ReadonlyMap<number, readonly KnownRows[]>,
  sure: readonly Shape[],
  trials: Trials,
): Shape[] {
  const { reading, width } = block;
  const shapes: Shape[] = [];
  const lengths = new Map((known.get(width) ?? []).map((k) => [k.rows, k]));
  for (const phase of phasesOf(block)) {
    const first = Math.max(0, Math.ceil((block.from - 3 * width - phase) / width));
    const rows = Math.floor((Math.min(block.to + 3 * width, reading.v.length) - phase) / width) - first;
    if (rows < 4) continue;
    const start = first * width + phase;
    const steps = rowSteps(reading.v, start, rows, width, block.spread);
    const jumps = [-1];
    for (const [r, step] of steps.entries()) if (step > 0.15 && isPeak(steps, r)) jumps.push(r);
    jumps.push(rows - 1);
    const ends = new Set<number>(jumps);
    for (const [i, jump] of jumps.entries()) {
      const at = reading.parity + (start + (jump + 1) * width) * reading.type.elementBytes;
      if (covers(sure, at)) continue;
      const tries = new Set<number>(lengths.keys());
      for (let j = i + 1; j < Math.min(jumps.length, i + 7); j++) tries.add(jumps[j]! - jump);
      for (const count of tries) {
        if (count < 4 || count > MAX_ROWS || jump + count >= rows) continue;
        if (!ends.has(jump + count) && !lengths.has(count)) continue;
        const shape = trials.try(
          reading,
          start + (jump + 1) * width,
          count,
          width,
          lengths.get(count) ?? { x: null, y: null },
        );
        if (shape !== null) shapes.push(shape);
      }
    }
  }
  return shapes;
}

/** A step that stands out of its neighbours. */
function isPeak(steps: readonly number[], r: number): boolean {
  const around = [steps[r - 2], steps[r - 1], steps[r + 1], steps[r + 2]].filter((s) => s !== undefined);
  const quiet = around.filter((s) => s < 0.6 * steps[r]!).length;
  return quiet >= 2 || steps[r]! > 0.6;
}

/** Where rows begin, in every part of the block. */
function phasesOf({ reading: { v }, from, to, width }: Block): number[] {
  const phases = new Set<number>();
  const span = SEAM_ROWS * width;
  for (let at = from; at < to; at += span) {
    if (to - at < span / 2 && at > from) break;
    phases.add(seamOf(v, at, Math.min(at + span, to), width));
  }
  return [...phases].slice(0, 12);
}

/** Where rows begin: the step from the last column to the first of the next row is the loudest. */
function seamOf(v: Reading['v'], from: number, to: number, width: number): number {
  const sums = new Float64Array(width);
  for (let i = Math.max(1, from); i < Math.min(to, v.length); i++) sums[i % width]! += Math.abs(v[i]! - v[i - 1]!);
  let best = 0;
  for (let p = 1; p < width; p++) if (sums[p]! > sums[best]!) best = p;
  return best;
}

function grade(s: Shape): Pick<FoundMap, 'confidence' | 'because'> {
  const axes = Number(s.x !== null) + Number(s.y !== null);
  const { smooth, rows, columns } = s;
  const cells = rows * columns;
  const axesWanted = axes === 0 ? 1 : axes === 1 ? 1.2 : 1.5;
  const confidence =
    axes === 2 && cells >= 100 && smooth.down < 0.3 && smooth.across < 0.4 && smooth.turns < 0.32
      ? 'high'
      : smooth.down < 0.26 * axesWanted &&
          smooth.across < 0.4 * axesWanted &&
          smooth.turns < 0.32 * axesWanted &&
          cells >= 100 / axesWanted &&
          rows >= 5
        ? 'medium'
        : 'low';
  const beside = ['no axis was found beside it', 'one axis stands before it', 'both axes stand before it'][axes]!;
  return {
    confidence,
    because: `rows repeat every ${columns} elements; ${beside}; steps down the rows ${smooth.down.toFixed(2)} and along them ${smooth.across.toFixed(2)} of chance, ${Math.round(100 * smooth.turns)} % turns`,
  };
}
