/**
 * The entry of the command line: commander and nothing else, so that `--help` stays near bare Node.
 * Each command loads what it needs when it runs.
 */
import { Command, CommanderError } from 'commander';
import { RevsyncError } from '../core/errors.ts';
import { commands } from '../generated/commands.ts';
import { EXIT, errorDocument, reportError } from './exit.ts';
import { guarded } from './harmless.ts';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';

const EPILOG = `
Examples:
  revsync analyze tune.bin                        judge a tune before you flash it
  revsync analyze tune.bin --stock original.bin   against your own factory read
  revsync analyze *.bin --format json             for a script: JSON on stdout, exit code 0, 1 or 2
  revsync maps tune.bin                           what is in the file, map by map

Exit codes: 0 acceptable · 1 a finding at or above --fail-on, or a score under --min-score
            2 could not judge, or wrong usage · 130 cancelled
Nothing is sent anywhere: every byte stays on this machine.`;

/** Builds the command tree. `io` is replaced in tests. */
export function buildProgram(io: Io): Command {
  const program = new Command('revsync')
    .description('Offline analysis of motorcycle ECU tune files: what is dangerous, why, and what to do.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--db <file>', 'the database (default: the data folder of your user)')
    .option('--no-store', 'keep nothing of this run')
    .option('--no-input', 'never ask a question')
    .option('-q, --quiet', 'no progress, no talk on stderr')
    .helpOption('-h, --help', 'show help, also: revsync <command> --help')
    .addHelpText('after', EPILOG)
    .showHelpAfterError('(revsync --help shows what there is)')
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHelpWidth: () => Math.min(io.width, 100),
      getErrHelpWidth: () => Math.min(io.width, 100),
    })
    .exitOverride();
  for (const module of [...commands].sort((a, b) => a.order - b.order)) module.register(program, io);
  inherit(program);
  return program;
}

/** Sub-commands take over output and error behaviour, and accept the global flags behind their own name too. */
function inherit(parent: Command): void {
  for (const child of parent.commands) {
    child.copyInheritedSettings(parent);
    for (const flag of parent.options) {
      const name = flag.attributeName();
      if (name === 'version' || child.options.some((o) => o.long === flag.long)) continue;
      child.addOption(
        Object.assign(Object.create(Object.getPrototypeOf(flag)), flag, { hidden: true, defaultValue: undefined }),
      );
    }
    inherit(child);
  }
}

/** Runs one command line and settles with the exit code set. */
export async function run(argv: string[], surroundings: Io): Promise<void> {
  const io = guarded(surroundings);
  try {
    await buildProgram(io).parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      io.setExitCode(error.exitCode === 0 ? EXIT.ok : EXIT.cannotJudge);
      // commander has told the person; a script still gets its document.
      if (error.exitCode !== 0 && wantsJson(argv)) io.out(errorDocument(usageError(error)));
      return;
    }
    if (wantsJson(argv)) io.out(errorDocument(error));
    reportError(error, io);
  }
}

const usageError = (error: CommanderError): RevsyncError =>
  new RevsyncError('USAGE', error.message.replace(/^error: /, ''), 'revsync --help shows what there is.', error);

function wantsJson(argv: string[]): boolean {
  return argv.some((a, i) => a === '--json' || a === '--format=json' || (a === '--format' && argv[i + 1] === 'json'));
}
