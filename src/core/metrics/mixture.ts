/** Mixture targets: lambda by region. AFR tables are divided by the tune's own stoichiometric ratio. */
import type { TuneMap } from '../model.ts';
import type { RegionMasks } from '../regions.ts';
import { isMain, lambdaOf, type Measured, unmeasured, worstCell } from './cells.ts';
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
} as const;

function measure({ tune, regions, stock }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps.filter((m) => isMain(m, 'lambdaTarget') && m.kind === 'map')) {
    if (map.unset) {
      metrics.push(unmeasured(ID.lean, 'λ', map, 'the mixture target table is not set'));
      continue;
    }
    if (map.inUse === false) {
      metrics.push(unmeasured(ID.lean, 'λ', map, 'the mixture target table is switched off'));
      continue;
    }
    const lambda = lambdaOf(map, tune.facts.stoichiometricAfr);
    const region = regions.byMap.get(map.id);
    if (lambda === null) {
      metrics.push(unmeasured(ID.lean, 'λ', map, 'the target table holds neither lambda nor air-fuel ratio'));
      continue;
    }
    if (region?.known !== true) {
      metrics.push(
        unmeasured(ID.lean, 'λ', map, `which cells are full load is not known: ${region?.reason ?? 'no axes'}`),
      );
      continue;
    }
    metrics.push(...ofMap(map, lambda, region, stock?.maps.get(map.id)?.equal === true ? stock.kind : 'absolute'));
  }
  return metrics;
}

function ofMap(map: TuneMap, lambda: Float64Array, region: RegionMasks, reference: Metric['reference']): Metric[] {
  const within = (mask: Uint8Array): Measured[] =>
    Array.from(lambda, (measure, index) => ({ index, measure })).filter(
      (m) => mask[m.index] === 1 && Number.isFinite(m.measure),
    );
  const high = within(region.highLoad);
  const cruise = within(region.cruise);
  const idle = within(region.idle);
  const make = (id: string, cells: Measured[], worse: 'above' | 'below', none: string): Metric =>
    cells.length === 0
      ? unmeasured(id, 'λ', map, none)
      : worstCell(id, 'λ', map, cells, { worse, atEase: 1, reference, facts: (w) => ({ lambda: w?.measure ?? 1 }) });
  const noHigh = 'no cell of the table is full load';
  const impossible = Array.from(lambda, (measure, index) => ({ index, measure })).filter(
    ({ index, measure }) => region.reachable[index] === 1 && (measure < 0.41 || measure > 1.7),
  );
  return [
    make(ID.lean, high, 'above', noHigh),
    make(ID.rich, high, 'below', noHigh),
    make(ID.cruiseLean, cruise, 'above', 'no cell of the table is cruise'),
    make(ID.cruiseRich, cruise, 'below', 'no cell of the table is cruise'),
    make(ID.idleLean, idle, 'above', 'no cell of the table is idle'),
    make(ID.idleRich, idle, 'below', 'no cell of the table is idle'),
    transition(map, lambda, region, reference),
    { ...worstCell(ID.impossible, 'cells', map, impossible, { worse: 'above', atEase: 0 }), value: impossible.length },
  ];
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
  ],
  measure,
};
