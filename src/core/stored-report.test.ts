import { expect, test } from 'vitest';
import { storedReport, withJoined } from './stored-report.ts';

test('fields that joined since a report was stored are filled in', () => {
  const old = JSON.stringify({ outcome: 'analysed', secondOpinion: { safety: 50 } });
  expect(storedReport(old)).toMatchObject({
    outcome: 'analysed',
    integrity: { state: 'unknown', checksums: [] },
    log: null,
    secondOpinion: { safety: 50, shrunkEvidence: null },
  });
});

test('a report of today stays as it is, in its order', () => {
  const text = JSON.stringify({
    log: { samples: 3 },
    integrity: { state: 'good' },
    secondOpinion: null,
    outcome: 'analysed',
  });
  expect(JSON.stringify(storedReport(text))).toBe(text);
});

test.each([[null], ['text'], [[1]], [7]])('%j is no report and stays what it is', (value) => {
  expect(withJoined(value)).toEqual(value);
});
