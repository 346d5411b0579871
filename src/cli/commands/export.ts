import type { Command } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';

const EXAMPLES = `
Examples:
  revsync export > library.ndjson                    everything, a record a line
  revsync export vfr1200 --output vfr.ndjson         what is stored for one motorcycle, file or definition
  ssh shop revsync export | revsync import -         another machine's library into this one

A record holds the report, the numbers, the words and the fingerprint. The tune files and their cells stay where they are.`;

/** The library as lines. */
export const command: CommandModule = {
  order: 36,
  register(program: Command, io: Io): void {
    program
      .command('export')
      .argument('[text]', 'only those whose file, motorcycle or definition contains it')
      .description('Write stored analyses as NDJSON, for revsync import on another machine.')
      .option('-o, --output <file>', 'write to a file instead of stdout')
      .addHelpText('after', EXAMPLES)
      .action(async (text: string | undefined, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<GlobalFlags & { output?: string }>();
        const { exportAnalyses } = await import('../../app/exchange.ts');
        const { checkTargets, withLines } = await import('../output.ts');
        const { databaseOf } = await import('../../app/history.ts');
        const around = { flags, env: io.env, cwd: io.cwd };
        const path = flags.output ?? null;
        await checkTargets([{ format: 'ndjson', path }], [(await databaseOf(around)) ?? []].flat(), io);
        const { written, damaged } = await withLines(path, io, (write) => exportAnalyses(text ?? null, around, write));
        if (flags.quiet !== true) io.err(`${written} analyses written.\n`);
        if (damaged > 0) {
          io.err(`revsync: RECORD_DAMAGED: ${damaged} are no longer whole in the database and were left out\n`);
          io.setExitCode(EXIT.cannotJudge);
        }
      });
  },
};
