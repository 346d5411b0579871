/** Coil dwell: at running voltage, against the time between sparks, over voltage, and its limits. */
import type { TuneMap } from '../model.ts';
import { finiteCells, isLive, isRole, single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  long: 'dwell.running.max',
  short: 'dwell.running.min',
  duty: 'dwell.atLimiter.percent',
  cranking: 'dwell.cranking',
  limit: 'dwell.limit',
  off: 'dwell.limit.off.count',
  rising: 'dwell.overVoltage.rising.count',
} as const;

function measure({ tune, regions, motorcycle, stock }: MeasureInput): Metric[] {
  const metrics: Metric[] = tune.maps
    .filter((m) => m.role === 'dwell.limit' && m.kind !== 'flag')
    .map((map) => single(ID.off, 'limits', map, map.inUse === false ? 1 : 0));
  metrics.push(...corrected(tune.maps, stock));
  for (const map of tune.maps.filter(
    (m) => isRole(m, 'dwell') && isLive(m) && /^m?s$/.test(m.unit) && m.unitFrom !== 'none',
  )) {
    const values = finiteCells(map);
    const worst = Math.max(...values);
    if (values.length === 0) continue;
    const factory = stock?.maps.get(map.id)?.equal === true;
    const reference = factory ? stock!.kind : 'absolute';
    if (map.role === 'dwell.cranking') metrics.push(single(ID.cranking, 'ms', map, worst, { reference }));
    else if (map.role === 'dwell.limit') metrics.push(single(ID.limit, 'ms', map, worst, { reference }));
    else if (map.role === 'dwell' || map.role === 'dwell.running') {
      const at = atRunningVolts(map) ?? values.indexOf(worst);
      const typical = map.cells[at] ?? worst;
      metrics.push(
        single(ID.long, 'ms', map, typical, { reference, index: at, facts: { factory: factory ? 1 : 0 } }),
        single(ID.short, 'ms', map, typical, { reference, index: at, facts: { factory: factory ? 1 : 0 } }),
      );
      metrics.push(...overVoltage(map, factory, reference));
      const strokes = motorcycle?.strokes ?? tune.facts.strokes;
      if (regions.limiterRpm !== null && strokes !== null && !factory) {
        // One spark for each coil and engine cycle; a wasted spark doubles it, which the file does not say.
        const between = (60_000 / regions.limiterRpm) * (strokes / 2);
        metrics.push(
          single(ID.duty, '%', map, (typical / between) * 100, {
            reference,
            index: at,
            facts: { between, limiter: regions.limiterRpm },
          }),
        );
      }
    }
  }
  return metrics;
}

/** Where an alternator holds it, V. */
const CHARGING: [number, number] = [13, 15];

/** What a correction over battery voltage makes of the dwell: the longest at charging voltage. In percent, or times 1. */
function corrected(maps: readonly TuneMap[], stock: MeasureInput['stock']): Metric[] {
  const base = maps.find((m) => m.role === 'dwell.running' && isLive(m) && m.unit === 'ms' && m.unitFrom !== 'none');
  const values = base === undefined ? [] : finiteCells(base).sort((a, b) => a - b);
  const typical = values[values.length >> 1];
  if (base === undefined || typical === undefined || base.axes.some((a) => a.quantity === 'batteryVoltage')) return [];
  return maps
    .filter((m) => m.role === 'correction.dwell' && m.kind === 'curve' && isLive(m) && m.unitFrom !== 'none')
    .flatMap((map) => {
      const volts = map.axes.find((a) => a.quantity === 'batteryVoltage' && a.known)?.breakpoints ?? [];
      const unit = map.unit === '%' ? 100 : 1;
      const at = volts.map((v, index) => ({ v, index })).filter(({ v }) => v >= CHARGING[0] && v <= CHARGING[1]);
      const worst = at.reduce<number | null>(
        (a, b) => (a === null || map.cells[b.index]! > map.cells[a]! ? b.index : a),
        null,
      );
      if (worst === null || !(map.cells[worst]! > 0)) return [];
      const factory = [map, base].every((m) => stock?.maps.get(m.id)?.equal === true);
      return [
        single(ID.long, 'ms', map, (typical * map.cells[worst]!) / unit, {
          reference: factory ? stock!.kind : 'absolute',
          index: worst,
          facts: { factory: factory ? 1 : 0 },
        }),
      ];
    });
}

/** Volts of a running charging system. */
const RUNNING_VOLTS = 13.5;

/** Index of the cell nearest to running voltage, in the first line of the other axis; null without that axis. An axis may descend. */
function atRunningVolts(map: TuneMap): number | null {
  const volts = map.axes.find((a) => a.quantity === 'batteryVoltage' && a.known);
  if (volts === undefined) return null;
  const off = volts.breakpoints.map((v) => Math.abs(v - RUNNING_VOLTS));
  const nearest = off.indexOf(Math.min(...off.filter(Number.isFinite)));
  return nearest < 0 ? null : volts.axis === 'x' ? nearest : nearest * map.columns;
}

/** A coil fills faster at higher voltage: dwell that rises with it burns the coil just when the alternator is strong. */
function overVoltage(map: TuneMap, factory: boolean, reference: Metric['reference']): Metric[] {
  const volts = map.axes.find((a) => a.quantity === 'batteryVoltage' && a.known);
  if (volts === undefined || map.kind !== 'curve' || volts.breakpoints.length !== map.cells.length) return [];
  const points = volts.breakpoints.map((v, i) => ({ v, ms: map.cells[i]! })).sort((a, b) => a.v - b.v);
  const rises = factory ? 0 : points.filter((p, i) => i > 0 && p.ms > points[i - 1]!.ms).length;
  return [single(ID.rising, 'steps', map, rises, { reference })];
}

export const family: MetricFamily = {
  id: 'dwell',
  metrics: [
    { id: ID.long, unit: 'ms', title: 'Coil dwell at 13 to 14 V', worse: 'above' },
    { id: ID.short, unit: 'ms', title: 'Coil dwell at 13 to 14 V', worse: 'below' },
    { id: ID.duty, unit: '%', title: 'Dwell in percent of the time between sparks at the limiter', worse: 'above' },
    { id: ID.cranking, unit: 'ms', title: 'Dwell while cranking', worse: 'above' },
    { id: ID.limit, unit: 'ms', title: 'Dwell limit', worse: 'above' },
    { id: ID.off, unit: 'limits', title: 'Overdwell protection switched off', worse: 'above' },
    { id: ID.rising, unit: 'steps', title: 'Steps where dwell rises with voltage', worse: 'above' },
  ],
  measure,
};
