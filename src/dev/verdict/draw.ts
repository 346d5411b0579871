/** Repeatable chance: the same seed gives the same injections on every machine. */
import { createHash } from 'node:crypto';

export interface Draw {
  /** 0 <= x < 1 */
  next(): number;
  /** 0 <= n < count */
  below(count: number): number;
  between(low: number, high: number): number;
  /** @throws Error for an empty list */
  pick<T>(list: readonly T[]): T;
}

/** @param words what names the case: the seed, the subject, the fault, the number of the draw */
export function drawFor(...words: (string | number)[]): Draw {
  const digest = createHash('sha256').update(words.join('\u0000')).digest();
  let state = digest.readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    below,
    between: (low, high) => low + (high - low) * next(),
    pick: (list) => {
      if (list.length === 0) throw new Error('nothing to pick from');
      return list[below(list.length)]!;
    },
  };
}

/**
 * An amplitude across the bands: just below an edge, just above it, or anywhere between the first edge and the most.
 * @param edges where an expert's judgement changes class, rising
 * @param most largest amplitude of the fault
 */
export function acrossBands(draw: Draw, edges: readonly number[], most: number): number {
  const kind = draw.below(3);
  if (kind === 0) return draw.pick(edges) * 0.94;
  if (kind === 1) return draw.pick(edges) * 1.08;
  return draw.between(edges[0]!, most);
}
