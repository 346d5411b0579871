/** The shape of spark maps along load and speed, between cylinders, at idle and while cranking. */
import type { TuneMap } from '../model.ts';
import { breakpointAt, loadAxisOf, type RegionMasks, speedAxisOf } from '../regions.ts';
import { finiteCells, isIdleAdvance, isLive, isMain, isRole, type Measured, single, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  loadStep: 'spark.surface.loadStep.max',
  rise: 'spark.highPressure.rise.max',
  drop: 'spark.fullLoad.speedDrop.max',
  split: 'spark.cylinderSplit.max',
  idleStep: 'spark.idle.step.max',
  idleLow: 'spark.idle.advance.min',
  crankingLow: 'spark.cranking.advance.min',
} as const;

/** Below this share of load the factory itself jumps: idle and closed-throttle cells (Z125 steps 34 degrees between 0.2 and 0.4 %). */
const LEAST_LOAD_SHARE = 0.2;

function measure(input: MeasureInput): Metric[] {
  const { tune, stock, regions } = input;
  const metrics: Metric[] = [];
  for (const map of tune.maps) {
    if (!isRole(map, 'spark') || !isLive(map) || map.unitFrom === 'none') continue;
    const equal = stock?.maps.get(map.id)?.equal === true;
    const reference = equal ? stock!.kind : 'absolute';
    if (isIdleAdvance(map)) metrics.push(...idle(map, equal, reference));
    if (isRole(map, 'spark.cranking') && finiteCells(map).length > 0)
      metrics.push(single(ID.crankingLow, '°', map, equal ? 90 : Math.min(...finiteCells(map)), { reference }));
    const region = regions.byMap.get(map.id);
    if (!isMain(map, 'spark') || map.kind !== 'map' || region?.known !== true) continue;
    const was = stock?.maps.get(map.id)?.map ?? null;
    const limiter = regions.limiterRpm!;
    metrics.push(
      beyondStock(
        ID.loadStep,
        loadSteps(map, region, limiter, equal),
        was === null ? null : loadSteps(was, region, limiter, false),
        map,
        reference,
      ),
    );
    // Projects of rusEFI state "Load" or nothing where the load is a pressure; a number of full cylinders is kPa then.
    const load = loadAxisOf(map);
    if (load?.quantity === 'intakePressure' && /^(kpa|load)?$/i.test(load.unit))
      metrics.push(
        beyondStock(
          ID.rise,
          rises(map, region, limiter, equal),
          was === null ? null : rises(was, region, limiter, false),
          map,
          reference,
        ),
      );
    metrics.push(
      beyondStock(
        ID.drop,
        speedDrops(map, region, limiter, equal),
        was === null ? null : speedDrops(was, region, limiter, false),
        map,
        reference,
      ),
    );
  }
  return [...metrics, ...splits(input)];
}

/** A factory shape of its own is no fault: only what goes past the worst of it by half counts. */
function beyondStock(
  id: string,
  own: Measured[],
  was: Measured[] | null,
  map: TuneMap,
  reference: Metric['reference'],
): Metric {
  const limit = was === null ? 0 : 1.5 * Math.max(0, ...was.map((m) => m.measure));
  return worstCell(
    id,
    '°',
    map,
    own.filter((m) => m.measure > limit),
    { worse: 'above', atEase: 0, reference },
  );
}

/** Degrees from one load breakpoint to the next, above 20 % load in reachable cells. */
function loadSteps(map: TuneMap, region: RegionMasks, limiter: number, factory: boolean): Measured[] {
  const load = loadAxisOf(map);
  const speed = speedAxisOf(map);
  if (factory || load === null) return [];
  const points = load.breakpoints;
  const [least, most] = [Math.min(...points), Math.max(...points)];
  const measured: Measured[] = [];
  for (let index = 0; index < map.cells.length; index++) {
    const [row, column] = [Math.floor(index / map.columns), index % map.columns];
    const i = load.axis === 'x' ? column : row;
    const before = load.axis === 'x' ? index - 1 : index - map.columns;
    // Retard near and past the limiter is protection: 900SS has 4 degrees at 8444 rpm beside 38, and cuts at 8998.
    if (breakpointAt(speed, row, column) > 0.93 * limiter) continue;
    if (i === 0 || region.reachable[index] !== 1 || region.reachable[before] !== 1) continue;
    const share = (Math.min(points[i]!, points[i - 1]!) - least) / (most - least || 1);
    const step = Math.abs(map.cells[index]! - map.cells[before]!);
    if (share >= LEAST_LOAD_SHARE && points[i] !== points[i - 1] && Number.isFinite(step))
      measured.push({ index, measure: step });
  }
  return measured;
}

/** Full cylinders begin here, kPa: below it a tune may rise out of an idle valley. */
const HIGH_PRESSURE_KPA = 80;

/** Degrees by which the advance rises from one pressure breakpoint to the next higher one, both of full cylinders, above idling. */
function rises(map: TuneMap, region: RegionMasks, limiter: number, factory: boolean): Measured[] {
  const load = loadAxisOf(map);
  const speed = speedAxisOf(map);
  if (factory || load === null) return [];
  const measured: Measured[] = [];
  for (let index = 0; index < map.cells.length; index++) {
    const [row, column] = [Math.floor(index / map.columns), index % map.columns];
    const i = load.axis === 'x' ? column : row;
    const before = load.axis === 'x' ? index - 1 : index - map.columns;
    if (i === 0 || !(breakpointAt(speed, row, column) > 0.25 * limiter) || region.reachable[index] !== 1) continue;
    const [lower, upper] = [load.breakpoints[i - 1]!, load.breakpoints[i]!];
    const rise = map.cells[index]! - map.cells[before]!;
    if (lower >= HIGH_PRESSURE_KPA && upper > lower && Number.isFinite(rise))
      measured.push({ index, measure: Math.max(0, rise) });
  }
  return measured;
}

/** How far the advance falls from its highest so far as speed rises from 15 to 60 % of the limiter at the highest load. */
function speedDrops(map: TuneMap, region: RegionMasks, limiter: number, factory: boolean): Measured[] {
  const speed = speedAxisOf(map);
  const load = loadAxisOf(map);
  if (factory || speed === null || load === null) return [];
  const top = load.breakpoints.indexOf(Math.max(...load.breakpoints));
  const order = speed.breakpoints.map((rpm, i) => ({ rpm, i })).sort((a, b) => a.rpm - b.rpm);
  const measured: Measured[] = [];
  let highest = Number.NEGATIVE_INFINITY;
  for (const { rpm, i } of order) {
    if (!(rpm >= 0.3 * limiter && rpm <= 0.6 * limiter)) continue;
    const index = speed.axis === 'y' ? i * map.columns + top : top * map.columns + i;
    const value = map.cells[index]!;
    if (!Number.isFinite(value) || region.reachable[index] !== 1) continue;
    highest = Math.max(highest, value);
    if (highest - value > 0) measured.push({ index, measure: highest - value });
  }
  return measured;
}

/** Twin spark maps of cylinders or banks at high load; with a stock file beyond stock's own difference. */
function splits({ tune, stock, regions }: MeasureInput): Metric[] {
  const groups = new Map<string, TuneMap[]>();
  for (const map of tune.maps.filter(
    (m) => isMain(m, 'spark') && m.kind === 'map' && isLive(m) && m.unitFrom !== 'none',
  )) {
    const { cylinder, bank, gear = '', mode = '', load = '' } = map.variant;
    if ((cylinder ?? bank) === undefined) continue;
    const key = [map.family, gear, mode, load, map.cells.length].join('|');
    groups.set(key, [...(groups.get(key) ?? []), map]);
  }
  const metrics: Metric[] = [];
  for (const maps of groups.values()) {
    const first = maps[0]!;
    const region = regions.byMap.get(first.id);
    if (maps.length < 2 || region?.known !== true || !region.highLoad.includes(1)) continue;
    const known = maps.map((m) => stock?.maps.get(m.id));
    const allEqual = known.every((k) => k?.equal === true);
    const byFile = stock?.kind === 'stockFile' && known.every((k) => k?.map != null);
    const measured: Measured[] = [];
    for (let index = 0; !allEqual && index < first.cells.length; index++) {
      if (region.highLoad[index] !== 1) continue;
      const now = maps.map((m) => m.cells[index]!);
      const was = byFile ? known.map((k) => k!.map!.cells[index]!) : [0];
      const split = Math.max(...now) - Math.min(...now) - (Math.max(...was) - Math.min(...was));
      if (split > 0) measured.push({ index, measure: split });
    }
    metrics.push(
      worstCell(ID.split, '°', first, measured, {
        worse: 'above',
        atEase: 0,
        reference: allEqual || byFile ? stock!.kind : 'absolute',
        facts: () => ({ againstStock: allEqual || byFile ? 1 : 0 }),
      }),
    );
  }
  return metrics;
}

function idle(map: TuneMap, equal: boolean, reference: Metric['reference']): Metric[] {
  const values = finiteCells(map);
  if (values.length === 0) return [];
  const low = single(ID.idleLow, '°', map, equal ? 90 : Math.min(...values), { reference });
  // Steps between neighbours of a curve; a map of idle advance has reasons of its own.
  if (map.kind !== 'curve') return [low];
  const steps: Measured[] = equal
    ? []
    : Array.from(map.cells, (v, index) => ({ index, measure: index === 0 ? 0 : Math.abs(v - map.cells[index - 1]!) }));
  return [low, worstCell(ID.idleStep, '°', map, steps, { worse: 'above', atEase: 0, reference })];
}

export const family: MetricFamily = {
  id: 'spark-shape',
  metrics: [
    {
      id: ID.loadStep,
      unit: '°',
      title: 'Largest step of spark from one load to the next, above 20 % load',
      worse: 'above',
    },
    {
      id: ID.rise,
      unit: '°',
      title: 'Largest rise of spark from one intake pressure to the next, above 80 kPa',
      worse: 'above',
    },
    {
      id: ID.drop,
      unit: '°',
      title: 'How far full-load spark falls as speed rises below 60 % of the limiter',
      worse: 'above',
    },
    { id: ID.split, unit: '°', title: 'Spark of one cylinder against another at high load', worse: 'above' },
    { id: ID.idleStep, unit: '°', title: 'Largest step of the idle table', worse: 'above' },
    { id: ID.idleLow, unit: '°', title: 'Least advance of the idle table', worse: 'below' },
    { id: ID.crankingLow, unit: '°', title: 'Least advance while cranking', worse: 'below' },
  ],
  measure,
};
