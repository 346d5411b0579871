import { type Command, Option } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import { numberBetween } from '../flags.ts';
import type { Io } from '../io.ts';

const EXAMPLES = `
Examples:
  revsync cost                       tokens and time that the local model took
  revsync cost --price 0.5,1.5       what they would have cost, per million tokens of prompt and of answer
  revsync cost --days 30 --format json`;

/** What the second opinions took. */
export const command: CommandModule = {
  order: 47,
  register(program: Command, io: Io): void {
    program
      .command('cost')
      .description(
        'Tokens and time that the local model took, and what they would have cost elsewhere. Here they cost nothing.',
      )
      .option('--price <number>', 'for a million tokens; two with a comma: prompt,answer')
      .option('--days <number>', 'only the last so many days', numberBetween(0, 100_000, 'days'))
      .addOption(
        new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json', 'ndjson']).default('terminal'),
      )
      .addHelpText('after', EXAMPLES)
      .action(async (_local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<GlobalFlags & { price?: string; days?: number; format: string }>();
        const { costOf, priceOf } = await import('../../app/kept-answers.ts');
        const price = flags.price === undefined ? null : priceOf(flags.price);
        const around = { flags, env: io.env, cwd: io.cwd };
        const { models, total } = await costOf(flags.days ?? null, price, new Date(), around);
        if (flags.format !== 'terminal') {
          const { plainJson } = await import('../../app/plain-json.ts');
          io.out(plainJson(flags.format, 'models', models, { price, total }));
          return;
        }
        if (models.length === 0) {
          io.err('No model was asked yet: revsync analyze tune.bin --engine llm\n');
          return;
        }
        const { alignedTable } = await import('../../app/views.ts');
        const seconds = (ms: number): string => (ms / 1000).toFixed(1);
        const lines = models.map((m) => [
          m.model,
          String(m.requests),
          String(m.valid),
          String(m.failed),
          String(m.reused),
          String(m.promptTokens),
          String(m.answerTokens),
          seconds(m.totalMs),
          ...(m.cost === null ? [] : [m.cost.toFixed(4)]),
        ]);
        const head = ['model', 'asked', 'valid', 'failed', 'reused', 'prompt tokens', 'answer tokens', 'seconds'];
        if (total.cost !== null) head.push('cost');
        if (models.length > 1) {
          const { requests, promptTokens, answerTokens, totalMs, cost } = total;
          const sums = [
            'together',
            String(requests),
            '',
            '',
            '',
            String(promptTokens),
            String(answerTokens),
            seconds(totalMs),
          ];
          lines.push(cost === null ? sums : [...sums, cost.toFixed(4)]);
        }
        io.out(alignedTable(head, lines, { width: io.width, plain: !io.stdoutIsTty }));
        if (price === null)
          io.err('Nothing of it cost money. --price N says what a million tokens would cost elsewhere.\n');
      });
  },
};
