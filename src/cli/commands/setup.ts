import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { type Io, mayAsk } from '../io.ts';

interface Flags extends GlobalFlags {
  yes?: boolean;
  json?: boolean;
  format: string;
  offline?: boolean;
  skipModel?: boolean;
  model?: string;
  modelsFrom?: string;
  embeddingFromHub?: boolean;
  insecure?: boolean;
}

const EXAMPLES = `
Examples:
  revsync setup                              find Ollama, fetch the model, prove it; asks before it downloads
  revsync setup --yes                        the same without a question, for scripts
  revsync setup --model llama3.2:3b          a smaller model
  revsync setup --models-from /media/usb     the embedding model from a folder, for a machine without a network
  revsync setup --skip-model                 the rules alone: database and embedding model

Run it as often as you like: it does what is missing, and a download goes on where it stopped.
It never stops a server that it did not start. Exit codes: 0 nothing failed · 1 something did · 130 cancelled`;

/** From nothing to a proven local model. */
export const command: CommandModule = {
  order: 5,
  register(program: Command, io: Io): void {
    program
      .command('setup')
      .description('Check and start Ollama, fetch the models, prove them with one real answer, make the database.')
      .option('-y, --yes', 'do what is missing without asking')
      .option('--json', 'print the checks as JSON')
      .addOption(new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal'))
      .option('--offline', 'download nothing')
      .option('--skip-model', 'leave Ollama and its model out')
      .option('--model <name>', 'another model than MISTRAL_MODEL')
      .option('--models-from <dir>', 'take the embedding model from this folder')
      .option('--embedding-from-hub', 'fetch the embedding model from huggingface.co')
      .option('--insecure', "the model's registry speaks plain HTTP")
      .addHelpText('after', EXAMPLES)
      .action(async (_local: unknown, self: Command) => {
        await run(self.optsWithGlobals<Flags>(), io);
      });
  },
};

async function run(flags: Flags, io: Io): Promise<void> {
  const json = flags.json === true || flags.format === 'json';
  const { loadSettings } = await import('../../app/settings.ts');
  const { setup } = await import('../../app/setup.ts');
  const { thisMachine } = await import('../../app/machine.ts');
  const { cancelled, downloadBar, printHealth } = await import('../health.ts');
  const settings = await loadSettings({
    env: io.env,
    cwd: io.cwd,
    flags: flags.db === undefined ? {} : { db: flags.db },
  });
  const bar = await downloadBar(io, flags.quiet === true);
  const say = flags.quiet ? (): void => undefined : (text: string): void => io.err(`${text}\n`);
  const { signal, stop } = cancelled(io);
  const asks = flags.yes !== true && !json && mayAsk(io, !flags.input);
  try {
    const health = await setup(
      {
        settings,
        env: io.env,
        store: flags.store,
        offline: flags.offline === true,
        skipModel: flags.skipModel === true,
        model: flags.model ?? null,
        modelsFrom: flags.modelsFrom ?? null,
        embeddingFromHub: flags.embeddingFromHub === true,
        insecure: flags.insecure === true,
      },
      {
        machine: thisMachine(io.env),
        say,
        checked: (check) => {
          // On a terminal the table at the end says it once.
          if (check.status === 'ok' && !json && !io.stdoutIsTty)
            say(check.message.startsWith(check.id) ? check.message : `${check.id}: ${check.message}`);
        },
        progress: (at) => bar.show(at),
        ask: asks ? await questions(io) : null,
        signal,
      },
    );
    await printHealth(health, json, io);
  } catch (error) {
    bar.show(null);
    if (signal.aborted) say('stopped; what was fetched is kept, and revsync setup goes on from there');
    throw error;
  } finally {
    stop();
  }
}

async function questions(io: Io) {
  const { confirm } = await import('@inquirer/prompts');
  const { choose } = await import('../choose.ts');
  return {
    confirm: (message: string) => confirm({ message, default: true }, { output: process.stderr }),
    choose: (question: string, choices: { value: string; name: string }[]) => choose(question, choices, io),
  };
}
