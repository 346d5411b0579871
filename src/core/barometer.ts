/** MegaSquirt's barometric correction is a line over pressure plus a table; either may be left empty. */
import type { Tune, TuneMap } from './model.ts';

/**
 * The percent that the fuel is multiplied by at each breakpoint of a correction.
 * MegaSquirt 2 and 3: bcor0 + bcormult · kPa / 100 + table. Old projects hold 147 − 0.47 · kPa and a table of 0, new ones no line and a table of
 * 100. For any other table its own cells.
 */
export function barometricFactors(map: TuneMap, tune: Tune): number[] {
  const cells = Array.from(map.cells);
  const axis = map.axes.find((a) => a.quantity === 'barometricPressure' && a.known);
  const value = (title: string): number | undefined =>
    tune.maps.find((m) => m.title === title && m.kind === 'scalar')?.cells[0];
  const [start, slope] = [value('bcor0'), value('bcormult')];
  if (map.title !== 'baroCorrDelta' || axis === undefined || start === undefined || slope === undefined) return cells;
  return cells.map((v, i) => start + (slope * (axis.breakpoints[i] ?? Number.NaN)) / 100 + v);
}
