import { describe, expect, test } from 'vitest';
import { findMaps } from './find-maps.ts';

/** xorshift: the same noise on every machine. */
function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let x = seed;
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x & 0xff;
  }
  return bytes;
}

const ROWS = 24;
const COLUMNS = 17;

/** Noise with two axes and, right behind them, maps of words and of bytes: a made-up ECU. */
function image(): { bytes: Uint8Array; words: number[]; small: number[]; x: number; y: number } {
  const bytes = noise(64 * 1024, 12_345);
  const view = new DataView(bytes.buffer);
  const x = 0x4000;
  for (let c = 0; c < COLUMNS; c++) view.setUint16(x + 2 * c, c * c * 40);
  const y = x + 2 * COLUMNS;
  for (let r = 0; r < ROWS; r++) view.setUint16(y + 2 * r, 700 + 430 * r);
  let at = y + 2 * ROWS;
  const words: number[] = [];
  const small: number[] = [];
  for (let cylinder = 0; cylinder < 3; cylinder++) {
    words.push(at);
    for (let r = 0; r < ROWS; r++)
      for (let c = 0; c < COLUMNS; c++, at += 2)
        view.setUint16(at, Math.round(400 + 230 * c + 18 * r * Math.sin(r / 5) + 9 * cylinder * (c % 5)));
  }
  for (let gear = 0; gear < 2; gear++) {
    small.push(at);
    for (let r = 0; r < ROWS; r++)
      for (let c = 0; c < COLUMNS; c++, at++)
        bytes[at] = Math.round(60 + 90 * Math.sin(r / 15) - 2.2 * c + gear * (r % 4));
  }
  return { bytes, words, small, x, y };
}

describe('maps in an image that nobody has defined', () => {
  test('axes, touching maps of words and of bytes: exactly there', () => {
    const { bytes, words, small, x, y } = image();
    const found = findMaps(bytes).filter((m) => m.confidence !== 'low');
    expect(found.map((m) => [m.offsetBytes, m.rows, m.columns, m.reading.type.elementBytes])).toEqual([
      ...words.map((at) => [at, ROWS, COLUMNS, 2]),
      ...small.map((at) => [at, ROWS, COLUMNS, 1]),
    ]);
    expect([found[0]!.x?.offsetBytes, found[0]!.y?.offsetBytes]).toEqual([x, y]);
    expect(found[0]!.reading.type.byteOrder).toBe('big');
  });

  test.each([
    ['noise', noise(256 * 1024, 99)],
    ['one byte throughout', new Uint8Array(128 * 1024).fill(0xff)],
    ['a ramp', Uint8Array.from({ length: 64 * 1024 }, (_, i) => i & 0xff)],
    [
      'text',
      new TextEncoder().encode(
        'the limiter of this bike stands at 11500 rpm, and the fan comes on at 105 degrees\n'.repeat(900),
      ),
    ],
    ['nothing', new Uint8Array(0)],
    ['a few bytes', noise(40, 7)],
  ])('%s holds no map', (_, bytes) => {
    expect(findMaps(bytes).filter((m) => m.confidence !== 'low')).toEqual([]);
  });
});
