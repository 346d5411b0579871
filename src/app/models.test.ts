/** Models: created from files, chosen, measured, removed; on the fake. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseModelfile } from '../llm/modelfile.ts';
import { FakeOllama } from '../llm/testing/fake-ollama.ts';
import { MISTRAL } from '../llm/testing/fake-shapes.ts';
import { createModel, fetchModel, listModels, memoryNeeds, removeModel, useModel } from './models.ts';
import { loadSettings } from './settings.ts';

let folder = '';
let fake: FakeOllama;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'revsync-models-'));
  fake = await FakeOllama.start({ registry: { 'mistral:7b': MISTRAL, 'small:1': MISTRAL } });
});
afterEach(async () => {
  await fake.stop();
  rmSync(folder, { recursive: true, force: true });
});
const settingsOf = () =>
  loadSettings({ env: { OLLAMA_HOST: fake.host, XDG_CONFIG_HOME: folder }, cwd: folder, flags: {} });

test('a Modelfile with adapter, quotes and parameters becomes the body of /api/create; files are sent once', async () => {
  writeFileSync(join(folder, 'w.gguf'), 'GGUF weights');
  writeFileSync(join(folder, 'lora.gguf'), 'GGUF adapter');
  const modelfile = join(folder, 'Modelfile');
  writeFileSync(
    modelfile,
    '# mine\nFROM ./w.gguf\nADAPTER lora.gguf\nPARAMETER temperature 0.2\nPARAMETER stop "[INST]"\nPARAMETER stop 7\nSYSTEM """You are\na mechanic."""\nTEMPLATE "{{ .Prompt }}"\n',
  );
  const hooks = { say: () => undefined, signal: new AbortController().signal };
  await createModel(await settingsOf(), 'mine', { modelfile }, hooks);
  await createModel(await settingsOf(), 'mine', { modelfile }, hooks);
  expect(fake.requests.filter((r) => r.method === 'POST' && r.path.startsWith('/api/blobs/')).length).toBe(2);
  const { files, adapters, ...rest } = fake.requests.find((r) => r.path === '/api/create')!.body;
  expect([Object.keys(files as object), Object.keys(adapters as object)]).toEqual([['w.gguf'], ['lora.gguf']]);
  expect(rest).toEqual({
    model: 'mine',
    stream: true,
    system: 'You are\na mechanic.',
    template: '{{ .Prompt }}',
    parameters: { temperature: 0.2, stop: ['[INST]', '7'] },
  });
  expect((await listModels(await settingsOf())).map((m) => [m.name, m.chosen])).toEqual([
    ['mistral:7b', true],
    ['mine:latest', false],
  ]);
  await removeModel(await settingsOf(), 'mine');
  expect(fake.models.has('mine:latest')).toBe(false);
});

test.each([
  ['PARAMETER a 1', 'no FROM'],
  ['FROM x\nSYSTEM """open', 'not closed'],
  ['FROM x\nRUN rm', 'no word'],
  ['FROM', 'no value'],
])('%j is refused', (text, why) => {
  expect(() => parseModelfile(text)).toThrow(
    expect.objectContaining({ code: 'MODELFILE_INVALID', message: expect.stringContaining(why) }),
  );
});

test('a file that is not there is named, nothing is sent', async () => {
  const hooks = { say: () => undefined, signal: new AbortController().signal };
  await expect(
    createModel(await settingsOf(), 'x', { gguf: join(folder, 'no.gguf'), adapter: null }, hooks),
  ).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  expect(fake.count('/api/create')).toBe(0);
});

test('use keeps what else stands in the settings; pull brings a model; memory grows by 128 KiB a token', async () => {
  writeFileSync(join(folder, 'note'), '');
  const path = await useModel({ XDG_CONFIG_HOME: folder }, 'mistral:7b');
  writeFileSync(path, `# my own words\nminSafetyScore: 70\n${readFileSync(path, 'utf8')}`);
  await useModel({ XDG_CONFIG_HOME: folder }, 'small:1');
  expect(readFileSync(path, 'utf8')).toBe('# my own words\nminSafetyScore: 70\nmistralModel: small:1\n');
  expect((await settingsOf()).mistralModel.value).toBe('small:1');
  const [pulled] = await fetchModel(await settingsOf(), 'small:1', {});
  expect([pulled?.retries, fake.models.has('small:1')]).toEqual([0, true]);
  const need = (await memoryNeeds(await settingsOf(), 6e9)).find((m) => m.name === 'small:1');
  expect(need?.needs.map((n) => [n.contextTokens, n.contextBytes, n.fits])).toEqual([
    [2_048, 2_048 * 131_072, true],
    [4_096, 4_096 * 131_072, true],
    [8_192, 8_192 * 131_072, true],
    [16_384, 16_384 * 131_072, false],
    [32_768, 32_768 * 131_072, false],
  ]);
});
