import { describe, expect, test } from 'vitest';
import { seededRandom } from '../dev/search-eval/seeded-random.ts';
import {
  FINGERPRINT_LAYOUT,
  FINGERPRINT_LENGTH,
  type Fingerprint,
  fingerprintOf,
  groupStart,
  likeness,
  limiterChange,
  meanChange,
  medianOf,
  similarityTo,
} from './fingerprint.ts';
import type { Tune } from './model.ts';
import { roadTune, stockOf } from './test-tune.ts';

const LIMITER_RPM = 11_500;

/** A tune with percent more fuel, degrees more advance, rpm more limiter. */
const changed = (percent: number, degrees: number, rpm = 0): Tune =>
  roadTune(({ fuel, spark, limiter }) => {
    fuel!.cells = fuel!.cells.map((v) => v * (1 + percent / 100));
    spark!.cells = spark!.cells.map((v) => v + degrees);
    limiter!.cells[0]! += rpm;
  });
const print = (tune: Tune) => fingerprintOf(tune, stockOf(tune), LIMITER_RPM);

describe('fingerprint', () => {
  test.each([
    [0, 0, 0],
    [6, 0, 0],
    [-8, 3, 0],
    [0, -5, 400],
  ])('%s %% fuel, %s degrees, %s rpm are found as such', (percent, degrees, rpm) => {
    const own = print(changed(percent, degrees, rpm));
    for (const part of ['upper', 'lower'] as const) {
      expect(meanChange(own, 'fuel', part)).toBeCloseTo(percent, 3);
      expect(meanChange(own, 'spark', part)).toBeCloseTo(degrees, 3);
    }
    expect(limiterChange(own)).toBeCloseTo(rpm, 3);
    expect(meanChange(own, 'throttle', 'upper')).toBeNaN();
  });

  test('without a stock there are values and no changes', () => {
    const own = fingerprintOf(roadTune(), null, LIMITER_RPM);
    expect([meanChange(own, 'fuel', 'upper'), own.values.some(Number.isFinite)]).toEqual([Number.NaN, true]);
  });

  test('a difference of raw counts is no number of degrees', () => {
    const raw = (degrees: number): Tune => {
      const tune = changed(0, degrees);
      return { ...tune, maps: tune.maps.map((m) => (m.role === 'spark' ? { ...m, unit: '', unitFrom: 'none' } : m)) };
    };
    const own = fingerprintOf(raw(4), stockOf(raw(4), raw(0)), LIMITER_RPM);
    expect(meanChange(own, 'spark', 'upper')).toBeNaN();
    // A map that equals stock's has changed by nothing, whatever its unit.
    expect(meanChange(fingerprintOf(raw(0), stockOf(raw(0), raw(0)), LIMITER_RPM), 'spark', 'upper')).toBe(0);
  });
});

describe('likeness', () => {
  test('the same change is nearer than a smaller one, that nearer than the opposite', () => {
    const own = print(changed(8, 2));
    const to = (tune: Tune): number => likeness(own, print(tune), null).similarity!;
    expect(to(changed(8, 2))).toBeCloseTo(1, 5);
    expect(to(changed(5, 1))).toBeGreaterThan(to(changed(0, 0)));
    expect(to(changed(0, 0))).toBeGreaterThan(to(changed(-8, -2)));
  });

  test('names what sets two apart, worst first', () => {
    const { apart, by } = likeness(print(changed(0, 0)), print(changed(2, 10)), null);
    expect([apart[0]!.id, by]).toEqual(['spark', 'change from stock']);
  });

  test('what could not be compared is named and takes away', () => {
    const whole = print(changed(5, 3));
    const blind = { ...whole, changes: whole.changes.map((v, i) => (i >= 72 && i < 108 ? Number.NaN : v)) };
    const like = likeness(whole, blind, null);
    expect(like.notCompared).toEqual(['spark']);
    expect(like.similarity).toBeLessThan(0.9);
  });

  test('without stock only one family is compared, by its median', () => {
    const [a, b] = [fingerprintOf(changed(0, 0), null, LIMITER_RPM), fingerprintOf(changed(10, 0), null, LIMITER_RPM)];
    expect(likeness(a, b, null).similarity).toBeNull();
    const like = likeness(a, b, medianOf([a.values, b.values]));
    expect([like.by, like.apart[0]!.id]).toEqual(['difference from the family', 'fuel']);
    expect(like.similarity).toBeLessThan(0.9);
  });

  test('another layout is never compared', () => {
    const own = print(roadTune());
    expect(likeness(own, { ...own, layout: 99 }, null).similarity).toBeNull();
  });
});

test('one against many gives what likeness gives, with unknown numbers, gaps and other layouts', () => {
  const random = seededRandom(5);
  const numbers = (): Float32Array =>
    Float32Array.from({ length: FINGERPRINT_LENGTH }, () => (random() < 0.02 ? Number.NaN : 40 * random() - 10));
  const without = (vector: Float32Array): Float32Array => {
    for (let g = 0; g < 4; g++) if (random() < 0.3) vector.fill(Number.NaN, groupStart(g), groupStart(g + 1));
    return random() < 0.2 ? vector.fill(Number.NaN) : vector;
  };
  const draw = (): Fingerprint => ({
    layout: random() < 0.05 ? 99 : FINGERPRINT_LAYOUT,
    values: without(numbers()),
    changes: without(numbers()),
  });
  const median = numbers();
  let compared = 0;
  for (let i = 0; i < 200; i++) {
    const [a, b] = [draw(), draw()];
    for (const by of [null, median]) {
      const expected = likeness(a, b, by).similarity;
      if (expected !== null) compared++;
      expect(similarityTo(a)(b, by)).toBe(expected ?? Number.NaN);
    }
  }
  expect(compared).toBeGreaterThan(200);
});
