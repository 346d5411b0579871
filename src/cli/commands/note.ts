import { type Command, Option } from 'commander';
import { type CommandModule, collect, type GlobalFlags } from '../command.ts';
import { commaList, numberBetween } from '../flags.ts';
import type { Io } from '../io.ts';

interface Flags extends GlobalFlags {
  title?: string;
  role?: 'stock' | 'tuned';
  motorcycle?: string;
  tag: string[];
  mods?: string[];
  ron?: number;
  ethanol?: number;
  clear?: boolean;
  format: string;
}

const EXAMPLES = `
Examples:
  revsync note 3f2a "Dave's track map, needs 98" --tag track --ron 98
  revsync note 3f2a --role stock --title "my own read"
  revsync note 3f2a                 what is said of it, by the file and by you
  revsync note 3f2a --clear         forget what you said

A sidecar beside the file (tune.bin.revsync.yaml) says the same: title, notes, role, motorcycle, fuel, mods, tags.`;

/** What the user says of a tune. */
export const command: CommandModule = {
  order: 34,
  register(program: Command, io: Io): void {
    program
      .command('note')
      .argument('<id>', 'id of an analysis, or its beginning')
      .argument('[text]', 'what you know of this tune, in your own words')
      .description('Say something of a stored tune: search finds it by your words.')
      .option('--title <text>', 'a name for it')
      .addOption(new Option('--role <role>', 'what it is').choices(['stock', 'tuned']))
      .option('--motorcycle <text>', 'what it is for, in words')
      .option('--tag <tag>', 'a word to filter by (repeatable)', collect, [])
      .option('--mods <text>', 'parts it is made for, comma separated', commaList)
      .option('--ron <number>', 'octane it is made for, RON', numberBetween(60, 130, 'RON'))
      .option('--ethanol <percent>', 'ethanol it is made for', numberBetween(0, 100, 'percent'))
      .option('--clear', 'forget what you said of it')
      .addOption(new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal'))
      .addHelpText('after', EXAMPLES)
      .action(async (id: string, text: string | undefined, _local: unknown, self: Command) => {
        await note(id, text, self.optsWithGlobals<Flags>(), io);
      });
  },
};

async function note(id: string, text: string | undefined, flags: Flags, io: Io): Promise<void> {
  const { noteTune } = await import('../../app/note.ts');
  const { MOST_LIST, MOST_NOTE, MOST_TEXT } = await import('../../app/sidecar.ts');
  const short = (words: string[]): string[] => words.slice(0, MOST_LIST).map((w) => w.slice(0, MOST_TEXT));
  const change = {
    ...(text === undefined ? {} : { notes: text.slice(0, MOST_NOTE) }),
    ...(flags.title === undefined ? {} : { title: flags.title.slice(0, MOST_TEXT) }),
    ...(flags.role === undefined ? {} : { role: flags.role }),
    ...(flags.motorcycle === undefined ? {} : { motorcycle: flags.motorcycle.slice(0, MOST_TEXT) }),
    ...(flags.tag.length === 0 ? {} : { tags: short(flags.tag) }),
    ...(flags.mods === undefined ? {} : { mods: short(flags.mods) }),
    ...(flags.ron === undefined ? {} : { ron: flags.ron }),
    ...(flags.ethanol === undefined ? {} : { ethanolPercent: flags.ethanol }),
  };
  const around = { flags, env: io.env, cwd: io.cwd };
  const document = await noteTune(id, flags.clear === true ? null : change, around, new Date());
  if (flags.format === 'json') {
    io.out(`${JSON.stringify({ ...document, errors: [] }, null, 2)}\n`);
    return;
  }
  const { noteCard } = await import('../../app/views.ts');
  io.out(noteCard(document));
}
