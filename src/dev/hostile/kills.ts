/**
 * kill -9 at random moments of commands that write: after each the database is whole and every analysis in it complete, and the same
 * command run again finishes the work. Needs the built program.
 * node src/dev/run.mjs src/dev/hostile/kills.ts [--kills 30] [--seed 1]
 */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { seededRandom } from '../search-eval/seeded-random.ts';

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const random = seededRandom(option('--seed', 1));
const kills = option('--kills', 30);
const FILES = 40;

const folder = mkdtempSync(join(tmpdir(), 'revsync-kills-'));
const bin = resolve('bin/revsync.js');
const tune = readFileSync('fixtures/example/track-day.bin');
const files = Array.from({ length: FILES }, (_, i) => {
  const changed = Buffer.from(tune);
  // A cell of the fuel map each, so that every file is another one.
  changed[0x1500 + i]! ^= 1;
  const path = join(folder, `tune-${String(i).padStart(2, '0')}.bin`);
  writeFileSync(path, changed);
  copyFileSync('fixtures/example/track-day.yaml', path.replace(/bin$/, 'yaml'));
  return path;
});
const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, REVSYNC_MODELS: join(folder, 'none') };
const argsOf = (db: string, args: string[]): string[] => [bin, '--db', db, '--no-input', ...args];

function whole(db: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, argsOf(db, args), { env, maxBuffer: 1 << 28 });
  if (status !== 0 && status !== 1) throw new Error(`${args[0]}: exit ${status}: ${stderr}`);
  return String(stdout);
}

async function killed(db: string, args: string[], afterMs: number): Promise<void> {
  const child = spawn(process.execPath, argsOf(db, args), { env, stdio: 'ignore' });
  const ended = new Promise((done) => child.on('close', done));
  await new Promise((done) => setTimeout(done, afterMs));
  child.kill('SIGKILL');
  await ended;
}

/** How many analyses; throws where something is half. */
function lookInto(path: string): number {
  if (!existsSync(path)) return 0;
  const db = new BetterSqlite3(path);
  try {
    const one = (sql: string): unknown => db.prepare(sql).pluck().get();
    if (one('PRAGMA integrity_check') !== 'ok') throw new Error('integrity');
    if ((db.pragma('foreign_key_check') as unknown[]).length > 0) throw new Error('foreign keys');
    if (one("SELECT count(*) FROM sqlite_master WHERE name = 'analyses'") === 0) return 0;
    const half = one(
      'SELECT count(*) FROM analyses a WHERE a.id NOT IN (SELECT analysis_id FROM findings) OR a.id NOT IN (SELECT analysis_id FROM metrics)',
    );
    if (half !== 0) throw new Error(`${String(half)} analyses are half`);
    return Number(one('SELECT count(*) FROM analyses'));
  } finally {
    db.close();
  }
}

try {
  const [first, second] = [join(folder, 'first.db'), join(folder, 'second.db')];
  const analyze = ['analyze', '--engine', 'rules', ...files];
  const share = (part: number): number => Math.max(1, Math.round(kills * part));
  const each = async (what: string, times: number, db: string, args: () => string[], mostMs: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      const ms = 100 + random() * mostMs;
      await killed(db, args(), ms);
      console.log(`${what}\t${Math.round(ms)} ms\t${lookInto(db)} analyses`);
    }
  };
  await each('analyze', share(0.35), first, () => analyze, 4000);
  whole(first, analyze);
  if (lookInto(first) !== FILES) throw new Error('run again, some are missing');
  const lines = whole(first, ['export']);
  const exported = join(folder, 'export.ndjson');
  writeFileSync(exported, lines);
  await each('import', share(0.25), second, () => ['import', exported], 1500);
  whole(second, ['import', exported]);
  if (lookInto(second) !== FILES) throw new Error('imported again, some are missing');
  const ids = lines
    .trim()
    .split('\n')
    .map((l) => (JSON.parse(l) as { analysisId: string }).analysisId);
  const anyId = (): string => ids[Math.floor(random() * ids.length)]!;
  await each('reindex', share(0.15), second, () => ['reindex'], 1200);
  await each('rate', share(0.15), second, () => ['rate', anyId(), '4'], 800);
  await each('note', share(0.15), second, () => ['note', anyId(), 'ridden'], 800);
  // As it came, byte for byte.
  if (whole(second, ['export']).replace(/"own":\{[^}]*\}/g, '"own":null') !== lines)
    throw new Error('what was imported is not what was exported');
  console.log('whole');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
