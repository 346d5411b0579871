/** Functions of TunerPro's equations. What they give was read off TunerPro's own export of a definition that uses them. */
import { describe, expect, test } from 'vitest';
import { decode } from '../../core/decode.ts';
import type { Image, Tune } from '../../core/model.ts';
import { format } from './index.ts';

const counting = Uint8Array.from({ length: 256 }, (_, i) => i);
const image: Image = { segments: [{ address: 0, bytes: counting }], source: { sha256: '', byteLength: 256 } };

function tuneOf(items: string, header = ''): Tune {
  const text = `<XDFFORMAT version="1.60"><XDFHEADER>${header}</XDFHEADER>${items}</XDFFORMAT>`;
  return decode(image, format.parse(new TextEncoder().encode(text), { name: 'x.xdf', sha256: () => '' }));
}
const table = (math: string, rows = 3, columns = 2, id = '0x1', axis = ''): string =>
  `<XDFTABLE uniqueid="${id}"><title>T</title>${axis}<XDFAXIS id="z"><EMBEDDEDDATA mmedaddress="0x10" mmedelementsizebits="8" mmedrowcount="${rows}" mmedcolcount="${columns}" />${math}</XDFAXIS></XDFTABLE>`;
const cells = (math: string, rows = 3, columns = 2, header = ''): number[] =>
  Array.from(tuneOf(table(math, rows, columns), header).maps[0]!.cells);

describe('places count from 0 in functions, from 1 in the attributes of MATH', () => {
  test('ROW and COL', () => {
    expect(cells('<MATH equation="ROW()*10+COL()" />')).toEqual([0, 1, 10, 11, 20, 21]);
    expect(cells('<MATH equation="X"><VAR id="X" /></MATH><MATH row="2" col="1" equation="ROW()" />')).toEqual([
      16, 17, 1, 19, 20, 21,
    ]);
  });
  test('CELL with its raw value and without', () =>
    expect(
      cells(
        '<MATH equation="X*2"><VAR id="X" /></MATH><MATH row="1" col="1" equation="CELL(2;1;FALSE)+CELL(2;1;TRUE)" />',
      )[0],
    ).toBe(42 + 21));
  test('INDEX, INDEXES and CELL(index; raw) of an axis', () => {
    const axis = (math: string): string =>
      `<XDFAXIS id="x"><EMBEDDEDDATA mmedaddress="0x20" mmedelementsizebits="8" /><embedinfo type="1" /><MATH equation="${math}"><VAR id="X" /></MATH></XDFAXIS>`;
    const of = (math: string): number[] => tuneOf(table('', 1, 3, '0x1', axis(math))).maps[0]!.axes[0]!.breakpoints;
    expect(of('X+INDEX()+INDEXES()')).toEqual([35, 37, 39]);
    expect(of('X-CELL(0;TRUE)')).toEqual([0, 1, 2]);
  });
  test('THAT reads the cell of the same place', () =>
    expect(
      Array.from(
        tuneOf(table('<MATH equation="THAT(2;ROW();COL();FALSE)+THAT(2;0;1;FALSE)" />') + table('', 3, 2, '0x2'))
          .maps[0]!.cells,
      ),
    ).toEqual([33, 34, 35, 36, 37, 38]));
});

describe('cells that read others', () => {
  test('the next row, which is computed later: never a 0 that stands nowhere', () => {
    const math =
      '<MATH equation="CELL(ROW()+1;COL();FALSE)-THIS()" /><MATH row="3" equation="(256-X)*40"><VAR id="X" /></MATH>';
    const [a, b] = [(256 - 20) * 40, (256 - 21) * 40];
    expect(cells(math)).toEqual([a - 18 - 16, b - 19 - 17, a - 18, b - 19, a, b]);
  });
  test('a chain of 4,096 cells is quick, a circle stays unknown', () => {
    const long = tuneOf(
      '<XDFTABLE uniqueid="0x1"><title>T</title><XDFAXIS id="z"><EMBEDDEDDATA mmedelementsizebits="8" mmedrowcount="4096" /><MATH equation="IF(ROW()==ROWS()-1;1;CELL(ROW()+1;0;FALSE)+1)" /></XDFAXIS></XDFTABLE>',
    );
    expect(long.maps[0]!.cells[0]).toBe(4_096);
    expect(cells('<MATH equation="CELL(1-ROW();COL();FALSE)+1" />', 2, 1)).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('other places and items', () => {
  test('ADDRESS(address; bits; low byte first; signed) counts from the base offset', () => {
    expect(cells('<MATH equation="ADDRESS(0x20;16;TRUE;FALSE)" />', 1, 1)).toEqual([0x2120]);
    expect(cells('<MATH equation="ADDRESS(0xF0;8;FALSE;TRUE)" />', 1, 1)).toEqual([-16]);
    expect(
      cells('<MATH equation="ADDRESS(0x30;8;FALSE;FALSE)" />', 1, 1, '<BASEOFFSET offset="16" subtract="1" />'),
    ).toEqual([0x20]);
  });
  test('a link to a table says no cell: unknown, not its first', () => {
    const math = '<MATH equation="X+Y"><VAR id="X" /><VAR id="Y" type="link" linkid="0x2" /></MATH>';
    expect(tuneOf(table(math, 1, 1) + table('', 2, 1, '0x2')).maps[0]!.cells[0]).toBeNaN();
    expect(tuneOf(table(math, 1, 1) + table('', 1, 1, '0x2')).maps[0]!.cells[0]).toBe(32);
  });
});

test('LOG is the natural logarithm, SQR the root', () =>
  expect(cells('<MATH equation="LOG(X)+SQR(X)"><VAR id="X" /></MATH>', 1, 1)[0]).toBeCloseTo(Math.log(16) + 4, 12));

test('parentheses that lack are put at the ends, and said', () => {
  const tune = tuneOf(table('<MATH equation="((1/(X/512))*5)*1000)"><VAR id="X" /></MATH>', 1, 1));
  expect(tune.maps[0]!.cells[0]).toBe(160_000);
  expect(tune.warnings.join()).toContain('lacks 1 parentheses; read as "(((1/(X/512))*5)*1000)"');
});

test('version 0.50 states address, size and order without EMBEDDEDDATA', () => {
  const axis = (id: string, count: number): string => `<XDFAXIS id="${id}"><indexcount>${count}</indexcount></XDFAXIS>`;
  const tune = tuneOf(
    `<XDFTABLE uniqueid="0x1" flags="0x35"><title>T</title>${axis('x', 2)}${axis('y', 3)}<XDFAXIS id="z"><address>0xF0</address><indexsizebits>8</indexsizebits></XDFAXIS></XDFTABLE>` +
      '<XDFCONSTANT uniqueid="0x2"><title>C</title><address>0x21</address></XDFCONSTANT>',
  );
  expect(tune.undecoded).toEqual([]);
  expect(tune.maps.map((m) => [m.rows, m.columns, Array.from(m.cells)])).toEqual([
    [3, 2, [-16, -13, -15, -12, -14, -11]],
    [1, 1, [0x21]],
  ]);
});
