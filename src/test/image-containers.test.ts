/** The same memory in every container and order of bytes gives the same maps; containers written by other programs are read byte for byte. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeInput } from '../app/decode-file.ts';
import { inputFromBytes } from '../app/read-input.ts';
import { ARRANGEMENTS, fileOffsetOf } from '../core/arrangements.ts';
import { format as hex } from '../formats/intel-hex/index.ts';
import { format as srec } from '../formats/s-record/index.ts';
import { CORPUS } from './analyze-in-process.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const folder = mkdtempSync(join(tmpdir(), 'revsync-containers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const has = (tool: string): boolean => spawnSync(tool, ['--version']).status === 0;
const [objcopy, srecCat] = [has('objcopy'), has('srec_cat')];

/** A raw file as Intel HEX, by our own hand. */
function asHex(bytes: Uint8Array, base: number): Uint8Array {
  const record = (type: number, address: number, data: Uint8Array): string => {
    const all = [data.length, (address >> 8) & 0xff, address & 0xff, type, ...data];
    return `:${[...all, -all.reduce((a, b) => a + b, 0) & 0xff].map((b) => b.toString(16).padStart(2, '0')).join('')}`;
  };
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const high = Math.floor((base + at) / 65_536);
    if ((base + at) % 65_536 === 0) lines.push(record(4, 0, Uint8Array.of(high >> 8, high & 0xff)));
    lines.push(record(0, (base + at) % 65_536, bytes.subarray(at, at + 16)));
  }
  return new TextEncoder().encode([...lines, ':00000001ff', ''].join('\n'));
}

const around = { flags: { store: false }, env: {}, cwd: process.cwd() };
const ask = {
  definition: 'fixtures/example/track-day.yaml',
  shiftBytes: 0,
  roles: [],
  warn: () => undefined,
  readStdin: async () => new Uint8Array(),
};
const decoded = (bytes: Uint8Array) => decodeInput(inputFromBytes(bytes), ask, around);
const plain = new Uint8Array(readFileSync('fixtures/example/track-day.bin'));

describe('one memory, many files', () => {
  test.each([0, 0x8000_0000])('Intel HEX from address %i on', async (base) => {
    const [raw, other] = [await decoded(plain), await decoded(asHex(plain, base))];
    expect(other.detected.format.id).toBe('intel-hex');
    expect(other.tune.maps.map((m) => Array.from(m.cells))).toEqual(raw.tune.maps.map((m) => Array.from(m.cells)));
    expect(other.candidate?.fit.evidence.some((e) => e.includes('counted from'))).toBe(base !== 0);
    expect(other.tune.maps[0]?.at?.offsetBytes).toBe(raw.tune.maps[0]!.at!.offsetBytes + base);
  });

  test.each(ARRANGEMENTS)('%s: read in the order of the ECU, and said', async (order) => {
    const file = new Uint8Array(plain.length);
    for (let at = 0; at < plain.length; at++) file[fileOffsetOf(order, at, plain.length)] = plain[at]!;
    const [raw, other] = [await decoded(plain), await decoded(file)];
    expect(other.tune.maps.map((m) => Array.from(m.cells))).toEqual(raw.tune.maps.map((m) => Array.from(m.cells)));
    expect(other.image?.arrangement).toBe(order);
    expect(other.candidate?.fit.evidence[0]).toContain('read in the order of the ECU');
    const { offsetBytes, elementBytes } = other.tune.maps.find((m) => m.at?.elementBytes === 1)!.at!;
    const map = raw.tune.maps.find((m) => m.at?.elementBytes === 1)!;
    expect([file[offsetBytes], elementBytes]).toEqual([plain[map.at!.offsetBytes], 1]);
  });

  test('an order that no definition proves is not tried', async () => {
    const noise = plain.map((_, i) => (i * 2_654_435_761) >>> 24);
    await expect(decoded(noise)).rejects.toMatchObject({ code: expect.stringMatching(/MISMATCH|NO_STRUCTURE/) });
  });
});

const samples = [
  { name: 'the example image', bytes: plain },
  { name: 'nine bytes', bytes: Uint8Array.from({ length: 9 }, (_, i) => 255 - i) },
];
if (existsSync(CORPUS)) {
  for (const file of readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }))
    if (/38770-K26-911\.bin$|BUEIB\.eeprom$|sr20det\.bin$/.test(file) && statSync(CORPUS + file).isFile())
      samples.push({ name: file, bytes: new Uint8Array(readFileSync(CORPUS + file)) });
}

/** Arguments of each tool that writes a container, from in to out. */
const WRITERS: [string, boolean, (from: string, to: string) => void, typeof hex | typeof srec][] = [
  ['objcopy, Intel HEX', objcopy, (f, t) => execFileSync('objcopy', ['-I', 'binary', '-O', 'ihex', f, t]), hex],
  ['objcopy, S-record', objcopy, (f, t) => execFileSync('objcopy', ['-I', 'binary', '-O', 'srec', f, t]), srec],
  [
    'srec_cat, Intel HEX',
    srecCat,
    (f, t) => execFileSync('srec_cat', [f, '-binary', '-offset', '0xA0000000', '-o', t, '-intel']),
    hex,
  ],
  ['srec_cat, S-record', srecCat, (f, t) => execFileSync('srec_cat', [f, '-binary', '-o', t, '-motorola']), srec],
];

describe.each(WRITERS)('%s', (name, present, write, format) => {
  test.skipIf(!present).each(samples)(`$name (needs ${name.split(',')[0]})`, ({ bytes }) => {
    const [from, to] = [join(folder, 'in.bin'), join(folder, 'out.txt')];
    writeFileSync(from, bytes);
    write(from, to);
    const text = new Uint8Array(readFileSync(to));
    expect(format.detect(text, 'x')?.confidence).toBeGreaterThan(0.9);
    const { segments } = format.read(text, sha256);
    expect(segments.length).toBe(1);
    expect(sha256(segments[0]!.bytes)).toBe(sha256(bytes));
  });
});
