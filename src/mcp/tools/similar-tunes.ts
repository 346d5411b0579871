import { z } from 'zod';
import { definition, LOOK, libraryFields, libraryFilter, noStdin, path } from '../fields.ts';
import { defineTool } from '../tool.ts';

/** Nearest tunes by calibration. */
export const tool = defineTool({
  name: 'similar_tunes',
  title: 'Tunes with a similar calibration',
  description:
    'Stored tunes whose fuel, spark and limiter are changed alike, and what of this one is unlike its peers. Likeness is no safety: a similar tune may be as dangerous. A file that is not stored yet is analysed and stored first.',
  needsDatabase: true,
  stores: true,
  input: z.strictObject({
    of: path.describe('a tune file, or the id of a stored analysis or its beginning'),
    definition,
    stock: path.optional().describe('factory image of a file that is not stored yet'),
    ...libraryFields,
  }),
  async run(input, { around, warn }) {
    const { similarTunes } = await import('../../app/similar.ts');
    const { analyzeForLibrary } = await import('../../app/analyze-for-library.ts');
    const { allowed } = await import('../../app/allowed-files.ts');
    const { plainJson } = await import('../../app/plain-json.ts');
    const { outliersList, resultsList } = await import('../../app/views.ts');
    const { resolve } = await import('node:path');
    allowed(resolve(around.cwd, input.of), input.of);
    const { results, ...more } = await similarTunes(
      { of: input.of, limit: input.limit, filter: libraryFilter(input) },
      around,
      {
        readStdin: noStdin,
        analyze: (file) =>
          analyzeForLibrary(file, { definition: input.definition ?? null, stock: input.stock ?? null }, around, warn),
      },
    );
    const unlike =
      more.outliers === null
        ? `what is unlike its peers is not said: ${more.outliersReason}`
        : outliersList(more.outliers, LOOK.width);
    return {
      document: JSON.parse(plainJson('json', 'results', results, more)),
      text: `${results.length} similar tunes${more.reason === '' ? '' : `: ${more.reason}`}\n${resultsList(results, { ...LOOK, plain: false })}${unlike}`,
      limits: { outliers: 20 },
      more: 'a smaller limit gives each result whole',
    };
  },
});
