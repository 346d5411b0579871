/** The YAML of one motorcycle generation, strict: a misspelt field is an error, an absent one is "not known well enough". */
import { z } from 'zod';

const rpm = z.number().int().min(500).max(25_000);

/** What rules/motorcycles/<make>/<id>.yaml may say. Units stand in the field names: cc, mm, rpm, kW at the crank, Nm, RON. */
export const motorcycleSchema = z
  .strictObject({
    make: z.string().min(1),
    model: z.string().min(1),
    generation: z.string().min(1).optional(),
    aliases: z.array(z.string().min(1)).optional(),
    yearFrom: z.number().int().min(1950).max(2100),
    yearTo: z.number().int().min(1950).max(2100),
    category: z.string().min(1),
    displacementCc: z.number().min(20).max(3000),
    cylinders: z.number().int().min(1).max(8),
    layout: z.string().min(1),
    valvetrain: z.string().min(1),
    boreMm: z.number().min(20).max(130),
    strokeMm: z.number().min(20).max(130),
    compressionRatio: z.number().min(5).max(16).optional(),
    strokes: z.union([z.literal(2), z.literal(4)]),
    aspiration: z.enum(['na', 'turbo', 'supercharged']),
    cooling: z.enum(['liquid', 'air', 'oil', 'air/oil', 'air/liquid']),
    redlineRpm: rpm.optional(),
    revLimitRpm: rpm.optional(),
    idleRpm: rpm.optional(),
    peakPowerKw: z.number().min(1).max(300).optional(),
    peakPowerRpm: rpm.optional(),
    peakTorqueNm: z.number().min(1).max(300).optional(),
    peakTorqueRpm: rpm.optional(),
    fuelRonMin: z.number().min(80).max(110).optional(),
    fuelSystem: z.string().min(1).optional(),
    throttle: z.string().min(1).optional(),
    ecuFamily: z.string().min(1).optional(),
    sources: z.array(z.string().min(1)).min(1),
    notes: z.array(z.string().min(1)).optional(),
    confidence: z.enum(['high', 'medium', 'low']),
  })
  .refine((m) => m.yearFrom <= m.yearTo, { message: 'yearFrom is after yearTo', path: ['yearTo'] });
