/** Changes the fuel, spark and limiter constants of a TunerStudio tune, as text, and its comment. */
import type { Change } from './change-image.ts';

const NAMES: Record<string, string[]> = {
  fuel: ['veTable', 'veTable1'],
  spark: ['advTable1', 'advanceTable1'],
  revLimiter: ['hardRevLim', 'SoftRevLim', 'RevLimNormal2', 'RevLimRpm1'],
};

export function changeMsq(text: string, changes: Change[], comment: string): string {
  let out = text.replace(/tuneComment="[^"]*"/, `tuneComment="${comment.replace(/[&<>"]/g, ' ')}"`);
  for (const change of changes) {
    for (const name of NAMES[change.role] ?? []) {
      const pattern = new RegExp(`(<constant[^>]*name="${name}"[^>]*>)([^<]*)(</constant>)`);
      out = out.replace(
        pattern,
        (_, open: string, cells: string, close: string) => `${open}${changeCells(cells, change)}${close}`,
      );
    }
  }
  return out;
}

/** Rows are loads, lowest first; one number to a column. */
function changeCells(text: string, change: Change): string {
  const rows = text.split('\n').filter((l) => l.trim() !== '').length;
  let row = -1;
  return text
    .split('\n')
    .map((line) => {
      if (line.trim() === '') return line;
      row++;
      const share = rows === 1 ? 1 : row / (rows - 1);
      const meant =
        change.where === 'upper' ? share >= 0.55 : change.where === 'lower' ? share <= 0.45 || rows === 1 : true;
      return meant ? line.replace(/-?\d+(\.\d+)?/g, (n) => changeNumber(Number(n), change)) : line;
    })
    .join('\n');
}

function changeNumber(from: number, change: Change): string {
  if (change.percent !== undefined) return (from * (1 + (change.percent * change.amount) / 100)).toFixed(1);
  if (change.rpm !== undefined) return (from + change.rpm * change.amount).toFixed(0);
  return (from + (change.degrees ?? 0) * change.amount).toFixed(1);
}
