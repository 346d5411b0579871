/**
 * Hostile records through the whole library: lines of an export with values changed at random, imported, and then printed by every
 * command that prints stored things. Looks for bugs, for raw control characters and for documents that are not what they say.
 * node src/dev/run.mjs src/dev/hostile/records.ts EXPORT.ndjson [--runs 500] [--seed 1]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { run } from '../../cli/main.ts';
import { seededRandom } from '../search-eval/seeded-random.ts';
import { captureIo } from './capture.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name an export');
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const runs = option('--runs', 500);
const random = seededRandom(option('--seed', 1));
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

const EVIL =
  "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\u0000\r\n<img src=x onerror=alert(1)>&]]>=cmd|'/c calc'!A0 {value} %s `x` | \ud800 \ufffe \u2028 \"; DROP TABLE analyses;--";
const VALUES: unknown[] = [
  EVIL,
  EVIL,
  EVIL,
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(100_000),
  null,
  true,
  false,
  0,
  -0,
  -1,
  1e308,
  -1e308,
  5e-324,
  1e21,
  0.1,
  2 ** 53,
  4294967296,
  [],
  {},
  [null],
  [[]],
  { __proto__: null, a: 1 },
  '\ud83d',
  '../../etc/passwd',
  '1970-01-01',
  '9999-12-31T23:59:59.999Z',
  'critical',
  'fail',
  'pass',
];

const TEXTS = VALUES.filter((v) => typeof v === 'string');
const NUMBERS = VALUES.filter((v) => typeof v === 'number');

function change(value: unknown, depth = 0): unknown {
  // Mostly of its own kind, so that many records get past the schema and are printed.
  if (typeof value === 'string' && random() < 0.9) return pick(TEXTS);
  if (typeof value === 'number' && random() < 0.9) return pick(NUMBERS);
  if (value === null || typeof value !== 'object' || depth > 12 || random() < 0.01) return pick(VALUES);
  const keys = Object.keys(value);
  if (keys.length === 0) return pick(VALUES);
  const key = pick(keys);
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const dice = random();
  if (dice < 0.01) delete copy[key];
  else if (dice < 0.03 && Array.isArray(value))
    (copy as unknown as unknown[]).push(...Array.from({ length: 200 }, () => value[0]));
  else copy[key] = change(copy[key], depth + 1);
  return copy;
}

const lines = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((l) => JSON.parse(l) as Record<string, unknown>);
const folder = mkdtempSync(join(tmpdir(), 'revsync-hostile-'));
const db = ['--db', join(folder, 'x.db'), '--no-input'];
const env = {
  XDG_DATA_HOME: folder,
  XDG_CONFIG_HOME: folder,
  REVSYNC_MODELS: join(folder, 'none'),
  OLLAMA_HOST: '127.0.0.1:1',
};
const ids: string[] = [];
let out = '';
for (let i = 0; i < runs; i++) {
  const id = (0x1000000000000000n + BigInt(i)).toString(16);
  let line = structuredClone(pick(lines)) as Record<string, unknown>;
  for (let n = 1 + Math.floor(random() * 6); n > 0; n--) line = change(line) as Record<string, unknown>;
  if (line !== null && typeof line === 'object') {
    if ('analysisId' in line) line['analysisId'] = id;
    const report = line['report'] as Record<string, unknown> | undefined;
    if (report !== undefined && report !== null && typeof report === 'object' && 'analysisId' in report)
      report['analysisId'] = id;
  }
  ids.push(id);
  out += `${JSON.stringify(line)}\n`;
}
writeFileSync(join(folder, 'in.ndjson'), out);

// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const faults = new Map<string, string[]>();
const fault = (what: string, args: string[], detail: string): void => {
  const key = `${what} ${args.filter((a) => !/^[0-9a-f]{16}$/.test(a) && !db.includes(a)).join(' ')}`;
  faults.set(key, [...(faults.get(key) ?? []), detail]);
};
let commands = 0;
async function ask(args: string[], format: string): Promise<string> {
  commands++;
  const io = captureIo(folder, env);
  const started = performance.now();
  await run([...args, ...db], io);
  const ms = performance.now() - started;
  if (ms > 5000 && args[0] !== 'import') fault('SLOW', args, `${Math.round(ms)} ms`);
  const all = io.stdout + io.stderr;
  if (/INTERNAL/.test(all)) fault('INTERNAL', args, all.slice(all.indexOf('INTERNAL'), all.indexOf('INTERNAL') + 400));
  const active = ACTIVE.exec(io.stdout) ?? ACTIVE.exec(io.stderr);
  if (active !== null)
    fault(
      'ACTIVE',
      args,
      `${JSON.stringify(active[0])} in ${JSON.stringify(active.input.slice(Math.max(0, active.index - 60), active.index + 20))}`,
    );
  if (![0, 1, 2].includes(io.exitCode)) fault('EXIT', args, String(io.exitCode));
  try {
    if (['json', 'sarif'].includes(format) && io.stdout !== '') JSON.parse(io.stdout);
    if (format === 'ndjson') for (const line of io.stdout.split('\n')) if (line !== '') JSON.parse(line);
    if (format === 'junit' && io.stdout !== '') {
      const xml = new SaxesParser();
      xml.on('error', (error) => {
        throw error;
      });
      xml.write(io.stdout).close();
    }
    if (format === 'html' && /<img src=x/.test(io.stdout)) throw new Error('markup of the file is alive');
    if (format === 'csv')
      for (const line of io.stdout.split('\n')) if (/(^|,)"?[=@+]cmd/.test(line)) throw new Error('a formula');
  } catch (error) {
    fault('FORMAT', args, (error as Error).message.slice(0, 200));
  }
  return io.stdout;
}

const said = await ask(['import', join(folder, 'in.ndjson'), '--format', 'json'], 'json');
const { imported, known, skipped, bad } = JSON.parse(said) as Record<string, number>;
console.log({ imported, known, skipped, bad });
const history = JSON.parse(await ask(['history', '--limit', '1000', '--format', 'json'], 'json')) as {
  analyses?: { analysisId: string }[];
};
const stored = ids.filter((id) => JSON.stringify(history).includes(id));
console.log(`${stored.length} stored`);
for (const format of ['terminal', 'json', 'ndjson']) await ask(['history', '--format', format], format);
for (const words of [
  'spark',
  'DROP TABLE',
  '"',
  "' OR 1=1",
  '\u001b[31m',
  '*',
  'a AND NOT',
  '\ud800',
  '(((',
  'NEAR(x)',
]) {
  await ask(['search', words, '--format', 'json'], 'json');
  await ask(['search', words], 'terminal');
}
for (const format of ['terminal', 'json'])
  await ask(['recommend', '--bike', 'yamaha/yzf-r6-2008-2009', '--ron', '95', '--format', format], format);
await ask(['export'], 'ndjson');
await ask(['reindex'], 'terminal');
await ask(['cache'], 'terminal');
await ask(['doctor', '--json'], 'json');
for (const id of stored) {
  for (const format of ['terminal', 'json', 'ndjson', 'sarif', 'html', 'markdown', 'junit', 'csv'])
    await ask(['show', id, '--format', format, '--all'], format);
  await ask(['show', id, '--verbose'], 'terminal');
  for (const format of ['terminal', 'json']) {
    await ask(['explain', id, '--format', format], format);
    await ask(['similar', id, '--format', format], format);
  }
  await ask(['note', id], 'terminal');
}
rmSync(folder, { recursive: true, force: true });
console.log(`${commands} commands`);
for (const [key, details] of faults)
  console.log(`${details.length} x ${key}\n    ${[...new Set(details)].slice(0, 3).join('\n    ')}`);
if (faults.size > 0) process.exitCode = 1;
