/** Fuel (pulse width, VE, or raw counts proportional to either) against stock, in percent of stock. */
import type { TuneMap } from '../model.ts';
import { pairsAt, type StockOfMap } from '../stock.ts';
import { blockAround, type Compared, isMain, type Measured, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';
import { factoryRangeAt, highLoadCells } from './stock-spark.ts';

const ABOVE = { worse: 'above', atEase: 0 } as const;
const LEAN = 'fuel.fullLoad.leanerThanStock.max';
const RICH = 'fuel.fullLoad.richerThanStock.max';
const LIGHT_LEAN = 'fuel.lightLoad.leanerThanStock.max';
const LIGHT_RICH = 'fuel.lightLoad.richerThanStock.max';
const EMPTY = 'fuel.removed.count';
const UNIFORM = 'fuel.uniformChange.percent';

/** Fuel of neutral, idle, a cold or a limping engine: it never governs full load, and counts as what lies below it. */
export const isSideFuel = (map: TuneMap): boolean =>
  /^fuel\.(neutral|idle|cold|limp)$/.test(map.role) && map.kind === 'map';

const isFuel = (map: TuneMap): boolean =>
  isMain(map, 'fuel', 've', 'fuel.main') && (map.kind === 'map' || map.kind === 'curve');

function measure(input: MeasureInput): Metric[] {
  const { stock } = input;
  if (stock === null) return [];
  const metrics: Metric[] = [];
  for (const map of input.tune.maps) {
    const known = stock.maps.get(map.id);
    if (known === undefined) continue;
    if (isSideFuel(map) && (known.equal || known.map !== null))
      metrics.push(...againstFile(map, known, input).filter((m) => m.id === LIGHT_LEAN || m.id === LIGHT_RICH));
    if (!isFuel(map)) continue;
    if (known.equal) {
      for (const id of [LEAN, RICH, LIGHT_LEAN, LIGHT_RICH, UNIFORM])
        metrics.push(worstCell(id, '%', map, [], { ...ABOVE, reference: stock.kind }));
      metrics.push(worstCell(EMPTY, 'cells', map, [], { ...ABOVE, reference: stock.kind }));
    } else if (known.map !== null) metrics.push(...againstFile(map, known, input));
    else metrics.push(...againstFacts(map, input));
  }
  return metrics;
}

function againstFile(map: TuneMap, stock: StockOfMap, { regions, stock: reference }: MeasureInput): Metric[] {
  const region = regions.byMap.get(map.id);
  const lean: Compared[] = [];
  const rich: Compared[] = [];
  const light: Compared[] = [];
  const lightRich: Compared[] = [];
  const empty: Compared[] = [];
  const all: number[] = [];
  const known = region?.known === true;
  for (const index of stock.changed ?? []) {
    const high = !isSideFuel(map) && (known ? region.highLoad[index] === 1 : true);
    const reachable = known ? region.reachable[index] === 1 : true;
    for (const [at, { now, was }] of pairsAt(map, stock, index).entries()) {
      if (!Number.isFinite(now) || !Number.isFinite(was) || was <= 0) continue;
      const percent = (now / was - 1) * 100;
      if (at === 0) all.push(percent);
      if (now <= 0 && reachable) empty.push({ index, measure: 1, now, was });
      if (high && percent < 0) lean.push({ index, measure: -percent, now, was });
      if (high && percent > 0) rich.push({ index, measure: percent, now, was });
      if (!high && reachable && percent < 0) light.push({ index, measure: -percent, now, was });
      if (!high && reachable && percent > 0) lightRich.push({ index, measure: percent, now, was });
    }
  }
  const facts = (list: Compared[]) => (worst: Measured | null) => {
    const there = list.find((c) => c === worst);
    return { tune: there?.now ?? 0, stock: there?.was ?? 0, blockCells: blockAround(map, list, worst) };
  };
  const options = { ...ABOVE, reference: reference!.kind };
  // A map without a high-load cell says nothing about full load, so that it must not pass there.
  const governs = region?.known !== true || region.highLoad.includes(1);
  const fullLoad = governs
    ? [
        worstCell(LEAN, '%', map, lean, { ...options, facts: facts(lean) }),
        worstCell(RICH, '%', map, rich, { ...options, facts: facts(rich) }),
      ]
    : [LEAN, RICH].map((id) => unmeasured(id, '%', map, 'no cell of this map governs full load'));
  return [
    ...fullLoad,
    worstCell(LIGHT_LEAN, '%', map, light, { ...options, facts: facts(light) }),
    worstCell(LIGHT_RICH, '%', map, lightRich, { ...options, facts: facts(lightRich) }),
    { ...worstCell(EMPTY, 'cells', map, empty, options), value: new Set(empty.map((c) => c.index)).size },
    { ...worstCell(UNIFORM, '%', map, [], options), value: uniform(all, map.cells.length) },
  ];
}

/** One and the same change over nearly the whole map: injectors or pressure, not mixture. */
function uniform(percents: number[], count: number): number {
  if (percents.length < count * 0.9) return 0;
  const sorted = [...percents].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  const near = percents.filter((p) => Math.abs(p - median) <= 1.5).length;
  return near >= percents.length * 0.9 ? Math.abs(median) : 0;
}

function againstFacts(map: TuneMap, { stock }: MeasureInput): Metric[] {
  const facts = stock!.maps.get(map.id)?.facts ?? null;
  const readings = facts?.highLoad ?? facts?.fullLoad ?? null;
  if (facts === null || readings === null) {
    return [unmeasured(LEAN, '%', map, 'this map was changed, and no readings of its factory version are known')];
  }
  const lean: Measured[] = [];
  const rich: Measured[] = [];
  const empty: Measured[] = [];
  const cells = highLoadCells(map, readings.rpm, stock!.limiterRpm ?? 10_000);
  if (cells.length === 0)
    return [LEAN, RICH].map((id) =>
      unmeasured(id, '%', map, 'none of its breakpoints is one that factory readings were taken at'),
    );
  for (const { index, at } of cells) {
    const value = map.cells[index]!;
    const { low, high } = factoryRangeAt(map, facts, index, at);
    if (value < low && low > 0) lean.push({ index, measure: (1 - value / low) * 100 });
    if (value > high && high > 0) rich.push({ index, measure: (value / high - 1) * 100 });
    if (value <= 0 && low > 0) empty.push({ index, measure: 1 });
  }
  const named = (list: Measured[], sign: number) => (worst: Measured | null) => ({
    tune: worst === null ? 0 : map.cells[worst.index]!,
    stock: worst === null ? 0 : map.cells[worst.index]! / (1 + (sign * worst.measure) / 100),
    blockCells: blockAround(map, list, worst),
  });
  const options = { ...ABOVE, reference: stock!.kind };
  return [
    worstCell(LEAN, '%', map, lean, { ...options, facts: named(lean, -1) }),
    worstCell(RICH, '%', map, rich, { ...options, facts: named(rich, 1) }),
    { ...worstCell(EMPTY, 'cells', map, empty, options), value: empty.length },
  ];
}

export const family: MetricFamily = {
  id: 'stock-fuel',
  metrics: [
    { id: LEAN, unit: '%', title: 'Least fuel against stock at high load', worse: 'above' },
    { id: RICH, unit: '%', title: 'Most fuel against stock at high load', worse: 'above' },
    { id: LIGHT_LEAN, unit: '%', title: 'Least fuel against stock below high load', worse: 'above' },
    { id: LIGHT_RICH, unit: '%', title: 'Most fuel against stock below high load', worse: 'above' },
    { id: EMPTY, unit: 'cells', title: 'Reachable cells without fuel where stock has some', worse: 'above' },
    { id: UNIFORM, unit: '%', title: 'One change over the whole map', worse: 'above' },
  ],
  measure,
};
