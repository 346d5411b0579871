/** One table of a project: its name, its axes, and what is wrong with it. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { format } from './index.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const NAME = 'veTable1Tbl_2024-05-01_10.00.00.table';
const text = readFileSync(here(`fixtures/${NAME}`), 'utf8');
const decode = (given: string, name = NAME) =>
  format.decode(new TextEncoder().encode(given), { name, sha256: () => '', companion: null });

test('name, axes, cells', () => {
  const [map] = decode(text).maps;
  expect(map).toMatchObject({ id: 'vetable1tbl', title: 'veTable1Tbl', kind: 'map', rows: 5, columns: 5, unit: '' });
  expect(map!.axes).toMatchObject([
    { axis: 'x', quantity: 'engineSpeed', unit: 'rpm', breakpoints: [1000, 3000, 6000, 9000, 12000], known: true },
    { axis: 'y', quantity: 'load', breakpoints: [0, 25, 50, 75, 100], known: true },
  ]);
  expect([map!.cells[0], map!.cells[4], map!.cells[24]]).toEqual([30, 20, 92]);
});

test.each([
  ['a cell too few', text.replace('92.0', ''), 'TABLE_MALFORMED', /line 20: it says 5x5 cells and holds 24/],
  ['a size that is none', text.replaceAll('rows="5"', 'rows="99999"'), 'TABLE_MALFORMED', /no sizes/],
  ['no cells', text.replace(/<zValues[\s\S]*<\/zValues>/, ''), 'TABLE_MALFORMED', /no <zValues>/],
  ['cut off', text.slice(0, 400), 'XML_MALFORMED', /the table/],
])('%s', (_, given, code, message) => {
  expect(() => decode(given)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});

test('an axis of another length is not believed, and it is said', () => {
  const { maps, warnings } = decode(text.replace('75.0 \n         100.0', '75.0'));
  expect(maps[0]!.axes[1]).toMatchObject({ known: false, breakpoints: [1, 2, 3, 4, 5] });
  expect(warnings.length).toBe(1);
});

const CORPUS = here('../../../../shared/corpus/msq/microsquirt-am6/');
describe.skipIf(!existsSync(CORPUS))('a real one (needs ../shared/corpus)', () => {
  test('16x16', () => {
    const name = 'veTable3Tbl_2023-02-18_20.52.40.table';
    const [map] = decode(readFileSync(CORPUS + name, 'utf8'), name).maps;
    expect(map).toMatchObject({ title: 'veTable3Tbl', rows: 16, columns: 16 });
    expect(map!.axes[0]!.breakpoints.slice(0, 3)).toEqual([1500, 2500, 3500]);
    expect([map!.cells[0], map!.cells[255]]).toEqual([30, 40]);
  });
});
