/** Ride-by-wire: what the grip does to the plates. */
import type { Axis, TuneMap } from '../model.ts';
import { breakpointAt, loadAxisOf, speedAxisOf } from '../regions.ts';
import type { StockOfMap } from '../stock.ts';
import { isLive, type Measured, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  steep: 'throttle.steepness.max',
  falling: 'throttle.fallsWithGrip.max',
  closed: 'throttle.closedGrip.overStock.max',
  opened: 'throttle.overStock.max',
  held: 'throttle.closedGrip.max',
  gears: 'throttle.gearStep.overStock.max',
} as const;

/** Maps of plate opening over grip; restrictions by gear are held against stock only. */
const isThrottle = (map: TuneMap): boolean =>
  /^throttle(\.(gear|mode))?$/.test(map.role) && map.kind === 'map' && isLive(map);

function measure({ tune, stock, regions }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  const maps = tune.maps.filter(isThrottle);
  for (const map of maps) {
    const known = stock?.maps.get(map.id);
    const grip = loadAxisOf(map);
    if (known !== undefined) metrics.push(...againstStock(map, known, stock!.kind));
    if (grip === null) {
      if (known === undefined)
        metrics.push(unmeasured(ID.steep, '%/%', map, 'the throttle map has no axis of the grip'));
      continue;
    }
    metrics.push(...shape(map, grip, known, stock?.kind ?? null, regions.limiterRpm));
  }
  return [...metrics, ...gearSteps(maps, stock)];
}

/** Percent of full opening that a unit of the map is: raw counts are held against the largest of the map. */
function scaleOf(map: TuneMap): number {
  if (map.unit === '%' && map.unitFrom !== 'none') return 1;
  return 100 / Math.max(1e-9, ...Array.from(map.cells).filter(Number.isFinite));
}

function shape(
  map: TuneMap,
  grip: Axis,
  known: StockOfMap | undefined,
  kind: 'stockFile' | 'stockKnown' | null,
  limiterRpm: number | null,
): Metric[] {
  const factory = known?.equal === true;
  const was = known?.map?.cells ?? null;
  const reference = kind !== null && (factory || was !== null) ? kind : 'absolute';
  const percent = map.unit === '%' && map.unitFrom !== 'none';
  const speed = speedAxisOf(map);
  const scale = scaleOf(map);
  const steep: Measured[] = [];
  const falling: Measured[] = [];
  const held: Measured[] = [];
  const points = grip.breakpoints.filter(Number.isFinite);
  const [closed, gripMax] = [Math.min(...points), Math.max(...points)];
  // An axis may descend: the cell with more grip then comes first.
  const back = (grip.breakpoints.at(-1) ?? 0) >= (grip.breakpoints[0] ?? 0) ? -1 : 1;
  for (let index = 0; !factory && index < map.cells.length; index++) {
    const [row, column] = [Math.floor(index / map.columns), index % map.columns];
    const n = breakpointAt(speed, row, column);
    const at = breakpointAt(grip, row, column);
    // Factories open the plates on purpose at high speed: with their cells at hand only what stands further open is wrong.
    const further = was === null || (map.cells[index]! - was[index]!) * scale > 1;
    if (further && at <= closed && !(limiterRpm !== null && n > limiterRpm))
      held.push({ index, measure: map.cells[index]! * scale });
    const [r, c] = grip.axis === 'x' ? [row, column + back] : [row + back, column];
    if (r < 0 || c < 0 || r >= map.rows || c >= map.columns) continue;
    const step = at - breakpointAt(grip, r, c);
    const rise = (map.cells[index]! - map.cells[r * map.columns + c]!) * scale;
    if (!(step > 0) || !Number.isFinite(rise)) continue;
    if (at / gripMax <= 0.5) steep.push({ index, measure: rise / ((step / gripMax) * 100) });
    // Where the factory falls too, only what falls further is wrong.
    const own = was === null ? 0 : Math.max(0, (was[r * map.columns + c]! - was[index]!) * scale);
    if (-rise - own > 0) falling.push({ index, measure: -rise - own });
  }
  const make = (id: string, unit: string, cells: Measured[]): Metric =>
    worstCell(id, unit, map, cells, { worse: 'above', atEase: 0, reference });
  // Steepness and idle opening mean something in percent of the plates alone; that it falls is wrong in any unit.
  if (!percent)
    return [unmeasured(ID.steep, '%/%', map, 'the throttle map holds no percent'), make(ID.falling, '%', falling)];
  const absolute = map.role === 'throttle';
  return [
    ...(absolute ? [make(ID.steep, '%/%', steep)] : []),
    make(ID.held, '%', held),
    make(ID.falling, '%', falling),
  ];
}

/** How much more neighbouring gears differ at one place than the factory lets them. */
function gearSteps(maps: TuneMap[], stock: MeasureInput['stock']): Metric[] {
  if (stock === null) return [];
  const groups = new Map<string, TuneMap[]>();
  for (const map of maps) {
    if (!/^[1-7]$/.test(map.variant.gear ?? '') || !stock.maps.has(map.id)) continue;
    const key = [map.family, map.variant.mode ?? '', map.cells.length].join('|');
    groups.set(key, [...(groups.get(key) ?? []), map]);
  }
  const metrics: Metric[] = [];
  for (const unsorted of groups.values()) {
    const gears = [...unsorted].sort((a, b) => Number(a.variant.gear) - Number(b.variant.gear));
    for (const [i, map] of gears.entries()) {
      const next = gears[i + 1];
      if (next === undefined) continue;
      const [was, twin] = [stock.maps.get(map.id)!, stock.maps.get(next.id)!];
      const options = { worse: 'above', atEase: 0, reference: stock.kind } as const;
      if (was.equal && twin.equal) {
        metrics.push(worstCell(ID.gears, '%', map, [], options));
        continue;
      }
      if (was.map === null || twin.map === null) continue;
      const scale = scaleOf(was.map);
      const measured = Array.from(map.cells, (v, index) => {
        const own = Math.abs(was.map!.cells[index]! - twin.map!.cells[index]!);
        return { index, measure: (Math.abs(v - next.cells[index]!) - own) * scale };
      }).filter((m) => m.measure > 0);
      metrics.push(
        worstCell(ID.gears, '%', map, measured, {
          ...options,
          facts: () => ({ gear: map.variant.gear ?? '', next: next.variant.gear ?? '' }),
        }),
      );
    }
  }
  return metrics;
}

function againstStock(map: TuneMap, known: StockOfMap, kind: 'stockFile' | 'stockKnown'): Metric[] {
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
    if (grip !== null && g <= Math.min(...grip.breakpoints) && !(n > 2_500)) closed.push({ index, measure: delta });
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
    { id: ID.held, unit: '%', title: 'How far the plates stand open with the grip closed', worse: 'above' },
    { id: ID.gears, unit: '%', title: 'Step between neighbouring gears beyond stock', worse: 'above' },
  ],
  measure,
};
