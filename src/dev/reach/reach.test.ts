/** Every rule is seen to fire on a public file, or says why none at hand can make it; and none says so that does fire. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileKnowledge } from '../../catalog/compile-knowledge.ts';
import { CORPUS } from '../../test/analyze-in-process.ts';
import { probes } from './probes.ts';

const { rules } = (await compileKnowledge('rules')).rules;
const json = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8'));
const fired = new Set([
  ...Object.keys(json('docs/verdict.json')['rules'] as object),
  ...Object.keys(json('docs/rule-reach.json')),
]);

describe('each rule', () => {
  test.each(rules.map((r) => [r.id, r.unproven]))('%s fires, or says why it cannot', (id, unproven) => {
    if (fired.has(id)) expect(unproven, `${id} fires: take its "unproven" away`).toBeUndefined();
    else expect(unproven, `${id} never fired: npm run reach, or say why in "unproven"`).toMatch(/^.{60,}\.$/);
  });
});

test('a probe is for a rule that there is, one for each', () => {
  const ids = probes.map((p) => p.rule);
  expect(ids.filter((id) => !rules.some((r) => r.id === id))).toEqual([]);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
});

test.skipIf(!existsSync(CORPUS))('the files that the table names are there (needs ../shared/corpus)', () => {
  const named = Object.values(json('docs/rule-reach.json')) as { file: string }[];
  const gone = named.map((r) => r.file.split(' by ')[0]!).filter((f) => !existsSync(`${CORPUS}${f}`));
  expect(gone).toEqual([]);
  expect(named.length).toBeGreaterThan(80);
});
