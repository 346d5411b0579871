/** rules/targets.yaml, strictly. */
import { z } from 'zod';
import { SEVERITIES, type Severity } from '../core/model.ts';
import { GOALS } from '../core/rider.ts';
import { compileCondition } from '../core/rules/condition.ts';
import type { TargetData } from '../core/targets/target.ts';

const condition = z.string().refine((text) => {
  try {
    compileCondition(text);
    return true;
  } catch {
    return false;
  }
}, 'no valid condition');

const range = z
  .strictObject({
    quantity: z.string(),
    region: z.string(),
    when: condition,
    unit: z.string(),
    low: z.number().optional(),
    high: z.number().optional(),
    reason: z.string().optional(),
    goals: z.partialRecord(z.enum(GOALS), z.strictObject({ low: z.number(), high: z.number() })).optional(),
    ceiling: z.string().optional(),
    floor: z.string().optional(),
    note: z.string().optional(),
    sources: z.array(z.string()),
  })
  .refine(
    (r) => (r.reason === undefined) === (r.low !== undefined || r.high !== undefined),
    'either a range or the reason why there is none',
  )
  .refine((r) => r.reason !== undefined || r.sources.length > 0, 'a range names its sources')
  .refine((r) => r.low === undefined || r.high === undefined || r.low < r.high, 'low is under high');

const stop = z
  .strictObject({
    kind: z.string(),
    when: condition.optional(),
    sign: z.string(),
    rule: z.string().optional(),
    severity: z.enum(SEVERITIES as [Severity, ...Severity[]]).optional(),
    sources: z.array(z.string()).min(1),
  })
  .refine(
    (s) => s.sign.includes('{limit}') === (s.rule !== undefined && s.severity !== undefined),
    'a number comes from a rule and one of its classes, and stands at {limit}',
  )
  .refine((s) => !/\d/.test(s.sign), 'a number of its own has no source: name a rule');

const logEntry = z.strictObject({ kind: z.string(), when: condition.optional(), what: z.string() });

const schema = z.strictObject({
  version: z.string(),
  ranges: z.array(range).min(1),
  stops: z.array(stop).min(1),
  log: z.array(logEntry).min(1),
});

/** @param rules ids that a ceiling or floor may name. @throws Error with every fault and its place */
export function toTargetData(object: unknown, rules: readonly string[]): TargetData {
  const parsed = schema.safeParse(object);
  if (!parsed.success) throw new Error(`rules/targets.yaml: ${z.prettifyError(parsed.error)}`);
  for (const { ceiling, floor, quantity } of parsed.data.ranges)
    for (const id of [ceiling, floor])
      if (id !== undefined && !rules.includes(id))
        throw new Error(`rules/targets.yaml: ${quantity}: there is no rule "${id}"`);
  for (const { rule, sign } of parsed.data.stops)
    if (rule !== undefined && !rules.includes(rule))
      throw new Error(`rules/targets.yaml: ${sign}: there is no rule "${rule}"`);
  return parsed.data;
}
