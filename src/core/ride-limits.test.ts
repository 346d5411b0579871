/** What a first ride stops at and logs is what the engine has: no coolant in an air-cooled one, boost where there is a charger. */
import { describe, expect, test } from 'vitest';
import { compileKnowledge } from '../catalog/compile-knowledge.ts';
import { rideLimits } from './ride-limits.ts';
import type { TargetData } from './targets/target.ts';
import { roadTune } from './test-tune.ts';

const { rules, motorcycles, data } = await compileKnowledge('rules');
const limitsFor = (id: string | null) => {
  const motorcycle = id === null ? null : motorcycles.find((m) => m.id === id)!;
  expect(motorcycle).toBeDefined();
  const tune = roadTune();
  return rideLimits({
    rules: rules.rules,
    data: data['targets'] as TargetData,
    motorcycle,
    tune,
    regions: { byMap: new Map() } as never,
  });
};

describe('by engine', () => {
  test.each([
    ['harley-davidson/twin-cam-103-2012-2016', /cylinder head or the oil|oil temperature/, /coolant|boost/],
    ['honda/grom-2014-2020', /temperature of the cylinder head or the oil/, /coolant|boost|grip/],
    ['suzuki/sv650-2016-2024', /throttle, .*coolant temperature/, /grip|boost|head/],
    ['yamaha/yzf-r6-2008-2009', /grip and throttle plate, .*coolant temperature/, /boost|head/],
    ['kawasaki/ninja-h2-2015-2018', /boost and intake air temperature/, /cylinder head/],
  ])('%s', (id, has, hasNot) => {
    const { log, stops } = limitsFor(id);
    const text = log.join(', ');
    expect([text, has.test(text), hasNot.test(text)]).toEqual([text, true, false]);
    expect(stops.some((s) => s.startsWith('boost'))).toBe(/boost/.test(text));
    expect(stops.some((s) => s.includes('coolant'))).toBe(/coolant/.test(text));
    expect(stops.some((s) => /seize|falls or rises by itself/.test(s))).toBe(false);
  });

  test('a two-stroke may seize, and its exhaust is worth a look', () => {
    const { log, stops } = limitsFor(motorcycles.find((m) => m.strokes === 2)?.id ?? 'none');
    expect(stops.join()).toMatch(/falls or rises by itself/);
    expect(log.join()).toMatch(/temperature of the exhaust/);
  });

  test('of an unknown engine nothing is taken for granted', () => {
    expect(limitsFor(null).log.join(', ')).toBe(
      'engine speed, throttle, lambda of a wideband probe, coolant or head temperature',
    );
  });
});
