/** Warm-up, after-start, acceleration, idle, launch: the tables around the main ones, where a file holds them. */
import type { Tune, TuneMap } from '../model.ts';
import { limiterOf } from '../stock.ts';
import { finiteCells, isLive, isRole, single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  warmAtTemperature: 'enrichment.warmup.hot',
  warmRising: 'enrichment.warmup.rising.max',
  warmCold: 'enrichment.warmup.cold',
  afterStart: 'enrichment.afterStart.max',
  acceleration: 'enrichment.acceleration.max',
  idle: 'idle.target.overStock.max',
  idleUnder: 'idle.target.underStock.max',
  idleHot: 'idle.target.hotOverCold.rpm',
  launch: 'launch.rpm.percent',
  sensor: 'sensor.curve.notMonotonic.count',
} as const;

/** Coolant at or above this counts as warm, degrees Celsius. */
const WARM_C = 80;

function measure(input: MeasureInput): Metric[] {
  const { tune, regions } = input;
  return [
    ...warmup(tune),
    ...otherEnrichment(tune),
    ...idle(input),
    ...launch(tune, regions.limiterRpm),
    ...curves(input),
  ];
}

/** Said to be a temperature, or at least given in degrees. */
const temperatureAxis = (map: TuneMap) =>
  map.axes.find(
    (a) =>
      (/Temperature$/.test(a.quantity) || (a.quantity === 'unknown' && /^°[CF]$/.test(a.unit))) &&
      a.known &&
      a.breakpoints.length > 2,
  );

/** No coolant gets there: an axis that goes on past it is the temperature of an air-cooled head, which works at 150 to 240 °C. */
const HEAD_FROM_C = 150;
const WARM_HEAD_C = 180;

/** Percent of fuel: 100 is no correction. Tables that hold the extra alone are lifted by 100. */
const asFactor = (values: number[]): number[] =>
  Math.max(...values) < 100 && Math.min(...values) >= 0 && (values.at(-1) ?? 0) < 50
    ? values.map((v) => v + 100)
    : values;

/** rusEFI: 1 is no correction. */
const isRatio = (map: TuneMap): boolean => /^(ratio|multiplier)$/i.test(map.unit);

function warmup(tune: Tune): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps.filter(
    (m) => isRole(m, 'enrichment.warmup') && isLive(m) && m.kind === 'curve' && (/%|^$/.test(m.unit) || isRatio(m)),
  )) {
    const axis = temperatureAxis(map);
    if (axis === undefined || map.cells.length !== axis.breakpoints.length) continue;
    const celsius = /f/i.test(axis.unit) ? axis.breakpoints.map((t) => ((t - 32) * 5) / 9) : axis.breakpoints;
    const values = asFactor(Array.from(map.cells, (v) => (isRatio(map) ? v * 100 : v)));
    // Past its last breakpoint an ECU holds the last value: a table that ends cooler is warm there.
    const warmC = Math.max(...celsius) > HEAD_FROM_C ? WARM_HEAD_C : WARM_C;
    const reached = celsius.findIndex((t) => t >= warmC);
    const warm = reached < 0 ? celsius.length - 1 : reached;
    metrics.push(
      single(ID.warmAtTemperature, '%', map, Math.abs(values[warm]! - 100), {
        index: warm,
        facts: { factor: values[warm]! },
      }),
    );
    const rises = values.slice(0, warm + 1).map((v, i) => (i === 0 ? 0 : v - values[i - 1]!));
    const worst = Math.max(0, ...rises);
    metrics.push(single(ID.warmRising, '%', map, worst, { index: Math.max(0, rises.indexOf(worst)) }));
    metrics.push(single(ID.warmCold, '%', map, Math.max(...values)));
  }
  return metrics;
}

function otherEnrichment(tune: Tune): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps.filter((m) => isLive(m) && (m.kind === 'curve' || m.kind === 'map') && m.unit === '%')) {
    const values = finiteCells(map);
    if (values.length === 0) continue;
    if (isRole(map, 'enrichment.afterStart')) metrics.push(single(ID.afterStart, '%', map, Math.max(...values)));
    if (isRole(map, 'enrichment.acceleration')) metrics.push(single(ID.acceleration, '%', map, Math.max(...values)));
  }
  return metrics;
}

function idle({ tune, stock }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps.filter(
    (m) => isRole(m, 'idle.target') && isLive(m) && m.unitFrom !== 'none' && /rpm/i.test(m.unit),
  )) {
    const known = stock?.maps.get(map.id);
    const was = known?.map?.cells;
    if (known !== undefined) {
      const deltas = known.equal || was === undefined ? [0] : Array.from(map.cells, (v, i) => v - was[i]!);
      const worst = Math.max(...deltas.map(Math.abs));
      metrics.push(
        single(ID.idle, 'rpm', map, worst, {
          reference: stock!.kind,
          index: Math.max(
            0,
            deltas.findIndex((d) => Math.abs(d) === worst),
          ),
        }),
      );
      const lowest = Math.min(...deltas.filter(Number.isFinite), 0);
      metrics.push(
        single(ID.idleUnder, 'rpm', map, -lowest, {
          reference: stock!.kind,
          index: Math.max(0, deltas.indexOf(lowest)),
        }),
      );
    }
    const axis = temperatureAxis(map);
    if (axis !== undefined && map.cells.length === axis.breakpoints.length) {
      metrics.push(single(ID.idleHot, 'rpm', map, map.cells.at(-1)! - map.cells[0]!));
    }
  }
  return metrics;
}

/** The limiter that stands is the one that launch control holds against; one raised past what bounds the regions makes it no milder. */
function launch(tune: Tune, bound: number | null): Metric[] {
  const own = limiterOf(tune);
  if (own === null && bound === null) return [];
  const limiterRpm = Math.min(own ?? Number.POSITIVE_INFINITY, bound ?? Number.POSITIVE_INFINITY);
  return tune.maps
    .filter((m) => isRole(m, 'launch.rpm') && isLive(m) && m.unitFrom !== 'none' && m.inUse === true)
    .map((map) =>
      single(ID.launch, '%', map, (Math.max(...finiteCells(map)) / limiterRpm) * 100, {
        facts: { tune: Math.max(...finiteCells(map)) },
      }),
    );
}

/** Voltage to a quantity; smoothing and limits of a mass meter are called sensors too and may do as they like. */
const isSensorCurve = (map: TuneMap): boolean =>
  /^sensor\.(coolant|air|throttle|pressure)$/.test(map.role) ||
  (isRole(map, 'sensor') && /^°?[cf]$|celsius|fahrenheit/i.test(map.unit));

/** Sensor curves must rise or fall throughout: else one voltage means two temperatures. */
function curves({ tune, stock }: MeasureInput): Metric[] {
  return tune.maps
    .filter(
      (m) => isSensorCurve(m) && m.kind === 'curve' && isLive(m) && m.cells.length >= 4 && m.confidence !== 'guessed',
    )
    .map((map) => {
      const steps = Array.from(map.cells).map((v, i) => (i === 0 ? 0 : Math.sign(v - map.cells[i - 1]!)));
      const [up, down] = [steps.filter((s) => s > 0).length, steps.filter((s) => s < 0).length];
      const equal = stock?.maps.get(map.id)?.equal === true;
      // The fold is where a step goes the rarer way.
      const fold = Math.max(0, steps.indexOf(up < down ? 1 : -1));
      return single(ID.sensor, 'steps', map, equal ? 0 : Math.min(up, down), {
        reference: equal ? stock!.kind : 'absolute',
        index: fold,
      });
    });
}

export const family: MetricFamily = {
  id: 'running',
  metrics: [
    { id: ID.warmAtTemperature, unit: '%', title: 'Warm-up enrichment left at operating temperature', worse: 'above' },
    { id: ID.warmRising, unit: '%', title: 'Warm-up enrichment that rises with temperature', worse: 'above' },
    { id: ID.warmCold, unit: '%', title: 'Largest warm-up factor', worse: 'above' },
    { id: ID.afterStart, unit: '%', title: 'Largest after-start enrichment', worse: 'above' },
    { id: ID.acceleration, unit: '%', title: 'Largest acceleration enrichment', worse: 'above' },
    { id: ID.idle, unit: 'rpm', title: 'Idle target against stock', worse: 'above' },
    { id: ID.idleUnder, unit: 'rpm', title: 'Idle target under stock', worse: 'above' },
    { id: ID.idleHot, unit: 'rpm', title: 'Hot idle above cold idle', worse: 'above' },
    { id: ID.launch, unit: '%', title: 'Launch limit in percent of the limiter', worse: 'above' },
    { id: ID.sensor, unit: 'steps', title: 'Steps of a sensor curve against its direction', worse: 'above' },
  ],
  measure,
};
