/** Each hard filter by itself: what it lets through and what it rejects, with its reason. */
import { describe, expect, test } from 'vitest';
import { compileKnowledge } from '../../catalog/compile-knowledge.ts';
import type { Finding, Report } from '../report.ts';
import { testMotorcycle } from '../test-tune.ts';
import type { Asking, Candidate } from './candidate.ts';
import { claimsOf } from './claims.ts';
import type { RecommendData } from './data.ts';
import { failedFilters } from './filters.ts';
import { forThisRider, OF_THE_DAY } from './for-this-rider.ts';
import { askingOf, candidateOf, fail, MINE, report } from './test-candidates.ts';

const knowledge = await compileKnowledge('rules');
const data = knowledge.data['recommend'] as RecommendData;
function filtersOf(given: {
  report?: Report;
  name?: string;
  spark?: number;
  of?: Candidate['motorcycle'];
  asking?: Partial<Asking>;
  minScore?: number;
}): string[] {
  const candidate = candidateOf({
    report: given.report ?? report(),
    metrics: new Map(given.spark === undefined ? [] : [['spark.fullLoad.overStock.max', given.spark]]),
    words: [given.name ?? 'x.bin'],
    motorcycle: given.of === undefined ? MINE : given.of,
  });
  const asking = askingOf(given.asking);
  const failed = failedFilters(candidate, claimsOf(candidate.words, data), asking, {
    data,
    minScore: given.minScore ?? 60,
  });
  for (const { reason } of failed) expect(reason).not.toMatch(/undefined|NaN/);
  return failed.map((f) => f.filter);
}

const against = (reference: Report['stock']['reference'], ecu: string, wholeFileIsFactory = false): Report => {
  const judged = report({ ecu });
  return { ...judged, stock: { ...judged.stock, reference, wholeFileIsFactory } };
};
const other = (given: Parameters<typeof testMotorcycle>[0]) => testMotorcycle({ id: 'test/other', ...given });

test.each<[string, Parameters<typeof filtersOf>[0], string[]]>([
  ['nothing speaks against it', {}, []],
  ['no number', { report: report({ value: null }) }, ['noNumber']],
  ['under the minimum', { report: report({ value: 59 }) }, ['safety']],
  [
    'a high finding, whatever the minimum',
    { report: report({ value: 59, findings: [fail('x', 'high')] }), minScore: 0 },
    ['safety'],
  ],
  ['a medium finding is a cost', { report: report({ value: 80, findings: [fail('x', 'medium')] }) }, []],
  ['no motorcycle', { of: null }, ['motorcycle']],
  [
    'a charged engine of another size',
    { of: other({ aspiration: 'supercharged', displacementCc: 1300 }), report: report({ bike: 'test/other' }) },
    ['motorcycle', 'displacement', 'induction'],
  ],
  ['a two-stroke', { of: other({ strokes: 2 }), report: report({ bike: 'test/other' }) }, ['motorcycle', 'engine']],
  ['another ECU than its own', { report: report({ ecu: 'B' }), asking: { stockEcuId: 'A' } }, ['ecu']],
  ['judged without the own read of its ECU', { report: report({ ecu: 'A' }), asking: { stockEcuId: 'A' } }, ['stock']],
  ['held against the own read', { report: against('stockFile', 'A'), asking: { stockEcuId: 'A' } }, []],
  ['held against known readings alone', { report: against('stockKnown', 'A'), asking: { stockEcuId: 'A' } }, ['stock']],
  ['a factory image, byte for byte', { report: against('stockKnown', 'A', true), asking: { stockEcuId: 'A' } }, []],
  ['an ECU that does not say which', { report: report({ ecu: null }), asking: { stockEcuId: 'A' } }, []],
  ['maps of another engine', { report: report({ points: 41 }) }, ['compatibility']],
  ['fuel it was not made for', { name: 'race-98ron.bin' }, ['octane']],
  ['fuel that nobody said, over the minimum', { name: 'race-98ron.bin', asking: { ron: null } }, ['octane']],
  ['four degrees without octane to spare', { spark: 4 }, ['octane']],
  ['four degrees with octane to spare', { spark: 4, asking: { ron: 98 } }, []],
  ['two degrees in the heat', { spark: 2.5, asking: { climate: 'hot' } }, ['octane']],
  ['height gives nothing back', { spark: 4, asking: { altitudeM: 4000 } }, ['octane']],
  ['E85 in a petrol tune', { asking: { ethanolPercent: 85, ron: 105 } }, ['ethanol']],
  ['an E85 tune for petrol', { name: 'e85.bin' }, ['ethanol']],
  ['an E85 tune for E85', { name: 'e85.bin', asking: { ethanolPercent: 85, ron: 105 } }, []],
  ['E0 in a pump tune', { asking: { ethanolPercent: 0 } }, []],
  ['camshafts that are not there', { name: 'race-cams.bin' }, ['parts']],
  ['camshafts that it does not know', { asking: { mods: ['hot cams'] } }, ['parts']],
  ['camshafts on both sides', { name: 'race-cams.bin', asking: { mods: ['camshafts'] } }, []],
  ['an exhaust is no reason', { name: 'full-exhaust.bin' }, []],
  ['another displacement in its name', { name: '1200cc.bin' }, ['displacement']],
])('%s', (_, given, filters) => {
  expect(filtersOf(given)).toEqual(filters);
});

describe('judged for another fuel', () => {
  test('the rules that hang on it are there', () => {
    const ids = knowledge.rules.rules.map((r) => r.id);
    expect([...OF_THE_DAY].filter((id) => !ids.includes(id))).toEqual([]);
  });

  const judged = (findings: Finding[], value: number): Report => {
    const r = report({ value, findings });
    r.scores.safety.deductions = findings.map((f) => ({ findingId: f.id, points: 20, reason: '' }));
    r.scores.safety.caps = [{ at: 59, reason: 'a high finding stands', findingIds: findings.map((f) => f.id) }];
    return { ...r, conditions: { ...r.conditions, ron: 91 } };
  };
  const rider = {
    ron: 98,
    ethanolPercent: null,
    altitudeM: null,
    climate: null,
    mods: [],
    skill: 'expert',
    styles: [],
    goals: [],
    notes: '',
  } as const;
  test('what hung on that fuel falls away, and its cap with it', () => {
    const now = forThisRider(
      judged([fail('octane-margin-short', 'high')], 59),
      { ...rider, mods: [], styles: [], goals: [] },
      { high: 59 },
    );
    expect(now.scores.safety.value).toBe(100);
    expect(now.findings).toEqual([]);
  });
  test('what lies in the file stays, and its cap too', () => {
    const now = forThisRider(
      judged([fail('octane-margin-short', 'high'), fail('fan-late', 'high')], 59),
      { ...rider, mods: [], styles: [], goals: [] },
      { high: 59 },
    );
    expect(now.scores.safety.value).toBe(59);
  });
});
