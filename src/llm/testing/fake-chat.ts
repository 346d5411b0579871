/** Chat and embedding of the fake: loading, context, limits, streams; one request at a time for each model. */
import type { ServerResponse } from 'node:http';
import { type FakeLoaded, type FakeModel, type FakeState, json, modelNameOf, modelOf, stamp } from './fake-shapes.ts';
import { answerOfSchema, badSchema } from './schema-answer.ts';

type Body = Record<string, unknown>;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** About what a tokenizer counts: digits one by one, words in pieces. */
export function countTokens(text: string): number {
  return (text.match(/\d|[A-Za-z]{1,6}|[^\sA-Za-z\d]/g) ?? []).length;
}

/** POST /api/chat */
export async function chat(fake: FakeState, body: Body, response: ServerResponse): Promise<undefined> {
  const name = modelOf(body);
  const keepAlive = body['keep_alive'];
  if (typeof keepAlive === 'string' && !/^-?[\d.]+(ms|s|m|h)/.test(keepAlive)) {
    return json(response, 400, { error: `time: missing unit in duration ${JSON.stringify(keepAlive)}` });
  }
  if (name.endsWith('cloud')) {
    return json(response, 403, { error: 'ollama cloud is disabled: remote model is unavailable' });
  }
  const model = fake.models.get(name);
  if (model === undefined) return json(response, 404, { error: `model '${modelNameOf(body)}' not found` });
  if (body['think'] === true)
    return json(response, 400, { error: `${JSON.stringify(name)} does not support thinking` });
  const before = fake.queues.get(name) ?? Promise.resolve();
  const turn = before.then(() => answer(fake, name, model, body, response)).catch(() => undefined);
  fake.queues.set(name, turn);
  await turn;
}

async function answer(
  fake: FakeState,
  name: string,
  model: FakeModel,
  body: Body,
  response: ServerResponse,
): Promise<undefined> {
  const began = performance.now();
  const messages = Array.isArray(body['messages']) ? (body['messages'] as { content?: unknown }[]) : [];
  const head = { model: modelNameOf(body), created_at: stamp(Date.now()) };
  const silent = { role: 'assistant', content: '' };
  if (messages.length === 0 && (body['keep_alive'] === 0 || body['keep_alive'] === '0')) {
    const at = fake.loaded.get(name);
    // It stays in the list for a moment, its end in the past.
    if (at !== undefined) at.expiresAt = Date.now();
    return json(response, 200, { ...head, message: silent, done: true, done_reason: 'unload' });
  }
  const options = (body['options'] ?? {}) as Body;
  const wrong = Object.entries(options).find(([, value]) => typeof value !== 'number' && !Array.isArray(value));
  if (wrong !== undefined) return json(response, 500, { error: `option "${wrong[0]}" must be of type integer` });
  const loaded = await load(fake, name, model, options);
  if (messages.length === 0) return json(response, 200, { ...head, message: silent, done: true, done_reason: 'load' });
  if (badSchema(body['format'])) return json(response, 500, { error: 'invalid JSON schema in format' });
  const prompt = messages.map((m) => String(m.content ?? '')).join('\n');
  let promptTokens = countTokens(prompt) + 9;
  if (promptTokens > loaded.context) {
    if (body['truncate'] === false)
      return json(response, 400, { error: 'the input length exceeds the context length' });
    promptTokens = loaded.context;
  }
  const pieces = piecesOf(fake, body);
  const limit = Number(options['num_predict'] ?? -1);
  const sent = limit >= 0 ? pieces.slice(0, limit) : pieces;
  const speed = fake.options.speed ?? { prompt: 400, answer: 40 };
  const fresh = countTokens(prompt.slice(commonPrefix(prompt, loaded.cached)));
  loaded.cached = prompt;
  const closing = {
    done: true,
    done_reason: sent.length < pieces.length ? 'length' : 'stop',
    total_duration: nanos(performance.now() - began + 1),
    load_duration: nanos(26),
    prompt_eval_count: promptTokens,
    prompt_eval_duration: nanos((Math.max(1, Math.min(fresh, promptTokens)) / speed.prompt) * 1_000),
    eval_count: sent.length,
    eval_duration: nanos((sent.length / speed.answer) * 1_000 + 0.001),
  };
  if (body['stream'] === false) {
    await sleep((fake.options.tokenMs ?? 0) * sent.length);
    return json(response, 200, { ...head, message: { role: 'assistant', content: sent.join('') }, ...closing });
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (const content of sent) {
    await sleep(fake.options.tokenMs ?? 0);
    if (response.destroyed) return;
    response.write(
      `${JSON.stringify({ ...head, created_at: stamp(Date.now()), message: { role: 'assistant', content }, done: false })}\n`,
    );
    await flushed(response);
  }
  response.write(`${JSON.stringify({ ...head, message: silent, ...closing })}\n`);
  response.end();
}

/** So that each line is a chunk of its own on the wire. */
const flushed = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => (response.destroyed ? resolve() : setImmediate(resolve)));

async function load(fake: FakeState, name: string, model: FakeModel, options: Body): Promise<FakeLoaded> {
  const asked = Math.min(Number(options['num_ctx'] ?? 4_096), model.trainedContext);
  const context = Math.min(asked, fake.options.contextLimit ?? Number.POSITIVE_INFINITY);
  const gpuLayers = options['num_gpu'] === undefined ? null : Number(options['num_gpu']);
  const at = fake.loaded.get(name);
  if (at !== undefined && at.context === context && at.gpuLayers === gpuLayers && at.expiresAt > Date.now()) return at;
  await sleep(fake.options.loadMs ?? 0);
  const fresh = { context, gpuLayers, expiresAt: Date.now() + 300_000, cached: '' };
  fake.loaded.set(name, fresh);
  return fresh;
}

function piecesOf(fake: FakeState, body: Body): string[] {
  const made =
    fake.options.answer?.(body) ??
    (typeof body['format'] === 'object' ? JSON.stringify(answerOfSchema(body['format'])) : 'Hello.');
  return typeof made === 'string' ? (made.match(/\s*[A-Za-z]+|\s*\d|\s*[^\sA-Za-z\d]|\s+/g) ?? []) : made;
}

function commonPrefix(a: string, b: string): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}

const nanos = (ms: number): number => Math.round(ms * 1e6);

/** POST /api/embed */
export function embed(fake: FakeState, body: Body, response: ServerResponse): undefined {
  const name = modelOf(body);
  const model = fake.models.get(name);
  if (model === undefined)
    return json(response, 404, { error: `model "${modelNameOf(body)}" not found, try pulling it first` });
  const input = Array.isArray(body['input']) ? body['input'].map(String) : [String(body['input'] ?? '')];
  const tokens = input.map((text) => countTokens(text) + 1);
  if (tokens.some((n) => n > model.trainedContext)) {
    return json(response, 400, { error: 'the input length exceeds the context length' });
  }
  fake.loaded.set(name, { context: 4_096, gpuLayers: null, expiresAt: Date.now() + 300_000, cached: '' });
  const vectors = input.map((text) => {
    const raw = Array.from({ length: 384 }, (_, i) =>
      Math.sin((i + 1) * (1 + (text.codePointAt(i % Math.max(1, text.length)) ?? 7))),
    );
    const norm = Math.hypot(...raw);
    return raw.map((x) => x / norm);
  });
  json(response, 200, {
    model: modelNameOf(body),
    embeddings: vectors,
    total_duration: nanos(40),
    load_duration: nanos(20),
    prompt_eval_count: tokens.reduce((a, b) => a + b, 0),
  });
}
