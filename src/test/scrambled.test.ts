/** A definition given in the place of a tune: what it is, and whether it can be read at all. */
import { expect, test } from 'vitest';
import { analyzeOne } from './analyze-in-process.ts';

test.each([
  ['a scrambled XDF', Uint8Array.of(0x05, 0x22, 0x97, 0x00, ...new Uint8Array(2_000)), 'XDF_SCRAMBLED'],
  ['a readable one', new TextEncoder().encode('<XDFFORMAT version="1.60"><XDFHEADER/></XDFFORMAT>'), 'IS_A_DEFINITION'],
])('%s', async (_, bytes, code) => {
  const { outcome, refusal } = await analyzeOne('-', {}, bytes);
  expect([outcome, refusal?.code]).toEqual(['refused', code]);
  expect(refusal?.hint).not.toBe('');
});
