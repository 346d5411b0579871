/** Ride-by-wire: what the grip does to the plates. */
import type { TuneMap } from '../model.ts';
import { breakpointAt, loadAxisOf, speedAxisOf } from '../regions.ts';
import { isLive, type Measured, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  steep: 'throttle.steepness.max',
  falling: 'throttle.fallsWithGrip.max',
  closed: 'throttle.closedGrip.overStock.max',
  opened: 'throttle.overStock.max',
} as const;

/** Maps of plate opening over grip; restrictions by gear are held against stock only. */
const isThrottle = (map: TuneMap): boolean =>
  /^throttle(\.(gear|mode))?$/.test(map.role) && map.kind === 'map' && isLive(map);

function measure({ tune, stock, regions }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps.filter(isThrottle)) {
    const known = stock?.maps.get(map.id);
    const factory = known?.equal === true;
    const percent = map.unit === '%' && map.unitFrom !== 'none';
    const grip = loadAxisOf(map);
    if (known !== undefined) metrics.push(...againstStock(map, known, stock!.kind, regions.limiterRpm));
    if (!percent || grip === null) {
      if (known === undefined) metrics.push(unmeasured(ID.steep, '%/%', map, 'the throttle map holds no percent'));
      continue;
    }
    metrics.push(...shape(map, factory, factory ? stock!.kind : 'absolute', map.role === 'throttle'));
  }
  return metrics;
}

function shape(map: TuneMap, factory: boolean, reference: Metric['reference'], absolute: boolean): Metric[] {
  const grip = loadAxisOf(map)!;
  const steep: Measured[] = [];
  const falling: Measured[] = [];
  const gripMax = Math.max(...grip.breakpoints);
  for (let index = 0; !factory && index < map.cells.length; index++) {
    const [row, column] = [Math.floor(index / map.columns), index % map.columns];
    const [r, c] = grip.axis === 'x' ? [row, column - 1] : [row - 1, column];
    if (r < 0 || c < 0) continue;
    const step = breakpointAt(grip, row, column) - breakpointAt(grip, r, c);
    const rise = map.cells[index]! - map.cells[r * map.columns + c]!;
    const share = breakpointAt(grip, row, column) / gripMax;
    if (step <= 0 || !Number.isFinite(rise)) continue;
    if (absolute && share <= 0.5) steep.push({ index, measure: rise / ((step / gripMax) * 100) });
    if (rise < 0) falling.push({ index, measure: -rise });
  }
  return [
    ...(absolute ? [worstCell(ID.steep, '%/%', map, steep, { worse: 'above', atEase: 0, reference })] : []),
    worstCell(ID.falling, '%', map, falling, { worse: 'above', atEase: 0, reference }),
  ];
}

function againstStock(
  map: TuneMap,
  known: { equal: boolean; map: TuneMap | null; facts: { range: { low: number; high: number } | null } | null },
  kind: 'stockFile' | 'stockKnown',
  limiterRpm: number | null,
): Metric[] {
  const options = { worse: 'above', atEase: 0, reference: kind } as const;
  if (known.equal) return [worstCell(ID.opened, '%', map, [], options), worstCell(ID.closed, '%', map, [], options)];
  if (known.map === null)
    return [unmeasured(ID.opened, '%', map, 'this map was changed, and only the hash of its factory version is known')];
  const was = known.map.cells;
  const values = Array.from(was).filter(Number.isFinite);
  // Raw counts or degrees: in percent of what the factory map opens at most.
  const full = map.unit === '%' && map.unitFrom !== 'none' ? 100 : Math.max(1e-9, ...values);
  const grip = loadAxisOf(map);
  const speed = speedAxisOf(map);
  const opened: Measured[] = [];
  const closed: Measured[] = [];
  for (let index = 0; index < was.length; index++) {
    const delta = ((map.cells[index]! - was[index]!) / full) * 100;
    if (!(delta > 0)) continue;
    const [row, column] = [Math.floor(index / map.columns), index % map.columns];
    opened.push({ index, measure: delta });
    const g = breakpointAt(grip, row, column);
    const n = breakpointAt(speed, row, column);
    if (grip !== null && g <= Math.min(...grip.breakpoints) && !(n > 2_500) && limiterRpm !== null)
      closed.push({ index, measure: delta });
  }
  const facts = (w: Measured | null) => ({
    tune: w === null ? 0 : map.cells[w.index]!,
    stock: w === null ? 0 : was[w.index]!,
  });
  return [
    worstCell(ID.opened, '%', map, opened, { ...options, facts }),
    worstCell(ID.closed, '%', map, closed, { ...options, facts }),
  ];
}

export const family: MetricFamily = {
  id: 'throttle',
  metrics: [
    { id: ID.steep, unit: '%/%', title: 'Steepest opening below half grip', worse: 'above' },
    { id: ID.falling, unit: '%', title: 'How far the plates close as the grip opens', worse: 'above' },
    { id: ID.opened, unit: '%', title: 'How much further the plates open than stock', worse: 'above' },
    { id: ID.closed, unit: '%', title: 'How much further open than stock with the grip closed', worse: 'above' },
  ],
  measure,
};
