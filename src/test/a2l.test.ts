/** A2L files with their image, against a second decoder that shares nothing with ours. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decodeFile } from '../app/decode-file.ts';
import { decode } from '../core/decode.ts';
import type { Image } from '../core/model.ts';
import { format } from '../formats/a2l/index.ts';
import { CORPUS } from './analyze-in-process.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const SECOND = fileURLToPath(new URL('independent/a2l_decode.py', import.meta.url));
const MSS52 = `${CORPUS}a2l-bin/bmw-mss52-a2l/`;
const here = existsSync(MSS52);

interface Second {
  name: string;
  rows: number;
  columns: number;
  cells: (number | null)[];
  x?: (number | null)[];
  y?: (number | null)[];
}

const second = (a2l: string, bin: string, order: string): Second[] =>
  JSON.parse(execFileSync('python3', [SECOND, a2l, bin, order], { maxBuffer: 256 * 1024 * 1024, encoding: 'utf8' }));
const near = (a: number | null | undefined, b: number): boolean =>
  a === null || a === undefined ? !Number.isFinite(b) : Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));

function compare(a2l: string, bin: string, order: string) {
  const bytes = new Uint8Array(readFileSync(bin));
  const image: Image = { segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } };
  const definition = format.parse(new Uint8Array(readFileSync(a2l)), { name: 'x.a2l', sha256, image });
  const maps = new Map(decode(image, definition).maps.map((m) => [m.title, m]));
  const wrong: string[] = [];
  const count = { items: 0, cells: 0, breakpoints: 0 };
  for (const other of second(a2l, bin, order)) {
    const map = maps.get(other.name);
    if (map === undefined || map.kind === 'flag') continue;
    count.items++;
    count.cells += other.cells.length;
    if (map.rows !== other.rows || map.columns !== other.columns) wrong.push(`${other.name} size`);
    for (const [i, v] of other.cells.entries())
      if (!near(v, map.cells[i]!)) wrong.push(`${other.name} ${i}: ${v} ${map.cells[i]}`);
    for (const [axis, values] of [
      ['x', other.x],
      ['y', other.y],
    ] as const) {
      const ours = map.axes.find((a) => a.axis === axis);
      for (const [i, v] of (values ?? []).entries()) {
        count.breakpoints++;
        if (!near(v, ours?.breakpoints[i] ?? Number.NaN))
          wrong.push(`${other.name} ${axis} ${i}: ${v} ${ours?.breakpoints[i]}`);
      }
    }
  }
  return { wrong, count, definition };
}

test('the made-up A2L: every construct that both read', () => {
  // Only items without a mask; the base address is taken off, since the second decoder knows none.
  const text = readFileSync('fixtures/a2l/made-up.a2l', 'latin1').replace(/0x80(0[0-9A-F]{2})\b/g, '0x0$1');
  const [a2l, bin] = [join(tmpdir(), `revsync-${process.pid}.a2l`), join(tmpdir(), `revsync-${process.pid}.bin`)];
  const kept = text
    .replace(/\/begin CHARACTERISTIC (BLOCK|NAME|LONG|BITS|CWBIT|TWOVALUED) [\s\S]*?\/end CHARACTERISTIC/g, '')
    .replace(/\/begin COMPU_METHOD (squared|onoff)[\s\S]*?\/end COMPU_METHOD/g, '');
  writeFileSync(a2l, kept, 'latin1');
  const bytes = Uint8Array.from({ length: 0x400 }, (_, i) => (i * 37 + (i >> 4)) & 0x7f);
  bytes.set([2, 3], 0x60);
  bytes[0x30] = 3;
  writeFileSync(bin, bytes);
  const { wrong, count } = compare(a2l, bin, 'big');
  expect(wrong).toEqual([]);
  expect(count.items).toBeGreaterThanOrEqual(11);
  expect(count.breakpoints).toBeGreaterThanOrEqual(25);
});

describe.skipIf(!here)('BMW MSS52 (needs ../shared/corpus)', () => {
  const a2l = `${MSS52}52_V508_big_endian.A2L`;

  test('every value, cell and breakpoint equals that of the second decoder', { timeout: 120_000 }, () => {
    const { wrong, count, definition } = compare(a2l, `${MSS52}52_508a2lform.bin`, 'big');
    expect(wrong.slice(0, 10)).toEqual([]);
    expect([definition.items.length, definition.undecoded.length]).toEqual([2_385, 0]);
    // What FORM says by names of states (TXTEQ) both show raw.
    expect(count).toEqual({ items: 2_385, cells: 13_215, breakpoints: 4_330 });
  });

  test('the dump with exchanged halves is read in the order of the ECU, and said', { timeout: 120_000 }, async () => {
    const request = {
      definition: a2l,
      shiftBytes: 0,
      roles: [],
      warn: () => undefined,
      readStdin: async () => new Uint8Array(),
    };
    const around = { flags: { store: false }, env: {}, cwd: process.cwd() };
    const straight = await decodeFile(`${MSS52}52_508a2lform.bin`, request, around);
    const swapped = await decodeFile(`${MSS52}52_508galform.bin`, request, around);
    expect(swapped.candidate?.fit).toMatchObject({ verdict: 'fits' });
    expect(swapped.candidate?.fit.evidence[0]).toContain('two halves exchanged');
    expect(swapped.image?.segments[0]?.bytes).toEqual(straight.image?.segments[0]?.bytes);
  });
});

describe.skipIf(!existsSync(`${CORPUS}a2l-only`))('examples without an image (needs ../shared/corpus)', () => {
  test.each([
    ['ASAP2_Demo_V161.a2l', 30],
    ['example-a2l-file.a2l', 1],
    ['engine_ecu.a2l', 1],
  ])('%s is read', (file, items) => {
    const bytes = new Uint8Array(readFileSync(`${CORPUS}a2l-only/pya2l-examples/${file}`));
    expect(format.detect(bytes, file)?.confidence).toBeGreaterThan(0.9);
    const definition = format.parse(bytes, { name: file, sha256 });
    expect(definition.items.length).toBeGreaterThanOrEqual(items);
  });
});
