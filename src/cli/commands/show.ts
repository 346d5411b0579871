import type { Command } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { collect } from '../command.ts';
import { type Io, wantsColour } from '../io.ts';
import { checkTargets, deliver, outputTargets } from '../output.ts';

interface Flags extends GlobalFlags {
  format: string[];
  output: string[];
  all?: boolean;
  notChecked?: boolean;
}

/** A stored analysis again, in any format. */
export const command: CommandModule = {
  order: 31,
  register(program: Command, io: Io): void {
    program
      .command('show')
      .alias('report')
      .argument('<id>', 'id of an analysis, or its beginning')
      .description('Print a stored analysis again, in any format.')
      .option(
        '-f, --format <format>',
        'terminal, json, ndjson, sarif, html, markdown, junit, csv (repeatable)',
        collect,
        [],
      )
      .option('-o, --output <file>', 'write to a file instead of stdout (repeatable)', collect, [])
      .option('--all', 'every rule with its status, every note')
      .option('--not-checked', 'list what was not checked, rule by rule')
      .addHelpText(
        'after',
        '\nExamples:\n  revsync show 3f2a --all\n  revsync show 3f2a --format html --output report.html',
      )
      .action(async (id: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const targets = outputTargets(flags.format, flags.output, 'terminal');
        await checkTargets(targets, flags.db === undefined ? [] : [flags.db], io);
        const { storedDocument } = await import('../../app/history.ts');
        const { renderReport } = await import('../../app/render.ts');
        const document = await storedDocument(id, flags.all === true || flags.notChecked === true, {
          flags,
          env: io.env,
          cwd: io.cwd,
        });
        for (const target of targets) {
          const view = {
            width: Math.max(40, Math.min(io.width, 140)),
            colour: target.path === null && target.format === 'terminal' && wantsColour(io, io.stdoutIsTty),
            all: flags.all === true,
            notChecked: flags.notChecked === true,
            verbose: true,
            stored: true,
          };
          await deliver(await renderReport(target.format, document, view), target, io);
        }
      });
  },
};
