/** Fan and overheat protection. */
import type { TuneMap } from '../model.ts';
import { finiteCells, isRole, single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  on: 'heat.fan.on',
  hysteresis: 'heat.fan.hysteresis',
  overStock: 'heat.fan.overStock.max',
  protection: 'heat.protection.overStock.max',
  disabled: 'heat.fan.disabled.count',
} as const;

/** Degrees Celsius, whatever the file holds; null where the unit is unknown. */
function celsius(map: TuneMap, value: number): number | null {
  if (map.unitFrom === 'none') return null;
  return /f/i.test(map.unit) ? ((value - 32) * 5) / 9 : value;
}

function measure({ tune, stock }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  const fans = tune.maps.filter(
    (m) => isRole(m, 'fan') && !/time|speed|duty/.test(m.role) && m.kind !== 'flag' && !m.unset,
  );
  for (const map of fans) {
    if (map.inUse === false) {
      metrics.push(single(ID.disabled, 'fans', map, 1));
      continue;
    }
    const known = stock?.maps.get(map.id);
    const reference = known?.equal === true ? stock!.kind : 'absolute';
    if (isRole(map, 'fan.hysteresis')) {
      const value = finiteCells(map)[0];
      if (value !== undefined) metrics.push(single(ID.hysteresis, '°C', map, value, { reference }));
      continue;
    }
    const values = finiteCells(map)
      .map((v) => celsius(map, v))
      .filter((v) => v !== null);
    if (values.length === 0) continue;
    if (map.role !== 'fan.off')
      metrics.push(single(ID.on, '°C', map, Math.max(...values), { reference, facts: { on: Math.max(...values) } }));
    if (known !== undefined)
      metrics.push(
        overStock(ID.overStock, map, known.map?.cells ?? known.facts?.values?.[0] ?? null, known.equal, stock!.kind),
      );
    // One table with on and off: the higher starts the fan.
    if (map.cells.length === 2)
      metrics.push(
        single(ID.hysteresis, '°C', map, known?.equal === true ? 5 : Math.abs(map.cells[0]! - map.cells[1]!), {
          reference,
        }),
      );
  }
  metrics.push(...onOff(fans, stock));
  for (const map of tune.maps.filter(
    (m) => isRole(m, 'protection') && /temp|overheat|heat|°c|coolant/i.test(`${m.role} ${m.title} ${m.unit}`),
  )) {
    const known = stock?.maps.get(map.id);
    if (known !== undefined && !map.unset) {
      metrics.push(
        overStock(ID.protection, map, known.map?.cells ?? known.facts?.values?.[0] ?? null, known.equal, stock!.kind),
      );
    }
  }
  return metrics;
}

/** Fan on and fan off in tables of their own: off must lie below on. */
function onOff(fans: TuneMap[], stock: MeasureInput['stock']): Metric[] {
  const on = fans.filter((m) => m.role === 'fan.on' && m.cells.length === 1);
  const off = fans.filter((m) => m.role === 'fan.off' && m.cells.length === 1);
  if (on.length === 0 || on.length !== off.length) return [];
  return on.map((map, i) => {
    const equal = stock?.maps.get(map.id)?.equal === true && stock.maps.get(off[i]!.id)?.equal === true;
    return single(ID.hysteresis, '°C', map, equal ? 5 : map.cells[0]! - off[i]!.cells[0]!, {
      reference: equal ? stock!.kind : 'absolute',
      facts: { on: map.cells[0]!, off: off[i]!.cells[0]! },
    });
  });
}

function overStock(
  id: string,
  map: TuneMap,
  was: ArrayLike<number> | null,
  equal: boolean,
  kind: 'stockFile' | 'stockKnown',
): Metric {
  let worst = 0;
  let index = 0;
  if (!equal && was !== null) {
    for (let i = 0; i < Math.min(was.length, map.cells.length); i++) {
      const delta = map.cells[i]! - was[i]!;
      if (delta > worst) [worst, index] = [delta, i];
    }
  }
  const scale = /f/i.test(map.unit) && map.unitFrom !== 'none' ? 5 / 9 : 1;
  return single(id, '°C', map, worst * scale, {
    reference: kind,
    index,
    facts: { tune: map.cells[index] ?? 0, stock: was?.[index] ?? 0 },
  });
}

export const family: MetricFamily = {
  id: 'heat',
  metrics: [
    { id: ID.on, unit: '°C', title: 'Temperature at which the fan starts', worse: 'above' },
    { id: ID.hysteresis, unit: '°C', title: 'Between fan on and fan off', worse: 'below' },
    { id: ID.overStock, unit: '°C', title: 'Fan later than stock', worse: 'above' },
    { id: ID.protection, unit: '°C', title: 'Overheat protection later than stock', worse: 'above' },
    { id: ID.disabled, unit: 'fans', title: 'Fan control switched off', worse: 'above' },
  ],
  measure,
};
