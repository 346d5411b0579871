import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RevsyncError } from '../../core/errors.ts';
import { format } from './index.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha = (): string => 'hash';
const read = (text: string) => format.read(ascii(text), sha).segments.map((s) => [s.address, Array.from(s.bytes)]);
/** A record with its count and sum. */
function record(kind: number, addressBytes: number, address: number, ...data: number[]): string {
  const place = Array.from(
    { length: addressBytes },
    (_, i) => Math.floor(address / 256 ** (addressBytes - 1 - i)) % 256,
  );
  const bytes = [addressBytes + data.length + 1, ...place, ...data];
  const sum = 0xff - (bytes.reduce((a, b) => a + b, 0) & 0xff);
  return `S${kind}${[...bytes, sum].map((b) => b.toString(16).padStart(2, '0').toUpperCase()).join('')}`;
}
const file = (...lines: string[]): string => `${lines.join('\r\n')}\r\n`;
const S9 = record(9, 2, 0);

test('the fixture: two pieces, a header, a count', () => {
  const path = fileURLToPath(new URL('../../../fixtures/s-record/two-pieces.s37', import.meta.url));
  const bytes = new Uint8Array(readFileSync(path));
  expect(format.detect(bytes, 'x')?.confidence).toBeGreaterThan(0.9);
  const image = format.read(bytes, sha);
  expect(image.segments.map((s) => [s.address, s.bytes.length])).toEqual([
    [0x8000ffe0, 600],
    [0x80020000, 100],
  ]);
  expect(image.segments[0]!.bytes.every((b, i) => b === ((i * 7 + 3) & 0xff))).toBe(true);
});

describe('records', () => {
  test.each([
    ['S1 and S9', file(record(1, 2, 0x1000, 1, 2), S9), [[0x1000, [1, 2]]]],
    ['S2 and S8', file(record(2, 3, 0x123456, 1), record(8, 3, 0)), [[0x123456, [1]]]],
    ['S3 and S7', file(record(3, 4, 0xffffffff, 1), record(7, 4, 0)), [[0xffffffff, [1]]]],
    ['S0 is no data', file(record(0, 2, 0, 0x48), record(1, 2, 0, 1), S9), [[0, [1]]]],
    ['S5 counts', file(record(1, 2, 0, 1), record(1, 2, 1, 2), record(5, 2, 2), S9), [[0, [1, 2]]]],
    ['S6 counts', file(record(1, 2, 0, 1), record(6, 3, 1), S9), [[0, [1]]]],
    ['lower case', file(record(1, 2, 0, 0xab), S9).toLowerCase(), [[0, [0xab]]]],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ['wrong sum', file('S10400000100', S9), 'SREC_DAMAGED', 'line 1'],
    ['wrong count of records', file(record(1, 2, 0, 1), record(5, 2, 2), S9), 'SREC_DAMAGED', 'line 2'],
    ['too short a line', file(record(1, 2, 0, 1, 2).slice(0, -2), S9), 'SREC_DAMAGED', 'line 1'],
    ['S4', file(record(4, 2, 0), S9), 'SREC_DAMAGED', 'S4'],
    ['no end record', file(record(1, 2, 0, 1)), 'SREC_TRUNCATED', 'line 1'],
    ['data after the end', file(S9, record(1, 2, 0, 1)), 'SREC_DAMAGED', 'line 2'],
    ['no data', file(S9), 'SREC_EMPTY', ''],
    ['another text', file(record(1, 2, 0, 1), 'hello'), 'SREC_DAMAGED', 'line 2'],
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

test.each(['S', 'Sunday', '', ':00000001FF', 'S1', 'S1ZZ0000'])('"%s" is none', (text) => {
  expect(format.detect(ascii(text), 'a.s19')).toBeNull();
});
