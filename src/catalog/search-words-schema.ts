/** rules/search-words.yaml, strictly. */
import { z } from 'zod';
import type { SearchWords } from '../core/library/concepts.ts';

const word = z.string().regex(/^[\p{Ll}\p{N}]+( [\p{Ll}\p{N}]+)*$/u, 'lower-case words parted by one space');
const words = z.array(word).min(1);
const schema = z
  .strictObject({
    ignore: z.array(word),
    same: z.record(word, words),
    spoken: z.record(word, z.string().regex(/^\d{2,4}$/)),
    nicknames: z.record(word, word),
    groups: z.array(
      z.strictObject({
        id: z.string(),
        words: z.array(word).min(2),
        complaints: words.optional(),
        opposites: words.optional(),
      }),
    ),
    directions: z.strictObject({ more: words, less: words }),
    turns: z.array(z.strictObject({ thing: words, more: z.string(), less: z.string() })),
    negations: words,
    only: words,
  })
  .superRefine(({ groups, turns }, context) => {
    const ids = new Set(groups.map((g) => g.id));
    for (const { thing, more, less } of turns)
      for (const id of [more, less])
        if (!ids.has(id))
          context.addIssue({ code: 'custom', message: `turns: ${thing[0]}: there is no group "${id}"` });
  });

/** @throws ZodError with the place */
export function toSearchWords(object: unknown): SearchWords {
  // What is left out is left out, not undefined.
  return schema.parse(object) as SearchWords;
}
