/** Sets of twin maps: which one is live, and whether one was copied over another. */
import type { TuneMap } from '../model.ts';
import { isLive, isMain, single } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  sets: 'tune.mapSets.count',
  copied: 'map.copiedOverTwin.count',
  rows: 'map.rowsCopied.count',
} as const;

const MAIN = ['fuel', 've', 'spark', 'lambdaTarget', 'throttle'] as const;

function measure(input: MeasureInput): Metric[] {
  const main = input.tune.maps.filter((m) => isMain(m, ...MAIN) && m.kind === 'map' && isLive(m));
  return [...sets(main), ...copied(main, input), ...rows(main, input)];
}

/** Riding modes and switched map sets that hold main maps; those that the file itself calls in use are no question. */
function sets(main: TuneMap[]): Metric[] {
  const names = new Set(
    main
      .filter((m) => m.inUse !== true)
      .map((m) => m.variant.mode)
      .filter((m) => m !== undefined),
  );
  if (main.length === 0) return [];
  const sorted = [...names].sort();
  return [
    single(ID.sets, 'sets', null, Math.max(1, sorted.length), { facts: { names: sorted.slice(0, 8).join(', ') } }),
  ];
}

const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((v, i) => Object.is(v, b[i]));
const elements = (map: TuneMap): Float64Array => map.raw ?? map.cells;

/** Maps of two cylinders or banks that hold the same cells although the factory's differ. */
function copied(main: TuneMap[], { stock }: MeasureInput): Metric[] {
  if (stock === null) return [];
  const groups = new Map<string, TuneMap[]>();
  for (const map of main) {
    const { cylinder, bank, gear = '', mode = '', load = '' } = map.variant;
    if ((cylinder ?? bank) === undefined || !stock.maps.has(map.id)) continue;
    const key = [map.family, gear, mode, load].join('|');
    groups.set(key, [...(groups.get(key) ?? []), map]);
  }
  const metrics: Metric[] = [];
  for (const maps of groups.values()) {
    if (maps.length < 2) continue;
    const differed = (a: TuneMap, b: TuneMap): boolean => {
      const [was, twin] = [stock.maps.get(a.id)!, stock.maps.get(b.id)!];
      if (was.map !== null && twin.map !== null) return !same(elements(was.map), elements(twin.map));
      // Of readings alone: one is the factory's own and the other, with the same cells, is none of the factory's.
      return was.equal !== twin.equal;
    };
    const pairs = maps.flatMap((a, i) => maps.slice(i + 1).map((b) => [a, b] as const));
    const hit = pairs.filter(([a, b]) => same(elements(a), elements(b)) && differed(a, b));
    const [first] = hit;
    const changed = first === undefined ? maps[0]! : stock.maps.get(first[0].id)?.equal === false ? first[0] : first[1];
    metrics.push(
      single(ID.copied, 'pairs', changed, hit.length, {
        reference: stock.kind,
        facts: {
          maps: (first ?? []).map((m) => m.title).join(', '),
          banks: changed.variant.bank === undefined && maps.length !== 2 ? 0 : 1,
        },
      }),
    );
  }
  return metrics;
}

/** Neighbouring rows with the same cells, more of them than the factory has: pasted over. */
function rows(main: TuneMap[], { stock }: MeasureInput): Metric[] {
  if (stock?.kind !== 'stockFile') return [];
  return main.flatMap((map) => {
    const was = stock.maps.get(map.id)?.map;
    if (was == null || map.rows < 4) return [];
    const pasted = twinRows(map).filter((row) => !twinRows(was).includes(row));
    const index = (pasted[0] ?? 0) * map.columns;
    return [single(ID.rows, 'rows', map, pasted.length, { reference: stock.kind, index })];
  });
}

/** Rows that repeat the one before, in every cell, and are not one value throughout. */
function twinRows(map: TuneMap): number[] {
  const cells = elements(map);
  const row = (r: number): Float64Array => cells.subarray(r * map.columns, (r + 1) * map.columns);
  return Array.from({ length: map.rows - 1 }, (_, r) => r + 1).filter(
    (r) => same(row(r), row(r - 1)) && new Set(row(r)).size > 2,
  );
}

export const family: MetricFamily = {
  id: 'sets',
  metrics: [
    { id: ID.sets, unit: 'sets', title: 'Map sets of which the file does not say which one is live', worse: 'above' },
    { id: ID.copied, unit: 'pairs', title: 'Twin maps made equal that the factory keeps apart', worse: 'above' },
    { id: ID.rows, unit: 'rows', title: 'Rows that repeat the one before, beyond stock', worse: 'above' },
  ],
  measure,
};
