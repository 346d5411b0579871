import { Argument, type Command } from 'commander';
import type { CommandModule } from '../command.ts';
import type { Io } from '../io.ts';

const EXAMPLES = `
It completes commands, options and their values, and the ids of rules, motorcycles, definitions, analyses and profiles.
What it knows of commands and options is in the script: print it again after an update of revsync.

bash: in ~/.bashrc
  eval "$(revsync completion bash)"
zsh: in ~/.zshrc, after compinit
  eval "$(revsync completion zsh)"
fish:
  revsync completion fish > ~/.config/fish/completions/revsync.fish
PowerShell: in the file that $PROFILE names
  revsync completion powershell | Out-String | Invoke-Expression`;

/** A script that lets a shell complete what is typed. */
export const command: CommandModule = {
  order: 91,
  register(program: Command, io: Io): void {
    program
      .command('completion')
      .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish', 'powershell']))
      .description('Print a script that lets your shell complete commands, options and ids.')
      .addHelpText('after', EXAMPLES)
      .action(async (shell: string) => {
        const { completionScript } = await import('../completion/script.ts');
        io.out(completionScript(shell, program));
      });
  },
};
