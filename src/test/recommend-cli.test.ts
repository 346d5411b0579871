/** profile, recommend and rate as a script meets them: the built entry, a database of its own. */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLibrary } from '../dev/garage/library.ts';
import { PROJECT } from './analyze-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-recommend-cli-'));

async function revsync(...args: string[]): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(PROJECT, 'bin/revsync.js'), ...args], {
    cwd: folder,
    reject: false,
    stdin: 'ignore',
    env: { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, USE_LOCAL_LLM: 'false' },
    timeout: 60_000,
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}
const json = async (...args: string[]) => JSON.parse((await revsync(...args, '--format', 'json')).stdout);

beforeAll(async () => {
  makeLibrary(folder);
  await revsync(
    'profile',
    'add',
    '--bike',
    'sv650 2018',
    '--ron',
    '95',
    '--stock',
    'sv650-stock.bin',
    '--goal',
    'efficiency',
  );
  await revsync(
    'analyze',
    'sv650-stock.bin',
    'sv650-touring-eco.bin',
    'sv650-eco-extreme.bin',
    'r6-stock.bin',
    '-q',
    '--format',
    'ndjson',
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('profile show has the promised fields', async () => {
  const { profiles, errors } = await json('profile', 'show');
  expect(errors).toEqual([]);
  expect(profiles).toEqual([
    {
      id: 'sv650',
      motorcycle: 'suzuki/sv650-2016-2024',
      stock: { path: 'sv650-stock.bin', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ron: 95,
      ethanolPercent: null,
      altitudeM: null,
      climate: null,
      mods: [],
      skill: 'intermediate',
      styles: [],
      goals: ['efficiency'],
      notes: '',
    },
  ]);
});

test('recommend has the promised fields, and nothing asks in a script', async () => {
  const document = await json('recommend');
  expect(document).toMatchObject({ profile: { id: 'sv650' }, none: null, engine: { used: 'rules' }, errors: [] });
  expect(document.recommended[0]).toMatchObject({
    analysisId: expect.stringMatching(/^[0-9a-f]{16}$/),
    path: 'sv650-touring-eco.bin',
    rank: 1,
    score: expect.any(Number),
    why: expect.any(Array),
    gives: expect.any(Array),
    costs: expect.any(Array),
    checkFirst: expect.any(Array),
  });
  expect(document.rejected.map((r: { path: string }) => r.path).sort()).toEqual([
    'r6-stock.bin',
    'sv650-eco-extreme.bin',
  ]);
  for (const t of document.targetSheet)
    expect(Object.keys(t)).toEqual(expect.arrayContaining(['quantity', 'region', 'low', 'high', 'unit', 'sources']));
  const bare = await revsync('recommend', '--no-store');
  expect([bare.exitCode, bare.stderr]).toEqual([2, expect.stringContaining('BIKE_MISSING')]);
});

test('what was analysed before the own factory read was known is judged again, once', async () => {
  const own = ['--db', join(folder, 'late.db')];
  const tunes = ['sv650-stock.bin', 'sv650-touring-eco.bin', 'sv650-eco-extreme.bin'];
  await revsync('analyze', ...tunes, '-q', ...own);
  await revsync('profile', 'add', '--bike', 'sv650 2018', '--ron', '95', '--stock', 'sv650-stock.bin', ...own);
  const first = await revsync('recommend', '--format', 'json', ...own);
  expect(first.stderr).toContain('judged again, against your own factory read: 2 of 2 stored files');
  const { recommended, rejected } = JSON.parse(first.stdout);
  expect(recommended.map((r: { path: string }) => r.path)).toEqual(['sv650-touring-eco.bin', 'sv650-stock.bin']);
  expect(recommended[1].verdict).toContain('your own factory read');
  expect(rejected).toMatchObject([{ path: 'sv650-eco-extreme.bin', filters: ['safety'] }]);
  const again = await revsync('recommend', '--format', 'json', ...own);
  expect([again.stdout, again.stderr]).toEqual([first.stdout, '']);
  // Where the file has gone, it is left out with the reason.
  await revsync('analyze', 'sv650-slip-on-filter-95ron.bin', '--no-profile', ...own);
  renameSync(join(folder, 'sv650-slip-on-filter-95ron.bin'), join(folder, 'gone.bin'));
  const gone = await json('recommend', ...own);
  renameSync(join(folder, 'gone.bin'), join(folder, 'sv650-slip-on-filter-95ron.bin'));
  expect(gone.rejected.find((r: { path: string }) => r.path.includes('slip-on'))).toMatchObject({ filters: ['stock'] });
});

test('text goes to stdout without colour, a rating is kept', async () => {
  const { recommended } = await json('recommend');
  const rated = await revsync('rate', recommended[1].analysisId.slice(0, 6), '5', '--note', 'nice');
  expect(rated.exitCode).toBe(0);
  const { stdout, exitCode } = await revsync('recommend');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/TARGET SHEET/);
  expect(stdout).toMatch(/5 of 5: nice/);
  expect(stdout).not.toContain('\u001b');
  expect((await revsync('rate', 'ffff', '5')).stderr).toMatch(/NOT_FOUND/);
  expect((await revsync('rate', recommended[1].analysisId, '6')).exitCode).toBe(2);
});

test.each([
  [['profile', 'add', '--bike', 'sv650 2018', '--fuel', '91'], /RON 91 and AKI 91/],
  [['profile', 'add', '--bike', 'sv650 2018', '--ron', '95', '--aki', '91'], /FUEL_TWICE/],
  [['profile', 'add', '--bike', 'sv650 2018', '--goal', 'wheelies'], /WORD_UNKNOWN/],
  [['profile', 'add', '--bike', 'flying carpet'], /BIKE_NOT_FOUND/],
  [['profile', 'show', 'nobody'], /PROFILE_NOT_FOUND/],
  [['analyze', 'sv650-stock.bin', '--profile', 'nobody'], /PROFILE_NOT_FOUND/],
])('%j teaches and exits with 2', async (args, text) => {
  const { exitCode, stderr } = await revsync(...args);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(text);
  expect(stderr).not.toContain('INTERNAL');
});
