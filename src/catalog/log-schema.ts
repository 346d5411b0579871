/** rules/log-fields.yaml and rules/log-filters.yaml, strictly. */
import { z } from 'zod';
import { plainName } from '../core/logs/channels.ts';
import { CHANNELS, type LogFieldData, type LogFilterData } from '../core/logs/log-data.ts';

const name = z
  .string()
  .min(1)
  .refine((n) => n === plainName(n), 'names are written in lower case, with spaces for anything else');
const fields = z
  .strictObject({
    version: z.string(),
    channels: z.array(
      z.strictObject({
        id: z.enum(CHANNELS),
        unit: z.string(),
        names: z
          .array(
            z.union([
              name,
              z.strictObject({
                name,
                unit: z.string().optional(),
                sign: z.union([z.literal(1), z.literal(-1)]).optional(),
              }),
            ]),
          )
          .min(1),
      }),
    ),
  })
  .refine((d) => CHANNELS.every((id) => d.channels.filter((c) => c.id === id).length === 1), 'each channel once');

const positive = z.number().positive();
const filters = z.strictObject({
  version: z.string(),
  runningRpm: positive,
  warmCoolantC: positive,
  warmUpPercent: positive,
  lambdaLow: positive,
  lambdaHigh: positive,
  throttlePercentPerSecond: positive,
  pressureKpaPerSecond: positive,
  speedRpmPerSecond: positive,
  enrichmentStep: positive,
  overrunRpm: positive,
  closedThrottlePercent: positive,
  limiterPercent: positive,
  settleSeconds: positive,
  probeSeconds: positive,
  probeRevolutions: positive,
  gapSeconds: positive,
  leastHits: positive,
  knockDegrees: positive,
  chargingRpm: positive,
  railShare: positive,
  railSamples: positive,
  sources: z.array(z.string()).min(1),
});

/** @throws Error with every fault and its place */
export function toLogFields(object: unknown): LogFieldData {
  const parsed = fields.safeParse(object);
  if (!parsed.success) throw new Error(`rules/log-fields.yaml: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** @throws Error with every fault and its place */
export function toLogFilters(object: unknown): LogFilterData {
  const parsed = filters.safeParse(object);
  if (!parsed.success) throw new Error(`rules/log-filters.yaml: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
