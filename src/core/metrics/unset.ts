/** A main table that was never set in a project whose other tables are: nothing else judges it, and the engine runs on it. */
import type { Tune, TuneMap } from '../model.ts';
import { isMain, single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = 'map.main.unset.count';

function measure({ tune }: MeasureInput): Metric[] {
  // A project of which nothing is set is said as a whole; air by a meter needs no table of efficiency.
  if (tune.facts.settings['revsync.unset'] === 'true' || tune.facts.loadAlgorithm === 'maf') return [];
  return (['ve', 'spark'] as const).flatMap((role) => unsetOf(tune, role));
}

function unsetOf({ maps }: Tune, role: 've' | 'spark'): Metric[] {
  const main = maps.filter((m) => isMain(m, role) && m.kind === 'map' && m.inUse !== false);
  if (main.length === 0) return [];
  const [first, ...others] = main.filter((m) => m.unset);
  if (first === undefined) return [single(ID, 'maps', main[0]!, 0)];
  const facts = { name: first.title, reads: readsOf(first) };
  return others.length + 1 < main.length ? [] : [single(ID, 'maps', first, main.length, { facts })];
}

function readsOf(map: TuneMap): string {
  const blank = map.axes.find((a) => a.known && a.breakpoints.every((b) => b === a.breakpoints[0]));
  return blank === undefined
    ? `every cell is ${map.cells[0]}`
    : `every ${blank.axis} breakpoint is ${blank.breakpoints[0]}`;
}

export const family: MetricFamily = {
  id: 'unset',
  metrics: [{ id: ID, unit: 'maps', title: 'Main tables that were never set, beside others that are', worse: 'above' }],
  measure,
};
