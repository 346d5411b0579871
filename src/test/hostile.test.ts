/** What the machine and strangers do to the built program: pipes, full disks, damaged databases, signals, readers that go away. */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT } from './analyze-in-process.ts';

const home = mkdtempSync(join(tmpdir(), 'revsync-hostile-'));
const BIN = join(PROJECT, 'bin/revsync.js');
const TUNE = join(home, 'tune.bin');
const DB = join(home, 'library.db');
const onLinux = test.runIf(process.platform === 'linux');

async function revsync(args: string[], cwd = home) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [BIN, '--no-input', ...args], {
    cwd,
    reject: false,
    stdin: 'ignore',
    env: { XDG_DATA_HOME: join(home, 'data'), XDG_CONFIG_HOME: join(home, 'config'), OLLAMA_HOST: '127.0.0.1:1' },
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

beforeAll(async () => {
  copyFileSync(join(PROJECT, 'fixtures/example/track-day.bin'), TUNE);
  copyFileSync(join(PROJECT, 'fixtures/example/track-day.yaml'), join(home, 'tune.yaml'));
  await revsync(['--db', DB, 'analyze', TUNE, '--engine', 'rules']);
  await revsync(['--db', DB, 'analyze', TUNE, '--engine', 'rules', '--ron', '98']);
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('a result', () => {
  test.each([
    ['analyze', ['analyze', 'tune.bin', '--format', 'csv', '-o', 'tune.bin']],
    ['analyze, the definition', ['analyze', 'tune.bin', '-d', 'tune.yaml', '-o', './tune.yaml']],
    ['compare', ['compare', 'tune.bin', 'tune.bin', '-o', 'tune.bin']],
    ['definitions propose', ['definitions', 'propose', 'tune.bin', '-o', 'tune.bin']],
    ['export', ['--db', 'library.db', 'export', '-o', 'library.db']],
  ])('never takes the place of what it is made from: %s', async (_, args) => {
    const before = [TUNE, DB, join(home, 'tune.yaml')].map((f) => readFileSync(f));
    const said = await revsync(args);
    expect(said.exitCode).toBe(2);
    expect(said.stderr).toContain('OUTPUT_IS_INPUT');
    expect([TUNE, DB, join(home, 'tune.yaml')].map((f) => readFileSync(f))).toEqual(before);
  });

  onLinux('a full disk is named, whoever writes, and no verdict is feigned', async () => {
    for (const args of [
      ['--no-store', 'analyze', 'tune.bin', '--engine', 'rules', '--fail-on', 'never', '--min-score', '0'],
      ['--db', DB, 'export'],
    ]) {
      const said = await revsync([...args, '-o', '/dev/full']);
      expect(said.exitCode).toBe(2);
      expect(said.stderr).toContain('OUTPUT_FAILED: "/dev/full" cannot be written (ENOSPC)');
    }
    const child = spawn('sh', ['-c', `"${process.execPath}" "${BIN}" --no-store maps tune.bin > /dev/full`], {
      cwd: home,
    });
    let talk = '';
    child.stderr.on('data', (bytes: Buffer) => {
      talk += bytes.toString();
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2);
    expect(talk).toContain('OUTPUT_FAILED: standard output cannot be written (ENOSPC)');
    expect(talk).not.toContain('    at ');
  });
});

describe('waiting for bytes that never come', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends it with 130',
    async (signal) => {
      const pipe = join(home, `pipe-${signal}`);
      execFileSync('mkfifo', [pipe]);
      for (const source of [pipe, '-']) {
        const child = spawn(process.execPath, [BIN, '--no-store', 'analyze', source], { cwd: home });
        let talk = '';
        child.stderr.on('data', (bytes: Buffer) => {
          talk += bytes.toString();
        });
        const ended = new Promise((resolve) => child.on('close', (code, by) => resolve([code, by])));
        // Until it waits: it has nothing to say by then.
        await new Promise((resolve) => setTimeout(resolve, 1500));
        child.kill(signal);
        expect(await ended).toEqual([130, null]);
        expect(talk).toBe('revsync: cancelled\n');
      }
    },
    30_000,
  );
});

describe('a database in which something is no longer whole', () => {
  const damaged = join(home, 'damaged.db');
  let ids: string[] = [];
  beforeAll(() => {
    copyFileSync(DB, damaged);
    const db = new BetterSqlite3(damaged);
    ids = db.prepare('SELECT id FROM analyses ORDER BY id').pluck().all() as string[];
    db.prepare('UPDATE analyses SET report = substr(report, 1, 500) WHERE id = ?').run(ids[0]);
    db.close();
  });

  test.each(['show', 'explain', 'rate', 'note'])('%s says so and is no bug of ours', async (command) => {
    const more = command === 'rate' ? ['4'] : command === 'note' ? ['words'] : [];
    const said = await revsync(['--db', damaged, command, ids[0]!, ...more]);
    expect(said.exitCode).toBe(2);
    expect(said.stderr).toMatch(/^revsync: DATABASE_DAMAGED: something stored in .* is no longer whole/);
  });

  test('export saves the rest, every line JSON, and says what is missing', async () => {
    const said = await revsync(['--db', damaged, 'export']);
    const lines = said.stdout
      .split('\n')
      .map((l) => JSON.parse(l) as { analysisId?: string; errors?: { code: string }[] });
    expect(ids).toHaveLength(2);
    expect(lines.map((l) => l.analysisId ?? l.errors?.[0]?.code)).toEqual(['RECORD_DAMAGED', ids[1]]);
    expect(said.exitCode).toBe(2);
    expect(said.stderr).toContain('RECORD_DAMAGED: 1 are no longer whole');
    writeFileSync(join(home, 'rest.ndjson'), said.stdout);
    const again = await revsync(['--db', join(home, 'new.db'), 'import', 'rest.ndjson', '--format', 'json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ imported: 1, skipped: 1, bad: 0 });
  });

  test('a list of definitions says that the own ones are missing', async () => {
    writeFileSync(join(home, 'text.db'), 'no database');
    const said = await revsync(['--db', join(home, 'text.db'), 'definitions', 'list']);
    expect(said.stderr).toContain('your library of definitions is not used');
  });
});

test('a ride log that is a pipe is refused, and one without an end in sight can be cancelled', async () => {
  execFileSync('mkfifo', [join(home, 'log.csv')]);
  const said = await revsync(['--no-store', 'analyze', 'tune.bin', '--log', 'log.csv']);
  expect(said.stderr).toContain('LOG_NOT_READ: "log.csv" is no file');
  copyFileSync(join(PROJECT, 'fixtures/logs/ride.mlg'), join(home, 'long.mlg'));
  truncateSync(join(home, 'long.mlg'), 1_500_000_000);
  const child = spawn(process.execPath, [BIN, '--no-store', 'analyze', 'tune.bin', '--log', 'long.mlg'], { cwd: home });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const asked = Date.now();
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(Date.now() - asked).toBeLessThan(5000);
}, 30_000);

test.each([
  ['nothing', null],
  ['a number', 5],
  ['no id', {}],
  ['a suppression without a reason', { id: 'a', status: 'fail', suppressed: {} }],
  ['no word of a suppression', { id: 'a', status: 'fail' }],
])('explain of a report whose finding is %s: it is no report', async (_, finding) => {
  const said = await revsync(['--no-store', 'analyze', 'tune.bin', '--engine', 'rules', '--format', 'json']);
  const document = JSON.parse(said.stdout) as { reports: { findings: unknown[] }[] };
  document.reports[0]!.findings.push(finding);
  writeFileSync(join(home, 'report.json'), JSON.stringify(document));
  const explained = await revsync(['explain', 'report.json']);
  expect(explained.exitCode).toBe(2);
  expect(explained.stderr).toContain('NOT_A_REPORT');
});

onLinux('a folder that was deleted under us', async () => {
  const gone = join(home, 'gone');
  mkdirSync(gone);
  const script = `rmdir "${gone}"; "${process.execPath}" "${BIN}" --version; "${process.execPath}" "${BIN}" --no-store maps x.bin`;
  const { exitCode, stdout, stderr } = await execa('sh', ['-c', script], { cwd: gone, reject: false });
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+$/);
  expect(stderr).toContain('revsync: FOLDER_GONE: the folder that you are in was deleted');
});
