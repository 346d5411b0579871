/** Parameters that several tools share, in the words of the flags of the command line. */
import { z } from 'zod';
import type { Choice } from '../app/analyze-request.ts';
import { BOUNDS, type Bounds } from '../core/bounds.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Page } from './tool.ts';

const number = ({ low, high }: Bounds): z.ZodNumber => z.number().min(low).max(high);
const text = z.string().min(1).max(1_000);

/** A path as the server's machine has it. Standard input belongs to the protocol. */
export const path = text.refine((p) => p !== '-', 'a path is wanted; "-" is not served here');

export const file = path.describe('path of the tune file');
export const definition = path
  .optional()
  .describe(
    'definition file: TunerPro XDF, RomRaider XML, A2L, revsync YAML, or the .ini of an MSQ. Left out: found by content',
  );
export const shift = z.number().int().optional().describe("move the definition's addresses by so many bytes");
export const roles = z
  .array(text)
  .max(50)
  .optional()
  .describe('what a map is, where its name does not say: "Table 7=spark"');
export const bike = text.optional().describe('motorcycle: "yamaha r6 2008" or an id of find_motorcycles');
export const fuel = {
  ron: number(BOUNDS.ron).optional().describe('octane, RON (Europe, Asia); not together with aki'),
  aki: number(BOUNDS.aki).optional().describe('octane, AKI (North America)'),
  ethanol: number(BOUNDS.ethanol).optional().describe('percent ethanol in the fuel'),
  altitude: number(BOUNDS.altitude).optional().describe('metres above the sea where it is ridden'),
};
export const mods = z.array(text).max(50).optional().describe('parts fitted: ["full exhaust", "air filter"]');
export const rulesFolders = z
  .array(path)
  .max(10)
  .optional()
  .describe("folders of the user's own rules, besides the bundled ones");
export const detail = z
  .enum(['brief', 'full'])
  .default('brief')
  .describe('full: the complete JSON of the command, which may be large');
export const page = (most: number, usual: number) => ({
  limit: z.number().int().min(1).max(most).default(usual).describe('how many at most'),
  offset: z.number().int().min(0).default(0).describe('how many to leave out at the beginning'),
});

/** Filters of the library, as search and similar take them. */
export const libraryFields = {
  bike: text.optional().describe('only tunes for this motorcycle'),
  ecu: text.optional().describe('only tunes whose ECU or definition contains it'),
  minScore: number(BOUNDS.score).optional().describe('only tunes of at least this safety score'),
  since: z.iso.date().optional().describe('only analysed on or after this day'),
  until: z.iso.date().optional().describe('only analysed on or before this day'),
  role: z.enum(['stock', 'tuned']).optional(),
  tag: text.optional().describe('only tunes that bear it'),
  limit: z.number().int().min(1).max(100).default(10).describe('how many at most'),
};

/** As the use cases want it. */
export function libraryFilter(input: { [K in keyof typeof libraryFields]?: z.output<(typeof libraryFields)[K]> }) {
  return {
    bike: input.bike ?? null,
    ecu: input.ecu ?? null,
    minScore: input.minScore ?? null,
    since: input.since ?? null,
    until: input.until ?? null,
    role: input.role ?? null,
    tag: input.tag ?? null,
  };
}

/** Standard input is no file here. */
export async function noStdin(): Promise<never> {
  throw new RevsyncError('USAGE', 'standard input is not served here', 'Name a file by its path.');
}

/** Nobody sits here to be asked: use cases say what is in doubt instead. */
export const nobody: ((question: string, choices: Choice[]) => Promise<string | null>) | null = null;

/** How texts beside an answer are drawn. */
export const LOOK = { width: 110, colour: false } as const;

/** The part of a list that was asked for, and where it stands; the whole where everything was. */
export function pageOf<T>(
  list: readonly T[],
  at: string,
  { offset, limit, detail: wanted }: { offset: number; limit: number; detail?: 'brief' | 'full' },
): { items: T[]; page: Page } {
  if (wanted === 'full') return { items: [...list], page: { at, offset: 0, of: list.length } };
  return { items: list.slice(offset, offset + limit), page: { at, offset, of: list.length } };
}
