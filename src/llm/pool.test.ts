/** Several hosts: one at a time each, one killed in a batch, one that comes back. */
import { afterEach, expect, test, vi } from 'vitest';
import { openLanguageModel } from './open-language-model.ts';
import { question } from './testing/ask.ts';
import { FakeOllama } from './testing/fake-ollama.ts';
import type { FakeOptions } from './testing/fake-shapes.ts';
import * as faults from './testing/faults.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((o) => o.close()));
});

async function fakes(n: number, options: FakeOptions = {}): Promise<FakeOllama[]> {
  const all = await Promise.all(Array.from({ length: n }, () => FakeOllama.start(options)));
  for (const fake of all) open.push({ close: () => fake.stop() });
  return all;
}

function modelOver(hosts: FakeOllama[], more: Partial<Parameters<typeof openLanguageModel>[0]> = {}) {
  const model = openLanguageModel({ hosts: hosts.map((f) => f.host).join(','), model: 'mistral:7b', ...more });
  open.push(model);
  return model;
}

const questionsOf = (fake: FakeOllama): number =>
  fake.requests.filter((r) => r.path === '/api/chat' && (r.body['messages'] as unknown[]).length > 0).length;

test('two hosts, one killed in mid-batch of 50: all answered, none twice, and the one that comes back is used again', async () => {
  const [a, b] = (await fakes(2, { tokenMs: 3 })) as [FakeOllama, FakeOllama];
  const model = modelOver([a, b]);
  const answers: { n: number; host: string }[] = [];
  const restarts: number[] = [];
  const all = Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      let streamed = '';
      const answer = await model.answer(
        question({
          prompt: { fixed: 'same', evidence: `E1 tune ${n}` },
          onText: (piece) => {
            streamed += piece;
          },
          onRestart: () => {
            streamed = '';
            restarts.push(n);
          },
        }),
      );
      expect(streamed).toBe(answer.text);
      answers.push({ n, host: answer.host });
    }),
  );
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(8), { timeout: 30_000 });
  await a.kill();
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(20), { timeout: 30_000 });
  const before = answers.filter((x) => x.host === a.url).length;
  await a.listen();
  await all;
  expect(answers.map((x) => x.n).sort((x, y) => x - y)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(before).toBeGreaterThan(0);
  expect(answers.filter((x) => x.host === b.url).length).toBeGreaterThan(10);
  // It comes back after its rest, in this batch or in the next.
  await vi.waitFor(
    async () => {
      const later = await Promise.all([model.answer(question()), model.answer(question())]);
      expect(later.map((x) => x.host)).toContain(a.url);
    },
    { timeout: 30_000, interval: 500 },
  );
});

test('one request at a time for each host', async () => {
  const [a, b] = (await fakes(2, { tokenMs: 2 })) as [FakeOllama, FakeOllama];
  let most = 0;
  for (const fake of [a, b]) {
    let now = 0;
    fake.faults.push({
      on: /^\/api\/chat$/,
      left: 999,
      act: ({ response }) => {
        now++;
        most = Math.max(most, now);
        response.on('close', () => now--);
        return 'go on';
      },
    });
  }
  const model = modelOver([a, b]);
  await Promise.all(Array.from({ length: 12 }, () => model.answer(question())));
  expect(most).toBe(1);
  expect(Math.abs(questionsOf(a) - questionsOf(b))).toBeLessThanOrEqual(2);
});

test('a host without the model is passed over, and said where no other has it', async () => {
  const [a] = (await fakes(1)) as [FakeOllama];
  const [b] = (await fakes(1, { models: {} })) as [FakeOllama];
  const model = modelOver([b, a]);
  expect((await model.answer(question())).host).toBe(a.url);
  await a.kill();
  await expect(model.answer(question())).rejects.toMatchObject({ code: 'LLM_MODEL_MISSING' });
});

test('the time of a whole answer is one budget, however many hosts are tried', async () => {
  const three = await fakes(3);
  for (const fake of three) fake.faults.push(faults.silence(/^\/api\/chat$/));
  for (const fake of three)
    fake.loaded.set('mistral:7b', { context: 4_096, gpuLayers: null, expiresAt: Date.now() + 1e6, cached: '' });
  const model = modelOver(three);
  const asked = model.answer(question({ deadline: { firstTokenMs: 400, totalMs: 700 } }));
  await expect(asked).rejects.toMatchObject({ code: 'LLM_TIMEOUT' });
  expect(three.map(questionsOf).reduce((x, y) => x + y, 0)).toBe(2);
});

test('closing ends what is under way', async () => {
  const [a] = (await fakes(1)) as [FakeOllama];
  a.faults.push(faults.silence(/^\/api\/chat$/));
  const model = modelOver([a]);
  const asked = model.answer(question());
  const seen = expect(asked).rejects.toMatchObject({ code: 'LLM_CLOSED' });
  await vi.waitFor(() => expect(a.count('/api/chat')).toBe(1), { timeout: 20_000 });
  await model.close();
  await seen;
});

test('what is sent: nothing is cut, every option said, no GPU where it is switched off, loading the same as asking', async () => {
  const [a] = (await fakes(1, { gpuShare: 1 })) as [FakeOllama];
  const model = modelOver([a], { gpu: false, contextTokens: 2_048 });
  const answer = await model.answer(question());
  const [load, ask] = a.requests.filter((r) => r.path === '/api/chat').map((r) => r.body);
  expect(load).toMatchObject({ messages: [], truncate: false, shift: false, keep_alive: '10m' });
  expect(ask).toMatchObject({
    truncate: false,
    shift: false,
    stream: true,
    keep_alive: '10m',
    format: { type: 'object' },
  });
  const { num_predict: _a, ...forLoading } = (load?.['options'] ?? {}) as Record<string, number>;
  const { num_predict: _b, ...forAsking } = (ask?.['options'] ?? {}) as Record<string, number>;
  expect(forLoading).toEqual(forAsking);
  expect(answer.options).toMatchObject({
    num_ctx: 2_048,
    num_predict: 200,
    num_gpu: 0,
    temperature: 0,
    repeat_penalty: 1,
  });
  expect([answer.contextTokens, answer.gpuShare, answer.warnings]).toEqual([2_048, 0, []]);
  expect(answer.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await model.describe()).toEqual({
    model: 'mistral:7b',
    digest: answer.digest,
    host: a.url,
    serverVersion: '0.24.0',
  });
  await model.answer(question());
  expect(a.requests.filter((r) => r.path === '/api/chat').length).toBe(3);
});

test('preloading begins by itself, and its failure waits for the question', async () => {
  const [a] = (await fakes(1)) as [FakeOllama];
  modelOver([a], { preload: true });
  await vi.waitFor(() => expect(a.loaded.has('mistral:7b')).toBe(true), { timeout: 20_000 });
  await a.kill();
  const model = modelOver([a], { preload: true });
  await expect(model.describe()).rejects.toMatchObject({ code: 'LLM_UNREACHABLE' });
});
