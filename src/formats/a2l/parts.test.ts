/** Files that include others, values between the points of their axis, blocks of three dimensions. */
import { expect, test } from 'vitest';
import { decode } from '../../core/decode.ts';
import type { Image } from '../../core/model.ts';
import { format } from './index.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const image: Image = {
  segments: [{ address: 0, bytes: Uint8Array.from({ length: 256 }, (_, i) => i) }],
  source: { sha256: '', byteLength: 256 },
};
const LAYOUTS = `/begin RECORD_LAYOUT ONE FNC_VALUES 1 UBYTE ROW_DIR DIRECT /end RECORD_LAYOUT
/begin RECORD_LAYOUT PAIRS NO_AXIS_PTS_X 1 UBYTE AXIS_PTS_X 2 UBYTE INDEX_INCR DIRECT FNC_VALUES 3 UBYTE ALTERNATE_WITH_X DIRECT /end RECORD_LAYOUT
/begin RECORD_LAYOUT UNLIKE AXIS_PTS_X 1 UWORD INDEX_INCR DIRECT FNC_VALUES 2 UBYTE ALTERNATE_WITH_X DIRECT /end RECORD_LAYOUT`;
const axis = '/begin AXIS_DESCR STD_AXIS N NO_COMPU_METHOD 8 0 255 /end AXIS_DESCR';
const item = (name: string, kind: string, address: number, layout: string, more = ''): string =>
  `/begin CHARACTERISTIC ${name} "" ${kind} ${address} ${layout} 0 NO_COMPU_METHOD 0 255 ${more} /end CHARACTERISTIC`;

function parse(text: string, files: Record<string, string> = {}) {
  const read = (name: string) => (files[name] === undefined ? null : bytesOf(files[name]));
  return format.parse(bytesOf(`/begin MODULE M "" ${text} /end MODULE`), {
    name: 'x.a2l',
    sha256: () => '',
    image,
    beside: { names: Object.keys(files), read },
  });
}

test('a curve whose values stand between the points of its axis', () => {
  const tune = decode(image, parse(`${LAYOUTS} ${item('C', 'CURVE', 4, 'PAIRS', axis)}`));
  expect(Array.from(tune.maps[0]!.cells)).toEqual([6, 8, 10, 12]);
  expect(tune.maps[0]!.axes[0]).toMatchObject({ known: true, breakpoints: [5, 7, 9, 11] });
});

test('other orders of that kind are named, not guessed', () => {
  const { undecoded } = parse(
    `${LAYOUTS} ${item('C', 'CURVE', 4, 'UNLIKE', axis)} ${item('M', 'MAP', 4, 'PAIRS', `${axis} ${axis}`)}`,
  );
  expect(undecoded.map((u) => u.reason)).toEqual(Array(2).fill(expect.stringContaining('alternate with axis points')));
});

test('a block of two dimensions is read, one of three is named', () => {
  const { items, undecoded } = parse(
    `${LAYOUTS} ${item('A', 'VAL_BLK', 0, 'ONE', 'MATRIX_DIM 3 2 1 FORMAT "%4.2"')} ${item('B', 'VAL_BLK', 0, 'ONE', 'MATRIX_DIM 3 2 2')}`,
  );
  expect(items.map((i) => [i.title, i.rows, i.columns])).toEqual([['A', 2, 3]]);
  expect(undecoded).toEqual([{ id: 'B', title: 'B', reason: 'blocks of more than two dimensions are not read' }]);
});

test('included files of the folder are read where they stand, whatever their path says', () => {
  const files = { 'Items.a2l': `${item('V', 'VALUE', 9, 'ONE')} /include layouts.a2l`, 'layouts.a2l': LAYOUTS };
  const definition = parse('/include "parts/items.a2l" /begin IF_DATA X /include nobody.a2l /end IF_DATA', files);
  expect(decode(image, definition).maps[0]?.cells[0]).toBe(9);
  expect(definition.warnings).toEqual([]);
});

test('an included file that is not there is named, also where nothing is left', () => {
  const definition = parse(`${LAYOUTS} ${item('V', 'VALUE', 9, 'ONE')} /include "more.a2l" /include "tool.aml"`);
  expect(definition.warnings).toEqual(['the A2L is read without the files that it includes: more.a2l']);
  expect(() => parse('/include "more.a2l"')).toThrow(
    expect.objectContaining({ code: 'A2L_EMPTY', message: expect.stringContaining('more.a2l') }),
  );
});

test('a file that includes itself ends', () => {
  expect(() => parse('/include a.a2l', { 'a.a2l': '/include a.a2l' })).toThrow(
    expect.objectContaining({ code: 'A2L_MALFORMED' }),
  );
});

test('a part of an A2L is told from a text', () => {
  expect(format.detect(bytesOf('/begin IF_DATA XCP /end IF_DATA'), 'x')?.confidence).toBeGreaterThan(0.9);
  expect(() => format.parse(bytesOf('/begin IF_DATA XCP /end IF_DATA'), { name: 'x', sha256: () => '' })).toThrow(
    expect.objectContaining({ code: 'A2L_EMPTY', hint: expect.stringContaining('part of another file') }),
  );
});
