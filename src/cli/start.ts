/** What bin/revsync.js loads: the real surroundings around cli/main.ts. */
import { EXIT } from './exit.ts';
import { processIo } from './io.ts';
import { run } from './main.ts';

let lost: string | null = null;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that closes the pipe early (head, less) is no failure of ours; what is still to be judged has nobody to tell.
  if (error.code !== 'EPIPE' && lost === null) {
    lost = error.code ?? error.message;
    process.stderr.write(`revsync: OUTPUT_FAILED: standard output cannot be written (${lost})\n`);
    process.exitCode = EXIT.cannotJudge;
  }
  process.stdout.emit('gone');
});
// Talk that nobody can read is no failure either.
process.stderr.on('error', () => undefined);
await run(process.argv.slice(2), processIo());
if (lost !== null) process.exitCode = EXIT.cannotJudge;
