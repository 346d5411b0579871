/** One block to a map: which of its first row and first column are breakpoints, what they mean, what is undecoded. */
import { namedAxis, quantityOfName, statedUnit } from '../../core/axis-names.ts';
import { MAX_CELLS } from '../../core/bytes.ts';
import type { Axis, Quantity } from '../../core/model.ts';
import { plainAxis } from '../../core/plain-map.ts';
import { wordsOf } from '../../core/roles/words.ts';
import type { Block } from './blocks.ts';
import { MAX_COLUMNS, type Records } from './read-records.ts';

export interface Grid {
  title: string | null;
  unit: string;
  rows: number;
  columns: number;
  axes: Axis[];
  cells: Float64Array;
  /** Breakpoints were found. */
  withAxes: boolean;
}

interface Names {
  x: string;
  y: string;
  /** The corner names the map instead. */
  title: string | null;
}

/** A reason where the block is no map. */
export function gridOf(block: Block, numberOf: Records['numberOf']): Grid | { reason: string } {
  const place = `line ${block.line}`;
  const table = block.rows;
  const width = table[0]!.length;
  if (width > MAX_COLUMNS || table.length * width > MAX_CELLS)
    return { reason: `${place}: its ${table.length}x${width} cells are more than any real map has` };
  const values = table.map((row) => row.map(numberOf));
  const curve = curveOf(block, values);
  if (curve !== null) return curve;
  const head = values[0]!.slice(1);
  const corner = table[0]![0]!;
  const cornerIsWord = Number.isNaN(values[0]![0]!);
  const below = values.slice(1).map((r) => r[0]!);
  const headed = table.length > 1 && width > 1 && (cornerIsWord || isCornerZero(values));
  const blankHead = headed && cornerIsWord && table[0]!.slice(1).every((c) => c === '');
  const xKnown = headed && head.every(Number.isFinite);
  if (headed && !xKnown && !blankHead) return { reason: `${place}: its first row holds words, so it is no map` };
  const yKnown = headed && below.every(Number.isFinite);
  const yBlank = headed && table.slice(1).every((r) => r[0] === '');
  const firstRow = headed ? 1 : 0;
  const firstColumn = headed ? 1 : 0;
  if (headed && !yKnown && !yBlank) return { reason: `${place}: its first column holds words, so it is no map` };
  const [rows, columns] = [table.length - firstRow, width - firstColumn];
  const cells = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) cells[r * columns + c] = values[r + firstRow]![c + firstColumn]!;
  const lost = cells.filter((v) => !Number.isFinite(v)).length;
  if (lost * 4 > cells.length) return { reason: `${place}: ${lost} of its ${cells.length} cells are no numbers` };
  const names = namesOf(headed ? corner : '', block, { x: head, y: below });
  const given = block.title === null ? names.title : block.title;
  const axes: Axis[] = [];
  if (columns > 1) axes.push(axisOf('x', names.x, xKnown ? head : null, columns));
  if (rows > 1) axes.push(axisOf('y', names.y, yKnown ? below : null, rows));
  return { ...titleAndUnit(given, block), rows, columns, axes, cells, withAxes: xKnown };
}

/** Two columns under two names: breakpoints and values. A record of a ride begins with the time and goes on longer. */
function curveOf(block: Block, values: number[][]): Grid | null {
  const [names, ...rest] = block.rows;
  if (names!.length !== 2 || rest.length < 2 || rest.length > 256) return null;
  if (!Number.isNaN(values[0]![0]!) || !Number.isNaN(values[0]![1]!) || names![0] === '' || names![1] === '')
    return null;
  const x = values.slice(1).map((r) => r[0]!);
  const cells = Float64Array.from(values.slice(1), (r) => r[1]!);
  const [name, unit] = nameAndUnit(names![0]!);
  const axis = namedAxis(name, unit);
  if (!isMonotonic(x) || !cells.every(Number.isFinite) || axis.quantity === 'time') return null;
  const stated = titleAndUnit(names![1]!, block);
  const title = block.title ?? stated.title;
  const axes = [plainAxis('x', x.length, { ...axis, breakpoints: x })];
  return { ...stated, title, rows: 1, columns: x.length, axes, cells, withAxes: true };
}

/** A number in the corner belongs to the cells, unless it is 0 over rising breakpoints of which one reaches engine speeds. */
function isCornerZero(values: number[][]): boolean {
  const [x, y] = [values[0]!.slice(1), values.slice(1).map((r) => r[0]!)];
  if (values[0]![0] !== 0 || x.length < 3 || y.length < 3 || !isMonotonic(x) || !isMonotonic(y)) return false;
  const inside = Math.max(
    ...values
      .slice(1)
      .flatMap((r) => r.slice(1))
      .filter(Number.isFinite),
  );
  return Math.max(...x, ...y) >= 3_000 && inside * 2 < Math.max(...x, ...y);
}

export const isMonotonic = (list: readonly number[]): boolean => {
  const sign = Math.sign(list.at(-1)! - list[0]!);
  return sign !== 0 && list.every((v, i) => i === 0 || (v - list[i - 1]!) * sign > 0);
};

/** "Spark [°]" to name and unit. */
function nameAndUnit(text: string): [string, string] {
  const match = /^(.*?)\s*[[(]([^[\]()]{1,20})[\])]\s*$/.exec(text.trim());
  return match === null ? [text.trim(), ''] : [match[1]!, match[2]!];
}

function titleAndUnit(title: string | null, block: Block): Pick<Grid, 'title' | 'unit'> {
  const [name, unit] = title === null ? [null, ''] : nameAndUnit(title);
  return { title: name === '' ? null : name, unit: statedUnit(block.stated.get('unit') ?? unit) };
}

/** What the corner and the lines above say of the axes. Names in the corner go down first, unless the numbers say otherwise. */
function namesOf(corner: string, block: Block, breakpoints: { x: number[]; y: number[] }): Names {
  const stated = { x: block.stated.get('x') ?? '', y: block.stated.get('y') ?? '' };
  const parts = corner
    .split(/\s*(?:\\|\/|\||\bvs\.?\b|→|↓)\s*/i)
    .map((p) => p.trim())
    .filter((p) => p !== '');
  const quantityOf = (part: string): Quantity => quantityOfName(nameAndUnit(part)[0]);
  const known = parts.every((p) => quantityOf(p) !== 'unknown' && p.length < 40);
  const isAxis = known && (parts.length === 2 || (parts.length === 1 && namesAxisAlone(parts[0]!)));
  if (!isAxis) return { ...stated, title: corner === '' ? null : corner };
  let [y, x] = parts.length === 2 ? [parts[0]!, parts[1]!] : [parts[0]!, ''];
  const speeds = (list: number[]): boolean => Math.max(...list) >= 2_000;
  const isSpeed = (name: string): boolean => name !== '' && quantityOf(name) === 'engineSpeed';
  const wrongWay =
    (isSpeed(y) && !speeds(breakpoints.y) && speeds(breakpoints.x)) ||
    (isSpeed(x) && !speeds(breakpoints.x) && speeds(breakpoints.y));
  if (wrongWay) [x, y] = [y, x];
  return { x: stated.x || x, y: stated.y || y, title: null };
}

/** "RPM", "throttle (%)"; not "Fuel map" or "AFR target", which name what stands inside. */
function namesAxisAlone(part: string): boolean {
  const words = wordsOf(nameAndUnit(part)[0]);
  if (words.length > 2 || quantityOfName(part) === 'lambda') return false;
  return (
    words.length === 1 || !words.some((w) => /^(map|table|fuel|ve|spark|ign|ignition|timing|target|trim|limit)/.test(w))
  );
}

function axisOf(axis: 'x' | 'y', name: string, breakpoints: number[] | null, count: number): Axis {
  if (breakpoints === null) return plainAxis(axis, count, null);
  return plainAxis(axis, count, { ...namedAxis(...nameAndUnit(name)), breakpoints });
}
