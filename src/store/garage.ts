/** Profiles, factory reads and ratings in the database. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Profile } from '../core/rider.ts';
import type { Database } from './open-store.ts';

/** A factory image of somebody's motorcycle. */
export interface StockFile {
  sha256: string;
  /** Base name it came under. */
  name: string;
  definitionId: string | null;
  definitionSha256: string | null;
  ecuId: string | null;
  motorcycleId: string;
}

interface ProfileRow {
  id: string;
  motorcycle_id: string;
  stock_sha256: string | null;
  stock_path: string | null;
  ron: number | null;
  ethanol_percent: number | null;
  altitude_m: number | null;
  climate: Profile['climate'];
  mods: string;
  skill: Profile['skill'];
  styles: string;
  goals: string;
  notes: string;
}

const fromRow = (row: ProfileRow): Profile => ({
  id: row.id,
  motorcycle: row.motorcycle_id,
  stock: row.stock_sha256 === null ? null : { path: row.stock_path ?? '', sha256: row.stock_sha256 },
  ron: row.ron,
  ethanolPercent: row.ethanol_percent,
  altitudeM: row.altitude_m,
  climate: row.climate,
  mods: JSON.parse(row.mods) as string[],
  skill: row.skill,
  styles: JSON.parse(row.styles) as Profile['styles'],
  goals: JSON.parse(row.goals) as Profile['goals'],
  notes: row.notes,
});

/** The one used last comes first. */
export function listProfiles(db: Database): Profile[] {
  return (db.prepare('SELECT * FROM profiles ORDER BY used_order DESC, id').all() as ProfileRow[]).map(fromRow);
}

/** Adds a profile or replaces the one of the same id, and makes it the one in use. A factory read that no profile needs any more goes. */
export function saveProfile(db: Database, profile: Profile, at: string): void {
  db.transaction(() => {
    db.prepare(
      `INSERT INTO profiles VALUES (@id, @motorcycle, @stockSha256, @stockPath, @ron, @ethanolPercent, @altitudeM, @climate, @mods, @skill,
         @styles, @goals, @notes, @at, @at, (SELECT coalesce(max(used_order), 0) + 1 FROM profiles))
       ON CONFLICT(id) DO UPDATE SET motorcycle_id = excluded.motorcycle_id, stock_sha256 = excluded.stock_sha256,
         stock_path = excluded.stock_path, ron = excluded.ron, ethanol_percent = excluded.ethanol_percent,
         altitude_m = excluded.altitude_m, climate = excluded.climate, mods = excluded.mods, skill = excluded.skill,
         styles = excluded.styles, goals = excluded.goals, notes = excluded.notes, used_at = excluded.used_at,
         used_order = excluded.used_order`,
    ).run({
      ...profile,
      stockSha256: profile.stock?.sha256 ?? null,
      stockPath: profile.stock?.path ?? null,
      mods: JSON.stringify(profile.mods),
      styles: JSON.stringify(profile.styles),
      goals: JSON.stringify(profile.goals),
      at,
    });
    dropUnusedStock(db);
  }).immediate();
}

/** Makes a profile the one in use. False: there is none of that id. */
export function useProfile(db: Database, id: string, at: string): boolean {
  return (
    db
      .prepare('UPDATE profiles SET used_at = ?, used_order = (SELECT max(used_order) + 1 FROM profiles) WHERE id = ?')
      .run(at, id).changes > 0
  );
}

/** False: there is none of that id. */
export function removeProfile(db: Database, id: string): boolean {
  return db
    .transaction(() => {
      const gone = db.prepare('DELETE FROM profiles WHERE id = ?').run(id).changes > 0;
      dropUnusedStock(db);
      return gone;
    })
    .immediate();
}

/** Files that were marked as stock by themselves stay. */
function dropUnusedStock(db: Database): void {
  db.prepare(
    'DELETE FROM stock_files WHERE marked = 0 AND sha256 NOT IN (SELECT stock_sha256 FROM profiles WHERE stock_sha256 IS NOT NULL)',
  ).run();
}

/** @param marked it stands for all motorcycles of its software, with or without a profile */
export function saveStockFile(db: Database, file: StockFile, bytes: Uint8Array, at: string, marked: boolean): void {
  db.prepare(
    `INSERT INTO stock_files VALUES (@sha256, @name, @byteLength, @marked, @bytes, @definitionId, @definitionSha256, @ecuId,
       @motorcycleId, @at)
     ON CONFLICT(sha256) DO UPDATE SET name = excluded.name, definition_id = excluded.definition_id, ecu_id = excluded.ecu_id,
       definition_sha256 = excluded.definition_sha256, motorcycle_id = excluded.motorcycle_id,
       marked = max(marked, excluded.marked)`,
  ).run({
    ...file,
    byteLength: bytes.length,
    marked: marked ? 1 : 0,
    bytes: gzipSync(bytes, { level: 6 }),
    at,
  });
}

interface StockRow {
  sha256: string;
  name: string;
  byte_length: number;
  bytes_gzip: Buffer;
  definition_id: string | null;
  definition_sha256: string | null;
  ecu_id: string | null;
  motorcycle_id: string;
}

const stockFile = (row: StockRow): StockFile => ({
  sha256: row.sha256,
  name: row.name,
  definitionId: row.definition_id,
  definitionSha256: row.definition_sha256,
  ecuId: row.ecu_id,
  motorcycleId: row.motorcycle_id,
});

/** A factory read with its bytes, or null. */
export function readStockFile(db: Database, sha256: string): (StockFile & { bytes: Uint8Array }) | null {
  const row = db.prepare('SELECT * FROM stock_files WHERE sha256 = ?').get(sha256) as StockRow | undefined;
  if (row === undefined) return null;
  return { ...stockFile(row), bytes: new Uint8Array(gunzipSync(row.bytes_gzip, { maxOutputLength: row.byte_length })) };
}

/** Every factory read without its bytes, in a fixed order. */
export function listStockFiles(db: Database): StockFile[] {
  const columns = 'sha256, name, definition_id, definition_sha256, ecu_id, motorcycle_id';
  const rows = db.prepare(`SELECT ${columns} FROM stock_files ORDER BY added_at, sha256`).all() as StockRow[];
  return rows.map(stockFile);
}

export interface Rating {
  stars: number;
  note: string;
}

/** The rider's own judgement of a file, 1 to 5; a later one replaces it. */
export function saveRating(db: Database, fileSha256: string, rating: Rating, at: string): void {
  db.prepare('INSERT OR REPLACE INTO ratings VALUES (?, ?, ?, ?)').run(fileSha256, rating.stars, rating.note, at);
}

/** By the file's SHA-256. */
export function listRatings(db: Database): Map<string, Rating> {
  const rows = db.prepare('SELECT file_sha256 AS sha256, stars, note FROM ratings').all() as (Rating & {
    sha256: string;
  })[];
  return new Map(rows.map(({ sha256, stars, note }) => [sha256, { stars, note }]));
}
