/** Mutated ride logs into every log decoder: nothing but a result or an expected error. */
import { expect, test } from 'vitest';
import { fuzzLogs } from '../dev/fuzz/logs.ts';

test('1,500 mutated inputs for each log decoder: no crash', { timeout: 300_000 }, () => {
  const results = fuzzLogs(1_500);
  expect(results.map((r) => r.format)).toEqual(['csv', 'mlg', 'msl']);
  expect(results.flatMap((r) => r.crashes)).toEqual([]);
  expect(results.filter((r) => r.decoded < 300).map((r) => r.format)).toEqual([]);
});
