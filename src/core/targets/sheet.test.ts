/** The target sheet: each range with its source, nothing claimed where the data support nothing, and nothing past a rule's limit. */
import { describe, expect, test } from 'vitest';
import { compileKnowledge } from '../../catalog/compile-knowledge.ts';
import type { Motorcycle } from '../model.ts';
import type { Rider } from '../rider.ts';
import { targetSheet } from './sheet.ts';
import type { StockNumbers, Target, TargetData } from './target.ts';

const knowledge = await compileKnowledge('rules');
const RIDER: Rider = {
  ron: 95,
  ethanolPercent: 10,
  altitudeM: 0,
  climate: 'mild',
  mods: [],
  skill: 'intermediate',
  styles: [],
  goals: [],
  notes: '',
};

const bike = (id: string): Motorcycle => knowledge.motorcycles.find((m) => m.id === id)!;

function sheet(
  motorcycle: Motorcycle,
  given: { rider?: Partial<Rider>; breathing?: string[]; engineParts?: string[]; stock?: StockNumbers } = {},
): Target[] {
  return targetSheet({
    motorcycle,
    rider: { ...RIDER, ...given.rider },
    breathing: given.breathing ?? [],
    engineParts: given.engineParts ?? [],
    stock: given.stock ?? null,
    rules: knowledge.rules.rules,
    data: knowledge.data['targets'] as TargetData,
  });
}

const row = (rows: Target[], quantity: string, region = ''): Target => {
  const found = rows.find((t) => t.quantity === quantity && t.region.includes(region));
  if (found === undefined) throw new Error(`no row ${quantity}`);
  return found;
};

test('every motorcycle has a sheet: a range names its sources, no range its reason, and all have a mixture and a limiter row', () => {
  const wrong: string[] = [];
  for (const motorcycle of knowledge.motorcycles) {
    const rows = sheet(motorcycle);
    for (const t of rows) {
      const name = `${motorcycle.id} ${t.quantity} ${t.region}`;
      if (t.low === null && t.high === null ? t.reason === null : t.sources.length === 0) wrong.push(name);
      if (t.low !== null && t.high !== null && t.low >= t.high) wrong.push(`${name}: ${t.low} to ${t.high}`);
      if (/undefined|NaN|null/.test(JSON.stringify([t.sources, t.note, t.reason].filter((x) => x !== null))))
        wrong.push(`${name}: words`);
    }
    for (const quantity of ['lambda', 'spark against stock', 'rev limiter', 'coil dwell', 'fan on', 'fuel octane'])
      if (!rows.some((t) => t.quantity === quantity)) wrong.push(`${motorcycle.id} has no ${quantity}`);
  }
  expect(wrong).toEqual([]);
  expect(knowledge.motorcycles.length).toBeGreaterThan(200);
});

describe('as a tuner would write it', () => {
  test.each([
    ['an air-cooled V-twin', 'harley-davidson/twin-cam-103-2012-2016', 'lambda', 'full load', 0.84, 0.88],
    ['a supercharged four', 'kawasaki/ninja-h2-2015-2018', 'lambda', 'under boost', 0.78, 0.83],
    ['a two-stroke', 'minarelli/am6-50-1995-2024', 'lambda', 'full load', 0.82, 0.88],
    ['a two-stroke at cruise', 'minarelli/am6-50-1995-2024', 'lambda', 'cruise', null, null],
    ['a 125', 'honda/grom-2021-2024', 'lambda', 'cruise', 0.93, 1],
    ['a 600 of 13:1', 'yamaha/yzf-r6-2008-2009', 'lambda', 'full load', 0.85, 0.89],
    ['a 600 without octane to spare', 'yamaha/yzf-r6-2008-2009', 'spark against stock', 'full load', -2, 0],
    ['a limiter read from ECU images', 'buell/xb12r-2004-2010', 'rev limiter', '', 6600, 6800],
    ['a limiter of factory facts', 'honda/vfr1200f-2010-2017', 'rev limiter', '', 10_000, 10_807],
    ['a cruiser whose limiter nobody knows', 'suzuki/boulevard-m109r-2006-2019', 'rev limiter', '', null, null],
    ['an air-cooled engine has no coolant fan', 'honda/grom-2021-2024', 'fan on', '', null, null],
    ['a liquid-cooled one does', 'suzuki/sv650-2016-2024', 'fan on', '', 95, 105],
    ['cables', 'suzuki/sv650-2016-2024', 'throttle plates over stock', '', null, null],
    ['no more boost without octane', 'kawasaki/ninja-h2-2015-2018', 'boost over stock', '', null, 0],
  ])('%s', (_, id, quantity, region, low, high) => {
    const stock: StockNumbers | undefined =
      id === 'honda/vfr1200f-2010-2017'
        ? {
            source: 'facts',
            limiterRpm: 10_700,
            fanOnC: null,
            fanOffC: null,
            dwellMs: null,
            fullLoadSpark: null,
            fullLoadLambda: null,
          }
        : undefined;
    const found = row(sheet(bike(id), stock === undefined ? {} : { stock }), quantity, region);
    expect([found.low, found.high]).toEqual([low, high]);
  });

  test('fuel, parts and goals change it', () => {
    const r6 = bike('yamaha/yzf-r6-2008-2009');
    expect(row(sheet(r6, { rider: { ron: 91 } }), 'spark against stock', 'full').high).toBe(-4);
    expect(row(sheet(r6, { rider: { ron: 98 } }), 'spark against stock', 'full').high).toBe(1);
    expect(row(sheet(r6, { rider: { ron: null } }), 'spark against stock', 'full').high).toBe(0);
    expect(row(sheet(r6, { rider: { goals: ['efficiency'] } }), 'lambda', 'cruise')).toMatchObject({
      low: 1,
      high: 1.04,
    });
    expect(row(sheet(r6, { breathing: ['full exhaust'] }), 'fuel against stock').reason).toMatch(/full exhaust/);
    for (const quantity of ['spark against stock', 'rev limiter'])
      expect(row(sheet(r6, { engineParts: ['camshafts'] }), quantity)).toMatchObject({ low: null, high: null });
    expect(row(sheet(r6, { rider: { ethanolPercent: 85 } }), 'fuel volume over pure petrol')).toMatchObject({
      low: 30,
      high: 45,
    });
    expect(row(sheet(r6, { rider: { skill: 'beginner' } }), 'throttle plates over stock').high).toBe(0);
  });

  test('its own stock comes before any general range', () => {
    const stock: StockNumbers = {
      source: 'own read',
      limiterRpm: 16_000,
      fanOnC: 100,
      fanOffC: 95,
      dwellMs: 2.5,
      fullLoadSpark: { low: 28, high: 31 },
      fullLoadLambda: { low: 0.87, high: 0.89 },
    };
    const rows = sheet(bike('yamaha/yzf-r6-2008-2009'), { stock });
    expect(row(rows, 'rev limiter')).toMatchObject({ high: 16_160 });
    expect(row(rows, 'fan on')).toMatchObject({ low: 90, high: 100 });
    expect(row(rows, 'coil dwell')).toMatchObject({ low: 2.25, high: 2.75 });
    expect(row(rows, 'spark against stock', 'full').note).toMatch(/28 to 31°/);
  });
});
