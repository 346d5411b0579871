/**
 * TunerStudio .table: one table of a project with its breakpoints, as XML. Read off a public file of a MicroSquirt. It bears
 * no unit and no ECU: the name of the file says what it is.
 */
import { namedAxis } from '../../core/axis-names.ts';
import { MAX_CELLS } from '../../core/bytes.ts';
import { slug } from '../../core/decode.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { Axis, Tune } from '../../core/model.ts';
import { plainAxis, plainMap, plainTune } from '../../core/plain-map.ts';
import type { Detection, TuneFormat } from '../../core/ports.ts';
import { decodeText, headText } from '../../core/text.ts';
import { childOf, parseXmlText, type XmlElement } from '../../core/xml.ts';

/** The one seen has 2.4 KB. */
const MAX_BYTES = 4 * 1024 * 1024;

function detect(bytes: Uint8Array): Detection | null {
  const head = headText(bytes, 4_096);
  return /<tableData[\s>]/i.test(head)
    ? { confidence: 0.97, because: 'its root is <tableData>, as TunerStudio exports one table' }
    : null;
}

/** @throws RevsyncError TABLE_MALFORMED, XML_MALFORMED, TOO_LARGE */
function decode(bytes: Uint8Array, { name }: { name: string }): Tune {
  if (bytes.length > MAX_BYTES)
    throw new RevsyncError('TOO_LARGE', 'the table has over 4 MiB', 'No table of TunerStudio is that large.');
  const root = parseXmlText(decodeText(bytes).text, 'the table');
  const table = childOf(root, 'table');
  const values = table === undefined ? undefined : childOf(table, 'zvalues');
  if (table === undefined || values === undefined) throw malformed('it holds no <zValues>');
  const rows = size(values, 'rows');
  const columns = size(values, 'cols');
  if (rows === null || columns === null || rows * columns > MAX_CELLS)
    throw malformed(`line ${values.line}: its rows and cols are no sizes of a table`);
  const cells = numbersIn(values);
  if (cells.length !== rows * columns)
    throw malformed(`line ${values.line}: it says ${rows}x${columns} cells and holds ${cells.length}`);
  const axes: Axis[] = [];
  if (columns > 1) axes.push(axisOf('x', childOf(table, 'xaxis'), columns));
  if (rows > 1) axes.push(axisOf('y', childOf(table, 'yaxis'), rows));
  // TunerStudio puts the time behind the name of the table: "veTable3Tbl_2023-02-18_20.52.40.table".
  const title = name.replace(/\.[^.]*$/, '').replace(/_\d{4}-\d\d-\d\d_[\d.]+$/, '') || 'table';
  const map = plainMap({ id: slug(title), title, rows, columns, axes, cells, unit: '' });
  return plainTune({
    format: 'tunerstudio-table',
    maps: [map],
    warnings: axes.some((a) => !a.known) ? ['a line of breakpoints lacks: cells are told by their number'] : [],
  });
}

const malformed = (reason: string): RevsyncError =>
  new RevsyncError('TABLE_MALFORMED', `the table of TunerStudio: ${reason}`, 'Export it again.');

/** Null: no whole number from 1 to 4,096. */
function size(element: XmlElement, name: string): number | null {
  const text = element.attributes[name]?.trim() ?? '1';
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= 4_096 ? value : null;
}

function numbersIn(element: XmlElement): Float64Array {
  const parts = element.text.split(/\s+/).filter((p) => p !== '');
  return Float64Array.from(parts.slice(0, MAX_CELLS + 1), (p) => Number(p.replace(',', '.')));
}

/** Indices where the axis lacks or has another length than the table. */
function axisOf(axis: 'x' | 'y', element: XmlElement | undefined, count: number): Axis {
  const breakpoints = element === undefined ? [] : Array.from(numbersIn(element));
  if (element === undefined || breakpoints.length !== count) return plainAxis(axis, count, null);
  const name = element.attributes['name'] ?? '';
  // "fuelload", "afrload", "ignload": the load of the algorithm that the project chose.
  if (/load$/i.test(name)) return plainAxis(axis, count, { quantity: 'load', unit: '', breakpoints });
  return plainAxis(axis, count, { ...namedAxis(name, ''), breakpoints });
}

export const format: TuneFormat = {
  kind: 'tune',
  asksRoles: true,
  id: 'tunerstudio-table',
  title: 'TunerStudio table',
  extensions: ['.table'],
  reads:
    'one table with its breakpoints; the file bears neither unit nor ECU, so that its name and `--role` say what it is. A whole project is judged by its `.msq`',
  detect,
  decode,
};
