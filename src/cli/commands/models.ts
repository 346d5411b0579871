import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import type { Io } from '../io.ts';

type Flags = GlobalFlags & { format: string; insecure?: boolean; from?: string; modelfile?: string; adapter?: string };

const EXAMPLES = `
Examples:
  revsync models list
  revsync models memory                          what each needs, by context, and whether it fits
  revsync models pull llama3.2:3b
  revsync models use llama3.2:3b                 analyses ask this one from now on
  revsync models create mine --from mine.gguf    from weights on a disk
  revsync models create mine --modelfile Modelfile
  revsync models remove mine
With --format json each prints what is so afterwards.`;

/** The models of the Ollama server. */
export const command: CommandModule = {
  order: 45,
  register(program: Command, io: Io): void {
    const models = program
      .command('models')
      .description('Models of the Ollama server: list, fetch, choose, remove, create, memory need.')
      .addHelpText('after', EXAMPLES);
    const format = (): Option =>
      new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal');
    const settingsOf = async () => {
      const { loadSettings } = await import('../../app/settings.ts');
      return loadSettings({ env: io.env, cwd: io.cwd, flags: {} });
    };
    const print = async (flags: Flags, records: unknown[], columns: string[], rows: string[][]): Promise<void> => {
      if (flags.format === 'json') {
        const { plainJson } = await import('../../app/plain-json.ts');
        io.out(plainJson('json', 'models', records));
        return;
      }
      const { alignedTable } = await import('../../app/views.ts');
      io.out(alignedTable(columns, rows, { width: io.width, plain: !io.stdoutIsTty }));
    };
    /** For commands that have nothing to show a person but a line on stderr. */
    const printJson = async (self: Command, records: unknown[]): Promise<void> => {
      const flags = self.optsWithGlobals<Flags>();
      if (flags.format === 'json') await print(flags, records, [], []);
    };
    const named = <T extends { name: string }>(list: T[], name: string): T[] =>
      list.filter((m) => m.name === name || m.name === `${name}:latest`);
    const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

    models
      .command('list', { isDefault: true })
      .description('List what the server has.')
      .addOption(format())
      .action(async (_local: unknown, self: Command) => {
        const { listModels } = await import('../../app/models.ts');
        const list = await listModels(await settingsOf());
        await print(
          self.optsWithGlobals<Flags>(),
          list,
          ['model', 'size', 'parameters', 'quantization', 'state', 'host'],
          list.map((m) => [
            m.name,
            gigabytes(m.sizeBytes),
            m.parameters,
            m.quantization,
            [m.chosen ? 'in use' : '', m.loaded ? 'in memory' : '', m.remoteHost === null ? '' : 'runs elsewhere']
              .filter((s) => s !== '')
              .join(', '),
            m.host,
          ]),
        );
      });

    models
      .command('memory')
      .description('Show the memory that each model needs, by context.')
      .addOption(format())
      .action(async (_local: unknown, self: Command) => {
        const { memoryNeeds } = await import('../../app/models.ts');
        const { thisMachine } = await import('../../app/machine.ts');
        const free = thisMachine(io.env).availableMemoryBytes();
        const list = await memoryNeeds(await settingsOf(), free);
        const contexts = list[0]?.needs.map((n) => `${n.contextTokens / 1024}k`) ?? [];
        await print(
          self.optsWithGlobals<Flags>(),
          list,
          ['model', 'quantization', 'weights', ...contexts],
          list.map((m) => [
            m.installed ? m.name : `${m.name} (not here)`,
            m.quantization,
            gigabytes(m.weightsBytes),
            ...m.needs.map((n) => gigabytes(n.needBytes) + (n.fits ? '' : ' !')),
          ]),
        );
        if (!self.optsWithGlobals<Flags>().quiet)
          io.err(`${gigabytes(free)} are free on this machine; ! = does not fit\n`);
      });

    models
      .command('pull')
      .argument('<name>', 'such as mistral:7b')
      .description('Have the server fetch a model; a pull that was stopped goes on where it was.')
      .option('--insecure', 'the registry speaks plain HTTP')
      .addOption(format())
      .action(async (name: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { fetchModel, listModels } = await import('../../app/models.ts');
        const { cancelled, downloadBar } = await import('../health.ts');
        const bar = await downloadBar(io, flags.quiet === true);
        const { signal, stop } = cancelled(io);
        try {
          await fetchModel(await settingsOf(), name, {
            insecure: flags.insecure === true,
            signal,
            onProgress: (at) => bar.show(at),
            onRetry: (reason) => io.err(`${reason}; once more from where it stopped\n`),
          });
        } finally {
          bar.show(null);
          stop();
        }
        const list = named(await listModels(await settingsOf()), name);
        await print(
          flags,
          list,
          ['model', 'digest'],
          list.map((m) => [m.name, m.digest ?? '']),
        );
      });

    models
      .command('use')
      .argument('<name>', 'a model')
      .description('Let analyses ask this model from now on (your settings file).')
      .addOption(format())
      .action(async (name: string, _local: unknown, self: Command) => {
        const { useModel } = await import('../../app/models.ts');
        const path = await useModel(io.env, name);
        const overridden = (io.env['MISTRAL_MODEL'] ?? '') !== '';
        await printJson(self, [{ name, settings: path, overriddenBy: overridden ? 'MISTRAL_MODEL' : null }]);
        io.err(`mistralModel is ${name} in ${path}\n`);
        if (overridden) io.err('MISTRAL_MODEL is set and stands above it: unset it.\n');
      });

    models
      .command('remove')
      .argument('<name>', 'a model')
      .description('Remove a model from the server.')
      .addOption(format())
      .action(async (name: string, _local: unknown, self: Command) => {
        const { removeModel } = await import('../../app/models.ts');
        const hosts = await removeModel(await settingsOf(), name);
        await printJson(
          self,
          hosts.map((host) => ({ name, host, removed: true })),
        );
        io.err(`${name} is removed\n`);
      });

    models
      .command('create')
      .argument('<name>', 'the new name')
      .description('Create a model from a Modelfile, or from weights and an adapter on the disk.')
      .option('--modelfile <file>', 'a Modelfile')
      .option('--from <file>', 'a GGUF file, or the name of a model that is there')
      .option('--adapter <file>', 'a LoRA adapter for it')
      .addOption(format())
      .action(async (name: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { createModel, listModels } = await import('../../app/models.ts');
        const { cancelled } = await import('../health.ts');
        const { signal, stop } = cancelled(io);
        const from =
          flags.from === undefined
            ? { modelfile: flags.modelfile ?? 'Modelfile' }
            : { gguf: flags.from, adapter: flags.adapter ?? null };
        try {
          await createModel(await settingsOf(), name, from, {
            say: (text) => flags.quiet !== true && io.err(`${text}\n`),
            signal,
          });
        } finally {
          stop();
        }
        if (flags.format === 'json') await printJson(self, named(await listModels(await settingsOf()), name));
      });
  },
};
