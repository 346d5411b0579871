/**
 * What the client promises of any Ollama, on the fake and on a real one:
 * OLLAMA_HOST=127.0.0.1:11434 OLLAMA_TEST_MODEL=mistral:7b npm run test:ollama
 * Every figure asserted here is the server's own.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LanguageModel } from '../core/language-model.ts';
import { ensureLoaded } from './answer.ts';
import { parseHosts } from './hosts.ts';
import { OllamaHost } from './ollama-host.ts';
import { openLanguageModel } from './open-language-model.ts';
import { question } from './testing/ask.ts';
import { FakeOllama } from './testing/fake-ollama.ts';

const CONTEXT = 2_048;
const LONG = { firstTokenMs: 300_000, idleMs: 120_000, totalMs: 600_000, loadMs: 600_000 };
const isReal = (import.meta as unknown as { env: { MODE: string } }).env.MODE === 'ollama';
const realHost = process.env['OLLAMA_HOST'] ?? '';
const realModel = process.env['OLLAMA_TEST_MODEL'] ?? 'mistral:7b';

/** A fixed part of some hundred tokens, no two lines alike. */
const FIXED = Array.from({ length: 40 }, (_, i) => `Rule ${i}: lambda above 0.${80 + i} at full load is lean.`).join(
  '\n',
);

interface Target {
  host: string;
  model: string;
  stop(): Promise<void>;
}

function contract(open: () => Promise<Target>): void {
  let target: Target;
  let model: LanguageModel;
  let server: OllamaHost;

  beforeAll(async () => {
    target = await open();
    model = openLanguageModel({ hosts: target.host, model: target.model, contextTokens: CONTEXT });
    server = new OllamaHost(parseHosts(target.host)[0]!, target.model);
  });
  afterAll(async () => {
    await model?.close();
    await server?.close();
    await target?.stop();
  });

  test('says its version and the digest of the model', async () => {
    const known = await model.describe();
    expect(known.serverVersion).toMatch(/^\d+\.\d+\.\d+/);
    expect(known.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await server.installed()).map((m) => m.digest)).toContain(known.digest);
  });

  test('loads with the context asked for', async () => {
    const memory = { digest: null, serverVersion: null, givenContext: null };
    const sampling = { model: target.model, contextTokens: CONTEXT, gpu: true, keepAlive: '10m' };
    const { loaded } = await ensureLoaded(server, sampling, memory, { loadMs: LONG.loadMs });
    expect(loaded).toMatchObject({ name: target.model, contextTokens: CONTEXT });
    expect((await ensureLoaded(server, sampling, memory, { loadMs: LONG.loadMs })).loadMs).toBe(0);
  });

  test('answers in the schema, streamed in pieces, with its counts', async () => {
    const pieces: string[] = [];
    const answer = await model.answer(question({ deadline: LONG, onText: (p) => pieces.push(p) }));
    expect(answer.doneReason).toBe('stop');
    const { score, ids } = answer.json as { score: number; ids: string[] };
    expect(Number.isInteger(score)).toBe(true);
    expect(ids.every((id) => id === 'E1' || id === 'E2')).toBe(true);
    expect(pieces.join('')).toBe(answer.text);
    expect(pieces.length).toBeGreaterThan(3);
    expect(answer.promptTokens).toBeGreaterThan(10);
    expect(answer.answerTokens).toBeGreaterThan(3);
    expect(answer.answerMs).toBeGreaterThan(0);
    expect([answer.contextTokens, answer.warnings]).toEqual([CONTEXT, []]);
  });

  test('stops at the output limit and says so', async () => {
    const answer = await model.answer(question({ deadline: LONG, maxTokens: 4 }));
    expect([answer.doneReason, answer.json]).toEqual(['length', undefined]);
  });

  test('the second of two prompts that begin alike is read in less than half the time', async () => {
    const ask = (evidence: string) =>
      model.answer(question({ deadline: LONG, maxTokens: 8, prompt: { fixed: FIXED, evidence } }));
    const first = await ask('E1 lean at 8000 rpm.');
    const second = await ask('E2 rich at 3000 rpm.');
    expect(second.promptTokens).toBeGreaterThan(400);
    expect(second.promptMs).toBeLessThanOrEqual(first.promptMs * 0.5);
  });

  test('refuses a prompt that does not fit', async () => {
    const asked = model.answer(
      question({ deadline: LONG, prompt: { fixed: 'x', evidence: '12.5 13.0 '.repeat(800) } }),
    );
    await expect(asked).rejects.toMatchObject({ code: 'LLM_PROMPT_TOO_LONG' });
  });

  test('names a bad schema and a model that is not there', async () => {
    await expect(model.answer(question({ deadline: LONG, schema: { type: 'objekt' } }))).rejects.toMatchObject({
      code: 'LLM_BAD_SCHEMA',
    });
    const missing = openLanguageModel({ hosts: target.host, model: 'no-such-model:1' });
    await expect(missing.answer(question())).rejects.toMatchObject({ code: 'LLM_MODEL_MISSING' });
    await missing.close();
  });

  test('is free again after an answer that was cancelled', async () => {
    const cancel = new AbortController();
    const asked = model.answer(question({ deadline: LONG, signal: cancel.signal, onText: () => cancel.abort() }));
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect((await model.answer(question({ deadline: LONG, maxTokens: 8 }))).answerTokens).toBeGreaterThan(0);
  });

  test('two at once wait for each other and both are answered', async () => {
    const both = await Promise.all([0, 1].map(() => model.answer(question({ deadline: LONG, maxTokens: 8 }))));
    expect(both.map((a) => a.host)).toEqual([server.host.url, server.host.url]);
  });

  test('shows what the weights were trained for, and leaves memory when told', async () => {
    const info = await server.show(target.model);
    expect(info.capabilities).toContain('completion');
    await server.unload(target.model);
    expect(await server.loadedModel(target.model)).toBe(null);
  });
}

describe.skipIf(isReal)('on the fake', () =>
  contract(async () => {
    const fake = await FakeOllama.start({ tokenMs: 1 });
    return { host: fake.host, model: 'mistral:7b', stop: () => fake.stop() };
  }),
);

describe.runIf(isReal && realHost !== '')(
  `on the server at ${realHost}`,
  () => contract(async () => ({ host: realHost, model: realModel, stop: async () => undefined })),
  900_000,
);

test.skipIf(!isReal || realHost !== '')('on a real server: skipped, OLLAMA_HOST names none', ({ skip }) =>
  skip('set OLLAMA_HOST and OLLAMA_TEST_MODEL'),
);
