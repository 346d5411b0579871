import { expect, test } from 'vitest';
import { shareInCommon } from './compare-bytes.ts';

test('bytes in common are counted without what is blank in both', () => {
  const a = Uint8Array.of(1, 2, 3, 4, 0xff, 0xff, 0, 0);
  expect(shareInCommon(a, Uint8Array.of(1, 2, 3, 9, 0xff, 0xff, 0, 0))).toBe(0.75);
  expect(shareInCommon(a, a)).toBe(1);
  expect(shareInCommon(a, a.subarray(1))).toBe(0);
  // Blank in one of them alone is a difference.
  expect(shareInCommon(Uint8Array.of(7, 0xff), Uint8Array.of(7, 8))).toBe(0.5);
});
