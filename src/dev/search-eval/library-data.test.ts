import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CORPUS } from '../../test/analyze-in-process.ts';
import { buildLibrary } from './build-library.ts';
import { readLibraryData, readQuestions } from './library-data.ts';

const data = readLibraryData();
const { questions, heldOut, stranger } = readQuestions();
const ids = [...data.bases.flatMap((b) => b.recipes.map((r) => `${b.id}-${r}`)), ...data.asTheyAre.map((r) => r.id)];

describe('the questions', () => {
  test('are twenty, and ten that nothing is tuned by, each with one tune of the library as answer', () => {
    expect([questions.length, heldOut.length, stranger.length]).toEqual([20, 10, 25]);
    expect([ids.length, new Set(ids).size]).toEqual([200, 200]);
    const all = [...questions, ...heldOut, ...stranger];
    expect(all.filter((q) => !ids.includes(q.answer))).toEqual([]);
    expect(new Set([...questions, ...heldOut].map((q) => q.answer)).size).toBe(30);
    expect(data.bases.flatMap((b) => b.recipes).filter((r) => data.recipes[r] === undefined)).toEqual([]);
  });
});

describe.skipIf(!existsSync(CORPUS))('the library (needs the public tune files beside the project)', () => {
  test('is 200 different files, the same bytes each time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'revsync-library-'));
    try {
      const first = await buildLibrary(CORPUS, join(folder, 'a'));
      const again = await buildLibrary(CORPUS, join(folder, 'b'));
      const hashes = (files: typeof first): string[] =>
        files.map((f) => createHash('sha256').update(readFileSync(f.path)).digest('hex'));
      expect(new Set(hashes(first)).size).toBe(200);
      expect(hashes(again)).toEqual(hashes(first));
      expect(first.map((f) => f.id).sort()).toEqual([...ids].sort());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 900_000);
});
