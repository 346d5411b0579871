/**
 * Rewrites docs/generated and the example of README.md from the code; with --check it says what is out of date and exits 1.
 * Registries and compiled knowledge are written by the build (write-registries.ts, write-knowledge.ts).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withExample } from './docs/readme-example.ts';
import { renderDocs } from './docs/render-docs.ts';

const check = process.argv.includes('--check');
const stale: string[] = [];
const generated = Object.entries(await renderDocs()).map(
  ([path, text]) => [join('docs/generated', path), text] as const,
);
const readme = await withExample(readFileSync('README.md', 'utf8'));
for (const [full, text] of [...generated, ['README.md', readme] as const]) {
  if (existsSync(full) && readFileSync(full, 'utf8') === text) continue;
  stale.push(full);
  if (check) continue;
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}
if (check && stale.length > 0) {
  console.error(`Out of date, run "npm run generate":\n  ${stale.join('\n  ')}`);
  process.exitCode = 1;
}
