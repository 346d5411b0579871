/** Mixture targets: lambda by region. AFR tables are divided by the tune's own stoichiometric ratio. */
import type { Motorcycle, Tune, TuneMap } from '../model.ts';
import { breakpointAt, type RegionMasks } from '../regions.ts';
import type { StockReference } from '../stock.ts';
import { blockAround, finiteCells, isMain, lambdaOf, type Measured, single, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  lean: 'mixture.fullLoad.lambda.max',
  rich: 'mixture.fullLoad.lambda.min',
  cruiseLean: 'mixture.cruise.lambda.max',
  cruiseRich: 'mixture.cruise.lambda.min',
  idleLean: 'mixture.idle.lambda.max',
  idleRich: 'mixture.idle.lambda.min',
  transition: 'mixture.transition.lambdaRise.max',
  impossible: 'mixture.impossible.count',
  mixedUnit: 'mixture.unit.contradiction.count',
  leaner: 'mixture.fullLoad.leanerThanStock.max',
  elsewhere: 'mixture.lightLoad.offStock.max',
} as const;

/** Absolute pressure that no engine reaches without a charger. */
const FILLED_KPA = 105;

function measure({ tune, regions, stock, motorcycle }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  const targets = tune.maps.filter((m) => isMain(m, 'lambdaTarget') && m.kind === 'map');
  if (targets.length === 0) {
    const widths = tune.maps.some((m) => isMain(m, 'fuel') && m.kind === 'map');
    return widths ? none(null, 'this ECU holds pulse widths, no mixture target') : [];
  }
  for (const map of targets) {
    const mixed = hasMixedUnit(map);
    if (mixed !== null) metrics.push(single(ID.mixedUnit, 'tables', map, mixed ? 1 : 0, { facts: { unit: map.unit } }));
    const region = regions.byMap.get(map.id);
    const lambda = lambdaOf(map, tune.facts.stoichiometricAfr);
    if (stock !== null) metrics.push(...againstStock(map, region, stock));
    const reason = whyNot(map, tune, mixed === true, lambda, region);
    if (reason !== null || lambda === null || region === undefined) {
      metrics.push(...none(map, reason ?? 'the target table cannot be read'));
      continue;
    }
    const reference = stock?.maps.get(map.id)?.equal === true ? stock.kind : 'absolute';
    const facts = { ...boostFact(tune, motorcycle), narrowband: isNarrowband(tune) ? 1 : 0 };
    metrics.push(...ofMap(map, lambda, region, reference, facts));
  }
  return metrics;
}

/** Percent leaner than the stock table at full load, and percent off it elsewhere; both tables in one unit, so that no ratio is needed. */
function againstStock(map: TuneMap, region: RegionMasks | undefined, stock: StockReference): Metric[] {
  const known = stock.maps.get(map.id);
  if (known === undefined) return [];
  if (known.map === null && !known.equal) {
    const reason = 'this table was changed, and only readings of its factory version are known';
    return [ID.leaner, ID.elsewhere].map((id) => unmeasured(id, '%', map, reason));
  }
  const lean: Measured[] = [];
  const elsewhere: Measured[] = [];
  for (const index of known.map === null ? [] : (known.changed ?? [])) {
    const percent = (map.cells[index]! / known.map!.cells[index]! - 1) * 100;
    if (!Number.isFinite(percent)) continue;
    if (region?.known !== true || region.highLoad[index] === 1) lean.push({ index, measure: percent });
    else if (region.reachable[index] === 1) elsewhere.push({ index, measure: Math.abs(percent) });
  }
  const facts = (list: Measured[]) => (w: Measured | null) => ({
    tune: w === null ? 0 : map.cells[w.index]!,
    stock: w === null ? 0 : (known.map?.cells[w.index] ?? 0),
    blockCells: blockAround(map, list, w),
  });
  const make = (id: string, list: Measured[]): Metric =>
    worstCell(id, '%', map, list, { worse: 'above', atEase: 0, reference: stock.kind, facts: facts(list) });
  return [
    make(
      ID.leaner,
      lean.filter((m) => m.measure > 0),
    ),
    make(ID.elsewhere, elsewhere),
  ];
}

/** Every metric of this family, not measured for one reason: what is not judged says why. */
const none = (map: TuneMap | null, reason: string): Metric[] =>
  family.metrics
    .filter((m) => ![ID.mixedUnit, ID.leaner, ID.elsewhere].some((id) => id === m.id))
    .map((m) => unmeasured(m.id, m.unit, map, reason));

function whyNot(
  map: TuneMap,
  tune: Tune,
  mixed: boolean,
  lambda: Float64Array | null,
  region: RegionMasks | undefined,
): string | null {
  if (map.unset) return 'the mixture target table is not set';
  // Speeduino: with this setting the target scales the pulse width although no probe is fitted (its .ini says so).
  const scales = /^yes$/i.test(tune.facts.settings['incorporateAFR'] ?? '');
  if (map.inUse === false && !scales) return 'the mixture target table is switched off';
  if (mixed) return `the target table says ${map.unit} and holds numbers of the other unit`;
  if (lambda === null) return 'the target table holds neither lambda nor air-fuel ratio';
  if (region?.known !== true) return `which cells are full load is not known: ${region?.reason ?? 'no axes'}`;
  return null;
}

/** A table that says AFR and holds lambda, or the reverse. Null: its unit says neither, or nothing is set. */
function hasMixedUnit(map: TuneMap): boolean | null {
  if (map.unset) return null;
  const values = finiteCells(map).sort((a, b) => a - b);
  const median = values[Math.floor(values.length / 2)];
  if (median === undefined) return null;
  if (/lambda|λ/i.test(map.unit)) return median > 8 && median < 20;
  return /^(afr|a\/f|:1)$/i.test(map.unit.trim()) ? median > 0.5 && median < 1.6 : null;
}

/**
 * 1 charged, 0 not: the motorcycle says so, or a setting of the tune. Left out where neither does, for the span of a pressure axis proves
 * nothing (projects come with 250 kPa for any engine). Lean is then held against the limits without boost, which are the widest; rich is not
 * judged, for under boost that would be too strict.
 */
function boostFact(tune: Tune, motorcycle: Motorcycle | null): { boosted?: number } {
  if (motorcycle !== null) return { boosted: motorcycle.aspiration === 'na' ? 0 : 1 };
  const stated = tune.facts.settings['isForcedInduction'];
  return stated === undefined ? {} : { boosted: /^(true|yes)$/i.test(stated) ? 1 : 0 };
}

/** A narrowband probe knows one mixture: 14.7 in its table switches closed loop on and is no target for full load. */
const isNarrowband = (tune: Tune): boolean => /narrow/i.test(tune.facts.settings['egoType'] ?? '');

function ofMap(
  map: TuneMap,
  lambda: Float64Array,
  region: RegionMasks,
  reference: Metric['reference'],
  known: { boosted?: number; narrowband: number },
): Metric[] {
  const within = (mask: Uint8Array): Measured[] =>
    Array.from(lambda, (measure, index) => ({ index, measure })).filter(
      (m) => mask[m.index] === 1 && Number.isFinite(m.measure),
    );
  const all = within(region.highLoad);
  // A charged engine runs 90 kPa like any other: the limits under boost are for the cells that boost fills, the others have theirs.
  const charged = known.boosted === 1 ? all.filter((m) => pressureAt(map, m.index) >= FILLED_KPA) : [];
  const parts =
    charged.length === 0
      ? [{ cells: all, known }]
      : [
          { cells: charged, known },
          { cells: all.filter((m) => !charged.includes(m)), known: { ...known, boosted: 0 } },
        ];
  const cruise = within(region.cruise);
  const idle = within(region.idle);
  const make = (
    id: string,
    cells: Measured[],
    worse: 'above' | 'below',
    empty: string,
    engine: Metric['facts'] = known,
  ): Metric =>
    cells.length === 0
      ? unmeasured(id, 'λ', map, empty)
      : worstCell(id, 'λ', map, cells, {
          worse,
          atEase: 1,
          reference,
          facts: (w) => ({
            ...engine,
            lambda: w?.measure ?? Number.NaN,
            stoichiometric: Math.abs((w?.measure ?? Number.NaN) - 1) <= 0.01 ? 1 : 0,
          }),
        });
  const noHigh = 'no cell of the table is full load';
  const impossible = Array.from(lambda, (measure, index) => ({ index, measure })).filter(
    ({ index, measure }) => region.reachable[index] === 1 && (measure < 0.41 || measure > 1.7),
  );
  return [
    ...parts.flatMap((part) => [
      make(ID.lean, part.cells, 'above', noHigh, part.known),
      make(ID.rich, part.cells, 'below', noHigh, part.known),
    ]),
    make(ID.cruiseLean, cruise, 'above', 'no cell of the table is cruise'),
    make(ID.cruiseRich, cruise, 'below', 'no cell of the table is cruise'),
    make(ID.idleLean, idle, 'above', 'no cell of the table is idle'),
    make(ID.idleRich, idle, 'below', 'no cell of the table is idle'),
    transition(map, lambda, region, reference),
    { ...worstCell(ID.impossible, 'cells', map, impossible, { worse: 'above', atEase: 0 }), value: impossible.length },
  ];
}

/** Absolute pressure of a cell in kPa, NaN where its load is something else. */
function pressureAt(map: TuneMap, index: number): number {
  const axis = map.axes.find((a) => a.known && a.quantity === 'intakePressure' && /^kpa/i.test(a.unit));
  return breakpointAt(axis ?? null, Math.floor(index / map.columns), index % map.columns);
}

/** The target must not get leaner when the rider opens the throttle further. */
function transition(map: TuneMap, lambda: Float64Array, region: RegionMasks, reference: Metric['reference']): Metric {
  const measured: Measured[] = [];
  const alongColumns = region.loadAxis === 'x';
  const load = map.axes.find((a) => a.axis === region.loadAxis)!;
  const rising = (load.breakpoints.at(-1) ?? 0) > (load.breakpoints[0] ?? 0);
  for (let row = 0; row < map.rows; row++) {
    for (let column = 0; column < map.columns; column++) {
      const step = rising ? -1 : 1;
      const [r, c] = alongColumns ? [row, column + step] : [row + step, column];
      if (r < 0 || c < 0 || r >= map.rows || c >= map.columns) continue;
      const index = row * map.columns + column;
      const before = r * map.columns + c;
      if (region.highLoad[index] !== 1 || region.highLoad[before] !== 1) continue;
      const rise = lambda[index]! - lambda[before]!;
      if (rise > 0) measured.push({ index, measure: rise });
    }
  }
  return worstCell(ID.transition, 'λ', map, measured, { worse: 'above', atEase: 0, reference });
}

export const family: MetricFamily = {
  id: 'mixture',
  metrics: [
    { id: ID.lean, unit: 'λ', title: 'Leanest target at high load', worse: 'above' },
    { id: ID.rich, unit: 'λ', title: 'Richest target at high load', worse: 'below' },
    { id: ID.cruiseLean, unit: 'λ', title: 'Leanest target at cruise', worse: 'above' },
    { id: ID.cruiseRich, unit: 'λ', title: 'Richest target at cruise', worse: 'below' },
    { id: ID.idleLean, unit: 'λ', title: 'Leanest target at idle', worse: 'above' },
    { id: ID.idleRich, unit: 'λ', title: 'Richest target at idle', worse: 'below' },
    { id: ID.transition, unit: 'λ', title: 'How much the target leans out as load rises', worse: 'above' },
    { id: ID.impossible, unit: 'cells', title: 'Targets that no engine runs on', worse: 'above' },
    { id: ID.mixedUnit, unit: 'tables', title: 'Target tables whose numbers are of another unit', worse: 'above' },
    { id: ID.leaner, unit: '%', title: 'How much leaner the full-load target is than stock', worse: 'above' },
    { id: ID.elsewhere, unit: '%', title: 'How far the target is off stock below full load', worse: 'above' },
  ],
  measure,
};
