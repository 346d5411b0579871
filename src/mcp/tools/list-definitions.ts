import { z } from 'zod';
import * as fields from '../fields.ts';
import { defineTool } from '../tool.ts';

/** Bundled definitions and the user's own. */
export const tool = defineTool({
  name: 'list_definitions',
  title: 'Known definitions',
  description:
    'The definitions that are at hand: which ECU software revsync reads by itself, for which motorcycles, with how many items. confirmedOnImage false: nobody held it against a real image yet.',
  input: z.strictObject({
    text: z.string().optional().describe('only those whose id, title or motorcycles contain it'),
    ...fields.page(200, 40),
  }),
  async run({ text, limit, offset }, { around }) {
    const { listLibrary } = await import('../../app/definitions.ts');
    const { plainJson } = await import('../../app/plain-json.ts');
    const { alignedTable } = await import('../../app/views.ts');
    const wanted = text?.toLowerCase() ?? '';
    const all = (await listLibrary(around)).filter((d) =>
      `${d.id} ${d.title} ${d.motorcycles.join(' ')}`.toLowerCase().includes(wanted),
    );
    const { items, page } = fields.pageOf(all, 'definitions', { limit, offset });
    const rows = items.map((d) => [d.id, d.origin, String(d.items), d.title]);
    return {
      document: JSON.parse(plainJson('json', 'definitions', items)),
      page,
      text: alignedTable(['id', 'origin', 'items', 'title'], rows, { ...fields.LOOK, plain: false }),
      limits: { 'definitions[].motorcycles': 6 },
      more: 'a text finds fewer',
    };
  },
});
