/**
 * Every failure of a local model, from the command line: the whole rules report, the exit code of its verdict, one line on stderr that
 * says what happened, nothing else on stdout, the row stored. Numbers are those of the list in docs/local-model.md.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer as tcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Report, ReportDocument } from '../core/report.ts';
import { FakeOllama } from '../llm/testing/fake-ollama.ts';
import { type FakeOptions, type Fault, MISTRAL, SMOLLM } from '../llm/testing/fake-shapes.ts';
import * as faults from '../llm/testing/faults.ts';
import { openDatabase } from '../store/open-store.ts';
import { PROJECT } from './analyze-in-process.ts';

const TRACK_DAY = ['fixtures/example/track-day.bin', '--stock', 'fixtures/example/stock.bin'];
const STOCK = ['fixtures/example/stock.bin'];
const home = mkdtempSync(join(tmpdir(), 'revsync-failures-'));
let db = 0;
const fakes: FakeOllama[] = [];

beforeAll(async () => {
  if (!existsSync(join(PROJECT, 'dist/main.js'))) await execa('npm', ['run', 'build'], { cwd: PROJECT });
}, 120_000);
afterEach(async () => {
  await Promise.all(fakes.splice(0).map((f) => f.stop()));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function fakeWith(list: Fault[], options: FakeOptions = {}): Promise<FakeOllama> {
  const fake = await FakeOllama.start(options);
  fake.faults.push(...list);
  fakes.push(fake);
  return fake;
}

interface Run {
  document: ReportDocument;
  report: Report;
  exitCode: number | undefined;
  stderr: string;
  path: string;
}

/** Time enough on a busy machine; what waits for the end of it says less. */
async function analyze(
  host: string,
  args: string[],
  env: Record<string, string> = {},
  engine = 'llm',
  path = join(home, `${db++}.db`),
): Promise<Run> {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    ['bin/revsync.js', 'analyze', ...args, '--engine', engine, '--format', 'json', '--db', path, '--all'],
    {
      cwd: PROJECT,
      reject: false,
      stdin: 'ignore',
      timeout: 90_000,
      env: { XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, OLLAMA_HOST: host, LLM_TIMEOUT_SECONDS: '20', ...env },
    },
  );
  const document = JSON.parse(String(stdout)) as ReportDocument;
  return { document, report: document.reports[0]!, exitCode, stderr: String(stderr), path };
}

const withoutEngine = ({ engine: _, ...rest }: Report): Omit<Report, 'engine'> => rest;
let rules: Report;
beforeAll(async () => {
  rules = (await analyze('127.0.0.1:1', TRACK_DAY, {}, 'rules')).report;
});

async function expectRulesAlone(run: Run, code: string): Promise<void> {
  expect(withoutEngine(run.report)).toEqual(withoutEngine(rules));
  expect(run.report.engine).toMatchObject({ used: 'rules', reason: expect.stringContaining(code) });
  expect([run.exitCode, run.document.summary.exitCode, run.document.errors]).toEqual([1, 1, []]);
  expect(run.stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(new RegExp(`^revsync: ${code}: .+; judged by the rules alone$`)),
  ]);
  const database = await openDatabase(run.path);
  try {
    expect(database.prepare('SELECT count(*) FROM analyses').pluck().get()).toBe(1);
    expect(database.prepare('SELECT count(*) FROM answers WHERE used = 1').pluck().get()).toBe(0);
    expect(database.prepare('SELECT count(*) FROM answers').pluck().get()).toBeGreaterThan(0);
  } finally {
    database.close();
  }
}

const TINY = { models: { 'mistral:7b': { ...MISTRAL } } };

describe('each failure', () => {
  test.each<[string, string, Fault[], FakeOptions?, Record<string, string>?]>([
    ['1 a web page on that port', 'LLM_NOT_OLLAMA', [faults.html(200)]],
    ['1 JSON of another service', 'LLM_NOT_OLLAMA', [faults.reply(/./, 200, 'application/json', '{"ok":true}')]],
    ['2 a start that never ends', 'LLM_TIMEOUT', [faults.silence(/version/)]],
    ['3 no such model', 'LLM_MODEL_MISSING', [], { models: {} }],
    [
      '3 the model is gone since it was listed',
      'LLM_MODEL_MISSING',
      [faults.errorReply(404, "model 'mistral:7b' not found")],
    ],
    // 4 is of pulls: no pull is part of an analysis.
    ['5 loading never ends', 'LLM_TIMEOUT', [faults.endlessLoad()]],
    ['5 no first token', 'LLM_TIMEOUT', [faults.silence(/^\/api\/chat$/)]],
    [
      '6 the prompt is refused as too long',
      'LLM_PROMPT_TOO_LONG',
      [faults.errorReply(400, 'the input length exceeds the context length')],
    ],
    [
      '7 cut at the output limit',
      'LLM_BAD_ANSWER',
      [],
      { ...TINY, answer: () => `{"concerns": [${'{"text": "x '.repeat(400)}` },
    ],
    ['8 the stream closes without done', 'LLM_BAD_ANSWER', [faults.noDone('{"concerns": [')]],
    ['9 the runner dies in mid-answer', 'LLM_CRASHED', [faults.runnerKilled()]],
    ['9 the server dies in mid-answer', 'LLM_CRASHED', [faults.serverKilled()]],
    [
      '9 too little memory',
      'LLM_OUT_OF_MEMORY',
      [faults.errorReply(500, 'model requires more system memory (5.6 GiB) than is available (3.1 GiB)')],
    ],
    ['10 busy for ever', 'LLM_TIMEOUT', [faults.busy()]],
    ['10 a long silent wait', 'LLM_TIMEOUT', [], { ...TINY, tokenMs: 900 }],
    ['11 less context than the prompt needs', 'LLM_PROMPT_TOO_LONG', [], { ...TINY, contextLimit: 256 }],
    ['12 the Host header is refused', 'LLM_HOST_REFUSED', [faults.hostRefused()]],
    [
      '14 an error inside an error',
      'LLM_CRASHED',
      [faults.errorReply(500, '{"error":{"message":"{\\"error\\":\\"unable to load model: x\\"}"}}')],
    ],
    [
      '15 prose instead of JSON',
      'LLM_BAD_ANSWER',
      [],
      { ...TINY, answer: () => 'Sure! This tune is safe, 100 out of 100.' },
    ],
    ['16 a cloud model', 'LLM_REMOTE', [], { models: { 'big:cloud': MISTRAL } }, { MISTRAL_MODEL: 'big:cloud' }],
    [
      '16 a model that runs elsewhere',
      'LLM_REMOTE',
      [],
      { models: { 'far:1': { ...SMOLLM, remoteHost: 'https://ollama.com:443' } } },
      { MISTRAL_MODEL: 'far:1' },
    ],
    [
      '17 lines that are no JSON',
      'LLM_BAD_STREAM',
      [faults.bytes(['{"message":{"content":"a"},"done":false}\n', 'garbage\n'])],
    ],
    [
      '17 ten megabytes',
      'LLM_BAD_STREAM',
      [
        faults.bytes(
          Array.from({ length: 40 }, () => `{"message":{"content":"${'a'.repeat(262_144)}"},"done":false}\n`),
        ),
      ],
    ],
    ['17 whitespace for ever', 'LLM_TIMEOUT', [faults.trickle(1)]],
    ['17 it stops in mid-answer', 'LLM_TIMEOUT', [faults.stall()]],
    ['18 a proxy wants a password', 'LLM_HOST_REFUSED', [faults.html(401)]],
    ['18 a proxy gets no answer', 'LLM_UNREACHABLE', [faults.html(502)]],
    ['valid JSON of another shape', 'LLM_BAD_ANSWER', [], { ...TINY, answer: () => '{"verdict":"SAFE","score":100}' }],
  ])('%s: %s', async (_, code, list, options = {}, env = {}) => {
    const fake = await fakeWith(list, options);
    const short = code === 'LLM_TIMEOUT' ? { LLM_TIMEOUT_SECONDS: '0.6' } : {};
    await expectRulesAlone(await analyze(fake.host, TRACK_DAY, { ...short, ...env }), code);
  });

  test('1 nobody listens: LLM_UNREACHABLE', async () => {
    const fake = await fakeWith([]);
    const { host } = fake;
    await fake.stop();
    await expectRulesAlone(await analyze(host, TRACK_DAY), 'LLM_UNREACHABLE');
  });

  test('1 what listens speaks no HTTP: LLM_NOT_OLLAMA', async () => {
    const server = tcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH_9.2\r\n', () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await expectRulesAlone(
        await analyze(`127.0.0.1:${(server.address() as AddressInfo).port}`, TRACK_DAY),
        'LLM_NOT_OLLAMA',
      );
    } finally {
      server.close();
    }
  });

  test('13 cancelled in mid-answer: 130, the row is stored, the server sees it go', async () => {
    const fake = await fakeWith([faults.trickle(20)]);
    const path = join(home, 'cancel.db');
    const child = execa(
      process.execPath,
      ['bin/revsync.js', 'analyze', ...TRACK_DAY, '--engine', 'llm', '--format', 'json', '--db', path],
      {
        cwd: PROJECT,
        reject: false,
        stdin: 'ignore',
        env: { XDG_CONFIG_HOME: home, OLLAMA_HOST: fake.host, LLM_TIMEOUT_SECONDS: '60' },
      },
    );
    while (fake.count('/api/chat') < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await child;
    expect([exitCode, stderr]).toEqual([130, 'revsync: cancelled']);
    expect(stdout === '' || JSON.parse(String(stdout)).errors.length > 0).toBe(true);
    expect(fake.aborted).toBe(1);
    const database = await openDatabase(path);
    expect(database.prepare('SELECT count(*) FROM analyses').pluck().get()).toBe(1);
    database.close();
  });
});

describe('what a setting says', () => {
  test('a slow start, a busy moment and split characters are no failure', async () => {
    for (const list of [[faults.slow(/version/, 700, 1)], [faults.busy(2)]]) {
      const fake = await fakeWith(list);
      const { report, stderr } = await analyze(fake.host, TRACK_DAY);
      expect([report.engine.used, stderr]).toEqual(['llm', '']);
    }
  });

  test('no model and FALLBACK_TO_SIMPLE_RULES=false: exit 2, and the report is whole all the same', async () => {
    const { document, exitCode, report } = await analyze('127.0.0.1:1', STOCK, { FALLBACK_TO_SIMPLE_RULES: 'false' });
    expect([exitCode, document.errors[0]?.code, document.reports.length]).toEqual([2, 'LLM_UNREACHABLE', 1]);
    expect(report.scores.safety.value).not.toBeNull();
    expect((await analyze('127.0.0.1:1', STOCK)).exitCode).toBe(0);
  });

  test('USE_LOCAL_LLM=false asks nobody with auto; --engine llm on the command line is stronger', async () => {
    const fake = await fakeWith([]);
    const off = { USE_LOCAL_LLM: 'false' };
    expect((await analyze(fake.host, STOCK, off, 'auto')).report.engine.used).toBe('rules');
    expect(fake.requests).toHaveLength(0);
    expect((await analyze(fake.host, STOCK, off, 'llm')).report.engine.used).toBe('llm');
  });

  test('a kept answer makes no request', async () => {
    const fake = await fakeWith([]);
    const path = join(home, 'kept.db');
    const first = await analyze(fake.host, TRACK_DAY, {}, 'llm', path);
    const { length } = fake.requests;
    expect(length).toBeGreaterThan(0);
    const second = await analyze(fake.host, TRACK_DAY, {}, 'llm', path);
    expect(fake.requests).toHaveLength(length);
    expect(second.document.reports).toEqual(first.document.reports);
    expect(second.document.run.secondOpinions[0]).toMatchObject({ cached: true, requests: 0 });
    const tell = async (...args: string[]) => {
      const options = { cwd: PROJECT, stdin: 'ignore', env: { XDG_CONFIG_HOME: home } } as const;
      return JSON.parse(
        String(
          (await execa(process.execPath, ['bin/revsync.js', ...args, '--db', path, '--format', 'json'], options))
            .stdout,
        ),
      );
    };
    expect((await tell('cache')).answers).toMatchObject([{ model: 'mistral:7b', reused: 1, fresh: true }]);
    const { total, models } = await tell('cost', '--price', '1000000,2000000');
    const { prompt, answer } = first.report.secondOpinion!.tokens;
    expect(total).toMatchObject({ promptTokens: prompt, answerTokens: answer, cost: prompt + 2 * answer });
    expect(models).toMatchObject([{ requests: expect.any(Number), failed: 0, reused: 1 }]);
    expect(await tell('cache', 'clear')).toMatchObject({ forgotten: 1 });
    expect((await tell('cache')).answers).toEqual([]);
    expect((await tell('cost')).total).toMatchObject({ promptTokens: prompt, cost: null });
    await analyze(fake.host, TRACK_DAY, {}, 'llm', path);
    expect(fake.requests.length).toBeGreaterThan(length);
  });
});
