/** Every two images of the corpus that one definition reads: `compare` names exactly the cells whose bytes differ. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Compared, compareFiles } from '../app/compare.ts';
import type { TuneMap } from '../core/model.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CORPUS = join(ROOT, '../shared/corpus');
const EXAMPLE = join(ROOT, 'fixtures/example');

const compare = (first: string, second: string, definition: string | null = null): Promise<Compared> =>
  compareFiles(
    { first, second, definition, secondDefinition: null, shiftBytes: 0, roles: [], threshold: null },
    { warn: () => {}, readStdin: async () => new Uint8Array() },
    { flags: { store: false }, env: { HOME: '/nonexistent' }, cwd: ROOT },
  );

/** Cells whose own bytes differ, read straight from the two files: knows nothing of equations. */
function changedByBytes(map: TuneMap, a: Uint8Array, b: Uint8Array): string[] {
  const found: string[] = [];
  const { offsetBytes, elementBytes, elementStepBytes, lineStepBytes, layout } = map.at!;
  for (let row = 0; row < map.rows; row++) {
    for (let column = 0; column < map.columns; column++) {
      const [line, place] = layout === 'row' ? [row, column] : [column, row];
      const from = offsetBytes + line * lineStepBytes + place * elementStepBytes;
      for (let i = from; i < from + elementBytes; i++) {
        if (a[i] === b[i]) continue;
        found.push(`${row},${column}`);
        break;
      }
    }
  }
  return found;
}

function expectExact(compared: Compared, firstPath: string, secondPath: string): number {
  const [a, b] = [readFileSync(firstPath), readFileSync(secondPath)];
  let cells = 0;
  for (const m of compared.document.maps) {
    const map = compared.first.get(m.id);
    if (map?.at == null || map.kind === 'flag' || map.kind === 'patch') continue;
    const expected = changedByBytes(map, a, b);
    expect([m.id, m.changed.map((c) => `${c.row},${c.column}`)]).toEqual([m.id, expected]);
    cells += expected.length;
  }
  let differing = Math.abs(a.length - b.length);
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) differing++;
  const { bytes } = compared.document;
  expect(bytes.changed).toBe(differing);
  const named = (bytes.unexplained as { length: number }[]).reduce((sum, r) => sum + r.length, 0);
  expect((bytes.explained ?? 0) + named).toBe(differing);
  return cells;
}

test('the bundled example: exactly the changed cells, exit code 1', async () => {
  const [stock, tuned] = [join(EXAMPLE, 'stock.bin'), join(EXAMPLE, 'track-day.bin')];
  const compared = await compare(stock, tuned);
  expect(compared.exitCode).toBe(1);
  expect(expectExact(compared, stock, tuned)).toBeGreaterThan(0);
});

test('the predicted effect: with numbers where they can be known, with the reason where not', async () => {
  const { document } = await compare(join(EXAMPLE, 'stock.bin'), join(EXAMPLE, 'track-day.bin'));
  const { torque, efficiency, limiter, reason } = document.performance;
  expect([torque, limiter?.fromRpm, limiter?.toRpm]).toEqual([null, 16_400, 17_000]);
  // The mixture and the spark at cruise are stock's.
  expect(efficiency).toEqual({ changePercent: 0, lowPercent: 0, highPercent: 0 });
  expect(reason).toMatch(/^torque unknown: spark changed by up to \+7°/);
  const back = await compare(join(EXAMPLE, 'track-day.bin'), join(EXAMPLE, 'stock.bin'));
  expect(back.document.performance.limiter).toMatchObject({ fromRpm: 17_000, toRpm: 16_400 });
  const same = await compare(join(EXAMPLE, 'stock.bin'), join(EXAMPLE, 'stock.bin'));
  expect(same.document.performance).toMatchObject({ torque: null, reason: 'the two are the same file' });
});

test('a file against itself is identical, exit code 0', async () => {
  const compared = await compare(join(EXAMPLE, 'stock.bin'), join(EXAMPLE, 'stock.bin'));
  expect(compared.exitCode).toBe(0);
  expect(compared.document.identical).toBe(true);
  expect(compared.document.maps.every((m) => m.status === 'same')).toBe(true);
});

test('a file that nothing can decode: bytes are compared, exit code 2', async () => {
  const compared = await compare(join(EXAMPLE, 'stock.bin'), join(ROOT, 'bin/revsync.js'));
  expect(compared.exitCode).toBe(2);
  expect(compared.document.maps).toEqual([]);
  expect(compared.document.errors).toHaveLength(1);
  expect(compared.document.bytes.changed).toBeGreaterThan(0);
});

/** Folder, two images, definition (null: the bundled one). */
const PAIRS: [string, string, string, string | null][] = [
  ['vfr1200f-mge', '38770-MGE-773.bin', '38770-MGE-773_merged_maxValues.bin', null],
  ['vfr1200f-mge', '38770-MGE-773.bin', '38770-MGE-773_merged_maxValues.bin', 'HONDA_VFR1200F_38770-MGE-773.xdf'],
  ['vfr1200f-mge', '38770-MGE-773.bin', '38770-MGE-773_merged_maxValues.bin', '38770-MGE-773_v2020.xdf'],
  ['cbr500r-mgz', '38770-MGZ-A03.bin', '38770-MGZ-C02.bin', '38770-MGZ.xdf'],
  ['cbr500r-mjw', '38770-MJW-AQ1.bin', '38770-MJW-DR1.bin', '38770-MJW.xdf'],
  ['cbr1000rr-mgp', '38770-MGP-A01.bin', '38770-MGP-D01.bin', 'CBR1000RR_2012_US.xdf'],
  ['msx125-k26-911', '38770-K26-911.bin', '38770-K26-931.bin', null],
  [
    'reflex-plus',
    'v6.2_Reflex_PLUS_550cc TU-HP1 B58.bin',
    'v6.2_Reflex_PLUS_750cc HP2 B58.bin',
    'v5.99_Reflex+_XDF.xdf',
  ],
];

describe.skipIf(!existsSync(CORPUS))('corpus (skipped where ../shared is absent)', () => {
  test.each(PAIRS)('%s: %s against %s by %s', async (folder, first, second, definition) => {
    const [a, b] = [join(CORPUS, 'xdf-bin', folder, first), join(CORPUS, 'xdf-bin', folder, second)];
    const compared = await compare(a, b, definition === null ? null : join(CORPUS, 'xdf-bin', folder, definition));
    expect(compared.document.matchedBy).toBe('definition');
    expect(expectExact(compared, a, b)).toBeGreaterThan(0);
  });

  test('two MSQ of one firmware: maps and settings, and no bytes', async () => {
    const folder = join(CORPUS, 'msq/speeduino-hayabusa');
    const compared = await compare(join(folder, 'Busa_CurrentTune.msq'), join(folder, 'Hayabusa-R1_CurrentTune.msq'));
    expect(compared.exitCode).toBe(1);
    expect(compared.document.bytes.changed).toBeNull();
    expect(compared.document.maps.some((m) => m.status === 'changed')).toBe(true);
    expect(compared.document.settings.length).toBeGreaterThan(0);
  });

  test('other software of one motorcycle: matched by title, never by address', async () => {
    const folder = join(CORPUS, 'xdf-bin');
    const compared = await compare(
      join(folder, 'cbr500r-mgz/38770-MGZ-A03.bin'),
      join(folder, 'cbr500r-mjw/38770-MJW-AQ1.bin'),
    );
    expect(compared.document.matchedBy).toBe('role');
    expect(compared.document.maps.some((m) => m.matchedBy === 'id')).toBe(false);
    expect(compared.document.performance.reason).toContain('of different software');
  });
});
