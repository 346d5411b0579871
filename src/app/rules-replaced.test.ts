import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadRuleset } from './rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RULE = `title: Mild
category: spark
metric: spark.fullLoad.overStock.max
limits: { unit: °, info: 2 }
message: "{value}"
why: Because.
fix: Nothing.
falsePositives: [none]
sources: ["made up for tests"]
examples:
  - { says: pass, metric: 1 }
  - { says: info, metric: 50 }
`;

test('own rules that stand in for bundled ones are named, those that join are not', async () => {
  writeFileSync(join(folder, 'spark-over-stock-at-full-load.yaml'), RULE);
  writeFileSync(join(folder, 'my-own.yaml'), RULE);
  expect((await loadRuleset([folder], '.')).replaced).toEqual(['spark-over-stock-at-full-load']);
  expect((await loadRuleset([], '.')).replaced).toBeUndefined();
});
