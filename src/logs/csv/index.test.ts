/** Logs as text: names, units, separators, decimal commas; what is no row. */
import { describe, expect, test } from 'vitest';
import { numberOf } from '../../core/logs/number-of.ts';
import { readLog } from '../../core/logs/test-read.ts';
import { log as msl } from '../msl/index.ts';
import { log as csv } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('numbers', () => {
  test.each([
    ['0', 0],
    ['-0.5', -0.5],
    ['14.699999', 14.699999],
    ['1.2345678901234567', 1.2345678901234567],
    ['1e3', 1_000],
    ['+7', 7],
    ['.5', 0.5],
    ['"12,5"', 12.5],
    ['00:01:30.5', 90.5],
    ['14:54:25.95743', 53_665.95743],
    ['ON', 1],
    ['Inactive', 0],
  ])('%s', (text, value) => {
    expect(numberOf(bytes(text), 0, text.length, false)).toBeCloseTo(value, 9);
  });
  test.each(['', '-', '.', 'abc', '1.2.3', '2025-12-31', '12,5', '1,234.5'])('%s is none', (text) => {
    expect(numberOf(bytes(text), 0, text.length, false)).toBeNaN();
  });
  test('as Number() has it, digit for digit', () => {
    for (let i = 0; i < 20_000; i++) {
      const text = ((i * 7_919.123_456) / 10 ** (i % 9)).toFixed(i % 7);
      expect(numberOf(bytes(text), 0, text.length, false)).toBe(Number(text));
    }
  });
});

const MSL =
  '"MS3 Format 0566.05"\n"Capture Date: none"\nTime\tRPM\tTPS\ns\tRPM\t%\n0.1\t1000\t2.5\nMARK 001\n0.2\t1010\t2.5\n\n0.3\t1020\n';
describe('MSL', () => {
  test.each([1, 5, 65_536])('firmware lines, units, marks; in pieces of %i bytes', (pieceBytes) => {
    const { fields, rows, end, signature } = readLog(msl, bytes(MSL), pieceBytes);
    expect(fields).toEqual([
      { name: 'Time', unit: 's' },
      { name: 'RPM', unit: 'RPM' },
      { name: 'TPS', unit: '%' },
    ]);
    expect(rows).toEqual([
      [0.1, 1_000, 2.5],
      [0.2, 1_010, 2.5],
      [0.3, 1_020, Number.NaN],
    ]);
    expect(end).toEqual({ samples: 3, skipped: 0, markers: 1 });
    expect(signature).toBe('MS3 Format 0566.05');
  });
  test('without a line of units', () => {
    const { fields, rows } = readLog(msl, bytes('Time\tRPM\n1\t900\n2\t901\n'));
    expect(fields.map((f) => f.unit)).toEqual(['', '']);
    expect(rows).toEqual([
      [1, 900],
      [2, 901],
    ]);
  });
});

describe('CSV', () => {
  test('units in brackets, as RomRaider writes them', () => {
    const { fields, rows } = readLog(
      csv,
      bytes('Time (msec),Engine Speed (rpm),A/F Sensor #1 (AFR Gas)\r\n0,900,14.7\r\n100,905,14.6\r\n'),
    );
    expect(fields).toEqual([
      { name: 'Time', unit: 'msec' },
      { name: 'Engine Speed', unit: 'rpm' },
      { name: 'A/F Sensor #1', unit: 'AFR Gas' },
    ]);
    expect(rows).toEqual([
      [0, 900, 14.7],
      [100, 905, 14.6],
    ]);
  });
  test('semicolons and decimal commas', () => {
    expect(readLog(csv, bytes('Zeit;RPM;AFR\ns;rpm;AFR\n0,10;900;14,7\n0,20;905;14,65\n')).rows).toEqual([
      [0.1, 900, 14.7],
      [0.2, 905, 14.65],
    ]);
  });
  test('quoted decimal commas between commas', () => {
    expect(readLog(csv, bytes('Time,RPM,AFR\n"0,10",900,"14,7"\n"0,20",905,"14,65"\n')).rows[1]).toEqual([
      0.2, 905, 14.65,
    ]);
  });
  test('prose, bytes and an empty file are no log', () => {
    for (const text of ['', 'hello\nworld, this is prose\n', '{"a": 1, "b": 2}\n'])
      expect(csv.detect(bytes(text), 'x.csv')).toBeNull();
    expect(csv.detect(new Uint8Array(5_000).fill(255), 'x.csv')).toBeNull();
    expect(() => readLog(csv, bytes('hello\n'))).toThrow(/no line of names/);
  });
  test('a line without end is forgotten, not kept', () => {
    const endless = new Uint8Array(3_000_000).fill(0x37);
    const text = new Uint8Array([...bytes('Time,RPM\n1,900\n2,901\n')]);
    const all = new Uint8Array(text.length + endless.length);
    all.set(text);
    all.set(endless, text.length);
    expect(readLog(csv, all).end.samples).toBe(2);
  });
});
