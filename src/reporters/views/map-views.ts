/** Maps of a tune as a list, a picture, CSV. */

import { usefulDigits } from '../../core/exhibits.ts';
import type { Tune, TuneMap } from '../../core/model.ts';
import { plainNumber, printable, withUnit } from '../../core/rules/message.ts';
import { cut, painter, wrap } from '../terminal/layout.ts';
import { drawPicture } from '../terminal/picture.ts';
import { alignedTable } from './aligned-table.ts';

interface Look {
  width: number;
  colour: boolean;
}

/** One line a map: id, kind, shape, role, unit, range. */
export function mapsList(tune: Tune, view: Look & { plain?: boolean }): string {
  const rows = tune.maps.map((m) => {
    const values = Array.from(m.cells).filter(Number.isFinite);
    const range =
      values.length === 0
        ? ''
        : values.length === 1
          ? plainNumber(values[0]!)
          : `${plainNumber(Math.min(...values))} … ${plainNumber(Math.max(...values))}`;
    const state = m.state === null ? (m.unset ? 'not set' : range) : String(m.state);
    return [
      m.id,
      m.kind,
      m.kind === 'map' || m.kind === 'curve' ? `${m.rows}x${m.columns}` : '',
      m.role,
      state,
      m.unitFrom === 'none' ? '' : m.unit,
      m.confidence,
    ];
  });
  return alignedTable(['id', 'kind', 'cells', 'role', 'values', 'unit', 'decoded'], rows, {
    width: view.width,
    plain: view.plain === true,
  });
}

/** The whole map as a heat map, from end to end with rows and columns left out where they do not fit; against its stock where that is given. */
export function mapHeat(map: TuneMap, twin: TuneMap | null, view: Look, maxRows = 60): string {
  const paint = painter(view.colour);
  const finite = (n: number): number | null => (Number.isFinite(n) ? n : null);
  const facts = [
    map.kind,
    `${map.rows}x${map.columns}`,
    map.role,
    map.unitFrom === 'none' ? 'raw counts' : map.unit,
    map.confidence,
  ];
  const place =
    map.at === null
      ? ''
      : `at 0x${map.at.offsetBytes.toString(16).toUpperCase()}, ${8 * map.at.elementBytes} bit ${map.at.byteOrder}-endian`;
  const lines = [
    paint.bold(cut(` ${map.title}`, view.width)),
    ...wrap([...facts, place].filter((t) => t !== '').join(' · '), view.width - 2, '').map((l) => ` ${l}`),
  ];
  if (map.description !== '') lines.push(...wrap(map.description, view.width - 2, '').map((l) => paint.dim(` ${l}`)));
  if (map.state !== null) return `${lines.join('\n')}\n ${String(map.state)}\n`;
  if (map.cells.length === 1)
    return `${lines.join('\n')}\n ${withUnit(map.cells[0]!, map.unitFrom === 'none' ? '' : map.unit)}${twin === null ? '' : `   stock ${plainNumber(twin.cells[0]!)}`}\n`;
  const digits = usefulDigits(twin === null ? map.cells : [...map.cells, ...twin.cells], map.digits);
  const picture = drawPicture(
    {
      heading: [''],
      axes: map.axes.map((a) => ({ ...a, breakpoints: a.breakpoints.map(finite) })),
      rows: map.rows,
      columns: map.columns,
      cells: Array.from(map.cells, finite),
      stockCells: twin === null ? null : Array.from(twin.cells, finite),
      changeIn: twin === null ? null : /^(fuel|ve)/.test(map.role) ? 'percent' : 'unit',
      flagged: null,
      digits,
      focus: null,
      // A change may lie where a row is left out: there the picture stands around the largest.
      whole: twin === null,
    },
    view,
    maxRows,
  );
  return `${[...lines, ...picture].map((l) => l.trimEnd()).join('\n')}\n`;
}

/** Formulas of a spreadsheet must not start from a title. */
export function csvField(text: string): string {
  const clean = printable(text);
  const safe = /^\s*[=+\-@＝＋－＠]./.test(clean) && Number.isNaN(Number(clean)) ? `'${clean}` : clean;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Breakpoints in the first row and column, cells between them. */
export function mapCsv(map: TuneMap): string {
  const x = map.axes.find((a) => a.axis === 'x');
  const y = map.axes.find((a) => a.axis === 'y');
  const number = (n: number | undefined): string => (n === undefined || !Number.isFinite(n) ? '' : String(n));
  const name = (axis: typeof x, i: number): string => axis?.labels?.[i] ?? number(axis?.breakpoints[i]);
  const rows = [[csvField(map.title), ...Array.from({ length: map.columns }, (_, c) => csvField(name(x, c)))]];
  for (let r = 0; r < map.rows; r++) {
    rows.push([
      csvField(name(y, r)),
      ...Array.from(map.cells.slice(r * map.columns, (r + 1) * map.columns), (v) => number(v)),
    ]);
  }
  return `${rows.map((r) => r.join(',')).join('\n')}\n`;
}
