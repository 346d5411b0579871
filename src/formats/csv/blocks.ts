/** Records to blocks: lines of words, then a rectangle with numbers in it. */
import type { Records } from './read-records.ts';

export interface Block {
  /** Lines of words before the rectangle, and what "name: value" lines among them say. */
  title: string | null;
  stated: Map<string, string>;
  rows: string[][];
  /** Of its first row, from 1. */
  line: number;
}

/** No file known has more. */
export const MAX_BLOCKS = 2_000;
/** Spellings of "name: value" lines, to one. */
const STATED: [RegExp, string][] = [
  [/^(title|name|map|table|id)$/i, 'title'],
  [/^(units?|z|z units?|value|values)$/i, 'unit'],
  [/^(x|x axis|x-axis|columns?|across)$/i, 'x'],
  [/^(y|y axis|y-axis|rows?|down)$/i, 'y'],
];

/** In the order of the file; blocks of words alone go with what follows. */
export function blocksOf({ rows, numberOf }: Records): Block[] {
  const blocks: Block[] = [];
  let words: string[][] = [];
  let grid: string[][] = [];
  let line = 0;
  const close = (): void => {
    if (grid.length > 0 && blocks.length <= MAX_BLOCKS) {
      blocks.push({ ...said(words), rows: rectangle(grid), line });
      words = [];
    }
    grid = [];
  };
  for (const [i, row] of rows.entries()) {
    const filled = row.filter((c) => c !== '');
    if (filled.length === 0) {
      close();
      continue;
    }
    const isWords = filled.length <= 2 && filled.every((c) => Number.isNaN(numberOf(c))) && !opens(rows, i, numberOf);
    if (isWords || row[0]!.startsWith('#')) {
      close();
      words.push(row);
      continue;
    }
    if (grid.length === 0) line = i + 1;
    grid.push(row);
  }
  close();
  return blocks;
}

/** Two names over two columns of numbers head a curve. */
function opens(rows: string[][], at: number, numberOf: Records['numberOf']): boolean {
  const names = rows[at]!.filter((c) => c !== '');
  const next = rows[at + 1];
  return (
    names.length === 2 &&
    rows[at]![0] !== '' &&
    !rows[at]![0]!.endsWith(':') &&
    next !== undefined &&
    next.filter((c) => c !== '').length === 2 &&
    next.slice(0, 2).every((c) => !Number.isNaN(numberOf(c)))
  );
}

/** The title is the nearest line of words; a comment only where there is no other. */
function said(words: string[][]): Pick<Block, 'title' | 'stated'> {
  const stated = new Map<string, string>();
  let title: string | null = null;
  let comment: string | null = null;
  for (const row of words) {
    const written = row.filter((c) => c !== '').join(': ');
    const text = written.replace(/^#+\s*/, '');
    const pair = /^([^:=]{1,30})\s*[:=]+\s*(.+)$/.exec(text);
    const name = pair === null ? undefined : STATED.find(([spelling]) => spelling.test(pair[1]!.trim()))?.[1];
    if (pair !== null && name !== undefined) stated.set(name, pair[2]!.trim());
    else if (written.startsWith('#')) comment = text;
    else title = text;
  }
  return { title: stated.get('title') ?? title ?? comment, stated };
}

/** Without the blank cells at the ends of its rows; rows of one length. */
function rectangle(rows: string[][]): string[][] {
  const width = Math.max(...rows.map((r) => r.findLastIndex((c) => c !== '') + 1));
  return rows.map((r) => Array.from({ length: width }, (_, i) => r[i] ?? ''));
}
