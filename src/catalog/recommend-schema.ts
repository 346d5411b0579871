/** rules/recommend.yaml, strictly. */
import { z } from 'zod';
import type { RecommendData } from '../core/recommend/data.ts';
import { CLIMATES, GOALS, STYLES } from '../core/rider.ts';

const weight = z.number().min(0);
const words = z.array(z.string().min(2)).min(1);
const FEATURES = [
  'torqueChangePercent',
  'efficiencyChangePercent',
  'sparkOverStockDegrees',
  'limiterOverStockPercent',
  'fullLoadLambdaBest',
  'fullLoadLambdaMax',
  'cruiseLambdaMax',
  'throttleSteepness',
  'roughFindings',
  'safety',
] as const;

const schema = z.strictObject({
  version: z.string(),
  weights: z.record(z.enum(['safety', 'fit', 'parts', 'goals', 'similarity', 'rating']), weight),
  octane: z.strictObject({
    rejectUnder: z.number().max(0),
    warnUnder: z.number(),
    chargeKelvin: z.record(z.enum(CLIMATES), z.number().min(0)),
  }),
  ethanol: z.strictObject({ rejectOverPercent: z.number().positive(), pumpPercent: z.number().min(0).max(20) }),
  compatibility: z.strictObject({ rejectUnder: z.number().min(0).max(100) }),
  parts: z.array(z.strictObject({ id: z.string(), kind: z.enum(['breathing', 'engine']), words })).min(1),
  partShares: z.strictObject({
    fittedNotNamed: z.number().min(0).max(1),
    namedNotFitted: z.number().min(0).max(1),
  }),
  similarity: z.strictObject({
    likedStars: z.number().int().min(1).max(5),
    dislikedStars: z.number().int().min(1).max(5),
    calibration: weight,
    words: weight,
    named: z.number().min(0).max(1),
  }),
  unknown: z.number().min(0).max(1),
  goals: z.record(
    z.enum(GOALS),
    z.strictObject({
      words: z.strictObject({ weight, any: words }),
      features: z.array(
        z
          .strictObject({ feature: z.enum(FEATURES), weight, from: z.number(), to: z.number() })
          .refine((f) => f.from !== f.to, 'from and to are the same'),
      ),
    }),
  ),
  styles: z.record(z.enum(STYLES), z.array(z.enum(GOALS)).min(1)),
});

/** @throws Error with every fault and its place */
export function toRecommendData(object: unknown): RecommendData {
  const parsed = schema.safeParse(object);
  if (!parsed.success) throw new Error(`rules/recommend.yaml: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
