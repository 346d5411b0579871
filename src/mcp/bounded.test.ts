import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bounded, boundedText } from './bounded.ts';

test('a list is cut to its limit, and the cut is counted over all lists of the place', () => {
  const document = { reports: [{ findings: [1, 2, 3] }, { findings: [4] }, { findings: [] }], kept: [1, 2, 3, 4] };
  const { document: cut, cuts } = bounded(document, { 'reports[].findings': 2 }, 10_000);
  expect(cut).toEqual({ reports: [{ findings: [1, 2] }, { findings: [4] }, { findings: [] }], kept: [1, 2, 3, 4] });
  // A list that is whole is no cut and is not counted as one.
  expect(cuts).toEqual([{ at: 'reports[].findings', shown: 2, of: 3 }]);
});

test('a field of limit 0 is left out, never shown empty', () => {
  const { document, cuts } = bounded({ maps: [{ id: 'a', cells: [1, 2] }], cells: [] }, { 'maps[].cells': 0 }, 10_000);
  expect(document).toEqual({ maps: [{ id: 'a' }], cells: [] });
  expect(cuts).toEqual([{ at: 'maps[].cells', shown: 0, of: 2 }]);
});

test('what is within the budget and the limits is whole', () => {
  const document = { a: [1, null, 'x'.repeat(1_200)], b: { c: null } };
  expect(bounded(document, {}, 10_000)).toEqual({ document, cuts: [] });
});

test('whatever the lists hold, the budget is kept and every cut is said', () => {
  const entry = fc.record({
    title: fc.string({ maxLength: 3_000 }),
    cells: fc.array(fc.double({ noNaN: true }), { maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), (maps) => {
      const { document, cuts } = bounded({ maps }, { maps: 40, 'maps[].cells': 100 }, 8_192);
      expect(Buffer.byteLength(JSON.stringify(document))).toBeLessThanOrEqual(8_192);
      if (JSON.stringify(document) !== JSON.stringify({ maps })) expect(cuts.length).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});

test('a text keeps whole lines and says how many are missing', () => {
  const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
  const text = boundedText(lines.join('\n'), 100);
  expect(text).toMatch(/^line 0\nline 1\n[\s\S]*\n… \d+ more lines left out/);
  const shown = text.split('\n').filter((l) => l.startsWith('line ')).length;
  expect(text).toContain(`… ${100 - shown} more lines`);
});
