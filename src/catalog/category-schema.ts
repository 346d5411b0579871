/** rules/categories.yaml: the whole score on one screen. */
import { z } from 'zod';
import type { CategoryData } from '../core/score.ts';

const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
const range = z
  .tuple([z.number().min(0), z.number().min(0)])
  .refine(([low, high]) => low <= high, 'the first number is the smaller one');
const bySeverity = z.partialRecord(z.enum(severities), z.number().min(0));

const area = z.enum(['fullLoadMixture', 'fullLoadSpark', 'revLimiter', 'heat', 'throttle']);

const schema = z.strictObject({
  version: z.string(),
  points: z.record(z.enum(severities), range),
  weights: z.record(z.enum(['file', 'mixture', 'spark', 'limits', 'throttle', 'other']), z.number().positive()),
  halfAfter: bySeverity,
  caps: bySeverity,
  ruleCaps: z.record(z.string(), z.number().min(0).max(100)),
  weakMixtureCap: z.number().min(0).max(100),
  everyAreaCap: z.number().min(0).max(100),
  suppressedCriticalCap: z.number().min(0).max(100),
  openAreaCaps: z.partialRecord(area, z.number().min(0).max(100)),
  decodeCaps: z.partialRecord(z.enum(['verified', 'plausible', 'guessed']), z.number().min(0).max(100)),
  levels: z.strictObject({ SAFE: z.number(), MODERATE: z.number(), RISKY: z.number() }),
  required: z.array(area).min(1),
  secondOpinion: z.strictObject({
    most: z.number().min(0).max(20),
    open: z.number().min(0),
    points: z.record(z.enum(severities), z.number().min(0)),
  }),
  compatibility: z.strictObject({
    points: z.record(z.string(), z.number().positive()),
    levels: z.strictObject({ COMPATIBLE: z.number(), CHECK: z.number(), DOUBTFUL: z.number() }),
  }),
});

/** @throws Error with every fault and its place */
export function toCategoryData(object: unknown): CategoryData {
  const parsed = schema.safeParse(object);
  if (!parsed.success) throw new Error(`rules/categories.yaml: ${z.prettifyError(parsed.error)}`);
  return parsed.data as CategoryData;
}
