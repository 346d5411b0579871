/** rules/roles.yaml, strict: a misspelt key or an unknown role is an error of the knowledge, found by the tests. */
import { z } from 'zod';

const phrases = z.array(z.string().min(1)).min(1);
const role = z
  .string()
  .regex(
    /^(fuel|ve|lambdaTarget|spark|revLimiter|dwell|fan|throttle|idle|injector|enrichment|correction|sensor|boost|protection|launch|axis|other)(\.[a-zA-Z]+)*$/,
  );

/** What rules/roles.yaml may say; the shape of RoleData. */
export const roleSchema = z
  .strictObject({
    words: z.record(z.string(), phrases),
    doubts: phrases,
    rules: z.array(
      z.strictObject({
        role,
        confidence: z.number().min(0).max(1),
        title: z.array(phrases).optional(),
        category: z.array(phrases).optional(),
        text: z.array(phrases).optional(),
        exact: phrases.optional(),
        without: phrases.optional(),
        withoutCategory: phrases.optional(),
        kinds: z.array(z.enum(['scalar', 'curve', 'map', 'flag', 'patch'])).optional(),
        cellsMin: z.number().int().positive().optional(),
        cellsMax: z.number().int().positive().optional(),
        unitNot: phrases.optional(),
      }),
    ),
  })
  .superRefine((data, context) => {
    const used = data.rules.flatMap((r) => [
      ...[...(r.title ?? []), ...(r.category ?? []), ...(r.text ?? [])].flat(),
      ...(r.exact ?? []),
      ...(r.without ?? []),
      ...(r.withoutCategory ?? []),
    ]);
    for (const phrase of used) {
      if (phrase.startsWith('$') && data.words[phrase.slice(1)] === undefined) {
        context.addIssue({ code: 'custom', message: `no group of words is named ${phrase}` });
      }
    }
  });
