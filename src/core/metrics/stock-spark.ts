/** Spark against stock, in degrees where the map holds degrees, else in percent of the table's span. */
import type { TuneMap } from '../model.ts';
import type { RegionMasks } from '../regions.ts';
import { breakpointAt, loadAxisOf, speedAxisOf } from '../regions.ts';
import { pairsAt, type StockMapFacts, type StockOfMap } from '../stock.ts';
import { blockAround, type Compared, isRole, type Measured, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ABOVE = { worse: 'above', atEase: 0 } as const;

/** Spark that is advance itself, and no correction of it. */
export function isComparedSpark(map: TuneMap): boolean {
  return (
    isRole(map, 'spark') &&
    (map.kind === 'map' || map.kind === 'curve') &&
    !/limp|trim|delta|torque|reduction|knock/.test(map.role)
  );
}

function measure(input: MeasureInput): Metric[] {
  if (input.stock === null) return [];
  const metrics: Metric[] = [];
  for (const map of input.tune.maps) {
    const stock = input.stock.maps.get(map.id);
    const region = input.regions.byMap.get(map.id);
    if (stock === undefined || !isComparedSpark(map)) continue;
    metrics.push(...ofMap(map, stock, region, input));
  }
  return metrics;
}

function ofMap(
  map: TuneMap,
  stock: StockOfMap,
  region: RegionMasks | undefined,
  { stock: reference }: MeasureInput,
): Metric[] {
  const kind = reference!.kind;
  const degrees = map.unitFrom !== 'none';
  const unit = degrees ? '°' : '%';
  const suffix = degrees ? 'max' : 'span';
  const id = (name: string): string => `spark.${name}.${suffix}`;
  const names = ['fullLoad.overStock', 'lightLoad.overStock', 'fullLoad.underStock', 'lightLoad.underStock'];
  if (stock.equal) return names.map((n) => worstCell(id(n), unit, map, [], { ...ABOVE, reference: kind }));
  if (stock.map === null) return fromFacts(map, stock.facts, id, unit, kind, reference!.limiterRpm ?? 10_000);
  // Looked up at moved breakpoints stock may come out flat: its own span is the measure.
  const scale = degrees ? 1 : 100 / Math.max(1e-9, spanOf(stock.original ?? stock.map));
  // A map that no full load looks at must not pass there; its other cells count all the same.
  const governs = region?.known !== true || region.highLoad.includes(1);
  const full: Compared[] = [];
  const light: Compared[] = [];
  const under: Compared[] = [];
  const lightUnder: Compared[] = [];
  for (const index of stock.changed ?? []) {
    const high = region?.known === true ? region.highLoad[index] === 1 : true;
    const reachable = region?.known === true ? region.reachable[index] === 1 : true;
    for (const { now, was } of pairsAt(map, stock, index)) {
      const delta = (now - was) * scale;
      if (!Number.isFinite(delta)) continue;
      if (high && delta > 0) full.push({ index, measure: delta, now, was });
      if (high && delta < 0) under.push({ index, measure: -delta, now, was });
      if (!high && reachable && delta > 0) light.push({ index, measure: delta, now, was });
      if (!high && reachable && delta < 0) lightUnder.push({ index, measure: -delta, now, was });
    }
  }
  const facts = (list: Compared[]) => (worst: Measured | null) => {
    const there = list.find((c) => c === worst);
    return { tune: there?.now ?? 0, stock: there?.was ?? 0, blockCells: blockAround(map, list, worst) };
  };
  const make = (name: string, list: Compared[]): Metric =>
    name.startsWith('fullLoad') && !governs
      ? unmeasured(id(name), unit, map, 'no cell of this map governs full load')
      : worstCell(id(name), unit, map, list, { ...ABOVE, reference: kind, facts: facts(list) });
  return [
    make('fullLoad.overStock', full),
    make('lightLoad.overStock', light),
    make('fullLoad.underStock', under),
    make('lightLoad.underStock', lightUnder),
  ];
}

/** Most advance over the known readings of the factory maps at full load, degrees; 0 where none is over, null without readings. */
export function fullLoadOverFacts(map: TuneMap, facts: StockMapFacts | null, limiterRpm: number | null): number | null {
  const readings = facts?.highLoad ?? facts?.fullLoad ?? null;
  if (readings === null || facts === null) return null;
  const over = highLoadCells(map, readings.rpm, limiterRpm ?? 10_000).map(
    ({ index, at }) => map.cells[index]! - factoryRangeAt(map, facts, index, at).high,
  );
  return over.length === 0 ? null : Math.max(0, ...over.filter(Number.isFinite));
}

/** Only readings of the factory maps are known: the largest and least spark over the high-load cells, speed by speed. */
function fromFacts(
  map: TuneMap,
  facts: StockMapFacts | null,
  id: (name: string) => string,
  unit: string,
  reference: 'stockFile' | 'stockKnown',
  limiter: number,
): Metric[] {
  const readings = facts?.highLoad ?? facts?.fullLoad ?? null;
  if (readings === null || facts === null) {
    return [
      unmeasured(
        id('fullLoad.overStock'),
        unit,
        map,
        'this map was changed, and no readings of its factory version are known',
      ),
    ];
  }
  const over: Measured[] = [];
  const under: Measured[] = [];
  const span = facts.range === null ? 1 : facts.range.high - facts.range.low;
  const scale = unit === '°' ? 1 : 100 / Math.max(1e-9, span);
  const cells = highLoadCells(map, readings.rpm, limiter);
  if (cells.length === 0) {
    const reason = 'none of its breakpoints is one that factory readings were taken at';
    return [unmeasured(id('fullLoad.overStock'), unit, map, reason)];
  }
  for (const { index, at } of cells) {
    const value = map.cells[index]!;
    const factory = factoryRangeAt(map, facts, index, at);
    const above = (value - factory.high) * scale;
    const below = (factory.low - value) * scale;
    if (above > 0) over.push({ index, measure: above });
    if (below > 0) under.push({ index, measure: below });
  }
  const light: Measured[] = [];
  if (facts.range !== null) {
    for (const [index, value] of map.cells.entries())
      if (value > facts.range.high) light.push({ index, measure: (value - facts.range.high) * scale });
  }
  const named = (list: Measured[]) => (worst: Measured | null) => ({
    tune: worst === null ? 0 : map.cells[worst.index]!,
    stock: worst === null ? 0 : map.cells[worst.index]! - worst.measure / scale,
    blockCells: blockAround(map, list, worst),
  });
  return [
    worstCell(id('fullLoad.overStock'), unit, map, over, { ...ABOVE, reference, facts: named(over) }),
    worstCell(id('lightLoad.overStock'), unit, map, light, { ...ABOVE, reference, facts: named(light) }),
    worstCell(id('fullLoad.underStock'), unit, map, under, {
      ...ABOVE,
      reference,
      facts: (w) => ({ ...named(under)(w), stock: w === null ? 0 : map.cells[w.index]! + w.measure / scale }),
    }),
  ];
}

/**
 * High-load cells at the engine speeds that readings exist for: an engine at mid speed is at full load long before full throttle.
 * `at` is the index of the reading.
 */
export function highLoadCells(
  map: TuneMap,
  rpm: readonly number[],
  limiterRpm: number,
): { index: number; at: number }[] {
  const speed = speedAxisOf(map);
  const load = loadAxisOf(map);
  if (speed === null || load === null) return [];
  const loads = load.breakpoints.filter(Number.isFinite);
  const [low, high] = [Math.min(...loads), Math.max(...loads)];
  const byThrottle = load.quantity === 'throttle' || load.quantity === 'throttleAngle';
  const found: { index: number; at: number }[] = [];
  for (let index = 0; index < map.cells.length; index++) {
    const row = Math.floor(index / map.columns);
    const column = index % map.columns;
    const n = breakpointAt(speed, row, column);
    const share = (breakpointAt(load, row, column) - low) / (high - low || 1);
    const least = byThrottle ? 0.3 + 0.45 * Math.min(1, n / limiterRpm) : 0.75;
    if (!(share >= least)) continue;
    const at = rpm.findIndex((r) => Math.abs(r - n) <= Math.max(2, n * 0.004));
    if (at >= 0) found.push({ index, at });
  }
  return found;
}

/** What the factory holds at a high-load cell: at the highest load itself where that was read, else anywhere at high load at this speed. */
export function factoryRangeAt(
  map: TuneMap,
  { fullLoad, highLoad }: StockMapFacts,
  index: number,
  at: number,
): { low: number; high: number } {
  const load = loadAxisOf(map);
  const top = Math.max(...(load?.breakpoints.filter(Number.isFinite) ?? []));
  const full = breakpointAt(load, Math.floor(index / map.columns), index % map.columns) === top;
  const sameSpeed = fullLoad !== null && (highLoad === null || fullLoad.rpm[at] === highLoad.rpm[at]);
  const from = (full && sameSpeed ? fullLoad : highLoad) ?? fullLoad;
  return { low: from?.low[at] ?? Number.NaN, high: from?.high[at] ?? Number.NaN };
}

function spanOf(map: TuneMap): number {
  const values = Array.from(map.cells).filter(Number.isFinite);
  return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
}

export const family: MetricFamily = {
  id: 'stock-spark',
  metrics: [
    { id: 'spark.fullLoad.overStock.max', unit: '°', title: 'Largest advance over stock at high load', worse: 'above' },
    {
      id: 'spark.lightLoad.overStock.max',
      unit: '°',
      title: 'Largest advance over stock below high load',
      worse: 'above',
    },
    {
      id: 'spark.fullLoad.underStock.max',
      unit: '°',
      title: 'Largest retard under stock at high load',
      worse: 'above',
    },
    {
      id: 'spark.lightLoad.underStock.max',
      unit: '°',
      title: 'Largest retard under stock below high load',
      worse: 'above',
    },
    {
      id: 'spark.fullLoad.overStock.span',
      unit: '%',
      title: 'Largest change upward at high load, in percent of the table (raw counts)',
      worse: 'above',
    },
    {
      id: 'spark.lightLoad.overStock.span',
      unit: '%',
      title: 'Largest change upward below high load, in percent of the table',
      worse: 'above',
    },
    {
      id: 'spark.fullLoad.underStock.span',
      unit: '%',
      title: 'Largest change downward at high load, in percent of the table',
      worse: 'above',
    },
    {
      id: 'spark.lightLoad.underStock.span',
      unit: '%',
      title: 'Largest change downward below high load, in percent of the table',
      worse: 'above',
    },
  ],
  measure,
};
