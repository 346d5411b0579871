#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';

// The help text is rendered at build from the commands themselves: asking for it starts as fast as bare Node.
const help = new URL('../dist/help.txt', import.meta.url);
const [flag, ...rest] = process.argv.slice(2);
if (
  /^(--help|-h)$/.test(flag ?? '') &&
  rest.length === 0 &&
  (process.stdout.columns ?? 100) >= 100 &&
  existsSync(help)
) {
  process.stdout.write(readFileSync(help));
} else {
  module.enableCompileCache?.();
  await import('../dist/main.js');
}
