import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBytes, readRaw } from './bytes.ts';
import { toPhysical, toRaw } from './conversion.ts';
import type { Image, Storage } from './model.ts';

const image = (bytes: Uint8Array, address = 0): Image => ({
  segments: [{ address, bytes }],
  source: { sha256: '', byteLength: bytes.length },
});
const storage = (given: Partial<Storage>): Storage => ({
  address: 0,
  elementBytes: 1,
  signed: false,
  float: false,
  byteOrder: 'big',
  layout: 'row',
  elementStepBytes: given.elementBytes ?? 1,
  lineStepBytes: 0,
  ...given,
});

describe('raw elements', () => {
  const counting = Uint8Array.from({ length: 256 }, (_, i) => i);

  test.each([
    ['bytes', storage({ address: 3 }), 1, 3, [3, 4, 5]],
    ['signed bytes', storage({ address: 254, signed: true }), 1, 2, [-2, -1]],
    ['words, big-endian', storage({ elementBytes: 2 }), 1, 2, [0x0001, 0x0203]],
    ['words, little-endian', storage({ elementBytes: 2, byteOrder: 'little' }), 1, 2, [0x0100, 0x0302]],
    ['rows with a gap', storage({ lineStepBytes: 10 }), 2, 3, [0, 1, 2, 10, 11, 12]],
    ['columns', storage({ layout: 'column', lineStepBytes: 3 }), 3, 2, [0, 3, 1, 4, 2, 5]],
    // Two columns of nine bytes with one byte of padding, as GM P01 B4106 has them.
    [
      'columns with padding',
      storage({ layout: 'column', lineStepBytes: 10 }),
      9,
      2,
      [0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 6, 16, 7, 17, 8, 18],
    ],
    ['every other element', storage({ elementStepBytes: 2 }), 1, 3, [0, 2, 4]],
  ])('%s', (_, where, rows, columns, expected) => {
    expect(Array.from(readRaw(image(counting), where, rows, columns)!)).toEqual(expected);
  });

  test('floats', () => {
    expect(
      readRaw(
        image(Uint8Array.of(0, 0, 0x80, 0x3f)),
        storage({ elementBytes: 4, float: true, byteOrder: 'little' }),
        1,
        1,
      )?.[0],
    ).toBe(1);
  });

  test('never outside, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: -50, max: 400 }),
        fc.constantFrom(1 as const, 2 as const, 4 as const),
        fc.integer({ min: -2, max: 70_000 }),
        fc.integer({ min: -2, max: 70_000 }),
        fc.integer({ min: -20, max: 400 }),
        (size, address, elementBytes, rows, columns, step) => {
          const raw = readRaw(
            image(counting.slice(0, size % 257)),
            storage({ address, elementBytes, elementStepBytes: step, lineStepBytes: step }),
            rows,
            columns,
          );
          if (raw !== null) expect([...raw].every(Number.isFinite)).toBe(true);
        },
      ),
    );
    expect(readBytes(image(counting, 100), 99, 2)).toBeNull();
    expect(readBytes(image(counting, 100), 100, 256)).toHaveLength(256);
  });
});

test('conversions have inverses', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(
        { kind: 'identity' as const },
        { kind: 'linear' as const, factor: 0.4, offset: -12.5 },
        { kind: 'reciprocal' as const, numerator: 15_000_000 },
      ),
      fc.integer({ min: 1, max: 65_535 }),
      (conversion, raw) => {
        expect(toRaw(toPhysical(Float64Array.of(raw), conversion)[0]!, conversion)).toBeCloseTo(raw, 6);
      },
    ),
  );
  expect(toPhysical(Float64Array.of(0), { kind: 'reciprocal', numerator: 1 })[0]).toBeNaN();
});
