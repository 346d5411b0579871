/** Bytes of a CSV to records of trimmed cells: separator, quotes, decimal point or comma. */
import { CsvError, parse } from 'csv-parse/sync';
import { RevsyncError } from '../../core/errors.ts';
import { decodeText } from '../../core/text.ts';

/** The largest map known has 2 KB a row and 40 rows; a file of all maps of an ECU under 1 MB. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_RECORDS = 20_000;
export const MAX_COLUMNS = 1_024;

export interface Records {
  rows: string[][];
  /** Number of a cell, NaN where it is none. */
  numberOf(cell: string): number;
}

/** A character that no text has. */
function holdsControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && !(code >= 0x09 && code <= 0x0d) && code !== 0x1a) || code >= 0xfffe) return true;
  }
  return false;
}

/** Null: this is no text. Looks at the first bytes alone, so that images cost nothing. */
export function textOf(bytes: Uint8Array, most: number): string | null {
  if (bytes.length === 0) return null;
  const start = decodeText(bytes.subarray(0, 1_024)).text;
  if (holdsControl(start)) return null;
  const { text } = decodeText(bytes.subarray(0, most));
  return holdsControl(text) ? null : text;
}

/** @throws RevsyncError TOO_LARGE, CSV_MALFORMED, CSV_NUMBERS_AMBIGUOUS */
export function readRecords(bytes: Uint8Array): Records {
  if (bytes.length > MAX_BYTES)
    throw new RevsyncError('TOO_LARGE', 'the CSV has over 4 MiB', 'Maps are not that large: is it a log of a ride?');
  const text = textOf(bytes, MAX_BYTES);
  if (text === null)
    throw new RevsyncError('CSV_MALFORMED', 'the CSV holds control characters', 'Export it again as text.');
  return recordsOf(text);
}

/** @throws RevsyncError CSV_MALFORMED, CSV_NUMBERS_AMBIGUOUS */
export function recordsOf(text: string): Records {
  const delimiter = separatorOf(text);
  let rows: string[][];
  try {
    rows = parse(text, {
      delimiter,
      bom: true,
      trim: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: 64 * MAX_COLUMNS,
      to: MAX_RECORDS + 1,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? `line ${error['lines']}: ` : '';
    throw new RevsyncError('CSV_MALFORMED', `${line}${error.message}`, 'Export it again; is a quote left open?', error);
  }
  if (rows.length > MAX_RECORDS)
    throw new RevsyncError('TOO_LARGE', `over ${MAX_RECORDS} lines`, 'Maps are not that long: is it a log of a ride?');
  return { rows, numberOf: numbers(rows, delimiter) };
}

/** The first of them that stands outside of quotes in at least half of the lines. */
function separatorOf(text: string): string {
  const lines = text
    .slice(0, 65_536)
    .split(/\r?\n/, 200)
    .map((l) => l.replace(/"[^"]*"/g, ''))
    .filter((l) => l.trim() !== '');
  const share = (separator: string): number =>
    lines.filter((l) => l.includes(separator)).length / Math.max(1, lines.length);
  return ['\t', ';', ',', '|'].find((s) => share(s) >= 0.5) ?? [',', ';', '\t'].find((s) => share(s) > 0) ?? ',';
}

const PLAIN = /^[-+]?(\d+|\d*\.\d+|\d+\.\d*)(e[-+]?\d+)?$/i;
const WITH_COMMA = /^[-+]?\d*,\d+$/;
const THOUSANDS = /^[-+]?\d{1,3}(,\d{3})+$/;
/** Written behind a number by some tools. */
const UNIT = /\s*(%|°|°?c|deg|rpm|ms|kpa|λ|afr)$/i;

/** @throws RevsyncError where decimal points and decimal commas stand side by side */
function numbers(rows: string[][], delimiter: string): Records['numberOf'] {
  let point: string | null = null;
  let comma: string | null = null;
  let thousands = delimiter === ',';
  for (const row of rows) {
    for (const cell of row) {
      const bare = cell.replace(UNIT, '');
      if (bare.includes('.') && PLAIN.test(bare)) point ??= cell;
      else if (WITH_COMMA.test(bare)) {
        comma ??= cell;
        if (!THOUSANDS.test(bare)) thousands = false;
      }
    }
  }
  if (comma !== null && point !== null && !thousands) {
    throw new RevsyncError(
      'CSV_NUMBERS_AMBIGUOUS',
      `"${comma.slice(0, 20)}" and "${point.slice(0, 20)}" stand side by side: is the comma or the point the decimal sign?`,
      'Write all numbers one way.',
    );
  }
  return (cell) => {
    if (cell === '' || cell.length > 40) return Number.NaN;
    const bare = cell.replace(UNIT, '');
    const text = comma === null ? bare : thousands ? bare.replaceAll(',', '') : bare.replace(',', '.');
    return PLAIN.test(text) ? Number(text) : Number.NaN;
  };
}
