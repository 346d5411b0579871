import { z } from 'zod';
import { BOUNDS, ENGINES } from '../../core/bounds.ts';
import { CLIMATES, GOALS, ronOf, SKILLS, STYLES } from '../../core/rider.ts';
import * as fields from '../fields.ts';
import { defineTool } from '../tool.ts';

/** Which of the stored tunes a rider should run. */
export const tool = defineTool({
  name: 'recommend_tunes',
  title: 'Rank stored tunes for a rider',
  description:
    'Ranks the tunes of the library for a rider and a motorcycle, with why, what each gives and costs and what to check first; tells why the others are out; and the target sheet: what this bike on this fuel should have. "None of these is safe for you" is a valid answer: pass it on, do not pick one all the same.',
  input: z.strictObject({
    profile: z.string().optional().describe('profile of the garage; left out: the one in use, where no bike is said'),
    bike: fields.bike,
    ...fields.fuel,
    climate: z.enum(CLIMATES).optional(),
    mods: fields.mods,
    skill: z.enum(SKILLS).optional(),
    styles: z.array(z.enum(STYLES)).optional(),
    goals: z.array(z.enum(GOALS)).optional(),
    minScore: z.number().min(BOUNDS.score.low).max(BOUNDS.score.high).optional().describe('least safety (default 60)'),
    limit: z.number().int().min(1).max(50).default(5).describe('how many at most'),
    engine: z.enum(ENGINES).default('rules').describe('llm, auto: with what a local model said of each tune before'),
    detail: fields.detail,
  }),
  async run(input, { around, settings, warn }) {
    const { recommendTunes } = await import('../../app/recommend.ts');
    const { plainJson } = await import('../../app/plain-json.ts');
    const { recommendText } = await import('../../app/views.ts');
    const ron = ronOf(input.ron, input.aki);
    const said = {
      bike: input.bike,
      ron: ron ?? undefined,
      aki: input.aki,
      ethanolPercent: input.ethanol,
      altitudeM: input.altitude,
      climate: input.climate,
      mods: input.mods,
      skill: input.skill,
      styles: input.styles,
      goals: input.goals,
    };
    // What was not said is not there at all.
    const words = Object.fromEntries(Object.entries(said).filter(([, v]) => v !== undefined));
    const document = await recommendTunes(
      {
        profile: input.profile ?? null,
        words,
        minScore: input.minScore ?? (settings.minSafetyScore.value as number),
        limit: input.limit,
        engine: input.engine,
      },
      around,
      { now: () => new Date(), warn, ask: fields.nobody },
    );
    const { recommended, ...rest } = document;
    for (const note of document.notes) warn(note);
    return {
      document: JSON.parse(plainJson('json', 'recommended', recommended, rest)),
      text: recommendText(document, { ...fields.LOOK, all: false }),
      limits: { rejected: 10, 'targetSheet[].sources': 2, 'recommended[].checkFirst': 6 },
      more: 'detail "full" has every rejected file',
    };
  },
});
