import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileKnowledge } from '../../catalog/compile-knowledge.ts';
import { CATALOGUE, renderCatalogue } from './catalogue.ts';

const { rules } = (await compileKnowledge(fileURLToPath(new URL('../../../rules', import.meta.url)))).rules;

test('the catalogue counts from R01 to R74, and each number has a rule', () => {
  expect(CATALOGUE.map((e) => e.id)).toEqual(
    Array.from({ length: 74 }, (_, i) => `R${String(i + 1).padStart(2, '0')}`),
  );
  const without = CATALOGUE.filter((e) => !rules.some((r) => r.catalogue.includes(e.id)));
  expect(without.map((e) => e.id)).toEqual([]);
});

test('the numbers of the catalogue that rules name exist', () => {
  const ids = new Set(CATALOGUE.map((e) => e.id));
  const wrong = rules.filter((r) => r.catalogue.some((c) => !ids.has(c)));
  expect(wrong.map((r) => r.id)).toEqual([]);
});

test('each interaction has a rule', () => {
  const rows = renderCatalogue(rules)
    .split('\n')
    .filter((l) => /^\| (lean|limiter and|fan|higher|steep)/.test(l));
  expect(rows).toHaveLength(5);
  for (const row of rows) expect(row).toMatch(/[a-z]+-[a-z-]+ \|$/);
});
