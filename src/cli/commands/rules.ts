import { type Command, Option } from 'commander';
import type { CommandModule } from '../command.ts';
import { collect } from '../command.ts';
import { type Io, wantsColour } from '../io.ts';

const formatOption = (): Option =>
  new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json']).default('terminal');

interface Flags {
  format: string;
  rules: string[];
}

/** The rules: list, explain, test. */
export const command: CommandModule = {
  order: 51,
  register(program: Command, io: Io): void {
    const rules = program
      .command('rules')
      .description('List the rules, show one with its limits and sources, run the examples inside them.')
      .addOption(formatOption())
      .option('--rules <folder>', 'your own rules too (repeatable)', collect, [])
      .addHelpText(
        'after',
        '\nExamples:\n  revsync rules\n  revsync rules show spark-over-stock-at-full-load\n  revsync rules test my-rules',
      )
      .action((_local: unknown, self: Command) => list(self.optsWithGlobals<Flags>(), io));
    rules
      .command('list')
      .description('List all rules.')
      .addOption(formatOption())
      .option('--rules <folder>', 'your own rules too (repeatable)', collect, [])
      .action((_local: unknown, self: Command) => list(self.optsWithGlobals<Flags>(), io));
    rules
      .command('show')
      .argument('<id>', 'id of a rule')
      .description('Show one rule: limits, why, fix, sources, examples.')
      .addOption(formatOption())
      .option('--rules <folder>', 'your own rules too (repeatable)', collect, [])
      .action(async (id: string, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { findRule } = await import('../../app/rules.ts');
        const rule = await findRule(id, flags.rules, io.cwd);
        if (flags.format === 'json') {
          const { plainJson } = await import('../../app/plain-json.ts');
          const { publicRule } = await import('../../app/rules.ts');
          io.out(plainJson('json', 'rules', [publicRule(rule)]));
          return;
        }
        const { ruleCard } = await import('../../app/views.ts');
        io.out(ruleCard(rule, { width: io.width, colour: wantsColour(io, io.stdoutIsTty) }));
      });
    rules
      .command('test')
      .argument('[folder]', 'a folder of your own rules: those alone')
      .description('Run the examples inside the rules; exit 1 on a wrong one.')
      .addOption(formatOption())
      .option('--rules <folder>', 'your own rules too (repeatable)', collect, [])
      .action(async (folder: string | undefined, _local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        const { testRules } = await import('../../app/rules.ts');
        const results = await testRules(flags.rules, io.cwd, folder ?? null);
        const wrong = results.filter((r) => !r.ok);
        if (flags.format === 'json') {
          const { plainJson } = await import('../../app/plain-json.ts');
          io.out(plainJson('json', 'examples', results));
        } else {
          for (const r of results) {
            const mark = r.ok ? (r.kind === 'hit' ? 'hit ' : 'miss') : 'WRONG';
            io.out(
              `${mark}  ${r.ruleId}  ${r.says}${r.ok ? '' : `  got ${r.got}`}${r.note === '' ? '' : `  ${r.note}`}\n`,
            );
          }
          const hits = results.filter((r) => r.ok && r.kind === 'hit').length;
          io.err(
            `${results.length} examples: ${hits} hits, ${results.length - hits - wrong.length} misses as expected, ${wrong.length} wrong\n`,
          );
        }
        io.setExitCode(wrong.length > 0 ? 1 : 0);
      });
  },
};

async function list(flags: Flags, io: Io): Promise<void> {
  const { loadRuleset, publicRule } = await import('../../app/rules.ts');
  const { rules } = await loadRuleset(flags.rules, io.cwd);
  if (flags.format === 'json') {
    const { plainJson } = await import('../../app/plain-json.ts');
    io.out(plainJson('json', 'rules', rules.map(publicRule)));
    return;
  }
  const { rulesList } = await import('../../app/views.ts');
  io.out(rulesList(rules, { width: io.width, colour: wantsColour(io, io.stdoutIsTty), plain: !io.stdoutIsTty }));
  io.err(`${rules.length} rules · revsync rules show ID explains one\n`);
}
