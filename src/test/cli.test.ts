/** The command line as a script and a person meet it: the built entry, on the bundled example. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT } from './analyze-in-process.ts';

const home = mkdtempSync(join(tmpdir(), 'revsync-cli-'));
const TRACK_DAY = 'fixtures/example/track-day.bin';
const STOCK = 'fixtures/example/stock.bin';

beforeAll(async () => {
  if (!existsSync(join(PROJECT, 'dist/main.js'))) await execa('npm', ['run', 'build'], { cwd: PROJECT });
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Never a terminal, never the user's own database or settings. */
async function revsync(args: string[], options: { input?: Uint8Array; env?: Record<string, string> } = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['bin/revsync.js', ...args], {
    cwd: PROJECT,
    reject: false,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    // A model that happens to run on this machine must not be asked by a test.
    env: {
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CONFIG_HOME: join(home, 'config'),
      USE_LOCAL_LLM: 'false',
      ...options.env,
    },
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

describe('exit codes', () => {
  test.each([
    ['an acceptable file', [STOCK], 0],
    ['a dangerous one', [TRACK_DAY, '--stock', STOCK], 1],
    ['a dangerous one that nobody minds', [TRACK_DAY, '--fail-on', 'never', '--min-score', '0'], 0],
    ['a file that is not there', ['nothing.bin'], 2],
    ['text', ['README.md'], 2],
    ['several, the worst counts', [STOCK, TRACK_DAY, 'nothing.bin'], 2],
    ['an acceptable file under a high bar', [TRACK_DAY, '--fail-on', 'never', '--min-score', '100'], 1],
    ['an unknown motorcycle', [STOCK, '--bike', 'flying carpet 3000'], 2],
    ['a fuel without its scale', [STOCK, '--fuel', '91'], 2],
    ['a number that is none', [STOCK, '--ron', 'abc'], 2],
    ['an unknown flag', [STOCK, '--frobnicate'], 2],
    ['an unknown format', [STOCK, '--format', 'stone-tablet'], 2],
  ])('%s', async (_, args, code) => {
    const { exitCode, stderr } = await revsync(['analyze', '--no-store', ...args]);
    expect([exitCode, stderr]).toEqual([code, code === 2 ? expect.any(String) : stderr]);
    expect(stderr).not.toContain('INTERNAL');
  });
});

describe('json', () => {
  test('validates against the published schema, and its exit code is the process’s', async () => {
    const schema = JSON.parse(readFileSync(join(PROJECT, 'docs/generated/report.schema.json'), 'utf8'));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    for (const args of [[STOCK], [TRACK_DAY, '--stock', STOCK, '--all'], ['README.md', 'nothing.bin', TRACK_DAY]]) {
      const { stdout, exitCode } = await revsync(['analyze', '--no-store', '--format', 'json', ...args]);
      const document = JSON.parse(stdout);
      expect(validate(document), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
      expect(document.summary.exitCode).toBe(exitCode);
      expect(document.reports).toHaveLength(args.filter((a) => /\.(bin|md)$/.test(a) && a !== STOCK).length || 1);
    }
  });

  test('is one valid document even where there is nothing to report on', async () => {
    const { stdout, stderr, exitCode } = await revsync([
      'analyze',
      STOCK,
      '--bike',
      'flying carpet',
      '--format',
      'json',
    ]);
    expect(JSON.parse(stdout).errors[0].code).toBe('BIKE_NOT_FOUND');
    expect(stderr).toMatch(/^revsync: BIKE_NOT_FOUND: /);
    expect(exitCode).toBe(2);
  });

  test('a wrong flag still gives a document', async () => {
    for (const args of [['--ron', 'abc'], ['--fuel', '91'], ['--ron', '95', '--aki', '91'], ['--frobnicate']]) {
      const { stdout, exitCode, stderr } = await revsync(['analyze', STOCK, '--no-store', '--format', 'json', ...args]);
      expect([exitCode, JSON.parse(stdout).errors.length]).toEqual([2, 1]);
      expect(stderr.length).toBeGreaterThan(10);
    }
  });

  test('ndjson is a record a line', async () => {
    const { stdout } = await revsync(['analyze', '--no-store', STOCK, TRACK_DAY, '--format', 'ndjson']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l).input.path),
    ).toEqual([STOCK, TRACK_DAY]);
  });

  test('maps list every item with its place', async () => {
    const { stdout } = await revsync(['maps', TRACK_DAY, '--format', 'json']);
    const { maps, definition } = JSON.parse(stdout);
    expect(definition.origin).toBe('sidecar');
    expect(maps.map((m: { title: string }) => m.title)).toContain('Spark advance');
    expect(maps[0].at).toMatchObject({
      offsetBytes: 0x1100,
      elementBytes: 1,
      byteOrder: 'big',
      signed: false,
      layout: 'row',
    });
    expect(maps[0].cells).toHaveLength(maps[0].rows * maps[0].columns);
  });
});

test('the built program reads the settings of a project file', async () => {
  const folder = join(home, 'project');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.revsync.yaml'), 'minSafetyScore: 71\nsuppress: []\n');
  const { stdout, stderr } = await execa(process.execPath, [join(PROJECT, 'bin/revsync.js'), 'config'], {
    cwd: folder,
    env: { XDG_DATA_HOME: join(home, 'data'), XDG_CONFIG_HOME: join(home, 'config') },
    reject: false,
  });
  expect(`${stdout}${stderr}`).toMatch(/minSafetyScore\s+71\s+project file/);
});

describe('streams', () => {
  test('a pipe gets no colour and no prompt; FORCE_COLOR gives colour, NO_COLOR wins', async () => {
    const plain = await revsync(['analyze', '--no-store', TRACK_DAY]);
    expect(plain.stdout).not.toContain('\u001b');
    expect((await revsync(['analyze', '--no-store', TRACK_DAY], { env: { FORCE_COLOR: '1' } })).stdout).toContain(
      '\u001b[',
    );
    expect(
      (await revsync(['analyze', '--no-store', TRACK_DAY], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout,
    ).not.toContain('\u001b');
  });

  test('stdin is a file like any other', async () => {
    const input = new Uint8Array(readFileSync(join(PROJECT, TRACK_DAY)));
    const { stdout } = await revsync(
      ['analyze', '-', '--no-store', '--definition', 'fixtures/example/track-day.yaml', '--format', 'json'],
      { input },
    );
    expect(JSON.parse(stdout).reports[0]).toMatchObject({ input: { path: '-' }, outcome: 'analysed' });
  });

  test('patterns and files for the output', async () => {
    const json = join(home, 'out.json');
    const html = join(home, 'out.html');
    const { exitCode, stdout } = await revsync([
      'analyze',
      '--no-store',
      'fixtures/example/*.bin',
      '--output',
      json,
      '--output',
      html,
    ]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(JSON.parse(readFileSync(json, 'utf8')).reports).toHaveLength(2);
    expect(readFileSync(html, 'utf8')).toContain('<!doctype html>');
    const nowhere = await revsync([
      'analyze',
      '--no-store',
      STOCK,
      '--output',
      join(home, 'no', 'such', 'folder.json'),
    ]);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([2, expect.stringContaining('OUTPUT_FAILED')]);
  });

  test('the help that is rendered at build is the help of the commands', async () => {
    const { stdout } = await revsync(['--help']);
    const { stdout: real } = await execa(process.execPath, ['dist/main.js', '--help'], {
      cwd: PROJECT,
      env: { COLUMNS: '100' },
    });
    expect(stdout).toBe(real);
    for (const command of ['analyze', 'maps', 'definitions', 'bikes', 'rules', 'history', 'show', 'config']) {
      expect((await revsync([command, '--help'])).stdout).toContain('Usage: revsync');
    }
  });
});

describe('definitions', () => {
  test('one that does not fit is a mismatch with its evidence', async () => {
    const path = join(home, 'wrong.yaml');
    writeFileSync(
      path,
      readFileSync(join(PROJECT, 'fixtures/example/track-day.yaml'), 'utf8').replaceAll('EXAMPLE1', 'EXAMPLE9'),
    );
    const { stdout, exitCode } = await revsync([
      'analyze',
      '--no-store',
      TRACK_DAY,
      '--definition',
      path,
      '--format',
      'json',
    ]);
    const [report] = JSON.parse(stdout).reports;
    expect(exitCode).toBe(2);
    expect(report.refusal.code).toBe('DEFINITION_MISMATCH');
    expect(report.definition.verdict).toBe('mismatch');
    expect(report.definition.evidence.join()).toContain('EXAMPLE9');
    // `maps` looks all the same, and believes nothing.
    const maps = JSON.parse((await revsync(['maps', TRACK_DAY, '--definition', path, '--format', 'json'])).stdout).maps;
    expect(new Set(maps.map((m: { decodeConfidence: string }) => m.decodeConfidence))).toEqual(new Set(['guessed']));
  });

  test('the user’s own library: add, list, match, use, tie, remove', async () => {
    const db = ['--db', join(home, 'own.db')];
    const bare = join(home, 'bare.bin');
    writeFileSync(bare, readFileSync(join(PROJECT, TRACK_DAY)));
    const own = join(home, 'my-ecu.yaml');
    writeFileSync(own, readFileSync(join(PROJECT, 'fixtures/example/track-day.yaml')));
    expect((await revsync(['analyze', bare, ...db])).exitCode).toBe(2);
    expect((await revsync(['definitions', 'add', own, ...db])).stderr).toContain('added: my-ecu');
    expect(
      JSON.parse((await revsync(['definitions', 'list', '--format', 'json', ...db])).stdout).definitions.some(
        (d: { id: string; origin: string }) => d.id === 'my-ecu' && d.origin === 'user',
      ),
    ).toBe(true);
    expect(
      JSON.parse((await revsync(['definitions', 'match', bare, '--format', 'json', ...db])).stdout).matches[0],
    ).toMatchObject({ id: 'my-ecu', verdict: 'fits' });
    const used = JSON.parse((await revsync(['analyze', bare, '--format', 'json', ...db])).stdout).reports[0];
    expect(used.definition).toMatchObject({ origin: 'user', id: 'my-ecu' });
    const twin = join(home, 'my-twin.yaml');
    writeFileSync(twin, `${readFileSync(own, 'utf8')}\n# the same\n`);
    await revsync(['definitions', 'add', twin, ...db]);
    const tie = JSON.parse((await revsync(['analyze', bare, '--format', 'json', ...db])).stdout).reports[0];
    expect(tie.refusal.code).toBe('DEFINITION_TIE');
    await revsync(['definitions', 'remove', 'my-twin', ...db]);
    expect((await revsync(['definitions', 'show', 'my-ecu', ...db])).stdout).toContain('EXAMPLE1');
    expect((await revsync(['definitions', 'validate', own])).exitCode).toBe(0);
    expect((await revsync(['definitions', 'validate', 'README.md'])).exitCode).toBe(2);
  });
});

describe('what was analysed before', () => {
  test('is kept once, listed, and printed again in any format', async () => {
    const db = ['--db', join(home, 'history.db')];
    await revsync(['analyze', TRACK_DAY, ...db]);
    await revsync([...db, 'analyze', TRACK_DAY]);
    const rows = JSON.parse((await revsync(['history', '--format', 'json', ...db])).stdout).analyses;
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ path: TRACK_DAY, runs: 2, level: expect.any(String) });
    const again = await revsync(['show', rows[0].analysisId.slice(0, 6), '--format', 'json', ...db]);
    expect(JSON.parse(again.stdout).reports[0].input.path).toBe(TRACK_DAY);
    expect((await revsync(['show', 'ffff', ...db])).stderr).toContain('NOT_FOUND');
  });

  test.each([
    [
      'a damaged database',
      (path: string) => writeFileSync(path, 'this is no database, whatever its name says '.repeat(40)),
    ],
    ['a database whose folder cannot be made', () => undefined],
  ])('%s: the report is printed all the same, with one warning', async (name, prepare) => {
    const path = name.includes('folder') ? '/proc/nowhere/revsync.db' : join(home, 'damaged.db');
    prepare(path);
    const { stdout, stderr, exitCode } = await revsync(['analyze', STOCK, '--db', path, '--format', 'json']);
    expect(JSON.parse(stdout).reports[0].outcome).toBe('analysed');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/DATABASE_(DAMAGED|UNAVAILABLE)/);
  });
});

test('every other command answers', async () => {
  expect(JSON.parse((await revsync(['bikes', '--format', 'json'])).stdout).motorcycles.length).toBeGreaterThanOrEqual(
    200,
  );
  expect((await revsync(['bikes', 'yamaha', 'r6', '2008'])).stdout).toContain('yamaha/yzf-r6-2008-2009');
  expect(JSON.parse((await revsync(['rules', '--format', 'json'])).stdout).rules[0]).toMatchObject({
    id: expect.any(String),
    bands: expect.any(Object),
  });
  expect((await revsync(['rules', 'show', 'R41'])).stdout).toContain('Spark over stock');
  expect((await revsync(['rules', 'test'])).exitCode).toBe(0);
  expect((await revsync(['rules', 'show', 'no-such-rule'])).stderr).toContain('RULE_NOT_FOUND');
  expect(
    JSON.parse(
      (await revsync(['config', '--format', 'json'], { env: { MIN_SAFETY_SCORE: '70' } })).stdout,
    ).settings.find((s: { name: string }) => s.name === 'minSafetyScore'),
  ).toMatchObject({ value: 70, source: 'environment' });
});

describe('rules test', () => {
  const rule = readFileSync(join(PROJECT, 'rules/checks/limits/fan-late.yaml'), 'utf8');

  test.each([
    ['as it is', rule, 0],
    ['with a hit that does not hit', rule.replace('says: critical', 'says: low'), 1],
    ['without a miss', rule.replace('says: pass', 'says: medium'), 1],
  ])('a rule of a folder of one’s own, %s', async (name, text, code) => {
    const folder = mkdtempSync(join(home, 'rules-'));
    writeFileSync(join(folder, 'fan-late.yaml'), text);
    const { stdout, exitCode } = await revsync(['rules', 'test', folder, '--format', 'json']);
    const { examples } = JSON.parse(stdout);
    expect([name, exitCode]).toEqual([name, code]);
    expect(examples.every((e: { ruleId: string }) => e.ruleId === 'fan-late')).toBe(true);
    expect(examples.some((e: { ok: boolean }) => !e.ok)).toBe(code === 1);
  });
});
