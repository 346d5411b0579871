/** setup, doctor and models through the built entry, on the fake server: what a script gets on stdout, and the exit codes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeTinyModel } from '../embed/testing/tiny-model.ts';
import { FakeOllama } from '../llm/testing/fake-ollama.ts';
import { type FakeOptions, MISTRAL, SMOLLM } from '../llm/testing/fake-shapes.ts';
import { PROJECT } from './analyze-in-process.ts';

/** The engine of the embedding model is optional at install. */
const installed = await import('onnxruntime-node').then(
  () => true,
  () => false,
);

let home = '';
let fake: FakeOllama;
beforeAll(async () => {
  if (!existsSync(join(PROJECT, 'dist/main.js'))) await execa('npm', ['run', 'build'], { cwd: PROJECT });
}, 120_000);
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'revsync-model-commands-'));
});
afterEach(async () => {
  await fake?.stop();
  rmSync(home, { recursive: true, force: true });
});

const SPEED = { prompt: 1_000, answer: 100 };
const start = async (options: FakeOptions = {}): Promise<void> => {
  fake = await FakeOllama.start({ speed: SPEED, ...options });
};

async function revsync(args: string[], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(PROJECT, 'bin/revsync.js'), ...args], {
    cwd: home,
    reject: false,
    stdin: 'ignore',
    timeout: 90_000,
    env: {
      HOME: home,
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CONFIG_HOME: join(home, 'config'),
      OLLAMA_HOST: fake.host,
      ...env,
    },
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

interface Health {
  ready: boolean;
  next: string;
  errors: unknown[];
  checks: { id: string; status: string; message: string; hint: string | null; value: unknown }[];
}
const statusOf = ({ checks }: Health): Record<string, string> =>
  Object.fromEntries(checks.map((c) => [c.id, c.status]));
/** The whole of stdout is one document. */
const parsed = <T>(stdout: string): T => JSON.parse(stdout) as T;

describe('setup', () => {
  test('fetches, proves and makes the database; again it only looks; progress stays on stderr', async () => {
    await start({ models: {}, registry: { 'mistral:7b': MISTRAL } });
    const first = await revsync(['setup', '--yes', '--json']);
    const health = parsed<Health>(first.stdout);
    expect(statusOf(health)).toMatchObject({
      'ollama.daemon': 'ok',
      'model.present': 'ok',
      'model.context': 'ok',
      'embedding.model': 'warning',
      database: 'ok',
    });
    expect([first.exitCode, health.ready, health.errors]).toEqual([0, true, []]);
    expect(first.stderr).toMatch(/fetching mistral:7b\n0 % of 4373 MB\n[\s\S]*100 % of 4373 MB/);
    expect(existsSync(join(home, 'data/revsync/revsync.db'))).toBe(true);
    const pulls = fake.count('/api/pull');
    const second = await revsync(['setup', '--yes', '--json']);
    expect([second.exitCode, fake.count('/api/pull') - pulls]).toEqual([0, 0]);
    expect(second.stderr).not.toContain('%');
  });

  test('as a table it says the same and one next command', async () => {
    await start();
    const { exitCode, stdout } = await revsync(['setup', '--yes']);
    expect([exitCode, stdout.split('\n').filter((l) => l.includes('mistral:7b')).length > 0]).toEqual([0, true]);
    expect(stdout).toContain('revsync analyze TUNE.bin');
  });

  test.each<[string, string[], FakeOptions, number, Record<string, string>]>([
    ['nothing may be fetched', ['--offline'], { models: {} }, 1, { 'model.present': 'failed', database: 'ok' }],
    ['no model is wanted', ['--skip-model'], { models: {} }, 0, { 'ollama.daemon': 'skipped', database: 'ok' }],
    ['the library has no such model', ['--model', 'nobody:1b'], { models: {} }, 1, { 'model.present': 'failed' }],
    ['too old a server', [], { version: '0.3.0' }, 1, { 'ollama.version': 'failed', 'model.present': 'skipped' }],
  ])('%s', async (_, args, options, code, statuses) => {
    await start(options);
    const { exitCode, stdout } = await revsync(['setup', '--yes', '--json', ...args]);
    const health = parsed<Health>(stdout);
    expect(statusOf(health)).toMatchObject(statuses);
    expect([exitCode, health.ready]).toEqual([code, code === 0]);
  });

  test.skipIf(!installed)('the embedding model comes from a folder where one is given', async () => {
    await start();
    const from = join(home, 'usb');
    writeTinyModel(from, 'all-MiniLM-L6-v2', { rain: [1] });
    const { exitCode, stdout } = await revsync(['setup', '--yes', '--json', '--skip-model', '--models-from', from]);
    expect([exitCode, statusOf(parsed<Health>(stdout))['embedding.model']]).toEqual([0, 'ok']);
    const bad = await revsync(['setup', '--yes', '--json', '--skip-model', '--models-from', join(home, 'nowhere')]);
    expect([bad.exitCode, statusOf(parsed<Health>(bad.stdout))['embedding.model']]).not.toEqual([0, 'ok']);
    // Whole by its size, and no graph: only a first sentence tells.
    writeFileSync(join(from, 'all-MiniLM-L6-v2/onnx/model_quantized.onnx'), Buffer.alloc(1_100_000, 7));
    const broken = await revsync(['setup', '--yes', '--json', '--skip-model', '--models-from', from]);
    expect([broken.exitCode, statusOf(parsed<Health>(broken.stdout))['embedding.model']]).toEqual([1, 'failed']);
  });
});

describe('doctor', () => {
  test('json with every check; a monitor reads the exit code', async () => {
    await start();
    const { exitCode, stdout, stderr } = await revsync(['doctor', '--json']);
    const health = parsed<Health>(stdout);
    expect([exitCode, health.ready, stderr]).toEqual([0, true, '']);
    expect(Object.keys(statusOf(health))).toEqual(
      expect.arrayContaining(['ollama.daemon', 'model.present', 'model.memory', 'model.answer', 'model.timeLimit']),
    );
    expect(existsSync(join(home, 'data/revsync/revsync.db'))).toBe(false);
  });

  test('--no-ask loads nothing', async () => {
    await start();
    const { exitCode, stdout } = await revsync(['doctor', '--json', '--no-ask']);
    expect([exitCode, statusOf(parsed<Health>(stdout))['model.answer'], fake.count('/api/chat')]).toEqual([
      0,
      'skipped',
      0,
    ]);
  });

  test('no server, and something else on its port', async () => {
    await start();
    await fake.stop();
    const none = await revsync(['doctor', '--json']);
    expect([none.exitCode, statusOf(parsed<Health>(none.stdout))['ollama.daemon']]).toEqual([1, 'failed']);
    const other = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const wrong = await revsync(['doctor', '--json'], { OLLAMA_HOST: host });
    other.close();
    const health = parsed<Health>(wrong.stdout);
    expect([wrong.exitCode, health.ready, health.next]).toEqual([1, false, 'revsync setup']);
    expect(health.checks[0]!.message).toContain('LLM_NOT_OLLAMA');
  });

  test('a slow machine: the limit does not hold, and analyses then send less', async () => {
    await start({ speed: { prompt: 30, answer: 20 } });
    await revsync(['setup', '--yes', '--json']);
    const { stdout } = await revsync(['doctor', '--json']);
    const limit = parsed<Health>(stdout).checks.find((c) => c.id === 'model.timeLimit')!;
    expect([limit.status, limit.hint]).toEqual([
      'warning',
      expect.stringContaining('shrinks the evidence to 300 tokens'),
    ]);
    const tune = join(PROJECT, 'fixtures/example/track-day.bin');
    const asked = fake.count('/api/chat');
    const run = await revsync(['analyze', tune, '--engine', 'llm', '--format', 'json']);
    const question = fake.requests.filter((r) => r.path === '/api/chat')[asked]!;
    const text = JSON.stringify(question.body['messages']);
    expect(text.slice(text.lastIndexOf('<<<EVIDENCE')).length).toBeLessThan(1_100);
    expect(run.stdout.length).toBeGreaterThan(1_000);
  });
});

describe('models', () => {
  const models = (stdout: string): { name: string }[] => parsed<{ models: { name: string }[] }>(stdout).models;

  test('list, pull, use, create, remove in JSON: each prints what is so afterwards, and nothing else', async () => {
    await start({ registry: { 'small:1b': { ...MISTRAL, ...SMOLLM } } });
    const json = ['--format', 'json'];
    const pulled = await revsync(['models', 'pull', 'small:1b', ...json]);
    expect([pulled.exitCode, models(pulled.stdout).map((m) => m.name)]).toEqual([0, ['small:1b']]);
    const used = await revsync(['models', 'use', 'small:1b', ...json]);
    const settings = join(home, 'config/revsync/config.yaml');
    expect(models(used.stdout)).toEqual([{ name: 'small:1b', settings, overriddenBy: null }]);
    expect(readFileSync(settings, 'utf8')).toContain('mistralModel: small:1b');
    const overridden = await revsync(['models', 'use', 'small:1b', ...json], { MISTRAL_MODEL: 'x' });
    expect(models(overridden.stdout)).toMatchObject([{ overriddenBy: 'MISTRAL_MODEL' }]);
    const list = await revsync(['models', 'list', ...json]);
    expect((await revsync(['models', ...json])).stdout).toBe(list.stdout);
    expect(models(list.stdout)).toMatchObject([
      { name: 'mistral:7b', chosen: false },
      { name: 'small:1b', chosen: true },
    ]);
    writeFileSync(join(home, 'w.gguf'), 'GGUF weights');
    const made = await revsync(['models', 'create', 'mine', '--from', 'w.gguf', ...json]);
    expect([made.exitCode, models(made.stdout).map((m) => m.name)]).toEqual([0, ['mine:latest']]);
    const removed = await revsync(['models', 'remove', 'mine', ...json]);
    expect(models(removed.stdout)).toEqual([{ name: 'mine', host: fake.url, removed: true }]);
    expect(fake.models.has('mine:latest')).toBe(false);
  });

  test('without a format, use and remove say it on stderr alone', async () => {
    await start();
    expect(await revsync(['models', 'use', 'mistral:7b'])).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await revsync(['models', 'remove', 'mistral:7b'])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringContaining('mistral:7b is removed'),
    });
  });

  test.each([
    ['a model that is not there', ['remove', 'nobody'], 'LLM_MODEL_MISSING'],
    ['a name that is none', ['use', 'a b'], 'LLM_MODEL_INVALID'],
    ['a file that is not there', ['create', 'x', '--from', './nothing.gguf'], 'FILE_NOT_FOUND'],
    ['a model that the library has not', ['pull', 'nobody:1b'], 'PULL_NOT_FOUND'],
  ])('%s: exit 2 and its code', async (_, args, code) => {
    await start();
    const { exitCode, stdout, stderr } = await revsync(['models', ...args, '--format', 'json']);
    expect([exitCode, `${stdout}${stderr}`]).toEqual([2, expect.stringContaining(code)]);
  });
});
