import { describe, expect, test } from 'vitest';
import { type Concepts, conceptShare, conceptsOf, type SearchWords, stem } from './concepts.ts';

const WORDS: SearchWords = {
  ignore: [],
  same: { fuel: ['petrol', 'gas'], ignition: ['spark', 'timing'] },
  spoken: {},
  nicknames: {},
  groups: [
    { id: 'richer', words: ['richer', 'rich'] },
    { id: 'leaner', words: ['leaner', 'lean'] },
    { id: 'advanced', words: ['advanced', 'earlier ignition'] },
    { id: 'retarded', words: ['retarded', 'retard'] },
    { id: 'licence', words: ['restriction', 'a2'], opposites: ['unrestricted'] },
    { id: 'low octane', words: ['regular', 'cheap fuel'], complaints: ['pinking'] },
  ],
  directions: { more: ['more', 'extra'], less: ['less', 'reduced'] },
  turns: [
    { thing: ['fuel'], more: 'richer', less: 'leaner' },
    { thing: ['ignition'], more: 'advanced', less: 'retarded' },
  ],
  negations: ['no', 'without'],
  only: ['nothing but'],
};
const of = (text: string, asked = true): Concepts => conceptsOf(text.split(' '), WORDS, asked);

describe('what a text is about', () => {
  test.each<[string, string[], string[]]>([
    ['runs a bit richer', ['richer'], []],
    ['gets more petrol', ['richer'], []],
    ['gas reduced a little', ['leaner'], []],
    ['extra fuel and less spark', ['richer', 'retarded'], []],
    // The nearest direction that stands not beyond another thing.
    ['less spark but more gas', ['retarded', 'richer'], []],
    ['earlier spark', ['advanced'], []],
    ['cheap gas', ['low octane'], []],
    ['no throttle restrictions', [], ['licence']],
    ['unrestricted', [], ['licence']],
    ['no more pinking', ['low octane'], []],
    ['a2 without restriction', ['licence'], []],
    ['fuel', [], []],
  ])('%s', (text, wanted, unwanted) => {
    const found = of(text);
    expect([[...found.wanted].sort(), [...found.unwanted]]).toEqual([[...wanted].sort(), unwanted]);
  });

  test('what a tune says of itself is taken as it stands', () => {
    expect([...of('no restriction', false).wanted]).toEqual(['licence']);
  });
});

test('endings', () => {
  expect(['restrictions', 'retarding', 'raised', 'pass', 'gas'].map(stem)).toEqual([
    'restriction',
    'retard',
    'rais',
    'pass',
    'gas',
  ]);
});

test('an entry that says just what was asked goes before one that says more, and unwanted ones last', () => {
  const even = (): number => 1;
  const share = (text: string, entry: string[]): number => conceptShare(of(text), new Set(entry), even);
  expect(share('richer', ['richer'])).toBe(1);
  expect(share('richer', ['richer', 'licence'])).toBeLessThan(1);
  expect(share('nothing but more fuel', ['richer', 'licence'])).toBeLessThan(share('richer', ['richer', 'licence']));
  expect(share('richer', ['licence'])).toBe(0);
  expect(share('no restriction', ['licence'])).toBeLessThan(0);
  expect(share('no restriction', [])).toBe(0);
});
