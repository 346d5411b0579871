/** The one table, the byte between its rows, and what is no such file. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { format } from './index.ts';

const bytes = new Uint8Array(readFileSync(fileURLToPath(new URL('fixtures/made-up.zfm1', import.meta.url))));
const decode = (given: Uint8Array) => format.decode(given, { name: 'a.zfm1', sha256: () => '', companion: null });

test('the table: axes, cells, places', () => {
  const { maps, ecu, warnings } = decode(bytes);
  expect(ecu.family).toBe('Bazzaz Z-Fi');
  expect(maps).toMatchObject([{ role: 'fuel.trim', unit: '%', rows: 27, columns: 12, confidence: 'plausible' }]);
  const [map] = maps;
  expect(map!.axes[0]!.breakpoints).toEqual([2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  expect([map!.axes[1]!.breakpoints[0], map!.axes[1]!.breakpoints[26]]).toEqual([500, 13_500]);
  const row = map!.axes[1]!.breakpoints.indexOf(9_500);
  expect([map!.cells[row * 12 + 11], map!.cells[row * 12], map!.cells[row * 12 + 5]]).toEqual([-7, -8, 5]);
  // The thirteenth byte of a row is none of its cells.
  expect(Array.from(map!.cells)).not.toContain(63);
  const { offsetBytes, lineStepBytes } = map!.at!;
  expect(new Int8Array(bytes.buffer)[offsetBytes + row * lineStepBytes + 11]).toBe(-7);
  expect(warnings.join(' ')).toMatch(/1 % off/);
});

describe('what is none', () => {
  const changed = (change: (b: Uint8Array) => void): Uint8Array => {
    const copy = bytes.slice();
    change(copy);
    return copy;
  };
  test.each([
    ['too short', bytes.slice(0, 300)],
    ['too long', new Uint8Array([...bytes, 0])],
    [
      'bytes without order',
      changed((b) =>
        b.set(
          Array.from({ length: 480 }, (_, i) => (i * 37) % 100),
          15,
        ),
      ),
    ],
    ['blank', new Uint8Array(0x204)],
    ['erased', new Uint8Array(0x204).fill(0xff)],
    ['nothing', new Uint8Array(0)],
  ])('%s', (_, given) => {
    expect(format.detect(given, 'a.zfm1')).toBeNull();
    expect(() => decode(given)).toThrow(expect.objectContaining({ code: 'ZFM_MALFORMED' }));
  });

  test('the same bytes under another name', () => expect(format.detect(bytes, 'a.bin')).toBeNull());
});
