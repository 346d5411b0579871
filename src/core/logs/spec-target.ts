/** Lambda that a motorcycle of this kind wants at full load, cruise and idle, where its tune has no target: rules/targets.yaml. */
import type { Conditions, Motorcycle, TuneFacts } from '../model.ts';
import { compileCondition } from '../rules/condition.ts';
import { conditionsScope, engineScope } from '../rules/scope.ts';
import type { TargetData } from '../targets/target.ts';

export interface LambdaRange {
  low: number;
  high: number;
}

/** Null: nothing is claimed for that region. */
export interface SpecTargets {
  fullLoad: LambdaRange | null;
  cruise: LambdaRange | null;
}

export function specTargets(
  motorcycle: Motorcycle | null,
  facts: TuneFacts,
  conditions: Conditions,
  data: TargetData,
): SpecTargets {
  const engine = engineScope(motorcycle, facts);
  const scope = { engine, table: {}, stock: {}, conditions: conditionsScope(conditions), facts: {} };
  const range = (region: RegExp): LambdaRange | null => {
    const found = data.ranges.find(
      (r) => r.quantity === 'lambda' && region.test(r.region) && compileCondition(r.when)(scope) === true,
    );
    return found?.low === undefined || found.high === undefined ? null : { low: found.low, high: found.high };
  };
  return { fullLoad: range(/^full load/), cruise: range(/^cruise/) };
}
