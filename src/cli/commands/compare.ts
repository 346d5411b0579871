import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { collect } from '../command.ts';
import { byteShift } from '../flags.ts';
import { type Io, wantsColour } from '../io.ts';
import { checkTargets, deliver, outputTargets } from '../output.ts';

interface Flags extends GlobalFlags {
  definition?: string;
  definitionB?: string;
  shift?: number;
  threshold?: { value: number; percent: boolean };
  role: string[];
  map?: string;
  format: string[];
  output: string[];
  all?: boolean;
}

const EXAMPLES = `
Examples:
  revsync compare original.bin tune.bin                     what changed, map by map
  revsync compare original.bin tune.bin --map "spark"       one map as a heat map of its change
  revsync compare original.bin tune.bin --threshold 2%      small changes are counted, not listed
  revsync compare last-week.msq today.msq --format csv      one line a changed cell
  revsync compare a.bin b.bin --format markdown -o diff.md

Exit codes: 0 identical (or nothing over the threshold) · 1 different · 2 could not compare`;

/** "0.5" in each map's own unit, or "2%". */
function threshold(text: string): { value: number; percent: boolean } {
  const match = /^(\d+(?:[.,]\d+)?)\s*(%?)$/.exec(text.trim());
  if (match === null) throw new InvalidArgumentError('Expected an amount such as 0.5, or percent such as 2%.');
  return { value: Number(match[1]!.replace(',', '.')), percent: match[2] === '%' };
}

/** What exactly changed between two tunes. */
export const command: CommandModule = {
  order: 25,
  register(program: Command, io: Io): void {
    program
      .command('compare')
      .alias('diff')
      .argument('<stock>', 'the first file: usually the factory read')
      .argument('<tune>', 'the second file')
      .description('Compare two tunes by map and cell, in units, and name the bytes that no map explains.')
      .option('-d, --definition <file>', 'TunerPro XDF, revsync YAML, the .ini of an MSQ, or the id of a bundled one')
      .option('--definition-b <file>', 'of the second file, where it is another one')
      .option('--shift <bytes>', "move the definition's addresses by so many bytes", byteShift)
      .option('-t, --threshold <amount>', "leave out changes up to so much: 0.5 (each map's unit) or 2%", threshold)
      .option('-m, --map <text>', 'only maps whose id, title or role contains it, each with a picture')
      .option('--role <title=role>', 'say what a map is: "Table 7=spark" (repeatable)', collect, [])
      .addOption(
        new Option('-f, --format <format>', 'terminal, json, markdown, csv (repeatable)')
          .choices(['terminal', 'json', 'markdown', 'csv'])
          .argParser(collectChoice)
          .default([]),
      )
      .option('-o, --output <file>', 'write to a file instead of stdout (repeatable, one per format)', collect, [])
      .option('--all', 'the equal maps too, and a picture of every changed one')
      .addHelpText('after', EXAMPLES)
      .action(async (first: string, second: string, _local: unknown, self: Command) => {
        await compare(first, second, self.optsWithGlobals<Flags>(), io);
      });
  },
};

function collectChoice(value: string, before: string[]): string[] {
  if (!['terminal', 'json', 'markdown', 'csv'].includes(value))
    throw new InvalidArgumentError('Allowed choices are terminal, json, markdown, csv.');
  return [...before, value];
}

async function compare(first: string, second: string, flags: Flags, io: Io): Promise<void> {
  const targets = outputTargets(flags.format, flags.output, 'terminal');
  await checkTargets(targets, [first, second], io);
  const { compareFiles } = await import('../../app/compare.ts');
  const { renderComparison } = await import('../../app/render-comparison.ts');
  const talk = flags.quiet ? (): void => undefined : (text: string): void => io.err(`${text}\n`);
  const compared = await compareFiles(
    {
      first,
      second,
      definition: flags.definition ?? null,
      secondDefinition: flags.definitionB ?? null,
      shiftBytes: flags.shift ?? 0,
      roles: flags.role,
      threshold: flags.threshold ?? null,
    },
    { warn: talk, readStdin: (limit) => io.readStdin(limit) },
    { flags, env: io.env, cwd: io.cwd },
  );
  for (const target of targets) {
    const onScreen = target.path === null && target.format === 'terminal';
    const look = {
      width: Math.max(40, Math.min(io.width, 160)),
      colour: onScreen && wantsColour(io, io.stdoutIsTty),
      all: flags.all === true,
      map: flags.map ?? null,
    };
    await deliver(renderComparison(target.format, compared, look), target, io);
  }
  for (const { code, message, hint } of compared.document.errors) {
    io.err(`revsync: ${code}: ${message}\n${hint === '' ? '' : `  ${hint}\n`}`);
  }
  io.setExitCode(compared.exitCode);
}
