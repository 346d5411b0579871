import { describe, expect, test } from 'vitest';
import { coverageOf, missingAreas } from './coverage.ts';
import type { AreaId } from './report.ts';
import { testMap } from './roles/test-maps.ts';
import type { Judged } from './rules/judge.ts';
import { roadTune, testMotorcycle } from './test-tune.ts';

/** How a rule of an area ended. */
const ended = (area: AreaId, status: string, message = ''): Judged =>
  ({ rule: { id: `${area}-${status}`, area }, finding: { status, message } }) as unknown as Judged;

const tune = roadTune();
const withThrottle = { ...tune, maps: [...tune.maps, testMap({ title: 'plates', role: 'throttle.wire' })] };
const areaIds = (...given: Parameters<typeof coverageOf>): AreaId[] => coverageOf(...given).areas.map((a) => a.id);
const ALWAYS: AreaId[] = ['fullLoadMixture', 'fullLoadSpark', 'revLimiter'];

describe('the danger areas that a motorcycle has', () => {
  const noFan = { ...tune, maps: tune.maps.filter((m) => m.title !== 'fan') };
  test.each([
    ['liquid-cooled, a cable', testMotorcycle({ throttle: 'cable' }), tune, [...ALWAYS, 'heat']],
    ['ride-by-wire', testMotorcycle({ throttle: 'Ride-by-Wire' }), tune, [...ALWAYS, 'heat', 'throttle']],
    ['a cable, whatever the file is called', testMotorcycle({ throttle: 'cable' }), withThrottle, [...ALWAYS, 'heat']],
    [
      'not known, the file has plates',
      testMotorcycle({ throttle: null }),
      withThrottle,
      [...ALWAYS, 'heat', 'throttle'],
    ],
    ['not known, the file has none', testMotorcycle({ throttle: null }), tune, [...ALWAYS, 'heat']],
    ['air-cooled', testMotorcycle({ cooling: 'air', throttle: 'cable' }), noFan, ALWAYS],
    ['air-cooled with a fan', testMotorcycle({ cooling: 'air', throttle: 'cable' }), tune, [...ALWAYS, 'heat']],
    ['no motorcycle', null, noFan, [...ALWAYS, 'heat']],
  ] as const)('%s', (_, motorcycle, file, areas) => expect(areaIds(file, motorcycle, [], null)).toEqual(areas));
});

describe('what was judged', () => {
  const bike = testMotorcycle({ throttle: 'cable' });
  const judged = [
    ended('fullLoadMixture', 'pass'),
    ended('fullLoadMixture', 'fail'),
    ended('fullLoadSpark', 'notChecked', 'no unit'),
    ended('revLimiter', 'notApplicable'),
    ended('heat', 'fail'),
  ];

  test('a pass or a fail judges an area, nothing else does; the reason says what stands open', () => {
    const { ratio, areas, notChecked } = coverageOf(tune, bike, judged, null);
    expect(areas).toEqual([
      { id: 'fullLoadMixture', judged: true, reason: 'full-load mixture: 2 rules' },
      {
        id: 'fullLoadSpark',
        judged: false,
        reason: 'full-load spark: no spark map in degrees and none whose stock is known (no unit)',
      },
      { id: 'revLimiter', judged: false, reason: 'rev limiter: no rev limiter was found in this file' },
      { id: 'heat', judged: true, reason: 'heat: 1 rules' },
    ]);
    expect(ratio).toBe(0.5);
    expect(notChecked).toEqual([{ ruleId: 'fullLoadSpark-notChecked', reason: 'no unit' }]);
  });

  test('two areas of three are 0.667', () => {
    const air = testMotorcycle({ cooling: 'air', throttle: 'cable' });
    const noFan = { ...tune, maps: tune.maps.filter((m) => m.title !== 'fan') };
    const two = [ended('fullLoadMixture', 'pass'), ended('revLimiter', 'pass')];
    expect(coverageOf(noFan, air, two, null).ratio).toBe(0.667);
  });

  test('a doubtful definition judges nothing, whatever the rules said', () => {
    const { ratio, areas } = coverageOf(tune, bike, judged, 'the definition is doubtful');
    expect([ratio, areas[0]]).toEqual([
      0,
      { id: 'fullLoadMixture', judged: false, reason: 'full-load mixture: the definition is doubtful' },
    ]);
  });

  test('there is a number only where every required area was judged', () => {
    const coverage = coverageOf(tune, bike, judged, null);
    expect(missingAreas(coverage, ['fullLoadMixture', 'heat'], null)).toBeNull();
    expect(missingAreas(coverage, ['fullLoadMixture', 'revLimiter', 'throttle'], null)).toMatch(
      /^not enough data: no rev limiter was found in this file; no throttle map was found in this file\. /,
    );
    expect(missingAreas(coverage, ['heat'], 'nothing is known')).toBe('not enough data: nothing is known');
  });
});
