import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import type { Io } from '../io.ts';

/** What each file of a folder is. */
export const command: CommandModule = {
  order: 26,
  register(program: Command, io: Io): void {
    program
      .command('inventory')
      .argument('<folder>', 'a folder, with everything below it')
      .description('Say of every file what it is: decoded, with counts, or refused, with its reason.')
      .addOption(
        new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json', 'csv']).default('terminal'),
      )
      .addHelpText(
        'after',
        '\nExamples:\n  revsync inventory downloads\n  revsync inventory tunes --format csv > tunes.csv',
      )
      .action(async (folder: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<GlobalFlags & { format: string }>();
        const { inventory, inventorySummary } = await import('../../app/inventory.ts');
        const { progressLine } = await import('../progress.ts');
        const progress = progressLine(io, flags.quiet === true);
        const files = await inventory(folder, { flags, env: io.env, cwd: io.cwd }, (done, total, path) =>
          progress.say(`${done + 1} of ${total}: ${path}`),
        );
        progress.clear();
        const summary = inventorySummary(files);
        if (flags.format === 'json') {
          io.out(`${JSON.stringify({ files, summary, errors: [] }, null, 2)}\n`);
          return;
        }
        const columns = ['path', 'format', 'outcome', 'what', 'code', 'definition'] as const;
        const rows = files.map((f) => columns.map((c) => f[c] ?? ''));
        if (flags.format === 'csv') {
          const { csvField } = await import('../../app/views.ts');
          io.out([[...columns], ...rows].map((r) => `${r.map(csvField).join(',')}\n`).join(''));
          return;
        }
        const { alignedTable } = await import('../../app/views.ts');
        io.out(alignedTable([...columns], rows, { width: Math.max(60, io.width), plain: !io.stdoutIsTty }));
        io.err(`${summary.files} files: ${summary.decoded} decoded, ${summary.refused} refused\n`);
      });
  },
};
