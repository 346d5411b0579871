/**
 * Builds what is run: registries and the compiled knowledge (src/dev/write-registries.ts), then dist/ with esbuild.
 * Code splitting keeps a lazy import a lazy chunk, so that `revsync --help` loads commander and nothing else.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

/** A program of src/dev; what it says of a fault is all there is to say. */
const run = (entry) => {
  const { status } = spawnSync(process.execPath, ['src/dev/run.mjs', entry], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
};

run('src/dev/write-registries.ts');
rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: {
    main: 'src/cli/start.ts',
    'batch-worker': 'src/app/batch-worker.ts',
    'mcp-worker': 'src/mcp/worker.ts',
  },
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
  // What is native stays a package. @xenova/transformers is bundled: as a dependency it would bring sharp, whose install downloads
  // from GitHub and takes the whole package with it where that fails; a sentence needs no image.
  external: ['better-sqlite3', 'better-sqlite3-napi', 'onnxruntime-node'],
  metafile: true,
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
run('src/dev/write-knowledge.ts');
// The full text, from the real command tree, at the width that a pipe gets.
const help = execFileSync(process.execPath, ['dist/main.js', '--help'], {
  env: { ...process.env, COLUMNS: '100', NO_COLOR: '1' },
});
writeFileSync('dist/help.txt', help);
writeFileSync('dist/third-party-licenses.txt', licences(metafile));

/** What is bundled goes with its licences, as they ask. */
function licences({ inputs }) {
  const folders = Object.keys(inputs).map((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      const texts = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice)/i.test(file));
      return [`${name} ${version} (${license})`, ...texts.map((f) => readFileSync(`${folder}/${f}`, 'utf8').trim())];
    })
    .map((parts) => `${parts.join('\n\n')}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}
