import { expect, test } from 'vitest';
import { likeRated, similarityOf } from './similarity.ts';

const DATA = { likedStars: 4, dislikedStars: 2, calibration: 3, words: 2, named: 0.6 };
const rated = (stars: number, likeness: number) => ({ path: `${stars}-${likeness}.bin`, stars, likeness });

test.each([
  ['nothing known', [], null, null],
  ['like one that was liked', [rated(5, 0.8)], null, 0.9],
  ['the nearest of them counts', [rated(5, 0.2), rated(4, 0.8)], null, 0.9],
  ['like one that was disliked', [rated(1, 0.8)], null, 0.1],
  ['between the two', [rated(5, 0.6), rated(2, 0.6)], null, 0.5],
  ['three stars say nothing', [rated(3, 0.9)], null, null],
  ['words alone', [], 0.7, 0.7],
  ['calibration and words by their weights', [rated(5, 1)], 0.5, 0.8],
])('%s', (_, list, words, share) => {
  const found = similarityOf({ rated: list, words }, DATA);
  if (share === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(share, 6);
});

test('the liked tune that it is most like is named, if it is like enough', () => {
  expect(likeRated({ rated: [rated(5, 0.7), rated(4, 0.9), rated(1, 1)], words: null }, DATA)?.path).toBe('4-0.9.bin');
  expect(likeRated({ rated: [rated(5, 0.5)], words: null }, DATA)).toBeNull();
});
