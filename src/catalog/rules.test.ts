import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runExamples } from '../core/rules/examples.ts';
import { metricFamilies } from '../generated/metrics.ts';
import { toRule } from './rules.ts';

const FOLDER = fileURLToPath(new URL('../../rules/checks', import.meta.url));
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.yaml'))
  .sort();
const rules = files.map((f) => toRule(parse(readFileSync(join(FOLDER, f), 'utf8')), basename(f, '.yaml')));
const metrics = new Map(metricFamilies.flatMap((f) => f.metrics).map((m) => [m.id, m]));

test('there are at least 40 rules in every section of the catalogue, and their ids are their own', () => {
  expect(rules.length).toBeGreaterThanOrEqual(40);
  expect(new Set(rules.map((r) => r.id)).size).toBe(rules.length);
  expect(new Set(rules.map((r) => r.category))).toEqual(
    new Set(['file', 'mixture', 'spark', 'limits', 'throttle', 'other']),
  );
});

describe.each(rules.map((r, i) => [r.id, r, files[i]!] as const))('%s', (_, rule, file) => {
  test('lies in the folder of its category and judges a metric that exists, in its unit and direction', () => {
    expect(file.split('/')[0]).toBe(rule.category);
    const metric = metrics.get(rule.metric);
    expect(metric, rule.metric).toBeDefined();
    expect(rule.limits.unit).toBe(metric!.unit);
    expect(rule.limits.worse).toBe(metric!.worse);
  });

  test('its limits rise with severity', () => {
    const { info, low, medium, high, critical, worse } = rule.limits;
    const steps = [info, low, medium, high, critical].filter((l) => l !== null);
    const sorted = [...steps].sort((a, b) => (worse === 'above' ? a - b : b - a));
    expect(steps.length).toBeGreaterThan(0);
    expect(steps).toEqual(sorted);
  });

  test('its examples hold, with a hit and a miss among them', () => {
    const results = runExamples(rule);
    expect(results.filter((r) => !r.ok)).toEqual([]);
    expect(new Set(results.map((r) => r.kind))).toEqual(new Set(['hit', 'miss']));
  });

  test('rules it names exist', () => {
    for (const id of rule.raisedBy.flatMap((r) => r.rules))
      expect(
        rules.some((r) => r.id === id),
        id,
      ).toBe(true);
  });
});
