import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { numberBetween } from '../flags.ts';
import type { Io } from '../io.ts';

const EXAMPLES = `
An answer is used again for the same content, rules, motorcycle, fuel, question and model, until it has run out
(RECOMMENDATION_CACHE_TIMEOUT, in seconds; 0: never). No request is made for it; a model that was pulled anew under the same
name is noticed at the first real question.

Examples:
  revsync cache                          what is kept
  revsync cache clear                    ask the model anew from now on
  revsync cache clear --older-than 86400 only what is older than a day`;

/** Answers of the local model that are kept. */
export const command: CommandModule = {
  order: 46,
  register(program: Command, io: Io): void {
    const cache = program
      .command('cache')
      .description('Kept answers of the local model: show them, or forget them.')
      .addHelpText('after', EXAMPLES);
    cache
      .command('show', { isDefault: true })
      .description('What is kept, newest first.')
      .option('-n, --limit <number>', 'how many at most', numberBetween(1, 1_000_000, ''), 50)
      .addOption(format())
      .action(async (_local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<GlobalFlags & { limit: number; format: string }>();
        const { cachedAnswers } = await import('../../app/kept-answers.ts');
        const { lifetimeSeconds, answers } = await cachedAnswers(flags.limit, new Date(), around(flags, io));
        if (flags.format !== 'terminal') {
          const { plainJson } = await import('../../app/plain-json.ts');
          io.out(plainJson(flags.format, 'answers', answers, { lifetimeSeconds }));
          return;
        }
        if (answers.length === 0) {
          io.err('No answer of a model is kept: revsync analyze tune.bin --engine llm\n');
          return;
        }
        const { alignedTable } = await import('../../app/views.ts');
        const lines = answers.map((a) => [
          a.analysisId.slice(0, 8),
          a.model,
          a.fresh ? 'yes' : 'run out',
          String(a.reused),
          String(a.promptTokens + a.answerTokens),
          a.path,
          a.at.slice(0, 16).replace('T', ' '),
        ]);
        const head = ['analysis', 'model', 'in use', 'reused', 'tokens', 'file', 'when (UTC)'];
        io.out(alignedTable(head, lines, { width: io.width, plain: !io.stdoutIsTty }));
      });
    cache
      .command('clear')
      .description('Forget kept answers. What they cost stays counted, analyses stay as they are.')
      .option('--older-than <seconds>', 'only those that are older', numberBetween(0, 1e10, 'seconds'))
      .addOption(format())
      .action(async (_local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<GlobalFlags & { olderThan?: number; format: string }>();
        const { clearCache } = await import('../../app/kept-answers.ts');
        const forgotten = await clearCache(flags.olderThan ?? null, new Date(), around(flags, io));
        if (flags.format === 'terminal') io.err(`${forgotten} ${forgotten === 1 ? 'answer' : 'answers'} forgotten.\n`);
        else {
          const { plainJson } = await import('../../app/plain-json.ts');
          io.out(plainJson(flags.format, 'answers', [], { forgotten }));
        }
      });
  },
};

const format = (): Option =>
  new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json', 'ndjson']).default('terminal');

const around = (flags: GlobalFlags, io: Io): { flags: GlobalFlags; env: Io['env']; cwd: string } => ({
  flags,
  env: io.env,
  cwd: io.cwd,
});
