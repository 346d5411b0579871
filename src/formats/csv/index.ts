/**
 * Maps as CSV: what spreadsheets, map editors and `revsync maps --format csv` write. One map or several, with breakpoints in the first row
 * and column or without, comma, semicolon or tab, decimal point or comma. A CSV says nothing of the ECU: what a map is for is read from its
 * title or told with --role.
 */
import { MAX_CELLS_IN_ALL } from '../../core/bytes.ts';
import { slug } from '../../core/decode.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { Tune, TuneMap, Undecoded } from '../../core/model.ts';
import { plainMap, plainTune } from '../../core/plain-map.ts';
import type { Detection, TuneFormat } from '../../core/ports.ts';
import { blocksOf, MAX_BLOCKS } from './blocks.ts';
import { type Grid, gridOf } from './grid.ts';
import { readRecords, recordsOf, textOf } from './read-records.ts';

/** So much is looked at to recognise one: the first rows of the widest map known, and lines of words before them. */
const HEAD_BYTES = 4_096;
/** Least rows and columns of numbers without breakpoints that are taken for a map. */
const LEAST_BARE = 3;

function detect(bytes: Uint8Array, name: string): Detection | null {
  const text = textOf(bytes, HEAD_BYTES);
  if (text === null || /^\s*[<{[]/.test(text)) return null;
  // The cut divides a line.
  const whole = bytes.length <= HEAD_BYTES ? text : text.slice(0, text.lastIndexOf('\n') + 1);
  if (!holdsNumberLines(whole)) return null;
  let grids: Grid[];
  try {
    const records = recordsOf(whole);
    grids = blocksOf(records)
      .map((b) => gridOf(b, records.numberOf))
      .filter((g): g is Grid => !('reason' in g));
  } catch (error) {
    if (error instanceof RevsyncError) return null;
    throw error;
  }
  const withAxes = grids.filter((g) => g.withAxes && g.cells.length >= 2).length;
  if (withAxes > 0)
    return {
      confidence: 0.8,
      because: `holds ${withAxes === 1 ? 'a table' : `${withAxes} tables`} of numbers with breakpoints`,
    };
  const bare = grids.find((g) => g.rows >= LEAST_BARE && g.columns >= LEAST_BARE);
  if (bare === undefined) return null;
  return {
    confidence: /\.(csv|tsv|txt)$/i.test(name) ? 0.6 : 0.55,
    because: `holds a rectangle of ${bare.rows}x${bare.columns} numbers`,
  };
}

/** At least two lines that are mostly numbers: any other text is left before it is parsed. */
function holdsNumberLines(text: string): boolean {
  let lines = 0;
  for (const line of text.split('\n', 400)) {
    const digits = line.replace(/[^0-9]/g, '').length;
    const words = line.replace(/[^A-Za-z<>{}:]/g, '').length;
    if (digits > words && /[\t;,|]/.test(line) && ++lines >= 2) return true;
  }
  return false;
}

/** @throws RevsyncError CSV_EMPTY, CSV_MALFORMED, CSV_NUMBERS_AMBIGUOUS, TOO_LARGE */
function decode(bytes: Uint8Array, { name }: { name: string }): Tune {
  const records = readRecords(bytes);
  const blocks = blocksOf(records);
  if (blocks.length > MAX_BLOCKS)
    throw new RevsyncError('TOO_LARGE', `over ${MAX_BLOCKS} tables`, 'No ECU has that many maps.');
  const maps: TuneMap[] = [];
  const undecoded: Undecoded[] = [];
  const seen = new Map<string, number>();
  const stem = name.replace(/\.[^.]*$/, '');
  let room = MAX_CELLS_IN_ALL;
  for (const [i, block] of blocks.entries()) {
    const grid = gridOf(block, records.numberOf);
    const fallback = blocks.length === 1 ? stem : `${stem} ${i + 1}`;
    const title = ('reason' in grid ? block.title : grid.title) ?? fallback;
    // An untitled map is known by its place, so that two files of one map can be compared.
    const base = ('reason' in grid ? block.title : grid.title) === null ? `map-${i + 1}` : slug(title);
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    const id = count === 1 ? base : `${base}-${count}`;
    if ('reason' in grid) undecoded.push({ id, title, reason: grid.reason });
    else if (grid.cells.length > room) undecoded.push({ id, title, reason: 'more cells than any real file has' });
    else {
      room -= grid.cells.length;
      const { rows, columns, axes, cells, unit } = grid;
      maps.push(plainMap({ id, title, rows, columns, axes, cells, unit }));
    }
  }
  if (maps.length === 0) {
    throw new RevsyncError(
      'CSV_EMPTY',
      `the CSV holds no map${undecoded[0] === undefined ? '' : `: ${undecoded[0].reason}`}`,
      'A map is a rectangle of numbers, with breakpoints in its first row and column.',
    );
  }
  const bare = maps.filter((m) => m.axes.some((a) => !a.known));
  const warnings =
    bare.length === 0 ? [] : [`${bare.length} maps have no breakpoints in the file: cells are told by their number`];
  return plainTune({ format: 'csv', maps, undecoded, warnings });
}

export const format: TuneFormat = {
  kind: 'tune',
  asksRoles: true,
  id: 'csv',
  title: 'maps as CSV',
  extensions: ['.csv', '.tsv', '.txt'],
  reads:
    'one map or several in a file, with breakpoints in the first row and column or without; comma, semicolon or tab, decimal point or comma, units in brackets behind a name. Titles and `--role` say what a map is for; others are shown and not judged',
  detect,
  decode,
};
