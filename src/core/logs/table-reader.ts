/** Logs that are tables of text: lines, a separator, a line of names, perhaps one of units. Bytes in, numbers out, no strings on the way. */
import { RevsyncError } from '../errors.ts';
import { decodeText } from '../text.ts';
import { appended } from './append.ts';
import { numberOf } from './number-of.ts';
import type { LogEnd, LogField, LogHead, LogReader, LogSink } from './port.ts';
import { MAX_FIELDS } from './port.ts';

/** Longest line; a row of 1,400 fields has some 15 KB. */
const MAX_LINE_BYTES = 1024 * 1024;
/** So much is looked at to find the line of names. */
const HEAD_BYTES = 256 * 1024;
const HEAD_LINES = 60;
const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;

/** Where the head of a table ends and how it is written. */
export interface TableHead extends LogHead {
  separator: number;
  /** Lines before the first row. */
  lines: number;
}

const SEPARATORS = [9, 59, 44] as const;

/** Cells of one line, quotes taken off. */
function cellsOf(line: string, separator: number): string[] {
  const sep = String.fromCharCode(separator);
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const c of line) {
    if (c === '"') quoted = !quoted;
    else if (c === sep && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += c;
  }
  cells.push(cell.trim());
  return cells;
}

const isNumber = (cell: string): boolean => /^[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?$/i.test(cell);
const isClock = (cell: string): boolean => /^\d{1,3}:\d{1,2}(:\d{1,2})?([.,]\d+)?$/.test(cell);
const isRow = (cells: string[], columns: number): boolean => {
  const filled = cells.filter((c) => c !== '').length;
  const numbers = cells.filter((c) => isNumber(c) || isClock(c)).length;
  return numbers >= 2 && numbers * 2 > filled && cells.length <= columns + 2 && cells.length * 2 >= columns;
};
const isNames = (cells: string[]): boolean => {
  const named = cells.filter((c) => c !== '' && !isNumber(c)).length;
  return cells.length >= 2 && cells.length <= MAX_FIELDS && named >= 2 && named * 2 > cells.length;
};

/** "Engine Speed (rpm)" names its unit in brackets. */
function fieldOf(name: string, unit: string | undefined): LogField {
  const bracketed = /^(.*\S)\s*[([]([^()[\]]{1,16})[)\]]$/.exec(name);
  if (bracketed === null) return { name, unit: unit ?? '' };
  return { name: bracketed[1]!, unit: unit === undefined || unit === '' ? bracketed[2]!.trim() : unit };
}

/** The line of names is the first one of words that rows of numbers follow. Null: there is none. */
export function tableHead(bytes: Uint8Array, separators: readonly number[] = SEPARATORS): TableHead | null {
  const lines = decodeText(bytes.subarray(0, HEAD_BYTES))
    .text.split('\n', HEAD_LINES)
    .map((l) => l.replace(/\r$/, ''));
  for (const separator of separators) {
    const rows = lines.map((l) => cellsOf(l, separator));
    for (const [i, names] of rows.entries()) {
      if (!isNames(names)) continue;
      const [next, second] = [rows[i + 1], rows[i + 2]];
      const direct = next !== undefined && isRow(next, names.length);
      const hasUnits = !direct && next !== undefined && second !== undefined && isRow(second, names.length);
      if (!direct && !hasUnits) continue;
      return {
        fields: names.map((name, k) => fieldOf(name, hasUnits ? next[k] : undefined)),
        signature: (lines.slice(0, i).find((l) => /\w/.test(l)) ?? '').replaceAll('"', '').trim().slice(0, 200),
        separator,
        lines: i + (hasUnits ? 2 : 1),
      };
    }
  }
  return null;
}

/** Reads a table whose separator may be any of those given. */
export class TableReader implements LogReader {
  readonly #sink: LogSink;
  readonly #separators: readonly number[];
  #rest = new Uint8Array(0);
  #head: TableHead | null = null;
  #linesLeft = 0;
  /** By column: place in the sample, -1: not wanted. */
  #places = new Int32Array(0);
  #values = new Float64Array(0);
  readonly #end: LogEnd = { samples: 0, skipped: 0, markers: 0 };

  constructor(sink: LogSink, separators: readonly number[] = SEPARATORS) {
    this.#sink = sink;
    this.#separators = separators;
  }

  push(bytes: Uint8Array): void {
    const all = appended(this.#rest, bytes);
    if (this.#head === null && all.length < HEAD_BYTES) this.#rest = all.slice();
    else this.#lines(all);
  }

  end(): LogEnd {
    const last = this.#rest;
    this.#rest = new Uint8Array(0);
    if (last.length > 0) {
      const closed = new Uint8Array(last.length + 1);
      closed.set(last);
      closed[last.length] = NEWLINE;
      this.#lines(closed);
    }
    if (this.#head === null) throw noTable();
    return this.#end;
  }

  #begin(all: Uint8Array): TableHead {
    const head = tableHead(all, this.#separators);
    if (head === null) throw noTable();
    this.#linesLeft = head.lines;
    this.#places = new Int32Array(head.fields.length).fill(-1);
    const wanted = this.#sink.start({ fields: head.fields, signature: head.signature });
    for (const [place, column] of wanted.entries()) this.#places[column] = place;
    this.#values = new Float64Array(wanted.length);
    return head;
  }

  #lines(all: Uint8Array): void {
    this.#head ??= this.#begin(all);
    let from = 0;
    for (;;) {
      const to = all.indexOf(NEWLINE, from);
      if (to < 0) break;
      if (this.#linesLeft > 0) this.#linesLeft--;
      else this.#row(all, from, to > from && all[to - 1] === RETURN ? to - 1 : to, this.#head.separator);
      from = to + 1;
    }
    this.#rest = all.slice(from);
    if (this.#rest.length > MAX_LINE_BYTES) {
      // Whatever it is, it is no row: forgotten up to the next line.
      this.#rest = new Uint8Array(0);
      this.#end.skipped++;
    }
  }

  #row(bytes: Uint8Array, from: number, to: number, separator: number): void {
    if (to <= from) return;
    const values = this.#values.fill(Number.NaN);
    const columns = this.#places.length;
    let column = 0;
    let start = from;
    let quoted = false;
    let numbers = 0;
    for (let at = from; at <= to; at++) {
      const byte = at < to ? bytes[at] : separator;
      if (byte === QUOTE && at < to) quoted = !quoted;
      if (byte !== separator || (quoted && at < to)) continue;
      const place = column < columns ? this.#places[column]! : -1;
      if (place >= 0) {
        const value = numberOf(bytes, start, at, separator !== 44);
        values[place] = value;
        if (!Number.isNaN(value)) numbers++;
      }
      column++;
      start = at + 1;
    }
    // "MARK 001" and a header written again are no samples.
    if (column < 2 && values.length > 1) this.#end.markers++;
    else if (numbers * 2 < values.length && (numbers === 0 || column * 2 < columns)) this.#end.skipped++;
    else {
      this.#end.samples++;
      this.#sink.sample(values);
    }
  }
}

const noTable = (): RevsyncError =>
  new RevsyncError(
    'LOG_NOT_READ',
    'no line of names followed by rows of numbers was found in this log',
    'Export it again as MSL or CSV, with its line of field names.',
  );
