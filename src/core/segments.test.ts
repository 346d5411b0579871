import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ARRANGEMENTS, fileOffsetOf, fromZero, rearranged } from './arrangements.ts';
import { offsetOf } from './bytes.ts';
import type { Image } from './model.ts';
import { SegmentBuilder } from './segments.ts';

const pushed = (...parts: [number, number[]][]) => {
  const builder = new SegmentBuilder(1_000);
  for (const [address, bytes] of parts) for (const [i, byte] of bytes.entries()) builder.push(address + i, byte);
  return builder.segments().map((s) => [s.address, Array.from(s.bytes)]);
};

test.each([
  [
    'in order',
    [
      [0, [1, 2]],
      [2, [3]],
    ],
    [[0, [1, 2, 3]]],
  ],
  [
    'out of order',
    [
      [4, [5]],
      [0, [1, 2]],
    ],
    [
      [0, [1, 2]],
      [4, [5]],
    ],
  ],
  [
    'a gap stays',
    [
      [0, [1]],
      [2, [3]],
    ],
    [
      [0, [1]],
      [2, [3]],
    ],
  ],
  [
    'joined across the order',
    [
      [2, [3]],
      [0, [1, 2]],
    ],
    [[0, [1, 2, 3]]],
  ],
  [
    'the same byte twice',
    [
      [0, [1, 2, 3]],
      [1, [2]],
    ],
    [[0, [1, 2, 3]]],
  ],
] as [string, [number, number[]][], [number, number[]][]][])('%s', (_, parts, expected) => {
  expect(pushed(...parts)).toEqual(expected);
});

test('an address with two different bytes', () => {
  expect(() => pushed([0, [1, 2, 3]], [1, [9]])).toThrow(expect.objectContaining({ code: 'ADDRESS_TWICE' }));
});

test('what lies scattered in thousands of pieces is no image', () => {
  const builder = new SegmentBuilder(20_000);
  for (let i = 0; i < 5_000; i++) builder.push(i * 2, 1);
  expect(() => builder.segments()).toThrow(expect.objectContaining({ code: 'TOO_MANY_SEGMENTS' }));
});

test('a rearranged image holds every byte of the file, and each is found in the file again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 64 }), fc.constantFrom(...ARRANGEMENTS), (bytes, order) => {
      const image: Image = { segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } };
      const other = rearranged(image, order);
      if (other === null) {
        expect(bytes.length % 4).not.toBe(0);
        return;
      }
      const there = other.segments[0]!.bytes;
      expect([...there].sort()).toEqual([...bytes].sort());
      for (let at = 0; at < bytes.length; at++) {
        expect(there[at]).toBe(bytes[fileOffsetOf(order, at, bytes.length)]);
        expect(offsetOf(other, at)).toBe(fileOffsetOf(order, at, bytes.length));
      }
    }),
  );
});

test('a file with addresses tells places by address, also where a definition counts from its start', () => {
  const image: Image = {
    segments: [{ address: 0x8000_0000, bytes: new Uint8Array(4) }],
    source: { sha256: '', byteLength: 60 },
    addressed: true,
  };
  expect(offsetOf(image, 0x8000_0002)).toBe(0x8000_0002);
  expect(offsetOf(fromZero(image)!, 2)).toBe(0x8000_0002);
  expect(rearranged(image, 'bytesSwapped')).toBeNull();
});
