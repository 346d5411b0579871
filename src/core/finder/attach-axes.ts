/** Axes that do not stand right before a map: shared by a series of maps, or in a list of their own before it. */
import type { ByteOrder } from '../model.ts';
import { type ElementType, readElements } from './elements.ts';
import { axisProfile, profileDistance } from './profile.ts';
import { type Ramp, RampIndex } from './ramps.ts';
import type { FoundAxis } from './shapes.ts';

/** How far before a map its axes are looked for first, and where nothing is there. */
const REACH_BYTES = 8192;
const FAR_REACH_BYTES = 4 * REACH_BYTES;
/** A run further than this from what such an axis looks like in known families is none. */
const MAX_DISTANCE = 0.22;
/** Bytes that may stand between two axes. */
const PAD_BYTES = 2;

/** Bytes that maps take: no axis stands in them. */
export type IsCell = (byte: number) => boolean;

/** A place before which axes are looked for, and what they must be like. */
export interface AxisWish {
  offsetBytes: number;
  byteLength: number;
  rows: number;
  columns: number;
  xProfiles: readonly (readonly number[])[];
  yProfiles: readonly (readonly number[])[];
}

interface Fit {
  axis: FoundAxis;
  cost: number;
}

/** Looks for the axes of maps in one image. */
export class AxisFinder {
  readonly #bytes: Uint8Array;
  readonly #runs: readonly RampIndex[];
  readonly #isCell: IsCell;
  readonly #byteOrder: ByteOrder | null;

  /** @param byteOrder that of the image's maps of words: its axes have it too; null where it is not known */
  constructor(bytes: Uint8Array, isCell: IsCell, byteOrder: ByteOrder | null) {
    this.#bytes = bytes;
    this.#byteOrder = byteOrder;
    this.#runs = [new RampIndex(bytes), new RampIndex(bytes, -1)];
    this.#isCell = isCell;
  }

  /** Both axes of a map; null where nothing near looks like one. */
  find(wish: AxisWish): { x: FoundAxis | null; y: FoundAxis | null } {
    const xs = this.#fits(wish.offsetBytes, wish.columns, wish.xProfiles);
    const ys = this.#fits(wish.offsetBytes, wish.rows, wish.yProfiles);
    return this.#inList(wish, xs, ys) ?? cheapestPair(xs, ys);
  }

  /**
   * Runs of `count` breakpoints that stand one after another right before the axis of the rows, the nearest first. Where a series of maps
   * is looked up by throttle and by pressure, both axes of its columns stand there.
   */
  chainBefore(y: FoundAxis, count: number): FoundAxis[] {
    const chain: FoundAxis[] = [];
    for (let start = y.offsetBytes; ; ) {
      const next = this.#endingAt(start, count);
      if (next === null) return chain;
      chain.push(next);
      start = next.offsetBytes;
    }
  }

  /** Breakpoints that end at a byte, or a pad before it. The first ones may be equal, and the run may go on behind the last. */
  #endingAt(end: number, count: number): FoundAxis | null {
    for (let pad = 0; pad <= PAD_BYTES; pad++) {
      for (const elementBytes of [2, 1] as const) {
        const offsetBytes = end - pad - count * elementBytes;
        if (offsetBytes < 0 || this.#isCell(offsetBytes) || (elementBytes === 2 && pad === 1)) continue;
        const type: ElementType = { elementBytes, byteOrder: this.#byteOrder ?? 'big', signed: false };
        if (isRising(readElements(this.#bytes, offsetBytes, count, type))) return { offsetBytes, count, type };
      }
    }
    return null;
  }

  /** One axis that stands further away than others, as those do which several series share. */
  findFar(before: number, count: number, profiles: readonly (readonly number[])[]): FoundAxis | null {
    return cheapest(this.#fits(before, count, profiles, FAR_REACH_BYTES));
  }

  /** How far the breakpoints of an axis are from the nearest of the profiles; Infinity where they are none of that kind. */
  distance(axis: FoundAxis, profiles: readonly (readonly number[])[]): number {
    const values = readElements(this.#bytes, axis.offsetBytes, axis.count, axis.type);
    const distance = nearest(axisProfile(Array.from(values)), profiles);
    return distance > MAX_DISTANCE ? Number.POSITIVE_INFINITY : distance;
  }

  #isInOrder({ type }: Ramp): boolean {
    return type.elementBytes === 1 || this.#byteOrder === null || type.byteOrder === this.#byteOrder;
  }

  /** Every run before a byte that may be an axis of so many breakpoints and looks like one of the profiles. */
  #fits(before: number, count: number, profiles: readonly (readonly number[])[], reachBytes = REACH_BYTES): Fit[] {
    const fits: Fit[] = [];
    for (const index of this.#runs) {
      for (const ramp of index.endingWithin(before - reachBytes, before + 2 * count)) {
        if (ramp.count < count - 1 || !this.#isInOrder(ramp)) continue;
        for (const { axis, trimmed } of variants(ramp, count)) {
          const end = endOf(axis);
          if (axis.offsetBytes < 0 || end > before || this.#isCell(axis.offsetBytes) || this.#isCell(end - 1)) continue;
          const profile = axisProfile(Array.from(readElements(this.#bytes, axis.offsetBytes, count, axis.type)));
          const distance = nearest(profile, profiles);
          if (distance > MAX_DISTANCE) continue;
          const odd = axis.type.elementBytes === 2 && axis.offsetBytes % 2 === 1 ? 0.02 : 0;
          const far = (before - end) / REACH_BYTES / 20;
          fits.push({ axis, cost: distance + (trimmed ? 0.015 : 0) + odd + far });
        }
      }
    }
    return fits;
  }

  /**
   * Axes in a list x y x y …, one pair for each map of the series that follows: the map's place in the series is the pair's in the list.
   */
  #inList(wish: AxisWish, xs: readonly Fit[], ys: readonly Fit[]): { x: FoundAxis; y: FoundAxis } | null {
    const pairs = new Map<number, { x: FoundAxis; y: FoundAxis; cost: number }>();
    for (const y of ys) {
      for (const x of xs) {
        const gap = y.axis.offsetBytes - endOf(x.axis);
        if (gap < 0 || gap > PAD_BYTES) continue;
        const cost = x.cost + y.cost + gap / 50;
        const end = endOf(y.axis);
        if (cost < (pairs.get(end)?.cost ?? Number.POSITIVE_INFINITY)) pairs.set(end, { x: x.axis, y: y.axis, cost });
      }
    }
    let best: { x: FoundAxis; y: FoundAxis; cost: number } | null = null;
    for (const last of pairs.values()) {
      // Back through the list that ends with this pair.
      const list = [last];
      for (;;) {
        const start = list[0]!.x.offsetBytes;
        const before = pairs.get(start) ?? pairs.get(start - 1) ?? pairs.get(start - 2);
        if (before === undefined || list.length >= 64) break;
        list.unshift(before);
      }
      const behind = wish.offsetBytes - endOf(last.y);
      const index = Math.round(behind / wish.byteLength);
      if (Math.abs(behind - index * wish.byteLength) > PAD_BYTES || index >= list.length) continue;
      const own = list[index]!;
      if (best === null || own.cost < best.cost) best = own;
    }
    return best;
  }
}

/** Never falls, and stands still at one breakpoint of eight at most. */
function isRising(values: Int32Array): boolean {
  let still = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i]! < values[i - 1]!) return false;
    if (values[i] === values[i - 1]) still++;
  }
  return still <= values.length / 8;
}

const endOf = (axis: FoundAxis): number => axis.offsetBytes + axis.count * axis.type.elementBytes;

const cheapest = (fits: readonly Fit[]): FoundAxis | null =>
  fits.reduce<Fit | null>((best, f) => (best === null || f.cost < best.cost ? f : best), null)?.axis ?? null;

/** The cheapest of both; one run is not both axes of a map. */
function cheapestPair(xs: readonly Fit[], ys: readonly Fit[]): { x: FoundAxis | null; y: FoundAxis | null } {
  const pair = { x: cheapest(xs), y: cheapest(ys) };
  if (pair.x === null || pair.y === null || !overlap(pair.x, pair.y)) return pair;
  let best = { x: null as FoundAxis | null, y: pair.y as FoundAxis | null, cost: Number.POSITIVE_INFINITY };
  for (const x of xs)
    for (const y of ys)
      if (x.cost + y.cost < best.cost && !overlap(x.axis, y.axis))
        best = { x: x.axis, y: y.axis, cost: x.cost + y.cost };
  return { x: best.x, y: best.y };
}

export const overlap = (a: FoundAxis, b: FoundAxis): boolean => a.offsetBytes < endOf(b) && b.offsetBytes < endOf(a);

function nearest(profile: readonly number[] | null, profiles: readonly (readonly number[])[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const known of profiles) least = Math.min(least, profileDistance(profile, known));
  return least;
}

/** A run may hold elements too many at either end (a zero before it, the map behind it), or lack a last one that turns back. */
function variants(ramp: Ramp, count: number): { axis: FoundAxis; trimmed: boolean }[] {
  const { offsetBytes, type } = ramp;
  if (ramp.count === count) return [{ axis: { offsetBytes, count, type }, trimmed: false }];
  if (ramp.count < count) return [{ axis: { offsetBytes, count, type }, trimmed: true }];
  return [
    { axis: { offsetBytes, count, type }, trimmed: true },
    { axis: { offsetBytes: ramp.endBytes - count * type.elementBytes, count, type }, trimmed: true },
  ];
}
