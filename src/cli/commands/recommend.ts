import { type Command, Option } from 'commander';
import { BOUNDS, ENGINES } from '../../core/bounds.ts';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { numberBetween, within } from '../flags.ts';
import { type Io, mayAsk, wantsColour } from '../io.ts';
import { type RiderFlags, riderFlags, riderWords } from '../profile-flags.ts';

type Flags = GlobalFlags &
  RiderFlags & {
    profile?: string;
    minScore?: number;
    limit: number;
    format: string;
    engine: 'rules' | 'llm' | 'auto';
    all?: boolean;
  };

const EXAMPLES = `
Examples:
  revsync recommend                                        for the profile in use; asks where there is none
  revsync recommend --profile track
  revsync recommend --bike "yamaha r6 2008" --ron 95 --goals smoothness --skill beginner
  revsync recommend --bike "sv650 2018" --aki 91 --mods "slip-on exhaust" --format json

The tunes are those of your library: revsync analyze stores each file that it judges.
"None of these is safe for you" is an answer too: its exit code is 0, and JSON says why under "none"`;

/** Which of the stored tunes a rider should run. */
export const command: CommandModule = {
  order: 26,
  register(program: Command, io: Io): void {
    riderFlags(
      program
        .command('recommend')
        .description('Rank the tunes of your library for a rider and a motorcycle, and print its target sheet.')
        .option('-p, --profile <id>', 'a profile of your garage (default: the one in use)'),
    )
      .option('--min-score <number>', 'least safety (default 60)', within(BOUNDS.score))
      .option('-n, --limit <number>', 'how many at most', numberBetween(1, 1000, ''), 5)
      .addOption(
        new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json', 'ndjson']).default('terminal'),
      )
      .addOption(
        new Option('--engine <engine>', 'templates alone, or with what the local model said of each tune')
          .choices(ENGINES)
          .default('auto'),
      )
      .option('--all', 'every rejected file with its reasons')
      .addHelpText('after', EXAMPLES)
      .action(async (_local: unknown, self: Command) => recommend(self.optsWithGlobals<Flags>(), io));
  },
};

async function recommend(flags: Flags, io: Io): Promise<void> {
  const around = { flags, env: io.env, cwd: io.cwd };
  const asks = mayAsk(io, flags.input === false);
  const hooks = {
    now: () => new Date(),
    warn: flags.quiet ? () => undefined : (text: string) => io.err(`${text}\n`),
    ask: asks
      ? async (question: string, choices: { value: string; name: string }[]) => {
          const { choose } = await import('../choose.ts');
          return choose(question, choices, io);
        }
      : null,
  };
  const { recommendTunes } = await import('../../app/recommend.ts');
  const { loadSettings } = await import('../../app/settings.ts');
  let words = await riderWords(flags);
  if (asks && words.bike === undefined && flags.profile === undefined) {
    const { allProfiles } = await import('../../app/garage.ts');
    if ((await allProfiles(around)).length === 0) {
      const asked = await firstProfile(words, around, hooks, io);
      if (asked === null) return;
      words = asked;
    }
  }
  const settings = await loadSettings({
    env: io.env,
    cwd: io.cwd,
    flags: flags.minScore === undefined ? {} : { minSafetyScore: flags.minScore },
  });
  const document = await recommendTunes(
    {
      profile: flags.profile ?? null,
      words,
      minScore: settings.minSafetyScore.value as number,
      limit: flags.limit,
      engine: flags.engine,
      rejudge: flags.store !== false,
    },
    around,
    hooks,
  );
  if (flags.format !== 'terminal') {
    const { plainJson } = await import('../../app/plain-json.ts');
    const { recommended, ...rest } = document;
    io.out(plainJson(flags.format, 'recommended', recommended, rest));
    return;
  }
  const { recommendText } = await import('../../app/views.ts');
  io.out(
    recommendText(document, { width: io.width, colour: wantsColour(io, io.stdoutIsTty), all: flags.all === true }),
  );
  if (flags.quiet !== true) for (const note of document.notes) io.err(`  note: ${note}\n`);
}

/** Nobody has said anything yet: a profile is made, and used from now on. Null: no motorcycle was chosen. */
async function firstProfile(
  words: import('../../app/garage.ts').ProfileWords,
  around: import('../../app/history.ts').Surroundings,
  hooks: import('../../app/garage.ts').GarageHooks,
  io: Io,
): Promise<import('../../app/garage.ts').ProfileWords | null> {
  const { askProfile, saveAnswered } = await import('../ask-profile.ts');
  io.err('Your garage is empty: a few questions first.\n');
  const answered = await askProfile(words, io.cwd);
  if (answered === null) {
    io.err('No motorcycle, no recommendation.\n');
    return null;
  }
  const { profile } = await saveAnswered(answered, around, hooks, io);
  io.err(`Kept as profile "${profile.id}".\n\n`);
  return {};
}
