import { describe, expect, test } from 'vitest';
import { guessLimiters } from './limiters.ts';

const BREAKPOINTS = [800, 1000, 1500, 2000, 4000, 6000, 8000, 9000, 10_000, 11_000];

function image(words: Record<number, number[]>, littleEndian = false): Uint8Array {
  const bytes = new Uint8Array(0x4000).fill(0xff);
  const view = new DataView(bytes.buffer);
  for (const [at, values] of Object.entries(words))
    for (const [i, value] of values.entries()) view.setUint16(Number(at) + 2 * i, value, littleEndian);
  return bytes;
}

const axis = { breakpoints: BREAKPOINTS, byteOrder: 'big' as const, from: 0x1000, to: 0x2000 };
const inNoMap = (): boolean => false;

describe('where the limiter may stand', () => {
  test('two round speeds near the end of the axis, the nearest to it first', () => {
    const bytes = image({ 2048: [0, 8500, 8700, 20], 9216: [0, 10_600, 10_700, 300] });
    expect(guessLimiters(bytes, axis, inNoMap).map((g) => [g.offsetBytes, g.values])).toEqual([
      [0x2402, [10_600, 10_700]],
      [0x802, [8500, 8700]],
    ]);
  });

  test('breakpoints, speeds that are not round, equal ones and cells of maps are none', () => {
    const bytes = image({
      2048: [9000, 9500, 10_000, 10_500],
      2560: [0, 10_613, 10_701, 0],
      2816: [0, 10_700, 10_700, 0],
      6144: [0, 10_600, 10_700, 0],
    });
    expect(guessLimiters(bytes, axis, (byte) => byte >= 0x1000 && byte < 0x2000)).toEqual([]);
  });

  test('in the byte order of the axis; in no unit but one of round numbers', () => {
    const bytes = image({ 9216: [0, 10_600, 10_700, 300] }, true);
    expect(guessLimiters(bytes, axis, inNoMap)).toEqual([]);
    const little = { ...axis, byteOrder: 'little' as const };
    expect(guessLimiters(bytes, little, inNoMap)).toMatchObject([{ offsetBytes: 0x2402 }]);
    expect(guessLimiters(bytes, { ...little, breakpoints: [2913, 3641, 10_923] }, inNoMap)).toEqual([]);
  });
});
