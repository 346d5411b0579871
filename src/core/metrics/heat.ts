/** Fan and overheat protection. */
import type { TuneMap } from '../model.ts';
import { factoryValues, type StockOfMap } from '../stock.ts';
import { finiteCells, isMain, isRole, single, unmeasured } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  on: 'heat.fan.on',
  hysteresis: 'heat.fan.hysteresis',
  overStock: 'heat.fan.overStock.max',
  protection: 'heat.protection.overStock.max',
  disabled: 'heat.fan.disabled.count',
  wide: 'heat.fan.hysteresis.max',
  absent: 'heat.protection.absent.percent',
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
      const wasOn = stock?.maps.get(map.id)?.map?.inUse === true;
      metrics.push(
        single(ID.disabled, 'fans', map, 1, {
          reference: wasOn ? stock!.kind : 'absolute',
          facts: { wasOn: wasOn ? 1 : 0 },
        }),
      );
      continue;
    }
    if (map.inUse === true) metrics.push(single(ID.disabled, 'fans', map, 0));
    const known = stock?.maps.get(map.id);
    const reference = known?.equal === true ? stock!.kind : 'absolute';
    if (isRole(map, 'fan.hysteresis')) {
      const value = finiteCells(map)[0];
      if (value !== undefined)
        metrics.push(
          single(ID.hysteresis, '°C', map, value, { reference }),
          single(ID.wide, '°C', map, value, { reference }),
        );
      continue;
    }
    const values = finiteCells(map)
      .map((v) => celsius(map, v))
      .filter((v) => v !== null);
    if (values.length === 0) continue;
    if (map.role !== 'fan.off')
      metrics.push(single(ID.on, '°C', map, Math.max(...values), { reference, facts: { on: Math.max(...values) } }));
    if (known !== undefined) metrics.push(overStock(ID.overStock, map, known, stock!.kind));
    // One table with on and off: the higher starts the fan.
    if (map.cells.length === 2) {
      const apart = known?.equal === true ? 5 : Math.abs(map.cells[0]! - map.cells[1]!) * perCelsius(map);
      metrics.push(
        single(ID.hysteresis, '°C', map, apart, { reference }),
        single(ID.wide, '°C', map, apart, { reference }),
      );
    }
  }
  metrics.push(...onOff(fans, stock));
  const stages = tune.maps.filter(isHeatProtection);
  metrics.push(...absent(stages, stock));
  for (const map of stages) {
    const known = stock?.maps.get(map.id);
    if (known !== undefined && !map.unset) metrics.push(overStock(ID.protection, map, known, stock!.kind));
  }
  return metrics;
}

/** A difference of the map's unit in kelvin. */
const perCelsius = (map: TuneMap): number => (/f/i.test(map.unit) && map.unitFrom !== 'none' ? 5 / 9 : 1);

/** Protections of a kind of their own (knock, speed, boost) may begin at a temperature and guard against no heat. */
const isHeatProtection = (map: TuneMap): boolean =>
  isMain(map, 'protection', 'protection.heat') &&
  map.kind !== 'flag' &&
  map.kind !== 'patch' &&
  /temp|overheat|heat|°c|coolant/i.test(`${map.role} ${map.title} ${map.unit}`);

/** Share of the overheat stages that stand at the end of their number range: they never act. */
function absent(stages: TuneMap[], stock: MeasureInput['stock']): Metric[] {
  const entries = stages.filter(
    (m) => m.cells.length > 0 && m.raw !== null && m.at !== null && !/exit|leave|aus\b/i.test(m.title),
  );
  if (entries.length === 0) return [];
  const isAtEnd = (map: TuneMap): boolean => {
    const bits = 8 * map.at!.elementBytes - (map.at!.signed ? 1 : 0);
    return Array.from(map.raw!).some((v) => v >= 2 ** bits - 1) && stock?.maps.get(map.id)?.equal !== true;
  };
  const gone = entries.filter(isAtEnd);
  return [
    single(ID.absent, '%', gone[0] ?? entries[0]!, (gone.length / entries.length) * 100, {
      facts: { gone: gone.length, stages: entries.length },
    }),
  ];
}

/** Fan on and fan off in tables of their own: off must lie below on. */
function onOff(fans: TuneMap[], stock: MeasureInput['stock']): Metric[] {
  const on = fans.filter((m) => m.role === 'fan.on' && m.cells.length === 1);
  const off = fans.filter((m) => m.role === 'fan.off' && m.cells.length === 1);
  if (on.length === 0 || on.length !== off.length) return [];
  return on.flatMap((map, i) => {
    const equal = stock?.maps.get(map.id)?.equal === true && stock.maps.get(off[i]!.id)?.equal === true;
    const apart = equal ? 5 : (map.cells[0]! - off[i]!.cells[0]!) * perCelsius(map);
    const options = {
      reference: equal ? stock!.kind : ('absolute' as const),
      facts: { on: map.cells[0]!, off: off[i]!.cells[0]! },
    };
    return [single(ID.hysteresis, '°C', map, apart, options), single(ID.wide, '°C', map, apart, options)];
  });
}

function overStock(id: string, map: TuneMap, known: StockOfMap, kind: 'stockFile' | 'stockKnown'): Metric {
  const was = factoryValues(known);
  if (!known.equal && was === null)
    return unmeasured(id, '°C', map, 'this value was changed, and only a hash of its factory version is known');
  let worst = 0;
  let index = 0;
  if (!known.equal && was !== null) {
    for (let i = 0; i < Math.min(was.length, map.cells.length); i++) {
      const delta = map.cells[i]! - was[i]!;
      if (delta > worst) [worst, index] = [delta, i];
    }
  }
  return single(id, '°C', map, worst * perCelsius(map), {
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
    { id: ID.wide, unit: '°C', title: 'Between fan on and fan off', worse: 'above' },
    { id: ID.absent, unit: '%', title: 'Overheat stages at the end of their number range', worse: 'above' },
  ],
  measure,
};
