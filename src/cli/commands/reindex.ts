import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import type { Io } from '../io.ts';

const EXAMPLES = `
Examples:
  revsync reindex                  after revsync setup, or after a large import
  revsync reindex --drop-others    after changing the embedding model`;

/** Everything that search needs, for the whole library. */
export const command: CommandModule = {
  order: 35,
  register(program: Command, io: Io): void {
    program
      .command('reindex')
      .description('Bring the library up to date for search: words, and vectors by the embedding model.')
      .option('--drop-others', 'delete vectors of models that are not in use any more')
      .addOption(new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal'))
      .addHelpText('after', EXAMPLES)
      .action(async (_local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<GlobalFlags & { dropOthers?: boolean; format: string }>();
        const { reindexLibrary } = await import('../../app/reindex.ts');
        const { progressLine } = await import('../progress.ts');
        const progress = progressLine(io, flags.quiet === true);
        const document = await reindexLibrary(
          flags.dropOthers === true,
          { flags, env: io.env, cwd: io.cwd },
          (what, done, total) => progress.say(`${what} ${done}${total === null ? '' : ` of ${total}`}`),
        );
        progress.clear();
        if (flags.format === 'json') {
          io.out(`${JSON.stringify({ ...document, errors: [] }, null, 2)}\n`);
          return;
        }
        const { described, embedded, model, reason, otherModels } = document;
        io.out(
          `${described} analyses described, ${embedded} texts embedded${model === null ? '' : ` by ${model.id}`}\n`,
        );
        if (model === null) io.err(`Search goes by words alone: ${reason}.\n`);
        for (const { id, vectors } of otherModels)
          io.err(`${vectors} vectors of another model (${id}) are not used; --drop-others deletes them.\n`);
      });
  },
};
