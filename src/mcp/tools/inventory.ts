import { z } from 'zod';
import * as fields from '../fields.ts';
import { defineTool } from '../tool.ts';

/** What each file of a folder is. */
export const tool = defineTool({
  name: 'inventory',
  title: 'What the files of a folder are',
  description:
    'Says of every file of a folder and below what it is: a tune that can be decoded, with counts, or refused, with the reason. It judges nothing: "decoded" is no verdict. Large folders take a while.',
  input: z.strictObject({
    folder: fields.path.describe('a folder, with everything below it'),
    ...fields.page(500, 60),
    detail: fields.detail,
  }),
  async run(input, { around, progress }) {
    const { inventory, inventorySummary } = await import('../../app/inventory.ts');
    const { alignedTable } = await import('../../app/views.ts');
    const files = await inventory(input.folder, around, (done, total) => progress(done, total, 'files looked at'));
    const summary = inventorySummary(files);
    const { items, page } = fields.pageOf(files, 'files', input);
    const rows = items.map((f) => [f.path, f.format ?? '', f.outcome, f.code ?? f.what]);
    return {
      document: {
        files: items,
        summary,
        errors: [],
      },
      text: `${summary.decoded} decoded, ${summary.refused} refused\n${alignedTable(['path', 'format', 'outcome', 'what'], rows, { ...fields.LOOK, plain: false })}`,
      page,
      more: 'turn the page with offset',
    };
  },
});
