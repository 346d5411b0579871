/** The cells of one item while its equations run: which are known, and in which order those come that read others. */

/** A chain of cells that each read the next needs one pass, either way; anything that needs more reads in circles. */
const MAX_PASSES = 8;

export class CellJob {
  /** Row-major, NaN where nothing can be computed (yet). */
  readonly cells: Float64Array;
  /** Set by an equation that lacks something: why the cell stays unknown. */
  lacking: string | null = null;
  readonly #known: Uint8Array;
  readonly #columns: number;
  readonly #raw: Float64Array | null;
  #early = false;

  constructor(rows: number, columns: number, raw: Float64Array | null) {
    this.#columns = columns;
    this.#raw = raw;
    this.cells = new Float64Array(rows * columns).fill(Number.NaN);
    this.#known = new Uint8Array(rows * columns);
  }

  /** Raw value of a cell; rows and columns count from 0. */
  self(row: number, column: number): number {
    return this.#raw === null ? Number.NaN : (this.#raw[row * this.#columns + column] ?? Number.NaN);
  }

  /** CELL(): a cell of the same item. One that is not computed yet lets the asking cell wait for the next pass. */
  cell(row: number, column: number, wantRaw: boolean): number {
    const i = cellIndex(row, column, this.#columns, this.cells.length);
    if (i === null) return Number.NaN;
    if (wantRaw) return this.#raw?.[i] ?? Number.NaN;
    if (this.#known[i] === 0) this.#early = true;
    return this.cells[i]!;
  }

  /** @returns how many cells lack something, and what the last of them lacks */
  run(evaluate: (row: number, column: number) => number): { without: number; lacked: string } {
    let pending = Array.from(this.cells.keys());
    let without = 0;
    let lacked = '';
    for (let pass = 0; pass < MAX_PASSES && pending.length > 0; pass++) {
      const waiting: number[] = [];
      for (const i of pending) {
        this.#early = false;
        this.lacking = null;
        const result = evaluate(Math.floor(i / this.#columns), i % this.#columns);
        if (this.#early) {
          waiting.push(i);
          continue;
        }
        this.#known[i] = 1;
        // Only a branch that is taken needs its names: if(X<-0.5;(y-257)/514;X) of 15M never asks for y.
        if (this.lacking !== null) {
          without++;
          lacked = this.lacking;
        } else if (Number.isFinite(result)) this.cells[i] = result;
      }
      if (waiting.length === pending.length) break;
      // Back to front: a cell that reads the next one finds it known.
      pending = waiting.reverse();
    }
    return { without, lacked };
  }
}

/** Place of a cell in a row-major list, null outside; rows and columns count from 0. */
export function cellIndex(row: number, column: number, columns: number, count: number): number | null {
  if (!Number.isInteger(row) || !Number.isInteger(column) || row < 0 || column < 0 || column >= columns) return null;
  const i = row * columns + column;
  return i < count ? i : null;
}
