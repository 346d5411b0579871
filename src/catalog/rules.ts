/** Rule files: schema, defaults, and errors with the place and a sentence. */
import { z } from 'zod';
import { compileCondition } from '../core/rules/condition.ts';
import type { Rule } from '../core/rules/rule.ts';

const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
const limit = z.number().nullable().default(null);
const text = z
  .string()
  .min(1)
  .transform((t) => t.replace(/\s+/g, ' ').trim());
/** What conditions may ask for; facts depend on the metric. */
const NAMES: Record<string, string[]> = {
  engine:
    'known strokes cylinders displacementCc compressionRatio boreMm strokeMm cooling aspiration valvetrain redlineRpm revLimitRpm fuelRonMin idleRpm confidence rideByWire loadAlgorithm'.split(
      ' ',
    ),
  table: 'role kind unitFrom confidence load format'.split(' '),
  stock: 'known file limiterRpm'.split(' '),
  conditions: 'ron ethanolPercent altitudeM mods'.split(' '),
};

/** A misspelt name or a whole number would never be true and never be noticed. */
function whatIsWrong(condition: string): string | null {
  const text = condition.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  for (const [, scope = '', name = ''] of text.matchAll(/\b(engine|table|stock|conditions)\.(\w+)/g)) {
    if (!NAMES[scope]!.includes(name)) return `there is no ${scope}.${name}; there are ${NAMES[scope]!.join(', ')}`;
  }
  const whole = /(?:[=<>!]=?|[-+*/])\s*-?(\d+)(?![\d.])/.exec(text);
  return whole === null ? null : `numbers have a decimal point here: write ${whole[1]}.0`;
}

const condition = z.string().superRefine((value, context) => {
  let wrong: string | null = null;
  try {
    compileCondition(value);
    wrong = whatIsWrong(value);
  } catch (error) {
    wrong = (error as Error).message.split('\n')[0] ?? 'it cannot be read';
  }
  if (wrong !== null) context.addIssue({ code: 'custom', message: `no valid condition: ${wrong}` });
});
const values = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));

/** One rule file. Strict: a misspelt field is an error, not a silence. */
export const ruleSchema = z.strictObject({
  title: text,
  category: z.enum(['file', 'mixture', 'spark', 'limits', 'throttle', 'other']),
  catalogue: z.array(z.string()).default([]),
  metric: z.string().min(1),
  area: z.enum(['fullLoadMixture', 'fullLoadSpark', 'revLimiter', 'heat', 'throttle']).nullable().default(null),
  without: text.default('this file has no map or value for it'),
  needs: z.array(z.enum(['stock', 'motorcycle', 'unit', 'region'])).default([]),
  formats: z.array(z.string()).default([]),
  when: condition.nullable().default(null),
  limits: z.strictObject({
    unit: z.string(),
    worse: z.enum(['above', 'below']).default('above'),
    info: limit,
    low: limit,
    medium: limit,
    high: limit,
    critical: limit,
  }),
  adjust: z.array(z.strictObject({ when: condition, add: z.number(), because: text })).default([]),
  caps: z.array(z.strictObject({ when: condition, at: severity, because: text })).default([]),
  lowered: z.array(z.strictObject({ when: condition, because: text })).default([]),
  raisedBy: z.array(z.strictObject({ rules: z.array(z.string()).min(1), because: text })).default([]),
  message: text,
  why: text,
  fix: text,
  falsePositives: z.array(text).min(1),
  sources: z.array(text).min(1),
  unproven: text.optional(),
  examples: z
    .array(
      z.strictObject({
        says: z.enum(['pass', 'notApplicable', 'critical', 'high', 'medium', 'low', 'info']),
        metric: z.number(),
        engine: values.optional(),
        map: values.optional(),
        stock: z.boolean().optional(),
        conditions: values.optional(),
        facts: values.optional(),
        note: z.string().optional(),
      }),
    )
    .min(2),
});

/**
 * @param id the file's name
 * @throws Error with every fault and its place
 */
export function toRule(object: unknown, id: string): Rule {
  const parsed = ruleSchema.safeParse(object);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return { id, ...parsed.data } as Rule;
}
