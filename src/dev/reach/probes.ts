/** One probe for each rule that neither the proving ground nor a file as it is makes fire. */
import type { TuneMap } from '../../core/model.ts';
import { all, axis, both, type Change, cells, numbers, type Probe, patch, raw, reversed, word } from './probe.ts';

/** A running project of a Hayabusa with most of its tables set; the same bike by throttle; a two-stroke; a turbo base tune. */
const BUSA = 'msq/speeduino-hayabusa/online_current_tune.msq';
const BUSA_BY_THROTTLE = 'msq/speeduino-hayabusa/Busa_CurrentTune.msq';
/** Firmware that has knock control. */
const BUSA_OF_2025 = 'msq/speeduino-hayabusa/Hayabusa-R1_CurrentTune.msq';
const TWO_STROKE = 'msq/microsquirt-am6/CurrentTune.msq';
const TURBO = 'msq/rusefi-mega100/mega100_base_tune.msq';
const CBR500 = 'xdf-bin/cbr500r-mgz/38770-MGZ-A03.bin by 38770-MGZ.xdf';
const MSX125 = 'xdf-bin/msx125-k26-911/38770-K26-911.bin by 38770-K26-911.xdf';
const CBR1000 = 'xdf-bin/cbr1000rr-mgp/38770-MGP-A01.bin by CBR1000RR_2012_US.xdf';
const GM_P01 =
  'xdf-bin/gm-p01-12212156/2002 Silverado 5.3 Truck MT 12212156.bin by OS12212156 - 2002 512kB PCM - v6 - no password.xdf';
const VOLVO740 = 'msq/ms3-volvo740/CurrentTune.msq';
const NISSAN = 'xdf-bin/nissan-s13-sr20/sr20det.bin by S13RT.xdf';
const BUELL = 'buell-eeprom/bueib/BUEIB.eeprom';

/** Full load at the middle of the speeds, with everything as it should be. */
const RIDE = { RPM: 7000, TPS: 95, MAP: 98, AFR: 14.6, 'CLT(C)': 88, 'IAT(C)': 30, 'Battery V': 14, 'Duty Cycle': 60 };

/** A closed loop that corrects, with a probe of that kind. */
const closedLoop = (probe: string, ...more: Change[]): Change =>
  both(word('egoType', probe), word('egoAlgorithm', 'Simple'), ...more);
/** A flag in its other position. */
const toggled = (id: string, mask: number): Change => ({
  says: `${id}: the other position`,
  make(editor, find) {
    const map: TuneMap = find(id);
    return map.raw !== null && editor.setRaw(map, 0, map.raw[0]! ^ mask) !== null;
  },
});
const rising = (from: number, step: number) => (_: number, i: number) => from + step * i;

export const probes: Probe[] = [
  { rule: 'acceleration-cold-missing', file: BUSA, change: all('aeColdPct', 90) },
  { rule: 'acceleration-enrichment-large', file: BUSA, change: all('taeRates', 252) },
  { rule: 'acceleration-enrichment-long', file: BUSA, change: all('aeTime', 2500) },
  { rule: 'acceleration-threshold-zero', file: BUSA, change: all('taeThresh', 0) },
  { rule: 'after-start-large', file: BUSA, change: all('asePct', 100) },
  { rule: 'after-start-long', file: BUSA, change: all('aseCount', 120) },
  {
    rule: 'air-temperature-correction-strong',
    file: BUSA,
    change: cells('airDenRates', 'falls by 15 points a step', rising(160, -15)),
  },
  { rule: 'bank-angle-switched-off', file: MSX125, change: toggled('tip-over-sensor-enabled@0x760E', 0xff) },
  { rule: 'barometric-correction-missing', file: BUSA_BY_THROTTLE, change: word('multiplyMAP', 'Off') },
  {
    rule: 'barometric-slope-off',
    file: BUSA_BY_THROTTLE,
    change: cells('baroFuelValues', 'rises by 15 points a step', rising(50, 15)),
  },
  { rule: 'boost-cut-absent', file: TURBO, change: all('boostCutPressure', 0) },
  {
    rule: 'boost-cut-high',
    file: TWO_STROKE,
    change: both(
      word('boost_ctl_settings_on', 'On'),
      word('boost_ctl_settings_cl', 'Closed-loop'),
      word('OverBoostOption', 'Fuel Cut'),
      all('OverBoostKpa', 200),
    ),
  },
  {
    rule: 'boost-over-stock',
    file: TWO_STROKE,
    change: both(
      word('boost_ctl_settings_on', 'On'),
      word('boost_ctl_settings_cl', 'Closed-loop'),
      all('boost_ctl_load_targets', 150),
    ),
    against: 'itself',
  },
  {
    rule: 'changed-map-unseen',
    file: TWO_STROKE,
    change: null,
    against: 'msq/microsquirt-am6/MSBeta_2022-05-30.msq',
  },
  { rule: 'closed-loop-authority-wide', file: BUSA, change: closedLoop('Wide Band', all('egoLimit', 60)) },
  { rule: 'closed-loop-begins-early', file: BUSA, change: closedLoop('Wide Band', all('egoTemp', 0)) },
  { rule: 'closed-loop-begins-late', file: BUSA, change: closedLoop('Wide Band', all('egoTemp', 110)) },
  { rule: 'cold-start-fuel-absent', file: BUSA, change: both(all('wueRates', 100), all('asePct', 0)) },
  {
    rule: 'coolant-axis-impossible',
    file: BUSA,
    change: axis('wueRates', 'x', 'last breakpoint 200', (b) => b.map((v, i) => (i === b.length - 1 ? 200 : v))),
  },
  { rule: 'cranking-advance-low', file: BUSA, change: all('CrankAng', -10) },
  { rule: 'cranking-fuel-large', file: BUSA, change: all('crankingEnrichValues', 700) },
  { rule: 'cranking-fuel-rising', file: BUSA, change: reversed('crankingEnrichValues') },
  { rule: 'cranking-fuel-small', file: BUSA, change: all('crankingEnrichValues', 50) },
  { rule: 'cruise-mixture-lean', file: BUSA, change: all('lambdaTable', 1.2) },
  { rule: 'cruise-mixture-lean-two-stroke', file: TWO_STROKE, change: all('afrTable1', 16.5) },
  { rule: 'cruise-mixture-rich', file: BUSA, change: all('lambdaTable', 0.75) },
  {
    rule: 'cylinder-trim-clipped',
    file: BUSA,
    change: both(
      word('fuelTrimEnabled', 'Yes'),
      numbers('fuelTrim1rpmBins', 6, (i) => 1000 * (i + 1)),
      numbers('fuelTrim1loadBins', 6, (i) => 20 * (i + 1)),
      cells('fuelTrim1Table', 'a row at 50, the rest 0', (_, i) => (i < 6 ? 50 : 0)),
    ),
  },
  {
    rule: 'displacement-without-fuel',
    file: CBR500,
    change: null,
    conditions: { mods: ['big bore 600 cc'] },
    against: 'itself',
  },
  {
    rule: 'duplicate-breakpoints',
    file: BUSA,
    change: axis('veTable', 'x', 'the fifth as the fourth', (b) => b.map((v, i) => (i === 4 ? b[3]! : v))),
  },
  { rule: 'dwell-limit-switched-off', file: BUSA, change: word('useDwellLim', 'Off') },
  { rule: 'dwell-short', file: BUSA, change: all('dwellrun', 0.4) },
  { rule: 'ethanol-without-fuel', file: CBR500, change: null, conditions: { ethanolPercent: 85 }, against: 'itself' },
  { rule: 'fan-hysteresis-large', file: BUSA, change: both(word('fanEnable', 'On/Off'), all('fanHyster', 30)) },
  { rule: 'fuel-for-other-ethanol', file: BUSA, change: null, conditions: { ethanolPercent: 85 } },
  { rule: 'full-load-mixture-lean-two-stroke', file: TWO_STROKE, change: all('afrTable1', 16.5) },
  { rule: 'full-load-mixture-rich', file: BUSA, change: all('lambdaTable', 0.7) },
  { rule: 'full-load-mixture-rich-boosted', file: TURBO, change: all('lambdaTable', 9.5) },
  { rule: 'idle-advance-high', file: BUSA, change: both(word('idleAdvEnabled', 'Switched'), all('idleAdvValues', 48)) },
  { rule: 'idle-advance-low', file: BUSA, change: both(word('idleAdvEnabled', 'Switched'), all('idleAdvValues', -12)) },
  {
    rule: 'idle-advance-uneven',
    file: BUSA,
    change: both(word('idleAdvEnabled', 'Switched'), cells('idleAdvValues', 'rises by 14 a step', rising(-10, 14))),
  },
  {
    rule: 'idle-hot-over-cold',
    file: BUSA,
    change: both(word('iacAlgorithm', 'PWM Closed loop'), reversed('iacCLValues')),
  },
  { rule: 'idle-mixture-lean', file: BUSA, change: all('lambdaTable', 1.2) },
  { rule: 'idle-mixture-rich', file: BUSA, change: all('lambdaTable', 0.7) },
  {
    rule: 'injector-capacity-short',
    file: TURBO,
    change: all('injector_flow', 60),
    bike: 'kawasaki/ninja-h2-2015-2018',
  },
  { rule: 'injector-dead-time-long', file: BUSA, change: all('injOpen', 3) },
  { rule: 'injector-dead-time-rising', file: TURBO, change: reversed('injector_battLagCorr') },
  { rule: 'injector-duty-cap-high', file: BUSA, change: all('dutyLim', 100) },
  {
    rule: 'knock-control-off',
    file: NISSAN,
    change: toggled('0038-bit-4-knock-sensor-flag@0x38', 0x10),
    against: 'itself',
  },
  ...(
    [
      ['knock-retard-long', 20],
      ['knock-retard-short', 1],
    ] as const
  ).map(([rule, most]) => ({
    rule,
    file: BUSA_OF_2025,
    change: both(word('knock_mode', 'Digital'), all('knock_maxRetard', most)),
  })),
  {
    rule: 'launch-without-gate',
    file: TURBO,
    change: both(
      word('launchControlEnabled', 'true'),
      word('launchActivationMode', 'Always Active(Disabled By Speed)'),
      all('launchSpeedThreshold', 0),
    ),
  },
  {
    rule: 'spark-rises-with-pressure',
    file: VOLVO740,
    change: cells('advanceTable1', 'the loads of the upper quarter 12° more', (v, i) => (i < 192 ? v : v + 12)),
  },
  {
    rule: 'limiter-hysteresis-large',
    file: CBR500,
    change: cells('in-gear-fuel-cut@0x2BFA2', 'resume 600 rpm lower', (v, i) => (i === 0 ? v - 600 : v)),
  },
  { rule: 'limiter-switched-off', file: BUSA, change: word('engineProtectType', 'Off') },
  {
    rule: 'limiter-under-stock',
    file: CBR500,
    change: cells('in-gear-fuel-cut@0x2BFA2', 'half', (v) => v / 2),
    against: 'itself',
  },
  {
    rule: 'main-table-not-set',
    file: BUSA,
    change: axis('veTable', 'y', 'every breakpoint 510', (b) => b.map(() => 510)),
  },
  {
    rule: 'maps-end-before-boost',
    file: VOLVO740,
    change: both(
      word('boost_ctl_settings_on', 'On'),
      word('boost_ctl_settings_cl', 'Closed-loop'),
      all('boost_ctl_load_targets', 450),
    ),
  },
  {
    rule: 'mixture-target-impossible',
    file: BUSA,
    change: cells('lambdaTable', 'one row 3', (v, i) => (i < 16 ? 3 : v)),
  },
  { rule: 'narrowband-at-high-load', file: BUSA, change: closedLoop('Narrow Band', all('egoTPSMax', 95)) },
  { rule: 'narrowband-target-off', file: BUSA, change: closedLoop('Narrow Band', all('lambdaTable', 0.9)) },
  { rule: 'octane-margin-short', file: MSX125, change: null, conditions: { ron: 85 } },
  { rule: 'overheat-protection-absent', file: BUELL, change: raw('temperature-kill-limit-trigger@0x1EE', 0xffff) },
  {
    rule: 'overheat-protection-late',
    file: BUELL,
    change: cells('temperature-hard-limit-trigger@0x1EA', '10 more', (v) => v + 10),
    against: 'itself',
  },
  { rule: 'overrun-fuel-early', file: TURBO, change: all('coastingFuelCutRpmLow', 6000) },
  {
    rule: 'parts-without-fuel',
    file: CBR500,
    change: null,
    conditions: { mods: ['full exhaust'] },
    against: 'itself',
  },
  { rule: 'pressure-sensor-scale-moved', file: BUSA, change: all('mapMax', 400), against: 'itself' },
  { rule: 'speed-limit-changed', file: NISSAN, change: all('0031-top-speed-limit@0x31', 0), against: 'itself' },
  { rule: 'temperature-retard-removed', file: BUSA, change: all('iatRetRates', 0), against: 'itself' },
  { rule: 'throttle-sensor-flat', file: BUSA, change: both(all('tpsMin', 100), all('tpsMax', 104)) },
  {
    rule: 'trouble-codes-changed',
    file: CBR1000,
    change: patch('disable-exhaust-valve-fault-codes@0x28FDA', 'applied'),
    against: 'itself',
  },
  {
    rule: 'emission-function-changed',
    file: GM_P01,
    change: toggled('b1301-egr-system-enable@0x92AA', 0x01),
    against: 'itself',
  },
  {
    rule: 'sensor-curve-folds',
    file: GM_P01,
    change: cells('intake-air-temperature-sensor-calibration@0xE3BC', 'the ninth 60 more', (v, i) =>
      i === 8 ? v + 60 : v,
    ),
  },
  {
    rule: 'sensor-curve-moved',
    file: GM_P01,
    change: cells('intake-air-temperature-sensor-calibration@0xE3BC', '8 more', (v) => v + 8),
    against: 'itself',
  },
  {
    rule: 'traction-control-off',
    file: GM_P01,
    change: toggled('b6602-tcs-downshift-prevent@0x135EC', 0x01),
    against: 'itself',
  },
  {
    rule: 'quickshifter-cut-long',
    file: TWO_STROKE,
    change: both(word('shift_cut_on', 'On'), all('shift_cut_time', 0.3)),
  },
  {
    rule: 'throttle-restriction-removed',
    file: 'xdf-bin/vfr1200f-mge/38770-MGE-773_merged_maxValues.bin',
    change: null,
    against: 'xdf-bin/vfr1200f-mge/38770-MGE-773.bin',
  },
  { rule: 'warm-up-large', file: BUSA, change: cells('wueRates', 'the first 300', (v, i) => (i === 0 ? 300 : v)) },
  { rule: 'warm-up-rising', file: BUSA, change: reversed('wueRates') },
  // What only a ride shows: the project as it is, the ride made up.
  ...(
    [
      ['battery-low-measured', { 'Battery V': 11 }],
      ['coolant-hot-measured', { 'CLT(C)': 120 }],
      ['intake-air-hot-measured', { 'IAT(C)': 70 }],
      ['knock-measured', { 'Knock Count': 20 }],
      ['measured-injector-duty-high', { 'Duty Cycle': 99.5 }],
      ['measured-lean-at-full-load', { AFR: 16 }],
      ['measured-leaner-than-target', { RPM: 4000, TPS: 40, MAP: 50, AFR: 17 }],
      ['measured-richer-than-target', { AFR: 11.5 }],
      ['probe-at-its-end', { AFR: 22.4 }],
      ['ride-over-limiter', { RPM: 12200 }],
      ['ride-short-of-full-load', { TPS: 20, MAP: 45 }],
    ] satisfies [string, Record<string, number>][]
  ).map(([rule, own]) => ({ rule, file: BUSA, change: null, ride: { ...RIDE, ...own } })),
  // What acts beside the main maps of a project.
  { rule: 'boost-cut-over-stock', file: TURBO, change: all('boostCutPressure', 300), against: 'itself' },
  { rule: 'cranking-ends-late', file: TURBO, change: all('cranking_rpm', 2500) },
  { rule: 'fuel-leaner-with-corrections', file: TURBO, change: all('injector_flow', 1400), against: 'itself' },
  {
    rule: 'fuel-taken-by-trims',
    file: TWO_STROKE,
    change: both(word('usevetrim', 'Use VE Trim Tables'), all('veTrim1', -14)),
  },
  { rule: 'idle-under-stock', file: TURBO, change: all('cltIdleRpm', 500), against: 'itself' },
  { rule: 'limiter-switch-changed', file: CBR500, change: toggled('fuel-cut@0x17FC5', 0x01), against: 'itself' },
  { rule: 'load-source-changed', file: TURBO, change: word('fuelAlgorithm', 'Alpha-N'), against: 'itself' },
  { rule: 'map-in-use-erased', file: BUSA_BY_THROTTLE, change: word('fuelTrimEnabled', 'Yes') },
  { rule: 'overrun-cut-under-load', file: TURBO, change: all('coastingFuelCutTps', 80) },
  { rule: 'protection-switched-off', file: TURBO, change: word('lambdaProtectionEnable', 'false'), against: 'itself' },
  {
    rule: 'scale-disputed',
    file: 'xdf-bin/vfr1200f-mge/38770-MGE-773.bin by 38770-MGE-773_v2020.xdf',
    change: cells('ign-adv-g1-2-cyl-2@0x329DD', '2 less', (v) => Math.max(0, v - 2)),
  },
  { rule: 'settings-changed-from-stock', file: BUSA, change: word('aeMode', 'MAP'), against: 'itself' },
  { rule: 'spark-trims-add', file: TURBO, change: all('ignTrims1_table', 8) },
  { rule: 'spark-fixed', file: TURBO, change: word('timingMode', 'fixed') },
  {
    rule: 'spark-over-stock-with-corrections',
    file: BUSA,
    change: cells('cltAdvValues', '8 more', (v) => v + 8),
    against: 'itself',
  },
  { rule: 'trigger-reference-moved', file: TURBO, change: all('globalTriggerAngleOffset', 165), against: 'itself' },
  { rule: 'trigger-setup-changed', file: TURBO, change: word('trigger_type', '60-2'), against: 'itself' },
];
