import { expect, test } from 'vitest';
import { isMonotonic } from './monotonic.ts';

test.each([
  ['rising', [0, 1, 2, 3], true],
  ['falling', [9, 5, 1], true],
  ['falling into zeros', [9, 5, 0, 0], true],
  ['repeated at the end', [1, 2, 3, 3, 3], true],
  ['repeated at the beginning', [0, 0, 0, 5, 9], true],
  ['a third of its steps are steps', [0, 0, 0, 1], true],
  ['fewer than a third are', [0, 0, 0, 0, 1], false],
  ['rising, then zeros', [1, 2, 3, 0, 0], false],
  ['up and down', [1, 3, 2], false],
  ['level', [4, 4, 4], false],
  ['one alone', [4], false],
  ['none', [], false],
  ['a cell that is no number', [1, Number.NaN, 3], false],
] as const)('%s', (_, raw, is) => expect(isMonotonic(raw)).toBe(is));
