/** Dangers of a project whose motorcycle and stock nobody knows: a limiter past its maps, spark that rises with pressure. */
import { describe, expect, test } from 'vitest';
import type { Tune, TuneMap } from '../model.ts';
import { testAxis, testMap, testTune } from '../roles/test-maps.ts';
import { scalar, worstOf } from './test-measure.ts';

const RPM = [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000];
const KPA = [30, 45, 60, 75, 85, 95, 120, 160];

const surface = (role: TuneMap['role'], unit: string, value: (kpa: number) => number, given: Partial<TuneMap> = {}) =>
  testMap({
    title: role,
    id: role,
    role,
    unit,
    rows: 8,
    columns: 8,
    axes: [testAxis('x', RPM, 'engineSpeed', 'rpm'), testAxis('y', KPA, 'intakePressure', 'kPa')],
    cells: Float64Array.from(KPA.flatMap((kpa) => RPM.map(() => value(kpa)))),
    ...given,
  });
const advance = (kpa: number): number => 40 - kpa / 8;
const project = (
  limiter: number,
  change: Partial<Record<'ve' | 'spark', Partial<TuneMap>>> = {},
  more: TuneMap[] = [],
): Tune =>
  testTune([
    surface('ve', '%', (kpa) => 40 + kpa / 4, change.ve),
    surface('spark', '°', advance, change.spark),
    testMap(scalar('limit', limiter, { role: 'revLimiter.hard', unit: 'rpm' })),
    ...more,
  ]);
const worst = (tune: Tune, id: string): number | null | undefined => worstOf({ tune, bike: null }, id);

describe('the limiter of the file itself against its maps', () => {
  const GAP = 'axis.speed.gapToLimiter.percent';

  test('is measured where no motorcycle is known', () => {
    expect(worst(project(8000), GAP)).toBe(0);
    expect(worst(project(16_000), GAP)).toBe(50);
    expect(worstOf({ tune: project(16_000), bike: { revLimitRpm: 10_000 } }, GAP)).toBeCloseTo(20, 6);
  });

  test('the lowest limiter in use counts, of one over temperature the highest', () => {
    const overTemperature = testMap({
      ...scalar('warm', 0, { role: 'revLimiter.hard', unit: 'rpm' }),
      columns: 3,
      cells: Float64Array.of(4000, 9000, 10_000),
    });
    expect(worst(project(16_000, {}, [overTemperature]), GAP)).toBeCloseTo(20, 6);
    expect(worst(project(16_000, {}, [{ ...overTemperature, inUse: false }]), GAP)).toBe(50);
  });
});

describe('spark from one pressure to the next', () => {
  const RISE = 'spark.highPressure.rise.max';
  const from = (least: number, add: number): Partial<TuneMap> => ({
    cells: Float64Array.from(KPA.flatMap((kpa) => RPM.map(() => advance(kpa) + (kpa >= least ? add : 0)))),
  });

  test('falls, or rises by what was added less the fall of that step', () => {
    expect(worst(project(8000), RISE)).toBe(0);
    expect(worst(project(8000, { spark: from(120, 10) }), RISE)).toBeCloseTo(10 - 25 / 8, 6);
  });

  test.each(['kPa', 'Load', ''])('is measured over pressure in "%s"', (unit) => {
    const axes = [testAxis('x', RPM, 'engineSpeed', 'rpm'), testAxis('y', KPA, 'intakePressure', unit)];
    expect(worst(project(8000, { spark: { ...from(120, 10), axes } }), RISE)).toBeCloseTo(6.875, 6);
  });

  test('may rise out of an idle valley, and over throttle it is another question', () => {
    expect(worst(project(8000, { spark: from(60, 10) }), RISE)).toBe(0);
    const throttle: Partial<TuneMap> = {
      ...from(120, 10),
      axes: [testAxis('x', RPM, 'engineSpeed', 'rpm'), testAxis('y', KPA, 'throttle', '%')],
    };
    expect(worst(project(8000, { spark: throttle }), RISE)).toBeUndefined();
  });
});
