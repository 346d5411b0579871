/** The user's own definitions in the database. */
import type { Database } from './open-store.ts';

export interface StoredDefinition {
  id: string;
  sha256: string;
  format: string;
  title: string;
  /** File name it came under. */
  name: string;
  bytes: Uint8Array;
}

/** Adds or, for the same id, replaces. Returns false when exactly these bytes are there already. */
export function addDefinition(db: Database, definition: StoredDefinition, at: string): boolean {
  const known = db.prepare('SELECT 1 FROM definitions WHERE sha256 = ?').get(definition.sha256);
  if (known !== undefined) return false;
  db.prepare('INSERT OR REPLACE INTO definitions VALUES (?, ?, ?, ?, ?, ?, ?)').run(
    definition.id,
    definition.sha256,
    definition.format,
    definition.title,
    definition.name,
    Buffer.from(definition.bytes),
    at,
  );
  return true;
}

/** All of them, by id. */
export function listDefinitions(db: Database): StoredDefinition[] {
  return db
    .prepare('SELECT id, sha256, format, title, name, bytes FROM definitions ORDER BY id')
    .all() as StoredDefinition[];
}

/** Returns false when there was none of that id. */
export function removeDefinition(db: Database, id: string): boolean {
  return db.prepare('DELETE FROM definitions WHERE id = ?').run(id).changes > 0;
}
