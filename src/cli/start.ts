/** What bin/revsync.js loads: the real surroundings around cli/main.ts. */
import { processIo } from './io.ts';
import { run } from './main.ts';

// A reader that closes the pipe early (head, less) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
await run(process.argv.slice(2), processIo());
