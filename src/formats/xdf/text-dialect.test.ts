import { expect, test } from 'vitest';
import { decode } from '../../core/decode.ts';
import type { Image, Tune } from '../../core/model.ts';
import { format } from './index.ts';

const HEADER = 'XDF\n1.110000\n\nDO NOT HAND EDIT!!!! (Trust me)\n\n';
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const section = (name: string, fields: Record<string, string>): string =>
  `%%${name}%%\n${Object.entries(fields)
    .map(([field, value]) => `\t040100 ${field.padEnd(17)}=${value}\n`)
    .join('')}%%END%%\n\n`;
const counting = Uint8Array.from({ length: 256 }, (_, i) => i);
const image: Image = { segments: [{ address: 0, bytes: counting }], source: { sha256: '', byteLength: 256 } };
const parse = (text: string) => format.parse(bytesOf(text), { name: 'old.xdf', sha256: () => '' });
const tuneOf = (...sections: string[]): Tune => decode(image, parse(HEADER + sections.join('')));

test('recognised by its first lines, never trusted without an image that proves it', () => {
  const text = `${HEADER}${section('HEADER', { DefTitle: '"Old bike °"', Category0: '"Spark"', Category1: '"Fuel"' })}${section('TABLE', { Title: '"T"', Cat0ID: '0x2', Address: '0x10', Rows: '0x1', Cols: '0x1', Desc: '"two' })}`;
  expect(format.detect(bytesOf(text), 'x')?.confidence).toBeGreaterThan(0.9);
  expect(format.detect(bytesOf('XDF is short for\n1 thing\n'), 'x')).toBeNull();
  const definition = parse(text.replaceAll('\n', '\r\n'));
  expect([definition.title, definition.confirmedOnImage, definition.items[0]?.categories]).toEqual([
    'Old bike °',
    false,
    ['Fuel'],
  ]);
  expect(definition.warnings.join()).toContain('old text format');
});

test('tables by rows and by columns, labels, equations, sizes and signs', () => {
  const shape = { Address: '0x10', Rows: '0x2', Cols: '0x3' };
  const tune = tuneOf(
    section('TABLE', {
      Title: '"Spark  "',
      ...shape,
      ZEq: '0.5 * X + 1,TH|0|0|0|0|',
      ZUnits: '"deg"',
      XLabels: '800,1000,1200',
      YLabels: 'Low,High',
    }),
    section('TABLE', { Title: '"By columns"', ...shape, PopByCol: '0x1', XLabels: '(null)' }),
    section('TABLE', { Title: '"Words"', ...shape, Address: '0xF0', SizeInBits: '0x10', Flags: '0x33' }),
  );
  expect(tune.maps.map((m) => Array.from(m.cells))).toEqual([
    [9, 9.5, 10, 10.5, 11, 11.5],
    [16, 18, 20, 17, 19, 21],
    [0xf1f0, 0xf3f2, 0xf5f4, 0xf7f6, 0xf9f8, 0xfbfa].map((v) => v - 0x10000),
  ]);
  const [x, y] = tune.maps[0]!.axes;
  expect([x?.breakpoints, y?.labels, tune.maps[0]?.unit]).toEqual([[800, 1000, 1200], ['Low', 'High'], 'deg']);
  expect(tune.maps[1]!.axes[0]?.known).toBe(false);
});

test('stored axes: 16 bits where no size is stated; a step below zero leaves them unknown', () => {
  const axes = { XLabelSource: '0x1', XAddress: '0x20', XEq: 'X/2,TH|0|0|0|0|', YLabelSource: '0x1', YAddress: '0x30' };
  const table = (more: Record<string, string>): string =>
    section('TABLE', { Title: '"T"', Address: '0x10', Rows: '0x2', Cols: '0x2', ...axes, ...more });
  const [plain, small, turned] = tuneOf(
    table({}),
    table({ XDataSize: '0x1', XAddrStep: '2', Flags: '0x200' }),
    table({ YAddrStep: '-2' }),
  ).maps;
  expect(plain!.axes.map((a) => a.breakpoints)).toEqual([
    [0x2021 / 2, 0x2223 / 2],
    [0x3031, 0x3233],
  ]);
  expect(small!.axes.map((a) => a.breakpoints)).toEqual([
    [0x10, 0x11],
    [0x3130, 0x3332],
  ]);
  expect(turned!.axes.map((a) => a.known)).toEqual([true, false]);
});

test('constants with another address or item in their equation, flags by bit', () => {
  const one = (equation: string, title = '"C"'): string =>
    section('CONSTANT', { UniqueID: '0x15D9', Title: title, Address: '0x10', Equation: equation });
  const tune = tuneOf(
    one('X - y,TH|0|0|0|0|,AD|4|8|0|0|'),
    section('CONSTANT', { UniqueID: '0x7', Title: '"B"', Address: '0x21', Equation: 'X*2,TH|0|0|0|0|,' }),
    section('CONSTANT', { Title: '"L"', Address: '0x10', Equation: 'X+B,TH|0|0|0|0|,OB|7|0|0|0|' }),
    one('X+A*B,TH|0|0|0|0|,AD|4|8|0|0|,AD|5|10|0|0|', '"two others"'),
    one('(X-X)*2,AD|20|8|0|0|,TH|0|0|0|0|', '"by place"'),
    one('X+A+B,TH|0|0|0|0|', '"B lacks"'),
    section('FLAG', { Title: '"F"', Address: '0x24', BitNumber: '0x2' }),
    section('FLAG', { Title: '"G"', Address: '0x24', BitNumber: '0x3' }),
  );
  expect(tune.maps.slice(0, 5).map((m) => m.cells[0])).toEqual([12, 66, 82, 16 + 4 * 0x506, 32]);
  expect(tune.warnings.join()).toContain('uses B, which is defined nowhere');
  expect(tune.maps.slice(6).map((m) => m.state)).toEqual([true, false]);
});

test('a checksum is verified; a section nobody knows is named', () => {
  const tune = tuneOf(
    section('CHECKSUM', {
      Title: '"Main"',
      DataStart: '0x10',
      DataEnd: '0x11',
      StoreAddr: '0x0',
      CalcMethod: '0x0',
      Flags: '0x0',
    }),
    section('PATCHES', { Title: '"P"' }),
    section('CONSTANT', { Title: '"C"', Address: '0x10' }),
  );
  expect(tune.checksums).toMatchObject([{ title: 'Main', state: 'bad' }]);
  expect(tune.warnings.join()).toContain('sections PATCHES of the definition are not read');
});
