import { z } from 'zod';
import * as fields from '../fields.ts';
import { defineTool } from '../tool.ts';

/** Which definition fits. */
export const tool = defineTool({
  name: 'match_definitions',
  title: 'Which definition fits an image',
  description:
    'Holds every known definition against an image, best first, each with its evidence: "fits", "uncertain" or "mismatch". A mismatch must not be used to read the file. For self-describing tunes (MSQ) there is nothing to match.',
  input: z.strictObject({
    file: fields.path.describe('path of the image'),
    ...fields.page(100, 5),
    detail: fields.detail,
  }),
  async run({ file, ...wanted }, { around, warn }) {
    const { matchLibrary } = await import('../../app/definitions.ts');
    const { plainJson } = await import('../../app/plain-json.ts');
    const { alignedTable } = await import('../../app/views.ts');
    const matches = await matchLibrary(file, around, warn);
    const { items, page } = fields.pageOf(matches, 'matches', wanted);
    const rows = items.map((m) => [
      m.verdict,
      m.id,
      [...m.evidence, m.suggestion ?? ''].filter((t) => t !== '').join('; '),
    ]);
    const fitting = matches.filter((m) => m.verdict === 'fits').length;
    return {
      document: JSON.parse(plainJson('json', 'matches', items)),
      text: `${fitting} of ${matches.length} fit\n${alignedTable(['verdict', 'id', 'evidence'], rows, { ...fields.LOOK, plain: false })}`,
      page,
      limits: { 'matches[].evidence': 6 },
      more: 'the others fit worse; limit or detail "full" shows them',
    };
  },
});
