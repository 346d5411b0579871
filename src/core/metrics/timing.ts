/** What stands above the spark map of a project: timing held fixed, the reference of the crank sensor, and where cranking ends. */
import type { Tune, TuneMap } from '../model.ts';
import { isLive, single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  fixed: 'spark.fixed.count',
  reference: 'spark.triggerReference.changedFromStock.deg',
  cranking: 'cranking.endSpeed.rpm',
} as const;

/** Setting, the word that holds the timing fixed, and the angle: Speeduino, MegaSquirt, rusEFI. The map is then not looked at. */
const FIXED: { setting: string; word: RegExp; angle: string }[] = [
  { setting: 'fixAngEnable', word: /^(on|yes|true)$/i, angle: 'FixAng' },
  { setting: 'timing_flags', word: /^fixed/i, angle: 'fixed_timing' },
  { setting: 'timingMode', word: /^fixed$/i, angle: 'fixedTiming' },
];
/** Angle between the sensor's tooth and the crank: every spark moves with it. */
const REFERENCE = /^(TrigAng|triggerAngle|globalTriggerAngleOffset|adv_offset)$/i;
/** Below this speed cranking fuel and cranking advance are used. */
const CRANKING = /^(crankRPM|cranking_rpm|crankingRPM)$/i;

const named = (tune: Tune, name: RegExp): TuneMap | undefined =>
  tune.maps.find((m) => name.test(m.title) && m.kind === 'scalar' && isLive(m));

function measure({ tune, stock }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  const { settings } = tune.facts;
  for (const { setting, word, angle } of FIXED) {
    const said = settings[setting];
    if (said === undefined) continue;
    const map = tune.maps.find((m) => m.role === 'spark') ?? null;
    const at = tune.maps.find((m) => m.title === angle)?.cells[0] ?? Number.NaN;
    metrics.push({
      ...single(ID.fixed, 'settings', map, word.test(said) ? 1 : 0, { facts: { setting, angle: at } }),
      cells: [],
    });
    break;
  }
  const reference = named(tune, REFERENCE);
  const known = reference === undefined ? undefined : stock?.maps.get(reference.id);
  if (reference !== undefined && known !== undefined && (known.equal || known.map !== null)) {
    const [now, was] = [reference.cells[0]!, known.map?.cells[0] ?? reference.cells[0]!];
    // Once round is the same place.
    const off = Math.abs(now - was) % 360;
    metrics.push(
      single(ID.reference, '°', reference, Math.min(off, 360 - off), {
        reference: stock!.kind,
        facts: { tune: now, stock: was },
      }),
    );
  }
  const cranking = named(tune, CRANKING);
  if (cranking !== undefined && cranking.cells[0]! > 0)
    metrics.push(single(ID.cranking, 'rpm', cranking, cranking.cells[0]!));
  return metrics;
}

export const family: MetricFamily = {
  id: 'timing',
  metrics: [
    { id: ID.fixed, unit: 'settings', title: 'Spark timing held fixed', worse: 'above' },
    { id: ID.reference, unit: '°', title: 'Reference of the crank sensor against stock', worse: 'above' },
    { id: ID.cranking, unit: 'rpm', title: 'Engine speed at which cranking ends', worse: 'above' },
  ],
  measure,
};
