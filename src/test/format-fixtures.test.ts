/** What every format folder owes: a made-up file that it, and no other, recognises best; a line for the list of formats. */
import { describe, expect, test } from 'vitest';
import { detectFormat } from '../app/detect.ts';
import { fixtureFiles } from '../dev/fixture-files.ts';
import { formats } from '../generated/formats.ts';

const files = fixtureFiles();

describe.each(formats.map((f) => [f.id, f] as const))('%s', (id, format) => {
  test('a fixture of its own is recognised as nothing else', () => {
    const best = files.filter((f) => detectFormat(f.bytes, f.name)?.format.id === id);
    expect(best.length).toBeGreaterThan(0);
    const wrong = files
      .filter((f) => f.of === id)
      .map((f) => [f.path, detectFormat(f.bytes, f.name)?.format.id])
      .filter(([, found]) => found !== id);
    expect(wrong).toEqual([]);
  });

  test('its detector answers whatever comes, and says why', () => {
    const odd = [new Uint8Array(0), Uint8Array.of(0), new TextEncoder().encode('<'), new Uint8Array(70_000).fill(0x2c)];
    for (const bytes of [...odd, ...files.map((f) => f.bytes)]) {
      const detection = format.detect(bytes, 'x');
      if (detection === null) continue;
      expect(detection.confidence).toBeGreaterThan(0);
      expect(detection.confidence).toBeLessThanOrEqual(1);
      expect(detection.because.length).toBeGreaterThan(5);
    }
  });

  test('the list of formats has a line for it', () => {
    expect(format.title).not.toBe('');
    expect(format.reads.length).toBeGreaterThan(10);
    expect(format.extensions.every((e) => /^\.[a-z0-9.]+$/.test(e))).toBe(true);
  });
});
