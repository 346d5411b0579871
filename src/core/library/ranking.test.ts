import { describe, expect, test } from 'vitest';
import { testMotorcycle } from '../test-tune.ts';
import type { SearchWords } from './concepts.ts';
import { readQuery as readWith } from './query.ts';
import { rank, type SearchCandidate, termScore, termWeight } from './ranking.ts';

const WORDS: SearchWords = {
  ignore: [],
  same: {},
  spoken: {},
  nicknames: {},
  groups: [
    { id: 'rain', words: ['rain', 'wet'] },
    { id: 'another ECU', words: ['standalone'] },
  ],
  directions: { more: ['more'], less: ['less'] },
  turns: [],
  negations: ['no'],
  only: ['only'],
};
const readQuery = (text: string, bikes: Parameters<typeof readWith>[1]) => readWith(text, bikes, WORDS);
const BIKE = testMotorcycle({ id: 'own', model: 'Falcon 600' });

const candidate = (entryId: number, given: Partial<SearchCandidate>): SearchCandidate => ({
  entryId,
  cosine: null,
  words: 0,
  found: [],
  concepts: new Set(),
  ownName: 0,
  motorcycleId: null,
  alternatives: [],
  ownEcu: true,
  ecuFamily: null,
  ...given,
});

describe('rank', () => {
  test.each([
    ['the motorcycle that was named goes first', { motorcycleId: 'own' }, { motorcycleId: 'other', words: 3 }],
    [
      'an alternative of the same software goes before a stranger',
      { alternatives: ['own'] },
      { motorcycleId: 'other' },
    ],
    ['of equal motorcycles the words decide', { motorcycleId: 'own', words: 2 }, { motorcycleId: 'own', words: 1 }],
    ['and what it is about', { motorcycleId: 'own', concepts: new Set(['rain']) }, { motorcycleId: 'own', words: 1 }],
    ['and the meaning', { motorcycleId: 'own', cosine: 0.6 }, { motorcycleId: 'own', cosine: 0.4 }],
    [
      'the ECU it came with goes before one put in its place',
      { motorcycleId: 'own' },
      { motorcycleId: 'own', ownEcu: false },
    ],
  ])('%s', (_, first, second) => {
    const query = readQuery('falcon 600 for rain', [BIKE]);
    const ranked = rank(query, [candidate(1, second), candidate(2, first)]);
    expect(ranked.map((r) => r.entryId)).toEqual([2, 1]);
  });

  test('each result says why, and ties go by id', () => {
    const query = readQuery('falcon 600 rain', [BIKE]);
    const given = { motorcycleId: 'own', words: 1, found: ['rain'], cosine: 0.5 };
    const ranked = rank(query, [candidate(9, given), candidate(3, given)]);
    expect(ranked.map((r) => [r.entryId, r.similarity])).toEqual([
      [3, 0.5],
      [9, 0.5],
    ]);
    expect(ranked[0]!.because).toEqual(['is for the falcon 600', 'like in meaning (0.50)', 'says rain']);
  });

  test('who asks for another ECU gets one', () => {
    const [own, other] = [candidate(1, { motorcycleId: 'own' }), candidate(2, { motorcycleId: 'own', ownEcu: false })];
    const ranked = rank(readQuery('falcon 600 on a standalone', [BIKE]), [own, other]);
    expect(ranked.map((r) => r.entryId)).toEqual([2, 1]);
    expect(ranked[0]!.because).toEqual(['is for the falcon 600 with another ECU', 'is about another ECU']);
  });

  test('a vehicle that no catalogue has is known by its own name', () => {
    const ranked = rank(readQuery('minarelli rain', [BIKE]), [
      candidate(1, { concepts: new Set(['rain']), words: 2 }),
      candidate(2, { ownName: 1 }),
    ]);
    expect(ranked.map((r) => [r.entryId, r.because[0]])).toEqual([
      [2, 'bears that name'],
      [1, 'is about rain'],
    ]);
  });

  test('nothing known is nothing found', () => {
    expect(rank(readQuery('rain', []), [candidate(1, {})])[0]!.score).toBe(0);
  });
});

test('a rare word says more, the word itself more than another for it', () => {
  expect(termWeight(1_000, 1)).toBeGreaterThan(termWeight(1_000, 500));
  expect(termScore(1, true, 0.5)).toBeGreaterThan(termScore(1, false, 0.5));
});
