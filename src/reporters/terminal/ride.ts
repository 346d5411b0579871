/** What a ride measured: deviation from the target cell by cell, hits beneath, and the cells that stray furthest. */
import type { RideLog } from '../../core/logs/ride-log.ts';
import type { View } from '../../core/ports.ts';
import { RIDE_COLUMNS, rideLogLines, rideRows } from '../ride-log-text.ts';
import { cut, padEnd, padStart, painter, wrap } from './layout.ts';
import { drawPicture } from './picture.ts';

export function rideSection(log: RideLog | null | undefined, view: View): string[] {
  if (log == null) return [];
  const paint = painter(view.colour);
  const lines = rideLogLines(log).flatMap((t) => wrap(t, view.width - 17, '').map((l) => `               ${l}`));
  lines[0] = ` ${paint.bold(padEnd('RIDE LOG', 13))} ${lines[0]?.trimStart() ?? ''}`;
  const rows = rideRows(log);
  return [...lines, '', ...(rows.length === 0 ? [] : [...picture(log, view), '', ...table(log, view), ''])];
}

function picture(log: RideLog, view: View): string[] {
  const count = log.rows * log.columns;
  const cells = new Array<number | null>(count).fill(null);
  const below = new Array<string | null>(count).fill(null);
  for (const c of log.cells) {
    const i = c.row * log.columns + c.column;
    if (c.claimed && c.deviationPercent !== null) cells[i] = 1 + c.deviationPercent / 100;
    if (Math.round(c.hits) > 0) below[i] = String(Math.round(c.hits));
  }
  const flagged = new Array<number>(count).fill(0);
  for (const i of log.flagged) flagged[i] = 1;
  const heading = `${log.map?.title ?? ''}   measured against target, % (+ is lean); hits beneath   ! = over a limit`;
  return drawPicture(
    {
      heading: [painter(view.colour).bold(cut(` ${heading}`, view.width))],
      axes: log.axes.map((a) => ({ ...a, labels: null })),
      rows: log.rows,
      columns: log.columns,
      cells,
      // A change of a percentage from 1 is the percentage.
      stockCells: new Array<number>(count).fill(1),
      changeIn: 'percent',
      flagged: log.flagged.length > 0 ? flagged : null,
      digits: 1,
      focus: null,
      below,
    },
    view,
  );
}

function table(log: RideLog, view: View): string[] {
  const paint = painter(view.colour);
  const rows = rideRows(log).map((r) => [r.place, r.hits, r.lambda, r.spread, r.target, r.deviation]);
  const widths = RIDE_COLUMNS.map((head, i) => Math.max(head.length, ...rows.map((r) => r[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cut(`  ${cells.map((c, i) => (i === 0 ? padEnd(c, widths[i]!) : padStart(c, widths[i]!))).join('  ')}`, view.width);
  return [paint.dim(line(RIDE_COLUMNS)), ...rows.map(line)];
}
