/**
 * A main map held against its twin in the same file: makers store one map several times (cylinders, gears, modes), so that a map
 * that equals its twin but for a block was edited there. It needs no stock; where a stock file is there, that tells it better.
 */
import type { TuneMap } from '../model.ts';
import type { RegionMasks } from '../regions.ts';
import { isLive, isMain, type Measured, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const NAMES = ['fullLoad.over', 'lightLoad.over', 'reach.under'] as const;
const FUEL = {
  lean: 'fuel.twin.fullLoad.leaner.max',
  lightLean: 'fuel.twin.lightLoad.leaner.max',
  rich: 'fuel.twin.reach.richer.max',
} as const;

/**
 * Twins of factory files are equal throughout, or differ in more than a tenth of their cells; the one exception (Hayabusa Gen3, 7 %)
 * differs by 2 degrees at most, under every limit.
 */
const LEAST_SHARE = 0.9;

interface Odd {
  map: TuneMap;
  twin: TuneMap;
}

const elements = (map: TuneMap): Float64Array => map.raw ?? map.cells;

function equalShare(a: TuneMap, b: TuneMap): number {
  const [x, y] = [elements(a), elements(b)];
  let equal = 0;
  for (let i = 0; i < x.length; i++) if (x[i] === y[i]) equal++;
  return equal / x.length;
}

/** Groups of one shape and role, in which at least two maps are equal cell by cell. */
function groupsOf(maps: TuneMap[]): TuneMap[][] {
  const groups = new Map<string, TuneMap[]>();
  for (const map of maps) {
    const key = [map.role, map.family, map.variant.load ?? '', map.rows, map.columns].join('|');
    groups.set(key, [...(groups.get(key) ?? []), map]);
  }
  return [...groups.values()].filter((g) => g.length >= 3);
}

/** Maps that stand apart: all others of the group have an equal twin, or one that has it is nearly this one. */
function oddOnes(group: TuneMap[]): { odd: Odd[]; even: TuneMap[] } {
  const hasTwin = group.map((a) => group.some((b) => a !== b && equalShare(a, b) === 1));
  const even = group.filter((_, i) => hasTwin[i]);
  const lone = group.filter((_, i) => !hasTwin[i]);
  const odd = lone.flatMap((map): Odd[] => {
    const nearest = even
      .map((twin) => ({ map, twin, share: equalShare(map, twin) }))
      .sort((a, b) => b.share - a.share || Number(sameCylinder(b)) - Number(sameCylinder(a)))[0];
    if (nearest === undefined) return [];
    return nearest.share >= LEAST_SHARE || (lone.length === 1 && even.length >= 3) ? [nearest] : [];
  });
  return { odd, even };
}

const sameCylinder = ({ map, twin }: Odd): boolean => map.variant.cylinder === twin.variant.cylinder;

function measure({ tune, stock, regions }: MeasureInput): Metric[] {
  if (stock?.kind === 'stockFile') return [];
  const metrics: Metric[] = [];
  const main = tune.maps.filter(
    (m) => isMain(m, 'spark', 'fuel', 've') && m.kind === 'map' && isLive(m) && m.cells.length >= 36,
  );
  for (const group of groupsOf(main)) {
    const { odd, even } = oddOnes(group);
    const equalTo = (map: TuneMap): number => (stock?.maps.get(map.id)?.equal === true ? 1 : 0);
    for (const map of even) metrics.push(...ofMap(map, null, regions.byMap.get(map.id), 0));
    for (const { map, twin } of odd) {
      // A factory map may well stand apart from its twins.
      if (equalTo(map) === 1) continue;
      metrics.push(...ofMap(map, twin, regions.byMap.get(map.id), equalTo(twin)));
    }
  }
  return metrics;
}

function ofMap(map: TuneMap, twin: TuneMap | null, region: RegionMasks | undefined, factory: number): Metric[] {
  const spark = map.role === 'spark';
  const degrees = spark && map.unitFrom !== 'none';
  const unit = degrees ? '°' : '%';
  const ids = spark
    ? NAMES.map((n) => `spark.twin.${n}.${degrees ? 'max' : 'span'}`)
    : [FUEL.lean, FUEL.lightLean, FUEL.rich];
  if (region?.known !== true)
    return ids.map((id) => unmeasured(id, unit, map, 'which of its cells are full load is not known'));
  const values = twin === null ? [] : Array.from(twin.cells).filter(Number.isFinite);
  const span = degrees || values.length === 0 ? 100 : Math.max(1e-9, Math.max(...values) - Math.min(...values));
  const full: Measured[] = [];
  const light: Measured[] = [];
  const other: Measured[] = [];
  for (let index = 0; twin !== null && index < map.cells.length; index++) {
    if (region.reachable[index] !== 1) continue;
    const [now, was] = [map.cells[index]!, twin.cells[index]!];
    const more = spark ? ((now - was) / span) * 100 : was > 0 ? (1 - now / was) * 100 : 0;
    if (!Number.isFinite(more) || more === 0) continue;
    if (more < 0) other.push({ index, measure: -more });
    else if (region.highLoad[index] === 1) full.push({ index, measure: more });
    else light.push({ index, measure: more });
  }
  const facts = (w: Measured | null) => ({
    tune: w === null ? 0 : map.cells[w.index]!,
    twin: w === null || twin === null ? 0 : twin.cells[w.index]!,
    name: twin?.title ?? '',
    factory,
  });
  return [full, light, other].map((list, i) =>
    worstCell(ids[i]!, unit, map, list, {
      worse: 'above',
      atEase: 0,
      reference: factory === 1 ? 'stockKnown' : 'absolute',
      facts,
    }),
  );
}

const TITLES = [
  'More spark than its twin at full load',
  'More spark than its twin below full load',
  'Less spark than its twin',
];

export const family: MetricFamily = {
  id: 'twins',
  metrics: [
    ...NAMES.flatMap((n, i) => [
      { id: `spark.twin.${n}.max`, unit: '°', title: TITLES[i]!, worse: 'above' as const },
      {
        id: `spark.twin.${n}.span`,
        unit: '%',
        title: `${TITLES[i]!}, in percent of the table (raw counts)`,
        worse: 'above' as const,
      },
    ]),
    { id: FUEL.lean, unit: '%', title: 'Less fuel than its twin at full load', worse: 'above' },
    { id: FUEL.lightLean, unit: '%', title: 'Less fuel than its twin below full load', worse: 'above' },
    { id: FUEL.rich, unit: '%', title: 'More fuel than its twin', worse: 'above' },
  ],
  measure,
};
