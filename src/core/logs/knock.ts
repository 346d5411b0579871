/** Counts knock by cell: retard that begins, or a counter that rises. */
import type { SurveyedLog } from './measure.ts';
import type { RideLog } from './ride-log.ts';

/** A counter that jumps further was reset or is none. */
const MOST_AT_ONCE = 100;

export class KnockCounter {
  readonly #cells = new Map<number, { events: number; retardDeg: number | null }>();
  #events = 0;
  #retard = Number.NaN;
  #count = Number.NaN;

  /** A new ride begins. */
  next(): void {
    this.#retard = Number.NaN;
    this.#count = Number.NaN;
  }

  /** @param cell -1: no place is known */
  add(retard: number, count: number, least: number, cell: number, rpm: number): void {
    const rises = retard >= least && !(this.#retard >= least) ? 1 : 0;
    const counted = count - this.#count;
    const more = counted > 0 && counted <= MOST_AT_ONCE ? counted : 0;
    this.#retard = retard;
    this.#count = count;
    if (!(rpm > 0)) return;
    const events = Math.max(rises, more);
    this.#events += events;
    if (cell < 0 || (events === 0 && !(retard >= least))) return;
    const known = this.#cells.get(cell) ?? { events: 0, retardDeg: null };
    known.events += events;
    if (retard >= least) known.retardDeg = Math.max(known.retardDeg ?? 0, retard);
    this.#cells.set(cell, known);
  }

  result(logs: readonly SurveyedLog[], columns: number): RideLog['knock'] {
    const has = logs.some((l) => l.survey.channels.some((c) => c.id === 'knockRetard' || c.id === 'knockCount'));
    if (!has) return null;
    const cells = [...this.#cells]
      .filter(([, c]) => c.events > 0)
      .map(([i, c]) => ({ row: Math.floor(i / columns), column: i % columns, ...c }))
      .sort((a, b) => b.events - a.events || a.row - b.row || a.column - b.column);
    return { events: this.#events, cells };
  }
}
