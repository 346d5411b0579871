/** How bad a connected block of cells is as a whole: the level that enough of its cells reach. */
import type { MeasuredCell } from '../metrics/metric.ts';

/**
 * The worst measure that a connected block (8 neighbours) reaches in all of its cells, for the first block size that is
 * `enough`. Making any cell worse only ever makes the answer worse.
 * @param enough is a block of so many cells a block
 * @returns null where no block is large enough
 */
export function blockLevel(
  cells: readonly MeasuredCell[],
  worse: 'above' | 'below',
  enough: (blockCells: number) => boolean,
): number | null {
  const sign = worse === 'above' ? 1 : -1;
  const sorted = [...cells].sort((a, b) => (b.measure - a.measure) * sign);
  const key = (row: number, column: number): string => `${row}:${column}`;
  const root = new Map<string, string>();
  const size = new Map<string, number>();
  const top = (of: string): string => {
    let at = of;
    while (root.get(at) !== at) {
      const up = root.get(at)!;
      root.set(at, root.get(up)!);
      at = up;
    }
    return at;
  };
  let largest = 0;
  // From the worst cell down, cells join their neighbours; the first level at which a block is large enough is the answer.
  for (const { row, column, measure } of sorted) {
    const own = key(row, column);
    root.set(own, own);
    size.set(own, 1);
    for (let r = row - 1; r <= row + 1; r++) {
      for (let c = column - 1; c <= column + 1; c++) {
        if (!root.has(key(r, c))) continue;
        const [a, b] = [top(own), top(key(r, c))];
        if (a === b) continue;
        root.set(b, a);
        size.set(a, size.get(a)! + size.get(b)!);
      }
    }
    const grown = size.get(top(own))!;
    if (grown > largest) {
      largest = grown;
      if (enough(largest)) return measure;
    }
  }
  return null;
}
