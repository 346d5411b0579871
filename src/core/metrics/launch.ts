/** Launch control, flat shift and quickshifter, where a file holds them. */
import type { Tune, TuneMap } from '../model.ts';
import { finiteCells, isLive, isRole, single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = { timing: 'launch.timing.min', ungated: 'launch.ungated.count', cut: 'quickshifter.cut.ms' } as const;

/** Feature, setting that switches it, and the scalar of its timing in degrees: Speeduino, MegaSquirt, rusEFI. */
const TIMINGS: { setting: string; timing: string }[] = [
  { setting: 'launchEnable', timing: 'lnchRetard' },
  { setting: 'flatSEnable', timing: 'flatSRetard' },
  { setting: 'launch_opt_on', timing: 'launch_sft_deg' },
  { setting: 'launch_opt_on', timing: 'flats_deg' },
  { setting: 'enableLaunchRetard', timing: 'launchTimingRetard' },
];

const isOn = (tune: Tune, setting: string): boolean | null => {
  const said = tune.facts.settings[setting];
  return said === undefined ? null : !/^(off|no|false|disabled?|none)$/i.test(said);
};

function measure({ tune }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  for (const { setting, timing } of TIMINGS) {
    if (isOn(tune, setting) !== true) continue;
    const map = tune.maps.find((m) => m.title === timing && m.kind === 'scalar' && Number.isFinite(m.cells[0]));
    if (map !== undefined) metrics.push(single(ID.timing, '°', map, map.cells[0]!));
  }
  metrics.push(...ungated(tune));
  for (const map of tune.maps.filter(isCutTime)) {
    const factor = /^s$/i.test(map.unit) ? 1_000 : 1;
    const longest = Math.max(...finiteCells(map)) * factor;
    if (Number.isFinite(longest)) metrics.push(single(ID.cut, 'ms', map, longest));
  }
  return metrics;
}

const isCutTime = (map: TuneMap): boolean =>
  isRole(map, 'launch.quickshift') &&
  isLive(map) &&
  map.kind !== 'flag' &&
  map.unitFrom !== 'none' &&
  /^m?s$/i.test(map.unit);

/** rusEFI alone may hold launch control active without a switch; the others need a pin. Then a speed has to end it. */
function ungated(tune: Tune): Metric[] {
  const mode = tune.facts.settings['launchActivationMode'];
  if (mode === undefined || isOn(tune, 'launchControlEnabled') !== true) return [];
  const speed = tune.maps.find((m) => m.title === 'launchSpeedThreshold')?.cells[0] ?? 0;
  return [single(ID.ungated, 'launches', null, /always/i.test(mode) && !(speed > 0) ? 1 : 0, { facts: { speed } })];
}

export const family: MetricFamily = {
  id: 'launch',
  metrics: [
    { id: ID.timing, unit: '°', title: 'Least timing of launch control or flat shift', worse: 'below' },
    {
      id: ID.ungated,
      unit: 'launches',
      title: 'Launch control without a switch or a speed that ends it',
      worse: 'above',
    },
    { id: ID.cut, unit: 'ms', title: 'Longest cut of the quickshifter', worse: 'above' },
  ],
  measure,
};
