/** rules/search-words.yaml, strictly. */
import { z } from 'zod';
import type { SearchWords } from '../core/library/query.ts';

const word = z.string().regex(/^[\p{Ll}\p{N}]+( [\p{Ll}\p{N}]+)*$/u, 'lower-case words parted by one space');
const schema = z.strictObject({
  ignore: z.array(word),
  groups: z.array(z.strictObject({ id: z.string(), words: z.array(word).min(2) })),
});

/** @throws ZodError with the place */
export function toSearchWords(object: unknown): SearchWords {
  return schema.parse(object);
}
