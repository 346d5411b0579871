/** Lists: a table for people, tab-separated lines for pipes. */
import Table from 'cli-table3';
import { printable } from '../../core/rules/message.ts';
import { cut, cutStart, widthOf, wrap } from '../terminal/layout.ts';

/** A column: its name, and what becomes of it where the terminal is narrow. By its name alone an id is kept, a file or path is a path. */
export interface Column {
  name: string;
  /** Never cut: an id or a name that is typed again. */
  keep?: boolean;
  /** A path: cut at its start, for its end says which file it is. */
  path?: boolean;
}

/** What can be cut keeps so much of it. */
const LEAST = 12;

/** @param options.plain no decoration and no cutting: one tab between fields, stable for scripts */
export function alignedTable(
  given: readonly (string | Column)[],
  rows: string[][],
  options: { width: number; plain: boolean },
): string {
  if (options.plain) return rows.map((r) => `${r.map((c) => printable(c)).join('\t')}\n`).join('');
  const columns = given.map((c): Column => {
    if (typeof c !== 'string') return c;
    return { name: c, keep: c === 'id', path: c === 'file' || c === 'path' };
  });
  const widths = columns.map((c, i) => Math.max(widthOf(c.name), ...rows.map((r) => widthOf(printable(r[i] ?? '')))));
  // The widest columns give way until the line fits.
  const room = Math.max(20, options.width - 2 * (columns.length - 1) - 1);
  while (widths.reduce((a, b) => a + b, 0) > room) {
    const free = widths.map((w, i) => (columns[i]?.keep === true || w <= LEAST ? 0 : w));
    const widest = free.indexOf(Math.max(...free));
    if (free[widest] === 0) return stacked(columns, rows, options.width);
    widths[widest]!--;
  }
  const narrowed = (text: string, i: number): string => (columns[i]?.path === true ? cutStart : cut)(text, widths[i]!);
  const none = '';
  const table = new Table({
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: {
      top: none,
      'top-mid': none,
      'top-left': none,
      'top-right': none,
      bottom: none,
      'bottom-mid': none,
      'bottom-left': none,
      'bottom-right': none,
      left: ' ',
      'left-mid': none,
      mid: none,
      'mid-mid': none,
      right: none,
      'right-mid': none,
      middle: '  ',
    },
  });
  table.push(
    columns.map((c, i) => narrowed(c.name, i)),
    ...rows.map((r) => r.map(narrowed)),
  );
  return `${table
    .toString()
    .split('\n')
    .map((l) => l.trimEnd())
    .join('\n')}\n`;
}

/** Where no table fits: what is kept on a line of its own, the rest beneath it, nothing cut. */
function stacked(columns: readonly Column[], rows: string[][], width: number): string {
  const block = (fields: string[]): string[] => {
    const named = (keep: boolean): string[] =>
      fields.filter((f, i) => f !== '' && (columns[i]?.keep === true) === keep).map(printable);
    const head = named(true);
    const rest = wrap(named(false).join(' · '), width - 4, '').map((l) => `    ${l}`);
    return [...wrap(head.join('  '), width - 2, '').map((l) => ` ${l}`), ...rest];
  };
  return `${[columns.map((c) => c.name), ...rows].flatMap(block).join('\n')}\n`;
}
