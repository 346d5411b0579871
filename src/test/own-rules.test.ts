/** A user's own rules: what is right works, what is wrong says where. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadRuleset, testRules } from '../app/rules.ts';
import { RevsyncError } from '../core/errors.ts';

const RULE = `title: My own limit
category: spark
metric: spark.fullLoad.overStock.max
needs: [stock]
limits: { unit: °, low: 1, medium: 2 }
message: "{value} over stock"
why: My engine knocks sooner than others.
fix: Back to stock.
falsePositives:
  - None known.
sources:
  - my own dyno
examples:
  - { says: pass, metric: 0.5 }
  - { says: medium, metric: 3 }
`;

const root = mkdtempSync(join(tmpdir(), 'revsync-own-rules-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let counter = 0;
/** A folder below the root, by its name. */
function folderOf(files: Record<string, string>): string {
  const folder = `rules-${counter++}`;
  mkdirSync(join(root, folder));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, name), text);
  return folder;
}

async function messageOf(files: Record<string, string>): Promise<string> {
  try {
    await loadRuleset([folderOf(files)], root);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(RevsyncError);
    expect((error as RevsyncError).code).toBe('RULE_INVALID');
    return (error as RevsyncError).message;
  }
}

describe('a rule that is right', () => {
  test('joins the bundled ones, and its examples run', async () => {
    const folder = folderOf({ 'my-limit.yaml': RULE });
    const { rules, hash } = await loadRuleset([folder], root);
    expect(rules.some((r) => r.id === 'my-limit')).toBe(true);
    expect(hash).not.toBe((await loadRuleset([], root)).hash);
    const own = (await testRules([folder], root)).filter((r) => r.ruleId === 'my-limit');
    expect(own.map((r) => `${r.kind} ${r.ok}`)).toEqual(['miss true', 'hit true']);
  });

  test('takes the place of the bundled rule of its name', async () => {
    const { rules } = await loadRuleset([folderOf({ 'spark-cliff.yaml': RULE })], root);
    expect(rules.filter((r) => r.id === 'spark-cliff').map((r) => r.title)).toEqual(['My own limit']);
  });
});

describe('a rule that is wrong says file, line and field', () => {
  const cases: [string, (text: string) => string, RegExp][] = [
    ['no YAML', (t) => t.replace('needs: [stock]', 'needs: [stock'), /my-rule\.yaml:\d+: no valid YAML/],
    [
      'a misspelt field',
      (t) => t.replace('metric:', 'metrik:'),
      /my-rule\.yaml:3: metrik: there is no such field; did you mean "metric"\?/,
    ],
    ['a field that is missing', (t) => t.replace(/why: .*\n/, ''), /my-rule\.yaml:1: why: it is missing/],
    [
      'a metric that does not exist',
      (t) => t.replace('overStock.max', 'overStok.max'),
      /my-rule\.yaml:3: metric: there is no metric .*did you mean "spark\.fullLoad\.overStock\.max"/,
    ],
    ['another unit', (t) => t.replace('unit: °', 'unit: rpm'), /my-rule\.yaml:5: limits\.unit: the metric is in "°"/],
    [
      'limits that fall',
      (t) => t.replace('medium: 2 }', 'medium: 0.5 }'),
      /my-rule\.yaml:5: limits\.medium: medium \(0\.5\) has to lie over low \(1\)/,
    ],
    [
      'the wrong direction',
      (t) => t.replace('unit: °,', 'unit: °, worse: below,').replace('low: 1, medium: 2', 'low: 2, medium: 1'),
      /my-rule\.yaml:5: limits: of this metric larger is worse/,
    ],
    ['a category of its own', (t) => t.replace('category: spark', 'category: sparks'), /my-rule\.yaml:2: category: /],
    [
      'a condition that is none',
      (t) => t.replace('limits:', 'when: "engine.boreMm >"\nlimits:'),
      /my-rule\.yaml:5: when: no valid condition/,
    ],
    [
      'a name that no condition knows',
      (t) => t.replace('limits:', 'when: engine.bore > 90.0\nlimits:'),
      /my-rule\.yaml:5: when: .*there is no engine\.bore; there are known, /,
    ],
    [
      'a whole number in a condition',
      (t) => t.replace('limits:', 'when: engine.strokes == 4\nlimits:'),
      /my-rule\.yaml:5: when: .*write 4\.0/,
    ],
    [
      'an example that does not hold',
      (t) => t.replace('says: medium', 'says: high'),
      /my-rule\.yaml:15: examples\.1: it says high and gets medium/,
    ],
    [
      'no miss among the examples',
      (t) => t.replace('says: pass, metric: 0.5', 'says: low, metric: 1.5'),
      /my-rule\.yaml:14: examples: none of them is a miss/,
    ],
    ['an alias bomb', (t) => `${t}x: &a [1,1]\ny: [*a,*a,*a]\n`, /my-rule\.yaml: no valid YAML/],
    ['an empty file', () => '', /my-rule\.yaml:1: /],
    ['a list instead of a rule', () => '- 1\n- 2\n', /my-rule\.yaml:1: /],
  ];
  test.each(cases)('%s', async (_, change, expected) => {
    const message = await messageOf({ 'my-rule.yaml': change(RULE) });
    expect(message).toMatch(expected);
    expect(message).not.toContain(root);
  });

  test('a name that is no id', async () => {
    expect(await messageOf({ 'My Rule.yaml': RULE })).toMatch(/My Rule\.yaml: the file name is the id/);
  });

  test('a rule that it is raised by and that does not exist', async () => {
    const text = RULE.replace('message:', 'raisedBy:\n  - { rules: [nobody], because: both }\nmessage:');
    expect(await messageOf({ 'my-rule.yaml': text })).toMatch(/raisedBy: there is no rule "nobody"/);
  });

  test('faults of all files at once', async () => {
    const message = await messageOf({ 'a.yaml': RULE.replace('metric:', 'metrik:'), 'b.yaml': '' });
    expect(message).toMatch(/a\.yaml:3/);
    expect(message).toMatch(/b\.yaml:1/);
  });
});
