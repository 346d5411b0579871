/** Fuel cut on the overrun, where a project states it. */
import type { Motorcycle, Tune, TuneMap } from '../model.ts';
import { finiteCells, isLive, isRole, single, unmeasured } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  overIdle: 'overrun.resume.overIdle.rpm',
  ofLimiter: 'overrun.resume.percent',
  off: 'overrun.off.count',
  throttle: 'overrun.throttle.percent',
} as const;

/** Setting that switches it, and the scalar at which fuel comes back: Speeduino, MegaSquirt, rusEFI. */
const PROJECTS: { setting: string; resume: string; throttle: string }[] = [
  { setting: 'dfcoEnabled', resume: 'dfcoRPM', throttle: 'dfcoTPSThresh' },
  { setting: 'OvrRunC', resume: 'fc_rpm_lower', throttle: 'fc_tps' },
  { setting: 'coastingFuelCutEnabled', resume: 'coastingFuelCutRpmLow', throttle: 'coastingFuelCutTps' },
];

function measure({ tune, regions, motorcycle }: MeasureInput): Metric[] {
  const { settings } = tune.facts;
  for (const { setting, resume, throttle } of PROJECTS) {
    const said = settings[setting];
    if (said === undefined) continue;
    const off = /^(off|no|false|disabled?)/i.test(said);
    const metrics = [single(ID.off, 'cuts', null, off ? 1 : 0)];
    if (off) return metrics;
    const plate = tune.maps.find((m) => m.title === throttle && m.kind === 'scalar');
    if (plate !== undefined && Number.isFinite(plate.cells[0]))
      metrics.push(single(ID.throttle, '%', plate, plate.cells[0]!));
    const map = tune.maps.find((m) => m.title === resume && m.kind === 'scalar');
    const rpm = map?.cells[0];
    if (map === undefined || rpm === undefined || !(rpm > 0)) return metrics;
    const idle = idleOf(tune, motorcycle);
    metrics.push(
      idle === null
        ? unmeasured(ID.overIdle, 'rpm', map, 'the idle speed is not known')
        : single(ID.overIdle, 'rpm', map, rpm - idle, { facts: { resume: rpm, idle } }),
    );
    if (regions.limiterRpm !== null)
      metrics.push(single(ID.ofLimiter, '%', map, (rpm / regions.limiterRpm) * 100, { facts: { resume: rpm } }));
    return metrics;
  }
  return [];
}

/** Warm idle: the motorcycle's, else the least target of the tune. */
function idleOf(tune: Tune, motorcycle: Motorcycle | null): number | null {
  if (motorcycle?.idleRpm != null) return motorcycle.idleRpm;
  const targets = tune.maps.filter((m: TuneMap) => isRole(m, 'idle.target') && isLive(m) && /rpm/i.test(m.unit));
  const values = targets.flatMap(finiteCells).filter((v) => v >= 500 && v <= 3_000);
  return values.length === 0 ? null : Math.min(...values);
}

export const family: MetricFamily = {
  id: 'overrun',
  metrics: [
    { id: ID.overIdle, unit: 'rpm', title: 'Where fuel comes back on the overrun, over idle', worse: 'below' },
    {
      id: ID.ofLimiter,
      unit: '%',
      title: 'Where fuel comes back on the overrun, in percent of the limiter',
      worse: 'above',
    },
    { id: ID.throttle, unit: '%', title: 'Throttle below which the overrun fuel cut acts', worse: 'above' },
    { id: ID.off, unit: 'cuts', title: 'Overrun fuel cut switched off', worse: 'above' },
  ],
  measure,
};
