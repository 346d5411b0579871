/** Blocks of rows that no axis begins: maps between two rows that jump, or of a shape that the image has elsewhere. */
import type { Block, Reading } from './blocks.ts';
import { covers, type FoundAxis, type Shape, type Trials } from './shapes.ts';
import { rowSteps } from './surface.ts';

/** A number of rows that maps of a width have in this image, and the axes that say so. */
export interface KnownRows {
  rows: number;
  x: FoundAxis | null;
  y: FoundAxis | null;
}

/** Rows that are looked at together for the column where they begin: maps of a block may be out of step. */
const SEAM_ROWS = 12;
const MAX_ROWS = 96;
/** Rows before and behind a block that are looked at too: the flat rows of a map show no period. */
const MARGIN_ROWS = 3;

/** What no axis begins: rows found by their seam, maps between two rows that jump, or of a shape that the image has elsewhere. */
export function tiles(
  block: Block,
  known: ReadonlyMap<number, readonly KnownRows[]>,
  sure: readonly Shape[],
  trials: Trials,
): Shape[] {
  const { reading, width } = block;
  const shapes: Shape[] = [];
  const lengths = new Map((known.get(width) ?? []).map((k) => [k.rows, k]));
  for (const phase of phasesOf(block)) {
    const first = Math.max(0, Math.ceil((block.from - MARGIN_ROWS * width - phase) / width));
    const rows = Math.floor((Math.min(block.to + MARGIN_ROWS * width, reading.v.length) - phase) / width) - first;
    if (rows < 4) continue;
    const start = first * width + phase;
    const steps = rowSteps(reading.v, start, rows, width, block.spread);
    const jumps = [-1];
    for (const [r, step] of steps.entries()) if (step > 0.15 && isPeak(steps, r)) jumps.push(r);
    jumps.push(rows - 1);
    const ends = new Set<number>(jumps);
    for (const [i, jump] of jumps.entries()) {
      const at = reading.parity + (start + (jump + 1) * width) * reading.type.elementBytes;
      if (covers(sure, at)) continue;
      const tries = new Set<number>(lengths.keys());
      for (let j = i + 1; j < Math.min(jumps.length, i + 7); j++) tries.add(jumps[j]! - jump);
      for (const count of tries) {
        if (count < 4 || count > MAX_ROWS || jump + count >= rows) continue;
        if (!ends.has(jump + count) && !lengths.has(count)) continue;
        const shape = trials.try(
          reading,
          start + (jump + 1) * width,
          count,
          width,
          lengths.get(count) ?? { x: null, y: null },
        );
        if (shape !== null) shapes.push(shape);
      }
      // The first rows of a map are often flat, and stand before the block: it ends where rows jump.
      for (const [count, axes] of lengths) {
        const from = start + (jump + 1 - count) * width;
        const shape = jump + 1 < count + MARGIN_ROWS ? trials.try(reading, from, count, width, axes) : null;
        if (shape !== null) shapes.push(shape);
      }
    }
  }
  return shapes;
}

/** A step that stands out of its neighbours. */
function isPeak(steps: readonly number[], r: number): boolean {
  const around = [steps[r - 2], steps[r - 1], steps[r + 1], steps[r + 2]].filter((s) => s !== undefined);
  const quiet = around.filter((s) => s < 0.6 * steps[r]!).length;
  return quiet >= 2 || steps[r]! > 0.6;
}

/** Where rows begin, in every part of the block. */
function phasesOf({ reading: { v }, from, to, width }: Block): number[] {
  const phases = new Set<number>();
  const span = SEAM_ROWS * width;
  for (let at = from; at < to; at += span) {
    if (to - at < span / 2 && at > from) break;
    phases.add(seamOf(v, at, Math.min(at + span, to), width));
  }
  return [...phases].slice(0, 12);
}

/** Where rows begin: the step from the last column to the first of the next row is the loudest. */
function seamOf(v: Reading['v'], from: number, to: number, width: number): number {
  const sums = new Float64Array(width);
  for (let i = Math.max(1, from); i < Math.min(to, v.length); i++) sums[i % width]! += Math.abs(v[i]! - v[i - 1]!);
  let best = 0;
  for (let p = 1; p < width; p++) if (sums[p]! > sums[best]!) best = p;
  return best;
}
