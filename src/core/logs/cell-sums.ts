/** Running sums of each cell: weighted mean and spread (Welford, West), so that no sample has to be kept. */
import type { TuneMap } from '../model.ts';
import type { RegionMasks } from '../regions.ts';
import type { Place } from './grid.ts';
import type { RideCell } from './ride-log.ts';
import type { LambdaRange, SpecTargets } from './spec-target.ts';

/** Less than this of a sample is no hit. */
const LEAST_WEIGHT = 0.02;

export class CellSums {
  readonly #hits: Float64Array;
  readonly #lambda: Float64Array;
  readonly #squares: Float64Array;
  readonly #uncorrected: Float64Array;
  readonly #targetHits: Float64Array;
  readonly #target: Float64Array;

  constructor(cells: number) {
    this.#hits = new Float64Array(cells);
    this.#lambda = new Float64Array(cells);
    this.#squares = new Float64Array(cells);
    this.#uncorrected = new Float64Array(cells);
    this.#targetHits = new Float64Array(cells);
    this.#target = new Float64Array(cells);
  }

  /** @param target NaN: none is known for this moment */
  add(place: Place, lambda: number, uncorrected: number, target: number): void {
    for (let k = 0; k < 4; k++) {
      const weight = place.weights[k]!;
      if (weight < LEAST_WEIGHT) continue;
      const i = place.cells[k]!;
      const hits = this.#hits[i]! + weight;
      const apart = lambda - this.#lambda[i]!;
      this.#hits[i] = hits;
      this.#lambda[i] = this.#lambda[i]! + (apart * weight) / hits;
      this.#squares[i] = this.#squares[i]! + weight * apart * (lambda - this.#lambda[i]!);
      this.#uncorrected[i] = this.#uncorrected[i]! + ((uncorrected - this.#uncorrected[i]!) * weight) / hits;
      if (Number.isNaN(target)) continue;
      const own = this.#targetHits[i]! + weight;
      this.#targetHits[i] = own;
      this.#target[i] = this.#target[i]! + ((target - this.#target[i]!) * weight) / own;
    }
  }

  cells(
    map: TuneMap,
    masks: RegionMasks | null,
    spec: SpecTargets,
    from: 'tune' | 'log',
    leastHits: number,
  ): RideCell[] {
    const cells: RideCell[] = [];
    for (let i = 0; i < this.#hits.length; i++) {
      const hits = this.#hits[i]!;
      if (hits < LEAST_WEIGHT) continue;
      const highLoad = masks?.highLoad[i] === 1;
      const range = highLoad ? spec.fullLoad : masks?.cruise[i] === 1 ? spec.cruise : null;
      const uncorrected = this.#uncorrected[i]!;
      const own = this.#targetHits[i]! >= hits / 2 ? this.#target[i]! : null;
      cells.push({
        row: Math.floor(i / map.columns),
        column: i % map.columns,
        hits,
        lambda: this.#lambda[i]!,
        spread: Math.sqrt(Math.max(0, this.#squares[i]! / hits)),
        uncorrected,
        target: own ?? (range === null ? null : (range.low + range.high) / 2),
        targetFrom: own !== null ? from : range !== null ? 'specification' : null,
        deviationPercent:
          own !== null ? (uncorrected / own - 1) * 100 : range === null ? null : outside(uncorrected, range),
        highLoad,
        claimed: hits >= leastHits,
      });
    }
    return cells;
  }
}

/** Percent past the nearer end of a range, 0 inside. */
function outside(value: number, { low, high }: LambdaRange): number {
  if (value > high) return (value / high - 1) * 100;
  return value < low ? (value / low - 1) * 100 : 0;
}
