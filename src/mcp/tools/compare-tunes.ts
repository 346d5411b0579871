import { z } from 'zod';
import * as fields from '../fields.ts';
import { defineTool } from '../tool.ts';

/** What exactly changed between two tunes. */
export const tool = defineTool({
  name: 'compare_tunes',
  title: 'Compare two tunes',
  description:
    'What the second file does otherwise than the first (usually the factory read): map by map and cell by cell in units, settings, and the bytes that no map explains. It says what changed, not whether that is safe: analyze_tune judges. Bytes that no map explains may be anything.',
  input: z.strictObject({
    first: fields.path.describe('the first file: usually the factory read'),
    second: fields.path.describe('the second file'),
    definition: fields.definition,
    definitionB: fields.path.optional().describe('of the second file, where it is another one'),
    shift: fields.shift,
    roles: fields.roles,
    map: z.string().optional().describe('only maps whose id, title or role contains it, each with its picture'),
    threshold: z.number().min(0).optional().describe("leave out changes up to so much, in each map's unit"),
    thresholdPercent: z.number().min(0).optional().describe('leave out changes up to so many percent'),
    detail: fields.detail,
  }),
  async run(input, { around, warn }) {
    const { compareFiles } = await import('../../app/compare.ts');
    const { renderComparison } = await import('../../app/render-comparison.ts');
    const { RevsyncError } = await import('../../core/errors.ts');
    const { threshold, thresholdPercent } = input;
    if (threshold !== undefined && thresholdPercent !== undefined)
      throw new RevsyncError(
        'USAGE',
        'threshold and thresholdPercent are two ways to say the same',
        'Say one of them.',
      );
    const amount = threshold ?? thresholdPercent;
    const compared = await compareFiles(
      {
        first: input.first,
        second: input.second,
        definition: input.definition ?? null,
        secondDefinition: input.definitionB ?? null,
        shiftBytes: input.shift ?? 0,
        roles: input.roles ?? [],
        threshold: amount === undefined ? null : { value: amount, percent: thresholdPercent !== undefined },
      },
      { warn, readStdin: fields.noStdin },
      around,
    );
    const look = { ...fields.LOOK, all: false, map: input.map ?? null };
    const document = JSON.parse(renderComparison('json', compared, look)) as { maps: { status: string }[] };
    const equal = document.maps.filter((m) => m.status === 'same').length;
    const told = document.maps.filter((m) => m.status !== 'same');
    for (const { code, message, hint } of compared.document.errors) warn(`${code}: ${message} ${hint}`);
    return {
      document: input.detail === 'full' ? document : { ...document, sameCount: equal, maps: told },
      // Pictures only of what was asked for: the cells stand in the JSON.
      text: renderComparison('terminal', input.map === undefined ? { ...compared, second: new Map() } : compared, look),
      limits: {
        maps: 60,
        'maps[].changed': input.map === undefined ? 12 : 4_096,
        'bytes.unexplained': 20,
        'maps[].notes': 5,
      },
      more: `the ${equal} equal maps are counted as sameCount alone; "map" shows one, detail "full" every changed cell`,
    };
  },
});
