import { describe, expect, it } from 'vitest';
import type { Role, TuneMap } from '../model.ts';
import { inferAxes } from './infer-axes.ts';
import { inferUnits } from './infer-units.ts';
import { testAxis, testMap, testTune } from './test-maps.ts';

const RPM = Array.from({ length: 10 }, (_, i) => 1000 * (i + 1));

const LOAD = [0, 1, 2, 5, 10, 20, 40, 60, 80, 100];

function surface(title: string, role: Role, cell: (i: number) => number, scale: number): TuneMap {
  const cells = Float64Array.from({ length: 100 }, (_, i) => cell(i));
  const axes = [testAxis('x', LOAD, 'throttle', '%'), testAxis('y', RPM, 'engineSpeed', 'rpm')];
  return testMap({ title, role, rows: 10, columns: 10, cells, raw: cells.map((c) => c / scale), axes });
}

const sparkAt = (title: string, scale = 0.4) => surface(title, 'spark', (i) => 10 + i / 4, scale);

function units(maps: TuneMap[]): string[] {
  return inferUnits(testTune(maps)).maps.map((m) => `${m.unitFrom} ${m.unit}`);
}

describe('inferUnits', () => {
  it('takes scaled degrees where two maps agree', () => {
    expect(units([sparkAt('a'), sparkAt('b')])).toEqual(['inferred °', 'inferred °']);
  });
  it('leaves one spark map alone raw', () => {
    expect(units([sparkAt('a')])).toEqual(['none ']);
  });
  it('leaves counts raw: an equation that changes nothing, or values no engine has', () => {
    expect(units([sparkAt('a', 1), sparkAt('b', 1)])).toEqual(['none ', 'none ']);
    const counts = surface('c', 'spark', (i) => 52 + i * 1.6, 0.4);
    expect(units([counts, counts])).toEqual(['none ', 'none ']);
  });
  it('keeps the unit of one altered map among its twins', () => {
    const altered = surface('c', 'spark', (i) => 40 + i / 3, 0.4);
    expect(units([sparkAt('a'), sparkAt('b'), altered])[2]).toBe('inferred °');
  });
  it('takes a false "ms" back and says so', () => {
    const said = { ...surface('f', 'fuel', (i) => 26 + i, 0.5), unit: 'mS', unitFrom: 'definition' as const };
    const tune = inferUnits(testTune([said]));
    expect(tune.maps[0]?.unitFrom).toBe('none');
    expect(tune.warnings).toHaveLength(1);
    const real = { ...surface('f', 'fuel', (i) => 2 + i / 20, 0.5), unit: 'mS', unitFrom: 'definition' as const };
    expect(inferUnits(testTune([real])).maps[0]?.unitFrom).toBe('definition');
  });
  it('takes milliseconds that fit the cycle', () => {
    expect(units([surface('f', 'fuel', (i) => 2 + i / 20, 0.001)])).toEqual(['inferred ms']);
    expect(units([surface('f', 'fuel', (i) => 20 + i / 2, 0.5)])).toEqual(['none ']);
  });
  it('takes a limiter near the end of the axes for rpm', () => {
    const limiter = (value: number) =>
      testMap({ title: 'Rev limit', role: 'revLimiter', columns: 2, cells: Float64Array.of(value, value - 100) });
    expect(units([sparkAt('a'), limiter(9500)])[1]).toBe('inferred rpm');
    expect(units([sparkAt('a'), limiter(4000)])[1]).toBe('none ');
    // Raised far: the unit stays, so that a rule can say it.
    expect(units([sparkAt('a'), limiter(14_000)])[1]).toBe('inferred rpm');
    const cutOnly = { ...limiter(9500), cells: Float64Array.of(9400, 20_000) };
    expect(units([sparkAt('a'), cutOnly])[1]).toBe('inferred rpm');
    expect(units([limiter(9500)])[0]).toBe('none ');
  });
  it('takes a pair of temperatures a few degrees apart for a fan', () => {
    const fan = (a: number, b: number) =>
      testMap({ title: 'Fan', role: 'fan', columns: 2, cells: Float64Array.of(a, b) });
    expect(units([fan(105, 100)])).toEqual(['inferred °C']);
    expect(units([fan(126, 157)])).toEqual(['inferred °C']);
    expect(units([fan(10, 250)])).toEqual(['none ']);
  });
  it('never touches a stated unit, an erased map or a guessed decode', () => {
    const stated = { ...sparkAt('a'), unit: 'deg', unitFrom: 'definition' as const };
    expect(units([stated, sparkAt('b'), sparkAt('c')])[0]).toBe('definition deg');
    const erased = { ...sparkAt('a'), unset: true };
    const guessed = { ...sparkAt('b'), confidence: 'guessed' as const };
    expect(units([erased, guessed])).toEqual(['none ', 'none ']);
  });
});

describe('inferAxes', () => {
  const one = (map: TuneMap) => inferAxes(testTune([map])).maps[0]?.axes.map((a) => `${a.quantity} ${a.unit}`);
  it('names engine speed and throttle of a fuel map', () => {
    const axes = [testAxis('x', LOAD), testAxis('y', RPM)];
    expect(one(testMap({ title: 'TPS - Cyl #1', rows: 10, columns: 10, axes }))).toEqual([
      'throttle %',
      'engineSpeed rpm',
    ]);
  });
  it('takes a descending engine speed', () => {
    expect(one(testMap({ title: 'x', columns: 10, axes: [testAxis('x', [...RPM].reverse())] }))).toEqual([
      'engineSpeed rpm',
    ]);
  });
  it('never renames a stated quantity and never names an unknown source, readings or a broken axis', () => {
    const stated = [testAxis('x', RPM, 'time', 's')];
    expect(one(testMap({ title: 'x', columns: 10, axes: stated }))).toEqual(['time s']);
    const absent = [{ ...testAxis('x', RPM), known: false }];
    expect(one(testMap({ title: 'x', columns: 10, axes: absent }))).toEqual(['unknown ']);
    const readings = [testAxis('x', [0, 500, 1000, 1500, 2000, 2500, 3000, 4095])];
    expect(one(testMap({ title: 'x', columns: 8, axes: readings }))).toEqual(['unknown ']);
    const broken = [testAxis('x', [1000, 900, 3000, 4000, 5000, 6000, 7000, 8000])];
    expect(one(testMap({ title: 'x', columns: 8, axes: broken }))).toEqual(['unknown ']);
  });
});
