/** Any other map against stock: how far it moved, in percent of the factory table's span. */
import type { TuneMap } from '../model.ts';
import type { StockOfMap } from '../stock.ts';
import { isMain, isRole, type Measured, single, unmeasured, worstCell } from './cells.ts';
import { isMainLimiter } from './limiter.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';
import { isSideFuel } from './stock-fuel.ts';
import { isComparedSpark } from './stock-spark.ts';

const MOVED = 'map.changedFromStock.span';
const OUTSIDE = 'map.outsideFactoryRange.span';
const FLAGS = 'flag.changedFromStock.count';
const AXES = 'axis.changedFromStock.count';
const HASH_ONLY = 'stock.changedKnownByHash.percent';
const COUPLED = 'map.coupledSetChanged.share';

function measure(input: MeasureInput): Metric[] {
  const { stock } = input;
  if (stock === null) return [];
  const metrics: Metric[] = [];
  for (const map of input.tune.maps) {
    const known = stock.maps.get(map.id);
    // A checksum changes with any other byte: that is no change of its own.
    if (known === undefined || /check\s?sum/i.test(map.title)) continue;
    if (map.kind === 'flag' || map.kind === 'patch') {
      metrics.push({
        ...worstCell(FLAGS, 'flags', map, [], { worse: 'above', atEase: 0, reference: stock.kind }),
        value: known.equal ? 0 : 1,
      });
      continue;
    }
    const axes = { worse: 'above', atEase: 0, reference: stock.kind } as const;
    metrics.push({
      ...worstCell(AXES, 'breakpoints', map, [], axes),
      value: known.movedBreakpoints ?? 0,
      facts: { effect: effectOf(map, known) },
    });
    // With a stock file every cell is compared; with readings alone the range is what there is to hold it against.
    if (known.map === null && !isRole(map, 'fan') && !isRole(map, 'revLimiter')) {
      metrics.push(outside(map, known.facts?.range ?? null, known.equal, stock.kind));
    }
    const special = isComparedElsewhere(map, known.map !== null || known.equal);
    if (special) continue;
    if (known.map === null && !known.equal) {
      metrics.push(
        unmeasured(MOVED, '%', map, 'this map was changed, and only a hash of its factory version is known'),
      );
    } else metrics.push(moved(map, known.map, known.changed ?? [], stock.kind));
  }
  return [...metrics, ...coupled(input), ...hashOnly(input)];
}

/** Maps that a family of their own holds against stock; everything else is measured here, or nobody would see its change. */
function isComparedElsewhere(map: TuneMap, stockCells: boolean): boolean {
  const physical = map.unitFrom !== 'none';
  return (
    /^(throttle|throttle\.gear|throttle\.mode)$/.test(map.role) ||
    isMain(map, 'fuel', 've', 'fuel.main', 'lambdaTarget') ||
    (isSideFuel(map) && stockCells) ||
    isComparedSpark(map) ||
    (physical && (isMainLimiter(map) || isRole(map, 'fan')))
  );
}

/** How far the cells of a main map now lie off stock at the same places, in percent of stock's span: a rescaled map gives next to nothing. */
function effectOf(map: TuneMap, { map: stock, movedBreakpoints, strangeAxes }: StockOfMap): number {
  // The factory's own cells over breakpoints of somebody else: nobody moved the cells with them.
  if (strangeAxes === true) return 100;
  const range = rangeOf(stock);
  if (!movedBreakpoints || range === null || !isMain(map, 'fuel', 've', 'spark', 'lambdaTarget', 'throttle')) return 0;
  const span = Math.max(1e-9, range.high - range.low);
  return Math.max(
    0,
    ...Array.from(map.cells, (v, i) => (Math.abs(v - stock!.cells[i]!) / span) * 100).filter(Number.isFinite),
  );
}

function rangeOf(map: TuneMap | null): { low: number; high: number } | null {
  if (map === null) return null;
  const values = Array.from(map.cells).filter(Number.isFinite);
  return values.length === 0 ? null : { low: Math.min(...values), high: Math.max(...values) };
}

function moved(map: TuneMap, stock: TuneMap | null, changed: number[], kind: 'stockFile' | 'stockKnown'): Metric {
  const range = rangeOf(stock);
  // A factory map without any span (all blank, say) gives no measure of its own: then both maps together do.
  const own = rangeOf(map);
  const flat = range !== null && own !== null && map.cells.length > 1 && range.high === range.low;
  const joint = flat ? Math.max(range.high, own.high) - Math.min(range.low, own.low) : 0;
  const span = range === null ? 0 : Math.max(range.high - range.low, Math.abs(range.high) * 0.1, joint, 1e-9);
  const measured: Measured[] =
    stock === null
      ? []
      : changed.map((index) => ({ index, measure: (Math.abs(map.cells[index]! - stock.cells[index]!) / span) * 100 }));
  return worstCell(MOVED, '%', map, measured, {
    worse: 'above',
    atEase: 0,
    reference: kind,
    facts: (w) => ({
      tune: w === null ? 0 : map.cells[w.index]!,
      stock: w === null || stock === null ? 0 : stock.cells[w.index]!,
    }),
  });
}

/** Values that no factory version of this map holds anywhere. */
function outside(
  map: TuneMap,
  range: { low: number; high: number } | null,
  equal: boolean,
  kind: 'stockFile' | 'stockKnown',
): Metric {
  const measured: Measured[] = [];
  if (range !== null && !equal) {
    const span = Math.max(range.high - range.low, Math.abs(range.high) * 0.1, 1e-9);
    for (const [index, value] of map.cells.entries()) {
      const past = Math.max(value - range.high, range.low - value);
      if (past > 0) measured.push({ index, measure: (past / span) * 100 });
    }
  }
  return worstCell(OUTSIDE, '%', map, measured, {
    worse: 'above',
    atEase: 0,
    reference: kind,
    facts: (w) => ({ tune: w === null ? 0 : map.cells[w.index]!, low: range?.low ?? 0, high: range?.high ?? 0 }),
  });
}

/** Maps that differ from every known factory version, where only readings of those are known and not their cells. */
function hashOnly({ tune, stock }: MeasureInput): Metric[] {
  if (stock?.kind !== 'stockKnown') return [];
  const changed = tune.maps.filter(
    (m) => stock.maps.get(m.id)?.equal === false && m.kind !== 'flag' && m.kind !== 'patch',
  );
  const known = tune.maps.filter((m) => stock.maps.has(m.id)).length;
  const main = changed.filter((m) => /^(fuel|ve|spark|throttle|lambdaTarget)$/.test(m.role)).length;
  const percent = known === 0 ? 0 : (changed.length / known) * 100;
  // One main map that can only partly be measured weighs as much as a quarter of all maps.
  const value = main > 0 ? Math.max(percent, 30) : percent;
  return [
    single(HASH_ONLY, '%', null, value, { reference: 'stockKnown', facts: { changed: changed.length, known, main } }),
  ];
}

/** Twins of one family: some changed, some not. The engine steps where the ECU switches between them. */
function coupled({ tune, stock }: MeasureInput): Metric[] {
  const families = new Map<string, TuneMap[]>();
  for (const map of tune.maps) {
    if (!/^(fuel|spark|ve)$/.test(map.role) || !stock!.maps.has(map.id)) continue;
    families.set(map.family, [...(families.get(map.family) ?? []), map]);
  }
  const metrics: Metric[] = [];
  for (const maps of families.values()) {
    const first = maps[0]!;
    if (maps.length < 2) continue;
    const changed = maps.filter((m) => stock!.maps.get(m.id)?.equal === false);
    const share = changed.length / maps.length;
    const metric = worstCell(COUPLED, '%', changed[0] ?? first, [], {
      worse: 'above',
      atEase: 0,
      reference: stock!.kind,
    });
    metrics.push({
      ...metric,
      // Half of a set is the worst case; all or none is none.
      value: share === 0 || share === 1 ? 0 : Math.min(share, 1 - share) * 200,
      facts: { changed: changed.length, maps: maps.length },
    });
  }
  return metrics;
}

export const family: MetricFamily = {
  id: 'stock-maps',
  metrics: [
    { id: MOVED, unit: '%', title: 'Largest change of another map, in percent of the factory span', worse: 'above' },
    {
      id: OUTSIDE,
      unit: '%',
      title: 'How far a cell lies outside of what the factory map holds anywhere',
      worse: 'above',
    },
    { id: FLAGS, unit: 'flags', title: 'Flags and patches that differ from stock', worse: 'above' },
    { id: AXES, unit: 'breakpoints', title: 'Breakpoints that differ from stock', worse: 'above' },
    {
      id: HASH_ONLY,
      unit: '%',
      title: 'Changed maps of which only readings of the factory version are known',
      worse: 'above',
    },
    { id: COUPLED, unit: '%', title: 'How unevenly a set of twin maps was changed', worse: 'above' },
  ],
  measure,
};
