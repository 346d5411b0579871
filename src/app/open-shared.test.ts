import { expect, test } from 'vitest';
import { openShared } from './open-shared.ts';
import { NOBODY, RULES_ALONE } from './quiet-analysis.ts';

test('the user’s own definitions are read once in a run, whatever the number of files', async () => {
  const { around } = await openShared({ ...RULES_ALONE, cwd: '.', paths: [] }, NOBODY, undefined);
  expect(await around.library!()).toBe(await around.library!());
});
