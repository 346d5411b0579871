/** Spark by itself: only where the map holds degrees. */
import type { Motorcycle, TuneMap } from '../model.ts';
import { breakpointAt, loadAxisOf, type RegionMasks, speedAxisOf } from '../regions.ts';
import { finiteCells, isIdleAdvance, isLive, isMain, isRole, type Measured, single, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  overReference: 'spark.fullLoad.overReference.max',
  wide: 'spark.fullLoad.advance.max',
  lowSpeed: 'spark.fullLoad.lowSpeed.max',
  retarded: 'spark.fullLoad.advance.min',
  negative: 'spark.reachable.advance.min',
  inverted: 'spark.loadSlope.inverted.max',
  impossible: 'spark.advance.max',
  cranking: 'spark.cranking.advance',
  idle: 'spark.idle.advance.max',
} as const;

/**
 * Advance at full load that a healthy engine of this build may have, degrees before top dead centre, calibrated on factory images:
 * Hayabusa 38.1 (has 33.5), GSX-R1000 37.3 (37.1), Buell XB12 42.4 (35.5), XB9 42.4 (45.0).
 */
export function referenceAdvance(motorcycle: Motorcycle): number {
  const twoValve = /2v|pushrod|ohv/i.test(motorcycle.valvetrain) ? 3 : 0;
  const compression = motorcycle.compressionRatio === null ? 0 : Math.max(0, motorcycle.compressionRatio - 12);
  return 38 + 0.1 * (motorcycle.boreMm - 75) + twoValve - compression;
}

function measure(input: MeasureInput): Metric[] {
  const { tune, regions, stock, motorcycle } = input;
  const metrics: Metric[] = [];
  for (const map of tune.maps) {
    if (!isRole(map, 'spark') || !isLive(map) || map.unitFrom === 'none') continue;
    const reference = stock?.maps.get(map.id)?.equal === true ? stock.kind : 'absolute';
    // Harley-Davidson counts teeth of the trigger wheel there, which are no degrees.
    if (isRole(map, 'spark.cranking') && map.cells.length > 0 && !/tooth|teeth/i.test(map.unit)) {
      const values = finiteCells(map);
      if (values.length > 0) metrics.push(single(ID.cranking, '°', map, Math.max(...values)));
    }
    if (isIdleAdvance(map)) metrics.push(single(ID.idle, '°', map, Math.max(0, ...advanceAtIdle(map)), { reference }));
    const region = regions.byMap.get(map.id);
    if (!isMain(map, 'spark') || map.kind !== 'map' || region?.known !== true) continue;
    if (reference !== 'absolute') metrics.push(...atEase(map, reference, motorcycle));
    else metrics.push(...ofMap(map, region, regions.limiterRpm!, motorcycle, reference));
  }
  return metrics;
}

/** Faster than this is the throttle closed on the move, where a lot of advance harms nothing: the 900SS has 38° there. */
const FASTEST_IDLE_RPM = 2_500;

/** Cells of an idle table at speeds of idling; all where it has no axis of engine speed. */
function advanceAtIdle(map: TuneMap): number[] {
  const speed = speedAxisOf(map);
  return [...map.cells].filter((value, index) => {
    const rpm = breakpointAt(speed, Math.floor(index / map.columns), index % map.columns);
    return Number.isFinite(value) && !(rpm > FASTEST_IDLE_RPM);
  });
}

/** A factory map needs no other judge: every absolute rule passes on it. */
function atEase(map: TuneMap, reference: Metric['reference'], motorcycle: Motorcycle | null): Metric[] {
  const ease = (id: string, value: number): Metric =>
    worstCell(id, '°', map, [], { worse: 'above', atEase: value, reference });
  return [
    ease(ID.lowSpeed, 0),
    ease(ID.retarded, 90),
    ease(ID.negative, 90),
    ease(ID.impossible, 0),
    ease(ID.inverted, 0),
    ease(ID.wide, 0),
    ...(motorcycle === null ? [] : [ease(ID.overReference, 0)]),
  ];
}

function ofMap(
  map: TuneMap,
  region: RegionMasks,
  limiter: number,
  motorcycle: Motorcycle | null,
  reference: Metric['reference'],
): Metric[] {
  const speed = speedAxisOf(map);
  const over: Measured[] = [];
  const wide: Measured[] = [];
  const low: Measured[] = [];
  const retarded: Measured[] = [];
  const negative: Measured[] = [];
  const huge: Measured[] = [];
  const allowed = motorcycle === null ? null : referenceAdvance(motorcycle);
  for (let index = 0; index < map.cells.length; index++) {
    const value = map.cells[index]!;
    if (!Number.isFinite(value)) continue;
    const n = breakpointAt(speed, Math.floor(index / map.columns), index % map.columns);
    const share = n / limiter;
    if (region.reachable[index] === 1) huge.push({ index, measure: value });
    // Retard at and past the limiter is protection: 900SS has 4° at 8444 rpm.
    if (region.reachable[index] === 1 && share < 0.95) negative.push({ index, measure: value });
    if (region.wideOpen[index] !== 1) continue;
    if (share >= 0.7) wide.push({ index, measure: value });
    if (allowed !== null && share >= 0.7) over.push({ index, measure: value - allowed });
    if (n < 3_000 && share < 0.4) low.push({ index, measure: value });
    if (share > 0.4 && share < 0.95) retarded.push({ index, measure: value });
  }
  const above = { worse: 'above', reference } as const;
  const below = { worse: 'below', reference } as const;
  const metrics = [
    worstCell(ID.lowSpeed, '°', map, low, { ...above, atEase: 0 }),
    worstCell(ID.wide, '°', map, wide, { ...above, atEase: 0 }),
    worstCell(ID.retarded, '°', map, retarded, { ...below, atEase: 90 }),
    worstCell(ID.negative, '°', map, negative, { ...below, atEase: 90 }),
    worstCell(ID.impossible, '°', map, huge, { ...above, atEase: 0 }),
    inverted(map, region, limiter, reference),
  ];
  if (allowed !== null && over.length > 0) {
    metrics.push(
      worstCell(ID.overReference, '°', map, over, {
        ...above,
        atEase: 0,
        facts: (w) => ({ tune: (w?.measure ?? 0) + allowed, allowed }),
      }),
    );
  }
  return metrics;
}

/** Best timing and knock limit both fall with load: more advance at full load than at mid load is upside down. */
function inverted(map: TuneMap, region: RegionMasks, limiter: number, reference: Metric['reference']): Metric {
  const speed = speedAxisOf(map)!;
  const load = loadAxisOf(map)!;
  const measured: Measured[] = [];
  const loads = load.breakpoints;
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  const share = (i: number): number => (loads[i]! - least) / (most - least || 1);
  const middle = loads.map((_, i) => i).filter((i) => share(i) >= 0.4 && share(i) <= 0.65);
  for (const [i, n] of speed.breakpoints.entries()) {
    if (!(n >= 0.4 * limiter && n <= limiter)) continue;
    const at = (l: number): number => (load.axis === 'x' ? i * map.columns + l : l * map.columns + i);
    const mids = middle.map((l) => map.cells[at(l)]!).filter(Number.isFinite);
    if (mids.length === 0) continue;
    const mid = Math.max(...mids);
    for (let l = 0; l < loads.length; l++) {
      const index = at(l);
      const rise = map.cells[index]! - mid;
      if (share(l) >= 0.75 && region.reachable[index] === 1 && rise > 0) measured.push({ index, measure: rise });
    }
  }
  return worstCell(ID.inverted, '°', map, measured, { worse: 'above', atEase: 0, reference });
}

export const family: MetricFamily = {
  id: 'spark-absolute',
  metrics: [
    {
      id: ID.overReference,
      unit: '°',
      title: 'Advance at wide open throttle over what such an engine may have',
      worse: 'above',
    },
    { id: ID.wide, unit: '°', title: 'Advance at wide open throttle above 70 % of the limiter', worse: 'above' },
    { id: ID.lowSpeed, unit: '°', title: 'Advance at wide open throttle under 3000 rpm', worse: 'above' },
    {
      id: ID.retarded,
      unit: '°',
      title: 'Least advance at wide open throttle above 40 % of the limiter',
      worse: 'below',
    },
    { id: ID.negative, unit: '°', title: 'Least advance in any reachable cell', worse: 'below' },
    { id: ID.inverted, unit: '°', title: 'How much more advance full load has than mid load', worse: 'above' },
    { id: ID.impossible, unit: '°', title: 'Largest advance in any reachable cell', worse: 'above' },
    { id: ID.cranking, unit: '°', title: 'Advance while cranking', worse: 'above' },
    { id: ID.idle, unit: '°', title: 'Largest advance of the idle table', worse: 'above' },
  ],
  measure,
};
