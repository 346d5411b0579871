import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { numberBetween } from '../flags.ts';
import type { Io } from '../io.ts';

/** What was analysed before. */
export const command: CommandModule = {
  order: 30,
  register(program: Command, io: Io): void {
    program
      .command('history')
      .argument('[text]', 'only those whose file, motorcycle or definition contains it')
      .description('List what was analysed before, newest first.')
      .option('-n, --limit <number>', 'how many at most', numberBetween(1, 1_000_000, ''), 50)
      .addOption(
        new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json', 'ndjson']).default('terminal'),
      )
      .action(async (text: string | undefined, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<GlobalFlags & { limit: number; format: string }>();
        const { listAnalyses } = await import('../../app/history.ts');
        const rows = await listAnalyses(
          { text: text ?? null, limit: flags.limit },
          { flags, env: io.env, cwd: io.cwd },
        );
        if (flags.format !== 'terminal') {
          const { plainJson } = await import('../../app/plain-json.ts');
          io.out(plainJson(flags.format, 'analyses', rows));
          return;
        }
        if (rows.length === 0) {
          io.err(
            text === undefined
              ? 'Nothing was analysed yet: revsync analyze tune.bin\n'
              : `No stored analysis contains "${text}".\n`,
          );
          return;
        }
        const { alignedTable } = await import('../../app/views.ts');
        const lines = rows.map((r) => [
          r.analysisId.slice(0, 8),
          r.safety === null ? '-' : String(r.safety),
          r.level ?? (io.stdoutIsTty && r.outcome === 'notEnoughData' ? 'not enough data' : r.outcome),
          r.worst ?? '',
          r.motorcycleId ?? '',
          r.path,
          r.lastAt.slice(0, io.stdoutIsTty && io.width < 120 ? 10 : 16).replace('T', ' '),
        ]);
        io.out(
          alignedTable(['id', 'score', 'level', 'worst', 'motorcycle', 'file', 'when (UTC)'], lines, {
            width: io.width,
            plain: !io.stdoutIsTty,
          }),
        );
      });
  },
};
