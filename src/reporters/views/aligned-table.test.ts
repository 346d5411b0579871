/** Lists on narrow terminals: an id is never cut, a path keeps its end, and where no table fits nothing is lost. */
import { expect, test } from 'vitest';
import { widthOf } from '../terminal/layout.ts';
import { alignedTable } from './aligned-table.ts';

const columns = ['id', 'score', 'motorcycle', 'file'];
const rows = [
  ['334d7d9f', '79', 'honda/vfr1200f-2010-2017', 'tunes/of/a/friend/merged_maxValues.bin'],
  ['df1b05ce', '95', 'honda/vfr1200f-2010-2017', 'stock.bin'],
];
const at = (width: number): string => alignedTable(columns, rows, { width, plain: false });

test.each([40, 48, 60, 70, 80, 100, 140])('%i columns: no line is wider, no id is cut', (width) => {
  const text = at(width);
  for (const line of text.split('\n')) expect([widthOf(line) <= width, line]).toEqual([true, line]);
  for (const [id] of rows) expect(text).toContain(id);
  if (width > 40) expect(text).toMatch(/Values\.bin/);
});

test('a path loses its beginning, not its end', () => {
  expect(at(70)).toMatch(/…\S*merged_maxValues\.bin/);
});

test('where no table fits each row is a block, and nothing of it is lost', () => {
  const text = at(40);
  expect(text).toMatch(/^ 334d7d9f\n {4}79 · honda\/vfr1200f-2010-2017 ·\n/m);
  expect(text.replace(/\n {4}/g, '')).toContain('tunes/of/a/friend/merged_maxValues.bin');
});

test('a pipe gets everything, one tab between fields', () => {
  expect(alignedTable(columns, rows, { width: 40, plain: true })).toBe(`${rows.map((r) => r.join('\t')).join('\n')}\n`);
});
