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

/**
 * @param v cells row by row from `from` on; all of them must exist
 * @param every only each so many rows are looked at: a glance
 */
export function smoothness(v: Int32Array, from: number, rows: number, columns: number, every = 1): Smoothness {
  const cells = rows * columns;
  let [down, across, wider, narrower, spread] = [0, 0, 0, 0, 0];
  let [downs, acrosses, skews, turns, slopes] = [0, 0, 0, 0, 0];
  // The last step along the row that was none of 0.
  let slope = 0;
  const lose = (step: number, other: number): number => (step > other ? 1 : step === other ? 0.5 : 0);
  // A fixed walk through the block that meets every cell: chance without randomness.
  const stride = WALK % cells;
  let walk = (13 * columns + 5) % cells;
  let looked = 0;
  for (let i = 0, column = 0; i < cells; i++) {
    const value = v[from + i]!;
    const other = Math.abs(value - v[from + walk]!);
    walk += stride;
    if (walk >= cells) walk -= cells;
    spread += other;
    looked++;
    if (i + columns < cells) {
      down += lose(Math.abs(v[from + i + columns]! - value), other);
      downs++;
    }
    if (i + columns + 1 < cells) {
      wider += lose(Math.abs(v[from + i + columns + 1]! - value), other);
      narrower += lose(Math.abs(v[from + i + columns - 1]! - value), other);
      skews++;
    }
    if (column === 0) slope = 0;
    if (column + 1 < columns) {
      const step = v[from + i + 1]! - value;
      across += lose(Math.abs(step), other);
      acrosses++;
      if (step !== 0) {
        if (slope !== 0) {
          slopes++;
          if (slope > 0 !== step > 0) turns++;
        }
        slope = step;
      }
    }
    if (++column === columns) {
      column = 0;
      i += (every - 1) * columns;
    }
  }
  return {
    down: (2 * down) / Math.max(1, downs),
    across: (2 * across) / Math.max(1, acrosses),
    skewed: (2 * Math.min(wider, narrower)) / Math.max(1, skews),
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

/** How often a step of `lag` elements is not smaller than a chance difference, doubled; about `tries` of the cells are tried. */
export function lossAtLag(v: Int32Array, from: number, cells: number, lag: number, tries = 400): number {
  const span = Math.min(cells, v.length - from) - lag;
  if (span < 8) return 1;
  const stride = Math.max(1, Math.floor(span / tries));
  let [lost, tried] = [0, 0];
  for (let i = 0; i < span; i += stride) {
    const value = v[from + i]!;
    const step = Math.abs(v[from + i + lag]! - value);
    const other = Math.abs(v[from + ((i * WALK + 31) % cells)]! - value);
    lost += step > other ? 1 : step === other ? 0.5 : 0;
    tried++;
  }
  return (2 * lost) / tried;
}
