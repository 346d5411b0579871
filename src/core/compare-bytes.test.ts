import { describe, expect, test } from 'vitest';
import { compareBytes, coverMaps, flatBytes, MAX_RUNS, shareInCommon } from './compare-bytes.ts';
import type { Location } from './model.ts';
import { testAxis, testMap } from './roles/test-maps.ts';

test('bytes in common are counted without what is blank in both', () => {
  const a = Uint8Array.of(1, 2, 3, 4, 0xff, 0xff, 0, 0);
  expect(shareInCommon(a, Uint8Array.of(1, 2, 3, 9, 0xff, 0xff, 0, 0))).toBe(0.75);
  expect(shareInCommon(a, a)).toBe(1);
  expect(shareInCommon(a, a.subarray(1))).toBe(0);
  // Blank in one of them alone is a difference.
  expect(shareInCommon(Uint8Array.of(7, 0xff), Uint8Array.of(7, 8))).toBe(0.5);
});

describe('compareBytes', () => {
  test('runs of bytes that nothing explains, and those that only the longer file has', () => {
    const a = Uint8Array.of(0, 1, 2, 3, 4, 5, 6);
    const b = Uint8Array.of(9, 9, 2, 9, 4);
    const covered = new Uint8Array(7);
    const runs = [
      { offsetBytes: 0, length: 2 },
      { offsetBytes: 3, length: 1 },
      { offsetBytes: 5, length: 2 },
    ];
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const)
      expect(compareBytes(x, y, covered)).toEqual({ changed: 5, explained: 0, unexplained: runs, unexplainedRuns: 3 });
  });

  test('a byte is explained where every bit that changed belongs to something decoded', () => {
    const covered = Uint8Array.of(0xff, 0x04, 0x04, 0);
    const found = compareBytes(Uint8Array.of(1, 0, 0, 7), Uint8Array.of(2, 0x04, 0x06, 7), covered);
    expect(found).toEqual({
      changed: 3,
      explained: 2,
      unexplained: [{ offsetBytes: 2, length: 1 }],
      unexplainedRuns: 1,
    });
  });

  test('of very many runs all are counted and the first are told', () => {
    const a = Uint8Array.from({ length: 2 * MAX_RUNS + 6 }, (_, i) => i % 2);
    const found = compareBytes(a, new Uint8Array(a.length), new Uint8Array(a.length));
    expect([found.unexplainedRuns, found.unexplained.length]).toEqual([MAX_RUNS + 3, MAX_RUNS]);
  });
});

describe('coverMaps', () => {
  const at = (given: Partial<Location>): Location => ({
    offsetBytes: 0,
    elementBytes: 1,
    byteOrder: 'big',
    signed: false,
    float: false,
    layout: 'row',
    elementStepBytes: 1,
    lineStepBytes: 1,
    ...given,
  });
  const none = { masks: new Map(), patches: new Map() };
  const marked = (map: Parameters<typeof testMap>[0], fine = none, size = 12): number[] => {
    const covered = new Uint8Array(size);
    coverMaps(covered, [testMap(map)], fine);
    return [...covered];
  };
  const F = 0xff;

  test('the elements of a map where they lie, not what lies between, and no further than the file', () => {
    const place = at({ offsetBytes: 1, elementBytes: 2, elementStepBytes: 3, lineStepBytes: 6 });
    expect(marked({ title: 'm', rows: 2, columns: 2, at: place })).toEqual([0, F, F, 0, F, F, 0, F, F, 0, F, F]);
    expect(marked({ title: 'm', rows: 2, columns: 2, at: place }, none, 5)).toEqual([0, F, F, 0, F]);
  });

  test('by columns: a line of the file is a column of the map', () => {
    const place = at({ layout: 'column', elementStepBytes: 1, lineStepBytes: 4 });
    expect(marked({ title: 'm', rows: 2, columns: 3, at: place })).toEqual([F, F, 0, 0, F, F, 0, 0, F, F, 0, 0]);
  });

  test('an axis with its map, at the very first byte too', () => {
    const axis = { ...testAxis('x', [1, 2, 3]), at: at({ offsetBytes: 0 }) };
    expect(marked({ title: 'm', columns: 3, axes: [axis] })).toEqual([F, F, F, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('a flag is its own bits, in the order of its bytes', () => {
    const masks = new Map([['f', 0x0180]]);
    const flag = (byteOrder: 'big' | 'little') =>
      marked(
        { title: 'f', kind: 'flag', at: at({ offsetBytes: 2, elementBytes: 2, byteOrder }) },
        { ...none, masks },
        5,
      );
    expect(flag('big')).toEqual([0, 0, 0x01, 0x80, 0]);
    expect(flag('little')).toEqual([0, 0, 0x80, 0x01, 0]);
  });

  test('a patch is the bytes that its definition names', () => {
    const patches = new Map([['p', [{ offsetBytes: 1, length: 2 }]]]);
    expect(marked({ title: 'p', kind: 'patch', at: at({ offsetBytes: 4 }) }, { ...none, patches }, 6)).toEqual([
      0,
      F,
      F,
      0,
      0,
      0,
    ]);
  });
});

test('segments of an image one after the other, as its file has them', () => {
  const segment = (address: number, ...bytes: number[]) => ({ address, bytes: Uint8Array.of(...bytes) });
  const source = { sha256: '', byteLength: 0 };
  expect([...flatBytes({ segments: [segment(0x100, 1, 2), segment(0x900, 3)], source })]).toEqual([1, 2, 3]);
});
