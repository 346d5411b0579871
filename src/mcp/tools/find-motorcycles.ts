import { z } from 'zod';
import * as fields from '../fields.ts';
import { defineTool } from '../tool.ts';

/** Motorcycles that are known, with their facts. */
export const tool = defineTool({
  name: 'find_motorcycles',
  title: 'Motorcycles and their facts',
  description:
    'The motorcycles that revsync knows, by make, model and year: engine, compression, power, limiter, least octane, each with sources. Their ids are what "bike" wants. One that is not found is not known: do not put in facts of another.',
  ownWords: true,
  input: z.strictObject({
    text: z.string().optional().describe('"yamaha r6 2008"; left out: all'),
    ...fields.page(300, 10),
    detail: fields.detail,
  }),
  async run(input, _context) {
    const { listMotorcycles } = await import('../../app/bikes.ts');
    const { plainJson } = await import('../../app/plain-json.ts');
    const { bikeCard, bikesList } = await import('../../app/views.ts');
    const { RevsyncError } = await import('../../core/errors.ts');
    const text = input.text ?? null;
    const matches = await listMotorcycles(text);
    if (text !== null && matches.length === 0)
      throw new RevsyncError('BIKE_NOT_FOUND', `no motorcycle is known as "${text}"`, 'Without a text all are listed.');
    const { items, page } = fields.pageOf(matches, 'motorcycles', input);
    const records = items.map(({ motorcycle, score, because }) =>
      text === null ? motorcycle : { ...motorcycle, score, because },
    );
    const [only] = items;
    return {
      document: JSON.parse(plainJson('json', 'motorcycles', records)),
      page,
      text:
        matches.length === 1 && only !== undefined
          ? bikeCard(only.motorcycle, fields.LOOK)
          : bikesList(
              items.map((m) => m.motorcycle),
              fields.LOOK,
            ),
      more: 'a text with make, model and year finds fewer',
    };
  },
});
