/** Every construct of the made-up A2L against values worked out by hand; damage; order of bytes and base confirmed by axes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decode } from '../../core/decode.ts';
import { fitDefinition } from '../../core/fit.ts';
import type { Image } from '../../core/model.ts';
import { format } from './index.ts';

const FIXTURE = new Uint8Array(
  readFileSync(fileURLToPath(new URL('../../../fixtures/a2l/made-up.a2l', import.meta.url))),
);
const sha256 = (): string => 'hash';
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

function image(address: number): Image {
  const bytes = new Uint8Array(0x400);
  const view = new DataView(bytes.buffer);
  bytes.set(latin1('MADEUP_01'), 0x10);
  for (const [i, rpm] of [1_000, 2_000, 4_000, 8_000].entries()) view.setUint16(0x20 + 2 * i, rpm * 4);
  bytes.set([3, 200, 100, 0], 0x30);
  for (let i = 0; i < 12; i++) bytes[0x40 + i] = 20 + 4 * i;
  // Two by three points where the description allows eight: the record states them.
  bytes.set([2, 3, 0, 200], 0x60);
  for (const [i, rpm] of [1_500, 3_000, 6_000].entries()) view.setUint16(0x64 + 2 * i, rpm * 4);
  bytes.set([1, 2, 3, 4, 5, 6], 0x6a);
  view.setUint16(0x90, 150);
  bytes.set([128, 150, 0x58], 0x92);
  view.setFloat32(0x98, 0.875);
  return { segments: [{ address, bytes }], source: { sha256: '', byteLength: 0x400 }, addressed: address !== 0 };
}

const read = (given: Image) => {
  const definition = format.parse(FIXTURE, { name: 'made-up.a2l', sha256, image: given });
  return { definition, tune: decode(given, definition) };
};

describe.each([
  ['a HEX file with addresses', 0x80000],
  ['a raw file from 0 on', 0],
])('%s', (_, address) => {
  const { definition, tune } = read(image(address));
  const map = (title: string) => tune.maps.find((m) => m.title === title)!;
  const cells = (title: string) => Array.from(map(title).cells, (v) => Math.round(v * 1e6) / 1e6);

  test('fits by its EPK', () => {
    expect(fitDefinition(image(address), definition)).toMatchObject({ verdict: 'fits', identified: true });
    expect(definition.warnings.some((w) => w.includes('0x80000'))).toBe(address === 0);
  });

  test.each([
    ['KFZW', 4, 3, [5, 8, 11, 14, 17, 20, 23, 26, 29, 32, 35, 38]],
    ['KFCOL', 4, 3, [5, 17, 29, 8, 20, 32, 11, 23, 35, 14, 26, 38]],
    ['KFSTD', 3, 2, [0.5, 2, 1, 2.5, 1.5, 3]],
    ['KLFIX', 1, 3, [10, 12, 14]],
    ['NMAX', 1, 1, [37.5]],
    ['NPERIOD', 1, 1, [10_000]],
    // raw (p + 4) = p + 2 at raw 150: p = (2 - 600) / 149.
    ['RATIO', 1, 1, [-4.013423]],
    ['TWOVALUED', 1, 1, [150]],
    ['UBAT', 1, 1, [2.5]],
    ['TSENSOR', 1, 1, [10]],
    ['BITS', 1, 1, [2.5]],
    ['BLOCK', 2, 3, [10, 12, 14, 16, 18, 20]],
    ['LAMBDA', 1, 1, [0.875]],
  ])('%s', (title, rows, columns, expected) => {
    expect([map(title).rows, map(title).columns, cells(title)]).toEqual([rows, columns, expected]);
  });

  test.each([
    ['KFZW', 'throttle', [0, 50, 100]],
    ['KFZW', 'engineSpeed', [1_000, 2_000, 4_000, 8_000]],
    ['KFSTD', 'throttle', [0, 100]],
    ['KFSTD', 'engineSpeed', [1_500, 3_000, 6_000]],
    ['KLFIX', 'coolantTemperature', [120, 40, -20]],
    ['KLSHIFT', 'engineSpeed', [2, 3, 4, 5]],
    ['KLLIST', 'engineSpeed', [0.25, 0.5, 1.25, 2.25]],
  ])('axis of %s: %s', (title, quantity, breakpoints) => {
    expect(map(title).axes.find((a) => a.quantity === quantity)?.breakpoints).toEqual(breakpoints);
  });

  test('units, digits, states, and what is not read', () => {
    expect(map('NMAX').unit).toBe('rpm');
    expect(map('NPERIOD').digits).toBe(2);
    expect(map('TWOVALUED').unitFrom).toBe('none');
    expect(map('CWBIT')).toMatchObject({ kind: 'flag', state: true });
    expect(tune.undecoded.map((u) => u.title)).toEqual(['LONG', 'NAME']);
    expect(tune.warnings.filter((w) => w.includes('parenthes')).length).toBe(1);
  });
});

test('an order of bytes that the axes contradict is not believed', () => {
  const axes = Array.from({ length: 6 }, (_, i) => {
    const at = 16 * i;
    return `/begin AXIS_PTS A${i} "" ${at} n P 0 NO_COMPU_METHOD 6 0 9 /end AXIS_PTS
      /begin CHARACTERISTIC K${i} "" CURVE ${at} P2 0 NO_COMPU_METHOD 0 9
      /begin AXIS_DESCR COM_AXIS n NO_COMPU_METHOD 6 0 9 AXIS_PTS_REF A${i} /end AXIS_DESCR /end CHARACTERISTIC`;
  });
  const text = `/begin MODULE m "" /begin MOD_COMMON "" BYTE_ORDER LITTLE_ENDIAN /end MOD_COMMON
    /begin RECORD_LAYOUT P AXIS_PTS_X 1 UWORD INDEX_INCR DIRECT /end RECORD_LAYOUT
    /begin RECORD_LAYOUT P2 FNC_VALUES 1 UWORD ROW_DIR DIRECT /end RECORD_LAYOUT ${axes.join('\n')} /end MODULE`;
  const bytes = new Uint8Array(0x200);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 6; i++) for (let k = 0; k < 6; k++) view.setUint16(16 * i + 2 * k, 300 * (k + 1) + 7 * i);
  const given: Image = { segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } };
  const definition = format.parse(latin1(text), { name: 'x.a2l', sha256, image: given });
  expect(definition.items.every((i) => i.storage?.byteOrder === 'big')).toBe(true);
  expect(definition.warnings[0]).toContain('another order of bytes');
  const alone = format.parse(latin1(text), { name: 'x.a2l', sha256 });
  expect(alone.items.every((i) => i.storage?.byteOrder === 'little')).toBe(true);
});

describe('damage', () => {
  const parse = (text: string) => () => format.parse(latin1(text), { name: 'x.a2l', sha256 });
  test.each([
    ['cut off', '/begin MODULE m ""\n/begin CHARACTERISTIC a', 'A2L_TRUNCATED', 'line 2'],
    ['a comment without end', '/begin MODULE m "" /* x', 'A2L_TRUNCATED', 'line 1'],
    ['a text without end', '/begin MODULE m "x\n\n', 'A2L_TRUNCATED', 'line 1'],
    ['the wrong end', '/begin MODULE m ""\n/begin GROUP g\n/end MODULE', 'A2L_MALFORMED', 'line 3'],
    ['an end alone', '/begin MODULE m "" /end MODULE /end MODULE', 'A2L_MALFORMED', 'line 1'],
    ['nothing described', '/begin MODULE m "" /end MODULE', 'A2L_EMPTY', 'characteristic'],
    ['too deep', '/begin A '.repeat(60), 'A2L_MALFORMED', 'line 1'],
  ])('%s', (_, text, code, place) => {
    expect(parse(text)).toThrow(expect.objectContaining({ code }));
    expect(parse(text)).toThrow(place);
  });

  test('hostile sizes and names that lead nowhere are told item by item', () => {
    const text = `/begin MODULE m "" /begin RECORD_LAYOUT P FNC_VALUES 1 UWORD ROW_DIR DIRECT /end RECORD_LAYOUT
      /begin CHARACTERISTIC BIG "" VAL_BLK 0 P 0 NO_COMPU_METHOD 0 9 NUMBER 999999999 /end CHARACTERISTIC
      /begin CHARACTERISTIC LOST "" VALUE 0 NOWHERE 0 NO_COMPU_METHOD 0 9 /end CHARACTERISTIC
      /begin CHARACTERISTIC SHORT "" /end CHARACTERISTIC /end MODULE`;
    const given = image(0);
    const tune = decode(given, parse(text)());
    expect(tune.maps).toEqual([]);
    expect(tune.undecoded.map((u) => u.title).sort()).toEqual(['BIG', 'LOST', 'SHORT']);
  });
});
