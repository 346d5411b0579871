import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RevsyncError } from '../core/errors.ts';
import { outputFailed, readAnyFile, readRegular, WholeFile, writeWhole } from './files.ts';
import { filesBelow } from './walk.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const fault = (why: string, kind: string): RevsyncError => new RevsyncError(kind, why, '');
const pipe = (name: string): string => {
  execFileSync('mkfifo', [at(name)]);
  return at(name);
};

describe('reading', () => {
  test.each([
    ['a file that there is not', () => at('none'), 'missing'],
    ['a folder', () => folder, 'folder'],
    ['a pipe that nobody writes to', () => pipe('quiet'), 'notRegular'],
    ['a device', () => '/dev/zero', 'notRegular'],
  ])('%s beside a tune never holds the run up', (_, path, code) => {
    expect(() => readRegular(path(), 100, fault)).toThrow(expect.objectContaining({ code }));
  });

  test('a file that is larger than it may be is not read', () => {
    writeFileSync(at('large'), '');
    truncateSync(at('large'), 2 ** 40);
    expect(() => readRegular(at('large'), 1000, fault)).toThrow('it is larger than 0 KiB');
  });

  test.runIf(process.platform === 'linux')('a file of no size that holds something, as those of /proc', () => {
    expect(new TextDecoder().decode(readRegular('/proc/self/status', 1_000_000, fault))).toContain('Name:');
  });

  test('an endless device that was named ends at the limit', async () => {
    await expect(readAnyFile('/dev/zero', 3_000_000, fault)).rejects.toMatchObject({ code: 'tooLarge' });
  });

  test('a pipe that was named is read to its end', async () => {
    const path = pipe('fed');
    spawn('sh', ['-c', `{ printf one; sleep 0.1; printf two; } > '${path}'`], { stdio: 'ignore' });
    expect(new TextDecoder().decode(await readAnyFile(path, 100, fault))).toBe('onetwo');
  });

  test('waiting for a pipe ends with the signal', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 60);
    await expect(readAnyFile(pipe('waited'), 100, fault, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('writing', () => {
  test('whole or not at all, with the rights that the old one had; nothing is left beside it', () => {
    mkdirSync(at('out'));
    writeFileSync(at('out/report'), 'old');
    chmodSync(at('out/report'), 0o600);
    const file = new WholeFile(at('out/report'));
    file.write('half');
    expect(readFileSync(at('out/report'), 'utf8')).toBe('old');
    file.abandon();
    expect(readdirSync(at('out'))).toEqual(['report']);
    writeWhole(at('out/report'), 'new');
    expect(readFileSync(at('out/report'), 'utf8')).toBe('new');
    expect(statSync(at('out/report')).mode & 0o777).toBe(0o600);
    expect(readdirSync(at('out'))).toEqual(['report']);
  });

  test('two at once do not share a half', () => {
    const [one, two] = [new WholeFile(at('shared')), new WholeFile(at('shared'))];
    one.write('one');
    two.write('two');
    one.commit();
    two.commit();
    expect(readFileSync(at('shared'), 'utf8')).toBe('two');
  });

  test('a link is followed, a device is written to and stays one', () => {
    writeFileSync(at('real'), 'old');
    symlinkSync('real', at('link'));
    writeWhole(at('link'), 'new');
    expect(readFileSync(at('real'), 'utf8')).toBe('new');
    writeWhole('/dev/null', 'gone');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test.runIf(process.platform === 'linux')('a full disk leaves the old file and is named', () => {
    try {
      writeWhole('/dev/full', 'x');
      expect.unreachable();
    } catch (error) {
      expect(outputFailed('report.json', error)).toMatchObject({
        code: 'OUTPUT_FAILED',
        message: '"report.json" cannot be written (ENOSPC)',
      });
    }
  });
});

test('a folder of links to itself is walked once; what cannot be read is named', () => {
  mkdirSync(at('tree/inside'), { recursive: true });
  for (const name of ['one', 'two', 'inside/three']) symlinkSync(at('tree'), at(`tree/${name}`));
  symlinkSync('nowhere', at('tree/dangling'));
  writeFileSync(at('tree/inside/b.bin'), '');
  writeFileSync(at('tree/a.bin'), '');
  pipe('tree/pipe');
  expect(filesBelow(at('tree'), 10)).toEqual({
    files: ['a.bin', 'inside/b.bin'],
    unreadable: ['dangling', 'pipe'],
    cut: false,
  });
  expect(filesBelow(at('tree'), 1).cut).toBe(true);
});
