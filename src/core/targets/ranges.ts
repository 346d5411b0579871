/** Ranges of rules/targets.yaml for one engine: none passes a limit of the rules. */
import type { Severity } from '../model.ts';
import type { Rider } from '../rider.ts';
import { type ConditionScope, compileCondition } from '../rules/condition.ts';
import type { Rule } from '../rules/rule.ts';
import type { Target, TargetData, TargetRange } from './target.ts';

export interface RangeInput {
  rules: readonly Rule[];
  data: TargetData;
  rider: Pick<Rider, 'goals'>;
}

/**
 * A limit of a rule for this engine, with its adjustments, and how it reads as a source. Null: there is no such rule or limit.
 * @param severity the lowest limit above a note, where it is left out
 */
export function limitOf(
  id: string,
  { rules }: Pick<RangeInput, 'rules'>,
  scope: ConditionScope,
  severity?: Severity,
): { at: number; source: string } | null {
  const rule = rules.find((r) => r.id === id);
  if (rule === undefined) return null;
  const { limits } = rule;
  const base =
    severity === undefined ? (limits.low ?? limits.medium ?? limits.high ?? limits.critical) : limits[severity];
  if (base === null) return null;
  let at = base;
  const because: string[] = [];
  for (const adjust of rule.adjust) {
    if (compileCondition(adjust.when)(scope) !== true) continue;
    at += adjust.add;
    because.push(adjust.because);
  }
  at = Math.round(at * 1000) / 1000;
  return {
    at,
    source: `rule ${id}: ${limits.worse === 'above' ? 'over' : 'under'} ${at}${limits.unit === '°' || limits.unit === '%' ? '' : ' '}${limits.unit}${because.length === 0 ? '' : ` (${because.join('; ')})`}`,
  };
}

export const target = (quantity: string, region: string, unit: string, given: Partial<Target>): Target => ({
  quantity,
  region,
  low: null,
  high: null,
  unit,
  sources: [],
  reason: null,
  note: null,
  ...given,
});

/** Ranges of one quantity whose condition holds for this engine: the first of each region. */
export function rangesOf(input: RangeInput, scope: ConditionScope, quantity: string): Target[] {
  const seen = new Set<string>();
  const rows: Target[] = [];
  for (const range of input.data.ranges.filter((r) => r.quantity === quantity)) {
    if (seen.has(range.region) || compileCondition(range.when)(scope) !== true) continue;
    seen.add(range.region);
    rows.push(ofRange(range, input, scope));
  }
  return rows;
}

function ofRange(range: TargetRange, input: RangeInput, scope: ConditionScope): Target {
  if (range.reason !== undefined)
    return target(range.quantity, range.region, range.unit, { reason: range.reason, sources: range.sources });
  const goal = input.rider.goals.find((g) => range.goals?.[g] !== undefined);
  const wanted = goal === undefined ? range : range.goals![goal]!;
  const sources = [...range.sources];
  if (goal !== undefined) sources.push(`your goal: ${goal}`);
  let low = wanted.low ?? null;
  let high = wanted.high ?? null;
  const ceiling = range.ceiling === undefined ? null : limitOf(range.ceiling, input, scope);
  const floor = range.floor === undefined ? null : limitOf(range.floor, input, scope);
  if (ceiling !== null && high !== null) high = Math.min(high, ceiling.at);
  if (floor !== null && low !== null) low = Math.max(low, floor.at);
  for (const limit of [ceiling, floor]) if (limit !== null) sources.push(limit.source);
  return target(range.quantity, range.region, range.unit, { low, high, sources, note: range.note ?? null });
}
