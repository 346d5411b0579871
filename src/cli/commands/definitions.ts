import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { registerProposals } from '../definition-proposals.ts';
import { type Io, wantsColour } from '../io.ts';

type Flags = GlobalFlags & { format: string };

const formatOption = (): Option =>
  new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal');

/** The library of definitions: bundled ones and the user's own. */
export const command: CommandModule = {
  order: 40,
  register(program: Command, io: Io): void {
    const definitions = program
      .command('definitions')
      .description('Browse, match, propose, confirm, add and check definitions: where the maps of an ECU are.')
      .addHelpText(
        'after',
        '\nExamples:\n  revsync definitions list\n  revsync definitions match tune.bin\n  revsync definitions add bike.xdf\n  revsync definitions show honda-38770-mge-773\n  revsync definitions validate my-bike.yaml',
      );
    const around = (flags: Flags) => ({ flags, env: io.env, cwd: io.cwd });
    const print = async (
      flags: Flags,
      name: string,
      records: unknown[],
      columns: string[],
      lines: string[][],
    ): Promise<void> => {
      if (flags.format === 'json') {
        const { plainJson } = await import('../../app/plain-json.ts');
        io.out(plainJson('json', name, records));
        return;
      }
      const { alignedTable } = await import('../../app/views.ts');
      io.out(alignedTable(columns, lines, { width: io.width, plain: !io.stdoutIsTty }));
    };

    definitions
      .command('list')
      .description('List the bundled definitions and your own.')
      .addOption(formatOption())
      .action(async (_local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { listLibrary } = await import('../../app/definitions.ts');
        const list = await listLibrary(around(flags), (text) => io.err(`${text}\n`));
        await print(
          flags,
          'definitions',
          list,
          ['id', 'origin', 'items', 'confirmed', 'title'],
          list.map((d) => [
            d.id,
            d.origin,
            String(d.items),
            d.confirmedOnImage === false ? 'by your image' : d.confirmedOnImage ? 'yes' : '',
            d.title,
          ]),
        );
      });

    definitions
      .command('match')
      .argument('<file>', 'an image')
      .description('Hold every definition against an image: which fits, with the evidence.')
      .addOption(formatOption())
      .action(async (file: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { matchLibrary } = await import('../../app/definitions.ts');
        const matches = await matchLibrary(file, around(flags), (text) => io.err(`${text}\n`));
        const shown = flags.format === 'json' ? matches : matches.filter((m, i) => m.verdict !== 'mismatch' || i < 3);
        await print(
          flags,
          'matches',
          shown,
          ['verdict', 'id', 'evidence'],
          shown.map((m) => [m.verdict, m.id, [...m.evidence, m.suggestion ?? ''].filter((t) => t !== '').join('; ')]),
        );
        io.setExitCode(matches[0]?.verdict === 'fits' ? 0 : 2);
      });

    definitions
      .command('add')
      .argument('<files...>', 'TunerPro .xdf or revsync .yaml files')
      .description('Add definitions to your own library, so that they are found by themselves.')
      .action(async (files: string[], _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { addToLibrary } = await import('../../app/definitions.ts');
        const { reportError } = await import('../exit.ts');
        for (const file of files) {
          try {
            const { id, title, items, added } = await addToLibrary(file, around(flags), new Date());
            io.err(`${added ? 'added' : 'there already'}: ${id}  ${title}  ${items} items\n`);
          } catch (error) {
            reportError(error, io);
          }
        }
      });

    definitions
      .command('remove')
      .argument('<id>', 'id of one of your own')
      .description('Remove a definition from your own library.')
      .action(async (id: string, _local: unknown, self: Command) => {
        const { removeFromLibrary } = await import('../../app/definitions.ts');
        await removeFromLibrary(id, around(self.optsWithGlobals<Flags>()));
        io.err(`removed: ${id}\n`);
      });

    definitions
      .command('show')
      .argument('<id>', 'id of a definition, or a file')
      .description('Show what a definition describes and where it comes from.')
      .addOption(formatOption())
      .action(async (id: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { showDefinition } = await import('../../app/definitions.ts');
        const definition = await showDefinition(id, around(flags));
        if (flags.format === 'json') {
          const { plainJson } = await import('../../app/plain-json.ts');
          io.out(plainJson('json', 'definitions', [definition]));
          return;
        }
        const { definitionCard } = await import('../../app/views.ts');
        io.out(definitionCard(definition, { width: io.width, colour: wantsColour(io, io.stdoutIsTty) }));
      });

    definitions
      .command('validate')
      .argument('<files...>', 'definition files')
      .description('Check definition files: what is understood, what is not, with place and reason.')
      .addOption(formatOption())
      .action(async (files: string[], _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { validateDefinitions } = await import('../../app/definitions.ts');
        const results = await validateDefinitions(files, io.cwd);
        await print(
          flags,
          'definitions',
          results,
          ['file', 'valid', 'items', 'not understood', 'message'],
          results.map((r) => [r.path, r.valid ? 'yes' : 'NO', String(r.items), String(r.undecoded.length), r.message]),
        );
        io.setExitCode(results.every((r) => r.valid) ? 0 : 2);
      });

    registerProposals(definitions, io);
  },
};
