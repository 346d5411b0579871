/** Maps behind their axes, and maps behind such maps. */
import type { Block, Reading } from './blocks.ts';
import type { ElementType } from './elements.ts';
import type { Ramp, RampIndex } from './ramps.ts';
import { axisOf, covers, endOf, type FoundAxis, MIN_CELLS, type Shape, startOf, type Trials } from './shapes.ts';
import { lossAtLag } from './surface.ts';

/** Bytes that may stand between two axes, or between an axis and its map: a pad, a zero. */
const PAD_BYTES = 2;
const MAX_AXIS = 64;
const MIN_AXIS = 4;

/** Every pair of neighbouring rising runs, and a map behind the second. */
export function afterTwoAxes(
  bytes: Uint8Array,
  ramps: RampIndex,
  readings: readonly Reading[],
  trials: Trials,
): Shape[] {
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

export function isBeyondDoubt(s: Shape): boolean {
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
export function afterOneAxis(block: Block, ramps: RampIndex, certain: readonly Shape[], trials: Trials): Shape[] {
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
export function followers(shapes: readonly Shape[], readings: readonly Reading[], trials: Trials): Shape[] {
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
