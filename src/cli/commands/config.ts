import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import type { Io } from '../io.ts';

/** Effective settings and where each came from. */
export const command: CommandModule = {
  order: 90,
  register(program: Command, io: Io): void {
    program
      .command('config')
      .description('Show every setting, its value and where it came from.')
      .addOption(new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal'))
      .action(async (_local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<GlobalFlags & { format: string }>();
        const { databasePath, loadSettings, SETTINGS, userFolders } = await import('../../app/settings.ts');
        const settings = await loadSettings({
          env: io.env,
          cwd: io.cwd,
          flags: flags.db === undefined ? {} : { db: flags.db },
        });
        const folders = await userFolders(io.env);
        const database = await databasePath(settings, io.env);
        const rows = Object.values(settings);
        if (flags.format === 'json') {
          const { plainJson } = await import('../../app/plain-json.ts');
          io.out(plainJson('json', 'settings', rows, { database, configFolder: folders.config }));
          return;
        }
        const { alignedTable } = await import('../../app/views.ts');
        const lines = rows.map((s) => [
          s.name,
          s.value === null ? '' : String(s.value),
          s.source + (s.where === '' ? '' : ` ${s.where}`),
          SETTINGS[s.name].about,
        ]);
        io.out(
          alignedTable([{ name: 'setting', keep: true }, 'value', 'from', 'what it does'], lines, {
            width: io.width,
            plain: !io.stdoutIsTty,
          }),
        );
        io.err(`database ${database}\nuser file ${folders.config}/config.yaml · project file .revsync.yaml\n`);
      });
  },
};
