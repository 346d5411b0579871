/**
 * Every failure that a client of Ollama meets (the numbers are those of the list the work began with), at the level of the client:
 * it ends, within its limits, with the code that says what it was, and nothing is printed.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AnswerRequest, LanguageModel, ModelAnswer } from '../core/language-model.ts';
import { parseHost } from './hosts.ts';
import { OllamaHost } from './ollama-host.ts';
import { openLanguageModel } from './open-language-model.ts';
import { question } from './testing/ask.ts';
import { FakeOllama } from './testing/fake-ollama.ts';
import type { FakeOptions, Fault } from './testing/fake-shapes.ts';
import { MISTRAL, SMOLLM } from './testing/fake-shapes.ts';
import * as faults from './testing/faults.ts';

const open: { close(): Promise<unknown> }[] = [];
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  const note = (text: unknown): boolean => {
    printed.push(String(text));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(note as typeof process.stdout.write);
  for (const name of ['log', 'warn', 'error', 'info'] as const) vi.spyOn(console, name).mockImplementation(note);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(open.splice(0).map((o) => o.close()));
  expect(printed).toEqual([]);
});

async function fakeWith(failures: Fault[], options: FakeOptions = {}): Promise<FakeOllama> {
  const fake = await FakeOllama.start(options);
  fake.faults.push(...failures);
  open.push({ close: () => fake.stop() });
  return fake;
}

function modelAt(
  hosts: string,
  model = 'mistral:7b',
  more: Partial<Parameters<typeof openLanguageModel>[0]> = {},
): LanguageModel {
  const it = openLanguageModel({ hosts, model, ...more });
  open.push(it);
  return it;
}

async function outcome(
  model: LanguageModel | (() => LanguageModel),
  request: AnswerRequest,
): Promise<{ code: string; answer: ModelAnswer | null; message: string }> {
  try {
    return {
      code: 'answered',
      answer: await (typeof model === 'function' ? model() : model).answer(request),
      message: '',
    };
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint: string };
    if (typeof code === 'string') expect(hint.length).toBeGreaterThan(10);
    return { code: typeof code === 'string' ? code : (error as Error).name, answer: null, message };
  }
}

const short = { firstTokenMs: 300, idleMs: 300, totalMs: 1_500, loadMs: 300 };

interface Case {
  mode: string;
  faults?: Fault[];
  options?: FakeOptions;
  request?: AnswerRequest;
  model?: string;
  code: string;
  also?: (answer: ModelAnswer | null, message: string) => void;
}

const CASES: Case[] = [
  { mode: '1 another service: a web page', faults: [faults.html(200)], code: 'LLM_NOT_OLLAMA' },
  {
    mode: '1 another service: JSON of its own',
    faults: [faults.reply(/./, 200, 'application/json', '{"ok":true}')],
    code: 'LLM_NOT_OLLAMA',
  },
  {
    mode: '1 another service: 404',
    faults: [faults.reply(/./, 404, 'text/plain', '404 page not found')],
    code: 'LLM_NOT_OLLAMA',
  },
  { mode: '1 another service: a redirect', faults: [faults.reply(/./, 302, 'text/html', '')], code: 'LLM_NOT_OLLAMA' },
  { mode: '2 slow start', faults: [faults.slow(/version/, 700, 1)], code: 'answered' },
  {
    mode: '2 a start that never ends',
    faults: [faults.silence(/version/)],
    request: question({ deadline: short }),
    code: 'LLM_TIMEOUT',
  },
  { mode: '3 model missing', model: 'nope:1', code: 'LLM_MODEL_MISSING' },
  {
    mode: '3 model gone since it was listed',
    faults: [faults.errorReply(404, "model 'mistral:7b' not found")],
    code: 'LLM_MODEL_MISSING',
  },
  {
    mode: '5 loading never ends',
    faults: [faults.endlessLoad()],
    request: question({ deadline: short }),
    code: 'LLM_TIMEOUT',
    also: (_, m) => expect(m).toContain('not loaded'),
  },
  {
    mode: '5 loading takes longer than an answer may',
    options: { loadMs: 900 },
    request: question({ deadline: { totalMs: 500, firstTokenMs: 400, loadMs: 20_000 } }),
    code: 'answered',
    also: (a) => expect(a?.loadMs).toBeGreaterThan(800),
  },
  {
    mode: '5 no first token',
    faults: [faults.silence(/^\/api\/chat$/)],
    request: question({ deadline: short }),
    code: 'LLM_TIMEOUT',
  },
  {
    mode: '6 prompt too long, refused',
    request: question({ prompt: { fixed: 'x', evidence: '12.5 '.repeat(4_000) } }),
    code: 'LLM_PROMPT_TOO_LONG',
  },
  {
    mode: '6 prompt too long, cut without a word',
    faults: [faults.prose('{}')],
    request: question({ prompt: { fixed: 'x', evidence: 'lean '.repeat(4_000) } }),
    code: 'LLM_PROMPT_TOO_LONG',
  },
  {
    mode: '6 refused in the words of newer servers',
    faults: [
      faults.errorReply(
        400,
        '{"error":{"code":400,"message":"request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error"}}',
      ),
    ],
    code: 'LLM_PROMPT_TOO_LONG',
    also: (_, m) => expect(m).not.toContain('{'),
  },
  {
    mode: '7 output limit',
    request: question({ maxTokens: 3 }),
    code: 'answered',
    also: (a) => expect([a?.doneReason, a?.json]).toEqual(['length', undefined]),
  },
  {
    mode: '8 stream closes without done',
    faults: [faults.noDone('{"score": 1')],
    code: 'answered',
    also: (a) => expect([a?.doneReason, a?.json, a?.text]).toEqual([null, undefined, '{"score": 1']),
  },
  { mode: '9 runner killed in mid-answer', faults: [faults.runnerKilled()], code: 'LLM_CRASHED' },
  {
    mode: '9 runner gone before the answer',
    faults: [
      faults.errorReply(
        500,
        'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error',
      ),
    ],
    code: 'LLM_CRASHED',
  },
  { mode: '9 server killed in mid-answer', faults: [faults.serverKilled()], code: 'LLM_CRASHED' },
  {
    mode: '9 out of memory',
    faults: [faults.errorReply(500, 'model requires more system memory (5.6 GiB) than is available (3.1 GiB)')],
    code: 'LLM_OUT_OF_MEMORY',
  },
  {
    mode: '10 busy for ever',
    faults: [faults.busy()],
    request: question({ deadline: { ...short, loadMs: 1_000 } }),
    code: 'LLM_TIMEOUT',
  },
  { mode: '10 busy twice', faults: [faults.busy(2)], code: 'answered' },
  {
    mode: '10 a long silent wait',
    options: { tokenMs: 400 },
    request: question({ deadline: short }),
    code: 'LLM_TIMEOUT',
  },
  {
    mode: '11 less context than asked',
    options: { contextLimit: 1_024 },
    code: 'answered',
    also: (a) => expect([a?.contextTokens, a?.warnings?.length]).toEqual([1_024, 1]),
  },
  {
    mode: '11 less context than needed',
    options: { contextLimit: 256 },
    request: question({ prompt: { fixed: 'x', evidence: 'word '.repeat(400) } }),
    code: 'LLM_PROMPT_TOO_LONG',
  },
  { mode: '12 Host header refused', faults: [faults.hostRefused()], code: 'LLM_HOST_REFUSED' },
  {
    mode: '14 nested error text',
    faults: [faults.errorReply(500, '{"error":{"message":"{\\"error\\":\\"unable to load model: x\\"}"}}')],
    code: 'LLM_CRASHED',
    also: (_, m) => expect(m).toMatch(/unable to load model: x$/),
  },
  {
    mode: '15 schema ignored',
    faults: [faults.prose('Sure! The tune looks fine.')],
    code: 'answered',
    also: (a) => expect([a?.json, a?.doneReason]).toEqual([undefined, 'stop']),
  },
  {
    mode: '16 cloud model by its tag',
    model: 'big:cloud',
    options: { models: { 'big:cloud': MISTRAL } },
    code: 'LLM_REMOTE',
  },
  {
    mode: '16 model that runs elsewhere',
    model: 'far:1',
    options: { models: { 'far:1': { ...SMOLLM, remoteHost: 'https://ollama.com:443' } } },
    code: 'LLM_REMOTE',
  },
  {
    mode: '17 UTF-8 and lines split, blank lines',
    faults: [faults.bytes(splitBytes())],
    code: 'answered',
    also: (a) => expect(a?.text).toBe('λ 0.85 – 14° ✓'),
  },
  {
    mode: '17 a line that is no JSON',
    faults: [faults.bytes(['{"message":{"content":"a"},"done":false}\n', 'garbage\n'])],
    code: 'LLM_BAD_STREAM',
  },
  {
    mode: '17 a line cut by the end',
    faults: [faults.bytes(['{"message":{"content":"a"},"done":false}\n{"mess'])],
    code: 'LLM_BAD_STREAM',
  },
  { mode: '17 a line that is no object', faults: [faults.bytes(['null\n'])], code: 'LLM_BAD_STREAM' },
  {
    mode: '17 ten megabytes of text',
    faults: [
      faults.bytes(Array.from({ length: 40 }, () => `{"message":{"content":"${'a'.repeat(262_144)}"},"done":false}\n`)),
    ],
    code: 'LLM_BAD_STREAM',
  },
  {
    mode: '17 whitespace for ever',
    faults: [faults.trickle(1)],
    request: question({ deadline: { totalMs: 700 } }),
    code: 'LLM_TIMEOUT',
  },
  {
    mode: '17 stops in mid-answer',
    faults: [faults.stall()],
    request: question({ deadline: short }),
    code: 'LLM_TIMEOUT',
    also: (_, m) => expect(m).toContain('mid-answer'),
  },
  { mode: '18 401 of a proxy', faults: [faults.html(401)], code: 'LLM_HOST_REFUSED' },
  { mode: '18 502 of a proxy', faults: [faults.html(502)], code: 'LLM_UNREACHABLE' },
];

function splitBytes(): Uint8Array[] {
  const line = JSON.stringify({ message: { content: 'λ 0.85 – 14° ✓' }, done: false });
  const end = JSON.stringify({ message: { content: '' }, done: true, done_reason: 'stop' });
  return [...Buffer.from(`\n${line}\r\n\n\n${end}\n`)].map((b) => Uint8Array.of(b));
}

describe('each failure ends with what it was', () => {
  test.each(CASES)(
    '$mode',
    async ({ faults: failures = [], options = {}, request = question(), model, code, also }) => {
      const fake = await fakeWith(failures, options);
      const result = await outcome(() => modelAt(fake.host, model), request);
      expect(result.code).toBe(code);
      also?.(result.answer, result.message);
    },
  );

  test('1 nobody listens', async () => {
    const fake = await fakeWith([]);
    await fake.stop();
    const result = await outcome(modelAt(fake.host), question());
    expect(result.code).toBe('LLM_UNREACHABLE');
    expect(result.message).toContain(fake.host);
  });

  test('1 a host that no name server knows', async () => {
    expect((await outcome(modelAt('no-such-host.invalid'), question())).code).toBe('LLM_UNREACHABLE');
  });

  test('1 a service that speaks no HTTP', async () => {
    const { createServer: tcp } = await import('node:net');
    const server = tcp((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH_9.2\r\n', () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
    const result = await outcome(modelAt(`127.0.0.1:${(server.address() as AddressInfo).port}`), question());
    expect(result.code).toBe('LLM_NOT_OLLAMA');
  });

  test('1 a port that HTTP does not open', async () => {
    expect((await outcome(modelAt('127.0.0.1:6000'), question())).code).toBe('LLM_UNREACHABLE');
    await expect(new OllamaHost(parseHost('127.0.0.1:6000'), 'mistral:7b').version()).rejects.toMatchObject({
      code: 'LLM_UNREACHABLE',
    });
  });

  test('10 a stream without end where one reply was asked for: it is not gathered', async () => {
    let sent = 0;
    const endless: Fault = {
      on: /^\/api\/chat$/,
      left: 1,
      act: async ({ response }) => {
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        const line = `${JSON.stringify({ message: { role: 'assistant', content: 'x'.repeat(65_536) }, done: false })}\n`;
        while (!response.destroyed && sent < 512 * 1024 * 1024) {
          sent += line.length;
          if (!response.write(line)) await new Promise((go) => setTimeout(go, 1));
        }
        return 'done';
      },
    };
    const fake = await fakeWith([endless]);
    expect((await outcome(modelAt(fake.host), question())).code).toBe('LLM_BAD_STREAM');
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test('13 cancelled before the headers, and in mid-answer: the server sees the client go', async () => {
    // The first request loads; cancelled between it and the question there would be nothing for the server to see.
    for (const [failure, requests] of [
      [faults.silence(/^\/api\/chat$/), 1],
      [faults.trickle(5), 2],
    ] as const) {
      const fake = await fakeWith([failure]);
      const cancel = new AbortController();
      const asked = outcome(modelAt(fake.host), question({ signal: cancel.signal }));
      await vi.waitFor(() => expect(fake.count('/api/chat')).toBeGreaterThanOrEqual(requests), { timeout: 20_000 });
      cancel.abort();
      expect((await asked).code).toBe('AbortError');
      await vi.waitFor(() => expect(fake.aborted).toBe(1), { timeout: 20_000 });
    }
  });

  test('a redirect is not followed: the prompt goes nowhere else', async () => {
    const elsewhere: string[] = [];
    const other = createServer((request, response) => {
      elsewhere.push(request.url ?? '');
      response.end('{"version":"1"}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => other.close(resolve)) });
    const port = (other.address() as AddressInfo).port;
    const fake = await fakeWith([
      {
        on: /./,
        left: 9,
        act: ({ response }) => {
          response.writeHead(307, { location: `http://127.0.0.1:${port}/api/version` });
          response.end();
          return 'done';
        },
      },
    ]);
    expect((await outcome(modelAt(fake.host), question())).code).toBe('LLM_NOT_OLLAMA');
    expect(elsewhere).toEqual([]);
  });
});
