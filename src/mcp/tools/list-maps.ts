import { z } from 'zod';
import * as fields from '../fields.ts';
import { defineTool } from '../tool.ts';

/** What is in a tune, map by map. */
export const tool = defineTool({
  name: 'list_maps',
  title: 'List the maps of a tune',
  description:
    'The decoded maps, curves, values, flags and patches of a tune: id, title, role, size, unit, place, decode confidence; without their cells (show_map has them). "guessed" maps and those of role "other" are not judged by most rules. What could not be decoded is listed as such.',
  input: z.strictObject({
    file: fields.file,
    query: z.string().optional().describe('words of the id, title or role: "spark", "fuel trim"'),
    definition: fields.definition,
    shift: fields.shift,
    roles: fields.roles,
    ...fields.page(500, 50),
    detail: fields.detail,
  }),
  async run(input, { around, warn }) {
    const { decodeFile } = await import('../../app/decode-file.ts');
    const { mapsDocument, selectMaps } = await import('../../app/maps.ts');
    const { mapsList } = await import('../../app/views.ts');
    const request = { definition: input.definition ?? null, shiftBytes: input.shift ?? 0, roles: input.roles ?? [] };
    const decoded = await decodeFile(
      input.file,
      { ...request, warn, readStdin: fields.noStdin, lenient: true },
      around,
    );
    const all = input.query === undefined ? decoded.tune.maps : selectMaps(decoded.tune, input.query);
    const { items: maps, page } = fields.pageOf(all, 'maps', input);
    return {
      document: JSON.parse(mapsDocument(decoded, maps)),
      page,
      text: `${decoded.tune.undecoded.length} items could not be decoded\n${mapsList({ ...decoded.tune, maps }, fields.LOOK)}`,
      limits: {
        'maps[].cells': 0,
        'maps[].raw': 0,
        'maps[].axes[].breakpoints': 0,
        'maps[].axes[].labels': 0,
        'maps[].variant': 0,
        undecoded: 20,
      },
      more: 'show_map has the cells of one; detail "full" gives every map with its cells',
    };
  },
});
