/** A stock map read at the breakpoints of the tune: where an axis was moved, cells of one index stand for different places. */
import type { Axis, TuneMap } from './model.ts';

/** How many breakpoints of a tune's map differ from those of its twin; axes that one of them does not name count as equal. */
export function movedBreakpoints(map: TuneMap, twin: TuneMap): number {
  let moved = 0;
  for (const [i, axis] of map.axes.entries()) {
    const other = twin.axes[i];
    if (other === undefined || !axis.known || !other.known) continue;
    moved += axis.breakpoints.filter((b, at) => !Object.is(b, other.breakpoints[at])).length;
  }
  return moved;
}

/**
 * The twin's cells at the breakpoints of the map, between its own as the ECU interpolates, held at its ends. Null where an axis of
 * the twin neither rises nor falls, so that nothing can be looked up in it.
 */
export function resampled(map: TuneMap, twin: TuneMap): Float64Array | null {
  const places = (along: 'x' | 'y', count: number): Place[] | null => {
    const [own, other] = [map, twin].map((m) => m.axes.find((a) => a.axis === along));
    if (own === undefined || other === undefined || !own.known || !other.known)
      return Array.from({ length: count }, (_, i) => ({ at: i, share: 0 }));
    return placesIn(other, own.breakpoints);
  };
  const [columns, rows] = [places('x', map.columns), places('y', map.rows)];
  if (columns === null || rows === null) return null;
  const cells = new Float64Array(map.rows * map.columns);
  const last = (n: number, most: number): number => Math.min(n, most - 1);
  for (const [r, row] of rows.entries()) {
    for (const [c, column] of columns.entries()) {
      const value = (dr: number, dc: number): number =>
        twin.cells[last(row.at + dr, twin.rows) * twin.columns + last(column.at + dc, twin.columns)] ?? Number.NaN;
      const between = (dr: number): number =>
        column.share === 0 ? value(dr, 0) : value(dr, 0) * (1 - column.share) + value(dr, 1) * column.share;
      cells[r * map.columns + c] = row.share === 0 ? between(0) : between(0) * (1 - row.share) + between(1) * row.share;
    }
  }
  return cells;
}

/** Between breakpoint `at` and the next one, `share` of the way. */
interface Place {
  at: number;
  share: number;
}

function placesIn({ breakpoints }: Axis, wanted: readonly number[]): Place[] | null {
  if (breakpoints.length < 2) return wanted.map(() => ({ at: 0, share: 0 }));
  const sign = Math.sign(breakpoints.at(-1)! - breakpoints[0]!);
  // Padding repeats a breakpoint; one that turns back leaves no place to look up.
  if (sign === 0 || breakpoints.some((b, i) => i > 0 && (b - breakpoints[i - 1]!) * sign < 0)) return null;
  return wanted.map((value) => {
    if (!Number.isFinite(value) || (value - breakpoints[0]!) * sign <= 0) return { at: 0, share: 0 };
    const upper = breakpoints.findIndex((b) => (b - value) * sign >= 0);
    if (upper < 0) return { at: breakpoints.length - 1, share: 0 };
    if (breakpoints[upper] === value) return { at: upper, share: 0 };
    const [a, b] = [breakpoints[upper - 1]!, breakpoints[upper]!];
    return { at: upper - 1, share: (value - a) / (b - a) };
  });
}
