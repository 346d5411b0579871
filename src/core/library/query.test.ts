import { describe, expect, test } from 'vitest';
import { testMotorcycle } from '../test-tune.ts';
import type { SearchWords } from './concepts.ts';
import { readQuery, searchTerms } from './query.ts';

const WORDS: SearchWords = {
  ignore: [],
  same: {},
  spoken: { twelve: '1200', thou: '1000' },
  nicknames: { viffer: 'vfr' },
  groups: [],
  directions: { more: ['more'], less: ['less'] },
  turns: [],
  negations: ['no'],
  only: ['only'],
};
const BIKES = [
  testMotorcycle({
    id: 'busa2',
    make: 'Suzuki',
    model: 'Hayabusa GSX1300R',
    generation: 'Gen2',
    yearFrom: 2008,
    yearTo: 2020,
    aliases: ['Hayabusa', 'Busa'],
  }),
  testMotorcycle({
    id: 'busa3',
    make: 'Suzuki',
    model: 'Hayabusa GSX1300R',
    generation: 'Gen3',
    yearFrom: 2021,
    yearTo: 2024,
    aliases: ['Hayabusa', 'Busa'],
  }),
  testMotorcycle({ id: 'vfr', make: 'Honda', model: 'VFR1200F', displacementCc: 1237, yearFrom: 2010, yearTo: 2017 }),
  testMotorcycle({ id: 'vfr8', make: 'Honda', model: 'VFR800', displacementCc: 782, yearFrom: 2002, yearTo: 2013 }),
  testMotorcycle({
    id: 'bking',
    make: 'Suzuki',
    model: 'GSX1300BK B-King',
    yearFrom: 2008,
    yearTo: 2012,
    aliases: ['B-King'],
  }),
];

describe('a query', () => {
  test.each([
    ['my 2012 busa on E85', ['busa2'], 2012, 'my on e85'],
    ['busa gen 3 for the strip', ['busa3'], null, 'for the strip'],
    ['busa for commuting', ['busa2', 'busa3'], null, 'for commuting'],
    ['hayabusa k9', ['busa2'], 2009, ''],
    ['vfr1200 with panniers', ['vfr'], null, 'with panniers'],
    ['vfr map for the Alps', ['vfr', 'vfr8'], null, 'map for the alps'],
    ['b-king original', ['bking'], null, 'original'],
    ['honda for rain', ['vfr', 'vfr8'], null, 'for rain'],
    ['softer throttle', [], null, 'softer throttle'],
    ['second generation busa', ['busa2'], null, ''],
    ['busa mk3', ['busa3'], null, ''],
    ["busa '09", ['busa2'], 2009, ''],
    ['newest busa for rain', ['busa3'], null, 'for rain'],
    ['viffer twelve for rain', ['vfr'], null, 'for rain'],
    ['1200 vfr', ['vfr'], null, ''],
    ['my honda 800', ['vfr8'], null, 'my'],
    ['1300r gone wild', ['busa2', 'busa3'], null, 'gone wild'],
    ['twelve hundred miles', [], null, 'twelve hundred miles'],
    ['', [], null, ''],
    ['"; DROP TABLE library; -- *^()', [], null, 'drop table library'],
  ])('%s', (text, ids, year, rest) => {
    const query = readQuery(text, BIKES, WORDS);
    expect([query.motorcycles.map((m) => m.id), query.year, query.rest.join(' ')]).toEqual([ids, year, rest]);
  });

  test('a year that no motorcycle of the name has leaves them all', () => {
    expect(readQuery('busa 1999', BIKES, WORDS).motorcycles).toHaveLength(2);
  });
});

describe('terms', () => {
  const words = {
    ignore: ['with', 'the', 'it'],
    groups: [
      { id: 'more', words: ['more timing', 'advanced'] },
      { id: 'fuel', words: ['ethanol', 'e85'] },
    ],
  };
  test.each([
    ['more timing with e85', ['more timing', 'e85'], [['advanced'], ['ethanol']]],
    ['advanced than the timing of e85', ['advanced'], [['more timing']]],
    ['it the with', [], []],
    ['e85 e85', ['e85'], [['ethanol']]],
  ])('%s', (text, wanted, alike) => {
    const terms = searchTerms(text.split(' '), words);
    expect([terms.map((t) => t.word), terms.map((t) => t.alike)]).toEqual([wanted, alike]);
  });
});
