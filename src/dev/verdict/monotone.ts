/** The same fault, smaller and larger, at the same place: the larger one may be no milder and score no higher. */
import type { Severity } from '../../core/model.ts';
import type { Report } from '../../core/report.ts';
import { drawFor } from './draw.ts';
import { atLeast } from './fault.ts';
import { editCells, someBlock } from './faults/surface.ts';
import { fuelMaps, mapsOf, type Site, sparkMaps } from './site.ts';

/** Two files that differ in the size of one fault alone. */
export interface Pair {
  id: string;
  smaller: Uint8Array;
  larger: Uint8Array;
}

/** Pairs that can be made in this file: spark +3 and +10 degrees, fuel -4 and -12 %, limiter +200 and +1200 rpm. */
export function pairsOf(site: Site, seed: string): Pair[] {
  const pairs: Pair[] = [];
  const block = (
    id: string,
    kind: 'fuel' | 'spark',
    change: (by: number) => (was: number) => number,
    by: [number, number],
  ) => {
    const maps = kind === 'fuel' ? fuelMaps(site) : sparkMaps(site).filter((m) => m.unitFrom !== 'none');
    const place = someBlock(site, maps, 'fullLoad', drawFor(seed, site.subject.id, id));
    if ('kind' in place) return;
    const made = by.map((b) => editCells(site, place.map, place.cells, change(b)));
    const [a, b] = made;
    if (a?.kind === 'edit' && b?.kind === 'edit')
      pairs.push({ id, smaller: a.editor.bytes(), larger: b.editor.bytes() });
  };
  block('spark +3 and +10°', 'spark', (by) => (was) => was + by, [3, 10]);
  block('fuel -4 and -12 %', 'fuel', (by) => (was) => was * (1 - by / 100), [4, 12]);
  const limits = mapsOf(site, 'revLimiter', 'revLimiter.hard', 'revLimiter.cut').filter((m) => m.unitFrom !== 'none');
  const raised = [200, 1_200].map((rpm) => {
    const editor = site.edit();
    let changed = false;
    for (const map of limits)
      for (const [i, v] of map.cells.entries())
        if (v > 3_000 && v < 16_500) changed = (editor.set(map, i, v + rpm) ?? v) !== v || changed;
    return changed ? editor.bytes() : null;
  });
  if (raised[0] != null && raised[1] != null)
    pairs.push({ id: 'limiter +200 and +1200 rpm', smaller: raised[0], larger: raised[1] });
  return pairs;
}

const RISING: Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** Worst severity, null where nothing failed. */
export const worstIn = (report: Report): Severity | null =>
  RISING.find((s) => report.findings.some((f) => f.status === 'fail' && f.severity === s)) ?? null;

/** True: the larger fault is at least as severe and scores no higher. */
export function isMonotone(smaller: Report, larger: Report): boolean {
  const [a, b] = [worstIn(smaller), worstIn(larger)];
  const severe = a === null || (b !== null && atLeast(b, a));
  const [x, y] = [smaller.scores.safety.value, larger.scores.safety.value];
  return severe && (x === null || y === null || y <= x);
}
