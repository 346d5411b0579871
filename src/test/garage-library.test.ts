/** The library that the recommendations are tried on is what it says: its unsafe tunes are found unsafe, its right ones are not. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type LibraryTune, makeLibrary } from '../dev/garage/library.ts';
import { analyzeOne, PROJECT } from './analyze-in-process.ts';

interface Rider {
  id: string;
  corpus?: boolean;
  profile: { motorcycle: string; ron: number; ethanolPercent: number; mods: string[] };
  best: string | null;
  rejected: Record<string, string[]>;
}

const { profiles } = parse(readFileSync(join(PROJECT, 'fixtures/garage/profiles.yaml'), 'utf8')) as {
  profiles: Rider[];
};
const folder = mkdtempSync(join(tmpdir(), 'revsync-garage-'));
let tunes: LibraryTune[] = [];

beforeAll(() => {
  tunes = makeLibrary(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('unsafe tunes get no number of 60 or more, the others do where there is enough to judge', {
  timeout: 120_000,
}, async () => {
  const wrong: string[] = [];
  for (const { file, stock, truth } of tunes) {
    const report = await analyzeOne(file, { cwd: folder, stock });
    const { value } = report.scores.safety;
    if (truth.unsafe !== (value !== null && value < 60) && value !== null) wrong.push(`${file}: ${value}`);
    if (report.motorcycle?.id !== truth.motorcycle) wrong.push(`${file}: ${report.motorcycle?.id}`);
  }
  expect(wrong).toEqual([]);
  expect(tunes.length).toBeGreaterThan(20);
});

describe('riders', () => {
  const own = profiles.filter((p) => p.corpus !== true);
  test('there are twelve and more, and what they expect is there', () => {
    expect(own.length).toBeGreaterThanOrEqual(12);
    const files = new Set([...tunes.map((t) => t.file), 'road.msq']);
    const named = own.flatMap((p) => [...(p.best === null ? [] : [p.best]), ...Object.keys(p.rejected)]);
    expect(named.filter((n) => !files.has(n))).toEqual([]);
  });

  test.each(own.filter((p) => p.best !== null))(
    '$id: the best fit is true to bike, fuel and parts',
    ({ best, profile }) => {
      const truth = tunes.find((t) => t.file === best)?.truth;
      expect(truth).toMatchObject({ unsafe: false, motorcycle: profile.motorcycle });
      expect(truth?.ron).toBeLessThanOrEqual(profile.ron);
      expect(truth?.engineParts.filter((p) => !profile.mods.includes(p))).toEqual([]);
    },
  );
});
