/**
 * Builds what is run: registries and the compiled knowledge (src/dev/write-registries.ts), then dist/ with esbuild.
 * Code splitting keeps a lazy import a lazy chunk, so that `revsync --help` loads commander and nothing else.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

execFileSync(process.execPath, ['src/dev/run.mjs', 'src/dev/write-registries.ts'], { stdio: 'inherit' });
rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: { main: 'src/cli/start.ts', 'batch-worker': 'src/app/batch-worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: true,
  keepNames: true,
  sourcemap: false,
  chunkNames: 'chunks/[name]-[hash]',
  external: ['better-sqlite3', 'onnxruntime-node', '@xenova/transformers'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
execFileSync(process.execPath, ['src/dev/run.mjs', 'src/dev/write-knowledge.ts'], { stdio: 'inherit' });
// The full text, from the real command tree, at the width that a pipe gets.
const help = execFileSync(process.execPath, ['dist/main.js', '--help'], {
  env: { ...process.env, COLUMNS: '100', NO_COLOR: '1' },
});
writeFileSync('dist/help.txt', help);
