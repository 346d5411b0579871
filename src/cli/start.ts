/** What bin/revsync.js loads: the real surroundings around cli/main.ts. */
import { EXIT } from './exit.ts';
import { processIo } from './io.ts';
import { run } from './main.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that closes the pipe early (head, less) is no failure of ours; what is still to be judged has nobody to tell.
  if (error.code === 'EPIPE') {
    process.stdout.emit('gone');
    return;
  }
  process.stderr.write(`revsync: OUTPUT_FAILED: standard output cannot be written (${error.code ?? error.message})\n`);
  process.exit(EXIT.cannotJudge);
});
// Talk that nobody can read is no failure either.
process.stderr.on('error', () => undefined);
await run(process.argv.slice(2), processIo());
