import { describe, expect, it } from 'vitest';
import { compileKnowledge } from '../catalog/compile-knowledge.ts';
import { findMotorcycles, MOTORCYCLE_FITS } from './motorcycles.ts';

const all = (await compileKnowledge('rules')).motorcycles;

/** Ids of all candidates that share the best score. */
function meant(text: string): string[] {
  const matches = findMotorcycles(text, all);
  const best = matches[0];
  if (!best || best.score < MOTORCYCLE_FITS) return [];
  return matches.filter((m) => m.score === best.score).map((m) => m.motorcycle.id);
}

describe('findMotorcycles', () => {
  it.each([
    ['yamaha r6 2008', ['yamaha/yzf-r6-2008-2009']],
    ['Yamaha YZF R6 2012', ['yamaha/yzf-r6-2010-2016']],
    ['gsxr 1000 k9', ['suzuki/gsx-r1000-2009-2016']],
    ['gsxr1000k5', ['suzuki/gsx-r1000-2005-2006']],
    ['GSX-R 1000 L5', ['suzuki/gsx-r1000-2009-2016']],
    ['suzuki gsx-r 600 l1', ['suzuki/gsx-r600-2011-2016']],
    ['hayabusa 2010', ['suzuki/hayabusa-gsx1300r-2008-2020']],
    ['Suzuki Hayabusa gen3', ['suzuki/hayabusa-gsx1300r-2021-2024']],
    ['busa k8', ['suzuki/hayabusa-gsx1300r-2008-2020']],
    ['hyabusa 2015', ['suzuki/hayabusa-gsx1300r-2008-2020']],
    [
      'busa',
      [
        'suzuki/hayabusa-gsx1300r-1999-2007',
        'suzuki/hayabusa-gsx1300r-2008-2020',
        'suzuki/hayabusa-gsx1300r-2021-2024',
      ],
    ],
    ['zx10r 2012', ['kawasaki/ninja-zx-10r-2011-2015']],
    ['Kawasaki Ninja ZX-10R 2017', ['kawasaki/ninja-zx-10r-2016-2020']],
    ['zx-6r 636 2014', ['kawasaki/ninja-zx-6r-636-2013-2023']],
    [
      'cbr 1000 rr',
      [
        'honda/cbr1000rr-2004-2005',
        'honda/cbr1000rr-2006-2007',
        'honda/cbr1000rr-2008-2016',
        'honda/cbr1000rr-2017-2019',
      ],
    ],
    ['CBR1000RR_2012_US', ['honda/cbr1000rr-2008-2016']],
    ['fireblade 2012', ['honda/cbr1000rr-2008-2016']],
    ['fireblade 2021', ['honda/cbr1000rr-r-fireblade-2020-2023']],
    ['cbr1000rr sc77', ['honda/cbr1000rr-2017-2019']],
    ['street triple 765', ['triumph/street-triple-765-rs-2017-2022']],
    ['street triple 675', ['triumph/street-triple-675-2007-2016']],
    ['vfr1200f', ['honda/vfr1200f-2010-2017']],
    ['Honda VFR 1200 F 2011', ['honda/vfr1200f-2010-2017']],
    ['bmw s1000rr 2020', ['bmw/s1000rr-2019-2024']],
    ['s 1000 rr k67', ['bmw/s1000rr-2019-2024']],
    ['ducati 848 evo 2009', ['ducati/848-2008-2010']],
    ['panigale v2', ['ducati/959-panigale-2016-2024']],
    ['900ss', ['ducati/900ss-ie-1998-2002']],
    ['harley low rider s 2017', ['harley-davidson/low-rider-s-2016-2017']],
    ['ténéré 700', ['yamaha/tenere-700-2019-2024']],
    ['b-king', ['suzuki/gsx1300bk-b-king-2008-2012']],
    ['cbr500r', ['honda/cbr500r-2013-2018']],
    ['cbr250rr', ['honda/cbr250rr-2017-2019']],
    ['cbr 250 r', ['honda/cbr250r-2011-2014']],
    ['msx125 2015', ['honda/grom-2014-2020']],
    ['monkey 125', ['honda/monkey-125-2018-2021']],
    ['xb12', ['buell/xb12r-2004-2010']],
    ['rieju am6', ['minarelli/am6-50-1995-2024']],
    ['rc8', ['ktm/1190-rc8-r-2009-2015']],
    ['super duke 1290 2021', ['ktm/1290-super-duke-r-2020-2024']],
    ['honda/vfr1200f-2010-2017', ['honda/vfr1200f-2010-2017']],
  ])('%s', (text, ids) => {
    expect(meant(text)).toEqual(ids);
  });

  it.each(['', '   ', 'toaster', 'r6 1985', 'quasimodo 9000'])('nothing is meant by "%s"', (text) => {
    expect(meant(text)).toEqual([]);
  });

  it('lists the nearest where the year is outside every generation', () => {
    const matches = findMotorcycles('r6 1985', all);
    expect(matches.length).toBeGreaterThan(0);
    for (const match of matches) expect(match.motorcycle.model).toMatch(/R6/);
    expect(matches[0]?.because).toContain('1985 is outside');
  });

  it('finds every shipped motorcycle by its make, model and first year', () => {
    for (const m of all) {
      const ids = meant(`${m.make} ${m.model} ${m.generation ?? ''} ${m.yearFrom}`);
      expect(ids, m.id).toContain(m.id);
      expect(ids.length, `${m.id}: ${ids.join()}`).toBe(1);
    }
  });
});
