/** Another revision: where its places stand is found block by block, and a relative that only looks right is not believed. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundledDefinitions } from '../app/resolve-definition.ts';
import { CORPUS } from '../test/analyze-in-process.ts';
import { decode } from './decode.ts';
import type { Definition, Image } from './model.ts';
import { movedBlocks, movedDefinition, shiftAt } from './moved.ts';
import { fitWithProof } from './proof.ts';
import { paintedImage } from './test-paint.ts';

const all = await bundledDefinitions(null);
const bundled = (id: string): Definition => all.find((d) => d.id === id)!;

let seed = 7;
const random = (): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed & 0xff;
};

/** What lies from an address on is moved by so many bytes. */
function inserted(image: Image, at: number, count: number): Image {
  const { bytes } = image.segments[0]!;
  const moved = new Uint8Array(bytes.length).fill(0xff);
  moved.set(bytes.subarray(0, at), 0);
  moved.set(bytes.subarray(at, bytes.length - count), at + count);
  return { ...image, segments: [{ address: 0, bytes: moved }] };
}

describe('a revision that keeps some places and moves others', () => {
  const definition = bundled('honda-38770-mgp-a01');
  const image = inserted(paintedImage(definition, 20), 0x3601e, 12);
  const blocks = movedBlocks(image, definition);
  test('is found in two blocks', () => {
    expect(blocks.map((b) => b.shiftBytes)).toEqual([20, 32]);
    expect(blocks[0]!.to).toBeLessThan(0x36000);
    expect(blocks[1]!.from).toBeGreaterThan(0x35000);
  });
  test('its definition is moved item by item, reads the same cells, and every item is a guess', () => {
    const moved = movedDefinition(definition, blocks);
    const before = new Map(decode(paintedImage(definition), definition).maps.map((m) => [m.title, m]));
    const maps = decode(image, moved).maps.filter((m) => m.kind === 'map' && m.columns === 25);
    expect(maps.length).toBeGreaterThan(25);
    for (const map of maps) expect(Array.from(map.cells)).toEqual(Array.from(before.get(map.title)!.cells));
    expect(moved.items.every((i) => i.guess !== undefined)).toBe(true);
    expect(moved.identifiers).toEqual([]);
  });
  test('an address between two blocks is moved by nobody’s guess', () => {
    expect(shiftAt(blocks, blocks[0]!.from)).toBe(20);
    expect(shiftAt(blocks, blocks[1]!.to)).toBe(32);
    expect(shiftAt(blocks, (blocks[0]!.to + blocks[1]!.from) / 2)).toBeNull();
  });
});

test('nothing is suggested for noise and for blank flash', () => {
  const definition = bundled('honda-38770-mgp-a01');
  const noise = Uint8Array.from({ length: 262_144 }, random);
  for (const bytes of [noise, new Uint8Array(262_144).fill(0xff)])
    expect(
      movedBlocks({ segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } }, definition),
    ).toEqual([]);
});

test('rising axes alone are not enough: maps have to begin and end, and limiters to read as such', () => {
  const plain = { ...bundled('honda-38770-mgp-a01'), identifiers: [], checksums: [] };
  const image = paintedImage(plain);
  expect(fitWithProof(image, plain, 0, false).verdict).toBe('fits');
  const axes = plain.items.flatMap((i) =>
    i.axes.flatMap((a) => (a.source.kind === 'stored' ? [a.source.storage.address] : [])),
  );
  const flat = image.segments[0]!.bytes.slice();
  for (const item of plain.items) {
    const { storage, rows, columns } = item;
    if (item.kind !== 'map' || storage === null) continue;
    for (let i = 0; i < rows * columns * storage.elementBytes; i++) flat[storage.address + i] = random();
  }
  expect(axes.length).toBeGreaterThan(0);
  const unbounded = fitWithProof({ ...image, segments: [{ address: 0, bytes: flat }] }, plain, 0, false);
  expect([unbounded.verdict, unbounded.evidence[0]]).toEqual([
    'uncertain',
    expect.stringMatching(/none of \d+ maps begins and ends/),
  ]);
  const limited = image.segments[0]!.bytes.slice();
  for (const item of plain.items)
    if (/limit/i.test(item.title)) limited.fill(0, item.storage!.address, item.storage!.address + 6);
  const off = fitWithProof({ ...image, segments: [{ address: 0, bytes: limited }] }, plain, 0, false);
  expect([off.verdict, off.evidence[0]]).toEqual(['uncertain', expect.stringContaining('limiters reads as one')]);
});

const at = (path: string): Image => {
  const bytes = new Uint8Array(readFileSync(CORPUS + path));
  return { segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } };
};

describe.skipIf(!existsSync(CORPUS))('public images (needs ../shared/corpus)', () => {
  test('the Thai CBR250RR under the Indonesian definition: two blocks', () => {
    const blocks = movedBlocks(at('bin-codedef/honda-cbr250rr-k64/38770-K64-N01.bin'), bundled('honda-38770-k64-n04'));
    expect(blocks.map((b) => [b.shiftBytes, b.proven === b.places])).toEqual([
      [-476, true],
      [-508, true],
    ]);
  });
  test('the Guzzi 15M in a Ducati of twice the size: ten bytes before the second bank, then 41', () => {
    const blocks = movedBlocks(
      at('xdf-bin/ducati-900ss-15m/AM28F010_DUCATI_900_SS_EU.bin'),
      bundled('moto-guzzi-iaw-15m'),
    );
    expect(blocks.map((b) => b.shiftBytes - 65_536)).toEqual([-10, -41]);
  });
});
