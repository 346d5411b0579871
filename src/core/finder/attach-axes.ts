/** Axes that do not stand right before a map: shared by a series of maps, or in a list of their own before it. */
import { readElements } from './elements.ts';
import { axisProfile, profileDistance } from './profile.ts';
import { type Ramp, RampIndex } from './ramps.ts';
import type { FoundAxis } from './shapes.ts';

/** How far before a map its axes are looked for. */
const REACH_BYTES = 8192;
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

  constructor(bytes: Uint8Array, isCell: IsCell) {
    this.#bytes = bytes;
    this.#runs = [new RampIndex(bytes), new RampIndex(bytes, -1)];
    this.#isCell = isCell;
  }

  /** Both axes of a map; null where nothing near looks like one. */
  find(wish: AxisWish): { x: FoundAxis | null; y: FoundAxis | null } {
    const xs = this.#fits(wish.offsetBytes, wish.columns, wish.xProfiles);
    const ys = this.#fits(wish.offsetBytes, wish.rows, wish.yProfiles);
    return this.#inList(wish, xs, ys) ?? { x: cheapest(xs), y: cheapest(ys) };
  }

  /** Every run before a byte that may be an axis of so many breakpoints and looks like one of the profiles. */
  #fits(before: number, count: number, profiles: readonly (readonly number[])[]): Fit[] {
    const fits: Fit[] = [];
    for (const index of this.#runs) {
      for (const ramp of index.endingWithin(before - REACH_BYTES, before + 2 * count)) {
        if (ramp.count < count - 1) continue;
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

const endOf = (axis: FoundAxis): number => axis.offsetBytes + axis.count * axis.type.elementBytes;

const cheapest = (fits: readonly Fit[]): FoundAxis | null =>
  fits.reduce<Fit | null>((best, f) => (best === null || f.cost < best.cost ? f : best), null)?.axis ?? null;

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
