import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { collect } from '../command.ts';
import { byteShift } from '../flags.ts';
import { type Io, wantsColour } from '../io.ts';

interface Flags extends GlobalFlags {
  definition?: string;
  shift?: number;
  stock?: string;
  role: string[];
  format: string;
}

/** What is in a tune, map by map. */
export const command: CommandModule = {
  order: 20,
  register(program: Command, io: Io): void {
    program
      .command('maps')
      .argument('<file>', 'a tune file, or - for standard input')
      .argument('[id]', 'one map: its id, its title, or a part of them')
      .description('List the maps of a tune, or show one as a table and a heat map.')
      .option('-d, --definition <file>', 'TunerPro XDF, revsync YAML, or the .ini of an MSQ')
      .option('--shift <bytes>', "move the definition's addresses by so many bytes", byteShift)
      .option('-s, --stock <file>', 'show the change against this factory image')
      .option('--role <title=role>', 'say what a map is: "Table 7=spark" (repeatable)', collect, [])
      .addOption(
        new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json', 'csv']).default('terminal'),
      )
      .addHelpText(
        'after',
        '\nExamples:\n  revsync maps tune.bin\n  revsync maps tune.bin "spark advance"\n  revsync maps tune.bin --definition bike.xdf --format json\n  revsync maps CurrentTune.msq veTable --format csv > ve.csv',
      )
      .action(async (file: string, id: string | undefined, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { decodeFile } = await import('../../app/decode-file.ts');
        const { mapsDocument, selectMaps } = await import('../../app/maps.ts');
        const around = { flags, env: io.env, cwd: io.cwd };
        const warn = (text: string): void => {
          if (!flags.quiet) io.err(`${text}\n`);
        };
        const request = {
          definition: flags.definition ?? null,
          shiftBytes: flags.shift ?? 0,
          roles: flags.role,
          warn,
          readStdin: (limit: number) => io.readStdin(limit),
          lenient: true,
        };
        const decoded = await decodeFile(file, request, around);
        const stock = flags.stock === undefined ? null : await decodeFile(flags.stock, request, around);
        const maps = id === undefined ? decoded.tune.maps : selectMaps(decoded.tune, id);
        if (flags.format === 'json') {
          io.out(mapsDocument(decoded, maps));
          return;
        }
        const views = await import('../../app/views.ts');
        const view = { width: Math.max(40, Math.min(io.width, 160)), colour: wantsColour(io, io.stdoutIsTty) };
        if (flags.format === 'csv') {
          io.out(maps.map((m) => views.mapCsv(m)).join('\n'));
          return;
        }
        if (id === undefined) {
          io.out(views.mapsList(decoded.tune, { ...view, plain: !io.stdoutIsTty }));
          io.err(
            `${decoded.tune.maps.length} items, ${decoded.tune.undecoded.length} not decoded · revsync maps ${file} ID shows one\n`,
          );
          return;
        }
        for (const map of maps.slice(0, 8)) {
          const twin = stock?.tune.maps.find((m) => m.id === map.id) ?? null;
          io.out(`${views.mapHeat(map, twin, view)}\n`);
        }
        if (maps.length > 8)
          io.err(`${maps.length - 8} more maps fit "${id}": say more of the title, or use an id of the list\n`);
      });
  },
};
