/** Mutated fixtures into every decoder: nothing but a result or an expected error. The long run: npm run fuzz -- --runs 100000. */
import { expect, test } from 'vitest';
import { fuzzFormats } from '../dev/fuzz/mutate.ts';
import { formats } from '../generated/formats.ts';

const RUNS = 5_000;

test('5,000 mutated inputs for each decoder: no crash, none slow, no memory', { timeout: 1_800_000 }, () => {
  const results = fuzzFormats(RUNS);
  // A format without a fixture would go untested.
  expect(results.map((r) => r.format).sort()).toEqual(formats.map((f) => f.id).sort());
  expect(results.flatMap((r) => r.crashes)).toEqual([]);
  // The limits are 2 s and 512 MB; a machine that does other things is given some room in time.
  expect(results.filter((r) => r.slowestMs > 20_000 || r.residentMiB > 1_024)).toEqual([]);
  // Mutations that only ever break the container would test nothing behind it.
  expect(results.filter((r) => r.decoded < RUNS / 50).map((r) => [r.format, r.decoded])).toEqual([]);
});
