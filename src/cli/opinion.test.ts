import { expect, test } from 'vitest';
import { opinionOf } from '../app/opinion-settings.ts';
import { loadSettings } from '../app/settings.ts';
import type { Io } from './io.ts';
import { streamTo } from './opinion.ts';

test('an answer as it comes is said to be unchecked, acts on no terminal and has an end', () => {
  let shown = '';
  const stream = streamTo({ err: (text: string) => (shown += text) } as unknown as Io, () => undefined);
  stream('tune\u001b[2J.bin', '{"summary": "\u001b[31msafe\u202e"');
  stream('tune.bin', 'x'.repeat(100_000));
  stream('tune.bin', null);
  expect(shown).toMatch(/^unchecked, as the model writes it/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
  expect(shown.length).toBeLessThan(5_000);
  expect(shown.endsWith('\n')).toBe(true);
});

test.each([
  ['rules', {}, null],
  [
    'auto',
    {},
    { engine: 'auto', model: 'mistral:7b', hosts: null, configured: false, timeoutMs: 30_000, cacheSeconds: 3600 },
  ],
  ['auto', { USE_LOCAL_LLM: 'false' }, null],
  ['llm', { USE_LOCAL_LLM: 'false' }, { engine: 'llm' }],
  ['auto', { OLLAMA_HOST: 'a,b', LLM_TIMEOUT_SECONDS: '5' }, { hosts: 'a,b', configured: true, timeoutMs: 5_000 }],
  [
    'llm',
    { MISTRAL_MODEL: 'tiny:1', RECOMMENDATION_CACHE_TIMEOUT: '0' },
    { model: 'tiny:1', configured: true, cacheSeconds: 0 },
  ],
] as const)('--engine %s with %o', async (engine, env, expected) => {
  const settings = await loadSettings({ env: { XDG_CONFIG_HOME: '/nowhere', ...env }, cwd: '/', flags: {} });
  const found = opinionOf(settings, engine);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toMatchObject(expected);
});
