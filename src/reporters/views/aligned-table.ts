/** Lists: a table for people, tab-separated lines for pipes. */
import Table from 'cli-table3';
import { printable } from '../../core/rules/message.ts';
import { cut, widthOf } from '../terminal/layout.ts';

/** @param options.plain no decoration and no cutting: one tab between fields, stable for scripts */
export function alignedTable(columns: string[], rows: string[][], options: { width: number; plain: boolean }): string {
  if (options.plain) return rows.map((r) => `${r.map((c) => printable(c)).join('\t')}\n`).join('');
  const widths = columns.map((c, i) => Math.max(widthOf(c), ...rows.map((r) => widthOf(printable(r[i] ?? '')))));
  // The widest columns give way until the line fits.
  const room = Math.max(20, options.width - 2 * (columns.length - 1) - 1);
  while (widths.reduce((a, b) => a + b, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest]!--;
    if (widths[widest]! <= 4) break;
  }
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
    columns.map((c, i) => cut(c, widths[i]!)),
    ...rows.map((r) => r.map((c, i) => cut(c, widths[i]!))),
  );
  return `${table
    .toString()
    .split('\n')
    .map((l) => l.trimEnd())
    .join('\n')}\n`;
}
