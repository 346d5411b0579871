/** A file that holds more or less than the memory of the ECU: read where an id proves it, else refused; values are never read beside it. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyzeFiles } from '../app/analyze.ts';
import { decodeInput } from '../app/decode-file.ts';
import { noDefinition } from '../app/no-definition.ts';
import { NOBODY, RULES_ALONE } from '../app/quiet-analysis.ts';
import { inputFromBytes, sha256 } from '../app/read-input.ts';
import { bundledDefinitions } from '../app/resolve-definition.ts';
import type { Image } from '../core/model.ts';
import { analyzeOne, CORPUS, PROJECT } from './analyze-in-process.ts';

const DEFINITION = 'fixtures/example/track-day.yaml';
const plain = new Uint8Array(readFileSync('fixtures/example/track-day.bin'));
const ID_AT = 0xf80;

const around = { flags: { store: false }, env: {}, cwd: process.cwd() };
const ask = {
  definition: DEFINITION,
  shiftBytes: 0,
  roles: [],
  warn: () => undefined,
  readStdin: async () => new Uint8Array(),
};
const decoded = (bytes: Uint8Array) => decodeInput(inputFromBytes(bytes), ask, around);
const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((p) => Array.from(p)));
const noise = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => ((i + seed) * 2_654_435_761) >>> 24);
const blank = (length: number): Uint8Array => new Uint8Array(length).fill(0xff);
const swapped = (bytes: Uint8Array): Uint8Array => bytes.map((_, i) => bytes[i ^ 1]!);
const cellsOf = (maps: readonly { id: string; cells: Float64Array }[]) => maps.map((m) => [m.id, Array.from(m.cells)]);

const reference = await decoded(plain);

/** The file, where the memory begins in it, and what is said first. */
const WHOLE: [string, Uint8Array, number, string][] = [
  ['a header of 64 bytes', joined(noise(64), plain), 64, '64 bytes before it'],
  ['a header of 7 bytes', joined(noise(7), plain), 7, '7 bytes before it'],
  ['a header that names the id', joined(new TextEncoder().encode('EXAMPLE1 dump v1'), plain), 16, '16 bytes before it'],
  ['a trailer', joined(plain, noise(48)), 0, '48 bytes after it'],
  ['a header and a trailer', joined(noise(16), plain, noise(32)), 16, '16 bytes before it and 32 bytes after it'],
  ['a chip read as one twice as large', joined(plain, blank(plain.length)), 0, '32768 bytes after it'],
  ['the same twice', joined(plain, plain), 0, '32768 bytes after it'],
  ['blank space before it', joined(blank(plain.length), plain), 32_768, '32768 bytes before it'],
  ['an EEPROM after it', joined(plain, noise(512), blank(1_536)), 0, '2048 bytes after it'],
];

describe('the memory somewhere in a larger file', () => {
  test.each(WHOLE)('%s: the same maps, verified, at their places in the file', async (_, bytes, offset, text) => {
    const { tune, candidate, image } = await decoded(bytes);
    expect(cellsOf(tune.maps)).toEqual(cellsOf(reference.tune.maps));
    expect(tune.maps.map((m) => m.confidence)).toEqual(reference.tune.maps.map((m) => m.confidence));
    expect(tune.maps.map((m) => m.at?.offsetBytes)).toEqual(reference.tune.maps.map((m) => m.at!.offsetBytes + offset));
    expect(candidate?.fit.verdict).toBe('fits');
    expect(candidate?.fit.evidence[0]).toContain(text);
    expect(tune.warnings.some((w) => w.includes(text))).toBe(true);
    expect(sha256(image!.segments[0]!.bytes)).toBe(sha256(plain));
  });

  test('the verdict is that of the image alone', async () => {
    const [alone, inside] = [
      await analyzeOne('-', { definition: DEFINITION }, plain),
      await analyzeOne('-', { definition: DEFINITION }, joined(noise(64), plain)),
    ];
    expect(inside.scores.safety).toEqual(alone.scores.safety);
    expect(inside.findings.map((f) => [f.id, f.status])).toEqual(alone.findings.map((f) => [f.id, f.status]));
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['four bytes too many at its head', joined(noise(4), plain), /4 bytes too many/],
    ['four bytes too many, and its end lost', joined(noise(4), plain).slice(0, plain.length), /only a part/],
    ['four bytes lost at its head', plain.slice(4), /only a part/],
    ['four bytes lost at its end', plain.slice(0, -4), /only a part/],
  ])('%s: read and shown, and no number', async (_, bytes, reason) => {
    const report = await analyzeOne('-', { definition: DEFINITION }, bytes);
    expect(report.outcome).toBe('notEnoughData');
    expect(report.scores.safety).toMatchObject({ value: null, reason: expect.stringMatching(reason) });
    expect(report.findings.some((f) => f.status === 'fail')).toBe(true);
  });

  test('exchanged bytes behind a header are read, and get no number', async () => {
    const report = await analyzeOne('-', { definition: DEFINITION }, joined(noise(64), swapped(plain)));
    expect(report.definition?.evidence[0]).toMatch(/two bytes of each word exchanged, and .*64 bytes before it/);
    expect(report.scores.safety).toMatchObject({ value: null, reason: expect.stringContaining('starts no ECU') });
  });

  test('two that differ: which is meant is not guessed', async () => {
    const other = plain.slice();
    other[0x1100] = other[0x1100]! ^ 1;
    const report = await analyzeOne('-', { definition: DEFINITION }, joined(plain, other));
    expect(report.scores.safety.value).toBeNull();
    expect(report.definition?.verdict).not.toBe('fits');
    expect(JSON.stringify(report.definition?.evidence)).toContain(
      '2 images of this software that differ, at 0x0, 0x8000',
    );
  });
});

describe('a part of the memory', () => {
  test('what is there is read, what lacks is not decoded', async () => {
    const end = 0x1812;
    const { tune, candidate } = await decoded(plain.slice(0, end));
    expect(candidate?.fit.verdict).toBe('fits');
    expect(candidate?.fit.evidence[0]).toContain('holds only 0x0 to 0x1811 of an image of 32768 bytes');
    const there = reference.tune.maps.filter((m) => m.at!.offsetBytes < end);
    expect(there.map((m) => m.title)).toEqual([
      'Spark advance',
      'Lambda target',
      'Fuel',
      'Rev limiter',
      'Fan on and off',
    ]);
    expect(cellsOf(tune.maps)).toEqual(cellsOf(there));
    expect(tune.undecoded.map((u) => u.title)).toEqual(['Throttle plates', 'Coil dwell']);
  });

  test('the beginning is missing: places are those of the file', async () => {
    const { tune, candidate } = await decoded(plain.slice(0x800));
    expect(candidate?.fit.evidence[0]).toContain('holds only 0x800 to 0x7FFF');
    expect(cellsOf(tune.maps)).toEqual(cellsOf(reference.tune.maps));
    expect(tune.maps[0]?.at?.offsetBytes).toBe(reference.tune.maps[0]!.at!.offsetBytes - 0x800);
  });

  test('a stretch that was not read holds no limiter, and no number comes of it', async () => {
    const bytes = plain.slice();
    bytes.fill(0xff, 0x1780, 0x1900);
    const report = await analyzeOne('-', { definition: DEFINITION }, bytes);
    expect(report.scores.safety.value).toBeNull();
    expect(report.coverage.areas.find((a) => a.id === 'revLimiter')?.judged).toBe(false);
    bytes.fill(0, 0x1780, 0x1900);
    expect(report.tune.undecoded.find((u) => u.title === 'Rev limiter')?.reason).toContain('blank bytes (0xFF)');
    const zeros = await analyzeOne('-', { definition: DEFINITION }, bytes);
    expect(zeros.coverage.areas.find((a) => a.id === 'revLimiter')?.judged).toBe(false);
  });

  test('one chip of two is told by half of its id', async () => {
    const definitions = await bundledDefinitions(null);
    const bking = definitions.find((d) => d.id === 'suzuki-bking-dj47se01')!;
    const bytes = noise(524_288);
    bytes.set(new TextEncoder().encode('J7E1'), 0xffff0 / 2);
    const image: Image = { segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } };
    const fit = { verdict: 'mismatch', goodTables: 0, badTables: 1, damagedTables: 0, identifiers: [], evidence: [] };
    const half = { definition: bking, origin: 'bundled', path: null, image, fit: fit as never } as const;
    const error = noDefinition({ image, imagePath: 'half.bin', ranked: [], inside: [half], beside: null });
    expect(error.hint).toContain('every second byte of the image of suzuki-bking-dj47se01 (the odd ones)');
  });
});

describe('an id that stands where the tables do not', () => {
  test.each([2, 4, 16, -4])('a calibration moved by %i bytes under its id is not read', async (by) => {
    const moved = plain.slice();
    for (let at = 0x1000; at < 0x2000; at++) moved[at] = plain[at - by]!;
    const report = await analyzeOne('-', { definition: DEFINITION }, moved);
    expect(report.scores.safety.value).toBeNull();
    expect(report.definition?.verdict).not.toBe('fits');
  });

  test('noise around it is no image of that software', async () => {
    const bytes = joined(noise(ID_AT), new TextEncoder().encode('EXAMPLE1'), new Uint8Array(plain.length - ID_AT - 8));
    const report = await analyzeOne('-', { definition: DEFINITION }, bytes);
    expect(report).toMatchObject({ outcome: 'refused', refusal: { code: 'DEFINITION_MISMATCH' } });
    expect(JSON.stringify(report.definition?.evidence)).toContain('its id EXAMPLE1 is there, but');
  });
});

describe.skipIf(!existsSync(CORPUS))('an unknown image: what it most likely is (needs ../shared/corpus)', () => {
  const corpus = (path: string): Uint8Array => new Uint8Array(readFileSync(CORPUS + path));
  const refusalOf = async (bytes: Uint8Array) => (await analyzeOne('-', {}, bytes)).refusal!;

  test.each([
    ['bin-codedef/honda-cbr250rr-k64/38770-K64-N01.bin', 'honda-38770-k64-n04'],
    ['bin-nodef/honda-keihin/38770-MJW-T11.bin', 'honda-38770-mjw-a301'],
  ])('%s is another revision of %s, and the command that moves the definition is named', async (path, id) => {
    const { code, hint } = await refusalOf(corpus(path));
    expect(code).toBe('NO_DEFINITION');
    expect(hint).toContain(`It resembles ${id}: another software revision, whose places are moved`);
    expect(hint).toContain(`revsync definitions move ${id} FILE -o FILE.yaml`);
  });

  test('a sister that is not known names the nearest one by its id, and is not read', async () => {
    const bytes = corpus('bin-codedef/suzuki-ecueditor/gixxerk9-DJB5SE01.bin');
    bytes.set(new TextEncoder().encode('DJB5SE99'), 0xffff0);
    const { code, hint } = await refusalOf(bytes);
    expect(code).toBe('NO_DEFINITION');
    expect(hint).toMatch(/stand as in suzuki-gsxr1000-djb5se\d\d, and that it is the same software is not proven/);
    const named = await analyzeOne('-', { definition: 'suzuki-gsxr1000-djb5se01' }, bytes);
    expect(named.definition?.verdict).toBe('uncertain');
    expect(named.scores.safety.value).toBeNull();
  });

  test('a read that broke off before the id is said to be one', async () => {
    const { hint } = await refusalOf(corpus('bin-codedef/hayabusa-gen2-k8/K8.bin').slice(0, 900_000));
    expect(hint).toContain('a part of the image of suzuki-hayabusa-dj18se11, which has 1048576 bytes');
  });

  test('two ECUs in one file are a question', async () => {
    const both = joined(
      corpus('xdf-bin/msx125-k26-b13/38770-K26-B13.bin'),
      corpus('xdf-bin/z125-k0f/38770-K0F-A01.bin'),
    );
    const refusal = await refusalOf(both);
    expect(refusal.code).toBe('SEVERAL_IMAGES');
    expect(refusal.message).toContain('honda-38770-k26-b13 at 0x0');
    expect(refusal.message).toContain('honda-38770-k0f-a01 at 0x10000');
    const one = await analyzeOne('-', { definition: 'honda-38770-k0f-a01' }, both);
    expect(one.scores.safety.value).not.toBeNull();
  });

  test('Ctrl-C at the question for the motorcycle ends the run', async () => {
    const cancelled = Object.assign(new Error('closed'), { name: 'ExitPromptError' });
    const request = { ...RULES_ALONE, cwd: PROJECT, paths: [`${CORPUS}buell-eeprom/bueib/BUEIB.eeprom`] };
    const askBike = async (): Promise<string | null> => {
      throw cancelled;
    };
    await expect(analyzeFiles(request, { ...NOBODY, askBike })).rejects.toBe(cancelled);
  });
});

test('no id of a calibration is claimed by two bundled definitions', async () => {
  const owners = new Map<string, string>();
  for (const { id, identifiers } of await bundledDefinitions(null)) {
    for (const { text, address } of identifiers) {
      expect([text, owners.get(`${text} ${address}`)]).toEqual([text, undefined]);
      owners.set(`${text} ${address}`, id);
    }
  }
  expect(owners.size).toBeGreaterThanOrEqual(30);
});

test('a bundled definition is named by its id', async () => {
  const report = await analyzeOne('-', { definition: 'suzuki-bking-dj47se01' }, noise(1_048_576));
  expect(report.refusal?.code).toMatch(/DEFINITION_MISMATCH|NO_STRUCTURE/);
  await expect(decodeInput(inputFromBytes(plain), { ...ask, definition: 'no-such-id' }, around)).rejects.toMatchObject({
    code: 'DEFINITION_NOT_FOUND',
  });
});
