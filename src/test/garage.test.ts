/** The garage as an analysis meets it: whose factory read a file is held against, and with which fuel and parts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  addProfile,
  allProfiles,
  editProfile,
  type GarageHooks,
  markStock,
  removeFromGarage,
  switchProfile,
} from '../app/garage.ts';
import type { Report } from '../core/report.ts';
import { makeLibrary } from '../dev/garage/library.ts';
import { analyzeDocument } from './analyze-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-garage-'));
let run = 0;
let db = '';
const around = () => ({ flags: { db }, env: { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }, cwd: folder });
const hooks: GarageHooks = { now: () => new Date(0), warn: () => undefined, ask: null };

async function analyze(
  file: string,
  given: { profile?: string | false; stock?: string; bike?: string } = {},
): Promise<{ report: Report; warnings: string[] }> {
  const { document, warnings } = await analyzeDocument([file], {
    ...around(),
    flags: { db },
    databasePath: db,
    ...given,
  });
  return { report: document.reports[0]!, warnings };
}

beforeAll(() => void makeLibrary(folder));
beforeEach(() => {
  db = join(folder, `garage-${run++}.db`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const R6 = 'yamaha/yzf-r6-2008-2009';

test("a later file is held against the bike's own read, also after that file has moved", async () => {
  makeLibrary(join(folder, 'away'));
  await addProfile(
    { bike: R6, stock: 'away/r6-stock.bin', ron: 98, ethanolPercent: 5, mods: ['slip-on exhaust'] },
    around(),
    hooks,
  );
  rmSync(join(folder, 'away'), { recursive: true });
  const { report, warnings } = await analyze('r6-race-102ron.bin');
  expect(warnings).toEqual([]);
  expect(report.stock).toMatchObject({ reference: 'stockFile', origin: 'garage' });
  expect(report.stock.mapsChanged.map((m) => m.title)).toEqual(['Spark advance']);
  expect(report.profile).toEqual({ id: 'yzf-r6', motorcycle: R6 });
  expect(report.conditions).toMatchObject({ ron: 98, ethanolPercent: 5, mods: ['slip-on exhaust'] });
});

describe('the order of references', () => {
  test('flag before garage before library', async () => {
    await addProfile({ bike: R6, stock: 'r6-stock.bin' }, around(), hooks);
    const flag = await analyze('r6-race-102ron.bin', { stock: 'r6-street-smooth.bin' });
    expect(flag.report.stock).toMatchObject({ origin: 'flag', source: 'r6-street-smooth.bin' });
    expect((await analyze('r6-race-102ron.bin')).report.stock.origin).toBe('garage');
    await removeFromGarage('yzf-r6', around());
    expect((await analyze('r6-race-102ron.bin')).report.stock.reference).toBe('none');
    await markStock('r6-stock.bin', { bike: R6, definition: null }, around(), hooks);
    expect((await analyze('r6-race-102ron.bin')).report.stock).toMatchObject({
      origin: 'library',
      reference: 'stockFile',
    });
  });
  test('without the garage, without its read', async () => {
    await addProfile({ bike: R6, stock: 'r6-stock.bin' }, around(), hooks);
    expect((await analyze('r6-race-102ron.bin', { profile: false })).report).toMatchObject({
      profile: null,
      stock: { reference: 'none' },
    });
  });
  test('a file of another motorcycle is not held against it', async () => {
    await addProfile({ bike: R6, stock: 'r6-stock.bin' }, around(), hooks);
    expect((await analyze('sv650-touring-eco.bin')).report).toMatchObject({
      profile: null,
      stock: { reference: 'none' },
    });
    const forced = await analyze('sv650-touring-eco.bin', { profile: 'yzf-r6' });
    expect(forced.report.stock.reference).toBe('none');
    expect(forced.report.scores.compatibility.level).toBe('INCOMPATIBLE');
    expect(forced.warnings.join('\n')).toMatch(/STOCK_/);
  });
  test('its own read is no reference to itself', async () => {
    await addProfile({ bike: R6, stock: 'r6-stock.bin' }, around(), hooks);
    const { report, warnings } = await analyze('r6-stock.bin');
    expect([report.stock.reference, warnings]).toEqual(['none', []]);
  });
  test('a stock file by flag that no factory ships is doubted aloud, and one that cannot be read is none', async () => {
    const doubted = await analyze('r6-race-102ron.bin', { stock: 'r6-trackday-evening.bin' });
    expect(doubted.warnings.join()).toMatch(/STOCK_DOUBTFUL/);
    expect(doubted.report.stock.origin).toBe('flag');
    writeFileSync(
      join(folder, 'noise.bin'),
      Uint8Array.from({ length: 16_384 }, (_, i) => (i * 7919) & 0xff),
    );
    const noise = await analyze('r6-race-102ron.bin', { stock: 'noise.bin' });
    expect(noise.report.stock.reference).toBe('none');
    expect(noise.warnings.join()).toMatch(/STOCK_UNUSABLE/);
  });
});

describe('a factory read is checked before it is kept', () => {
  test.each([
    ['a tune that no factory ships', R6, 'r6-trackday-evening.bin', 'STOCK_REFUSED'],
    ['the ECU of another motorcycle', 'suzuki/sv650-2016-2024', 'r6-stock.bin', 'STOCK_REFUSED'],
    ['a file that is not there', R6, 'nothing.bin', 'FILE_NOT_FOUND'],
    ['a definition', R6, 'r6-stock.yaml', 'IS_A_DEFINITION'],
  ])('%s', async (_, bike, stock, code) => {
    await expect(addProfile({ bike, stock }, around(), hooks)).rejects.toMatchObject({ code });
    expect(await allProfiles(around())).toEqual([]);
  });
});

test('profiles are changed, put into use and removed', async () => {
  await addProfile({ bike: R6, stock: 'r6-stock.bin' }, around(), hooks);
  await addProfile({ bike: R6, id: 'track', ron: 100 }, around(), hooks);
  expect((await allProfiles(around())).map((p) => p.id)).toEqual(['track', 'yzf-r6']);
  expect((await analyze('r6-stock.bin')).report.conditions.ron).toBe(100);
  await switchProfile('yzf-r6', around(), hooks);
  await editProfile('yzf-r6', { goals: ['efficiency'], notes: 'winter' }, around(), hooks);
  const [first] = await allProfiles(around());
  expect(first).toMatchObject({
    id: 'yzf-r6',
    goals: ['efficiency'],
    notes: 'winter',
    stock: { path: 'r6-stock.bin' },
  });
  const moved = await editProfile('yzf-r6', { bike: 'suzuki/sv650-2016-2024' }, around(), hooks);
  expect(moved.profile.stock).toBeNull();
  await expect(addProfile({ bike: R6, id: 'track' }, around(), hooks)).rejects.toMatchObject({
    code: 'PROFILE_EXISTS',
  });
  await expect(removeFromGarage('nobody', around())).rejects.toMatchObject({
    code: 'PROFILE_NOT_FOUND',
    hint: expect.stringContaining('track'),
  });
  await removeFromGarage('track', around());
  expect(await allProfiles(around())).toHaveLength(1);
});
