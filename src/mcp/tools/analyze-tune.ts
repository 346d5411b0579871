import { z } from 'zod';
import { ENGINES } from '../../core/bounds.ts';
import { RevsyncError } from '../../core/errors.ts';
import * as fields from '../fields.ts';
import { reportAnswer, reportFields } from '../reports.ts';
import { defineTool } from '../tool.ts';

/** More would be no answer that anybody reads, and take minutes. */
const MOST_FILES = 20;

/** The main job. */
export const tool = defineTool({
  name: 'analyze_tune',
  title: 'Judge tune files',
  description: `Decodes motorcycle ECU tune files and judges them against the motorcycle, its factory calibration and sourced limits.
Answers with a safety score (0-100, SAFE/MODERATE/RISKY/DANGEROUS), compatibility, findings with cells, value, limit, why and fix, and coverage: the share of the danger areas that was judged, with what was NOT CHECKED.
A score without its coverage says little; "not checked" is not "safe"; no score means not enough data, and the answer says what would help. A refused file comes back as a report with outcome "refused", its code and a hint.
Give the bike's factory file as "stock" whenever there is one. Several files: verdict and worst findings of each; one file at a time for details.`,
  stores: true,
  input: z.strictObject({
    files: z
      .array(fields.path)
      .min(1)
      .max(MOST_FILES)
      .describe(`tune files, or patterns such as "tunes/*.bin"; ${MOST_FILES} at most`),
    definition: fields.definition,
    shift: fields.shift,
    bike: fields.bike,
    stock: fields.path.optional().describe("the bike's own factory file, to compare with"),
    logs: z.array(fields.path).max(10).optional().describe('ride logs beside the tune: MLG, MSL or CSV'),
    profile: z.string().optional().describe('profile of the garage; left out: the one of the motorcycle'),
    garage: z.boolean().default(true).describe("false: leave the user's garage out"),
    ...fields.fuel,
    mods: fields.mods,
    rules: fields.rulesFolders,
    roles: fields.roles,
    engine: z
      .enum(ENGINES)
      .default('rules')
      .describe("rules: deterministic. llm, auto: the user's local model gives a second opinion as well; slow"),
    ...reportFields,
  }),
  async run(input, { around, settings, warn, progress }) {
    const { analyzeFiles, expandPatterns } = await import('../../app/analyze.ts');
    const { allowed } = await import('../../app/allowed-files.ts');
    const { opinionOf } = await import('../../app/opinion-settings.ts');
    const { databaseOf } = await import('../../app/history.ts');
    const { ronOf } = await import('../../core/rider.ts');
    const { resolve } = await import('node:path');
    const check = (path: string | undefined): void => {
      if (path !== undefined) allowed(resolve(around.cwd, path), path);
    };
    // Of a pattern, the folder that it begins in: what is outside is not even listed.
    for (const path of input.files) check(path.replace(/[*?[{].*$/, ''));
    const paths = await expandPatterns(input.files, around.cwd);
    for (const path of [...paths, input.stock, input.definition, ...(input.logs ?? [])]) check(path);
    if (paths.length > MOST_FILES)
      throw new RevsyncError(
        'TOO_MANY_FILES',
        `${paths.length} files fit; ${MOST_FILES} are judged at once`,
        'Name fewer, in several calls.',
      );
    const { document, stored } = await analyzeFiles(
      {
        ...around,
        paths,
        definition: input.definition ?? null,
        shiftBytes: input.shift ?? 0,
        bike: input.bike ?? null,
        stock: input.stock ?? null,
        logs: input.logs ?? [],
        profile: input.garage ? (input.profile ?? null) : false,
        conditions: {
          ron: ronOf(input.ron, input.aki),
          ethanolPercent: input.ethanol ?? null,
          altitudeM: input.altitude ?? null,
          mods: input.mods ?? [],
        },
        rulesFolders: input.rules ?? [],
        roles: input.roles ?? [],
        failOn: 'high',
        minScore: settings.minSafetyScore.value as number,
        engine: input.engine,
        opinion: opinionOf(settings, input.engine),
        fallback: true,
        all: input.all,
        databasePath: await databaseOf(around),
      },
      {
        now: () => new Date(),
        warn,
        readStdin: fields.noStdin,
        started: (path, index, total) => progress(index, total, path),
        done: async () => undefined,
        ask: fields.nobody,
        askBike: null,
      },
    );
    for (const { input: of, suppressions } of document.reports)
      for (const { path, kind, findings } of suppressions?.from ?? [])
        warn(`${path} hides ${findings} findings of ${of.path} (${kind}): the report marks them as suppressed`);
    const kept = !stored ? '' : '; show_analysis with its analysisId shows it again';
    return reportAnswer(document, input, stored, `detail "full" has everything${kept}`);
  },
});
