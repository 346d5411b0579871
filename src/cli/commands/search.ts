import type { Command } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { type Io, wantsColour } from '../io.ts';
import { addLibraryFlags, type LibraryFlags, libraryFilter } from '../library-flags.ts';

const EXAMPLES = `
Examples:
  revsync search "busa for E85"                            motorcycle, meaning and words together
  revsync search "softer throttle" --bike "cbr500r 2014"   among the tunes of one motorcycle
  revsync search "commute" --min-score 80 --role tuned     only what was judged safe
  revsync search "track" --format json                     for a script

Search by meaning needs the embedding model: revsync setup. Without it the words alone are looked for, and the answer says so.`;

/** Finds stored analyses by what a rider would say. */
export const command: CommandModule = {
  order: 32,
  register(program: Command, io: Io): void {
    addLibraryFlags(
      program
        .command('search')
        .argument('<text...>', 'what is looked for, in your own words')
        .description('Find stored tunes by motorcycle, meaning and words.'),
    )
      .option('--lexical', 'by words alone, without the embedding model')
      .addHelpText('after', EXAMPLES)
      .action(async (text: string[], _local: unknown, self: Command) => {
        await search(text.join(' '), self.optsWithGlobals<GlobalFlags & LibraryFlags & { lexical?: boolean }>(), io);
      });
  },
};

async function search(text: string, flags: GlobalFlags & LibraryFlags & { lexical?: boolean }, io: Io): Promise<void> {
  const { searchLibrary } = await import('../../app/search.ts');
  const { progressLine } = await import('../progress.ts');
  const progress = progressLine(io, flags.quiet === true);
  const document = await searchLibrary(
    { text, limit: flags.limit, filter: libraryFilter(flags), mode: flags.lexical === true ? 'lexical' : 'auto' },
    { flags, env: io.env, cwd: io.cwd },
    (what, done, total) => progress.say(`${what} ${done}${total === null ? '' : ` of ${total}`}`),
  );
  progress.clear();
  const { results, ...more } = document;
  if (flags.format !== 'terminal') {
    const { plainJson } = await import('../../app/plain-json.ts');
    io.out(plainJson(flags.format, 'results', results, more));
    return;
  }
  const { resultsList } = await import('../../app/views.ts');
  io.out(
    resultsList(results, {
      width: Math.max(40, Math.min(io.width, 140)),
      plain: !io.stdoutIsTty,
      colour: wantsColour(io, io.stdoutIsTty),
    }),
  );
  if (flags.quiet === true) return;
  if (results.length === 0) io.err('Nothing stored answers that. revsync history lists what there is.\n');
  io.err(
    `${document.mode === 'lexical' ? 'By words alone' : 'By motorcycle, meaning and words'}${document.reason === '' ? '' : `: ${document.reason}`}.\n`,
  );
}
