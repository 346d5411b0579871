/** A map as an HTML table: engine speed down, change from stock as heat, a frame and a mark around what is over a limit. */
import type { Exhibit } from '../../core/report.ts';
import { plainNumber } from '../../core/rules/message.ts';
import { cornerText, type Shown, shownCells } from '../terminal/picture.ts';
import { escapeXml as e } from '../xml-escape.ts';

type DrawnAxis = Exhibit['axes'][number];

export interface MapTable
  extends Pick<Exhibit, 'axes' | 'rows' | 'columns' | 'cells' | 'stockCells' | 'changeIn' | 'flagged' | 'digits'> {
  caption: string;
  /** A second line in a cell. */
  below?: (string | null)[];
}

export function mapTable(map: MapTable): string {
  const down = map.axes.find((a) => a.axis === 'y') ?? null;
  const across = map.axes.find((a) => a.axis === 'x') ?? null;
  const turned = across?.quantity === 'engineSpeed' && map.rows > 1;
  const [rowAxis, columnAxis] = turned ? [across, down] : [down, across];
  const [rows, columns] = turned ? [map.columns, map.rows] : [map.rows, map.columns];
  const shown = shownCells(map);
  const name = (axis: DrawnAxis | null, i: number): string => {
    const value = axis?.breakpoints[i];
    return axis?.labels?.[i] ?? (value == null ? String(i + 1) : plainNumber(value));
  };
  const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const at = (r: number, c: number): number => (turned ? c * map.columns + r : r * map.columns + c);
  const head = count(columns).map((c) => `<th scope="col">${e(name(columnAxis, c))}</th>`);
  const body = count(rows).map((r) => {
    const label = rows === 1 && rowAxis === null ? '' : e(name(rowAxis, r));
    const cells = count(columns).map((c) => td(shown[at(r, c)]!, map, map.below?.[at(r, c)] ?? null));
    return `<tr><th scope="row">${label}</th>${cells.join('')}</tr>`;
  });
  const corner = e(cornerText(rowAxis, columnAxis, rows));
  return `<p class="cap">${e(map.caption)}</p><div class="wide"><table class="map"><tr><th>${corner}</th>${head.join('')}</tr>${body.join('')}</table></div>`;
}

function td({ text, heat, flagged }: Shown, { stockCells }: MapTable, below: string | null): string {
  const isChange = stockCells !== null;
  const size = isChange && heat !== null ? Math.abs(heat) : 0;
  const colour =
    size < 0.04
      ? ''
      : ` style="background:rgba(${heat! < 0 ? '40,110,200' : '220,120,20'},${(size * 0.75).toFixed(2)})"`;
  const same = isChange && size < 1e-9 && !flagged;
  const kind = flagged ? ' class="x"' : same ? ' class="same"' : '';
  return `<td${kind}${colour}>${e(text)}${flagged ? '!' : ''}${below === null ? '' : `<br><span class="soft">${e(below)}</span>`}</td>`;
}
