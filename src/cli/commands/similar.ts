import type { Command } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { type Io, wantsColour } from '../io.ts';
import { addLibraryFlags, type LibraryFlags, libraryFilter } from '../library-flags.ts';

interface Flags extends GlobalFlags, LibraryFlags {
  definition?: string;
  stock?: string;
}

const EXAMPLES = `
Examples:
  revsync similar tune.bin             tunes whose fuel, spark and limiter are changed alike
  revsync similar 3f2a --role tuned    by the id of an analysis
  revsync similar 3f2a --format json   for a script

Likeness is of the calibration: differences from stock where both have one, else from the median of the same ECU software.
With five or more tunes of one software it also says what is unlike its peers.`;

/** Nearest tunes by calibration. */
export const command: CommandModule = {
  order: 33,
  register(program: Command, io: Io): void {
    addLibraryFlags(
      program
        .command('similar')
        .argument('<file|id>', 'a tune, or the id of an analysis or its beginning')
        .description('Find stored tunes with a similar calibration, and what is unlike the others of its kind.'),
    )
      .option('-d, --definition <file>', 'definition of a file that is not stored yet')
      .option('-s, --stock <file>', 'factory image of a file that is not stored yet')
      .addHelpText('after', EXAMPLES)
      .action(async (of: string, _local: unknown, self: Command) => {
        await similar(of, self.optsWithGlobals<Flags>(), io);
      });
  },
};

async function similar(of: string, flags: Flags, io: Io): Promise<void> {
  const { similarTunes } = await import('../../app/similar.ts');
  const around = { flags, env: io.env, cwd: io.cwd };
  const document = await similarTunes({ of, limit: flags.limit, filter: libraryFilter(flags) }, around, {
    readStdin: (limit) => io.readStdin(limit),
    analyze: async (path) => {
      const { analyzeForLibrary } = await import('../../app/analyze-for-library.ts');
      await analyzeForLibrary(
        path,
        { definition: flags.definition ?? null, stock: flags.stock ?? null },
        around,
        flags.quiet === true ? () => undefined : (text) => io.err(`${text}\n`),
      );
    },
  });
  const { results, ...more } = document;
  if (flags.format !== 'terminal') {
    const { plainJson } = await import('../../app/plain-json.ts');
    io.out(plainJson(flags.format, 'results', results, more));
    return;
  }
  const { outliersList, resultsList } = await import('../../app/views.ts');
  io.out(
    resultsList(results, {
      width: Math.max(40, Math.min(io.width, 140)),
      plain: !io.stdoutIsTty,
      colour: wantsColour(io, io.stdoutIsTty),
    }),
  );
  if (io.stdoutIsTty && document.outliers !== null)
    io.out(`\n${outliersList(document.outliers, Math.max(40, Math.min(io.width, 140)))}`);
  if (flags.quiet === true) return;
  if (document.reason !== '') io.err(`${document.reason}.\n`);
  if (document.outliers === null) io.err(`What is unlike its peers is not said: ${document.outliersReason}.\n`);
  else if (!io.stdoutIsTty) io.err(outliersList(document.outliers, Math.max(40, Math.min(io.width, 140))));
}
