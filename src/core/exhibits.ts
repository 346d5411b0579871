/** The maps that a report draws: those with flagged cells, the worst first, bounded in size. */
import type { TuneMap } from './model.ts';
import type { Exhibit } from './report.ts';
import { atLeast } from './rules/bands.ts';
import type { Judged } from './rules/judge.ts';
import type { StockReference } from './stock.ts';

const MAX_EXHIBITS = 8;
const MAX_CELLS = 4_096;

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null);

/** At most 8 maps of at most 4,096 cells. */
export function exhibitsOf(
  judged: readonly Judged[],
  maps: readonly TuneMap[],
  stock: StockReference | null,
): Exhibit[] {
  const byId = new Map(maps.map((m) => [m.id, m]));
  const failed = judged
    .filter((j) => j.finding.status === 'fail' && j.flagged.size > 0)
    .sort((a, b) => {
      if (a.finding.severity !== b.finding.severity) return atLeast(a.finding.severity, b.finding.severity) ? -1 : 1;
      return b.depth - a.depth || a.finding.id.localeCompare(b.finding.id);
    });
  const chosen: string[] = [];
  for (const { finding, flagged } of failed) {
    // The worst map of each finding; its twins tell nothing new.
    const id = finding.map !== null && flagged.has(finding.map.id) ? finding.map.id : [...flagged.keys()][0];
    if (id !== undefined && !chosen.includes(id)) chosen.push(id);
  }
  return chosen
    .map((id) => byId.get(id))
    .filter((m): m is TuneMap => m !== undefined && m.cells.length > 1 && m.cells.length <= MAX_CELLS)
    .slice(0, MAX_EXHIBITS)
    .map((map) => exhibit(map, failed, stock));
}

function exhibit(map: TuneMap, failed: readonly Judged[], stock: StockReference | null): Exhibit {
  const flagged = new Array<number>(map.cells.length).fill(0);
  const findingIds: string[] = [];
  for (const judged of failed) {
    const cells = judged.flagged.get(map.id);
    if (cells === undefined) continue;
    findingIds.push(judged.finding.id);
    for (const i of cells) flagged[i] = 1;
  }
  const twin = stock?.maps.get(map.id)?.map ?? null;
  const percent = /^(fuel|ve)/.test(map.role);
  return {
    map: { id: map.id, title: map.title },
    findingIds,
    role: map.role,
    unit: map.unit,
    axes: map.axes.map((a) => ({
      axis: a.axis,
      quantity: a.quantity,
      unit: a.unit,
      breakpoints: a.breakpoints.map(finite),
      labels: a.labels,
    })),
    rows: map.rows,
    columns: map.columns,
    cells: Array.from(map.cells, finite),
    stockCells: twin === null ? null : Array.from(twin.cells, finite),
    changeIn: twin === null ? null : percent ? 'percent' : 'unit',
    flagged,
    digits: usefulDigits(twin === null ? map.cells : [...map.cells, ...twin.cells], map.digits),
    focus: focusOf(map, failed),
  };
}

function focusOf(map: TuneMap, failed: readonly Judged[]): Exhibit['focus'] {
  for (const { finding } of failed) {
    const cell = finding.cells.find((c) => c.mapId === map.id);
    if (cell !== undefined) return { row: cell.row, column: cell.column };
  }
  return null;
}

/** Decimals that a person needs: the definition's, but no more than one place under a hundredth of the span, and none where all are whole. */
export function usefulDigits(cells: Iterable<number>, stated: number | null | undefined): number {
  const values = Array.from(cells).filter(Number.isFinite);
  const span = values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
  const useful = values.every(Number.isInteger) ? 0 : span >= 200 ? 0 : span >= 5 ? 1 : 2;
  return Math.max(0, Math.min(stated ?? useful, useful));
}
