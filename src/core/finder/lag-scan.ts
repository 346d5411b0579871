/**
 * Where does data repeat with a period, as the rows of a map do? For every place the sum of |v[i + W] - v[i]| over a window is taken
 * for each width W; a map of W columns makes its own width far smaller than the others.
 */

/** Widths (columns of a map) that are looked for. */
export const MIN_WIDTH = 5;
export const MAX_WIDTH = 64;
/** Elements that are summed at once. */
const BLOCK = 8;
/** Blocks of a window: about a hundred elements. */
const WINDOW = 12;
/** A window whose best width has more than this share of the mean over all widths shows no rows. */
const MAX_SHARE = 0.5;

/** A stretch of elements that repeats with one width. Indexes of elements, `to` exclusive. */
export interface Stretch {
  from: number;
  to: number;
  width: number;
  /** Mean share of the best width: 0 perfect rows, 1 none. */
  share: number;
}

/** Blocks that are looked at together for all widths, so that their elements stay in the processor's cache. */
const TILE = 512;

/** Every stretch of an array of elements, in ascending order. Linear in its length. */
export function scanLags(v: Int32Array): Stretch[] {
  const blocks = Math.floor((v.length - MAX_WIDTH) / BLOCK);
  if (blocks < WINDOW) return [];
  const best = new Int32Array(blocks).fill(2 ** 31 - 1);
  const width = new Uint8Array(blocks);
  // At most 60 widths of 48 differences of two bytes: whole numbers below 2 ** 28.
  const total = new Int32Array(blocks);
  const sums = new Int32Array(TILE + WINDOW);
  for (let first = 0; first + WINDOW <= blocks; first += TILE) {
    const count = Math.min(TILE + WINDOW - 1, blocks - first);
    if (isRest(v, first * BLOCK, (first + count) * BLOCK + MAX_WIDTH)) continue;
    for (let w = MIN_WIDTH; w <= MAX_WIDTH; w++) {
      blockSums(v, first * BLOCK, w, count, sums);
      let window = 0;
      for (let b = 0; b < WINDOW; b++) window += sums[b]!;
      for (let b = 0; b + WINDOW <= count; b++) {
        const at = first + b;
        total[at]! += window;
        if (window < best[at]!) {
          best[at] = window;
          width[at] = w;
        }
        window += sums[b + WINDOW]! - sums[b]!;
      }
    }
  }
  return join(best, width, total, blocks);
}

/** Sums of |v[i + w] - v[i]| of each block. Every second element: half the work, and as many rows. */
function blockSums(v: Int32Array, from: number, w: number, count: number, sums: Int32Array): void {
  for (let b = 0, i = from; b < count; b++, i += BLOCK) {
    // No branch on the elements, see smoothness().
    const p = (v[i + w]! - v[i]!) | 0;
    const q = (v[i + 2 + w]! - v[i + 2]!) | 0;
    const r = (v[i + 4 + w]! - v[i + 4]!) | 0;
    const s = (v[i + 6 + w]! - v[i + 6]!) | 0;
    const [a, c, d, e] = [p >> 31, q >> 31, r >> 31, s >> 31];
    sums[b] = (((p ^ a) - a) | 0) + (((q ^ c) - c) | 0) + (((r ^ d) - d) | 0) + (((s ^ e) - e) | 0);
  }
}

/** One value throughout: erased memory. */
function isRest(v: Int32Array, from: number, to: number): boolean {
  const end = Math.min(to, v.length);
  for (let i = from + 1; i < end; i++) if (v[i] !== v[from]) return false;
  return true;
}

/** Neighbouring windows of one width, with short gaps, become a stretch. */
function join(best: Int32Array, width: Uint8Array, total: Int32Array, blocks: number): Stretch[] {
  const widths = MAX_WIDTH - MIN_WIDTH + 1;
  const stretches: Stretch[] = [];
  const open = new Map<number, { from: number; last: number; share: number; windows: number }>();
  const close = (w: number, o: { from: number; last: number; share: number; windows: number }): void => {
    open.delete(w);
    const from = o.from * BLOCK;
    const to = (o.last + WINDOW) * BLOCK + w;
    if (o.windows >= 2) stretches.push({ from, to, width: w, share: o.share / o.windows });
  };
  for (let b = 0; b + WINDOW <= blocks; b++) {
    const mean = total[b]! / widths;
    if (mean <= 0) continue;
    const share = best[b]! / mean;
    if (share > MAX_SHARE) continue;
    const w = width[b]!;
    const known = open.get(w);
    if (known !== undefined && b - known.last <= WINDOW) {
      known.last = b;
      known.share += share;
      known.windows++;
    } else {
      if (known !== undefined) close(w, known);
      open.set(w, { from: b, last: b, share, windows: 1 });
    }
  }
  for (const [w, o] of [...open]) close(w, o);
  return stretches.sort((a, b) => a.from - b.from || a.width - b.width);
}
