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
  candidates?: boolean;
  low?: boolean;
  twin?: string;
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
      .option('-d, --definition <file>', 'TunerPro XDF, revsync YAML, the .ini of an MSQ, or the id of a bundled one')
      .option('--shift <bytes>', "move the definition's addresses by so many bytes", byteShift)
      .option('-s, --stock <file>', 'show the change against this factory image')
      .option('--role <title=role>', 'say what a map is: "Table 7=spark" (repeatable)', collect, [])
      .addOption(
        new Option(
          '-f, --format <format>',
          'how to print: yaml and xdf are a definition of the candidates, to be finished',
        )
          .choices(['terminal', 'json', 'csv', 'yaml', 'xdf'])
          .default('terminal'),
      )
      .option('--candidates', 'look for maps in an image that nobody has defined; shown, never scored')
      .option('--low', 'candidates of low confidence too')
      .option('--twin <file>', 'a second image of the same ECU: where the two differ is calibration')
      .addHelpText(
        'after',
        '\nExamples:\n  revsync maps tune.bin\n  revsync maps tune.bin "spark advance"\n  revsync maps tune.bin --definition bike.xdf --format json\n  revsync maps CurrentTune.msq veTable --format csv > ve.csv\n  revsync maps unknown.bin --candidates\n  revsync maps unknown.bin 0x2DA20 --candidates\n  revsync maps unknown.bin --candidates --twin other-bike.bin',
      )
      .action(async (file: string, id: string | undefined, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        if (flags.candidates === true) {
          await showCandidates(file, id, flags, io);
          return;
        }
        if (flags.twin !== undefined) {
          const { RevsyncError } = await import('../../core/errors.ts');
          throw new RevsyncError('USAGE', '--twin is for --candidates', 'revsync maps FILE --candidates --twin OTHER');
        }
        if (flags.format === 'yaml' || flags.format === 'xdf') {
          const { RevsyncError } = await import('../../core/errors.ts');
          throw new RevsyncError(
            'USAGE',
            `${flags.format} is for --candidates`,
            `revsync maps FILE --candidates --format ${flags.format}`,
          );
        }
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
          const { shellQuoted } = await import('../../core/rules/message.ts');
          io.out(views.mapsList(decoded.tune, { ...view, plain: !io.stdoutIsTty }));
          io.err(
            `${decoded.tune.maps.length} items, ${decoded.tune.undecoded.length} not decoded · revsync maps ${shellQuoted(file)} ID shows one\n`,
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

async function showCandidates(file: string, id: string | undefined, flags: Flags, io: Io): Promise<void> {
  const { readNamed } = await import('../../app/decode-file.ts');
  const { asMap, candidatesAs, candidatesBeside, candidatesDocument, selectCandidate } = await import(
    '../../app/candidates.ts'
  );
  const input = await readNamed(file, io.cwd, (limit) => io.readStdin(limit));
  const twin = flags.twin === undefined ? null : await readNamed(flags.twin, io.cwd, (limit) => io.readStdin(limit));
  const { candidates: all, twinReason } = candidatesBeside(input, twin);
  if (twinReason !== null && !flags.quiet) io.err(`The second image was not used: ${twinReason}.\n`);
  const shown = all.filter((c) => flags.low === true || c.confidence !== 'low' || id !== undefined);
  const chosen = id === undefined ? shown : [selectCandidate(all, id)];
  if (flags.format === 'json') {
    io.out(candidatesDocument(input, chosen));
    return;
  }
  if (flags.format === 'yaml' || flags.format === 'xdf') {
    io.out(candidatesAs(flags.format, input, chosen));
    return;
  }
  const views = await import('../../app/views.ts');
  const view = { width: Math.max(40, Math.min(io.width, 160)), colour: wantsColour(io, io.stdoutIsTty) };
  if (flags.format === 'csv') {
    io.out(chosen.map((c) => views.mapCsv(asMap(c))).join('\n'));
    return;
  }
  if (id !== undefined) {
    io.out(`${views.mapHeat(asMap(chosen[0]!), null, view)}\n`);
    return;
  }
  const rows = chosen.map((c) => [
    c.id,
    `${c.rows}x${c.columns}`,
    `${8 * c.elementBytes} bit${c.elementBytes === 1 ? '' : ` ${c.byteOrder}`}`,
    c.axes.map((a) => `${a.axis} 0x${a.offsetBytes.toString(16).toUpperCase()}`).join(' '),
    c.confidence,
    c.because,
  ]);
  io.out(
    views.alignedTable([{ name: 'at', keep: true }, 'cells', 'elements', 'axes', 'confidence', 'because'], rows, {
      width: view.width,
      plain: !io.stdoutIsTty,
    }),
  );
  const low = all.filter((c) => c.confidence === 'low').length;
  if (!flags.quiet)
    io.err(
      `${all.length - low} candidates, ${low} more of low confidence${flags.low === true ? '' : ' (--low)'}. Guesses from the bytes alone: nothing of this is scored.\n`,
    );
}
