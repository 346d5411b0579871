/** A map as a heat map: the fault in the middle, engine speed down, load across; change against stock where stock is there. */
import type { Quantity } from '../../core/model.ts';
import { plainNumber } from '../../core/rules/message.ts';
import { cut, padStart, painter, widthOf } from './layout.ts';

export interface Picture {
  /** Lines above the picture. */
  heading: string[];
  axes: {
    axis: 'x' | 'y';
    quantity: Quantity;
    unit: string;
    breakpoints: (number | null)[];
    labels: string[] | null;
  }[];
  rows: number;
  columns: number;
  cells: (number | null)[];
  stockCells: (number | null)[] | null;
  changeIn: 'unit' | 'percent' | null;
  flagged: number[] | null;
  digits: number;
  focus: { row: number; column: number } | null;
  /** From end to end, rows and columns left out evenly, instead of all of them around one place. */
  whole?: boolean;
  /** A second line under each row: a word for each cell. */
  below?: (string | null)[];
}

export interface Shown {
  text: string;
  /** -1..1 for a change, 0..1 for a value; null: nothing to colour. */
  heat: number | null;
  flagged: boolean;
}

const NAMES: Partial<Record<Quantity, string>> = {
  engineSpeed: 'rpm',
  throttle: 'throttle',
  throttleAngle: 'throttle',
  grip: 'grip',
  intakePressure: 'pressure',
  load: 'load',
  coolantTemperature: 'coolant',
  airTemperature: 'air',
  batteryVoltage: 'voltage',
  gear: 'gear',
};

/** @param maxRows of the picture; the fault's own are always among them */
export function drawPicture(picture: Picture, view: { width: number; colour: boolean }, maxRows = 9): string[] {
  const down = picture.axes.find((a) => a.axis === 'y') ?? null;
  const across = picture.axes.find((a) => a.axis === 'x') ?? null;
  const turned = across?.quantity === 'engineSpeed' && picture.rows > 1;
  const [rowAxis, columnAxis] = turned ? [across, down] : [down, across];
  const [rows, columns] = turned ? [picture.columns, picture.rows] : [picture.rows, picture.columns];
  const indexOf = (r: number, c: number): number => (turned ? c * picture.columns + r : r * picture.columns + c);
  const shown = shownCells(picture);
  const label = (axis: typeof rowAxis, i: number): string => {
    const text = axis?.labels?.[i] ?? null;
    if (text !== null) return cut(text, 10);
    const value = axis?.breakpoints[i];
    return value == null ? String(i + 1) : plainNumber(value);
  };
  const { focus } = picture;
  const centre =
    focus === null
      ? worst(picture, shown, rows, columns, indexOf)
      : turned
        ? { row: focus.column, column: focus.row }
        : focus;
  const cellWidth = Math.max(5, ...shown.map((s) => widthOf(s.text))) + 1;
  const labelWidth = Math.max(...Array.from({ length: rows }, (_, r) => widthOf(label(rowAxis, r))), 3) + 2;
  const fit = Math.max(1, Math.floor((view.width - labelWidth - 4) / (cellWidth + 1)));
  const range = picture.whole === true ? evenly : window;
  const columnRange = range(centre.column, columns, fit);
  const rowRange = range(centre.row, rows, maxRows);
  const paint = painter(view.colour);
  const lines = [...picture.heading];
  const head = columnRange.map((c) => padStart(label(columnAxis, c), cellWidth)).join(' ');
  const corner = cornerText(rowAxis, columnAxis, rows);
  if (corner !== '') lines.push(paint.dim(cut(`  ${corner}`, view.width)));
  lines.push(paint.dim(`  ${' '.repeat(labelWidth + 1)}${head}`));
  for (const r of rowRange) {
    const body = columnRange
      .map((c) => tint(shown[indexOf(r, c)]!, cellWidth, view.colour, picture.stockCells !== null))
      .join(' ');
    // A curve has one row: its number says nothing.
    const name = rows === 1 && rowAxis === null ? '' : label(rowAxis, r);
    lines.push(`  ${paint.dim(padStart(name, labelWidth))} ${body}`);
    const { below } = picture;
    if (below === undefined) continue;
    const words = columnRange.map((c) => padStart(`${below[indexOf(r, c)] ?? ''} `, cellWidth)).join(' ');
    if (words.trim() !== '') lines.push(paint.dim(`  ${' '.repeat(labelWidth)} ${words}`));
  }
  const hidden = rows - rowRange.length + (columns - columnRange.length);
  if (hidden > 0)
    lines.push(
      paint.dim(
        cut(
          `  ${rowRange.length} of ${rows} rows, ${columnRange.length} of ${columns} columns${picture.whole === true ? ', taken evenly' : ''}`,
          view.width,
        ),
      ),
    );
  return lines;
}

type PictureAxis = Picture['axes'][number];

/** "rpm \\ throttle %", "air °C" of a curve; labels speak for themselves. */
export function cornerText(down: PictureAxis | null, across: PictureAxis | null, rows: number): string {
  const title = (axis: PictureAxis | null): string => {
    if (axis === null) return '';
    const name = NAMES[axis.quantity] ?? (axis.unit === '' && axis.labels === null ? 'place' : '');
    const unit = axis.quantity === 'engineSpeed' ? '' : axis.unit;
    return [name, unit].filter((t) => t !== '').join(' ');
  };
  const [left, right] = [rows === 1 ? '' : title(down), title(across)];
  return left === '' || right === '' ? left + right : `${left} \\ ${right}`;
}

/** Each cell as it is read: its change from stock or its value, how warm, whether it is over a limit. Row-major. */
export function shownCells(
  picture: Pick<Picture, 'cells' | 'stockCells' | 'changeIn' | 'flagged' | 'digits'>,
): Shown[] {
  const { cells, stockCells, changeIn, flagged, digits } = picture;
  const numbers = cells.filter((v): v is number => v !== null);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const changes = cells.map((v, i) => {
    const was = stockCells?.[i] ?? null;
    if (v === null || was === null) return null;
    return changeIn === 'percent' ? (was === 0 ? null : (v / was - 1) * 100) : v - was;
  });
  const most = Math.max(1e-9, ...changes.map((c) => Math.abs(c ?? 0)));
  return cells.map((value, i) => {
    const mark = flagged?.[i] === 1;
    if (value === null) return { text: '-', heat: null, flagged: mark };
    if (stockCells === null) {
      return { text: value.toFixed(digits), heat: high === low ? null : (value - low) / (high - low), flagged: mark };
    }
    const change = changes[i] ?? null;
    if (change === null) return { text: '?', heat: null, flagged: mark };
    const places = changeIn === 'percent' ? 1 : Math.max(1, digits);
    const text =
      Math.abs(change) < 0.5 / 10 ** places ? (0).toFixed(places) : `${change > 0 ? '+' : ''}${change.toFixed(places)}`;
    return { text, heat: change / most, flagged: mark };
  });
}

/** The cell to look at: the flagged one with the largest change or, without stock, the middle of the flagged ones. */
function worst(
  picture: Picture,
  shown: Shown[],
  rows: number,
  columns: number,
  indexOf: (r: number, c: number) => number,
): { row: number; column: number } {
  let best = { row: 0, column: 0, heat: -1 };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = shown[indexOf(row, column)]!;
      const heat = Math.abs(cell.heat ?? 0) + (cell.flagged ? 10 : 0);
      if (heat > best.heat && (cell.flagged || picture.flagged === null)) best = { row, column, heat };
    }
  }
  return best;
}

/** So many places from the first to the last, as even as can be. */
function evenly(_centre: number, count: number, size: number): number[] {
  if (count <= size) return Array.from({ length: count }, (_, i) => i);
  if (size < 2) return [0];
  return Array.from({ length: size }, (_, i) => Math.round((i * (count - 1)) / (size - 1)));
}

/** So many places around one, in order. */
function window(centre: number, count: number, size: number): number[] {
  const from = Math.max(0, Math.min(centre - Math.floor(size / 2), count - size));
  return Array.from({ length: Math.min(size, count) }, (_, i) => from + i);
}

/** Blue below, orange above: told apart by people who see red and green alike. 256 colours, dark enough for light text. */
const COLD = [236, 24, 25, 26, 27];
const WARM = [236, 94, 130, 166, 202];
const RISE = [17, 18, 24, 30, 65, 100, 136, 172, 208];

function tint(cell: Shown, width: number, colour: boolean, change: boolean): string {
  const text = padStart(`${cell.text}${cell.flagged ? '!' : ' '}`, width);
  if (!colour || cell.heat === null) return text;
  const paint = painter(true);
  const scale = change ? (cell.heat < 0 ? COLD : WARM) : RISE;
  const step = Math.min(scale.length - 1, Math.round(Math.abs(cell.heat) * (scale.length - 1)));
  const painted = paint.bgAnsi256(scale[step]!)(paint.ansi256(255)(text));
  return cell.flagged ? paint.bold(painted) : painted;
}
