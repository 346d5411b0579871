/** Scaffolds one thing: npm run new -- rule|motorcycle|definition|reporter|format <id>. Creates files, edits none. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { scaffolds } from './scaffolds.ts';

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const [kind = '', id = ''] = process.argv.slice(2);
const template = scaffolds[kind];
const files = template !== undefined && id.split('/').every((part) => kebab.test(part)) ? template(id) : {};
if (Object.keys(files).length === 0) {
  console.error(
    `usage: npm run new -- ${Object.keys(scaffolds).join('|')} <id>
in kebab-case, such as: rule spark/my-fault · motorcycle yamaha/mt-07-2014-2017 · definition honda-k64`,
  );
  process.exitCode = 2;
} else {
  for (const [path, text] of Object.entries(files)) {
    if (existsSync(path)) {
      console.error(`${path} is there already`);
      process.exitCode = 2;
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`created ${path}; then: npm run build && npm test`);
  }
}
