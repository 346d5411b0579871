import type { Command } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import type { Io } from '../io.ts';

/** What the scripts of `revsync completion` ask while somebody types: one id a line, a tab, what it is. Never an error. */
export const command: CommandModule = {
  order: 99,
  register(program: Command, io: Io): void {
    program
      .command('__complete', { hidden: true })
      .argument('<kind>')
      .argument('[prefix]')
      .argument('[file]')
      .action(
        async (kind: string, prefix: string | undefined, file: string | undefined, _local: unknown, self: Command) => {
          const { offers } = await import('../../app/complete.ts');
          const found = await offers(kind, prefix ?? '', file ?? '', {
            flags: self.optsWithGlobals<GlobalFlags>(),
            env: io.env,
            cwd: io.cwd,
          });
          io.out(found.map(({ value, about }) => `${value}\t${about}\n`).join(''));
        },
      );
  },
};
