/** The script for a shell. */
import type { Command } from 'commander';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { powershellScript } from './powershell.ts';
import { places } from './tree.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript };

/** @param shell one of the choices of the command */
export function completionScript(shell: string, program: Command): string {
  return SCRIPTS[shell as keyof typeof SCRIPTS](places(program));
}
