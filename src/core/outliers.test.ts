import { describe, expect, test } from 'vitest';
import { outliersOf, type PeerMap } from './outliers.ts';

const SPARK = Array.from({ length: 64 }, (_, i) => 10 + i / 3);

const spark = (add: number, id = 'spark@1'): PeerMap => ({
  id,
  title: 'Spark advance',
  role: 'spark',
  kind: 'map',
  unit: '°',
  rows: 8,
  columns: 8,
  cells: SPARK.map((v, i) => v + add + ((i * 7) % 5) / 50),
});

/** Peers that lie a little apart, as tunes of one family do. */
const PEERS = [-0.3, -0.1, 0, 0.1, 0.2, 0.4].map((add) => [spark(add)]);

describe('outliers', () => {
  test.each([
    // The median of all seven is 0.1 over the table; the middle distance from it is 0.2, and 1.4826 of it the usual one.
    [4, 3.9, 0.29652],
    [-5, -5, 0.29652],
  ])('%s degrees from the family are named', (add, expected, usual) => {
    const [found, ...more] = outliersOf([spark(add)], PEERS);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ role: 'spark', map: { id: 'spark@1' }, unit: '°', tunes: 7, maps: 1 });
    expect(found!.difference).toBeCloseTo(expected, 6);
    expect(found!.usual).toBeCloseTo(usual, 6);
  });

  test('one among its peers is none', () => {
    expect(outliersOf([spark(0.3)], PEERS)).toEqual([]);
  });

  test('fewer than five tunes say nothing', () => {
    expect(outliersOf([spark(20)], PEERS.slice(0, 3))).toEqual([]);
    expect(outliersOf([spark(20)], PEERS.slice(0, 4))).toHaveLength(1);
  });

  test('twins of a role are one entry that counts them', () => {
    const twins = (add: number): PeerMap[] => [spark(add), spark(add, 'spark@2')];
    const found = outliersOf(
      twins(6),
      [-0.3, 0, 0.1, 0.2, 0.4].map((a) => twins(a)),
    );
    expect(found.map((f) => f.maps)).toEqual([2]);
  });

  test('of twins the one that is further apart is named, whichever comes first', () => {
    const peers = [-0.3, 0, 0.1, 0.2, 0.4].map((a) => [spark(a), spark(a, 'spark@2')]);
    const near = spark(6);
    const far = spark(9, 'spark@2');
    for (const maps of [
      [near, far],
      [far, near],
    ])
      expect(outliersOf(maps, peers)).toMatchObject([{ map: { id: 'spark@2' }, maps: 2 }]);
  });

  test('a single number is held against its own size', () => {
    const limit = (rpm: number): PeerMap[] => [
      { ...spark(0, 'limit'), role: 'revLimiter', unit: 'rpm', rows: 1, columns: 1, cells: [rpm] },
    ];
    const peers = [13_000, 13_000, 13_000, 13_000, 13_000].map(limit);
    expect(outliersOf(limit(13_120), peers)).toEqual([]);
    expect(outliersOf(limit(14_000), peers)).toMatchObject([{ role: 'revLimiter', difference: 1_000, usual: 0 }]);
  });

  test('a majority that is odd makes the sound one the outlier: it is information, not judgement', () => {
    expect(
      outliersOf(
        [spark(0)],
        [9.8, 9.9, 10, 10.1, 10.2].map((a) => [spark(a)]),
      ),
    ).toHaveLength(1);
  });

  test('unknown cells, other sizes, switches and axes are passed over', () => {
    const unknown = { ...spark(9), cells: SPARK.map(() => null) };
    expect(outliersOf([unknown], PEERS)).toEqual([]);
    expect(outliersOf([{ ...spark(9), rows: 4, columns: 16 }], PEERS)).toEqual([]);
    expect(outliersOf([{ ...spark(9), kind: 'flag' }], PEERS)).toEqual([]);
    expect(outliersOf([{ ...spark(9), role: 'axis' }], PEERS)).toEqual([]);
  });
});
