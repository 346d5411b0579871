/** What tells a fuel map from a spark map without knowing a unit: numbers without dimension, taken from raw cells and breakpoints. */

/** Features of one surface. All without dimension; NaN where an axis is not known. */
export interface SurfaceFeatures {
  /** Mean rank correlation of the cells with the column, -1..1: fuel rises with throttle, spark falls. */
  alongColumns: number;
  /** The same along the rows. */
  alongRows: number;
  /** Of the variance of the cells, the share that the column alone explains, and the row alone. */
  columnShare: number;
  rowShare: number;
  /** Largest over smallest typical cell, as (p95 - p5) / (p95 + p5). */
  contrast: number;
  /** How straight the mean row is over its columns, R² on the breakpoints: injected fuel is nearly straight in pressure. */
  straightness: number;
  /** Cells that are equal to their right neighbour. */
  plateau: number;
  elementBytes: number;
  columns: number;
  rows: number;
  /** Breakpoints at a quarter, a half and three quarters, as shares of the axis' range. */
  xProfile: [number, number, number];
  yProfile: [number, number, number];
}

export const FEATURES_USED = [
  'alongColumns',
  'alongRows',
  'columnShare',
  'rowShare',
  'contrast',
  'straightness',
  'plateau',
] as const;

export function featuresOf(
  cells: ArrayLike<number>,
  rows: number,
  columns: number,
  elementBytes: number,
  x: readonly number[] | null,
  y: readonly number[] | null,
): SurfaceFeatures {
  const at = (r: number, c: number): number => cells[r * columns + c]!;
  const columnMeans = Array.from({ length: columns }, (_, c) => mean(rows, (r) => at(r, c)));
  const rowMeans = Array.from({ length: rows }, (_, r) => mean(columns, (c) => at(r, c)));
  const all = mean(rows * columns, (i) => cells[i]!);
  let [total, byColumn, byRow, equal] = [0, 0, 0, 0];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      total += (at(r, c) - all) ** 2;
      if (c + 1 < columns && at(r, c) === at(r, c + 1)) equal++;
    }
  }
  for (const m of columnMeans) byColumn += rows * (m - all) ** 2;
  for (const m of rowMeans) byRow += columns * (m - all) ** 2;
  const sorted = Array.from(cells).sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor(sorted.length * 0.05)]!, sorted[Math.floor(sorted.length * 0.95)]!];
  return {
    alongColumns: mean(rows, (r) => trend(columns, (c) => at(r, c))),
    alongRows: mean(columns, (c) => trend(rows, (r) => at(r, c))),
    columnShare: total === 0 ? 0 : byColumn / total,
    rowShare: total === 0 ? 0 : byRow / total,
    contrast: high + low === 0 ? 0 : (high - low) / (Math.abs(high) + Math.abs(low)),
    straightness: straightness(x ?? columnMeans.map((_, i) => i), columnMeans),
    plateau: equal / (rows * (columns - 1)),
    elementBytes,
    columns,
    rows,
    xProfile: profile(x),
    yProfile: profile(y),
  };
}

function mean(count: number, value: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += value(i);
  return sum / count;
}

/** Kendall's share of rising pairs less falling ones. */
function trend(count: number, value: (i: number) => number): number {
  let [up, down] = [0, 0];
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const step = value(j) - value(i);
      if (step > 0) up++;
      else if (step < 0) down++;
    }
  }
  return up + down === 0 ? 0 : (up - down) / (up + down);
}

function straightness(x: readonly number[], y: readonly number[]): number {
  const count = Math.min(x.length, y.length);
  const [mx, my] = [mean(count, (i) => x[i]!), mean(count, (i) => y[i]!)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
    xy += (x[i]! - mx) * (y[i]! - my);
  }
  return xx === 0 || yy === 0 ? 0 : (xy * xy) / (xx * yy);
}

function profile(axis: readonly number[] | null): [number, number, number] {
  if (axis === null || axis.length < 4) return [Number.NaN, Number.NaN, Number.NaN];
  const [first, last] = [axis[0]!, axis.at(-1)!];
  const share = (q: number): number => {
    const place = q * (axis.length - 1);
    const [i, rest] = [Math.floor(place), place - Math.floor(place)];
    const value = axis[i]! + (axis[Math.min(i + 1, axis.length - 1)]! - axis[i]!) * rest;
    return last === first ? Number.NaN : (value - first) / (last - first);
  };
  return [share(0.25), share(0.5), share(0.75)];
}
