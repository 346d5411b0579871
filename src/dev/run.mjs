/**
 * Runs a TypeScript entry of src/dev: bundles it with esbuild into dist/dev, beside the compiled knowledge, and imports the result.
 * Usage: node src/dev/run.mjs src/dev/generate.ts [arguments…]
 */
import { mkdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [entry, ...rest] = process.argv.slice(2);
if (!entry) throw new Error('usage: node src/dev/run.mjs ENTRY.ts [arguments…]');
const folder = resolve('dist/dev');
mkdirSync(folder, { recursive: true });
const outfile = resolve(folder, `${basename(entry, '.ts')}-${process.pid}.mjs`);
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.argv = [process.argv[0], outfile, ...rest];
try {
  await import(pathToFileURL(outfile).href);
} catch (error) {
  // An expected error (src/core/errors.ts) is for whoever wrote the file that it names; its stack says nothing more.
  if (typeof error?.hint !== 'string') throw error;
  console.error(`${error.code}: ${error.message}\n  ${error.hint}`);
  process.exitCode = 1;
} finally {
  const { rmSync } = await import('node:fs');
  rmSync(outfile, { force: true });
}
