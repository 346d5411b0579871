/** The constant that all fuel is multiplied by, against stock: with the volumetric efficiency, since one makes up for the other. */
import type { TuneMap } from '../model.ts';
import { isLive, isMain, isRole, single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = 'injector.requiredFuel.underStock.percent';

function measure({ tune, stock, regions }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps.filter((m) => isRole(m, 'injector.requiredFuel') && m.kind === 'scalar' && isLive(m))) {
    const known = stock?.maps.get(map.id);
    if (known === undefined) continue;
    const was = known.equal ? map.cells[0]! : known.map?.cells[0];
    const now = map.cells[0]!;
    if (was === undefined || !(was > 0) || !(now > 0)) continue;
    const ratio = now / was;
    const percent = known.equal ? 0 : Math.max(0, (1 - ratio * efficiency(tune.maps, stock!, regions)) * 100);
    metrics.push(single(ID, '%', map, percent, { reference: stock!.kind, facts: { tune: now, stock: was } }));
  }
  return metrics;
}

/** What the efficiency at full load became, as a factor: the median of its changes; 1 where it stayed or is not there. */
function efficiency(
  maps: readonly TuneMap[],
  stock: NonNullable<MeasureInput['stock']>,
  regions: MeasureInput['regions'],
): number {
  const ratios: number[] = [];
  for (const map of maps.filter((m) => isMain(m, 've') && m.kind === 'map' && isLive(m))) {
    const was = stock.maps.get(map.id)?.map?.cells;
    const high = regions.byMap.get(map.id)?.highLoad;
    if (was === undefined || high === undefined) continue;
    for (const [i, v] of map.cells.entries()) if (high[i] === 1 && was[i]! > 0) ratios.push(v / was[i]!);
  }
  ratios.sort((a, b) => a - b);
  return ratios[ratios.length >> 1] ?? 1;
}

export const family: MetricFamily = {
  id: 'required-fuel',
  metrics: [
    { id: ID, unit: '%', title: 'Less fuel than stock by the constant that multiplies all of it', worse: 'above' },
  ],
  measure,
};
