import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StoredAnswer, saveAnswers, usageOf } from './answers.ts';
import { answerHealth } from './health.ts';
import { type Database, openDatabase } from './open-store.ts';

let folder = '';
let db: Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'revsync-health-'));
  db = await openDatabase(join(folder, 'revsync.db'));
  // These answers belong to no stored analysis.
  db.pragma('foreign_keys = OFF');
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const answer = (second: number, given: Partial<StoredAnswer>): StoredAnswer => ({
  analysisId: 'a',
  attempt: 1,
  used: false,
  valid: false,
  error: null,
  model: 'm',
  digest: null,
  host: null,
  serverVersion: null,
  options: {},
  promptSha256: '',
  schemaSha256: '',
  rulesetHash: '',
  raw: null,
  doneReason: null,
  verified: null,
  claims: 0,
  dropped: 0,
  promptTokens: 0,
  answerTokens: 0,
  promptMs: 0,
  answerMs: 0,
  loadMs: 0,
  totalMs: 0,
  at: `2026-01-01T00:00:0${second}.000Z`,
  ...given,
});

test('a question that no model got is no answer of a model; one it was too slow for is a bad one', () => {
  saveAnswers(db, [answer(1, { error: 'LLM_UNREACHABLE' }), answer(2, { error: 'LLM_MODEL_MISSING' })], null);
  expect(answerHealth(db, 20)).toBeNull();
  expect(usageOf(db, '')).toEqual([]);
  saveAnswers(
    db,
    [
      answer(3, { valid: true, totalMs: 900, loadMs: 400 }),
      answer(4, { error: 'LLM_TIMEOUT', totalMs: 30_000 }),
      answer(5, {}),
    ],
    null,
  );
  expect(answerHealth(db, 20)).toEqual({ answers: 3, valid: 1, medianMs: 500 });
  expect(usageOf(db, '')).toMatchObject([{ requests: 3, valid: 1, failed: 1 }]);
  expect(answerHealth(db, 1)).toEqual({ answers: 1, valid: 0, medianMs: null });
});
