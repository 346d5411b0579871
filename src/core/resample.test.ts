import { describe, expect, test } from 'vitest';
import { movedBreakpoints, resampled } from './resample.ts';
import { testAxis, testMap } from './roles/test-maps.ts';

/** Value = 10·rpm/1000 + load, so that interpolation is exact. */
const plane = (rpm: number[], load: number[]) =>
  testMap({
    title: 'plane',
    rows: rpm.length,
    columns: load.length,
    axes: [testAxis('x', load, 'throttle', '%'), testAxis('y', rpm, 'engineSpeed', 'rpm')],
    cells: Float64Array.from(rpm.flatMap((n) => load.map((l) => n / 100 + l))),
  });
const stock = plane([1000, 2000, 4000], [0, 50, 100]);

describe('resampled', () => {
  test.each([
    ['the same axes', [1000, 2000, 4000], [0, 50, 100], 0],
    ['one breakpoint moved', [1000, 3000, 4000], [0, 50, 100], 1],
    ['both axes moved', [1500, 2500, 3500], [10, 20, 80], 6],
    ['an axis that descends', [4000, 2000, 1000], [100, 50, 0], 4],
  ])('%s', (_, rpm, load, moved) => {
    const tune = plane(rpm, load);
    expect(movedBreakpoints(tune, stock)).toBe(moved);
    expect(Array.from(resampled(tune, stock)!)).toEqual(Array.from(tune.cells));
  });

  test('past the ends the last value holds', () => {
    expect(Array.from(resampled(plane([500, 2000, 9000], [0, 50, 100]), stock)!)).toEqual([
      10, 60, 110, 20, 70, 120, 40, 90, 140,
    ]);
  });

  test('nothing can be looked up in an axis that turns back', () => {
    expect(resampled(stock, plane([1000, 4000, 2000], [0, 50, 100]))).toBeNull();
  });

  test('a repeated breakpoint divides nothing', () => {
    const cells = resampled(plane([1000, 1500, 4000], [0, 50, 100]), plane([1000, 1000, 4000], [0, 50, 100]))!;
    expect(Array.from(cells).every(Number.isFinite)).toBe(true);
  });
});
