/** Dead time, corrections and cylinders: numbers of hand-made tables, read in either direction of their axis. */
import { describe, expect, test } from 'vitest';
import type { Conditions, Tune, TuneMap } from '../model.ts';
import { computeRegions } from '../regions.ts';
import { testAxis, testMap } from '../roles/test-maps.ts';
import { cellOf, roadTune, testMotorcycle } from '../test-tune.ts';
import { family as enrichment } from './enrichment.ts';
import { family as injection } from './injection.ts';
import type { Metric } from './metric.ts';
import { family as running } from './running.ts';

const conditions: Conditions = { ron: null, ethanolPercent: null, altitudeM: null, mods: [] };

function measured(
  maps: TuneMap[],
  settings: Record<string, string> = {},
  facts: Partial<Tune['facts']> = {},
): Metric[] {
  const road = roadTune();
  const tune = { ...road, maps, facts: { ...road.facts, settings, ...facts } };
  const motorcycle = testMotorcycle();
  const input = { tune, motorcycle, stock: null, conditions, regions: computeRegions(tune, motorcycle, null) };
  return [injection, enrichment, running].flatMap((f) => f.measure(input));
}
const value = (metrics: Metric[], id: string): number | null | undefined => metrics.find((m) => m.id === id)?.value;

function curve(role: TuneMap['role'], unit: string, axis: ReturnType<typeof testAxis>, cells: number[]): TuneMap {
  return testMap({ title: role, role, unit, columns: cells.length, axes: [axis], cells: Float64Array.from(cells) });
}

describe('dead time', () => {
  const VOLTS = [8, 10, 12, 14, 16];
  const MS = [2.2, 1.5, 1.1, 0.9, 0.7];
  const at = (volts: number[], ms: number[], unit = 'ms'): Metric[] =>
    measured([curve('injector.deadTime', unit, testAxis('x', volts, 'batteryVoltage', 'V'), ms)]);

  test.each([
    ['rising volts', VOLTS, MS, 'ms'],
    ['falling volts', [...VOLTS].reverse(), [...MS].reverse(), 'ms'],
    ['microseconds', VOLTS, MS.map((v) => v * 1000), 'µs'],
  ])('%s: 0.95 ms at 13.5 V, no step rises, 0.19 ms a volt', (_, volts, ms, unit) => {
    const metrics = at(volts, ms, unit);
    expect(value(metrics, 'injector.deadTime')).toBeCloseTo(0.95, 9);
    expect(value(metrics, 'injector.deadTime.rising.count')).toBe(0);
    expect(value(metrics, 'injector.deadTime.fallPerVolt')).toBeCloseTo(0.1875, 9);
  });

  test('upside down, flat, zero, and without volts', () => {
    expect(value(at(VOLTS, [...MS].reverse()), 'injector.deadTime.rising.count')).toBe(4);
    expect(value(at(VOLTS, [1, 1, 1, 1, 1]), 'injector.deadTime.fallPerVolt')).toBe(0);
    expect(value(at(VOLTS, [0, 0, 0, 0, 0]), 'injector.deadTime')).toBe(0);
    const nameless = measured([curve('injector.deadTime', 'ms', testAxis('x', VOLTS), MS)]);
    expect(nameless.find((m) => m.id === 'injector.deadTime')).toMatchObject({ value: null });
  });

  test('one number is that number', () => {
    const metrics = measured([
      testMap({ title: 'open', role: 'injector.deadTime', unit: 'ms', cells: Float64Array.of(1.2) }),
    ]);
    expect(value(metrics, 'injector.deadTime')).toBe(1.2);
  });
});

describe('corrections', () => {
  const AIR = testAxis('x', [-20, 0, 20, 40, 60, 80], 'airTemperature', '°C');
  const air = (cells: number[]): Metric[] => measured([curve('correction.airTemperature', '%', AIR, cells)]);

  test('the fall of density is 3.2 to 3.4 % for 10 K; flat is 0; zero takes the fuel away', () => {
    const physical = AIR.breakpoints.map((t) => (100 * 298) / (273 + t));
    expect(value(air(physical), 'correction.airTemperature.fall.min')).toBeCloseTo(3.28, 2);
    expect(value(air([100, 100, 100, 100, 100, 100]), 'correction.airTemperature.fall.min')).toBe(0);
    expect(value(air([0, 0, 0, 0, 0, 0]), 'correction.nearZero.count')).toBe(6);
    expect(value(air(physical), 'correction.nearZero.count')).toBe(0);
  });

  test('a table of differences is no factor', () => {
    expect(air([9, 6, 3, 0, -3, -6])).toEqual([]);
  });

  test('a battery table may end near nothing at 24 V, not at 12', () => {
    const battery = (cells: number[]): Metric[] =>
      measured([curve('correction.battery', '%', testAxis('x', [8, 12, 14, 24], 'batteryVoltage', 'V'), cells)]);
    expect(value(battery([220, 100, 65, 10]), 'correction.nearZero.count')).toBe(0);
    expect(value(battery([220, 0, 65, 10]), 'correction.nearZero.count')).toBe(1);
  });

  test.each([
    ['alphaN', 'No', 0],
    ['alphaN', 'Baro', null],
    ['speedDensity', 'No', null],
  ])('a flat barometric table with %s that multiplies by %s: %s', (loadAlgorithm, multiplyMAP, wanted) => {
    const flat = curve(
      'correction.barometric',
      '%',
      testAxis('x', [60, 80, 100], 'barometricPressure', 'kPa'),
      [100, 100, 100],
    );
    expect(value(measured([flat], { multiplyMAP }, { loadAlgorithm }), 'correction.barometric.span')).toBe(wanted);
  });
});

describe('warm-up', () => {
  const warm = (celsius: number[], cells: number[]): Metric[] =>
    measured([curve('enrichment.warmup', '%', testAxis('x', celsius, 'coolantTemperature', '°C'), cells)]);

  test('a table that ends at 64 °C holds its last value on a warm engine', () => {
    expect(value(warm([-40, 0, 40, 64], [180, 150, 120, 110]), 'enrichment.warmup.hot')).toBe(10);
    expect(value(warm([-40, 0, 40, 64], [180, 150, 120, 100]), 'enrichment.warmup.hot')).toBe(0);
    expect(value(warm([-40, 0, 40, 64], [180, 190, 120, 100]), 'enrichment.warmup.rising.max')).toBe(10);
  });
});

describe('cylinders', () => {
  const twins = (change: (rear: TuneMap) => void): Metric[] => {
    const fuel = (): TuneMap => roadTune().maps.find((m) => m.title === 'fuel')!;
    const front = { ...fuel(), id: 'front', variant: { cylinder: '1' } };
    const rear = { ...fuel(), id: 'rear', variant: { cylinder: '2' } };
    change(rear);
    return measured([front, rear]);
  };

  test('15 % at one full-load cell is 15 % there, and nothing at light load', () => {
    const at = cellOf(8000, 100);
    const metrics = twins((rear) => {
      rear.cells[at] = rear.cells[at]! * 1.15;
      rear.cells[cellOf(2000, 10)] = 9;
    });
    expect(value(metrics, 'fuel.cylinderSplit.max')).toBeCloseTo(15, 6);
    expect(value(metrics, 'fuel.cylinderDry.count')).toBe(0);
  });

  test('a cylinder without fuel is counted, not passed over', () => {
    const metrics = twins((rear) => {
      rear.cells[cellOf(8000, 100)] = 0;
      rear.cells[cellOf(9000, 100)] = 0;
    });
    expect(value(metrics, 'fuel.cylinderDry.count')).toBe(2);
  });
});

describe('required fuel is the time of one squirt', () => {
  // 1000 cc in 4 cylinders at 300 cc/min: 250 cc of air, 0.02717 cc of fuel, 5.433 ms for a cycle.
  const ratio = (divider: number, alternate: string): number | null | undefined => {
    const maps = [
      testMap({ title: 'reqFuel', role: 'injector.requiredFuel', unit: 'ms', cells: Float64Array.of(5.433) }),
    ];
    const facts = { injectorCcMin: 300, stoichiometricAfr: 14.7, squirtsPerCycle: 4 / divider };
    const road = roadTune();
    const tune = { ...road, maps, facts: { ...road.facts, settings: { alternate }, ...facts } };
    const motorcycle = testMotorcycle({ displacementCc: 1000, cylinders: 4 });
    const input = { tune, motorcycle, stock: null, conditions, regions: computeRegions(tune, motorcycle, null) };
    return value(injection.measure(input), 'injector.requiredFuel.ratio');
  };
  test.each([
    [4, 'Simultaneous', 1],
    [2, 'Simultaneous', 2],
    [2, 'Alternating', 1],
    [1, 'Simultaneous', 4],
    [1, 'Alternating', 2],
  ])('divider %d, %s: this one is %d times too much', (divider, alternate, wanted) => {
    expect(ratio(divider, alternate)).toBeCloseTo(wanted, 2);
  });
});

describe("MegaSquirt's barometer is a line and a table", () => {
  const nearZero = (start: number, slope: number, table: number): number | null | undefined => {
    const one = (title: string, v: number): TuneMap => testMap({ title, cells: Float64Array.of(v) });
    const map = testMap({
      title: 'baroCorrDelta',
      kind: 'curve',
      role: 'correction.barometric',
      unit: '%',
      columns: 3,
      axes: [testAxis('x', [80, 100, 110], 'barometricPressure', 'kPa')],
      cells: Float64Array.of(table, table, table),
    });
    return value(measured([map, one('bcor0', start), one('bcormult', slope)]), 'correction.nearZero.count');
  };
  test.each([
    [147, -47, 0, 0],
    [0, 0, 100, 0],
    [0, 0, 0, 3],
  ])('%d + %d kPa and a table of %d: %d cells take the fuel away', (start, slope, table, wanted) => {
    expect(nearZero(start, slope, table)).toBe(wanted);
  });
});
