/** Closed loop of self-describing projects: what a narrowband probe is asked for, and when correction begins. */
import type { Tune, TuneMap } from '../model.ts';
import { isMain, lambdaOf, type Measured, single, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  target: 'closedLoop.narrowband.target.off',
  hot: 'closedLoop.begins.max',
  cold: 'closedLoop.begins.min',
  unused: 'closedLoop.off.count',
} as const;

const scalar = (tune: Tune, ...titles: string[]): TuneMap | undefined =>
  tune.maps.find((m) => m.kind === 'scalar' && titles.includes(m.title) && Number.isFinite(m.cells[0]));

/** Null: the project does not say that it has a probe. */
function isUsed({ facts }: Tune): boolean | null {
  const { egoType = '', egoAlgorithm = '' } = facts.settings;
  if (egoType === '') return null;
  return !/disabled|off|none/i.test(egoType) && !/no correction|invalid/i.test(egoAlgorithm);
}

function measure({ tune, regions }: MeasureInput): Metric[] {
  const used = isUsed(tune);
  if (used === null) return [];
  const fitted = !/disabled|off|none/i.test(tune.facts.settings['egoType'] ?? '');
  const metrics: Metric[] = fitted ? [single(ID.unused, 'loops', null, used ? 0 : 1)] : [];
  if (!used) return metrics;
  const begins = scalar(tune, 'egoTemp', 'egoTemperature');
  if (begins !== undefined) {
    const celsius = /f/i.test(begins.unit) ? ((begins.cells[0]! - 32) * 5) / 9 : begins.cells[0]!;
    metrics.push(single(ID.hot, '°C', begins, celsius), single(ID.cold, '°C', begins, celsius));
  }
  if (!/narrow/i.test(tune.facts.settings['egoType'] ?? '')) return metrics;
  const target = tune.maps.find((m) => isMain(m, 'lambdaTarget') && m.kind === 'map' && !m.unset && m.inUse !== false);
  if (target === undefined) return metrics;
  const lambda = lambdaOf(target, tune.facts.stoichiometricAfr);
  const region = regions.byMap.get(target.id);
  if (lambda === null || region?.known !== true) {
    metrics.push(unmeasured(ID.target, 'λ', target, 'which cells of the target table are cruise is not known'));
    return metrics;
  }
  // Closed loop ends at a load that is said elsewhere; cruise lies inside of it.
  const cells: Measured[] = Array.from(lambda, (value, index) => ({ index, measure: Math.abs(value - 1) })).filter(
    (m) => region.cruise[m.index] === 1,
  );
  if (cells.length > 0)
    metrics.push(
      worstCell(ID.target, 'λ', target, cells, {
        worse: 'above',
        atEase: 0,
        facts: (w) => ({ lambda: w === null ? 1 : lambda[w.index]! }),
      }),
    );
  return metrics;
}

export const family: MetricFamily = {
  id: 'closed-loop',
  metrics: [
    { id: ID.target, unit: 'λ', title: 'Cruise target of a narrowband probe away from lambda 1', worse: 'above' },
    { id: ID.hot, unit: '°C', title: 'Coolant temperature at which closed loop begins', worse: 'above' },
    { id: ID.cold, unit: '°C', title: 'Coolant temperature at which closed loop begins', worse: 'below' },
    { id: ID.unused, unit: 'loops', title: 'A probe is fitted and not used', worse: 'above' },
  ],
  measure,
};
