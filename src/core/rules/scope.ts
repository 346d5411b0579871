/** What conditions of rules see of the world. Unknown values are left out, so that no default stands in for them. */
import type { Metric } from '../metrics/metric.ts';
import type { Conditions, Motorcycle, TuneFacts, TuneMap } from '../model.ts';
import type { StockReference } from '../stock.ts';
import type { ConditionScope } from './condition.ts';

type Values = Record<string, number | string | boolean>;

function known(values: Record<string, number | string | boolean | null | undefined>): Values {
  return Object.fromEntries(
    Object.entries(values).filter((e): e is [string, number | string | boolean] => e[1] != null),
  );
}

/** The engine as the motorcycle's data and, where there is none, the tune itself state it. */
export function engineScope(motorcycle: Motorcycle | null, facts: TuneFacts): Values {
  const m = motorcycle;
  return known({
    known: m !== null,
    strokes: m?.strokes ?? facts.strokes,
    cylinders: m?.cylinders ?? facts.cylinders,
    displacementCc: m?.displacementCc ?? facts.displacementCc,
    compressionRatio: m?.compressionRatio,
    boreMm: m?.boreMm,
    strokeMm: m?.strokeMm,
    cooling: m?.cooling,
    aspiration: m?.aspiration,
    valvetrain: m?.valvetrain,
    redlineRpm: m?.redlineRpm,
    revLimitRpm: m?.revLimitRpm,
    fuelRonMin: m?.fuelRonMin,
    idleRpm: m?.idleRpm,
    confidence: m?.confidence,
    rideByWire: m?.throttle == null ? null : /wire/i.test(m.throttle),
    loadAlgorithm: facts.loadAlgorithm,
  });
}

export function stockScope(stock: StockReference | null): Values {
  return known({ known: stock !== null, file: stock?.kind === 'stockFile', limiterRpm: stock?.limiterRpm });
}

export function conditionsScope(conditions: Conditions): Values {
  const { ron, ethanolPercent, altitudeM } = conditions;
  return known({ ron, ethanolPercent, altitudeM, mods: conditions.mods.join(', ') });
}

/** Everything for one metric of one map. */
export function scopeOf(
  shared: Pick<ConditionScope, 'engine' | 'stock' | 'conditions'>,
  map: TuneMap | null,
  metric: Pick<Metric, 'facts'>,
  format: string,
): ConditionScope {
  return {
    ...shared,
    table: known({
      role: map?.role ?? '',
      kind: map?.kind ?? '',
      unitFrom: map?.unitFrom ?? '',
      confidence: map?.confidence ?? '',
      load: map?.variant.load ?? '',
      format,
    }),
    facts: metric.facts,
  };
}
