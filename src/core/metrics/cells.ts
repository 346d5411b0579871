/** From indexes of a map to cells that a person can find, and what the metric families share. */
import type { Axis, TuneMap } from '../model.ts';
import { LOADS } from '../regions.ts';
import type { Reference } from '../report.ts';
import type { MeasuredCell, Metric } from './metric.ts';

/** A cell of a map with what was measured there. */
export function cellAt(map: TuneMap, index: number, measure: number): MeasuredCell {
  const row = Math.floor(index / map.columns);
  const column = index % map.columns;
  const value = map.cells[index]!;
  return {
    mapId: map.id,
    row,
    column,
    axisValues: map.axes.map((a) => {
      const at = a.breakpoints[a.axis === 'x' ? column : row];
      const value = at !== undefined && Number.isFinite(at) ? at : null;
      const last = a.unit === '' && LOADS.includes(a.quantity) ? lastOf(a) : null;
      return { quantity: a.quantity, unit: a.unit, value, ...(last === null ? {} : { last }) };
    }),
    value: Number.isFinite(value) ? value : null,
    unit: map.unit,
    measure,
  };
}

function lastOf({ breakpoints }: Axis): number | null {
  const last = Math.max(...breakpoints.filter(Number.isFinite));
  return Number.isFinite(last) && last > 0 ? last : null;
}

/** A metric that could not be measured, with the reason. */
export function unmeasured(id: string, unit: string, map: TuneMap | null, reason: string): Metric {
  return { id, mapId: map?.id ?? null, value: null, reason, unit, reference: 'absolute', cells: [], facts: {} };
}

export interface Measured {
  index: number;
  measure: number;
}

/** A measured cell with what stood on both sides. */
export interface Compared extends Measured {
  now: number;
  was: number;
}

/** The worst of measured cells as a metric of a map; 0 cells give the value at ease. */
export function worstCell(
  id: string,
  unit: string,
  map: TuneMap,
  measured: readonly Measured[],
  options: {
    worse: 'above' | 'below';
    atEase: number;
    reference?: Reference;
    facts?: (worst: Measured | null) => Metric['facts'];
  },
): Metric {
  const sign = options.worse === 'above' ? 1 : -1;
  let worst: Measured | null = null;
  for (const m of measured)
    if (Number.isFinite(m.measure) && (worst === null || (m.measure - worst.measure) * sign > 0)) worst = m;
  return {
    id,
    mapId: map.id,
    value: worst === null ? options.atEase : worst.measure,
    reason: null,
    unit,
    reference: options.reference ?? 'absolute',
    cells: measured.filter((m) => Number.isFinite(m.measure)).map((m) => cellAt(map, m.index, m.measure)),
    facts: options.facts?.(worst) ?? {},
  };
}

/** One number of a whole map or scalar. */
export function single(
  id: string,
  unit: string,
  map: TuneMap | null,
  value: number,
  options: { reference?: Reference; facts?: Metric['facts']; index?: number } = {},
): Metric {
  return {
    id,
    mapId: map?.id ?? null,
    value,
    reason: null,
    unit,
    reference: options.reference ?? 'absolute',
    cells: map === null || map.cells.length === 0 ? [] : [cellAt(map, options.index ?? 0, value)],
    facts: options.facts ?? {},
  };
}

/** Size of the connected block of cells around the worst one whose measure is at least half of it (8 neighbours). */
export function blockAround(map: TuneMap, measured: readonly Measured[], worst: Measured | null): number {
  if (worst === null) return 0;
  const at = new Map(measured.map((m) => [m.index, m.measure]));
  const enough = (i: number): boolean => {
    const m = at.get(i);
    return m !== undefined && Math.abs(m) * 2 >= Math.abs(worst.measure) && Math.sign(m) === Math.sign(worst.measure);
  };
  const seen = new Set([worst.index]);
  const queue = [worst.index];
  while (queue.length > 0) {
    const index = queue.pop()!;
    const [row, column] = [Math.floor(index / map.columns), index % map.columns];
    for (let r = Math.max(0, row - 1); r <= Math.min(map.rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(map.columns - 1, column + 1); c++) {
        const next = r * map.columns + c;
        if (!seen.has(next) && enough(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
    }
  }
  return seen.size;
}

/** Is this role, or a refinement of it. */
export const isRole = (map: TuneMap, role: string): boolean => map.role === role || map.role.startsWith(`${role}.`);

/** Main maps only: trims, neutral, limp, cold and reduction maps have lives of their own. */
export const isMain = (map: TuneMap, ...roles: string[]): boolean => roles.includes(map.role);

/** Live: set, not switched off. */
export const isLive = (map: TuneMap): boolean => !map.unset && map.inUse !== false;

/** An advance at idle. A speed, temperature or time at which the idle table begins or ends is none. */
export const isIdleAdvance = (map: TuneMap): boolean =>
  isRole(map, 'spark.idle') && !/^(rpm|k|°[cf]|[mµ]?s|%)$/i.test(map.unit);

/** Numbers that are there. */
export const finiteCells = (map: TuneMap): number[] => Array.from(map.cells).filter(Number.isFinite);

/** Lambda of a mixture target, whatever the table holds; null where it holds neither AFR nor lambda. */
export function lambdaOf(map: TuneMap, stoichiometricAfr: number | null): Float64Array | null {
  const unit = map.unit.toLowerCase();
  if (/lambda|λ/.test(unit)) return map.cells;
  const values = finiteCells(map);
  const median = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  if (median === undefined) return null;
  if (median > 0.5 && median < 1.6) return map.cells;
  if (median > 8 && median < 20) {
    const stoich =
      stoichiometricAfr !== null && stoichiometricAfr > 5 && stoichiometricAfr < 16 ? stoichiometricAfr : 14.7;
    return map.cells.map((v) => v / stoich);
  }
  return null;
}
