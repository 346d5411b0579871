/** Definitions that no factory image has confirmed: used only where the image at hand proves them. */
import { describe, expect, test } from 'vitest';
import { bundledDefinitions, resolveDefinition } from '../app/resolve-definition.ts';
import type { Definition, Image } from './model.ts';
import { fitWithProof, proofOf } from './proof.ts';
import { paintedImage } from './test-paint.ts';

const all = await bundledDefinitions(null);
const unconfirmed = all.filter((d) => d.confirmedOnImage === false);
const resolve = (image: Image) =>
  resolveDefinition({
    image,
    imagePath: null,
    cwd: process.cwd(),
    definition: null,
    shiftBytes: 0,
    library: [],
    warn: () => undefined,
    ask: null,
  });
const withBytes = (image: Image, change: (bytes: Uint8Array) => void): Image => {
  const bytes = image.segments[0]!.bytes.slice();
  change(bytes);
  return { ...image, segments: [{ address: 0, bytes }] };
};

test('more than thirty families, and which of them no image has confirmed is marked', () => {
  expect(all.length).toBeGreaterThanOrEqual(39);
  expect(unconfirmed.length).toBe(23);
  for (const d of unconfirmed) expect(d.description).toMatch(/image/);
});

describe.each(unconfirmed.map((d): [string, Definition] => [d.id, d]))('%s', (id, definition) => {
  const image = paintedImage(definition);
  test('is found by itself in an image that has its axes, engine speeds and limiters', async () => {
    // Buell types differ by little: some share their addresses and none can tell them apart by axes.
    if (id.startsWith('buell-')) {
      expect(proofOf(image, definition).because).toEqual(
        expect.arrayContaining([expect.stringMatching(/^engine speeds/)]),
      );
      return;
    }
    const { definition: found, fit } = await resolve(image);
    expect([found.id, fit.verdict]).toEqual([id, 'fits']);
    expect(fit.evidence[0]).toMatch(
      /^no factory image was there to confirm this definition; this image does: engine speeds/,
    );
  });
  test('is not used where everything lies a few bytes further on', () => {
    for (const shift of [1, 2, 6, -10, 40])
      expect(fitWithProof(paintedImage(definition, shift), definition, 0, false).verdict).not.toBe('fits');
  });
});

describe('what an image must show', () => {
  const definition = all.find((d) => d.id === 'ducati-iaw-5am-848')!;
  const image = paintedImage(definition);
  const word = (at: number, value: number) => (bytes: Uint8Array) => {
    bytes[at] = value & 0xff;
    bytes[at + 1] = value >> 8;
  };
  test('a limiter that is none leaves the definition uncertain', () => {
    const fit = fitWithProof(withBytes(image, word(0x4c5aa, 300)), definition, 0, false);
    expect(fit.verdict).toBe('uncertain');
    expect(fit.evidence[0]).toContain('Rev limiter 1 would be 300 rpm');
  });
  test('so does an engine speed axis that rises to 900', () => {
    const slow = withBytes(image, (bytes) => {
      for (let i = 0; i < 32; i++) word(0x4ccc2 + 2 * i, 100 + 25 * i)(bytes);
    });
    expect(fitWithProof(slow, definition, 0, false).evidence[0]).toContain('an axis of engineSpeed ends at 875 rpm');
  });
  test('and maps of noise', () => {
    let seed = 1;
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed & 0xff;
    };
    const noisy = withBytes(image, (bytes) => {
      for (const item of definition.items.filter((i) => i.kind === 'map'))
        for (let i = 0; i < 1_280; i++) bytes[item.storage!.address + i] = random();
    });
    expect(proofOf(noisy, definition).because.join()).toContain('maps are no smooth surfaces');
    expect(fitWithProof(noisy, definition, 0, false).verdict).toBe('uncertain');
  });
});

test('a sister whose id differs by a few letters is another software, a damaged id is not', () => {
  const definition = all.find((d) => d.id === 'suzuki-bking-dj47se01')!;
  const id = definition.identifiers[0]!;
  const named = (text: string): Image =>
    withBytes(paintedImage(definition), (bytes) => {
      bytes.set(new TextEncoder().encode(text), id.address);
    });
  expect(fitWithProof(named('DJ47SE01'), definition, 0, false)).toMatchObject({ verdict: 'fits', identified: true });
  const sister = fitWithProof(named('DJB5SE01'), definition, 0, false);
  expect(sister.verdict).not.toBe('fits');
  expect(sister.evidence).toContain(
    'the image names its software DJB5SE01, the definition is for another of its family',
  );
  expect(fitWithProof(named('DJ47\u0001E01'), definition, 0, false).verdict).toBe('fits');
});
