import { describe, expect, test } from 'vitest';
import {
  checkedEthanol,
  doubtsOf,
  GOALS,
  knownWord,
  NOTHING_SAID,
  profileIdFor,
  type Rider,
  SKILLS,
  STYLES,
} from './rider.ts';

const RIDER: Rider = { ...NOTHING_SAID, ron: 95, ethanolPercent: 10, altitudeM: 0 };
const BIKE = { name: 'Test Four', fuelRonMin: 95 };

test.each([
  ['Race', STYLES, 'track'],
  ['commute', STYLES, 'commuting'],
  ['perf', GOALS, 'performance'],
  ['novice', SKILLS, 'beginner'],
])('%s is a word riders use', (said, words, known) => {
  expect(knownWord<string>(said, words, 'word')).toBe(known);
});

test('a word nobody knows is answered with those there are', () => {
  expect(() => knownWord('wheelies', GOALS, 'goal')).toThrow(
    expect.objectContaining({ code: 'WORD_UNKNOWN', hint: expect.stringContaining('efficiency') }),
  );
  expect(() => knownWord('', GOALS, 'goal')).toThrow(expect.objectContaining({ code: 'WORD_UNKNOWN' }));
});

describe('slips are named', () => {
  test.each<[string, Partial<Rider>, number | null, RegExp]>([
    ['an AKI number said as RON', { ron: 87 }, null, /--aki 87 is RON 91/],
    ['a RON number said as AKI', { ron: 99 }, 95, /--ron 95/],
    ['AKI is turned into RON aloud', { ron: 95 }, 91, /AKI 91 is taken as RON 95/],
    ['fuel under the minimum', { ron: 91 }, null, /asks for RON 95/],
    ['an ethanol that no pump sells', { ethanolPercent: 25 }, null, /between what pumps sell/],
    ['E85', { ethanolPercent: 85 }, null, /30 to 45 %/],
    ['mountains', { altitudeM: 3500 }, null, /valley/],
  ])('%s', (_, said, aki, text) => {
    expect(doubtsOf({ ...RIDER, ...said }, { aki }, BIKE).join('\n')).toMatch(text);
  });
  test('what is ordinary is not doubted', () => {
    expect(doubtsOf(RIDER, { aki: null }, BIKE)).toEqual([]);
  });
  test('a share of ethanol is no percentage', () => {
    expect(() => checkedEthanol(0.85)).toThrow(
      expect.objectContaining({ code: 'ETHANOL_SHARE', hint: expect.stringContaining('85') }),
    );
    expect(checkedEthanol(0)).toBe(0);
  });
});

test('names of profiles are short, unique and safe', () => {
  expect(profileIdFor('YZF-R6', [])).toBe('yzf-r6');
  expect(profileIdFor('YZF-R6', ['yzf-r6', 'yzf-r6-2'])).toBe('yzf-r6-3');
  expect(profileIdFor('../Ä \u001b[2J', [])).toBe('a-2j');
  expect(profileIdFor('!!!', [])).toBe('bike');
});
