import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import type { Io } from '../io.ts';

function stars(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 5)
    throw new InvalidArgumentError('Expected a whole number from 1 (never again) to 5 (best).');
  return value;
}

/** The rider's own rating of a tune. */
export const command: CommandModule = {
  order: 27,
  register(program: Command, io: Io): void {
    program
      .command('rate')
      .argument('<id>', 'id of an analysis, or its beginning')
      .argument('<stars>', '1 (never again) to 5 (best)', stars)
      .description('Rate a tune that you have ridden: recommendations take it into account.')
      .option('--note <text>', 'what it was like')
      .addOption(new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal'))
      .addHelpText('after', '\nExamples:\n  revsync rate 3f2a 4\n  revsync rate 3f2a 2 --note "surges at 3000"')
      .action(async (id: string, value: number, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<GlobalFlags & { note?: string; format: string }>();
        const { rateAnalysis } = await import('../../app/recommend.ts');
        const rated = await rateAnalysis(
          id,
          { stars: value, note: flags.note ?? '' },
          { flags, env: io.env, cwd: io.cwd },
          new Date(),
        );
        if (flags.format === 'json') {
          const { plainJson } = await import('../../app/plain-json.ts');
          io.out(plainJson('json', 'ratings', [{ ...rated, stars: value, note: flags.note ?? '' }]));
          return;
        }
        if (flags.quiet !== true) io.err(`${rated.path}: ${value} of 5. A rating never lets an unsafe tune through.\n`);
      });
  },
};
