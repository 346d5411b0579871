/** Every file of the manifest is decoded, with counts, or refused, with its reason; twice the same. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inventory } from '../app/inventory.ts';
import { CORPUS } from './analyze-in-process.ts';

const around = { flags: { store: false }, env: {}, cwd: process.cwd() };

test('made-up fixtures: decoded or refused, each with its reason', async () => {
  const lines = await inventory('fixtures', around);
  const of = (path: string) => lines.find((l) => l.path === path);
  expect(of('example/track-day.bin')).toMatchObject({ format: 'raw', outcome: 'decoded', code: null });
  expect(of('a2l/made-up.a2l')).toMatchObject({ format: 'a2l', outcome: 'decoded' });
  expect(of('intel-hex/two-pieces.hex')).toMatchObject({
    format: 'intel-hex',
    outcome: 'refused',
    code: 'NO_DEFINITION',
  });
  expect(lines.every((l) => l.what !== '')).toBe(true);
});

test('a folder that is not there', async () => {
  await expect(inventory('no-such-folder', around)).rejects.toMatchObject({ code: 'FOLDER_NOT_FOUND' });
});

describe.skipIf(!existsSync(`${CORPUS}MANIFEST.tsv`))('the corpus (needs ../shared/corpus)', () => {
  test('every file of the manifest has its line', { timeout: 300_000 }, async () => {
    const wanted = readFileSync(`${CORPUS}MANIFEST.tsv`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((l) => l.split('\t')[1]!);
    const lines = new Map((await inventory(CORPUS, around)).map((l) => [l.path, l]));
    expect(wanted.filter((path) => !lines.has(path))).toEqual([]);
    const vague = wanted
      .map((path) => lines.get(path)!)
      .filter((l) => (l.outcome === 'refused') !== (l.code !== null) || l.what.length < 10);
    expect(vague).toEqual([]);
    expect(wanted.filter((path) => lines.get(path)!.outcome === 'decoded').length).toBeGreaterThanOrEqual(80);
  });
});
