/** The score over every rule's own examples: worse never scores higher, the fault's severity grows with it, and the examples of the docs hold. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileKnowledge } from '../catalog/compile-knowledge.ts';
import { SEVERITIES, type Severity } from './model.ts';
import { testMap, testTune } from './roles/test-maps.ts';
import { interact, type Judged, judge } from './rules/judge.ts';
import type { Category, Rule, RuleExample } from './rules/rule.ts';
import { type CategoryData, levelOf, pointsOf, type ScoreContext, scoreSafety, weighed } from './score.ts';
import { roadTune, stockOf, testMotorcycle } from './test-tune.ts';

const folder = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const knowledge = await compileKnowledge(folder('rules'));
const { rules } = knowledge.rules;
const data = knowledge.data['categories'] as CategoryData;
const context: ScoreContext = { missing: null, open: [], decodeOf: () => 'verified', identified: true };
const stock = stockOf(roadTune());

/** A rule in the circumstances of one of its examples, with another value of its metric. */
function judgedAt(rule: Rule, example: RuleExample, value: number): Judged[] {
  const { role, kind, unitFrom, confidence, load } = (example.map ?? {}) as Record<string, string>;
  const map = testMap({
    title: `map of ${rule.id}`,
    role: (role ?? 'spark') as 'spark',
    kind: (kind ?? 'map') as 'map',
    unit: rule.limits.unit,
    unitFrom: (unitFrom ?? 'definition') as 'definition',
    confidence: (confidence ?? 'verified') as 'verified',
    variant: load === undefined ? {} : { load: load as 'throttle' },
  });
  const facts = Object.fromEntries(Object.entries(example.facts ?? {}).map(([k, v]) => [k, v as number | string]));
  const cell = { mapId: map.id, row: 0, column: 0, axisValues: [], value, unit: map.unit, measure: value };
  const metric = { id: rule.metric, mapId: map.id, value, reason: null, unit: map.unit, facts, cells: [cell] };
  const tune = { ...testTune([map]), format: rule.formats[0] ?? 'test' };
  return judge([rule], [{ ...metric, reference: 'absolute' as const }], {
    tune,
    motorcycle: testMotorcycle(example.engine as Parameters<typeof testMotorcycle>[0]),
    stock: (example.stock ?? rule.needs.includes('stock')) ? stock : null,
    conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [], ...example.conditions },
  });
}

/** From well inside the lowest limit to well past the highest, 0 to 1. */
function valueAt(rule: Rule, share: number): number {
  const steps = SEVERITIES.map((s) => rule.limits[s]).filter((l) => l !== null);
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  const span = Math.max(most - least, Math.abs(most) * 0.5, 1);
  const along = least - span / 2 + share * 2 * span;
  return rule.limits.worse === 'above' ? along : most + span / 2 - share * 2 * span;
}

const byMetric = new Map<string, Rule[]>();
for (const rule of rules) byMetric.set(rule.metric, [...(byMetric.get(rule.metric) ?? []), rule]);
const metricIds = [...byMetric.keys()];

interface Fault {
  metric: string;
  example: number;
  /** How bad, 0 to 1 of the first rule's range. */
  share: number;
}

const judgedOf = (faults: readonly Fault[]): Judged[] =>
  faults.flatMap(({ metric, example, share }) => {
    const [first] = byMetric.get(metric)!;
    const value = valueAt(first!, share);
    return byMetric
      .get(metric)!
      .flatMap((rule) => judgedAt(rule, rule.examples[example % rule.examples.length]!, value));
  });
const scoreOf = (faults: readonly Fault[]): number => scoreSafety(interact(judgedOf(faults)), data, context).value!;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const fault = fc.record({ metric: fc.constantFrom(...metricIds), example: fc.nat(7), share });

describe('worse never scores higher', () => {
  test('any single metric of any rules that fail together', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fault, { minLength: 1, maxLength: 9, selector: (f) => f.metric }),
        fc.nat(),
        share,
        (faults, which, more) => {
          const at = which % faults.length;
          const worse = faults.map((f, i) => (i === at ? { ...f, share: f.share + (1 - f.share) * more } : f));
          expect(scoreOf(worse)).toBeLessThanOrEqual(scoreOf(faults));
        },
      ),
      { numRuns: 3_000, seed: 11 },
    );
  });

  test.each(rules.map((r) => [r.id, r] as const))('%s: severity and points grow with the fault', (_, rule) => {
    for (const example of rule.examples) {
      let last = { severity: 'info' as Severity, points: 0, failed: false };
      for (let step = 0; step <= 60; step++) {
        const [only] = judgedAt(rule, example, valueAt(rule, step / 60));
        const failed = only!.finding.status === 'fail';
        const points = failed ? pointsOf(only!.finding.severity, only!.depth, rule.category, data) : 0;
        const { severity } = only!.finding;
        expect(points, `${example.says} at ${step}`).toBeGreaterThanOrEqual(last.points);
        if (last.failed) {
          expect(failed).toBe(true);
          expect(SEVERITIES.indexOf(severity)).toBeLessThanOrEqual(SEVERITIES.indexOf(last.severity));
        }
        last = { severity, points, failed };
      }
    }
  });
});

describe('what a number says', () => {
  const bad = (ids: string[]): Fault[] => ids.map((metric) => ({ metric, example: 0, share: 0.9 }));

  test('an area that was not judged and a decode that is a guess hold it down', () => {
    const pass = judgedAt(rules.find((r) => r.area === 'fullLoadSpark')!, { says: 'pass', metric: 0 }, -1e6).concat(
      judgedAt(
        rules.find((r) => r.area === 'fullLoadSpark' && r.limits.worse === 'above')!,
        { says: 'pass', metric: 0 },
        -1e6,
      ),
    );
    expect(scoreSafety([], data, context).value).toBe(100);
    expect(scoreSafety([], data, { ...context, open: ['heat'] }).value).toBe(data.openAreaCaps.heat);
    expect(scoreSafety(pass, data, { ...context, decodeOf: () => 'guessed' }).value).toBe(data.decodeCaps.guessed);
    expect(data.decodeCaps.guessed).toBeLessThan(data.levels.SAFE);
    // What is not proved is said, and nothing that is proved is doubted.
    const why = (identified: boolean | null): string =>
      scoreSafety(pass, data, { ...context, decodeOf: () => 'plausible', identified })
        .caps.map((c) => c.reason)
        .join();
    expect([why(false), why(true), why(null)]).toEqual([
      'no id proves that the definition is for this software: plausible, not verified',
      'an axis of the full-load spark map is out of order: plausible, not verified',
      'an axis of the full-load spark map is not in the file: plausible, not verified',
    ]);
  });

  test('what would be with a finding put right is what is without it', () => {
    const faults = bad(metricIds.slice(0, 8));
    const judged = interact(judgedOf(faults));
    const { ifFixed, deductions } = scoreSafety(judged, data, context);
    expect(deductions.length).toBeGreaterThan(3);
    expect(ifFixed.slice(0, deductions.length).map((f) => f.findingIds)).toEqual(deductions.map((d) => [d.findingId]));
    for (const { findingIds, value, level } of ifFixed) {
      const left = interact(judged.filter((j) => !findingIds.includes(j.finding.id)));
      expect([value, level]).toEqual([scoreSafety(left, data, context).value, levelOf(value, data)]);
    }
  });
});

describe('docs/scoring.md', () => {
  const text = readFileSync(folder('docs/scoring.md'), 'utf8');

  test('its version is that of the weights', () => {
    expect(/Version (\d+\.\d+\.\d+) of the score/.exec(text)?.[1]).toBe(data.version);
  });

  // | high | spark | 0.5 | 14 + (24 - 14) × 0.5 = 19 |
  const rows = [...text.matchAll(/^\| (\w+) \| (\w+) \| ([\d.]+) \| .* = ([\d.]+) \|$/gm)];
  test.each(rows.map((r) => r.slice(1, 5)))('%s in %s, %s of the way: %s', (severity, category, depth, points) => {
    const own = pointsOf(severity as Severity, Number(depth), category as Category, data);
    expect(own).toBeCloseTo(Number(points), 6);
  });

  // | Two high … | high 0.2 spark, high 0.8 mixture | 59 | RISKY |
  const cases = [
    ...text.matchAll(/^\| [^|]+ \| ((?:(?:critical|high|medium|low) [\d.]+ \w+(?:, )?)+) \| (\d+) \| (\w+) \|$/gm),
  ];
  test.each(cases.map((c) => c.slice(1, 4)))('%s gives %s', (list, value, level) => {
    const judged = list!.split(', ').map((one, i): Judged => {
      const [severity, depth, category] = one.split(' ') as [Severity, string, Category];
      const [template] = judgedAt(rules[0]!, rules[0]!.examples[0]!, valueAt(rules[0]!, 1));
      const finding = { ...template!.finding, id: `f${i}`, status: 'fail' as const, severity };
      return {
        ...template!,
        rule: { ...template!.rule, id: `r${i}`, category, area: null },
        depth: Number(depth),
        graded: null,
        finding,
      };
    });
    const score = scoreSafety(judged, data, context);
    expect([score.value, score.level]).toEqual([Number(value), level]);
  });

  test('it has examples of both kinds', () => {
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(cases.length).toBeGreaterThanOrEqual(5);
    expect(weighed(14, 10)).toBe(12);
  });
});

describe('what no number is over', () => {
  const failing = (id: string, value: number, suppressed = false): Judged[] => {
    const rule = rules.find((r) => r.id === id)!;
    const mark = { reason: 'known', until: null, from: '.revsync.yaml', kind: 'suppression' as const };
    return judgedAt(rule, rule.examples[0]!, value).map((j) =>
      suppressed ? { ...j, finding: { ...j.finding, suppressed: mark } } : j,
    );
  };
  const [spark, fuel, limiter] = [
    failing('spark-over-stock-at-full-load', 3.9),
    failing('fuel-leaner-than-stock', 4.5),
    failing('limiter-over-stock', 2.8),
  ];

  test('three margins used up together, each tidy by itself', () => {
    const { everyAreaCap } = data;
    const two = scoreSafety([...spark!, ...fuel!], data, context);
    const three = scoreSafety([...spark!, ...fuel!, ...limiter!], data, context);
    expect(two.value).toBeGreaterThan(everyAreaCap);
    expect(three.value).toBe(everyAreaCap);
    expect(levelOf(three.value!, data)).toBe('MODERATE');
  });

  test('a critical finding that somebody suppressed; a milder one that is suppressed holds nothing down', () => {
    const known = (value: number): number =>
      scoreSafety(failing('spark-over-stock-at-full-load', value, true), data, context).value!;
    expect(known(14)).toBe(data.suppressedCriticalCap);
    expect(known(5)).toBe(100);
  });
});
