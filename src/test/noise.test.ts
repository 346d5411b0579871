/** A thousand files that hold nothing: none is scored, none crashes, each is refused quickly. */
import { expect, test } from 'vitest';
import { analyzeOne } from './analyze-in-process.ts';

const FILES = 1_000;
/** Sizes of bundled families are among those drawn, so that size alone refuses nothing. */
const REAL_SIZES = [49_152, 65_536, 98_304, 262_144, 1_048_576, 2_097_152];

function xorshift(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

function noise(kind: number, size: number, next: () => number): Uint8Array {
  const bytes = new Uint8Array(size);
  if (kind === 0) {
    const words = new Uint32Array(bytes.buffer, 0, size >> 2);
    for (let i = 0; i < words.length; i++) words[i] = next();
    for (let i = words.length * 4; i < size; i++) bytes[i] = next();
  } else if (kind === 1) bytes.fill(0);
  else if (kind === 2) bytes.fill(0xff);
  else {
    const step = 1 + (next() % 7);
    const wide = next() % 2 === 0;
    for (let i = 0; i < size; i++) bytes[i] = wide ? (i % 2 === 0 ? (i * step) >> 9 : (i * step) >> 1) : i * step;
  }
  return bytes;
}

test(`${FILES} files of random bytes, 0x00, 0xFF and ramps: refused, none scored`, { timeout: 300_000 }, async () => {
  const next = xorshift(20_261_124);
  let slowest = 0;
  for (let i = 0; i < FILES; i++) {
    const size =
      i % 5 === 0 ? REAL_SIZES[next() % REAL_SIZES.length]! : i % 3 === 0 ? next() % 4_096 : next() % 2_097_152;
    const bytes = noise(i % 4, size, next);
    const started = performance.now();
    const report = await analyzeOne('-', {}, bytes);
    slowest = Math.max(slowest, performance.now() - started);
    expect([i, size, report.outcome, report.scores.safety.value, report.tune.maps]).toEqual([
      i,
      size,
      'refused',
      null,
      0,
    ]);
    expect(report.refusal?.code).not.toBe('INTERNAL');
  }
  // Wide of the second that a person would wait, so that a busy machine does not fail it.
  expect(slowest).toBeLessThan(60_000);
});
