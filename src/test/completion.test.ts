/** `revsync completion` as somebody types: real shells, keys and all; a shell that is not here is named and left out. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completionScript } from '../cli/completion/script.ts';
import { places, unsaid } from '../cli/completion/tree.ts';
import type { Io } from '../cli/io.ts';
import { buildProgram } from '../cli/main.ts';
import { PROJECT } from './analyze-in-process.ts';

const home = mkdtempSync(join(tmpdir(), 'revsync-completion-'));
const BIN = join(PROJECT, 'bin/revsync.js');
const CALLS = join(home, 'calls.txt');
const ENV = {
  PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
  HOME: home,
  XDG_DATA_HOME: join(home, 'data'),
  XDG_CONFIG_HOME: join(home, 'config'),
  USE_LOCAL_LLM: 'false',
  TERM: 'dumb',
  LANG: 'C.UTF-8',
};
const work = join(home, 'work');
const io = {
  out: () => undefined,
  err: () => undefined,
  width: 100,
  env: {},
  cwd: '.',
  setExitCode: () => undefined,
} as unknown as Io;
let analysisId = '';

const run = (args: string[]): string =>
  execFileSync(process.execPath, [BIN, ...args], {
    cwd: work,
    env: ENV,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
const has = (shell: string): boolean => spawnSync(shell, ['--version'], { stdio: 'ignore' }).error === undefined;

beforeAll(() => {
  if (!existsSync(join(PROJECT, 'dist/main.js'))) execFileSync('npm', ['run', 'build'], { cwd: PROJECT });
  for (const folder of ['bin', 'work/a folder']) mkdirSync(join(home, folder), { recursive: true });
  for (const file of ['my tune (1).bin', "it's.bin", 'other.bin']) writeFileSync(join(work, file), '');
  for (const name of ['ecu', 'b b'])
    for (const ending of ['bin', 'yaml'])
      writeFileSync(join(work, `${name}.${ending}`), readFileSync(join(PROJECT, `fixtures/example/stock.${ending}`)));
  // What a shell starts: the real program, and a note that it was started.
  writeFileSync(
    join(home, 'bin/revsync'),
    `#!/bin/sh\necho "$@" >> '${CALLS}'\nexec '${process.execPath}' '${BIN}' "$@"\n`,
  );
  chmodSync(join(home, 'bin/revsync'), 0o755);
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
    writeFileSync(join(home, shell), run(['completion', shell]));
  const definition = join(home, 'zz bike (2008).xdf');
  writeFileSync(definition, readFileSync(join(PROJECT, 'fixtures/xdf/made-up.xdf')));
  run(['definitions', 'add', definition]);
  run(['analyze', join(PROJECT, 'fixtures/example/stock.bin'), '--format', 'json']);
  const { analyses } = JSON.parse(run(['history', '--format', 'json'])) as { analyses: { analysisId: string }[] };
  analysisId = analyses[0]!.analysisId.slice(0, 8);
  run(['profile', 'add', 'track', '--bike', 'yamaha r6 2008']);
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What is typed, with TAB where it is pressed, and the words that the shell hands over then. `ID` stands for the stored analysis. */
const TYPED: [string, string[]][] = [
  ['anal\t', ['analyze']],
  ['compl\tpow\t', ['completion', 'powershell']],
  ['definitions sh\t', ['definitions', 'show']],
  ['analyze oth\t --form\t js\t', ['analyze', 'other.bin', '--format', 'json']],
  ['analyze --format=ndj\t', ['analyze', '--format=ndjson']],
  ['analyze -f htm\t', ['analyze', '-f', 'html']],
  ['analyze --fail-on cri\t', ['analyze', '--fail-on', 'critical']],
  ['analyze --engine ll\t', ['analyze', '--engine', 'llm']],
  ['analyze --no-st\t', ['analyze', '--no-store']],
  ['analyze my\t', ['analyze', 'my tune (1).bin']],
  ['analyze "my\t', ['analyze', 'my tune (1).bin']],
  ['analyze it\t', ['analyze', "it's.bin"]],
  ['analyze other.bin --stock my\t', ['analyze', 'other.bin', '--stock', 'my tune (1).bin']],
  ['rules show spark-over-stock-at\t', ['rules', 'show', 'spark-over-stock-at-full-load']],
  ['recommend --bike yamaha/yzf-r6-2008\t', ['recommend', '--bike', 'yamaha/yzf-r6-2008-2009']],
  ['recommend --skill beg\t', ['recommend', '--skill', 'beginner']],
  ['analyze --profile tr\t', ['analyze', '--profile', 'track']],
  ['explain spark-over-stock-at\t', ['explain', 'spark-over-stock-at-full-load']],
  ['explain my\t', ['explain', 'my tune (1).bin']],
  ['definitions remove zz\t', ['definitions', 'remove', 'zz bike (2008)']],
  ['definitions remove "zz\t', ['definitions', 'remove', 'zz bike (2008)']],
  ["definitions show 'zz bi\t", ['definitions', 'show', 'zz bike (2008)']],
  ['definitions show zz\\ bi\t', ['definitions', 'show', 'zz bike (2008)']],
  ['maps ecu.bin spark\t', ['maps', 'ecu.bin', 'spark-advance@0x1100']],
  ['maps ecu.bin spark-advance@0x\t', ['maps', 'ecu.bin', 'spark-advance@0x1100']],
  ['maps "b b.bin" fuel\t', ['maps', 'b b.bin', 'fuel@0x1500']],
  ['maps --role x=spark b\\ b.bin fuel\t', ['maps', '--role', 'x=spark', 'b b.bin', 'fuel@0x1500']],
  ['analyze --profile=tr\t', ['analyze', '--profile=track']],
  ['show ID\t', ['show', 'ID']],
  ['--db /nowhere/x.db show ID\t', ['--db', '/nowhere/x.db', 'show', 'ID-TYPED']],
];
const id = (words: string[]): string[] =>
  words.map((w) => w.replace('ID-TYPED', analysisId.slice(0, 5)).replace('ID', analysisId));

/** A shell at a terminal of its own. */
class Typist {
  readonly #child: ChildProcess;
  #out = '';

  constructor(command: string) {
    this.#child = spawn('script', ['-qec', command, '/dev/null'], { cwd: work, env: ENV, stdio: 'pipe' });
    this.#child.stdout!.on('data', (d: Buffer) => {
      this.#out += d.toString();
    });
  }

  /** Types and waits for a text that was not there before. */
  async type(keys: string, until: string): Promise<string> {
    const from = this.#out.length;
    this.#child.stdin!.write(keys);
    for (let i = 0; i < 600; i++) {
      const at = this.#out.indexOf(until, from);
      if (at >= 0) return this.#out.slice(at);
      await new Promise((r) => setTimeout(r, 25));
    }
    throw new Error(`"${until}" did not come: ${JSON.stringify(this.#out.slice(from))}`);
  }

  /** The words of a line once it is completed: the line is turned into a print of its own words. */
  async words(typed: string): Promise<string[]> {
    const closed = typed.replace('ID', analysisId.slice(0, 5));
    await this.type(`revsync ${closed}`, 'revsync');
    const answer = await this.type(`\u0001printf '<%s>' beg""in \u0005 en""d\r`, '<begin>');
    const whole = answer.includes('<end>') ? answer : answer + (await this.type('', '<end>').catch(() => ''));
    return [...whole.slice(0, whole.indexOf('<end>')).matchAll(/<([^>]*)>/g)].map((m) => m[1]!).slice(2);
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}

describe('the tree', () => {
  test('of every argument and value it is said what completes it (src/cli/completion/kinds.ts)', () => {
    expect(unsaid(buildProgram(io))).toEqual([]);
  });

  test('has every command, and no hidden one', () => {
    const paths = places(buildProgram(io)).map((p) => p.path);
    expect(paths).toEqual(
      expect.arrayContaining(['', 'analyze', 'rules show', 'definitions match', 'mcp', 'completion']),
    );
    expect(paths).not.toContain('__complete');
    const flags = places(buildProgram(io))
      .find((p) => p.path === 'analyze')!
      .flags.flatMap((f) => f.names);
    expect(flags).toEqual(
      expect.arrayContaining(['-d', '--definition', '--no-suppress', '--db', '--no-store', '--help']),
    );
    expect(flags).not.toContain('--fuel');
  });

  test('a new command is in every script by itself', () => {
    const program = buildProgram(io);
    program
      .command('polish')
      .description("it's new")
      .argument('<file>')
      .option('-w, --wax <kind>', 'which', 'carnauba');
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      const script = completionScript(shell, program);
      for (const text of ['polish', '--wax', '-w']) expect(script).toContain(text);
    }
  });
});

/** Where `script` of util-linux is not, no keys can be typed: the functions alone are asked there. */
const canType = has('script') && process.platform === 'linux';

describe('bash', () => {
  /** What the function answers for these words. */
  const reply = (words: string[]): string[] => {
    const array = words.map((w) => `'${w.replaceAll("'", "'\\''")}'`).join(' ');
    const line = `source '${join(home, 'bash')}'; COMP_WORDS=(revsync ${array}); COMP_CWORD=${words.length}; _revsync revsync; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['--norc', '-c', line], { cwd: work, env: ENV, encoding: 'utf8' });
    return stdout.split('\n').filter((l) => l !== '');
  };

  test('offers commands, then their own, their options and the values of those', () => {
    expect(reply([''])).toEqual(places(buildProgram(io))[0]!.children.map((c) => c.names[0]));
    expect(reply(['an'])).toEqual(['analyze']);
    expect(reply(['rules', ''])).toEqual(['list', 'show', 'test']);
    expect(reply(['analyze', '--format', ''])).toEqual([
      'csv',
      'html',
      'json',
      'junit',
      'markdown',
      'ndjson',
      'sarif',
      'terminal',
    ]);
    expect(reply(['maps', '--format', ''])).toEqual(['terminal', 'json', 'csv', 'yaml', 'xdf']);
    expect(reply(['analyze', '--format', '=', 'j'])).toEqual(['json', 'junit']);
    expect(reply(['analyse', 'x.bin', '--fail-on', ''])).toEqual([
      'critical',
      'high',
      'medium',
      'low',
      'info',
      'never',
    ]);
    expect(reply(['completion', ''])).toEqual(['bash', 'zsh', 'fish', 'powershell']);
    expect(reply(['cache', '--li'])).toEqual(['--limit']);
    expect(reply(['analyze', '--', '--fo'])).toEqual([]);
    // A command's name as a value or a file leads nowhere.
    expect(reply(['analyze', '--definition', 'rules', '--engi'])).toEqual(['--engine']);
    expect(reply(['show', 'rules', ''])).toEqual([]);
  });

  test('starts nothing for what stands in the script, and the program once for ids', () => {
    rmSync(CALLS, { force: true });
    reply(['']);
    reply(['analyze', '--f']);
    reply(['analyze', '--format', '']);
    reply(['analyze', '']);
    expect(existsSync(CALLS)).toBe(false);
    expect(reply(['rules', 'show', 'spark-over-stock-at'])).toEqual(['spark-over-stock-at-full-load']);
    expect(readFileSync(CALLS, 'utf8')).toBe('__complete rule spark-over-stock-at \n');
  });

  test('ids as the shell has to write them', () => {
    expect(reply(['definitions', 'remove', 'zz'])).toEqual(['zz\\ bike\\ \\(2008\\)']);
    expect(reply(['definitions', 'remove', '"zz'])).toEqual(['zz bike (2008)']);
    expect(reply(['rate', analysisId.slice(0, 4)])).toEqual([analysisId]);
    expect(reply(['rate', analysisId, ''])).toEqual(['1', '2', '3', '4', '5']);
    expect(reply(['profile', 'use', ''])).toEqual(['track']);
  });

  test.skipIf(!canType)('typed at a terminal (left out where there is no `script` to make one)', async () => {
    const shell = new Typist('bash --norc --noprofile -i');
    try {
      await shell.type(`source '${join(home, 'bash')}'; bind 'set bell-style none'; echo re""ady\n`, 'ready');
      for (const [typed, words] of TYPED) expect([typed, await shell.words(typed)]).toEqual([typed, id(words)]);
    } finally {
      shell.close();
    }
  });
});

describe('zsh', () => {
  test.skipIf(!canType || !has('zsh'))('typed at a terminal (left out where there is no zsh)', async () => {
    const shell = new Typist('zsh -f -i');
    try {
      const start = `autoload -Uz compinit; compinit -D -u; source '${join(home, 'zsh')}'; unsetopt beep; bindkey -e; echo re""ady\n`;
      await shell.type(start, 'ready');
      for (const [typed, words] of TYPED) expect([typed, await shell.words(typed)]).toEqual([typed, id(words)]);
    } finally {
      shell.close();
    }
  });
});

describe('fish', () => {
  test.skipIf(!has('fish'))('asked for what it would offer (left out where there is no fish)', () => {
    const offered = (line: string): string[] => {
      const script = `source '${join(home, 'fish')}'; complete -C ${JSON.stringify(line)}`;
      const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], {
        cwd: work,
        env: ENV,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      return stdout
        .split('\n')
        .filter((l) => l !== '')
        .map((l) => l.split('\t')[0]!);
    };
    for (const [typed, words] of TYPED) {
      const line = typed.slice(0, -1).split('\t').length > 1 ? null : typed.slice(0, -1);
      // A word that is typed in pieces is asked for piece by piece elsewhere; a file keeps what fish says of it.
      if (line === null) continue;
      const last = id(words).at(-1)!;
      const found = offered(`revsync ${line.replace('ID', analysisId.slice(0, 5))}`);
      if (words.includes('ID-TYPED')) expect([typed, found]).toEqual([typed, []]);
      else expect([typed, found]).toEqual([typed, expect.arrayContaining([last])]);
    }
    expect(offered('revsync rules ')).toEqual(['list', 'show', 'test']);
    expect(offered('revsync analyze --forma')).toEqual(['--format']);
    expect(offered('revsync maps --format ')).toEqual(['csv', 'json', 'terminal', 'xdf', 'yaml']);
    expect(offered('revsync inventory ')).toEqual(['a folder/']);
  });
});

describe('PowerShell', () => {
  test.skipIf(!has('pwsh'))('asked for what it would offer (left out where there is no pwsh)', () => {
    const offered = (line: string): string[] => {
      const script = `. '${join(home, 'powershell.ps1')}'; (TabExpansion2 -inputScript '${line.replaceAll("'", "''")}' -cursorColumn ${line.length}).CompletionMatches | ForEach-Object { $_.CompletionText }`;
      writeFileSync(join(home, 'powershell.ps1'), readFileSync(join(home, 'powershell')));
      return spawnSync('pwsh', ['-NoProfile', '-Command', script], { cwd: work, env: ENV, encoding: 'utf8' })
        .stdout.split(/\r?\n/)
        .filter((l) => l !== '');
    };
    expect(offered('revsync anal')).toEqual(['analyze']);
    expect(offered('revsync maps --format ')).toEqual(['terminal', 'json', 'csv', 'yaml', 'xdf']);
    expect(offered('revsync definitions remove zz')).toEqual(["'zz bike (2008)'"]);
  });
});

describe('__complete', () => {
  test('prints ids and what they are, and is silent about anything that is wrong', () => {
    expect(run(['__complete', 'bike', 'yamaha/yzf-r6-2008'])).toBe(
      'yamaha/yzf-r6-2008-2009\tYamaha YZF-R6 2008-2009\n',
    );
    expect(run(['__complete', 'definition', 'zz'])).toBe('zz bike (2008)\tmade up\n');
    expect(run(['__complete', 'rule'])).toContain('\nfan-late\t');
    expect(run(['__complete', 'analysis'])).toContain(`${analysisId}\t`);
    expect(run(['__complete', 'nothing-of-the-kind'])).toBe('');
    expect(run(['__complete', 'constructor'])).toBe('');
    expect(run(['__complete', 'map', 'fan', 'ecu.bin'])).toBe('fan-on-and-off@0x1810\tFan on and off\n');
    expect(run(['__complete', 'map', '', 'nothing.bin'])).toBe('');
    expect(run(['__complete', 'map', '', '-'])).toBe('');
    expect(run(['__complete', 'map'])).toBe('');
    const none = join(home, 'none', 'x.db');
    expect(run(['__complete', 'analysis', '--db', none])).toBe('');
    expect(existsSync(none)).toBe(false);
    const broken = join(home, 'broken.db');
    writeFileSync(broken, 'no database');
    expect(run(['__complete', 'profile', '--db', broken])).toBe('');
  });

  test('stands in no help', () => {
    expect(run(['--help'])).not.toContain('__complete');
    expect(readFileSync(join(PROJECT, 'docs/generated/cli.md'), 'utf8')).not.toContain('__complete');
  });
});
