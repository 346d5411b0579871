/** Every command line that the docs, the help or a hint tells a person to type names a command and flags that exist. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import type { Io } from '../cli/io.ts';
import { buildProgram } from '../cli/main.ts';

const program = buildProgram({ width: 100, out: () => undefined, err: () => undefined } as unknown as Io);

/** "revsync maps FILE --format csv" -> the words after "revsync", up to what ends a command in running text. */
function commandsIn(text: string): string[][] {
  return [...text.matchAll(/\brevsync(?:\.js)? ((?:--?)?[a-z][^\n`'"(){}<>|·;,]*)/g)].map(([, line]) =>
    line!
      .trim()
      .split(/\s{3,}|\\n/)[0]!
      .replace(/[.:]+$/, '')
      .split(/\s+/),
  );
}

/** What is wrong with a command line, or null. */
function fault(words: string[]): string | null {
  let command: Command = program;
  for (const word of words) {
    const next = command.commands.find((c) => c.name() === word || c.aliases().includes(word));
    if (next === undefined) break;
    command = next;
  }
  if (command === program) return `no command "${words[0]}"`;
  const flags = words.filter((w) => /^--[a-z]/.test(w)).map((w) => w.split('=')[0]!.replace(/[^a-z]+$/, ''));
  const known = command.options.map((o) => o.long);
  const wrong = flags.find((flag) => !known.includes(flag) && flag !== '--help');
  return wrong === undefined ? null : `"${command.name()}" has no ${wrong}`;
}

const faults = (text: string): string[] =>
  commandsIn(text).flatMap((words) => {
    const wrong = fault(words);
    return wrong === null ? [] : [`revsync ${words.join(' ')}: ${wrong}`];
  });

/** In prose "revsync reads" is no command; in code, where a command is shown as one, it is. */
const codeOf = (markdown: string): string =>
  [...markdown.matchAll(/```[^\n]*\n(.*?)```|`([^`\n]+)`/gs)].map((m) => m[1] ?? m[2]).join('\n');

test('a command and a flag that are not there are seen', () => {
  const said = 'type `revsync judge a` or `revsync definitions list --all-of-them`, then revsync show ID --all.';
  expect(faults(said)).toEqual([
    'revsync judge a: no command "judge"',
    'revsync definitions list --all-of-them: "list" has no --all-of-them',
  ]);
});

const PAGES = [
  'README.md',
  ...readdirSync('docs')
    .filter((f) => f.endsWith('.md'))
    .map((f) => `docs/${f}`),
];

test.each(PAGES)('%s', (page) => {
  expect(faults(codeOf(readFileSync(page, 'utf8')))).toEqual([]);
});

test('the examples of every command', () => {
  let help = '';
  const collect = (command: Command): void => {
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    command.commands.forEach(collect);
  };
  collect(program);
  const lines = help.split('\n').filter((line) => /^\s+revsync /.test(line));
  expect(lines.length).toBeGreaterThan(40);
  expect(lines.flatMap(faults)).toEqual([]);
});

test('the hints of errors and checks', () => {
  const names = new Set(program.commands.map((c) => c.name()));
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (f) => /\.ts$/.test(f) && !/\.test\.ts$|^(?:dev|generated|test)\b|\btesting\b/.test(f.replaceAll('\\', '/')),
  );
  const wrong = sources.flatMap((file) =>
    commandsIn(readFileSync(`src/${file}`, 'utf8'))
      .filter((words) => names.has(words[0]!))
      .flatMap((words) => fault(words) ?? [])
      .map((text) => `${file}: ${text}`),
  );
  expect(wrong).toEqual([]);
});
