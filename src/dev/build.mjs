/**
 * Builds what is run: registries and the compiled knowledge (src/dev/generate.ts --registries), then dist/ with esbuild.
 * Code splitting keeps a lazy import a lazy chunk, so that `revsync --help` loads commander and nothing else.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

execFileSync(process.execPath, ['src/dev/run.mjs', 'src/dev/generate.ts', '--registries'], { stdio: 'inherit' });
rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: { main: 'src/cli/start.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  sourcemap: false,
  chunkNames: 'chunks/[name]-[hash]',
  external: ['better-sqlite3', 'onnxruntime-node', 'sqlite-vec', '@xenova/transformers'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
execFileSync(process.execPath, ['src/dev/run.mjs', 'src/dev/generate.ts', '--knowledge'], { stdio: 'inherit' });
