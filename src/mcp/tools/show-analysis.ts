import { z } from 'zod';
import { reportAnswer, reportFields } from '../reports.ts';
import { defineTool } from '../tool.ts';

/** A stored analysis again. */
export const tool = defineTool({
  name: 'show_analysis',
  title: 'Show a stored analysis',
  description:
    'A report that was stored before, by the id of analyze_tune or history (its beginning is enough). It says what was judged then, with the rules of then; analyze the file again for today.',
  needsDatabase: true,
  input: z.strictObject({
    id: z.string().regex(/^[0-9a-f]{4,16}$/i, 'an id is 4 to 16 hexadecimal digits'),
    ...reportFields,
  }),
  async run(input, { around }) {
    const { storedDocument } = await import('../../app/history.ts');
    return reportAnswer(await storedDocument(input.id, input.all, around), input, true, 'detail "full" has everything');
  },
});
