/** Mutated fixtures into every decoder: nothing but a result or an expected error. The long run: npm run fuzz -- --runs 100000. */
import { expect, test } from 'vitest';
import { fuzzFormats } from '../dev/fuzz/mutate.ts';

test('1,500 mutated inputs for each decoder: no crash', { timeout: 300_000 }, () => {
  const results = fuzzFormats(1_500);
  expect(results.map((r) => r.format)).toEqual(
    expect.arrayContaining([
      'a2l',
      'intel-hex',
      'msq',
      'power-vision',
      'revsync-definition',
      'romraider',
      's-record',
      'xdf',
    ]),
  );
  expect(results.flatMap((r) => r.crashes)).toEqual([]);
  // Mutations that only ever break the container would test nothing behind it.
  expect(
    results.filter((r) => !['intel-hex', 's-record'].includes(r.format) && r.decoded < 75).map((r) => r.format),
  ).toEqual([]);
});
