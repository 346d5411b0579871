/** A stock file, or the second of two, with another definition beside it: the tune's own definition reads it. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROJECT } from './analyze-in-process.ts';

const home = mkdtempSync(join(tmpdir(), 'revsync-beside-'));
const EXAMPLE = join(PROJECT, 'fixtures/example');
const [tune, stock] = [join(home, 'tune.bin'), join(home, 'there/stock.bin')];
const db = ['--db', join(home, 'revsync.db')];

async function json(args: string[]) {
  const { stdout, stderr } = await execa(process.execPath, ['bin/revsync.js', ...args, ...db, '--format', 'json'], {
    cwd: PROJECT,
    reject: false,
    stdin: 'ignore',
    env: {
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CONFIG_HOME: join(home, 'config'),
      REVSYNC_MODELS: join(home, 'none'),
    },
  });
  return { document: JSON.parse(stdout), stderr };
}

beforeAll(async () => {
  mkdirSync(join(home, 'there'));
  copyFileSync(join(EXAMPLE, 'track-day.bin'), tune);
  copyFileSync(join(EXAMPLE, 'stock.bin'), stock);
  const other = readFileSync(join(EXAMPLE, 'stock.yaml'), 'utf8').replace('title: Fuel,', 'title: Fuel (mine),');
  writeFileSync(join(home, 'there/stock.yaml'), other);
  // The tune's definition is the library's: it has no path that could be handed on.
  const added = ['definitions', 'add', join(EXAMPLE, 'stock.yaml'), ...db];
  await execa(process.execPath, ['bin/revsync.js', ...added], {
    cwd: PROJECT,
    env: { XDG_DATA_HOME: join(home, 'data') },
  });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('as --stock it is a reference', async () => {
  const { document, stderr } = await json(['analyze', tune, '--stock', stock]);
  const { definition, stock: reference } = document.reports[0];
  expect([stderr, definition.origin, reference.reference, reference.mapsUnknown]).toEqual(['', 'user', 'stockFile', 0]);
  expect(reference.mapsChanged.map((m: { title: string }) => m.title)).toContain('Spark advance');
});

test('as the second of a comparison its maps are matched by definition', async () => {
  const { document } = await json(['compare', tune, stock]);
  expect([document.matchedBy, document.a.definition.origin, document.b.definition.origin]).toEqual([
    'definition',
    'user',
    'user',
  ]);
});

test('by itself it is read by what lies beside it', async () => {
  const { document } = await json(['analyze', stock, '--no-store']);
  expect(document.reports[0].definition.origin).toBe('sidecar');
});
