/** Changes that no other metric held against stock: what nobody looked at must be said. Runs after all families. */

import { single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const UNSEEN = 'stock.changed.unseen.count';

/** Ids of metrics that compare cells with stock. A shape beyond stock's, or an axis, says nothing about the values. */
const COMPARES = /(over|under|than|off|from)stock|removed/i;
const NO_VALUES = /^axis\./;

/** With a whole stock file every change is known; readings alone have a rule of their own (changes-not-measured). */
function after({ tune, stock }: MeasureInput, measured: readonly Metric[]): Metric[] {
  if (stock?.kind !== 'stockFile') return [];
  const seen = new Set(
    measured
      .filter((m) => m.value !== null && m.mapId !== null && COMPARES.test(m.id) && !NO_VALUES.test(m.id))
      .map((m) => m.mapId),
  );
  const unseen = tune.maps.filter(
    (m) => stock.maps.get(m.id)?.equal === false && !seen.has(m.id) && !/check\s?sum/i.test(m.title),
  );
  const lost = [...stock.maps.values()].length === 0 ? [] : tune.maps.filter((m) => !stock.maps.has(m.id));
  const main = unseen.filter((m) => /^(fuel|ve|spark|throttle|lambdaTarget|revLimiter)\b/.test(m.role)).length;
  const names = [...unseen, ...lost].slice(0, 4).map((m) => m.title);
  return [
    single(UNSEEN, 'maps', unseen[0] ?? null, unseen.length + lost.length, {
      reference: stock.kind,
      facts: { main, changed: unseen.length, lost: lost.length, names: names.join(', ') },
    }),
  ];
}

export const family: MetricFamily = {
  id: 'unseen',
  metrics: [{ id: UNSEEN, unit: 'maps', title: 'Changed maps that nothing measured', worse: 'above' }],
  measure: () => [],
  after,
};
