import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import type { Io } from '../io.ts';

interface Flags extends GlobalFlags {
  json?: boolean;
  format: string;
  /** --no-ask makes it false. */
  ask: boolean;
}

const EXAMPLES = `
Examples:
  revsync doctor             everything, with one real question to the model
  revsync doctor --no-ask    only look: no model is loaded
  revsync doctor --json      for a monitor: checks with status, value, unit and time

It starts, fetches and changes nothing; it keeps the speed that it measured. Exit codes: 0 nothing failed · 1 something did`;

/** Health of everything. */
export const command: CommandModule = {
  order: 6,
  register(program: Command, io: Io): void {
    program
      .command('doctor')
      .description('Look at everything that revsync needs: Ollama, model, memory, speed, embedding model, database.')
      .option('--json', 'print the checks as JSON')
      .addOption(new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal'))
      .option('--no-ask', 'do not ask the model')
      .addHelpText('after', EXAMPLES)
      .action(async (_local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { loadSettings } = await import('../../app/settings.ts');
        const { doctor } = await import('../../app/doctor.ts');
        const { thisMachine } = await import('../../app/machine.ts');
        const { cancelled, printHealth } = await import('../health.ts');
        const json = flags.json === true || flags.format === 'json';
        const settings = await loadSettings({
          env: io.env,
          cwd: io.cwd,
          flags: flags.db === undefined ? {} : { db: flags.db },
        });
        const { signal, stop } = cancelled(io);
        try {
          const say = (text: string): void => {
            if (io.stderrIsTty && flags.quiet !== true) io.err(`${text}\n`);
          };
          const health = await doctor(
            { settings, env: io.env, store: flags.store, ask: flags.ask },
            { machine: thisMachine(io.env), say, checked: () => undefined, signal },
          );
          await printHealth(health, json, io);
        } finally {
          stop();
        }
      });
  },
};
