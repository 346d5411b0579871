/** Opens the database: WAL, foreign keys, a busy timeout, migrations in one transaction each. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { RevsyncError } from '../core/errors.ts';
import { migrations } from '../generated/migrations.ts';

export type Database = BetterSqlite3.Database;

/** Milliseconds to wait for another process that is writing. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * @param path of the database file; its folder is made where missing
 * @throws RevsyncError DATABASE_UNAVAILABLE | DATABASE_DAMAGED | DATABASE_BUSY | DATABASE_FULL | DATABASE_READONLY | DATABASE_NEWER | DATABASE_DRIVER
 */
export async function openDatabase(path: string): Promise<Database> {
  const Driver = await loadDriver();
  let db: Database | undefined;
  try {
    makeFolder(dirname(resolve(path)));
    db = new Driver(path, { timeout: BUSY_TIMEOUT_MS });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    migrate(db);
    return db;
  } catch (error) {
    db?.close();
    throw explain(error, path);
  }
}

/** One folder after the other: `recursive` of Node 20 never returns for a folder under /proc. */
function makeFolder(folder: string): void {
  try {
    if (statSync(folder).isDirectory()) return;
  } catch {
    // It is not there: its parent first.
  }
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** From this Node-API on (Node 22.14) better-sqlite3 13 runs; on an older one it ends the process. */
const NAPI = 10;

/**
 * better-sqlite3 12 is built against V8 and aborts on Node 24.19 and later while rubbish is collected (nodejs/node#65446); 13 stands on
 * Node-API, brings its binaries and knows no Node 20. The same interface: whichever is there, the newer one first.
 */
export async function loadDriver(): Promise<typeof BetterSqlite3> {
  // No literal: where the optional package is missing, nothing may ask for its types.
  const newer: string = 'better-sqlite3-napi';
  if (Number(process.versions['napi']) >= NAPI) {
    try {
      const driver = ((await import(newer)) as { default: typeof BetterSqlite3 }).default;
      new driver(':memory:').close();
      return driver;
    } catch {
      // Optional: 12 was built for this Node at install.
    }
  }
  try {
    return (await import('better-sqlite3')).default;
  } catch (error) {
    throw driverError(error);
  }
}

function driverError(error: unknown): RevsyncError {
  return new RevsyncError(
    'DATABASE_DRIVER',
    `the SQLite driver cannot be loaded: ${firstLine(error).replace(/\.? Tried:$/, '')}`,
    'Run "npm rebuild better-sqlite3" in the folder where revsync is installed (it was built for another Node, or its build was skipped: npm 12 wants it allowed, --allow-scripts=better-sqlite3). Analyses work without it; add --no-store to silence this.',
    error,
  );
}

function migrate(db: Database): void {
  db.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT');
  const pending = (): typeof migrations => {
    const done = new Set(db.prepare('SELECT name FROM migrations').pluck().all() as string[]);
    const unknown = [...done].filter((name) => !migrations.some((m) => m.name === name));
    if (unknown.length > 0) {
      throw new RevsyncError(
        'DATABASE_NEWER',
        `the database was written by a newer revsync (${unknown.join(', ')})`,
        'Update revsync, or name another database with --db FILE.',
      );
    }
    return migrations.filter((m) => !done.has(m.name));
  };
  if (pending().length === 0) return;
  // IMMEDIATE: two processes that start at once must not both run a migration.
  db.transaction(() => {
    for (const migration of pending()) {
      db.exec(migration.sql);
      db.prepare("INSERT INTO migrations VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))").run(migration.name);
    }
  }).immediate();
}

/** Turns what SQLite and the file system say into words and a way forward. */
export function explain(error: unknown, path: string): Error {
  if (error instanceof RevsyncError) return error;
  const code = String((error as { code?: unknown }).code ?? '');
  const text = firstLine(error);
  const elsewhere = 'Name another database with --db FILE, or run with --no-store.';
  if (/NODE_MODULE_VERSION|bindings file|different Node/i.test(text)) return driverError(error);
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new RevsyncError(
      'DATABASE_DAMAGED',
      `${path} is damaged or no database (${text})`,
      `Move it away; revsync makes a new one. ${elsewhere}`,
      error,
    );
  }
  // Texts and packed cells that were written whole: the file was changed by something else, or its disk fails.
  if (error instanceof SyntaxError || code.startsWith('Z_')) {
    return new RevsyncError(
      'DATABASE_DAMAGED',
      `something stored in ${path} is no longer whole (${text})`,
      `revsync export saves what is; then move the file away. ${elsewhere}`,
      error,
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new RevsyncError(
      'DATABASE_BUSY',
      `${path} is locked by another process`,
      `Try again when it is done. ${elsewhere}`,
      error,
    );
  }
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') {
    return new RevsyncError('DATABASE_FULL', `no space left for ${path}`, `Free some space. ${elsewhere}`, error);
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS') {
    return new RevsyncError(
      'DATABASE_READONLY',
      `${path} cannot be written (${text})`,
      `Copy it to a folder that is yours. ${elsewhere}`,
      error,
    );
  }
  if (code.startsWith('SQLITE_') || code.startsWith('E')) {
    return new RevsyncError('DATABASE_UNAVAILABLE', `${path} cannot be used (${text})`, elsewhere, error);
  }
  return error instanceof Error ? error : new Error(text);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
