/** Charged engines: target against stock, against the cut and against the ends of the maps. */
import type { Motorcycle, Tune, TuneMap } from '../model.ts';
import { finiteCells, isLive, isMain, isRole, type Measured, single, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  overStock: 'boost.target.overStock.percent',
  cutAbsent: 'boost.cut.absent.count',
  cutOverStock: 'boost.cut.overStock.percent',
  cutOver: 'boost.cut.overTarget.percent',
  axisGap: 'boost.axis.gap.kPa',
  hotAir: 'boost.target.risesWithAir.count',
} as const;

/** Over its target the control itself swings by so much, kPa. */
const SWING_KPA = 10;

const isTarget = (map: TuneMap): boolean => map.role === 'boost.target' && isLive(map);
const isCut = (map: TuneMap): boolean => (isRole(map, 'protection.boost') || isRole(map, 'boost.limit')) && isLive(map);
const isKpa = (map: TuneMap): boolean => /^kpa/i.test(map.unit) && map.unitFrom !== 'none';

/** A charger by the motorcycle's data or by a setting of the tune. */
function isCharged({ facts }: Tune, motorcycle: Motorcycle | null): boolean {
  if (motorcycle !== null) return motorcycle.aspiration !== 'na';
  return /^(true|yes)$/i.test(facts.settings['isForcedInduction'] ?? '');
}

function measure({ tune, stock, motorcycle }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  const targets = tune.maps.filter(isTarget);
  for (const map of tune.maps.filter((m) => isRole(m, 'boost') && m.kind !== 'flag' && isLive(m))) {
    const air = map.axes.find((a) => a.quantity === 'airTemperature' && a.known);
    if (air !== undefined && map.kind === 'curve') {
      const rises = Array.from(map.cells).filter(
        (v, i) => i > 0 && v > map.cells[i - 1]! && air.breakpoints[i]! > air.breakpoints[i - 1]!,
      );
      metrics.push(single(ID.hotAir, 'steps', map, rises.length));
    }
    const known = stock?.maps.get(map.id);
    if (known === undefined || !isTarget(map)) continue;
    if (known.map === null && !known.equal) {
      metrics.push(
        unmeasured(ID.overStock, '%', map, 'this map was changed, and only a hash of its factory version is known'),
      );
      continue;
    }
    const measured: Measured[] = (known.map === null ? [] : (known.changed ?? [])).map((index) => ({
      index,
      measure: (map.cells[index]! / known.map!.cells[index]! - 1) * 100,
    }));
    metrics.push(
      worstCell(
        ID.overStock,
        '%',
        map,
        measured.filter((m) => m.measure > 0),
        { worse: 'above', atEase: 0, reference: stock!.kind },
      ),
    );
  }
  metrics.push(...cutsOverStock(tune, stock));
  return [...metrics, ...against(tune, targets, isCharged(tune, motorcycle))];
}

/** Limits in any unit: in percent of what the factory cuts at. */
function cutsOverStock({ maps }: Tune, stock: MeasureInput['stock']): Metric[] {
  return (
    maps
      // One at the end of its range reads as erased and limits nothing: it counts.
      .filter((m) => /^(protection\.boost|boost\.limit)/.test(m.role) && m.inUse !== false && m.kind !== 'flag')
      .filter((m) => !/delay|timer|hyst|vehicle/i.test(m.title) && !/^(ms|s)$/.test(m.unit))
      .flatMap((map) => {
        const known = stock?.maps.get(map.id);
        if (known === undefined || (known.map === null && !known.equal)) return [];
        const measured: Measured[] = (known.map === null ? [] : (known.changed ?? []))
          .map((index) => ({ index, measure: (map.cells[index]! / known.map!.cells[index]! - 1) * 100 }))
          .filter((m) => m.measure > 0);
        return [worstCell(ID.cutOverStock, '%', map, measured, { worse: 'above', atEase: 0, reference: stock!.kind })];
      })
  );
}

/** The cut and the axes have to reach past the target. */
function against(tune: Tune, targets: TuneMap[], charged: boolean): Metric[] {
  const controlled = targets.length > 0 || tune.maps.some((m) => m.role === 'boost.duty' && m.inUse === true);
  if (!charged && !controlled) return [];
  const cuts = tune.maps.filter(isCut).filter((m) => finiteCells(m).some((v) => v > 0));
  const metrics: Metric[] = [];
  const named = tune.maps.find((m) => isRole(m, 'protection.boost') || isRole(m, 'boost.limit')) ?? null;
  if (named !== null || controlled)
    metrics.push(
      single(ID.cutAbsent, 'cuts', named ?? targets[0] ?? null, cuts.length === 0 ? 1 : 0, {
        facts: { charged: charged ? 1 : 0 },
      }),
    );
  const kpa = targets.filter(isKpa);
  const target = Math.max(...kpa.flatMap(finiteCells));
  if (!Number.isFinite(target)) return metrics;
  for (const cut of cuts.filter(isKpa)) {
    const at = Math.max(...finiteCells(cut));
    metrics.push(single(ID.cutOver, '%', cut, (at / target - 1) * 100, { facts: { cut: at, target } }));
  }
  for (const map of tune.maps.filter(
    (m) => isMain(m, 'fuel', 've', 'spark', 'lambdaTarget') && m.kind === 'map' && isLive(m),
  )) {
    const load = map.axes.find((a) => a.known && a.quantity === 'intakePressure' && /^kpa/i.test(a.unit));
    if (load === undefined) continue;
    const last = Math.max(...load.breakpoints.filter(Number.isFinite));
    metrics.push(single(ID.axisGap, 'kPa', map, target + SWING_KPA - last, { facts: { last, target } }));
  }
  return metrics;
}

export const family: MetricFamily = {
  id: 'boost',
  metrics: [
    { id: ID.overStock, unit: '%', title: 'Boost target over stock', worse: 'above' },
    { id: ID.cutOverStock, unit: '%', title: 'Boost limit over stock', worse: 'above' },
    { id: ID.cutAbsent, unit: 'cuts', title: 'No boost cut on a charged engine', worse: 'above' },
    { id: ID.cutOver, unit: '%', title: 'Boost cut over the target', worse: 'above' },
    { id: ID.axisGap, unit: 'kPa', title: 'Boost target past the last breakpoint of a main map', worse: 'above' },
    { id: ID.hotAir, unit: 'steps', title: 'Boost that rises with air temperature', worse: 'above' },
  ],
  measure,
};
