import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';

const EXAMPLES = `
Examples:
  revsync import library.ndjson
  ssh shop revsync export | revsync import -
  parallel revsync analyze --no-store --format ndjson ::: tunes/*.bin | revsync import -

Importing twice changes nothing; what is stored here already stays as it is. A bad line is named and the rest is read.
Exit codes: 0 every line was read · 1 some lines were bad · 2 nothing could be read`;

/** Lines of revsync export, or of analyze --format ndjson, into the library. */
export const command: CommandModule = {
  order: 37,
  register(program: Command, io: Io): void {
    program
      .command('import')
      .argument('<file>', 'NDJSON of revsync export or analyze, or - for standard input')
      .description("Add another machine's analyses to this library.")
      .addOption(new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal'))
      .addHelpText('after', EXAMPLES)
      .action(async (file: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<GlobalFlags & { format: string }>();
        const { importAnalyses } = await import('../../app/exchange.ts');
        const { progressLine } = await import('../progress.ts');
        const progress = progressLine(io, flags.quiet === true);
        const result = await importAnalyses(
          file,
          { flags, env: io.env, cwd: io.cwd },
          { stdin: () => io.stdin(), progress: (lines) => progress.say(`${lines} lines read`) },
        );
        progress.clear();
        const { printable } = await import('../../core/rules/message.ts');
        for (const { line, code, message } of result.errors)
          io.err(`revsync: ${code}: line ${line}: ${printable(message)}\n`);
        const { imported, known, skipped, bad } = result;
        if (flags.format === 'json') io.out(`${JSON.stringify(result, null, 2)}\n`);
        else
          io.out(
            `${imported} imported, ${known} were here already, ${skipped} lines with nothing to keep, ${bad} bad lines\n`,
          );
        io.setExitCode(bad === 0 ? EXIT.ok : imported + known + skipped > 0 ? EXIT.findings : EXIT.cannotJudge);
      });
  },
};
