/** Sums and CRCs against their published check values, and what stays unknown. */
import { describe, expect, test } from 'vitest';
import type { ChecksumDefinition } from './checksum-model.ts';
import { checksumState, checksumSummary, verifyChecksum } from './checksums.ts';
import type { Image } from './model.ts';

const ascii = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0));
const image = (bytes: number[], address = 0): Image => ({
  segments: [{ address, bytes: Uint8Array.from(bytes) }],
  source: { sha256: '', byteLength: bytes.length },
});
const definition = (given: Partial<ChecksumDefinition>): ChecksumDefinition => ({
  title: 'sum',
  method: 'sum',
  regions: [{ from: 0, to: null }],
  elementBytes: 1,
  storedBytes: 1,
  byteOrder: 'big',
  storedAt: null,
  equals: null,
  ...given,
});

describe('check values of "123456789"', () => {
  test.each([
    ['crc16-ccitt-false', 0x29b1],
    ['crc16-xmodem', 0x31c3],
    ['crc16-kermit', 0x2189],
    ['crc16-arc', 0xbb3d],
    ['crc16-modbus', 0x4b37],
    ['crc32', 0xcbf43926],
  ])('%s', (method, equals) => {
    expect(verifyChecksum(image(ascii('123456789')), definition({ method, equals }))).toMatchObject({
      state: 'good',
      computed: equals,
    });
  });
});

describe('sums', () => {
  const bytes = [0x12, 0x34, 0xff, 0x01];
  test.each([
    [{ equals: 0x46 }, 0x46],
    [{ method: 'twosComplement' }, 0xba],
    [{ method: 'onesComplement' }, 0xb9],
    [{ storedBytes: 2 as const }, 0x0146],
    [{ elementBytes: 2 as const, storedBytes: 2 as const }, 0x1135],
    [{ elementBytes: 2 as const, storedBytes: 2 as const, byteOrder: 'little' as const }, 0x3611],
    [{ elementBytes: 4 as const, storedBytes: 4 as const }, 0x1234ff01],
  ])('%o', (given, computed) => {
    expect(verifyChecksum(image(bytes), definition({ equals: 0x46, ...given }))).toMatchObject({ computed });
  });

  test('a stored sum over two regions is good, and bad once a byte changes', () => {
    const given = definition({
      method: 'twosComplement',
      regions: [
        { from: 0, to: 2 },
        { from: 4, to: 6 },
      ],
      elementBytes: 2,
      storedBytes: 2,
      storedAt: 2,
    });
    const right = [0x10, 0x00, 0xdf, 0xfe, 0x10, 0x02];
    expect(verifyChecksum(image(right), given)).toMatchObject({ state: 'good', expected: 0xdffe });
    const edited = verifyChecksum(image([...right.slice(0, 5), 0x03]), given);
    expect(edited).toMatchObject({ state: 'bad', expected: 0xdffe, computed: 0xdffd });
    expect(edited.reason).toBe('it comes out at 0xDFFD and should at 0xDFFE');
  });
});

describe('unknown, with its reason', () => {
  test.each<[string, Partial<ChecksumDefinition>, RegExp]>([
    ['another method', { method: 'a plug-in of TunerPro (9a53)' }, /plug-in of TunerPro \(9a53\) is not computed here/],
    ['nothing to compare with', {}, /does not say what has to come out/],
    ['stored among its own bytes', { storedAt: 1 }, /stored among the bytes/],
    ['stored outside', { storedAt: 9, regions: [{ from: 0, to: 4 }] }, /not in the file/],
    ['a region outside', { equals: 0, regions: [{ from: 2, to: 5 }] }, /does not hold all/],
    ['an empty region', { equals: 0, regions: [{ from: 2, to: 2 }] }, /does not hold all/],
    ['half a word', { equals: 0, elementBytes: 2, regions: [{ from: 0, to: 3 }] }, /whole number of words/],
  ])('%s', (_, given, reason) => {
    expect(verifyChecksum(image([1, 2, 3, 4]), definition(given))).toMatchObject({
      state: 'unknown',
      computed: null,
      reason: expect.stringMatching(reason),
    });
  });

  test('a gap in the file', () => {
    const gap: Image = {
      segments: [
        { address: 0, bytes: Uint8Array.of(1) },
        { address: 8, bytes: Uint8Array.of(255) },
      ],
      source: { sha256: '', byteLength: 2 },
      addressed: true,
    };
    expect(verifyChecksum(gap, definition({ equals: 0 })).state).toBe('unknown');
  });
});

test('several together: one bad one is enough', () => {
  const good = verifyChecksum(image([1]), definition({ equals: 1 }));
  const bad = verifyChecksum(image([1]), definition({ equals: 2 }));
  const unknown = verifyChecksum(image([1]), definition({ method: 'x' }));
  expect([[good, bad], [good, unknown], [unknown], []].map(checksumState)).toEqual([
    'bad',
    'good',
    'unknown',
    'unknown',
  ]);
  expect(checksumSummary([good, bad, unknown]).reason).toBe(
    '1 of 2: it comes out at 0x01 and should at 0x02; 1 cannot be verified',
  );
  expect(checksumSummary([]).reason).toBe('no checksum of this file is known');
});
