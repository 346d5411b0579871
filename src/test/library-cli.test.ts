/** The library as a script meets it: search, similar, note, export, import, killed and repeated. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { syntheticLine } from '../dev/bench/synthetic-library.ts';
import { writeTinyModel } from '../embed/testing/tiny-model.ts';
import { FakeOllama } from '../llm/testing/fake-ollama.ts';
import { loadDriver } from '../store/open-store.ts';
import { PROJECT } from './analyze-in-process.ts';

const home = mkdtempSync(join(tmpdir(), 'revsync-library-cli-'));
const BetterSqlite3 = await loadDriver();
const MODELS = join(PROJECT, '../shared/models');
const STOCK = join(PROJECT, 'fixtures/example/stock.bin');
const TRACK_DAY = join(PROJECT, 'fixtures/example/track-day.bin');
const env = {
  XDG_DATA_HOME: join(home, 'data'),
  XDG_CONFIG_HOME: join(home, 'config'),
  REVSYNC_MODELS: join(home, 'none'),
};

/** The package is optional at install. */
const installed = await import('onnxruntime-node').then(
  () => true,
  () => false,
);

beforeAll(async () => {
  if (!existsSync(join(PROJECT, 'dist/main.js'))) await execa('npm', ['run', 'build'], { cwd: PROJECT });
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function revsync(args: string[], options: { input?: string; env?: Record<string, string> } = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['bin/revsync.js', ...args], {
    cwd: PROJECT,
    reject: false,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    env: { ...env, ...options.env },
    timeout: 120_000,
    maxBuffer: 256 * 1024 * 1024,
    stripFinalNewline: false,
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}
const json = async (args: string[], more: Record<string, string> = {}) =>
  JSON.parse((await revsync([...args, '--format', 'json'], { env: more })).stdout);

/** A database with the two files of the example, the tuned one under a sidecar. */
async function filled(name: string): Promise<string[]> {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  for (const file of ['stock', 'track-day']) {
    for (const ending of ['bin', 'yaml']) {
      const from = join(PROJECT, `fixtures/example/${file}.${ending}`);
      if (existsSync(from)) copyFileSync(from, join(folder, `${file}.${ending}`));
    }
  }
  const sidecar = 'notes: Loud pipe, made for Assen\nrole: tuned\ntags: [assen]\n';
  writeFileSync(join(folder, 'track-day.bin.revsync.yaml'), sidecar);
  const db = ['--db', join(folder, 'revsync.db')];
  await revsync(['analyze', join(folder, 'track-day.bin'), '--stock', STOCK, ...db]);
  await revsync(['analyze', join(folder, 'stock.bin'), ...db]);
  return db;
}

describe('search', () => {
  test('finds by the words of the sidecar, says it is lexical, and filters', async () => {
    const db = await filled('search');
    const document = await json(['search', 'pipe for Assen', ...db]);
    expect(document).toMatchObject({ mode: 'lexical', model: null, errors: [] });
    expect(document.reason).toContain('no embedding model');
    expect(document.results[0]).toMatchObject({
      path: expect.stringContaining('track-day.bin'),
      role: 'tuned',
      notes: 'Loud pipe, made for Assen',
      similarity: null,
      because: expect.stringContaining('assen'),
    });
    expect(Object.keys(document.results[0])).toEqual(
      expect.arrayContaining(['analysisId', 'path', 'motorcycle', 'score', 'similarity', 'because']),
    );
    expect((await json(['search', 'assen', '--tag', 'nowhere', ...db])).results).toEqual([]);
    expect((await json(['search', 'assen', '--role', 'stock', ...db])).results).toEqual([]);
    expect((await revsync(['search', 'assen', ...db])).stdout).toContain('\t');
    expect((await json(['search', 'assen', '--bike', 'flying carpet', ...db])).errors[0].code).toBe('BIKE_NOT_FOUND');
    expect((await json(['search', 'x', '--no-store', ...db])).errors[0].code).toBe('NO_DATABASE');
  });

  test('finds by the name of the file', async () => {
    const { results } = await json(['search', 'the track day one', ...(await filled('filed'))]);
    expect(results).toHaveLength(1);
    expect(results[0].because).toContain('says track day');
  });

  test('the words of the user find it at once', async () => {
    const db = await filled('note');
    const [first] = (await json(['search', 'assen', ...db])).results;
    expect((await json(['note', first.analysisId, 'zebra crossing', '--tag', 'zoo', ...db])).own).toMatchObject({
      notes: 'zebra crossing',
      tags: ['zoo'],
    });
    expect((await json(['search', 'zebra', '--tag', 'zoo', ...db])).results).toHaveLength(1);
    expect((await revsync(['note', first.analysisId, ...db])).stdout).toContain('Loud pipe');
    await revsync(['note', first.analysisId, '--clear', ...db]);
    expect((await json(['search', 'zebra', ...db])).results).toEqual([]);
    expect((await json(['note', 'ffff', ...db])).errors[0].code).toBe('NOT_FOUND');
  });

  test.skipIf(!existsSync(MODELS))(
    'with the model beside the project it is hybrid, vectors stored with the analysis',
    async () => {
      const db = ['--db', join(home, 'hybrid.db')];
      await revsync(['analyze', TRACK_DAY, '--stock', STOCK, ...db], { env: { REVSYNC_MODELS: MODELS } });
      const stored = new BetterSqlite3(db[1]!, { readonly: true });
      expect(stored.prepare('SELECT count(*) FROM embeddings').pluck().get()).toBe(1);
      stored.close();
      const document = await json(['search', 'a map with too much spark', ...db], { REVSYNC_MODELS: MODELS });
      expect(document.model).toMatchObject({ id: 'all-MiniLM-L6-v2', dimensions: 384 });
      expect(document.results[0].similarity).toBeGreaterThan(0.1);
    },
  );
});

describe('search with a model made for the test', () => {
  test.skipIf(!installed)('by the folder: what is meant goes before what is said', async () => {
    const models = join(home, 'tiny-models');
    // The rider's word stands in neither file: its vector is that of the track day's note.
    writeTinyModel(models, 'all-MiniLM-L6-v2', { zandvoort: [1], assen: [1], factory: [0, 1] });
    const db = await filled('tiny');
    expect((await json(['search', 'zandvoort', ...db])).results).toEqual([]);
    const { mode, model, results } = await json(['search', 'zandvoort', ...db], { REVSYNC_MODELS: models });
    expect([mode, model.id, model.dimensions]).toEqual(['semantic', 'all-MiniLM-L6-v2', 384]);
    expect(results[0].path).toContain('track-day.bin');
    expect(results[0].similarity).toBeGreaterThan(0.5);
    expect(await json(['reindex', ...db], { REVSYNC_MODELS: models })).toMatchObject({
      embedded: 0,
      model: { engine: 'transformers' },
    });
  });

  test('by Ollama, whose vectors are of another model', async () => {
    const fake = await FakeOllama.start();
    try {
      const db = await filled('ollama');
      const more = { REVSYNC_EMBEDDING_MODEL: 'mistral:7b', OLLAMA_HOST: fake.url };
      const { mode, model, reason } = await json(['search', 'pipe for Assen', ...db], more);
      expect([mode, model.id, model.dimensions, reason]).toEqual(['hybrid', 'mistral:7b', 384, '']);
      expect(fake.requests.some((r) => r.path === '/api/embed')).toBe(true);
      expect(await json(['reindex', ...db], more)).toMatchObject({ embedded: 0, model: { engine: 'ollama' } });
    } finally {
      await fake.kill();
    }
  });
});

describe('similar', () => {
  test('analyses a file that is not stored, and compares calibrations', async () => {
    const db = await filled('similar');
    const document = await json(['similar', TRACK_DAY, '--stock', STOCK, ...db]);
    expect(document.outliers).toBeNull();
    expect(document.outliersReason).toContain('it takes 5');
    expect(document.results.map((r: { path: string }) => r.path)).toEqual([expect.stringContaining('stock.bin')]);
    expect(document.results[0].similarity).toBeLessThan(1);
    expect((await json(['similar', 'ffff', ...db])).errors[0].code).toBe('NOT_FOUND');
    expect((await json(['similar', 'README.md', ...db])).errors[0].code).toBe('NOT_ANALYSED');
  });
});

describe('export and import', () => {
  test('a library goes to another machine whole, and twice changes nothing', async () => {
    const db = await filled('out');
    const other = ['--db', join(home, 'other.db')];
    const lines = (await revsync(['export', ...db])).stdout;
    expect(lines.trim().split('\n')).toHaveLength(2);
    expect(await json(['import', '-', ...other])).toMatchObject({ imported: 0, bad: 0 });
    const once = await revsync(['import', '-', ...other], { input: lines });
    expect([once.exitCode, once.stdout]).toEqual([0, expect.stringContaining('2 imported')]);
    const twice = await revsync(['import', '-', ...other], { input: lines });
    expect(twice.stdout).toContain('0 imported, 2 were here already');
    expect((await revsync(['export', ...other])).stdout).toBe(lines);
    expect((await json(['history', ...other])).analyses).toHaveLength(2);
    expect((await json(['search', 'assen', ...other])).results[0].path).toContain('track-day.bin');
    // The same questions have the same answers there.
    const [first] = (await json(['history', ...db])).analyses;
    for (const question of [
      ['search', 'loud pipe for assen'],
      ['search', 'more timing at full throttle', '--role', 'tuned'],
    ])
      expect((await json([...question, ...other])).results).toEqual((await json([...question, ...db])).results);
    const similar = ['similar', first.analysisId];
    const [here, there] = [await json([...similar, ...db]), await json([...similar, ...other])];
    expect(here.results).toHaveLength(1);
    expect(there.results).toEqual(here.results);
    const asked = ['recommend', '--bike', 'yamaha r6 2008', '--ron', '98', '--min-score', '0'];
    const ranking = async (where: string[]) => {
      const { recommended, rejected } = await json([...asked, ...where]);
      return {
        recommended: recommended.map((r: { path: string; score: number; shares: object }) => [
          r.path,
          r.score,
          r.shares,
        ]),
        rejected,
      };
    };
    const original = await ranking(db);
    expect(original.recommended.length + original.rejected.length).toBe(2);
    expect(await ranking(other)).toEqual(original);
    const file = join(home, 'lines.ndjson');
    await revsync(['export', 'no such bike', '--output', file, ...db]);
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  test('lines of analyze come in; bad lines are named and stop nothing', async () => {
    const db = ['--db', join(home, 'bad.db')];
    const { stdout } = await revsync(['analyze', '--no-store', STOCK, 'nothing.bin', '--format', 'ndjson']);
    const {
      exitCode,
      stderr,
      stdout: said,
    } = await revsync(['import', '-', ...db], { input: `rubbish\n\n{}\n${stdout}` });
    expect([exitCode, said]).toEqual([
      1,
      expect.stringContaining('1 imported, 0 were here already, 1 lines with nothing'),
    ]);
    expect(stderr).toMatch(/NOT_JSON: line 1: .*\n.*NOT_A_RECORD: line 3: /);
    expect((await revsync(['import', '-', ...db], { input: 'rubbish\n' })).exitCode).toBe(2);
    expect((await revsync(['import', 'nothing.ndjson', ...db])).stderr).toContain('FILE_NOT_FOUND');
  });

  test('an import that is killed loses nothing that was committed, and repeats cleanly', async () => {
    const rows = 4_000;
    const file = join(home, 'many.ndjson');
    writeFileSync(file, Array.from({ length: rows }, (_, i) => syntheticLine(i)).join(''));
    const path = join(home, 'killed.db');
    const count = (): number => {
      if (!existsSync(path)) return 0;
      const db = new BetterSqlite3(path);
      try {
        expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
        const has = db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'library'").pluck().get();
        if (has === 0) return 0;
        const [analyses, entries, words] = ['analyses', 'library', 'library_words'].map(
          (t) => db.prepare(`SELECT count(*) FROM ${t}`).pluck().get() as number,
        );
        expect([entries, words]).toEqual([analyses, analyses]);
        return analyses!;
      } finally {
        db.close();
      }
    };
    let before = 0;
    for (const afterMs of [250, 400, 550, 700]) {
      const child = spawn(process.execPath, ['bin/revsync.js', '--db', path, 'import', file], {
        cwd: PROJECT,
        env: { ...process.env, ...env },
        stdio: 'ignore',
      });
      const gone = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill('SIGKILL');
      await gone;
      const now = count();
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now % 500).toBe(0);
      before = now;
    }
    const { stdout } = await revsync(['--db', path, 'import', file]);
    expect(stdout).toContain(`${rows - before} imported, ${before} were here already`);
    expect(count()).toBe(rows);
  });
});

test('reindex describes what an older revsync stored', async () => {
  const db = await filled('old');
  const old = new BetterSqlite3(db[1]!);
  old.exec('DELETE FROM library');
  old.close();
  expect(await json(['reindex', ...db])).toMatchObject({ described: 2, embedded: 0, model: null });
  expect((await json(['search', 'yamaha r6', ...db])).results.length).toBeGreaterThan(0);
});
