/** rules/analogy: how the maps of known families run, without their calibration. Written by npm run finder:known. */
import { z } from 'zod';
import { FEATURES_USED } from '../core/finder/features.ts';
import type { KnownGroup } from '../core/finder/resemble.ts';

const profile = z.array(z.number()).length(16).nullable();
const groups = z.strictObject({
  groups: z.array(
    z.strictObject({
      definition: z.string(),
      role: z.string(),
      load: z.enum(['throttle', 'pressure']).nullable(),
      title: z.string(),
      maps: z.number().int().positive(),
      rows: z.number().int().positive(),
      columns: z.number().int().positive(),
      elementBytes: z.number().int().positive(),
      features: z.strictObject(
        Object.fromEntries(FEATURES_USED.map((f) => [f, z.number()])) as Record<
          (typeof FEATURES_USED)[number],
          z.ZodNumber
        >,
      ),
      xQuantity: z.string(),
      xProfile: profile,
      yProfile: profile,
    }),
  ),
});

/** @throws ZodError with the place of the fault */
export const toKnownGroups = (object: unknown): KnownGroup[] => groups.parse(object).groups;
