import { z } from 'zod';
import { LOOK, libraryFields, libraryFilter } from '../fields.ts';
import { defineTool } from '../tool.ts';

/** Finds stored analyses by what a rider would say. */
export const tool = defineTool({
  name: 'search_library',
  title: 'Search stored tunes',
  description:
    'Finds stored tunes by motorcycle, meaning and words: "busa for E85", "softer throttle". The score is of the search, not of safety: look at each result\'s "safety", where null is no pass. Without the embedding model it goes by words alone, and says so.',
  needsDatabase: true,
  input: z.strictObject({
    text: z.string().min(1).describe('what is looked for, in your own words'),
    lexical: z.boolean().default(false).describe('by words alone'),
    ...libraryFields,
  }),
  async run(input, { around, progress }) {
    const { searchLibrary } = await import('../../app/search.ts');
    const { plainJson } = await import('../../app/plain-json.ts');
    const { resultsList } = await import('../../app/views.ts');
    const { results, ...more } = await searchLibrary(
      { text: input.text, limit: input.limit, filter: libraryFilter(input), mode: input.lexical ? 'lexical' : 'auto' },
      around,
      (what, done, total) => progress(done, total ?? done, what),
    );
    const by = more.mode === 'lexical' ? 'by words alone' : 'by motorcycle, meaning and words';
    return {
      document: JSON.parse(plainJson('json', 'results', results, more)),
      text: `${results.length} stored tunes, ${by}${more.reason === '' ? '' : `: ${more.reason}`}\n${resultsList(results, { ...LOOK, plain: false })}`,
      more: 'a smaller limit gives each result whole',
    };
  },
});
