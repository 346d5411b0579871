import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readSidecar, sidecarOf } from './sidecar.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-sidecar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('a sidecar', () => {
  test('is found by the whole name or the stem, and not for standard input', () => {
    write('a.bin.revsync.yaml', '');
    write('b.revsync.yaml', '');
    expect(sidecarOf('a.bin', folder)).toBe(join(folder, 'a.bin.revsync.yaml'));
    expect(sidecarOf('b.bin', folder)).toBe(join(folder, 'b.revsync.yaml'));
    expect([sidecarOf('c.bin', folder), sidecarOf('-', folder)]).toEqual([null, null]);
  });

  test('that is a folder or a pipe is none, and is not waited for', async () => {
    mkdirSync(join(folder, 'd.revsync.yaml'));
    await expect(readSidecar(join(folder, 'd.revsync.yaml'))).rejects.toMatchObject({ code: 'SIDECAR_INVALID' });
    if (process.platform !== 'win32') {
      execFileSync('mkfifo', [join(folder, 'p.revsync.yaml')]);
      await expect(readSidecar(join(folder, 'p.revsync.yaml'))).rejects.toMatchObject({ code: 'SIDECAR_INVALID' });
    }
  });

  test('says what it is', async () => {
    const text =
      'title: T\nnotes: N\nrole: stock\nmotorcycle: M\nfuel: {ron: 98, ethanolPercent: 10}\nmods: pipe, filter\ntags: [a]';
    expect(await readSidecar(write('x.yaml', text))).toEqual({
      title: 'T',
      notes: 'N',
      role: 'stock',
      motorcycle: 'M',
      ron: 98,
      ethanolPercent: 10,
      mods: ['pipe', 'filter'],
      tags: ['a'],
    });
  });

  test.each([
    ['an unknown field', 'colour: red', 'colour'],
    ['a wrong role', 'role: racing', 'stock, tuned'],
    ['a wrong octane', 'fuel: {ron: 9000}', 'ron'],
    ['no text', 'title: [1]', 'title'],
    ['a list', '- a', 'field'],
    ['an alias bomb', 'a: &a [x]\nb: [*a, *a]', ''],
    ['too long a title', `title: ${'x'.repeat(500)}`, '200'],
    ['too large a file', `notes: ${'x'.repeat(70_000)}`, 'KiB'],
    ['no YAML', 'title: "', ''],
  ])('with %s is refused with the place', async (_, text, said) => {
    await expect(readSidecar(write('bad.yaml', text))).rejects.toMatchObject({
      code: 'SIDECAR_INVALID',
      message: expect.stringContaining(said),
    });
  });
});
