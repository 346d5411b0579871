import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { type Io, mayAsk } from '../io.ts';
import { type RiderFlags, riderFlags, riderWords } from '../profile-flags.ts';

type Flags = GlobalFlags & RiderFlags & { format: string; stock?: string; definition?: string; forgetStock?: boolean };

const formatOption = (): Option =>
  new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal');

const EXAMPLES = `
Examples:
  revsync profile                                      make a profile by answering questions, or list yours
  revsync profile add --bike "yamaha r6 2008" --ron 95 --stock original.bin
  revsync profile add track --bike "gsxr 1000 k9" --aki 93 --mods "full exhaust, air filter" --goal performance
  revsync profile edit track --ron 98
  revsync profile show --format json

With --stock every later file for that motorcycle is compared with its own factory read by itself.`;

/** The rider's garage. */
export const command: CommandModule = {
  order: 25,
  register(program: Command, io: Io): void {
    const profile = program
      .command('profile')
      .alias('garage')
      .description('Your garage: motorcycles with their own factory reads, fuel, parts and what you want of them.')
      .addHelpText('after', EXAMPLES)
      .action(async (_local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { allProfiles } = await import('../../app/garage.ts');
        const all = await allProfiles(around(flags, io));
        if (all.length === 0 && mayAsk(io, flags.input === false)) await add(undefined, flags, io);
        else await list(flags, io);
      });

    const add_ = riderFlags(
      profile
        .command('add')
        .argument('[id]', 'a short name; made from the motorcycle where it is left out')
        .description('Add a motorcycle to the garage.'),
    )
      .option('-s, --stock <file>', "the bike's own factory read, made before anything was flashed")
      .option('-d, --definition <file>', 'the definition that reads it')
      .option('--notes <text>', 'anything else')
      .addOption(formatOption());
    add_.action(async (id: string | undefined, _local: unknown, self: Command) =>
      add(id, self.optsWithGlobals<Flags>(), io),
    );

    riderFlags(profile.command('edit').argument('<id>', 'of a profile').description('Change what a profile says.'))
      .option('-s, --stock <file>', "the bike's own factory read")
      .option('--forget-stock', 'let the factory read go')
      .option('-d, --definition <file>', 'the definition that reads it')
      .option('--notes <text>', 'anything else')
      .addOption(formatOption())
      .action(async (id: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { editProfile } = await import('../../app/garage.ts');
        const words = {
          ...(await riderWords(flags)),
          ...(flags.stock === undefined ? (flags.forgetStock === true ? { stock: null } : {}) : { stock: flags.stock }),
          ...(flags.definition === undefined ? {} : { definition: flags.definition }),
        };
        await saved(await editProfile(id, words, around(flags, io), hooks(flags, io)), flags, io);
      });

    profile
      .command('list')
      .description('List the garage; the profile in use comes first.')
      .addOption(formatOption())
      .action(async (_local: unknown, self: Command) => list(self.optsWithGlobals<Flags>(), io));

    profile
      .command('show')
      .argument('[id]', 'of a profile; all where it is left out')
      .description('Show a profile with everything it says.')
      .addOption(formatOption())
      .action(async (id: string | undefined, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { allProfiles, profileOf } = await import('../../app/garage.ts');
        const profiles =
          id === undefined ? await allProfiles(around(flags, io)) : [await profileOf(id, around(flags, io))];
        await show(profiles, flags, io);
      });

    profile
      .command('use')
      .argument('<id>', 'of a profile')
      .description('Make a profile the one that analyze and recommend take by themselves.')
      .action(async (id: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { switchProfile } = await import('../../app/garage.ts');
        const { id: used, motorcycle } = await switchProfile(id, around(flags, io), hooks(flags, io));
        if (flags.quiet !== true) io.err(`${used} (${motorcycle}) is in use now.\n`);
      });

    profile
      .command('remove')
      .argument('<id>', 'of a profile')
      .description('Remove a profile and its factory read from the garage.')
      .action(async (id: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { removeFromGarage } = await import('../../app/garage.ts');
        const { id: gone } = await removeFromGarage(id, around(flags, io));
        if (flags.quiet !== true) io.err(`${gone} is removed.\n`);
      });

    profile
      .command('stock')
      .argument('<file>', 'a factory image')
      .requiredOption('-b, --bike <text>', 'the motorcycle it is of')
      .option('-d, --definition <file>', 'the definition that reads it')
      .description('Keep a factory image that belongs to no profile: later files of its software are compared with it.')
      .action(async (file: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags & { bike: string }>();
        const { markStock } = await import('../../app/garage.ts');
        const { name, motorcycle, doubts } = await markStock(
          file,
          { bike: flags.bike, definition: flags.definition ?? null },
          around(flags, io),
          hooks(flags, io),
        );
        for (const doubt of doubts) io.err(`  note: ${doubt}\n`);
        if (flags.quiet !== true) io.err(`${name} is kept as stock of ${motorcycle}.\n`);
      });
  },
};

const around = (flags: Flags, io: Io): { flags: Flags; env: Io['env']; cwd: string } => ({
  flags,
  env: io.env,
  cwd: io.cwd,
});

function hooks(flags: Flags, io: Io): import('../../app/garage.ts').GarageHooks {
  return {
    now: () => new Date(),
    warn: flags.quiet ? () => undefined : (text) => io.err(`${text}\n`),
    ask: mayAsk(io, flags.input === false)
      ? async (question, choices) => {
          const { choose } = await import('../choose.ts');
          return choose(question, choices, io);
        }
      : null,
  };
}

async function add(id: string | undefined, flags: Flags, io: Io): Promise<void> {
  const { addProfile } = await import('../../app/garage.ts');
  const words: import('../../app/garage.ts').ProfileWords = {
    ...(await riderWords(flags)),
    ...(id === undefined ? {} : { id }),
    ...(flags.stock === undefined ? {} : { stock: flags.stock }),
    ...(flags.definition === undefined ? {} : { definition: flags.definition }),
  };
  // Whoever gives no motorcycle at a terminal wants to be asked; whoever gives one has said what there is to say.
  if (words.bike === undefined && mayAsk(io, flags.input === false)) {
    const { askProfile, saveAnswered } = await import('../ask-profile.ts');
    const answered = await askProfile(words, io.cwd);
    if (answered === null) {
      io.err('No profile was made.\n');
      return;
    }
    await saved(await saveAnswered(answered, around(flags, io), hooks(flags, io), io), flags, io);
    return;
  }
  await saved(await addProfile(words, around(flags, io), hooks(flags, io)), flags, io);
}

async function saved(result: import('../../app/garage.ts').SavedProfile, flags: Flags, io: Io): Promise<void> {
  await show([result.profile], flags, io);
  for (const doubt of result.doubts) io.err(`  note: ${doubt}\n`);
  if (flags.quiet !== true && flags.format !== 'json')
    io.err('\n next: revsync recommend · revsync analyze tune.bin\n');
}

async function show(profiles: import('../../core/rider.ts').Profile[], flags: Flags, io: Io): Promise<void> {
  if (flags.format === 'json') {
    const { plainJson } = await import('../../app/plain-json.ts');
    io.out(plainJson('json', 'profiles', profiles));
    return;
  }
  if (profiles.length === 0) {
    io.err('The garage is empty: revsync profile add\n');
    return;
  }
  const { motorcycleNames } = await import('../../app/bikes.ts');
  const { profileCard } = await import('../../app/views.ts');
  const names = await motorcycleNames();
  io.out(
    profiles
      .map((p) => profileCard(p, names.get(p.motorcycle) ?? p.motorcycle, { width: io.width, colour: false }))
      .join('\n'),
  );
}

async function list(flags: Flags, io: Io): Promise<void> {
  const { allProfiles } = await import('../../app/garage.ts');
  const all = await allProfiles(around(flags, io));
  if (flags.format === 'json' || all.length === 0) {
    await show(all, flags, io);
    return;
  }
  const { alignedTable } = await import('../../app/views.ts');
  io.out(
    alignedTable(
      ['in use', 'id', 'motorcycle', 'fuel', { name: 'own factory read', path: true }, 'parts'],
      all.map((p, i) => [
        i === 0 ? '*' : '',
        p.id,
        p.motorcycle,
        p.ron === null ? '-' : `RON ${p.ron}`,
        p.stock?.path ?? '-',
        p.mods.join(', '),
      ]),
      { width: io.width, plain: !io.stdoutIsTty },
    ),
  );
}
