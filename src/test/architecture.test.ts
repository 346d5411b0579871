/** The direction of imports, the purity of the core and what `--help` loads, held by reading every import of the tree. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  target: string;
  kind: 'static' | 'type' | 'dynamic';
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts') && !e.name.endsWith('.test.ts'))
    .map((e) => relative(SRC, join(e.parentPath, e.name)))
    .sort();
}

const files = sourceFiles(SRC);
const isProduct = (file: string): boolean => !/^(dev|test)\//.test(file) && !/(^|\/)(test-|fixtures)/.test(file);

/** Imports of a file, those of this project as paths from src/. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  const statement = /^(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+\s+from\s+)?['"]([^'"]+)['"]/gm;
  for (const m of text.matchAll(statement))
    found.push({ target: resolve(file, m[2] ?? ''), kind: m[1] ? 'type' : 'static' });
  for (const m of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    // `import('x').Type` in a type position looks the same; it is allowed where a type import is.
    found.push({ target: resolve(file, m[1] ?? ''), kind: 'dynamic' });
  }
  return found;
}

function resolve(from: string, target: string): string {
  return target.startsWith('.') ? relative(SRC, join(SRC, dirname(from), target)) : target;
}

const isOwn = (target: string): boolean =>
  files.includes(target) || target.startsWith('generated/') || target.includes('/');
const isNpm = (target: string): boolean =>
  !target.startsWith('node:') &&
  !target.startsWith('..') &&
  !files.includes(target) &&
  !/^(core|app|cli|catalog|store|formats|logs|reporters|generated|dev|test|embed|llm|mcp)\//.test(target);
const isNode = (target: string): boolean => target.startsWith('node:') || builtinModules.includes(target);

/** Which folders a folder may import. */
const MAY: Record<string, string[]> = {
  core: ['core'],
  formats: ['core'],
  logs: ['core'],
  reporters: ['core', 'reporters'],
  catalog: ['core', 'catalog'],
  store: ['core', 'store'],
  embed: ['core', 'embed'],
  llm: ['core', 'llm'],
  app: ['core', 'catalog', 'store', 'embed', 'llm', 'formats', 'logs', 'reporters', 'app', 'generated'],
  cli: ['core', 'app', 'cli', 'mcp', 'generated'],
  mcp: ['core', 'app', 'mcp', 'generated'],
};

/** npm packages that a folder may import at all. */
const NPM: Record<string, string[]> = {
  // saxes: the XML tree that several formats share, and formats never import each other.
  core: ['jsep', '@jsep-plugin/numbers', '@marcbachmann/cel-js', 'saxes'],
  formats: ['saxes', 'yaml', 'csv-parse/sync'],
  logs: [],
  reporters: ['chalk', 'cli-table3'],
};

describe('direction of imports', () => {
  test('every folder imports only what lies below it', () => {
    const wrong: string[] = [];
    for (const file of files.filter(isProduct)) {
      const folder = file.split('/')[0] ?? '';
      const allowed = MAY[folder];
      if (allowed === undefined) continue;
      for (const { target, kind } of importsOf(file)) {
        if (isNpm(target) || isNode(target) || !isOwn(target)) continue;
        // The list of migrations is made of files of the store alone.
        const into = target === 'generated/migrations.ts' ? 'store' : (target.split('/')[0] ?? '');
        if (target === '../package.json') continue;
        const isFormat = folder === 'formats' || folder === 'logs';
        const sameFormat = isFormat && into === folder && target.split('/')[1] === file.split('/')[1];
        if (!allowed.includes(into) && !sameFormat) wrong.push(`${file} -> ${target} (${kind})`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('one format never imports another', () => {
    const wrong = files
      .filter((f) => /^(formats|logs)\//.test(f) && isProduct(f))
      .flatMap((f) =>
        importsOf(f)
          .filter((i) => /^(formats|logs)\//.test(i.target) && i.target.split('/')[1] !== f.split('/')[1])
          .map((i) => `${f} -> ${i.target}`),
      );
    expect(wrong).toEqual([]);
  });

  test('core, formats and reporters touch no Node module and only their few packages', () => {
    const wrong: string[] = [];
    for (const file of files.filter(isProduct)) {
      const folder = file.split('/')[0] ?? '';
      const packages = NPM[folder];
      if (packages === undefined) continue;
      for (const { target } of importsOf(file)) {
        if (isNode(target) || (isNpm(target) && !packages.includes(target))) wrong.push(`${file} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('jsep is known to expression.ts alone, CEL to condition.ts, the protocol of agents to server.ts', () => {
    const users = (name: RegExp): string[] =>
      files.filter((f) => isProduct(f) && importsOf(f).some((i) => name.test(i.target)));
    expect(users(/jsep/)).toEqual(['core/expression.ts']);
    expect(users(/cel-js/)).toEqual(['core/rules/condition.ts']);
    expect(users(/^@modelcontextprotocol/)).toEqual(['mcp/server.ts']);
  });

  test('core has no clock, no randomness, no environment', () => {
    const wrong = files
      .filter((f) => /^(core|formats|logs|reporters)\//.test(f) && isProduct(f))
      .filter((f) =>
        /\b(Date\.now|new Date\(\)|Math\.random|process\.|globalThis)/.test(readFileSync(join(SRC, f), 'utf8')),
      );
    expect(wrong).toEqual([]);
  });

  test('nobody evaluates text or leaves the process', () => {
    const wrong = files
      .filter(isProduct)
      .filter((f) => /\beval\(|new Function\(|process\.exit\(/.test(readFileSync(join(SRC, f), 'utf8')));
    expect(wrong).toEqual([]);
  });
});

describe('the proving ground', () => {
  test('knows nothing of rules and metrics: it is what they are proven with', () => {
    const own = files.filter((f) => f.startsWith('dev/verdict/'));
    expect(own.length).toBeGreaterThan(10);
    const wrong = own.flatMap((f) =>
      importsOf(f)
        .filter((i) => /^core\/(rules|metrics)\//.test(i.target) || i.target.startsWith('../rules'))
        .map((i) => `${f} -> ${i.target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('the injector reaches none of them in any number of steps', () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { target, kind } of importsOf(file)) if (kind !== 'type' && files.includes(target)) visit(target);
    };
    visit('dev/verdict/catalogue.ts');
    expect([...seen]).toContain('dev/verdict/editor.ts');
    expect([...seen].filter((f) => /^core\/(rules|metrics)\//.test(f) || /^(app|catalog)\//.test(f))).toEqual([]);
  });
});

describe('start-up', () => {
  test('the static closure of the command line holds commander and nothing else from npm', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { target, kind } of importsOf(file)) {
        if (kind !== 'static') continue;
        if (isNpm(target)) packages.add(target);
        else if (target === 'generated/commands.ts') commandFiles.forEach(visit);
        else if (files.includes(target)) visit(target);
      }
    };
    const commandFiles = files.filter((f) => f.startsWith('cli/commands/'));
    expect(commandFiles.length).toBeGreaterThan(5);
    visit('cli/start.ts');
    expect([...packages]).toEqual(['commander']);
    expect([...seen].filter((f) => !/^(cli|core\/(errors|bounds))/.test(f))).toEqual([]);
  });
});

test('no file is one you would not want to meet at night', () => {
  const long = files
    .filter((f) => !f.startsWith('generated/'))
    .map((f) => [f, readFileSync(join(SRC, f), 'utf8').split('\n').length] as const)
    .filter(([, lines]) => lines > 430);
  expect(long).toEqual([]);
});
