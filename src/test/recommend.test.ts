/** Riders as they would write, over a library with known right and wrong tunes: fixtures/garage/profiles.yaml. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addProfile } from '../app/garage.ts';
import { type RecommendDocument, rateAnalysis, recommendTunes } from '../app/recommend.ts';
import type { Profile } from '../core/rider.ts';
import { type LibraryTune, makeLibrary } from '../dev/garage/library.ts';
import { analyzeDocument, CORPUS, PROJECT } from './analyze-in-process.ts';

interface Rider {
  id: string;
  corpus?: boolean;
  profile: Omit<Profile, 'id' | 'stock' | 'notes'>;
  best: string | null;
  rejected: Record<string, string[]>;
}

const { profiles } = parse(readFileSync(join(PROJECT, 'fixtures/garage/profiles.yaml'), 'utf8')) as {
  profiles: Rider[];
};
const VFR = join(CORPUS, 'xdf-bin/vfr1200f-mge');
const hasCorpus = existsSync(VFR);
const folder = mkdtempSync(join(tmpdir(), 'revsync-recommend-'));
const db = join(folder, 'library.db');
const around = { flags: { db }, env: { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }, cwd: folder };
const hooks = { now: () => new Date(0), warn: () => undefined, ask: null };
let tunes: LibraryTune[] = [];

async function keep(file: string, stock: string | null): Promise<void> {
  await analyzeDocument([file], { ...around, databasePath: db, stock, profile: false });
}

beforeAll(async () => {
  tunes = makeLibrary(folder);
  for (const { file, stock } of tunes) await keep(file, stock);
  copyFileSync(join(PROJECT, 'fixtures/msq/road.msq'), join(folder, 'road.msq'));
  await keep('road.msq', null);
  if (!hasCorpus) return;
  await keep(join(VFR, '38770-MGE-773.bin'), null);
  await keep(join(VFR, '38770-MGE-773_merged_maxValues.bin'), join(VFR, '38770-MGE-773.bin'));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answers = new Map<string, RecommendDocument>();

async function ask(rider: Rider): Promise<RecommendDocument> {
  const known = answers.get(rider.id);
  if (known !== undefined) return known;
  const { motorcycle, ...words } = rider.profile;
  const answer = await recommendTunes(
    { profile: null, words: { ...words, bike: motorcycle }, minScore: 60, limit: 50, engine: 'rules' },
    around,
    hooks,
  );
  answers.set(rider.id, answer);
  return answer;
}

const own = profiles.filter((p) => p.corpus !== true || hasCorpus);

describe.each(own)('$id', (rider) => {
  test('nothing unsafe, of another motorcycle, fuel or engine is ever recommended', async () => {
    const { recommended } = await ask(rider);
    const wrong = recommended.filter(({ path, safety }) => {
      const truth = tunes.find((t) => t.file === basename(path))?.truth;
      if (truth === undefined) return rider.corpus !== true || basename(path) !== rider.best || safety < 60;
      const engine = rider.profile.mods.filter((m) => /bore|camshaft/.test(m)).sort();
      return (
        truth.unsafe ||
        truth.motorcycle !== rider.profile.motorcycle ||
        truth.ron > (rider.profile.ron ?? 0) ||
        Math.abs(truth.ethanolPercent - (rider.profile.ethanolPercent ?? 0)) > 20 ||
        truth.engineParts.slice().sort().join() !== engine.join()
      );
    });
    expect(wrong.map((w) => w.path)).toEqual([]);
  });

  test('each rejection has its reasons, and every file is either recommended or rejected', async () => {
    const { recommended, rejected, none } = await ask(rider);
    for (const [file, filters] of Object.entries(rider.rejected)) {
      const found = rejected.find((r) => basename(r.path) === file);
      expect(found?.filters, file).toEqual(expect.arrayContaining(filters));
    }
    for (const r of rejected) {
      expect(r.reasons.length).toBeGreaterThan(0);
      expect(r.reasons).toHaveLength(r.filters.length);
      expect(r.reasons.join()).not.toMatch(/undefined|NaN|null/);
    }
    const files = [...recommended, ...rejected].map((r) => basename(r.path)).sort();
    expect(new Set(files).size).toBe(files.length);
    expect(files.length).toBe(tunes.length + 1 + (hasCorpus ? 2 : 0));
    expect(none === null).toBe(recommended.length > 0);
  });

  test('each recommendation says why, what it gives, what it costs and what to check', async () => {
    const { recommended } = await ask(rider);
    for (const r of recommended) {
      for (const texts of [r.why, r.gives, r.costs, r.checkFirst]) {
        expect(texts.length).toBeGreaterThan(0);
        expect(texts.join(' ')).not.toMatch(/undefined|NaN|null|\bInfinity/);
      }
      expect(r.score).toBeGreaterThan(0);
      expect(r.score).toBeLessThanOrEqual(100);
    }
    expect(recommended.map((r) => r.rank)).toEqual(recommended.map((_, i) => i + 1));
  });
});

test('the best fit is first for every rider but two at most', async () => {
  const missed: string[] = [];
  for (const rider of own) {
    const { recommended } = await ask(rider);
    const first = recommended[0] === undefined ? null : basename(recommended[0].path);
    if (first !== rider.best) missed.push(`${rider.id}: ${first} instead of ${rider.best}`);
  }
  expect(own.length).toBeGreaterThanOrEqual(12);
  expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(2);
});

describe('the rider decides', () => {
  const track = profiles.find((p) => p.id === 'r6-track')!;
  test('an own rating moves a tune, and never lets an unsafe one through', async () => {
    const before = await ask(track);
    const unsafe = before.rejected.find((r) => basename(r.path) === 'r6-trackday-evening.bin')!;
    await rateAnalysis(unsafe.analysisId, { stars: 5, note: 'best ever' }, around, new Date(0));
    const second = before.recommended[1]!;
    await rateAnalysis(second.analysisId, { stars: 5, note: '' }, around, new Date(0));
    answers.delete(track.id);
    const after = await ask(track);
    expect(after.rejected.map((r) => r.path)).toContain(unsafe.path);
    expect(after.recommended.find((r) => r.path === second.path)!.score).toBeGreaterThan(second.score);
  });
  test('what is like a tune that was rated well moves up, and what is like one rated badly moves down', async () => {
    const share = async (path: string): Promise<number> => {
      answers.delete(track.id);
      const { recommended } = await ask(track);
      return recommended.find((r) => r.path === path)!.shares.similarity!;
    };
    const { recommended } = await ask(track);
    const [first, rated] = [recommended[0]!, recommended[1]!];
    const rate = (stars: number) => rateAnalysis(rated.analysisId, { stars, note: '' }, around, new Date(0));
    await rate(5);
    const liked = await share(first.path);
    await rate(1);
    const disliked = await share(first.path);
    await rate(3);
    const neither = await share(first.path);
    expect(liked).toBeGreaterThan(neither);
    expect(disliked).toBeLessThan(neither);
  });
  test('a higher bar lets fewer through', async () => {
    const { motorcycle, ...words } = track.profile;
    const high = await recommendTunes(
      { profile: null, words: { ...words, bike: motorcycle }, minScore: 100, limit: 50, engine: 'rules' },
      around,
      hooks,
    );
    expect(high.recommended.every((r) => r.safety === 100)).toBe(true);
  });
  test('the same question has the same answer, byte for byte', async () => {
    const { motorcycle, ...words } = track.profile;
    const again = () =>
      recommendTunes(
        { profile: null, words: { ...words, bike: motorcycle }, minScore: 60, limit: 50, engine: 'rules' },
        around,
        hooks,
      );
    expect(JSON.stringify(await again())).toBe(JSON.stringify(await again()));
  });
  test('a beginner is warned where an expert is informed', async () => {
    const { motorcycle, ...words } = profiles.find((p) => p.id === 'r6-track')!.profile;
    const asked = async (skill: 'beginner' | 'expert') =>
      (
        await recommendTunes(
          {
            profile: null,
            words: { ...words, skill, ron: 102, bike: motorcycle },
            minScore: 60,
            limit: 50,
            engine: 'rules',
          },
          around,
          hooks,
        )
      ).recommended.find((r) => basename(r.path) === 'r6-race-102ron.bin')!;
    expect((await asked('beginner')).costs.join()).toMatch(/Warning: /);
    expect((await asked('expert')).costs.join()).toMatch(/low: /);
  });
});

test("the garage's own read gives the target sheet its numbers, and is known again in the library", async () => {
  await addProfile({ id: 'mine', bike: 'yamaha/yzf-r6-2008-2009', ron: 95, stock: 'r6-stock.bin' }, around, hooks);
  const answer = await recommendTunes(
    { profile: 'mine', words: {}, minScore: 60, limit: 5, engine: 'rules' },
    around,
    hooks,
  );
  const limiter = answer.targetSheet.find((t) => t.quantity === 'rev limiter')!;
  expect(limiter).toMatchObject({ high: 16_564 });
  expect(limiter.sources.join()).toMatch(/your own factory read/);
  expect(answer.targetSheet.find((t) => t.quantity === 'coil dwell')).toMatchObject({ low: 2.34, high: 2.86 });
  expect(answer.profile).toMatchObject({ id: 'mine', ron: 95 });
  // Definitions of its software have a name for each file here: they are no other software.
  expect(answer.recommended.map((r) => basename(r.path))).toContain('r6-street-smooth.bin');
  const stock = answer.recommended.find((r) => basename(r.path) === 'r6-stock.bin');
  expect(stock?.why.join()).toMatch(/your own factory read/);
  expect(answer.rejected.flatMap((r) => r.filters)).not.toContain('ecu');
});

test('a part that is not weighed is named', async () => {
  const { notes } = await recommendTunes(
    {
      profile: null,
      words: { bike: 'suzuki/sv650-2016-2024', mods: ['heated grips', 'K&N filter'] },
      minScore: 60,
      limit: 5,
      engine: 'rules',
    },
    around,
    hooks,
  );
  expect(notes.filter((n) => n.includes('is no part'))).toEqual([expect.stringContaining('heated grips')]);
});

test('an empty library says so and still prints the sheet', async () => {
  const empty = await recommendTunes(
    { profile: null, words: { bike: 'suzuki/sv650-2016-2024' }, minScore: 60, limit: 5, engine: 'rules' },
    { ...around, flags: { db: join(folder, 'nothing.db') } },
    hooks,
  );
  expect(empty.none).toMatch(/revsync analyze/);
  expect(empty.targetSheet.length).toBeGreaterThan(8);
});

test.each([
  [{ words: {}, profile: null }, 'BIKE_MISSING'],
  [{ words: { bike: 'flying carpet' }, profile: null }, 'BIKE_NOT_FOUND'],
  [{ words: {}, profile: 'nobody' }, 'PROFILE_NOT_FOUND'],
  [{ words: { bike: 'suzuki/sv650-2016-2024', ethanolPercent: 0.1 }, profile: null }, 'ETHANOL_SHARE'],
])('%j is answered with %s', async (request, code) => {
  await expect(
    recommendTunes(
      { minScore: 60, limit: 5, engine: 'rules', ...request },
      { ...around, flags: { db: join(folder, 'nothing.db') } },
      hooks,
    ),
  ).rejects.toMatchObject({ code });
});
