import { z } from 'zod';
import * as fields from '../fields.ts';
import { defineTool } from '../tool.ts';

/** Maps in an image that nobody has defined. */
export const tool = defineTool({
  name: 'find_candidates',
  title: 'Look for maps in an unknown image',
  description:
    'Where no definition fits: places of a raw image that look like maps, from the bytes alone. Guesses for a person to confirm, never scored; what a map is for and its unit are not known, cells are raw counts. A second image of the same ECU (twin) sharpens it. Takes about a second a MiB.',
  input: z.strictObject({
    file: fields.path.describe('path of the image'),
    twin: fields.path.optional().describe('a second image of the same ECU: where the two differ is calibration'),
    at: z.string().optional().describe('one candidate with its cells, by its offset: "0x2DA20"'),
    low: z.boolean().default(false).describe('those of low confidence too'),
    ...fields.page(200, 25),
    detail: fields.detail,
  }),
  async run(input, { around, warn }) {
    const { readNamed } = await import('../../app/decode-file.ts');
    const { asMap, candidatesBeside, candidatesDocument, selectCandidate } = await import('../../app/candidates.ts');
    const { alignedTable, mapHeat } = await import('../../app/views.ts');
    const image = await readNamed(input.file, around.cwd, fields.noStdin);
    const twin = input.twin === undefined ? null : await readNamed(input.twin, around.cwd, fields.noStdin);
    const { candidates: all, twinReason } = candidatesBeside(image, twin);
    if (twinReason !== null) warn(`the second image was not used: ${twinReason}`);
    if (input.at !== undefined) {
      const one = selectCandidate(all, input.at);
      return {
        document: JSON.parse(candidatesDocument(image, [one])),
        text: mapHeat(asMap(one), null, fields.LOOK),
        limits: { 'candidates[].cells': 4_096 },
      };
    }
    const shown = all.filter((c) => input.low || c.confidence !== 'low');
    const { items, page } = fields.pageOf(shown, 'candidates', input);
    const rows = items.map((c) => [
      c.id,
      `${c.rows}x${c.columns}`,
      String(8 * c.elementBytes),
      c.confidence,
      c.because,
    ]);
    return {
      document: JSON.parse(candidatesDocument(image, items)),
      page,
      text: `Guesses from the bytes alone: nothing of this is scored.\n${alignedTable(['at', 'cells', 'bits', 'confidence', 'because'], rows, { ...fields.LOOK, plain: false })}`,
      limits: { 'candidates[].cells': 0, 'candidates[].axes[].breakpoints': 0 },
      more: '"at" shows one with its cells',
    };
  },
});
