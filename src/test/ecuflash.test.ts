/** The published tune steps of an Evo 8: each byte that differs is a cell with a name, and there are exactly as many as the manifest says. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeFile } from '../app/decode-file.ts';
import { CORPUS } from './analyze-in-process.ts';

const FOLDER = `${CORPUS}ecuflash/evo8-94170008/`;
const here = existsSync(FOLDER);
const around = { flags: { store: false }, env: {}, cwd: process.cwd() };
const request = {
  definition: null,
  shiftBytes: 0,
  roles: [],
  warn: () => undefined,
  readStdin: async () => new Uint8Array(),
};
const STOCK = 'bgutch_2003_evo8_02_18_2026.hex';

/** "N bytes differ" of the manifest's notes. */
function stated(file: string): number {
  const line = readFileSync(`${CORPUS}MANIFEST.tsv`, 'utf8')
    .split('\n')
    .find((l) => l.includes(`/${file}\t`));
  return Number(/(\d+) bytes? differ/.exec(line ?? '')?.[1]);
}

describe.skipIf(!here)('ECUFlash steps (needs ../shared/corpus)', () => {
  test.each([
    ['e8-t001-rpm-limit.hex', 1],
    ['e8-t010-wgclear.hex', 8],
  ])('%s', async (file, changedMaps) => {
    const [stock, tune] = [
      await decodeFile(FOLDER + STOCK, request, around),
      await decodeFile(FOLDER + file, request, around),
    ];
    expect(tune.candidate).toMatchObject({ origin: 'sidecar', fit: { verdict: 'fits', identified: true } });
    const [a, b] = [stock.image!.segments[0]!.bytes, tune.image!.segments[0]!.bytes];
    const differing = new Set([...b.keys()].filter((i) => a[i] !== b[i]));
    expect(differing.size).toBe(stated(file));
    // Bytes of every cell whose raw value differs.
    const named = new Set<number>();
    const maps = new Set<string>();
    for (const map of tune.tune.maps) {
      const before = stock.tune.maps.find((m) => m.id === map.id)!;
      const { at } = map;
      if (at === null || map.raw === null) continue;
      for (const [i, raw] of map.raw.entries()) {
        if (before.raw![i] === raw) continue;
        maps.add(map.title);
        const [row, column] = [Math.floor(i / map.columns), i % map.columns];
        const [line, inLine] = at.layout === 'row' ? [row, column] : [column, row];
        const first = at.offsetBytes + line * at.lineStepBytes + inLine * at.elementStepBytes;
        for (let k = 0; k < at.elementBytes; k++) if (a[first + k] !== b[first + k]) named.add(first + k);
      }
    }
    expect([...named].sort((x, y) => x - y)).toEqual([...differing].sort((x, y) => x - y));
    expect(maps.size).toBe(changedMaps);
  });
});
