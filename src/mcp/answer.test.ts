import { expect, test } from 'vitest';
import { RevsyncError } from '../core/errors.ts';
import { callResult, errorResult, UNTRUSTED } from './answer.ts';

const MANNER = { complete: false, ownWords: false, notes: [] };

test('a page says what is really in the document, also where the budget made it shorter', () => {
  const rows = Array.from({ length: 100 }, (_, i) => ({ id: i, text: 'x'.repeat(1_000) }));
  const answer = { document: { rows }, text: 'rows', page: { at: 'rows', offset: 200, of: 500 } };
  const { structuredContent, content } = callResult(answer, MANNER);
  const shown = (structuredContent['rows'] as unknown[]).length;
  expect(shown).toBeGreaterThan(10);
  expect(shown).toBeLessThan(100);
  expect(structuredContent['answer']).toMatchObject({
    complete: false,
    page: { what: 'rows', from: 200, shown, of: 500, nextOffset: 200 + shown },
  });
  expect(content[0]!.text).toContain(`rows 201-${200 + shown} of 500; offset ${200 + shown} goes on`);
});

test('a whole answer is the document and nothing else', () => {
  const document = { rows: [1, 2], errors: [] };
  const { structuredContent } = callResult({ document, text: '', page: { at: 'rows', offset: 0, of: 2 } }, MANNER);
  expect(structuredContent).toEqual(document);
});

test('a complete answer that no client would read is refused with a way out', () => {
  const document = { cells: Array.from({ length: 2_000_000 }, () => 12345) };
  const whole = (): unknown => callResult({ document, text: '' }, { ...MANNER, complete: true });
  expect(whole).toThrow(RevsyncError);
  expect(whole).toThrow(/8 MiB/);
});

test('what a person would see on stderr is in the text; own words need no warning', () => {
  const answer = { document: {}, text: 'body' };
  expect(callResult(answer, { ...MANNER, notes: ['b\u001b[2Jad'] }).content[0]!.text).toBe(
    `${UNTRUSTED}\nnote: b [2Jad\nbody`,
  );
  expect(callResult(answer, { ...MANNER, ownWords: true }).content[0]!.text).toBe('body');
});

test('a bug is called one, and is no end', () => {
  const { structuredContent, isError } = errorResult(new TypeError('x is not a function'));
  expect(isError).toBe(true);
  expect(structuredContent).toMatchObject({
    errors: [{ code: 'INTERNAL', message: expect.stringContaining('x is not a function') }],
  });
});
