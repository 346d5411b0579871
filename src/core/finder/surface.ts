/** How much does a block of elements look like the surface of a map? */

export interface Smoothness {
  /**
   * How often the step to the cell below is not smaller than the difference to a cell elsewhere in the block, doubled:
   * 0 a perfect surface, 1 noise. Counts, not sums: one wild cell weighs as one.
   */
  down: number;
  /** The same for the cell to the right. */
  across: number;
  /** The same for the better of the two neighbouring widths: a map whose width is right is above `down`. */
  skewed: number;
  /** How often a row turns from rising to falling or back, of the places where it could: text and code turn at every second cell. */
  turns: number;
  /** Mean difference of any two cells, raw counts. */
  spread: number;
}

/** A prime: no number of columns divides it. */
const WALK = 7919;

/** Bounds past which the look at a block ends early. */
export interface Bounds {
  down: number;
  across: number;
  turns: number;
}

const NO_BOUNDS: Bounds = { down: 2, across: 2, turns: 1 };

/** What a block would be that does not hold the bounds. */
const ROUGH: Smoothness = { down: 2, across: 2, skewed: 2, turns: 1, spread: 0 };

/**
 * The loops below hold no branch that depends on the cells: which of two steps is larger is chance in most blocks, and a branch that is
 * guessed wrong costs more than the rest. `(d >>> 31) + ((d - 1) >>> 31)` is 2 for d < 0, 1 for 0, 0 above: a loss, doubled.
 *
 * @param v cells row by row from `from` on; all of them must exist
 * @param every only each so many rows are looked at: a glance
 * @param bounds where one of them cannot be held any more, ROUGH is returned at once; without `every`
 */
export function smoothness(
  v: Int32Array,
  from: number,
  rows: number,
  columns: number,
  every = 1,
  bounds: Bounds = NO_BOUNDS,
): Smoothness {
  const cells = rows * columns;
  let [down, across, wider, narrower, spread] = [0, 0, 0, 0, 0];
  let [downs, acrosses, skews, turns, slopes] = [0, 0, 0, 0, 0];
  const mostDown = bounds.down * (cells - columns);
  const mostAcross = bounds.across * rows * (columns - 1);
  const mostTurns = bounds.turns * rows * (columns - 2);
  // A fixed walk through the block that meets every cell: chance without randomness.
  const stride = WALK % cells;
  let walk = from + ((13 * columns + 5) % cells);
  const walkEnd = from + cells;
  let looked = 0;
  for (let r = 0; r < rows; r += every) {
    const start = from + r * columns;
    const end = start + columns;
    // Sign of the last step along the row that was none of 0.
    let slope = 0;
    const hasNext = r + 1 < rows;
    for (let i = start; i < end; i++) {
      const value = v[i]!;
      let d = (value - v[walk]!) | 0;
      let sign = d >> 31;
      const other = (d ^ sign) - sign;
      walk += stride;
      walk -= cells & ((walkEnd - 1 - walk) >> 31);
      spread += other;
      if (hasNext) {
        d = (v[i + columns]! - value) | 0;
        sign = d >> 31;
        d = (other - (d ^ sign) + sign) | 0;
        down += (d >>> 31) + ((d - 1) >>> 31);
        if (i + columns + 1 < walkEnd) {
          d = (v[i + columns + 1]! - value) | 0;
          sign = d >> 31;
          d = (other - (d ^ sign) + sign) | 0;
          wider += (d >>> 31) + ((d - 1) >>> 31);
          d = (v[i + columns - 1]! - value) | 0;
          sign = d >> 31;
          d = (other - (d ^ sign) + sign) | 0;
          narrower += (d >>> 31) + ((d - 1) >>> 31);
          skews++;
        }
      }
      if (i + 1 < end) {
        const step = (v[i + 1]! - value) | 0;
        sign = step >> 31;
        d = (other - (step ^ sign) + sign) | 0;
        across += (d >>> 31) + ((d - 1) >>> 31);
        // -1, 0 or 1.
        const way = sign | (-step >>> 31);
        const both = way & slope & 1;
        slopes += both;
        turns += both & ((way ^ slope) >>> 31);
        const moves = -(way & 1);
        slope = (way & moves) | (slope & ~moves);
      }
    }
    looked += columns;
    if (hasNext) downs += columns;
    acrosses += columns - 1;
    if (down > mostDown || across > mostAcross || turns > mostTurns) return ROUGH;
  }
  return {
    down: down / Math.max(1, downs),
    across: across / Math.max(1, acrosses),
    skewed: Math.min(wider, narrower) / Math.max(1, skews),
    turns: turns / Math.max(1, slopes),
    spread: spread / looked,
  };
}

/** Mean step between neighbouring rows, as a share of the block's spread; one cell counts for two spreads at most. */
export function rowSteps(v: Int32Array, from: number, rows: number, columns: number, spread: number): number[] {
  const steps: number[] = [];
  const most = 2 * spread;
  for (let r = 0; r + 1 < rows; r++) {
    let sum = 0;
    for (let i = from + r * columns, end = i + columns; i < end; i++)
      sum += Math.min(most, Math.abs(v[i + columns]! - v[i]!));
    steps.push(sum / columns / Math.max(spread, 1e-9));
  }
  return steps;
}

/** Losses above the bound that a look forgives: a rough corner of a map must not end it. */
const SLACK = 8;

/**
 * How often a step of `lag` elements is not smaller than a chance difference, doubled; about `tries` of the cells are tried.
 * @param most where the share will hardly stay below this, 2 is returned at once
 */
export function lossAtLag(v: Int32Array, from: number, cells: number, lag: number, tries = 400, most = 2): number {
  const span = Math.min(cells, v.length - from) - lag;
  if (span < 8) return 1;
  const stride = Math.max(1, Math.floor(span / tries));
  const tried = Math.ceil(span / stride);
  let lost = 0;
  let bound = SLACK;
  const walkStep = (stride * WALK) % cells;
  let walk = 31 % cells;
  for (let i = 0; i < span; i += stride) {
    const value = v[from + i]!;
    const step = (v[from + i + lag]! - value) | 0;
    const other = (value - v[from + walk]!) | 0;
    walk += walkStep;
    walk -= cells & ((cells - 1 - walk) >> 31);
    const a = step >> 31;
    const b = other >> 31;
    const d = ((other ^ b) - b - (step ^ a) + a) | 0;
    lost += (d >>> 31) + ((d - 1) >>> 31);
    bound += most;
    if (lost > bound) return 2;
  }
  return lost / tried;
}
