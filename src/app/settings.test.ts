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
