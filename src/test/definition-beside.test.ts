/** A definition under another name in the folder of an image: never taken unasked, but named where nothing else is known. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { analyzeOne, PROJECT } from './analyze-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-beside-'));
afterAll(() => rmSync(folder, { recursive: true }));
const example = `${PROJECT}fixtures/example/`;

test('it is named in the refusal, as a command that works, blanks and all', async () => {
  const image = join(folder, 'my tune.bin');
  copyFileSync(`${example}stock.bin`, image);
  expect((await analyzeOne(image)).refusal).toMatchObject({
    code: 'NO_DEFINITION',
    message: expect.stringMatching(/this image of \d+ KiB/),
    hint: expect.stringMatching(/^Give one with --definition/),
  });
  copyFileSync(`${example}stock.yaml`, join(folder, 'other.yaml'));
  const { outcome, refusal } = await analyzeOne(image);
  expect([outcome, refusal?.hint]).toEqual([
    'refused',
    expect.stringContaining(`revsync analyze '${image}' --definition `),
  ]);
  expect(refusal?.hint).toContain(join(folder, 'other.yaml'));
  expect((await analyzeOne(image, { definition: join(folder, 'other.yaml') })).outcome).toBe('analysed');
});

test('one that does not fit is not named', async () => {
  const image = join(folder, 'short.bin');
  copyFileSync(`${PROJECT}fixtures/intel-hex/two-pieces.hex`, image);
  expect((await analyzeOne(image)).refusal?.hint).not.toContain('other.yaml');
});
