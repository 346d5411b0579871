/** Setup against the fake: each state of a machine ends as it should, in the words that help. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeOllama } from '../llm/testing/fake-ollama.ts';
import { type FakeOptions, MISTRAL } from '../llm/testing/fake-shapes.ts';
import * as faults from '../llm/testing/faults.ts';
import type { Check, Health } from './health/check.ts';
import type { Machine } from './machine.ts';
import { loadSettings } from './settings.ts';
import { type SetupHooks, type SetupRequest, setup } from './setup.ts';

let folder = '';
const fakes: FakeOllama[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'revsync-setup-'));
});
afterEach(async () => {
  await Promise.all(fakes.splice(0).map((f) => f.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function fakeWith(options: FakeOptions = {}): Promise<FakeOllama> {
  const fake = await FakeOllama.start(options);
  fakes.push(fake);
  return fake;
}

const GB = 1e9;

interface Run {
  health: Health;
  said: string[];
  started: string[][];
  stopped: boolean;
  progress: { doneBytes: number; totalBytes: number }[];
}

async function run(
  host: string,
  more: {
    request?: Partial<SetupRequest>;
    machine?: Partial<Machine>;
    hooks?: Partial<SetupHooks>;
    env?: Record<string, string>;
  } = {},
): Promise<Run> {
  const env = { OLLAMA_HOST: host, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, ...more.env };
  const settings = await loadSettings({ env, cwd: folder, flags: {} });
  const said: string[] = [];
  const started: string[][] = [];
  const progress: Run['progress'] = [];
  const machine: Machine = {
    platform: 'linux',
    env,
    home: folder,
    totalMemoryBytes: () => 32 * GB,
    availableMemoryBytes: () => 24 * GB,
    exists: () => false,
    onPath: () => null,
    run: async () => ({ code: 0, out: '' }),
    startDetached: async (file, args) => {
      started.push([file, ...args]);
      return { exited: new Promise(() => undefined) };
    },
    ...more.machine,
  };
  const health = await setup(
    {
      settings,
      env,
      store: true,
      offline: false,
      skipModel: false,
      model: null,
      modelsFrom: null,
      embeddingFromHub: false,
      insecure: false,
      ...more.request,
    },
    {
      machine,
      say: (text) => void said.push(text),
      checked: () => undefined,
      progress: (p) => void (p !== null && progress.push(p)),
      ask: null,
      limits: { startMs: 5_000, stallMs: 400, pauseMs: 5 },
      ...more.hooks,
    },
  );
  return { health, said, started, stopped: false, progress };
}

const check = (run: Run, id: string): Check => {
  const found = run.health.checks.find((c) => c.id === id);
  if (found === undefined) throw new Error(`no check ${id}: ${run.health.checks.map((c) => c.id).join(' ')}`);
  return found;
};
const statuses = (run: Run): Record<string, string> =>
  Object.fromEntries(run.health.checks.map((c) => [c.id, c.status]));
const absent: FakeOptions = { models: {}, registry: { 'mistral:7b': MISTRAL } };

test('fresh: the model is fetched with its progress, proven, and the database made', async () => {
  const fake = await fakeWith(absent);
  const first = await run(fake.host);
  expect(statuses(first)).toMatchObject({
    'ollama.daemon': 'ok',
    'ollama.version': 'ok',
    'model.memory': 'ok',
    'model.present': 'ok',
    'model.context': 'ok',
    'model.gpu': 'ok',
    'embedding.model': 'warning',
    database: 'ok',
  });
  expect(first.health.ready).toBe(true);
  expect(first.health.next).toContain('analyze');
  expect(check(first, 'model.present').value).toBe(`sha256:${MISTRAL.digest}`);
  expect(first.progress.at(-1)).toMatchObject({ doneBytes: 4_372_824_036, totalBytes: 4_372_824_036 });
  // Repeated: nothing is fetched again.
  const second = await run(fake.host);
  expect(fake.count('/api/pull')).toBe(1);
  expect(second.health.ready).toBe(true);
  expect(second.started).toEqual([]);
});

test('the measured speed is kept for analyses; a proof that takes too long says so and what that means for the limit', async () => {
  const fake = await fakeWith({ speed: { prompt: 40, answer: 20 } });
  await run(fake.host);
  const { openDatabase } = await import('../store/open-store.ts');
  const { speedsOf } = await import('../store/speeds.ts');
  const database = await openDatabase(join(folder, 'revsync/revsync.db'));
  const speeds = speedsOf(database, fake.host, 'mistral:7b')!;
  database.close();
  expect(speeds.promptPerSecond / 40).toBeCloseTo(1, 0);
  expect(speeds.answerPerSecond / 20).toBeCloseTo(1, 0);
  // The second question is the proof: the first measures reading.
  fake.faults.push({ ...faults.stall(), when: (r) => JSON.stringify(r.body).includes('<<<EVIDENCE') });
  const it = await run(fake.host, { hooks: { limits: { startMs: 5_000, proofMs: 300 } } });
  expect(check(it, 'model.answer')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('LLM_TIMEOUT'),
    hint: expect.stringContaining('whatever LLM_TIMEOUT_SECONDS says'),
  });
  expect(check(it, 'model.timeLimit')).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('the limit of 30 s does not hold'),
  });
});

test('the model is there already: no pull', async () => {
  const fake = await fakeWith();
  const it = await run(fake.host);
  expect([it.health.ready, fake.count('/api/pull')]).toEqual([true, 0]);
});

test('interrupted at 40 %, then resumed from there', async () => {
  const fake = await fakeWith(absent);
  const cancel = new AbortController();
  const interrupted = run(fake.host, {
    hooks: {
      signal: cancel.signal,
      progress: (p) => {
        if (p !== null && p.totalBytes > 0 && p.doneBytes / p.totalBytes >= 0.4) cancel.abort();
      },
    },
  });
  await expect(interrupted).rejects.toMatchObject({ name: 'AbortError' });
  expect(fake.models.size).toBe(0);
  const it = await run(fake.host);
  expect(it.health.ready).toBe(true);
  expect(it.progress[1]!.doneBytes / MISTRAL.sizeBytes).toBeGreaterThan(0.35);
  expect(check(it, 'model.present').message).toMatch(/of it from before/);
});

test('no Ollama: how to install it on each platform, and the rest is done all the same', async () => {
  const gone = await fakeWith();
  await gone.stop();
  for (const [platform, words] of [
    ['linux', 'install.sh'],
    ['darwin', 'brew'],
    ['win32', 'winget'],
  ] as const) {
    const it = await run(gone.host, { machine: { platform } });
    expect(statuses(it)).toMatchObject({ 'ollama.daemon': 'failed', 'model.present': 'skipped', database: 'ok' });
    expect(check(it, 'ollama.daemon').hint).toContain(words);
    expect(it.health.ready).toBe(false);
  }
});

test('another service on the port: it is named, and nothing is started beside it', async () => {
  const fake = await fakeWith();
  fake.faults.push(faults.html(200));
  const it = await run(fake.host, { machine: { onPath: () => '/usr/bin/ollama' } });
  expect(check(it, 'ollama.daemon')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('LLM_NOT_OLLAMA'),
  });
  expect(it.started).toEqual([]);
});

test('installed and not running: started with its address, a slow start waited for', async () => {
  const fake = await fakeWith();
  await fake.stop();
  fake.faults.push(faults.slow(/version/, 900, 1));
  const calls: { file: string; args: string[]; env: Record<string, string> }[] = [];
  const it = await run(fake.host, {
    machine: {
      onPath: (name) => (name === 'ollama' ? '/usr/bin/ollama' : null),
      startDetached: async (file, args, env) => {
        calls.push({ file, args, env });
        setTimeout(() => void fake.listen(), 400);
        return { exited: new Promise(() => undefined) };
      },
    },
  });
  expect(calls).toEqual([{ file: '/usr/bin/ollama', args: ['serve'], env: { OLLAMA_HOST: fake.host } }]);
  expect(check(it, 'ollama.daemon').status).toBe('ok');
  expect(it.health.ready).toBe(true);
});

test('a systemd unit: told, not started; an app: started as the platform does', async () => {
  const gone = await fakeWith();
  await gone.stop();
  const unit = await run(gone.host, { machine: { exists: (p) => p === '/etc/systemd/system/ollama.service' } });
  expect(unit.started).toEqual([]);
  expect(check(unit, 'ollama.daemon').hint).toContain('systemctl start ollama');
  const app = await run(gone.host, {
    machine: { platform: 'darwin', exists: (p) => p === '/Applications/Ollama.app' },
    hooks: { limits: { startMs: 200 } },
  });
  expect(app.started).toEqual([['open', '-j', '-a', '/Applications/Ollama.app', '--args', '--fast-startup']]);
  expect(check(app, 'ollama.daemon').status).toBe('failed');
});

test.each([
  [
    'disk full',
    faults.pullError(0.5, 'write /models/blobs/sha256-f5: no space left on device'),
    'PULL_DISK_FULL',
    'Free some space',
  ],
  [
    'too old',
    faults.pullError(0, 'pull model manifest: 412: requires a newer version of Ollama'),
    'PULL_NEEDS_NEWER_OLLAMA',
    'restart',
  ],
  [
    'no network',
    faults.pullError(
      0,
      'pull model manifest: Get "https://registry.ollama.ai/v2/": dial tcp: lookup registry.ollama.ai: no such host',
    ),
    'PULL_NO_NETWORK',
    'Connect',
  ],
  [
    'wrong bytes, again and again',
    faults.pullError(0.9, 'digest mismatch, file must be downloaded again: want sha256:a, got sha256:b', 9),
    'PULL_BAD_DIGEST',
    'proxy',
  ],
] as const)('%s ends the fetch with what to do', async (_name, fault, code, words) => {
  const fake = await fakeWith(absent);
  fake.faults.push(fault);
  const it = await run(fake.host);
  expect(check(it, 'model.present')).toMatchObject({ status: 'failed', message: expect.stringContaining(code) });
  expect(check(it, 'model.present').hint).toContain(words);
  expect(check(it, 'database').status).toBe('ok');
  expect(it.health.ready).toBe(false);
});

test('a stall and one bad download are got over by going on', async () => {
  const fake = await fakeWith(absent);
  fake.faults.push(
    faults.pullStall(0.3),
    faults.pullError(0.8, 'digest mismatch, file must be downloaded again'),
    faults.pullError(0.9, 'unexpected EOF'),
  );
  const it = await run(fake.host);
  expect(check(it, 'model.present').status).toBe('ok');
  expect(it.said.filter((s) => s.includes('once more')).length).toBe(3);
});

test('offline fetches nothing; skip-model asks no server; too little memory names what fits', async () => {
  const fake = await fakeWith(absent);
  const offline = await run(fake.host, { request: { offline: true } });
  expect([check(offline, 'model.present').status, fake.count('/api/pull')]).toEqual(['failed', 0]);
  const before = fake.requests.length;
  const skipping = await run(fake.host, { request: { skipModel: true } });
  expect([skipping.health.ready, fake.requests.length]).toEqual([true, before]);
  const small = await run(fake.host, {
    machine: { totalMemoryBytes: () => 4 * GB, availableMemoryBytes: () => 3.5 * GB },
  });
  expect(check(small, 'model.memory')).toMatchObject({
    status: 'failed',
    hint: expect.stringContaining('llama3.2:3b'),
  });
  expect(fake.count('/api/pull')).toBe(0);
});

test('a machine too slow for the limit is told what would hold', async () => {
  const fake = await fakeWith({ speed: { prompt: 20, answer: 4 }, answer: () => ['{', '}'] });
  const it = await run(fake.host);
  const limit = check(it, 'model.timeLimit');
  expect(limit).toMatchObject({ status: 'warning', unit: 's' });
  expect(limit.message).toContain('does not hold');
  expect(limit.hint).toMatch(/LLM_TIMEOUT_SECONDS=\d+/);
});
