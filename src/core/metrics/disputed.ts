/** Where the bundled definition for this very software reads other numbers from the same bytes. */
import { single } from './cells.ts';
import type { Metric, MetricFamily } from './metric.ts';

const ID = 'definition.scaleDisputed.percent';

export const family: MetricFamily = {
  id: 'disputed',
  metrics: [
    {
      id: ID,
      unit: '%',
      title: 'Reading that the bundled definition for this software does not share',
      worse: 'above',
    },
  ],
  measure: ({ tune, stock }): Metric[] =>
    (tune.disputed ?? []).flatMap(({ mapId, index, own, bundled, percent }) => {
      const map = tune.maps.find((m) => m.id === mapId);
      if (map === undefined) return [];
      // A map that nobody touched is what the factory made it, whatever a definition calls it.
      const untouched = stock?.maps.get(mapId)?.equal === true;
      const reference = untouched ? stock!.kind : 'absolute';
      const facts = { tune: own, stock: bundled };
      return [single(ID, '%', map, untouched ? 0 : percent, { index, reference, facts })];
    }),
};
