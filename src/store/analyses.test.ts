import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusedReport } from '../core/refused-report.ts';
import type { Report } from '../core/report.ts';
import { migrations } from '../generated/migrations.ts';
import { listHistory, readAnalysis, readCells, saveAnalysis } from './analyses.ts';
import { addDefinition, listDefinitions, removeDefinition } from './definitions.ts';
import { type Database, openDatabase } from './open-store.ts';

let folder = '';
let db: Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'revsync-store-'));
  db = await openDatabase(join(folder, 'a', 'b', 'revsync.db'));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

function report(id: string, path = 'tune.bin'): Report {
  const base = refusedReport(
    { path, sha256: id.padEnd(64, '0'), byteLength: 10 },
    { code: 'X', message: 'x', hint: '' },
    {
      format: null,
      definition: null,
      conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
    },
  );
  return { ...base, outcome: 'analysed', refusal: null, analysisId: id };
}

const save = (r: Report, at = '2026-01-01T00:00:00.000Z'): void =>
  saveAnalysis(
    db,
    {
      report: r,
      ruleset: { version: '1.0.0', hash: 'h', rules: 1 },
      toolVersion: '0',
      schemaVersion: '1',
      definitionSha256: null,
      at,
    },
    [{ id: 'm', mapId: null, value: Number.NaN, reason: null, unit: '°', reference: 'absolute', cells: [], facts: {} }],
    [],
  );

describe('analyses', () => {
  test('the same analysis twice is one row that knows it ran twice', () => {
    save(report('aaaa1111'));
    save(report('aaaa1111', 'renamed.bin'), '2026-02-01T00:00:00.000Z');
    const rows = listHistory(db, { text: null, limit: 10 });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      runs: 2,
      path: 'renamed.bin',
      firstAt: '2026-01-01T00:00:00.000Z',
      lastAt: '2026-02-01T00:00:00.000Z',
    });
    expect(db.prepare('SELECT count(*) FROM metrics').pluck().get()).toBe(1);
    expect(readCells(db, 'aaaa1111'.padEnd(64, '0'), null)).toEqual([]);
  });

  test('a beginning of the id is enough where it is unique', () => {
    save(report('aaaa1111'));
    save(report('aaaa2222'));
    expect(readAnalysis(db, 'aaaa1').report.analysisId).toBe('aaaa1111');
    expect(() => readAnalysis(db, 'aaaa')).toThrow(expect.objectContaining({ code: 'AMBIGUOUS_ID' }));
    expect(() => readAnalysis(db, 'bbbb')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(() => readAnalysis(db, "' OR 1=1 --")).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  test('wildcards of a search are letters', () => {
    save(report('aaaa1111', '100%.bin'));
    save(report('aaaa2222', '100x.bin'));
    expect(listHistory(db, { text: '0%', limit: 10 }).map((r) => r.path)).toEqual(['100%.bin']);
  });
});

describe('opening', () => {
  test('twice at once, and again later, runs each migration once', async () => {
    const path = join(folder, 'second.db');
    const both = await Promise.all([openDatabase(path), openDatabase(path)]);
    expect(both[0].prepare('SELECT count(*) FROM migrations').pluck().get()).toBe(migrations.length);
    for (const each of both) each.close();
    const again = await openDatabase(path);
    expect(again.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(again.pragma('journal_mode', { simple: true })).toBe('wal');
    again.close();
  });

  test('a damaged file, a newer one and a full one are named', async () => {
    const damaged = join(folder, 'damaged.db');
    writeFileSync(damaged, 'no database '.repeat(500));
    await expect(openDatabase(damaged)).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' });
    db.prepare("INSERT INTO migrations VALUES ('999-future', 'now')").run();
    await expect(openDatabase(db.name)).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
    await expect(openDatabase('/proc/nowhere/x.db')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  test('a full disk loses nothing that was committed', async () => {
    const { explain } = await import('./open-store.ts');
    save(report('aaaa1111'));
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    const large = { ...report('bbbb1111'), firstRide: ['x'.repeat(5_000_000)] };
    let said: unknown;
    try {
      save(large);
    } catch (error) {
      said = explain(error, 'x');
    }
    expect(said).toMatchObject({ code: 'DATABASE_FULL' });
    expect(listHistory(db, { text: null, limit: 10 })).toHaveLength(1);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });
});

test('definitions of the user: the same bytes once, another version in place of the old', () => {
  const definition = (bytes: string) => ({
    id: 'mine',
    sha256: bytes,
    format: 'xdf',
    title: 'Mine',
    name: 'mine.xdf',
    bytes: new TextEncoder().encode(bytes),
  });
  expect(addDefinition(db, definition('one'), 'now')).toBe(true);
  expect(addDefinition(db, definition('one'), 'now')).toBe(false);
  expect(addDefinition(db, definition('two'), 'now')).toBe(true);
  expect(listDefinitions(db).map((d) => new TextDecoder().decode(d.bytes))).toEqual(['two']);
  expect(removeDefinition(db, 'mine')).toBe(true);
  expect(removeDefinition(db, 'mine')).toBe(false);
});
