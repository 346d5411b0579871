import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const env = { XDG_CONFIG_HOME: join(folder, 'none'), XDG_DATA_HOME: join(folder, 'none') };

describe('a project file of a stranger', () => {
  test.each([
    ['a section where a value belongs', 'minSafetyScore: { toString: 5 }', /minSafetyScore: expected one value/],
    ['a list', 'db: [a, b]', /db: expected one value/],
    ['a word of JavaScript', 'constructor: 5', /there is no setting "constructor"/],
    ['its prototype', '__proto__: { minSafetyScore: 0 }', /there is no setting "__proto__"/],
    ['a bomb of aliases', 'a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]', /Alias/],
    ['ten thousand brackets', `db: ${'['.repeat(10_000)}`, /nested too deep/],
    ['more than any settings', `# ${'x'.repeat(5_000_000)}`, /larger than 4 MiB/],
    ['a key as long as a book', `${'k'.repeat(900_000)}: 1`, /^.{1,9000}$/s],
  ])('%s', async (_, text, message) => {
    writeFileSync(join(folder, '.revsync.yaml'), text);
    const loading = loadSettings({ env, cwd: folder, flags: {} });
    await expect(loading).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) });
  });
});

describe("a project file that came with a stranger's tunes", () => {
  test.each([
    [
      'asks a server elsewhere',
      'ollamaHost: http://example.com:11434',
      /ollamaHost: a project file names no server on another machine/,
    ],
    ['asks one here and one elsewhere', 'ollamaHost: 127.0.0.1,10.0.0.9', /no server on another machine/],
    ['lets a cloud model answer', 'allowRemoteModel: true', /cannot let data leave this machine/],
    ['writes elsewhere', 'db: ../elsewhere.db', /db: a project file names no place outside of its folder/],
    ['writes to a place of the machine', 'db: /var/tmp/elsewhere.db', /no place outside of its folder/],
    ['loads a model from elsewhere', 'models: /tmp/models', /models: a project file names no place outside/],
  ])('%s: it does not', async (_, text, message) => {
    writeFileSync(join(folder, '.revsync.yaml'), text);
    await expect(loadSettings({ env, cwd: folder, flags: {} })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    });
  });

  test('what stays here is taken; the user may name what he likes', async () => {
    const text = 'ollamaHost: "localhost:9,[::1]"\nallowRemoteModel: false\ndb: ./library/own.db\n';
    writeFileSync(join(folder, '.revsync.yaml'), text);
    const own = await loadSettings({ env, cwd: folder, flags: {} });
    expect([own.ollamaHost.value, own.db.value]).toEqual(['localhost:9,[::1]', './library/own.db']);
    const said = await loadSettings({
      env: { ...env, OLLAMA_HOST: 'gpu.lan', REVSYNC_DB: '/a/b' },
      cwd: folder,
      flags: {},
    });
    expect([said.ollamaHost.value, said.db.value]).toEqual(['gpu.lan', '/a/b']);
  });
});
