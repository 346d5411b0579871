/** Starting and warming up, opening the throttle cold, and the barometer's slope: percent tables of self-describing projects. */

import { barometricFactors } from '../barometer.ts';
import type { Axis, Tune, TuneMap } from '../model.ts';
import { finiteCells, isLive, isRole, single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  crankingLittle: 'enrichment.cranking.at20.min',
  crankingMuch: 'enrichment.cranking.at20.max',
  afterStartSeconds: 'enrichment.afterStart.seconds',
  coldNothing: 'enrichment.cold.factor',
  threshold: 'enrichment.acceleration.threshold',
  duration: 'enrichment.acceleration.seconds',
  coldFactor: 'enrichment.acceleration.coldFactor',
  baroSlope: 'correction.barometric.slopeOff.percent',
} as const;

const temperature = (map: TuneMap): Axis | undefined =>
  map.axes.find((a) => /Temperature$/.test(a.quantity) && a.known && a.breakpoints.length === map.cells.length);

/** Between the breakpoints as the ECU does; past the ends it holds the last. */
function valueAt(map: TuneMap, axis: Axis, celsius: number): number {
  const points = axis.breakpoints
    .map((t, i) => ({ t: /f/i.test(axis.unit) ? ((t - 32) * 5) / 9 : t, v: map.cells[i]! }))
    .filter((p) => Number.isFinite(p.t) && Number.isFinite(p.v))
    .sort((a, b) => a.t - b.t);
  const upper = points.findIndex((p) => p.t >= celsius);
  if (upper <= 0) return (upper === 0 ? points[0] : points.at(-1))?.v ?? Number.NaN;
  const [a, b] = [points[upper - 1]!, points[upper]!];
  return a.v + ((b.v - a.v) * (celsius - a.t)) / (b.t - a.t);
}

function measure({ tune }: MeasureInput): Metric[] {
  const curves = tune.maps.filter((m) => m.kind === 'curve' && isLive(m));
  const metrics: Metric[] = [];
  for (const map of curves.filter((m) => isRole(m, 'enrichment.cranking') && m.unit === '%')) {
    const axis = temperature(map);
    const at20 = axis === undefined ? Number.NaN : valueAt(map, axis, 20);
    if (Number.isFinite(at20))
      metrics.push(single(ID.crankingLittle, '%', map, at20), single(ID.crankingMuch, '%', map, at20));
  }
  for (const map of tune.maps.filter(
    (m) => /^(aseCount|aseDuration)$/i.test(m.title) && /^s(ec.*)?$/i.test(m.unit) && isLive(m),
  ))
    metrics.push(single(ID.afterStartSeconds, 's', map, Math.max(0, ...finiteCells(map))));
  metrics.push(...cold(curves), ...acceleration(tune), ...barometer(curves, tune));
  return metrics;
}

/** Warm-up and after-start together at freezing point: with neither, no cold engine keeps running. */
function cold(curves: TuneMap[]): Metric[] {
  const warm = curves.find(
    (m) => isRole(m, 'enrichment.warmup') && /%|^$/.test(m.unit) && temperature(m) !== undefined,
  );
  const after = curves.find(
    (m) => isRole(m, 'enrichment.afterStart') && m.unit === '%' && temperature(m) !== undefined,
  );
  if (warm === undefined || after === undefined) return [];
  const factor = valueAt(warm, temperature(warm)!, 0);
  const extra = valueAt(after, temperature(after)!, 0);
  // MegaSquirt and Speeduino hold warm-up around 100, after-start as the extra alone.
  return factor >= 80 && Number.isFinite(extra)
    ? [single(ID.coldNothing, '%', warm, factor + extra, { facts: { warmUp: factor, afterStart: extra } })]
    : [];
}

function acceleration(tune: Tune): Metric[] {
  if (!/^(tps|map)$/i.test(tune.facts.settings['aeMode'] ?? '')) return [];
  const byThrottle = /^tps$/i.test(tune.facts.settings['aeMode'] ?? '');
  const scalar = (title: string): TuneMap | undefined =>
    tune.maps.find((m) => m.title === title && m.kind === 'scalar' && Number.isFinite(m.cells[0]));
  const metrics: Metric[] = [];
  const threshold = scalar(byThrottle ? 'taeThresh' : 'maeThresh');
  const time = scalar('aeTime');
  const cold = scalar('aeColdPct');
  if (threshold !== undefined) metrics.push(single(ID.threshold, '%/s', threshold, threshold.cells[0]!));
  if (time !== undefined && /^m?s$/i.test(time.unit))
    metrics.push(single(ID.duration, 's', time, time.cells[0]! / (/^ms$/i.test(time.unit) ? 1_000 : 1)));
  if (cold !== undefined && cold.unit === '%') metrics.push(single(ID.coldFactor, '%', cold, cold.cells[0]!));
  return metrics;
}

/** Air follows pressure one to one; only with throttle as load does the table alone know the height. */
function barometer(curves: TuneMap[], tune: Tune): Metric[] {
  if (tune.facts.loadAlgorithm !== 'alphaN') return [];
  return curves
    .filter((m) => isRole(m, 'correction.barometric') && m.unit === '%')
    .flatMap((map) => {
      const axis = map.axes.find((a) => a.quantity === 'barometricPressure' && a.known);
      const factors = barometricFactors(map, tune);
      const points = (axis?.breakpoints ?? [])
        .map((p, i) => ({ p, v: factors[i]! }))
        .filter((x) => x.p >= 60 && x.p <= 110);
      const [first, last] = [points[0], points.at(-1)];
      if (first === undefined || last === undefined || Math.abs(last.p - first.p) < 10) return [];
      const slope = (last.v - first.v) / (last.p - first.p);
      // A flat table is another rule's; here is the one that corrects too little or too much.
      return slope === 0 ? [] : [single(ID.baroSlope, '%', map, Math.abs(slope - 1) * 100, { facts: { slope } })];
    });
}

export const family: MetricFamily = {
  id: 'cold-start',
  metrics: [
    { id: ID.crankingLittle, unit: '%', title: 'Cranking fuel at 20 °C', worse: 'below' },
    { id: ID.crankingMuch, unit: '%', title: 'Cranking fuel at 20 °C', worse: 'above' },
    { id: ID.afterStartSeconds, unit: 's', title: 'Longest after-start enrichment', worse: 'above' },
    { id: ID.coldNothing, unit: '%', title: 'Warm-up and after-start fuel together at 0 °C', worse: 'below' },
    { id: ID.threshold, unit: '%/s', title: 'Throttle rate at which acceleration enrichment begins', worse: 'below' },
    { id: ID.duration, unit: 's', title: 'Duration of acceleration enrichment', worse: 'above' },
    {
      id: ID.coldFactor,
      unit: '%',
      title: 'Acceleration enrichment of a cold engine against a warm one',
      worse: 'below',
    },
    { id: ID.baroSlope, unit: '%', title: 'Slope of the barometric correction away from one to one', worse: 'above' },
  ],
  measure,
};
