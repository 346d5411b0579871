/** One hand-made fault for each metric around the main maps, and the number it must give. */
import { describe, expect, test } from 'vitest';
import { testAxis } from '../roles/test-maps.ts';
import { cellOf, LOADS, roadTune } from '../test-tune.ts';
import {
  add,
  bytes,
  type Case,
  changed,
  curve,
  grip,
  lambda,
  plus,
  road,
  scalar,
  settings,
  spark,
  twin,
  volts,
  worstOf,
} from './test-measure.ts';

const cases: [string, string, Case, number | null | undefined][] = [
  // launch, quickshifter
  [
    'late launch',
    'launch.timing.min',
    { tune: settings(add(road(), scalar('lnchRetard', -15)), { launchEnable: 'Yes' }) },
    -15,
  ],
  [
    'launch off',
    'launch.timing.min',
    { tune: settings(add(road(), scalar('lnchRetard', -15)), { launchEnable: 'No' }) },
    undefined,
  ],
  [
    'no gate',
    'launch.ungated.count',
    { tune: settings(road(), { launchControlEnabled: 'true', launchActivationMode: 'Always Active' }) },
    1,
  ],
  [
    'kill time',
    'quickshifter.cut.ms',
    { tune: add(road(), curve('Quickshift kill time', [80, 150], { role: 'launch.quickshift', unit: 'ms' })) },
    150,
  ],
  // sensors
  ['throttle sensor', 'sensor.throttle.span', { tune: add(road(), scalar('tpsMin', 50), scalar('tpsMax', 52)) }, 2],
  [
    'coolant curve',
    'sensor.curve.offStock.K',
    {
      tune: add(road(), curve('s', [0, 30, 60, 95], { role: 'sensor.coolant', unit: '°C' })),
      stock: add(road(), curve('s', [0, 30, 60, 80], { role: 'sensor.coolant', unit: '°C' })),
    },
    15,
  ],
  [
    'pressure scale',
    'sensor.scale.offStock.percent',
    {
      tune: add(road(), scalar('mapMin', 20), scalar('mapMax', 260)),
      stock: add(road(), scalar('mapMin', 20), scalar('mapMax', 120)),
    },
    140,
  ],
  [
    'hot default',
    'sensor.default.hot',
    { tune: add(road(), scalar('Engine temp sensor default', 130, { role: 'sensor.default', unit: '°C' })) },
    130,
  ],
  [
    'coolant axis',
    'axis.coolant.max',
    {
      tune: add(
        road(),
        curve('w', [150, 100], {
          role: 'enrichment.warmup',
          unit: '%',
          axes: [testAxis('x', [0, 240], 'coolantTemperature', 'C')],
        }),
      ),
    },
    240,
  ],
  // spark shape
  [
    'load step',
    'spark.surface.loadStep.max',
    { tune: changed('spark', (v) => v + 20, [cellOf(6000, 60)]), stock: null },
    20.8,
  ],
  [
    'falls with speed',
    'spark.fullLoad.speedDrop.max',
    { tune: changed('spark', (v) => v - 12, [cellOf(6000, 100)]), stock: null },
    12 - 1000 / 450,
  ],
  [
    'cylinders apart',
    'spark.cylinderSplit.max',
    {
      tune: add(road(), twin('two', '2', plus(spark(), 7)), twin('one', '1', spark())),
      stock: add(road(), twin('two', '2', plus(spark(), 2)), twin('one', '1', spark())),
    },
    5,
  ],
  [
    'idle steps',
    'spark.idle.step.max',
    { tune: add(road(), curve('i', [5, 20, 10], { role: 'spark.idle', unit: '°' })) },
    15,
  ],
  [
    'late idle',
    'spark.idle.advance.min',
    { tune: add(road(), curve('i', [-5, 10], { role: 'spark.idle', unit: '°' })) },
    -5,
  ],
  [
    'late cranking',
    'spark.cranking.advance.min',
    { tune: add(road(), scalar('c', -3, { role: 'spark.cranking', unit: '°' })) },
    -3,
  ],
  // dwell
  [
    'dwell rises',
    'dwell.overVoltage.rising.count',
    { tune: add(road(), curve('d', [2, 3, 4], { role: 'dwell', unit: 'ms', axes: volts([10, 12, 14]) })) },
    2,
  ],
  [
    'dwell over a falling axis',
    'dwell.overVoltage.rising.count',
    { tune: add(road(), curve('d', [2, 3, 4], { role: 'dwell', unit: 'ms', axes: volts([14, 12, 10]) })) },
    0,
  ],
  [
    'dwell at 13.5 V',
    'dwell.running.max',
    { tune: add(road(), curve('d', [7, 5, 3], { role: 'dwell', unit: 'ms', axes: volts([8, 11, 12]) })) },
    3,
  ],
  [
    'limit off',
    'dwell.limit.off.count',
    { tune: add(road(), scalar('l', 8, { role: 'dwell.limit', unit: 'ms', inUse: false })) },
    1,
  ],
  // heat
  [
    'protection gone',
    'heat.protection.absent.percent',
    {
      tune: add(
        road(),
        bytes('Overheat soft', [255], { role: 'protection', unit: '°C' }),
        bytes('Overheat hard', [140], { role: 'protection', unit: '°C' }),
      ),
    },
    50,
  ],
  [
    'a temperature from which knock is heard',
    'heat.protection.absent.percent',
    {
      tune: add(
        road(),
        bytes('Engine temperature threshold for knock control', [255], { role: 'protection.knock', unit: '°C' }),
      ),
    },
    undefined,
  ],
  [
    'fan hysteresis',
    'heat.fan.hysteresis.max',
    { tune: add(road(), scalar('off', 70, { role: 'fan.off', unit: '°C' })) },
    35,
  ],
  // limiter
  [
    'neutral limit raised',
    'limiter.special.overStock.percent',
    {
      tune: add(road(), scalar('n', 9900, { role: 'revLimiter.neutral', unit: 'rpm' })),
      stock: add(road(), scalar('n', 9000, { role: 'revLimiter.neutral', unit: 'rpm' })),
    },
    10,
  ],
  [
    'second limiter raised under the first',
    'limiter.overStock.percent',
    {
      tune: add(road(), scalar('2', 11_000, { role: 'revLimiter', unit: 'rpm' })),
      stock: add(road(), scalar('2', 10_000, { role: 'revLimiter', unit: 'rpm' })),
    },
    10,
  ],
  [
    'fuel after spark',
    'limiter.fuelOverSpark.rpm',
    {
      tune: add(
        road(),
        scalar('Fuel cut', 11_800, { role: 'revLimiter', unit: 'rpm' }),
        scalar('Spark cut', 11_200, { role: 'revLimiter', unit: 'rpm' }),
      ),
    },
    600,
  ],
  [
    'wide pair',
    'limiter.hysteresis.max',
    { tune: add(road(), curve('p', [11_000, 10_000], { role: 'revLimiter', unit: 'rpm' })) },
    1000,
  ],
  // throttle
  [
    'held open',
    'throttle.closedGrip.max',
    {
      tune: add(
        road(),
        grip('g', '1', (g) => 20 + g * 0.8),
      ),
    },
    20,
  ],
  [
    'falls, in counts',
    'throttle.fallsWithGrip.max',
    {
      tune: add(
        road(),
        grip('g', '1', (g) => (g === 50 ? 100 : g * 10), ''),
      ),
    },
    30,
  ],
  [
    'gear step',
    'throttle.gearStep.overStock.max',
    {
      tune: add(
        road(),
        grip('g1', '1', (g) => g),
        grip('g2', '2', (g) => g * 0.7),
      ),
      stock: add(
        road(),
        grip('g1', '1', (g) => g),
        grip('g2', '2', (g) => g),
      ),
    },
    30,
  ],
  // file
  ['no fuel at full load', 'map.fullLoad.zero.count', { tune: changed('fuel', () => 0) }, 4],
  ['checksum', 'file.checksum.wrong.count', { tune: settings(road(), { 'revsync.checksum': 'wrong' }) }, 1],
  [
    'duplicates disagree',
    'axis.duplicateBreakpoints.step.max',
    {
      tune: roadTune(({ fuel }) => {
        fuel!.axes[0] = { ...fuel!.axes[0]!, breakpoints: LOADS.map((l) => (l === 50 ? 40 : l)) };
      }),
    },
    ((3.2 - 2.8) / (1 + 50 * 0.04 + 1000 / 9000)) * 100,
  ],
  // mixture against stock
  [
    'leaner target',
    'mixture.fullLoad.leanerThanStock.max',
    { tune: add(road(), lambda(0.95)), stock: add(road(), lambda(0.88)) },
    (0.95 / 0.88 - 1) * 100,
  ],
  // closed loop
  [
    'narrowband',
    'closedLoop.narrowband.target.off',
    { tune: settings(add(road(), lambda(0.9)), { egoType: 'Narrow Band', egoAlgorithm: 'Simple' }) },
    0.1,
  ],
  [
    'probe not used',
    'closedLoop.off.count',
    { tune: settings(road(), { egoType: 'Wide Band', egoAlgorithm: 'No correction' }) },
    1,
  ],
  // cold start
  [
    'cranking',
    'enrichment.cranking.at20.min',
    {
      tune: add(
        road(),
        curve('c', [100, 40], {
          role: 'enrichment.cranking',
          unit: '%',
          axes: [testAxis('x', [0, 40], 'coolantTemperature', 'C')],
        }),
      ),
    },
    70,
  ],
  [
    'nothing when cold',
    'enrichment.cold.factor',
    {
      tune: add(
        road(),
        curve('w', [100, 100, 100], {
          role: 'enrichment.warmup',
          unit: '%',
          axes: [testAxis('x', [-20, 0, 80], 'coolantTemperature', 'C')],
        }),
        curve('a', [0, 0], {
          role: 'enrichment.afterStart',
          unit: '%',
          axes: [testAxis('x', [0, 80], 'coolantTemperature', 'C')],
        }),
      ),
    },
    100,
  ],
  [
    'threshold',
    'enrichment.acceleration.threshold',
    { tune: settings(add(road(), scalar('taeThresh', 0)), { aeMode: 'TPS' }) },
    0,
  ],
];

describe('a fault and its number', () => {
  test.each(cases)('%s: %s', (_, id, given, expected) => {
    const value = worstOf(given, id);
    if (typeof expected === 'number' && typeof value === 'number') expect(value).toBeCloseTo(expected, 6);
    else expect(value).toBe(expected);
  });
});
