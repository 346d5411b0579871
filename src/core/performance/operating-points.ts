/** What a tune and its stock ask for at the same engine speed and load, also where the breakpoints were moved. */
import type { Axis, TuneMap } from '../model.ts';
import { breakpointAt } from '../regions.ts';
import type { StockOfMap } from '../stock.ts';

/** One place of a map in both files. */
export interface PointPair {
  stock: number;
  tune: number;
}

export type Pairs = { kind: 'equal' } | { kind: 'pairs'; points: PointPair[] } | { kind: 'unknown'; reason: string };

/**
 * Values of both files at the same places: the tune's own cells, or where the breakpoints were moved, stock's cells and what the tune
 * asks for there.
 * @param mask cells of the tune's map that govern there
 * @param stockMask the same of stock's map
 */
export function pairsOf(
  map: TuneMap,
  known: StockOfMap | undefined,
  mask: Uint8Array | null,
  stockMask: Uint8Array | null,
): Pairs {
  if (known === undefined) return { kind: 'unknown', reason: `stock's "${map.title}" is not known` };
  const stock = known.original ?? known.map;
  if (stock === null) {
    if (known.equal) return { kind: 'equal' };
    return {
      kind: 'unknown',
      reason: `"${map.title}" was changed, and of its factory version only a hash and readings are known: give your own factory read with --stock`,
    };
  }
  const unmoved = sameAxes(map, stock);
  if (known.equal && unmoved) return { kind: 'equal' };
  const [of, where] = unmoved ? [map, mask] : [stock, stockMask];
  if (where === null || !where.includes(1))
    return { kind: 'unknown', reason: `which cells of "${map.title}" govern there is not known` };
  const points: PointPair[] = [];
  for (let index = 0; index < of.cells.length; index++) {
    if (where[index] !== 1) continue;
    const row = Math.floor(index / of.columns);
    const column = index % of.columns;
    const at = (axis: 'x' | 'y'): number => breakpointAt(axisOf(of, axis), row, column);
    const tune = unmoved ? map.cells[index]! : lookUp(map, at('x'), at('y'));
    if (Number.isFinite(stock.cells[index]) && Number.isFinite(tune)) points.push({ stock: stock.cells[index]!, tune });
  }
  if (points.length === 0) return { kind: 'unknown', reason: `"${map.title}" cannot be held against stock's there` };
  return points.every((p) => Math.abs(p.tune - p.stock) < 1e-9) ? { kind: 'equal' } : { kind: 'pairs', points };
}

const axisOf = (map: TuneMap, axis: 'x' | 'y'): Axis | null => map.axes.find((a) => a.axis === axis) ?? null;

function sameAxes(a: TuneMap, b: TuneMap): boolean {
  return a.axes.every((axis) => {
    const other = axisOf(b, axis.axis);
    return other !== null && axis.breakpoints.every((v, i) => Object.is(v, other.breakpoints[i]));
  });
}

/** Value between breakpoints, held at the ends as an ECU does. NaN where an axis cannot be read. */
export function lookUp(map: TuneMap, x: number, y: number): number {
  const column = place(axisOf(map, 'x'), map.columns, x);
  const row = place(axisOf(map, 'y'), map.rows, y);
  if (column === null || row === null) return Number.NaN;
  const cell = (r: number, c: number): number => map.cells[r * map.columns + c] ?? Number.NaN;
  const [c0, r0] = [Math.floor(column), Math.floor(row)];
  const [c1, r1] = [Math.min(map.columns - 1, c0 + 1), Math.min(map.rows - 1, r0 + 1)];
  const [c, r] = [column - c0, row - r0];
  return (cell(r0, c0) * (1 - c) + cell(r0, c1) * c) * (1 - r) + (cell(r1, c0) * (1 - c) + cell(r1, c1) * c) * r;
}

/** Index with fraction along an axis; 0 where there is none and one line. */
function place(axis: Axis | null, count: number, value: number): number | null {
  if (count === 1) return 0;
  if (axis === null || !axis.known || !Number.isFinite(value)) return null;
  const { breakpoints } = axis;
  const rising = breakpoints[0]! <= breakpoints[count - 1]!;
  const before = (a: number, b: number): boolean => (rising ? a <= b : a >= b);
  if (before(value, breakpoints[0]!)) return 0;
  for (let i = 1; i < count; i++) {
    const [low, high] = [breakpoints[i - 1]!, breakpoints[i]!];
    if (before(value, high)) return high === low ? i : i - 1 + (value - low) / (high - low);
  }
  return count - 1;
}
