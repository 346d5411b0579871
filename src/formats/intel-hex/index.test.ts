import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RevsyncError } from '../../core/errors.ts';
import { format } from './index.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha = (): string => 'hash';
const read = (text: string) => format.read(ascii(text), sha).segments.map((s) => [s.address, Array.from(s.bytes)]);
/** A record with its checksum. */
function record(type: number, address: number, ...data: number[]): string {
  const bytes = [data.length, address >> 8, address & 0xff, type, ...data];
  const sum = -bytes.reduce((a, b) => a + b, 0) & 0xff;
  return `:${[...bytes, sum].map((b) => b.toString(16).padStart(2, '0').toUpperCase()).join('')}`;
}
const END = ':00000001FF';
const file = (...lines: string[]): string => [...lines, END, ''].join('\n');

test('the fixture: two pieces, across a border of 64 KiB', () => {
  const path = fileURLToPath(new URL('../../../fixtures/intel-hex/two-pieces.hex', import.meta.url));
  const bytes = new Uint8Array(readFileSync(path));
  expect(format.detect(bytes, 'x')?.confidence).toBeGreaterThan(0.9);
  const image = format.read(bytes, sha);
  expect(image.segments.map((s) => [s.address, s.bytes.length])).toEqual([
    [0x8000ffe0, 600],
    [0x80020000, 100],
  ]);
  expect(image.segments[0]!.bytes.every((b, i) => b === ((i * 7 + 3) & 0xff))).toBe(true);
  expect(image.segments[1]!.bytes.every((b, i) => b === ((i * i) & 0xff))).toBe(true);
});

describe('records', () => {
  test.each([
    ['type 00', file(record(0, 0x10, 1, 2)), [[0x10, [1, 2]]]],
    ['type 02 shifts by four bits', file(record(2, 0, 0x10, 0x00), record(0, 4, 7)), [[0x10004, [7]]]],
    [
      'type 02 wraps at 64 KiB',
      file(record(2, 0, 0x10, 0x00), record(0, 0xffff, 7, 8)),
      [
        [0x10000, [8]],
        [0x1ffff, [7]],
      ],
    ],
    ['type 04 to the last byte of 32 bits', file(record(4, 0, 0xff, 0xff), record(0, 0xffff, 9)), [[0xffffffff, [9]]]],
    [
      'types 03 and 05 hold no data',
      file(record(3, 0, 1, 2, 3, 4), record(5, 0, 1, 2, 3, 4), record(0, 0, 5)),
      [[0, [5]]],
    ],
    [
      'lower case, CR alone, blank lines',
      file(record(0, 0, 0xab))
        .toLowerCase()
        .replaceAll('\n', '\r\r'),
      [[0, [0xab]]],
    ],
    ['a record without data', file(record(0, 0), record(0, 3, 1)), [[3, [1]]]],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ['wrong sum', file(':0100000001FF'), 'HEX_DAMAGED', 'line 1'],
    ['too short a line', file(record(0, 0, 1), record(0, 1, 1, 2).slice(0, -2)), 'HEX_DAMAGED', 'line 2'],
    ['no hex digit', file(record(0, 0, 1).replace('01', '0G')), 'HEX_DAMAGED', 'line 1'],
    ['unknown type', file(record(6, 0, 1)), 'HEX_DAMAGED', 'type 6'],
    ['a type of the wrong length', file(record(4, 0, 1)), 'HEX_DAMAGED', 'type 4'],
    ['data past 32 bits', file(record(4, 0, 0xff, 0xff), record(0, 0xffff, 1, 2)), 'HEX_DAMAGED', '32 bits'],
    ['no end record', record(0, 0, 1), 'HEX_TRUNCATED', 'line 1'],
    ['data after the end', `${END}\n${record(0, 0, 1)}`, 'HEX_DAMAGED', 'line 2'],
    ['another text after the start', file(record(0, 0, 1), 'hello'), 'HEX_DAMAGED', 'line 2'],
    ['no data', file(), 'HEX_EMPTY', ''],
    ['an address twice', file(record(0, 0, 1), record(0, 0, 2)), 'ADDRESS_TWICE', '0x0'],
  ])('%s', (_, text, code, place) => {
    let error: unknown;
    try {
      read(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(RevsyncError);
    expect((error as RevsyncError).code).toBe(code);
    expect((error as RevsyncError).message).toContain(place);
  });
});

test('any pieces come back byte for byte', () => {
  const pieces = fc.array(fc.tuple(fc.nat(0xfffffe00), fc.uint8Array({ minLength: 1, maxLength: 40 })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(pieces, (parts) => {
      const memory = new Map<number, number>();
      const lines: string[] = [];
      for (const [address, data] of parts) {
        for (const [i, byte] of data.entries()) {
          if (memory.has(address + i)) continue;
          memory.set(address + i, byte);
          const high = Math.floor((address + i) / 65_536);
          lines.push(record(4, 0, high >> 8, high & 0xff), record(0, (address + i) % 65_536, byte));
        }
      }
      const image = format.read(ascii(file(...lines)), sha);
      const back = new Map(image.segments.flatMap((s) => Array.from(s.bytes, (b, i) => [s.address + i, b] as const)));
      expect(back).toEqual(memory);
    }),
  );
});

test.each([':', 'hello', '', 'S00600004844521B', '<rom>', ':zz'])('"%s" is none', (text) => {
  expect(format.detect(ascii(text), 'a.hex')).toBeNull();
});
