/** Many files through worker threads: the same documents in the same order, a bad file stops nothing, an interrupt ends with 130. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyzeDocument, PROJECT } from './analyze-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-batch-'));
const DEFINITION = `${PROJECT}fixtures/example/stock.yaml`;
const names = Array.from({ length: 48 }, (_, i) => (i === 7 ? 'text.bin' : i === 20 ? 'gone.bin' : `tune${i}.bin`));

beforeAll(async () => {
  if (!existsSync(join(PROJECT, 'dist/batch-worker.js'))) await execa('npm', ['run', 'build'], { cwd: PROJECT });
  const tune = readFileSync(`${PROJECT}fixtures/example/track-day.bin`);
  for (const [i, name] of names.entries()) {
    if (name === 'gone.bin') continue;
    const bytes = Buffer.from(tune);
    for (let k = 0; k < 18 * 14; k++) bytes[0x1100 + k] = Math.max(0, bytes[0x1100 + k]! - (i % 12));
    writeFileSync(join(folder, name), name === 'text.bin' ? 'nothing but words '.repeat(40) : bytes);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: string[]) =>
  execa(process.execPath, [join(PROJECT, 'bin/revsync.js'), 'analyze', ...args, '--engine', 'rules', '--no-input'], {
    cwd: folder,
    reject: false,
    stdin: 'ignore',
    env: { XDG_DATA_HOME: join(folder, 'data'), XDG_CONFIG_HOME: join(folder, 'config') },
    timeout: 240_000,
    maxBuffer: 256 * 1024 * 1024,
  });

const common = ['--definition', DEFINITION, '--bike', 'yamaha/yzf-r6-2008-2009'];

describe.skipIf(availableParallelism() < 2)('workers (needs two cores)', () => {
  test('give what one thread gives, in order, with a refusal for each bad file', { timeout: 300_000 }, async () => {
    const { stdout, exitCode } = await run([...names, ...common, '--no-store', '--format', 'json']);
    const document = JSON.parse(stdout);
    const alone = await analyzeDocument(names, {
      cwd: folder,
      definition: DEFINITION,
      bike: 'yamaha/yzf-r6-2008-2009',
      all: false,
    });
    expect(document.reports.map((r: { input: { path: string } }) => r.input.path)).toEqual(names);
    expect(document.reports).toEqual(JSON.parse(JSON.stringify(alone.document.reports)));
    expect(document.summary).toMatchObject({ files: 48, refused: 2, exitCode });
  });

  test('every file is kept once, with its cells', { timeout: 300_000 }, async () => {
    const db = join(folder, 'x.db');
    for (let i = 0; i < 2; i++) await run([...names, ...common, '--db', db, '--format', 'json']);
    const { openDatabase } = await import('../store/open-store.ts');
    const store = await openDatabase(db);
    const count = (sql: string): unknown => store.prepare(sql).pluck().get();
    expect(count('SELECT count(*) FROM analyses WHERE runs >= 2')).toBe(count('SELECT count(*) FROM files'));
    expect(count('SELECT count(*) FROM cells WHERE length(maps) > 100')).toBe(count('SELECT count(*) FROM files'));
    const judged = "json_extract(f.value, '$.status') IN ('fail', 'pass')";
    const inReports = count(`SELECT count(*) FROM analyses a, json_each(a.report, '$.findings') f WHERE ${judged}`);
    expect(inReports).toBe(600);
    expect(count('SELECT count(*) FROM findings')).toBe(inReports);
    store.close();
  });

  test('an interrupt ends the run with 130', { timeout: 300_000 }, async () => {
    const many = Array.from({ length: 200 }, () => names.filter((n) => n !== 'gone.bin')).flat();
    const child = run([...many, ...common, '--no-store', '--format', 'ndjson']);
    // The first record shows that workers are at it.
    child.stdout?.once('data', () => child.kill('SIGINT'));
    const { exitCode, stderr } = await child;
    expect([exitCode, stderr]).toEqual([130, expect.stringContaining('cancelled')]);
  });
});
