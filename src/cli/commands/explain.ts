import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { collect } from '../command.ts';
import { type Io, wantsColour } from '../io.ts';

interface Flags extends GlobalFlags {
  format: string;
  rules: string[];
}

/** How a score came about, deduction by deduction, and what would change it. */
export const command: CommandModule = {
  order: 33,
  register(program: Command, io: Io): void {
    program
      .command('explain')
      .argument('<what>', 'a rule, the id of a stored analysis, or a report written with --format json')
      .description('Show how a score came about, deduction by deduction, and what would change it.')
      .addOption(new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal'))
      .option('--rules <folder>', 'your own rules too (repeatable)', collect, [])
      .addHelpText(
        'after',
        '\nExamples:\n  revsync explain 3f2a91c0\n  revsync explain report.json --format json\n  revsync explain spark-over-stock-at-full-load',
      )
      .action(async (what: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { explain } = await import('../../app/explain.ts');
        const explained = await explain(what, flags.rules, { flags, env: io.env, cwd: io.cwd });
        if (flags.format === 'json') {
          const { explainJson } = await import('../../app/explain.ts');
          io.out(explainJson(explained));
          return;
        }
        const { explanationCard, ruleCard, rulePoints } = await import('../../app/views.ts');
        const look = { width: io.width, colour: wantsColour(io, io.stdoutIsTty) };
        if (explained.kind === 'rule') {
          io.out(
            `${ruleCard(explained.rule, look)}\n${rulePoints(explained.rule, explained.points, explained.version, look)}`,
          );
          return;
        }
        io.out(explained.explanations.map((e) => explanationCard(e, look)).join('\n'));
      });
  },
};
