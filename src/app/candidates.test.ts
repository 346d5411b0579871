import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { format } from '../formats/revsync-definition/index.ts';
import { candidatesAs, candidatesBeside, selectCandidate } from './candidates.ts';
import { inputFromBytes, sha256 } from './read-input.ts';

const EXAMPLE = fileURLToPath(new URL('../../fixtures/example/stock.bin', import.meta.url));
const input = inputFromBytes(new Uint8Array(readFileSync(EXAMPLE)));
const candidatesOf = (given: typeof input) => candidatesBeside(given, null).candidates;

describe('candidates of the bundled example, its definition hidden', () => {
  const found = candidatesOf(input).filter((c) => c.confidence !== 'low');

  test('its four maps, at their places and in their elements', () => {
    expect(found.map((c) => [c.offsetBytes, c.rows, c.columns, c.elementBytes])).toEqual([
      [0x1100, 18, 14, 1],
      [0x1300, 18, 14, 1],
      [0x1500, 18, 14, 2],
      [0x1900, 18, 14, 1],
    ]);
    expect(found.every((c) => c.role === null && c.because.length > 20)).toBe(true);
    expect(found[0]!.cells).toHaveLength(18 * 14);
  });

  test('the skeleton is a definition that the reader takes, with the same places', () => {
    if (format.kind !== 'definition') throw new Error('not a definition format');
    const text = candidatesAs('yaml', input, found);
    const definition = format.parse(new TextEncoder().encode(text), { name: 'x.yaml', sha256 });
    const maps = definition.items.filter((i) => i.kind === 'map');
    expect(maps.map((i) => i.storage?.address)).toEqual(found.map((c) => c.offsetBytes));
    expect(definition.motorcycles).toEqual([]);
  });

  test('one is chosen by its place, in hex or in digits', () => {
    expect(selectCandidate(found, '0x1500').elementBytes).toBe(2);
    expect(selectCandidate(found, '5376').elementBytes).toBe(2);
    expect(() => selectCandidate(found, '0x9999')).toThrow(/no candidate begins/);
  });
});

describe('a second image beside it', () => {
  const tuned = fileURLToPath(new URL('../../fixtures/example/track-day.bin', import.meta.url));
  const twin = inputFromBytes(new Uint8Array(readFileSync(tuned)));

  test('where the two differ is calibration, and the candidate says so', () => {
    const { candidates, twinReason } = candidatesBeside(input, twin);
    expect(twinReason).toBeNull();
    const spoken = candidates.filter((c) => c.because.includes('the second image differs here'));
    expect(spoken.map((c) => c.offsetBytes)).toEqual(expect.arrayContaining([0x1300]));
    expect(candidates).toHaveLength(candidatesOf(input).length);
  });

  test('the same file again tells nothing, and it says why', () => {
    const { candidates, twinReason } = candidatesBeside(input, input);
    expect(twinReason).toContain('byte for byte');
    expect(candidates).toEqual(candidatesOf(input));
  });
});
