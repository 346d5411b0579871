import { describe, expect, test } from 'vitest';
import { captureIo } from '../dev/hostile/capture.ts';
import { guarded, harmless } from './harmless.ts';
import { run } from './main.ts';

const HOSTILE = '\u001b]0;owned\u0007\u009b31m\u202e\u0000\u007f\u061c\ud800 \r\u2028';
// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u;

describe('what leaves the program', () => {
  test('nothing acts, and every character is still to be seen', () => {
    const text = harmless(`a${HOSTILE}b 漢字🏍\tc\n`);
    expect(text).not.toMatch(ACTIVE);
    expect(text).toBe(
      'a\\u001b]0;owned\\u0007\\u009b31m\\u202e\\u0000\\u007f\\u061c\\ud800 \\u000d\\u2028b 漢字🏍\tc\n',
    );
  });

  test('JSON is the same JSON: C1, DEL and directions, which JSON.stringify leaves as they are', () => {
    const document = { [HOSTILE]: [HOSTILE, '🏍 ° λ'] };
    const text = JSON.stringify(document, null, 2);
    expect(text).toMatch(ACTIVE);
    expect(harmless(text)).not.toMatch(ACTIVE);
    expect(JSON.parse(harmless(text))).toEqual(document);
  });

  test('colours leave only where a view painted them', () => {
    expect(harmless('\u001b[31mred\u001b[0m\u001b[2J', true)).toBe('\u001b[31mred\u001b[0m\\u001b[2J');
    expect(harmless('\u001b[31mred')).toBe('\\u001b[31mred');
  });

  test('a progress line may clear itself, and nothing more', () => {
    const io = captureIo('.', {});
    guarded(io).err('\r\u001b[Kanalysing 1\r\u001b[K');
    expect(io.stderr).toBe('\r\u001b[Kanalysing 1\\u000d\\u001b[K');
  });
});

test.each([
  ['an option that there is not', ['analyze', `--${HOSTILE}`]],
  ['a file that there is not', ['maps', HOSTILE, '--no-store']],
  ['the same as JSON', ['maps', HOSTILE, '--no-store', '--format', 'json']],
  ['a rule', ['rules', 'show', HOSTILE]],
  ['a motorcycle', ['bikes', HOSTILE]],
  ['explain', ['explain', HOSTILE]],
  ['a definition', ['definitions', 'show', HOSTILE, '--no-store']],
])('errors repeat what they were given, harmlessly: %s', async (_, args) => {
  const io = captureIo(process.cwd(), { XDG_CONFIG_HOME: '/nonexistent', XDG_DATA_HOME: '/nonexistent' });
  await run(args, io);
  expect(io.exitCode).toBe(2);
  expect(io.stderr).not.toBe('');
  expect(io.stderr + io.stdout).not.toMatch(ACTIVE);
});
