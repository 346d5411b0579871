/** What is predicted from a tune and its stock, and what is refused with the reason. */
import { describe, expect, test } from 'vitest';
import type { Conditions, Tune, TuneMap } from '../model.ts';
import { computeRegions } from '../regions.ts';
import type { Report } from '../report.ts';
import { testAxis, testMap } from '../roles/test-maps.ts';
import { LOADS, roadTune, SPEEDS, stockOf, testMotorcycle } from '../test-tune.ts';
import { lookUp } from './operating-points.ts';
import { predictPerformance } from './predict.ts';

const NOTHING_SAID: Conditions = { ron: null, ethanolPercent: null, altitudeM: null, mods: [] };

/** A road tune with a mixture target: 0.95 at cruise, `wide` from 60 % throttle on. */
function withTarget(
  change: (maps: Record<string, TuneMap>) => void = () => {},
  settings: Record<string, string> = {},
): Tune {
  const target = testMap({
    title: 'target',
    role: 'lambdaTarget',
    unit: 'λ',
    rows: SPEEDS.length,
    columns: LOADS.length,
    axes: [testAxis('x', LOADS, 'throttle', '%'), testAxis('y', SPEEDS, 'engineSpeed', 'rpm')],
    cells: Float64Array.from(SPEEDS.flatMap(() => LOADS.map((load) => (load >= 60 ? 0.88 : 0.95)))),
  });
  const plain = roadTune();
  const maps = [...plain.maps, target];
  change(Object.fromEntries(maps.map((m) => [m.title, m])));
  return { ...plain, maps, facts: { ...plain.facts, settings } };
}

/** Adds maps of one value, as settings of a project are. */
const withScalars = (tune: Tune, values: Record<string, number>): Tune => ({
  ...tune,
  maps: [
    ...tune.maps,
    ...Object.entries(values).map(([title, value]) => testMap({ title, unit: '%', cells: Float64Array.of(value) })),
  ],
});

function predict(
  tune: Tune,
  stock: Tune,
  given: { mods?: string[]; strokes?: 2 | 4; peakPowerRpm?: number | null } = {},
): Report['performance'] {
  const motorcycle = testMotorcycle({
    strokes: given.strokes ?? 4,
    peakPowerRpm: given.peakPowerRpm === undefined ? 10_000 : given.peakPowerRpm,
  });
  const reference = stockOf(tune, stock);
  return predictPerformance({
    tune,
    motorcycle,
    stock: reference,
    conditions: { ...NOTHING_SAID, mods: given.mods ?? [] },
    regions: computeRegions(tune, motorcycle, reference),
  });
}

const loads = (
  map: TuneMap,
  from: number,
  change: (value: number) => number,
  below = Number.POSITIVE_INFINITY,
): void => {
  map.cells = map.cells.map((v, i) => {
    const load = LOADS[i % LOADS.length]!;
    return load >= from && load < below ? change(v) : v;
  });
};

test('the same maps: nothing changes, and no band pretends otherwise', () => {
  const p = predict(withTarget(), withTarget());
  expect(p.torque).toEqual({ changePercent: 0, lowPercent: 0, highPercent: 0 });
  expect(p.efficiency).toEqual({ changePercent: 0, lowPercent: 0, highPercent: 0 });
  expect(p.limiter).toMatchObject({ inertiaLoadPercent: 0, peakPowerPercent: 0 });
});

test('a richer target at full load: the number of the lambda curve with at least ±2 %', () => {
  const p = predict(
    withTarget((m) => loads(m['target']!, 60, () => 0.8)),
    withTarget(),
  );
  // 0.992 / 0.999
  expect(p.torque).toMatchObject({ changePercent: -0.7, lowPercent: -2.7, highPercent: 1.3 });
});

test('a leaner cruise saves fuel, or nothing where a probe corrects', () => {
  const p = predict(
    withTarget((m) => loads(m['target']!, 0, () => 1, 60)),
    withTarget(),
  );
  // 1.069 / 1.034
  expect(p.efficiency?.changePercent).toBeCloseTo(3.4, 1);
  expect(p.efficiency?.lowPercent).toBeLessThanOrEqual(0);
  expect(p.torque?.changePercent).toBe(0);
});

test('moved breakpoints count by what the engine gets at the same speed and load', () => {
  const moved = predict(
    withTarget((m) => {
      const map = m['target']!;
      // The whole table slides up: 80 % throttle now gets what 40 % got.
      map.axes = [
        testAxis(
          'x',
          LOADS.map((l) => l + 40),
          'throttle',
          '%',
        ),
        map.axes[1]!,
      ];
    }),
    withTarget(),
  );
  const term = moved.terms.find((t) => t.id === 'mixture at full load');
  expect(term?.reason).toMatch(/lambda 0\.88 to 0\.93/);
  expect(moved.torque).not.toEqual({ changePercent: 0, lowPercent: 0, highPercent: 0 });
});

test('a value between breakpoints, held at the ends, axes falling or rising', () => {
  const map = testMap({
    title: 'm',
    rows: 2,
    columns: 3,
    axes: [testAxis('x', [0, 50, 100], 'throttle', '%'), testAxis('y', [6000, 2000], 'engineSpeed', 'rpm')],
    cells: Float64Array.of(0, 10, 20, 100, 110, 120),
  });
  expect(lookUp(map, 25, 6000)).toBeCloseTo(5, 9);
  expect(lookUp(map, 25, 4000)).toBeCloseTo(55, 9);
  expect(lookUp(map, 400, 100)).toBeCloseTo(120, 9);
  expect(lookUp(map, Number.NaN, 4000)).toBeNaN();
});

describe('what cannot be known is refused with the reason', () => {
  const same = (): Tune => withTarget();
  test.each<[string, () => Report['performance'], RegExp]>([
    [
      'more spark',
      () =>
        predict(
          withTarget((m) => loads(m['spark']!, 60, (v) => v + 4)),
          same(),
        ),
      /best timing/,
    ],
    [
      'less spark',
      () =>
        predict(
          withTarget((m) => loads(m['spark']!, 60, (v) => v - 4)),
          same(),
        ),
      /more knock margin/,
    ],
    [
      'fuel without a target',
      () =>
        predict(
          roadTune((m) => loads(m['fuel']!, 60, (v) => v * 1.05)),
          roadTune(),
        ),
      /stock runs there is not in this file/,
    ],
    [
      'fuel and target',
      () =>
        predict(
          withTarget((m) => {
            loads(m['fuel']!, 60, (v) => v * 1.05);
            loads(m['target']!, 60, () => 0.86);
          }),
          same(),
        ),
      /both changed/,
    ],
    [
      'fuel with an exhaust',
      () =>
        predict(
          withTarget((m) => loads(m['fuel']!, 60, (v) => v * 1.05)),
          same(),
          { mods: ['full exhaust'] },
        ),
      /air the parts let in/,
    ],
    [
      'lambda out of range',
      () =>
        predict(
          withTarget((m) => loads(m['target']!, 60, () => 1.3)),
          same(),
        ),
      /0\.7 to 1\.15/,
    ],
    [
      'a two-stroke',
      () =>
        predict(
          withTarget((m) => loads(m['target']!, 60, () => 0.85)),
          same(),
          { strokes: 2 },
        ),
      /four-strokes/,
    ],
  ])('%s', (_, run, reason) => {
    const p = run();
    expect(p.torque).toBeNull();
    expect(p.reason).toMatch(/^torque unknown: /);
    expect(p.reason).toMatch(reason);
  });

  test('no stock', () => {
    const tune = same();
    const p = predictPerformance({
      tune,
      motorcycle: null,
      stock: null,
      conditions: NOTHING_SAID,
      regions: computeRegions(tune, null, null),
    });
    expect(p).toMatchObject({ torque: null, efficiency: null, reason: expect.stringContaining('stock') });
  });

  test('a limiter moved below where peak power is known', () => {
    const raised = withTarget((m) => {
      m['limiter']!.cells = Float64Array.of(12_000);
    });
    expect(predict(raised, same()).limiter).toMatchObject({ peakPowerPercent: 0, inertiaLoadPercent: 8.9 });
    expect(predict(raised, same(), { peakPowerRpm: null }).limiter).toMatchObject({ peakPowerPercent: null });
  });
});

describe('closed loop', () => {
  const settings = { egoType: 'Wide Band', egoAlgorithm: 'Simple' };
  const more = (share: number) => (m: Record<string, TuneMap>) => loads(m['fuel']!, 0, (v) => v * (1 + share));

  test('within its authority nothing changes, and the reason says so', () => {
    const limits = { egoLimit: 10, egoTPSMax: 100 };
    const p = predict(
      withScalars(withTarget(more(0.08), settings), limits),
      withScalars(
        withTarget(() => {}, settings),
        limits,
      ),
    );
    expect(p.torque).toMatchObject({ changePercent: 0 });
    expect(p.efficiency).toMatchObject({ changePercent: 0 });
    expect(p.reason).toMatch(/inside closed loop/);
  });
  test('what goes beyond the authority counts', () => {
    const limits = { egoLimit: 5, egoTPSMax: 100 };
    const p = predict(
      withScalars(withTarget(more(0.15), settings), limits),
      withScalars(
        withTarget(() => {}, settings),
        limits,
      ),
    );
    // 0.88 / 1.10 = 0.80: 0.992 / 0.999
    expect(p.torque?.changePercent).toBeCloseTo(-0.7, 1);
  });
  test('a narrowband probe holds cruise at its own mixture whatever the target says', () => {
    const narrow = { egoType: 'Narrow Band', egoAlgorithm: 'Simple' };
    const p = predict(
      withTarget((m) => loads(m['target']!, 0, () => 1.05, 60), narrow),
      withTarget(() => {}, narrow),
    );
    expect(p.efficiency).toMatchObject({ changePercent: 0 });
    expect(p.reason).toMatch(/narrowband/);
  });
});
