import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LibraryEntry, NO_WORDS } from '../core/library/entry.ts';
import { refusedReport } from '../core/refused-report.ts';
import type { Report } from '../core/report.ts';
import { saveAnalysis } from './analyses.ts';
import { candidatesFor } from './candidates.ts';
import { importRows } from './exchange.ts';
import { ANY, entriesFiled, entriesWithin, entriesWithWords, entryRows } from './find.ts';
import { saveOwnWords } from './library.ts';
import { type Database, openDatabase } from './open-store.ts';
import { VectorIndex } from './vector-index.ts';
import { dropModels, modelId, type TextVector, textsToEmbed, vectorsByModel } from './vectors.ts';

let folder = '';
let db: Database;
const SMALL = { name: 'small', digest: 'sha256:1', dimensions: 16 };
const NEWER = { ...SMALL, digest: 'sha256:2' };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'revsync-library-'));
  db = await openDatabase(join(folder, 'revsync.db'));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

function report(id: string): Report {
  const none = { ron: null, ethanolPercent: null, altitudeM: null, mods: [] };
  const base = refusedReport(
    { path: `${id}.bin`, sha256: id.padEnd(64, '0'), byteLength: 1 },
    { code: 'X', message: '', hint: '' },
    { format: null, definition: null, conditions: none },
  );
  return { ...base, outcome: 'analysed', refusal: null, analysisId: id };
}

const entry = (notes: string | null, given: Partial<LibraryEntry> = {}): LibraryEntry => ({
  bike: 'Test Four',
  changes: 'more fuel, runs richer',
  verdict: '',
  said: { ...NO_WORDS, notes },
  role: null,
  family: null,
  fingerprint: null,
  ...given,
});

/** Length 1, mostly along one axis. */
const along = (axis: number, model = SMALL): TextVector => {
  const vector = new Float32Array(16).fill(0.01);
  vector[axis] = 1;
  const length = Math.hypot(...vector);
  return { model, vector: vector.map((v) => v / length) };
};

function save(id: string, notes: string | null, vector: TextVector | null = null, given: Partial<LibraryEntry> = {}) {
  saveAnalysis(
    db,
    {
      report: report(id),
      ruleset: { version: '1', hash: 'h', rules: 1 },
      toolVersion: '0',
      schemaVersion: '1',
      definitionSha256: null,
      at: '2026-05-01T12:00:00.000Z',
      library: { entry: entry(notes, given), vector },
    },
    [],
    [],
  );
}

const found = (word: string): string[] => {
  const ids = [...entriesWithWords(db, [word], 10).keys()];
  return [...entryRows(db, ids).values()].map((r) => r.analysisId).sort();
};

describe('words', () => {
  test('are found by stem, without accents, and never read as a query language', () => {
    save('a1', 'für die Rennstrecke, commuting');
    expect(found('commute')).toEqual(['a1']);
    expect(found('fur')).toEqual(['a1']);
    for (const hostile of ['"', 'a OR b', 'NEAR(', 'bike:x', '*', '^x', '-', "'; DROP"])
      expect(found(hostile)).toEqual([]);
  });

  test('of the user are found at once, by every analysis of the file, and forgotten again', () => {
    save('a1', null);
    saveOwnWords(db, 'a1'.padEnd(64, '0'), { ...NO_WORDS, notes: 'monday special', role: 'stock' }, '2026-01-01');
    expect(found('monday')).toEqual(['a1']);
    expect(entriesWithin(db, { ...ANY, role: 'stock' })?.size).toBe(1);
    // Analysed again: the words stay.
    save('a1', null);
    expect(found('monday')).toEqual(['a1']);
    saveOwnWords(db, 'a1'.padEnd(64, '0'), null, '2026-01-01');
    expect(found('monday')).toEqual([]);
  });

  test('of a file name are whole words of its last part, joined as they like', () => {
    save('a1', null);
    save('a2', null);
    const rename = db.prepare('UPDATE analyses SET path = ? WHERE id = ?');
    rename.run('/home/rider/sunday/Busa_E85-track.BIN', 'a1');
    rename.run('C:\\tunes\\trackside 100%.bin', 'a2');
    const filed = (phrase: string): string[] =>
      [...entryRows(db, entriesFiled(db, phrase, 10)).values()].map((r) => r.analysisId).sort();
    expect(filed('e85 track')).toEqual(['a1']);
    expect(filed('TRACK')).toEqual(['a1']);
    expect(filed('trackside')).toEqual(['a2']);
    for (const none of ['rider', 'sunday', 'tunes', 'side', '%', '_', 'track e85']) expect(filed(none)).toEqual([]);
  });

  test('go with their analysis', () => {
    save('a1', 'monday', along(1));
    db.prepare("DELETE FROM analyses WHERE id = 'a1'").run();
    expect(entriesWithWords(db, ['monday'], 10).size).toBe(0);
    expect(db.prepare('SELECT count(*) FROM embeddings').pluck().get()).toBe(0);
    expect(db.prepare('SELECT count(*) FROM embedding_bits').pluck().get()).toBe(0);
  });
});

describe('filters', () => {
  test.each([
    [{ role: 'tuned' }, ['b2']],
    [{ tag: 'Track' }, ['b2']],
    [{ since: '2026-05-02' }, []],
    [{ until: '2026-05-01' }, ['a1', 'b2']],
    [{ minScore: 1 }, []],
    [{ ecu: '%' }, []],
  ])('%j', (given, ids) => {
    save('a1', null);
    save('b2', null, null, { role: 'tuned', said: { ...NO_WORDS, tags: ['track'] } });
    const rows = entryRows(db, [...(entriesWithin(db, { ...ANY, ...given }) ?? [])]);
    expect([...rows.values()].map((r) => r.analysisId).sort()).toEqual(ids);
  });
});

describe('vectors', () => {
  test('of two models are never mixed', () => {
    save('a1', 'one', along(1));
    save('b2', 'two', along(2, NEWER));
    const near = new VectorIndex(db, modelId(db, SMALL)!, 16).nearest(along(2).vector, 10);
    expect(near).toHaveLength(1);
    expect(vectorsByModel(db).map((m) => m.vectors)).toEqual([1, 1]);
    dropModels(db, NEWER);
    expect(modelId(db, SMALL)).toBeNull();
  });

  test('of an older text or another model are to be made anew', () => {
    save('a1', 'one', along(1));
    expect([textsToEmbed(db, SMALL, 9).length, textsToEmbed(db, NEWER, 9).length]).toEqual([0, 1]);
    save('a1', 'one, with another note');
    expect(textsToEmbed(db, SMALL, 9).map((t) => t.text)).toEqual(['one, with another note. more fuel, runs richer']);
  });

  test('nearest first, within a filter, seen as soon as they are written', () => {
    const index = (): VectorIndex => new VectorIndex(db, modelId(db, SMALL)!, 16);
    save('a1', 'one', along(1));
    const kept = index();
    expect(kept.size).toBe(1);
    save('b2', 'two', along(2));
    const ids = kept.nearest(along(2).vector, 2).map((n) => n.entryId);
    expect(entryRows(db, ids).get(ids[0]!)?.analysisId).toBe('b2');
    expect(kept.nearest(along(2).vector, 2, new Set([ids[1]!])).map((n) => n.entryId)).toEqual([ids[1]]);
    expect(kept.nearest(along(2).vector, 2, new Set())).toEqual([]);
  });

  test.each([
    ['another length', new Float32Array(8).fill(0.35)],
    ['no number', new Float32Array(16).fill(Number.NaN)],
  ])('of %s is refused, and the analysis with it', (_, vector) => {
    expect(() => save('a1', 'one', { model: SMALL, vector })).toThrow(/none of small/);
    expect(db.prepare('SELECT count(*) FROM analyses').pluck().get()).toBe(0);
  });
});

test('what came from another machine is marked, and judging the file here replaces all of it', () => {
  const forged = report('a1');
  forged.input.sha256 = 'b'.repeat(64);
  const record = {
    report: forged,
    ruleset: { version: '9', hash: 'forged', rules: 0 },
    toolVersion: '0',
    schemaVersion: '1',
    definitionSha256: 'c'.repeat(64),
    at: '2026-05-01T12:00:00.000Z',
    firstAt: '2026-05-01T12:00:00.000Z',
    library: { entry: entry('perfectly safe'), vector: null },
    metrics: [],
    own: null,
  };
  expect([importRows(db, [record]), importRows(db, [record])]).toEqual([1, 0]);
  expect(candidatesFor(db, 'x', []).candidates).toMatchObject([{ elsewhere: true, rulesetHash: 'forged' }]);
  save('a1', 'mine');
  const sha256 = 'a1'.padEnd(64, '0');
  expect(candidatesFor(db, 'x', []).candidates).toMatchObject([
    { elsewhere: false, rulesetHash: 'h', fileSha256: sha256 },
  ]);
  expect(found('perfectly')).toEqual([]);
  const [row] = [...entryRows(db, [...entriesWithWords(db, ['mine'], 10).keys()]).values()];
  expect(row).toMatchObject({ fileSha256: sha256, rulesetHash: 'h' });
});
