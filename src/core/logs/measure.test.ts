/** Rides made row by row against a hand-made tune: what is left out and why, where a sample counts, what comes out. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileKnowledge } from '../../catalog/compile-knowledge.ts';
import type { TuneMap } from '../model.ts';
import { testMap, testTune } from '../roles/test-maps.ts';
import { cellOf, LOADS, roadTune, SPEEDS } from '../test-tune.ts';
import { recognise } from './channels.ts';
import { gridOf, newPlace, placeAt, valueAt } from './grid.ts';
import type { LogFieldData, LogFilterData } from './log-data.ts';
import type { Measured } from './measure.ts';
import { measureRides, type TestRide } from './test-ride.ts';

const knowledge = await compileKnowledge(fileURLToPath(new URL('../../../rules', import.meta.url)));
const data = {
  fields: knowledge.data['log-fields'] as LogFieldData,
  filters: knowledge.data['log-filters'] as LogFilterData,
};
const measure = (ride: TestRide | TestRide[], tune = roadTune(), spec?: Parameters<typeof measureRides>[3]): Measured =>
  measureRides(tune, [ride].flat(), data, spec);

const FIELDS = ['Time', 'RPM', 'TPS', 'Lambda', 'CLT'];
/** Ten samples a second of one place. */
const hold = (rpm: number, throttle: number, lambda: number, seconds: number, from = 0): number[][] =>
  Array.from({ length: seconds * 10 }, (_, i) => [from + i / 10, rpm, throttle, lambda, 90]);
const at = (log: Measured, rpm: number, throttle: number) => {
  const i = cellOf(rpm, throttle);
  return log.cells.find((c) => c.row * log.columns + c.column === i);
};
const droppedOf = (log: Measured): Record<string, number> =>
  Object.fromEntries(log.samples.dropped.map((d) => [d.reason, d.count]));

describe('where a sample counts', () => {
  const grid = gridOf(roadTune().maps.find((m) => m.title === 'fuel')!, roadTune().facts, new Set(['throttle']))!;
  test('weights add up to one, and a plane is read off exactly', () => {
    const cells = Float64Array.from(SPEEDS.flatMap((n) => LOADS.map((l) => 3 * n - 7 * l + 11)));
    const place = newPlace();
    fc.assert(
      fc.property(
        fc.double({ min: 1_000, max: 12_000, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (n, l) => {
          placeAt(grid, n, l, place);
          expect(place.weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
          expect(valueAt(grid, cells, n, l, place)).toBeCloseTo(3 * n - 7 * l + 11, 6);
        },
      ),
    );
  });
  test('outside the axes the last breakpoint counts', () => {
    const place = newPlace();
    placeAt(grid, 20_000, -5, place);
    const best = [...place.weights.keys()].find((k) => place.weights[k] === 1)!;
    expect(place.cells[best]).toBe(cellOf(12_000, 0));
  });
  test('between breakpoints a hit is shared out', () => {
    const log = measure({ fields: FIELDS, rows: hold(5_500, 45, 0.9, 6) });
    const four = [at(log, 5_000, 40), at(log, 6_000, 40), at(log, 5_000, 50), at(log, 6_000, 50)];
    for (const cell of four) expect(cell!.hits).toBeCloseTo(log.samples.used / 4, 6);
  });
});

describe('what is left out', () => {
  const steady = hold(5_000, 50, 0.9, 5);
  const cases: [string, string, number[][]][] = [
    ['stopped', 'a stopped engine', hold(0, 0, 0.9, 2)],
    ['noProbe', 'a probe in free air', hold(5_000, 50, 2.5, 2)],
    ['noProbe', 'a probe that is off', hold(5_000, 50, 0, 2)],
    ['cold', 'a cold engine', steady.map((r) => [...r.slice(0, 4), 40])],
    ['overrun', 'a closed throttle at speed', hold(5_000, 0, 1.4, 2)],
    ['limiter', 'the limiter', hold(11_450, 100, 0.9, 2)],
  ];
  test.each(cases)('%s: %s', (reason, _, rows) => {
    const log = measure({ fields: FIELDS, rows });
    expect(log.samples.used).toBe(0);
    expect(droppedOf(log)[reason]).toBeGreaterThan(0);
    expect(log.cells).toEqual([]);
  });
  test('a throttle that moves, and what follows until the probe has seen it', () => {
    const rows = [...hold(5_000, 20, 0.9, 3), ...hold(5_000, 80, 1.3, 1, 3), ...hold(5_000, 80, 0.9, 3, 4)];
    const log = measure({ fields: FIELDS, rows });
    expect(droppedOf(log)['moving']).toBe(1);
    expect(droppedOf(log)['settling']).toBeGreaterThan(3);
    expect(at(log, 5_000, 20)!.lambda).toBeCloseTo(0.9, 9);
  });
  test('acceleration enrichment, whichever rest it has', () => {
    for (const rest of [0, 100]) {
      const rows = steady.map((r, i) => [...r, i > 20 && i < 30 ? rest + 15 : rest]);
      expect(droppedOf(measure({ fields: [...FIELDS, 'Accel Enrich'], rows }))['enrichment']).toBe(9);
    }
  });
  test('injection that is cut', () => {
    const rows = steady.map((r, i) => [...r, i > 20 && i < 30 ? 0 : 5]);
    expect(droppedOf(measure({ fields: [...FIELDS, 'PW'], rows }))['overrun']).toBe(9);
  });
  test('what is used and what is left out is what was read, whatever comes', () => {
    const value = fc.oneof(fc.double({ min: -10, max: 16_000 }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value, value, value), { minLength: 1, maxLength: 60 }), (rows) => {
        const { samples } = measure({ fields: FIELDS, rows });
        expect(samples.used + samples.dropped.reduce((sum, d) => sum + d.count, 0)).toBe(rows.length);
      }),
    );
  });
});

test('a pull through the speeds is read where it was burnt, not where the probe saw it', () => {
  const mixture = (rpm: number): number => 0.8 + (rpm - 4_000) / 40_000;
  const [d, rate] = [data.filters, 800];
  const rows = Array.from({ length: 500 }, (_, i) => {
    const rpm = 4_000 + (rate * i) / 50;
    const back = d.probeSeconds + (d.probeRevolutions * 60) / rpm;
    return [i / 50, rpm, 80, mixture(rpm - rate * back), 90];
  });
  const log = measure({ fields: FIELDS, rows });
  // Symmetric around its breakpoint, the mean of a straight line is its value there.
  for (const rpm of [6_000, 8_000, 10_000]) expect(at(log, rpm, 80)!.lambda).toBeCloseTo(mixture(rpm), 3);
});

describe('what comes out', () => {
  test('mean and spread', () => {
    const rows = hold(5_000, 50, 0.9, 10).map((r, i) => [...r.slice(0, 3), i % 2 === 0 ? 0.88 : 0.92, 90]);
    const cell = at(measure({ fields: FIELDS, rows }), 5_000, 50)!;
    expect(cell.lambda).toBeCloseTo(0.9, 3);
    expect(cell.spread).toBeCloseTo(0.02, 3);
  });
  test('the correction of closed loop is taken out, whether it counts from 100 or from 0', () => {
    for (const value of [110, 10]) {
      const rows = hold(5_000, 50, 0.9, 4).map((r) => [...r, value]);
      const log = measure({ fields: [...FIELDS, 'Gego'], rows });
      expect(at(log, 5_000, 50)!.lambda).toBeCloseTo(0.9, 9);
      expect(at(log, 5_000, 50)!.uncorrected).toBeCloseTo(0.99, 9);
      expect(log.notes.join()).toMatch(/closed loop corrected \d+/);
    }
  });
  test('of two probes the leaner one; a second that never moves is none', () => {
    const two = (second: (i: number) => number) =>
      at(
        measure({ fields: [...FIELDS, 'AFR2'], rows: hold(5_000, 50, 0.88, 4).map((r, i) => [...r, second(i)]) }),
        5_000,
        50,
      )!.lambda;
    expect(two((i) => 14.7 * (0.94 + (i % 2) * 0.02))).toBeCloseTo(0.95, 2);
    expect(two(() => 25.5)).toBeCloseTo(0.88, 9);
  });
  test('AFR, °F, psi and milliseconds', () => {
    const rows = hold(5_000, 50, 0.9, 4).map(([t, n, l]) => [t! * 1_000, n!, l!, 0.9 * 14.7, 194]);
    const log = measure({ fields: ['Time [msec]', 'Engine Speed [rpm]', 'Throttle', 'AFR', 'Coolant Temp [F]'], rows });
    expect(log.extremes.coolantC).toBeCloseTo(90, 9);
    expect(at(log, 5_000, 50)!.lambda).toBeCloseTo(0.9, 9);
    expect(log.files[0]!.seconds).toBeCloseTo(3.9, 9);
  });
  test('the target of the tune, else of the log, else of the specification', () => {
    const ride = { fields: [...FIELDS, 'AFR Target'], rows: hold(7_000, 90, 0.95, 4).map((r) => [...r, 14.7 * 0.9]) };
    const target = (log: Measured) => [at(log, 7_000, 90)!.target!.toFixed(2), at(log, 7_000, 90)!.targetFrom];
    const lambda = roadTune().maps.find((m) => m.title === 'fuel')!;
    const own: TuneMap = testMap({
      ...lambda,
      id: 'target',
      title: 'target',
      role: 'lambdaTarget',
      unit: 'λ',
      cells: lambda.cells.map(() => 0.86),
    });
    expect(target(measure(ride, testTune([...roadTune().maps, own])))).toEqual(['0.86', 'tune']);
    expect(target(measure(ride))).toEqual(['0.90', 'log']);
    const bare = { fields: FIELDS, rows: hold(7_000, 90, 0.95, 4) };
    const spec = { fullLoad: { low: 0.86, high: 0.9 }, cruise: null };
    const log = measure(bare, roadTune(), spec);
    expect(target(log)).toEqual(['0.88', 'specification']);
    expect(at(log, 7_000, 90)!.deviationPercent).toBeCloseTo((0.95 / 0.9 - 1) * 100, 6);
  });
  test('knock: retard that begins, a counter that rises, neither twice', () => {
    const retard = hold(5_000, 50, 0.9, 2).map((r, i) => [...r, i % 10 < 3 ? 2 : 0]);
    expect(measure({ fields: [...FIELDS, 'Knock retard'], rows: retard }).knock).toMatchObject({
      events: 2,
      cells: [{ events: 2, retardDeg: 2 }],
    });
    const counter = hold(5_000, 50, 0.9, 2).map((r, i) => [...r, 40 + Math.floor(i / 5)]);
    expect(measure({ fields: [...FIELDS, 'Knock count'], rows: counter }).knock!.events).toBe(3);
    expect(measure({ fields: FIELDS, rows: hold(5_000, 50, 0.9, 2) }).knock).toBeNull();
  });
  test('one wild reading is no extreme, three in a row are', () => {
    const with_ = (n: number): number | null =>
      measure({
        fields: FIELDS,
        rows: hold(5_000, 50, 0.9, 3).map((r, i) => [...r.slice(0, 4), i >= 5 && i < 5 + n ? 140 : 90]),
      }).extremes.coolantC;
    expect(with_(2)).toBe(90);
    expect(with_(3)).toBe(140);
  });
  test('duty from pulse width and speed', () => {
    const rows = hold(6_000, 50, 0.9, 2).map((r) => [...r, 10]);
    const { dutyPercent, dutyFrom } = measure({ fields: [...FIELDS, 'PW [ms]'], rows }).extremes;
    expect(dutyPercent).toBeCloseTo(50, 9);
    expect(dutyFrom).toMatch(/at least/);
  });
  test('a probe at its end', () => {
    const rows = hold(5_000, 50, 0.9, 6).map((r, i) => [...r.slice(0, 3), i > 30 ? 0.68 : 0.9, 90]);
    const { probe, samples } = measure({ fields: FIELDS, rows });
    expect(probe!.richEnd).toBe(0.68);
    expect(probe!.atRichEndPercent).toBeCloseTo((29 / samples.used) * 100, 6);
  });
  test('a log without load or speed is placed nowhere, and says so', () => {
    const log = measure({
      fields: ['Time', 'Lambda'],
      rows: [
        [0, 0.9],
        [0.1, 0.9],
      ],
    });
    expect([log.map, log.reason]).toEqual([null, 'the log has no engine speed that was recognised']);
  });
});

describe('names', () => {
  const names = (fields: string[]): string[] =>
    recognise(
      fields.map((name) => ({ name, unit: '' })),
      data.fields,
    ).map((c) => `${c.id}=${c.field.name}`);
  test('of TunerStudio with MegaSquirt, Speeduino, EvoScan', () => {
    expect(names(['Time', 'RPM', 'TPS', 'SPK: Knock retard', 'Duty Cycle1', 'EGO cor1', 'Batt V'])).toEqual([
      'time=Time',
      'rpm=RPM',
      'throttle=TPS',
      'battery=Batt V',
      'duty=Duty Cycle1',
      'knockRetard=SPK: Knock retard',
      'egoCorrection=EGO cor1',
    ]);
    expect(names(['LogEntrySeconds', 'CoolantTemp', 'WideBandAF', 'InjDutyCycle'])).toHaveLength(4);
  });
  test.each([
    ['°F', 194],
    ['deg F', 194],
    ['degC', 90],
    ['K', 363.15],
    ['', 90],
  ])('a coolant of 90 °C in "%s"', (unit, value) => {
    const [channel] = recognise([{ name: 'CLT', unit }], data.fields);
    expect(value * channel!.factor + channel!.offset).toBeCloseTo(90, 9);
    expect(channel!.unknownUnit).toBe(false);
  });
  test('a lambda in volts is a narrowband probe and none', () => {
    expect(recognise([{ name: 'Lambda', unit: 'V' }], data.fields)).toEqual([]);
  });
});
