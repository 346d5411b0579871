/**
 * Writes the made-up library into a folder, to try the recommendations by hand.
 *   node src/dev/run.mjs src/dev/garage/make-library.ts FOLDER
 */
import { makeLibrary } from './library.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node src/dev/run.mjs src/dev/garage/make-library.ts FOLDER');
process.stdout.write(`${makeLibrary(folder).length} tunes in ${folder}\n`);
