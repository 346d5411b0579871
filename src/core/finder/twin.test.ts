import { describe, expect, test } from 'vitest';
import type { FoundMap } from './find-maps.ts';
import { compareTwins, weighByTwin } from './twin.ts';

const SIZE = 64 * 1024;

function image(): Uint8Array {
  return Uint8Array.from({ length: SIZE }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 24) | 1);
}

const candidate = (
  offsetBytes: number,
  confidence: FoundMap['confidence'],
  recordBytes: number | null = null,
): FoundMap => ({ offsetBytes, byteLength: 400, confidence, because: 'rows repeat', recordBytes }) as FoundMap;

describe('two images of one ECU', () => {
  test('differences are joined over cells that were left alone, areas over maps that are shared', () => {
    const twin = image();
    for (const i of [0x4000, 0x4010, 0x4100, 0x4900, 0xc000]) twin[i]! ^= 2;
    const { differences, areas, changedBytes, reason } = compareTwins(image(), twin);
    expect(reason).toBeNull();
    expect(changedBytes).toBe(5);
    expect(differences).toEqual([
      { offsetBytes: 0x4000, byteLength: 0x11 },
      { offsetBytes: 0x4100, byteLength: 1 },
      { offsetBytes: 0x4900, byteLength: 1 },
      { offsetBytes: 0xc000, byteLength: 1 },
    ]);
    expect(areas).toEqual([
      { offsetBytes: 0x4000, byteLength: 0x901 },
      { offsetBytes: 0xc000, byteLength: 1 },
    ]);
  });

  test('a candidate that differs is surer, one far from every difference less sure, one that a record names stands', () => {
    const twin = image();
    for (let i = 0x4020; i < 0x4120; i++) twin[i]! ^= 2;
    for (let i = 0xd000; i < 0xd400; i++) twin[i]! ^= 2;
    const maps = [
      candidate(0x1000, 'medium'),
      candidate(0x1200, 'high', 0x100),
      candidate(0x4000, 'low'),
      candidate(0x4400, 'medium'),
      candidate(0x9000, 'low'),
    ];
    const weighed = weighByTwin(maps, compareTwins(image(), twin));
    expect(weighed.map((m) => m.confidence)).toEqual(['low', 'high', 'medium', 'medium', 'low']);
    expect(weighed[2]!.because).toContain('the second image differs here');
    expect(weighed[0]!.because).toContain('may be code');
  });

  test('a few bytes that differ lower nothing', () => {
    const twin = image();
    twin[0x4020]! ^= 2;
    const weighed = weighByTwin(
      [candidate(0x1000, 'medium'), candidate(0x4000, 'medium')],
      compareTwins(image(), twin),
    );
    expect(weighed.map((m) => m.confidence)).toEqual(['medium', 'high']);
  });

  test.each([
    ['another size', new Uint8Array(SIZE - 1), 'they are not of one ECU'],
    ['the same file', image(), 'the same, byte for byte'],
    ['other software', image().map((b) => b ^ 0x55), 'different software'],
  ])('%s tells nothing, with the reason', (_, twin, words) => {
    const twins = compareTwins(image(), twin);
    expect(twins.reason).toContain(words);
    const maps = [candidate(0x1000, 'medium')];
    expect(weighByTwin(maps, twins)).toEqual(maps);
  });
});
