/** rules/stock/*.yaml: facts of factory images. Hashes and a few readings, never calibration data. */
import { z } from 'zod';
import type { StockFacts } from '../core/stock.ts';

const numbers = z.array(z.number());
const readings = z
  .strictObject({ rpm: numbers, low: numbers, high: numbers, unit: z.string().default('') })
  .refine(
    (r) => r.rpm.length === r.low.length && r.rpm.length === r.high.length,
    'rpm, low and high must be of one length',
  )
  .nullable()
  .default(null);

const schema = z.strictObject({
  definition: z.string(),
  sources: z.array(z.string()).min(1),
  images: z
    .array(z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), name: z.string(), source: z.string() }))
    .min(1),
  limiter: z
    .strictObject({ cut: z.number(), resume: z.number().nullable().default(null) })
    .nullable()
    .default(null),
  maps: z.record(
    z.string(),
    z.strictObject({
      raw: z.array(z.string().regex(/^[0-9a-f]{16}$/)).min(1),
      axes: z.array(z.string().regex(/^[0-9a-f]{16}$/)).default([]),
      fullLoad: readings,
      highLoad: readings,
      range: z.strictObject({ low: z.number(), high: z.number() }).nullable().default(null),
      values: z.array(numbers).nullable().default(null),
    }),
  ),
});

/**
 * @param id the file's name: that of its definition
 * @throws Error with every fault and its place
 */
export function toStockFacts(object: unknown, id: string): StockFacts {
  const parsed = schema.safeParse(object);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  if (parsed.data.definition !== id)
    throw new Error(`"definition: ${parsed.data.definition}" stands in the file of ${id}`);
  return parsed.data;
}
