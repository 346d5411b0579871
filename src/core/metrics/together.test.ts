/** What acts beside the main maps: corrections, trims, constants and settings of a project, against stock and by themselves. */
import { describe, expect, test } from 'vitest';
import type { TuneMap } from '../model.ts';
import { testAxis } from '../roles/test-maps.ts';
import { roadTune } from '../test-tune.ts';
import { add, curve, measured, scalar, settings, worstOf } from './test-measure.ts';

const road = roadTune;
const over = (
  quantity: 'airTemperature' | 'coolantTemperature' | 'batteryVoltage',
  points: number[],
): TuneMap['axes'] => [testAxis('x', points, quantity, quantity === 'batteryVoltage' ? 'V' : '°C')];
const air = over('airTemperature', [-20, 0, 20, 40, 80]);
const byAir = (values: number[], given: Partial<TuneMap> = {}) =>
  curve('airDenRates', values, { role: 'correction.airTemperature', unit: '%', axes: air, ...given });
const byCoolant = (title: string, values: number[]) =>
  curve(title, values, {
    role: 'correction.spark',
    unit: '°',
    axes: over('coolantTemperature', [0, 40, 80, 100, 120]),
  });

const SPARK = 'spark.stacked.overStock.max';
const FUEL = 'fuel.stacked.leanerThanStock.max';

describe('corrections of a warm engine are summed with the map', () => {
  test('spark: base and correction together, by the worst warm cell', () => {
    const tune = add(
      roadTune(({ spark }) => {
        spark!.cells = spark!.cells.map((v) => v + 2);
      }),
      byCoolant('cltAdvValues', [0, 0, 3, 3, 9]),
    );
    // 120 °C lies past what a warm engine is judged at.
    expect(worstOf({ tune, stock: add(road(), byCoolant('cltAdvValues', [0, 0, 0, 0, 0])) }, SPARK)).toBeCloseTo(5, 6);
  });

  test('a cold correction alone is none of full load', () => {
    const tune = add(road(), byCoolant('cltAdvValues', [9, 9, 0, 0, 0]));
    expect(worstOf({ tune, stock: add(road(), byCoolant('cltAdvValues', [0, 0, 0, 0, 0])) }, SPARK)).toBeUndefined();
  });

  test('a table of retard counts the other way round', () => {
    const stock = add(road(), byCoolant('iatRetRates', [0, 0, 6, 6, 6]));
    const [less, more] = [
      [0, 0, 1, 1, 1],
      [0, 0, 9, 9, 9],
    ].map((v) => add(road(), byCoolant('iatRetRates', v)));
    expect(worstOf({ tune: less!, stock }, SPARK)).toBeCloseTo(5, 6);
    expect(worstOf({ tune: more!, stock }, SPARK)).toBeUndefined();
  });

  test('fuel: the factors multiply', () => {
    const lean = roadTune(({ fuel }) => {
      fuel!.cells = fuel!.cells.map((v) => v * 0.95);
    });
    const given = {
      tune: add(lean, byAir([110, 105, 90, 90, 80])),
      stock: add(road(), byAir([110, 105, 100, 100, 80])),
    };
    expect(worstOf(given, FUEL)).toBeCloseTo((1 - 0.95 * 0.9) * 100, 6);
  });

  test('a richer map that makes up for larger injectors is no lean one', () => {
    const rich = roadTune(({ fuel }) => {
      fuel!.cells = fuel!.cells.map((v) => v * 1.4);
    });
    const flow = (value: number) => scalar('injector_flow', value, { unit: 'cm3/min' });
    expect(worstOf({ tune: add(road(), flow(1400)), stock: add(road(), flow(1000)) }, FUEL)).toBeCloseTo(28.571428, 5);
    expect(worstOf({ tune: add(rich, flow(1400)), stock: add(road(), flow(1000)) }, FUEL)).toBeCloseTo(0, 6);
  });

  test('trims of cylinders count once, and without stock against nothing', () => {
    const trim = (n: number, value: number) =>
      curve(`fuelTrims${n}_table`, [value, value], { role: 'fuel.trim', unit: '%' });
    const tune = add(road(), trim(1, -14), trim(2, -10));
    expect(worstOf({ tune }, 'fuel.takenByTrims.max')).toBeCloseTo(14, 6);
    expect(worstOf({ tune, stock: add(road(), trim(1, 0), trim(2, 0)) }, FUEL)).toBeCloseTo(14, 6);
  });
});

describe('settings', () => {
  const words = (said: Record<string, string>) => settings(road(), said);
  test.each([
    ['settings.layout.changed.count', 'TrigPattern', 'Missing Tooth', 'Dual Wheel'],
    ['settings.load.changed.count', 'algorithm', 'MAP', 'TPS'],
    ['settings.protection.off.count', 'engineProtectType', 'Off', 'Spark Only'],
    ['settings.other.changed.count', 'aeMode', 'MAP', 'TPS'],
  ])('%s: %s', (id, name, now, was) => {
    const given = { tune: words({ [name]: now, same: 'a' }), stock: words({ [name]: was, same: 'a' }) };
    expect(worstOf(given, id)).toBe(1);
    expect(measured(given).filter((m) => m.id.startsWith('settings.') && (m.value ?? 0) > 0)).toHaveLength(1);
    expect(worstOf({ ...given, tune: given.stock }, id)).toBe(0);
  });

  test('pins, logs and what the tool says of itself are no settings of an engine; a protection switched on is none lost', () => {
    const given = {
      tune: words({ fanPin: 'A1', tsCanId: '1', knock_mode: 'Digital' }),
      stock: words({ fanPin: 'A2', tsCanId: '0', knock_mode: 'Off' }),
    };
    expect(worstOf(given, 'settings.protection.off.count')).toBe(0);
    expect(worstOf(given, 'settings.other.changed.count')).toBe(1);
  });

  test.each([
    ['fixAngEnable', 'On', 'Off', 'FixAng'],
    ['timing_flags', 'Fixed Timing', 'Use Table', 'fixed_timing'],
    ['timingMode', 'fixed', 'dynamic', 'fixedTiming'],
  ])('%s "%s" holds the timing fixed', (name, fixed, free, angle) => {
    const project = (word: string) => add(words({ [name]: word }), scalar(angle, 10, { unit: '°' }));
    const found = measured({ tune: project(fixed) }).find((m) => m.id === 'spark.fixed.count');
    expect(found).toMatchObject({ value: 1, facts: { setting: name, angle: 10 } });
    expect(worstOf({ tune: project(free) }, 'spark.fixed.count')).toBe(0);
  });
});

describe('one number', () => {
  test('a trigger reference goes round once', () => {
    const project = (deg: number) => add(road(), scalar('TrigAng', deg, { unit: '°' }));
    const moved = (to: number) =>
      worstOf({ tune: project(to), stock: project(355) }, 'spark.triggerReference.changedFromStock.deg');
    expect(moved(5)).toBe(10);
    expect(moved(355)).toBe(0);
  });

  test('dwell times its correction at charging voltage', () => {
    const dwell = scalar('dwellrun', 3, { role: 'dwell.running', unit: 'ms' });
    const rates = (high: number) =>
      curve('dwellRates', [200, 120, high], {
        role: 'correction.dwell',
        unit: '%',
        axes: over('batteryVoltage', [8, 12, 14]),
      });
    expect(worstOf({ tune: add(road(), dwell, rates(220)) }, 'dwell.running.max')).toBeCloseTo(6.6, 6);
    expect(worstOf({ tune: add(road(), dwell, rates(95)) }, 'dwell.running.max')).toBeCloseTo(3, 6);
  });

  test('each step of a limiter has a resume of its own', () => {
    const steps = (soft: number) =>
      add(
        road(),
        scalar('Soft Limit Trigger', 6750, { role: 'revLimiter.soft', unit: 'rpm' }),
        scalar('Soft Limit Recharge', soft, { role: 'revLimiter.resume', unit: 'rpm' }),
        scalar('Hard Limit Trigger', 6800, { role: 'revLimiter.hard', unit: 'rpm' }),
        scalar('Hard Limit Recharge', 6700, { role: 'revLimiter.resume', unit: 'rpm' }),
      );
    expect(worstOf({ tune: steps(6650) }, 'limiter.hysteresis')).toBe(100);
    expect(worstOf({ tune: steps(6900) }, 'limiter.hysteresis')).toBe(-150);
  });

  test('a boost limit at the end of its range counts as raised', () => {
    const limit = (value: number, unset = false) =>
      scalar('Boost Limit', value, { role: 'boost.limit', unit: '%', unset });
    const given = { tune: add(road(), limit(318, true)), stock: add(road(), limit(220)) };
    expect(worstOf(given, 'boost.cut.overStock.percent')).toBeCloseTo(44.545, 2);
  });
});
