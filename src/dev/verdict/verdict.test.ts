/** The proving ground itself: it hits what it means to hit, and a sample of it holds over our own fixtures and, where it is there, the corpus. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeInput } from '../../app/decode-file.ts';
import { inputFromBytes } from '../../app/read-input.ts';
import { CORPUS, PROJECT } from '../../test/analyze-in-process.ts';
import { faults, harmlessEdits } from './catalogue.ts';
import { changedMaps } from './compare.ts';
import { acrossBands, drawFor } from './draw.ts';
import families from './families.json' with { type: 'json' };
import { runHere } from './pool.ts';
import { siteOf } from './site.ts';
import { corpusSubjects, familyOf, fixtureSubjects, isHeldOut } from './subject.ts';
import { page } from './table.ts';
import { tally } from './tally.ts';

const ENOUGH_MS = 240_000;
const fixtures = fixtureSubjects(PROJECT);
const corpus = corpusSubjects(CORPUS);

async function decodeSubject(subject: (typeof fixtures)[number], bytes: Uint8Array) {
  return decodeInput(
    inputFromBytes(bytes),
    {
      definition: subject.definition,
      shiftBytes: subject.shiftBytes,
      roles: [],
      warn: () => undefined,
      readStdin: async () => bytes,
    },
    { flags: { store: false }, env: {}, cwd: PROJECT },
  );
}

describe('the catalogue', () => {
  test('has 80 faults and 25 harmless edits, each with its own id and a reason', () => {
    expect(faults.length).toBeGreaterThanOrEqual(80);
    expect(harmlessEdits.length).toBeGreaterThanOrEqual(25);
    const ids = [...faults, ...harmlessEdits].map((f) => f.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { reason } of [...faults, ...harmlessEdits]) expect(reason.length).toBeGreaterThan(15);
  });

  test('a draw repeats itself, and amplitudes fall on both sides of each edge', () => {
    expect(drawFor('a', 1).next()).toBe(drawFor('a', 1).next());
    expect(drawFor('a', 1).next()).not.toBe(drawFor('a', 2).next());
    const drawn = Array.from({ length: 300 }, (_, i) => acrossBands(drawFor('x', i), [2, 4, 6], 12));
    for (const edge of [2, 4, 6]) {
      expect(drawn.some((a) => a < edge && a > edge * 0.9)).toBe(true);
      expect(drawn.some((a) => a > edge && a < edge * 1.1)).toBe(true);
    }
  });

  test('the split is the one that its rule gives', () => {
    expect(isHeldOut('vfr1200f-mge')).toBe(true);
    expect(isHeldOut('cbr500r-mgz')).toBe(false);
    expect(familyOf('bin-codedef/suzuki-ecueditor/DJ55SE10.bin')).toBe('suzuki-gsxr600-k8');
    expect(familyOf('xdf-bin/z125-k0f/38770-K0F-A01.bin')).toBe('z125-k0f');
    expect(Object.keys(families)).not.toContain('heldOut');
  });
});

describe.each(fixtures.map((s) => [s.id, s] as const))('injections into %s', (_, subject) => {
  test('change the cells that they name and no other map of another place', async () => {
    const bytes = new Uint8Array(readFileSync(subject.path));
    const decoded = await decodeSubject(subject, bytes);
    const site = siteOf(subject, decoded, null);
    let made = 0;
    for (const fault of [...faults, ...harmlessEdits]) {
      for (let n = 0; n < 3; n++) {
        const injected = fault.inject(site, drawFor('test', subject.id, fault.id, n));
        if (injected.kind === 'excluded' || injected.maps.length === 0) continue;
        const after = await decodeSubject(subject, injected.bytes);
        const changed = changedMaps(decoded.tune, after.tune);
        const worded = (injected.words ?? []).some(
          (w) => after.tune.facts.settings[w] !== decoded.tune.facts.settings[w],
        );
        expect([fault.id, worded || injected.maps.some((id) => changed.has(id))]).toEqual([fault.id, true]);
        const own = changed.get(injected.maps[0]!);
        if (injected.cells !== null && own !== undefined) {
          const columns = after.tune.maps.find((m) => m.id === injected.maps[0])!.columns;
          const meant = injected.cells.map((i) => `${Math.floor(i / columns)}:${i % columns}`);
          expect([fault.id, [...own].sort()]).toEqual([fault.id, [...new Set(meant)].sort()]);
        }
        made++;
      }
    }
    expect(made).toBeGreaterThan(40);
  });
});

test(
  'a sample over the fixtures: faults that need no reference are found, nothing harmless alarms',
  async () => {
    const results = await runHere(fixtures, { share: 1, only: null });
    expect(results.map((r) => r.passedOver)).toEqual([null, null]);
    const counted = tally(results);
    expect(counted.injectedCases).toBeGreaterThan(60);
    const { with: withStock, harmless, untouched } = counted.sides.all;
    expect(withStock.rightMap.hits / withStock.rightMap.n).toBeGreaterThan(0.8);
    expect(untouched.hits).toBe(0);
    expect(harmless.hits / harmless.n).toBeLessThan(0.2);
    expect(page(counted, [])).toContain('# The verdict, proven');
  },
  ENOUGH_MS,
);

describe.skipIf(corpus.length === 0)('a sample of the corpus (needs ../shared/corpus)', () => {
  const some = corpus.filter((s) => /K26-911\.bin by|MGZ-A03\.bin by 38770-MGZ\.xdf|Busa_CurrentTune/.test(s.id));

  test(
    'runs, and finds most of it',
    async () => {
      const counted = tally(await runHere(some, { share: 0.3, only: null }));
      expect(counted.subjects.judged).toBe(3);
      const { rightMap } = counted.sides.all.with;
      expect(rightMap.n).toBeGreaterThan(20);
      expect(rightMap.hits / rightMap.n).toBeGreaterThan(0.8);
    },
    ENOUGH_MS,
  );
});
