import { z } from 'zod';
import * as fields from '../fields.ts';
import { defineTool } from '../tool.ts';

/** Maps that are shown at once. */
const MOST = 8;

/** One map with its axes and cells. */
export const tool = defineTool({
  name: 'show_map',
  title: 'Show a map of a tune',
  description:
    'One map of a tune (or several that a text fits) with axes, units and cells: cells[row * columns + column], row 0 at the first breakpoint of y. null is a cell that was not decoded, never zero. Where unitFrom is "none" the numbers are raw counts.',
  input: z.strictObject({
    file: fields.file,
    map: z.string().min(1).describe('id or title of list_maps, or words of them'),
    stock: fields.path.optional().describe('the text then shows the change against this file'),
    definition: fields.definition,
    shift: fields.shift,
    roles: fields.roles,
    detail: fields.detail,
  }),
  async run(input, { around, warn }) {
    const { decodeFile } = await import('../../app/decode-file.ts');
    const { mapsDocument, selectMaps } = await import('../../app/maps.ts');
    const { mapHeat } = await import('../../app/views.ts');
    const { printable } = await import('../../core/rules/message.ts');
    const request = {
      definition: input.definition ?? null,
      shiftBytes: input.shift ?? 0,
      roles: input.roles ?? [],
      warn,
      readStdin: fields.noStdin,
      lenient: true,
    };
    const decoded = await decodeFile(input.file, request, around);
    const stock = input.stock === undefined ? null : await decodeFile(input.stock, request, around);
    // An id as list_maps gave it, where the file's own holds what is not shown.
    const shown = decoded.tune.maps.find((m) => printable(m.id) === input.map);
    const maps = shown === undefined ? selectMaps(decoded.tune, input.map) : [shown];
    const drawn = maps.slice(0, MOST).map((map) => {
      const twin = stock?.tune.maps.find((m) => m.id === map.id) ?? null;
      return mapHeat(map, twin, fields.LOOK);
    });
    if (maps.length > MOST) drawn.push(`${maps.length - MOST} more maps fit "${input.map}": say more of the title.`);
    return {
      document: JSON.parse(mapsDocument(decoded, maps)),
      text: drawn.join('\n'),
      limits: {
        maps: MOST,
        'maps[].cells': 4_096,
        'maps[].raw': 0,
        undecoded: 5,
        warnings: 10,
        'definition.evidence': 5,
      },
      more: 'ask for one map by its id; detail "full" gives raw counts too',
    };
  },
});
