/**
 * Vectors of texts: kept with the model that made them and never held against another model's. A search looks at the signs of all of
 * them first (48 bytes each for 384 dimensions) and reads whole only those that are near by sign.
 */
import { createHash } from 'node:crypto';
import type { Database } from './open-store.ts';
import { prepared } from './prepared.ts';

/** A text's vector and the model that made it. */
export interface TextVector {
  model: { name: string; digest: string; dimensions: number };
  vector: Float32Array;
}

/** Of the text that a model reads; a vector of another one is stale. */
export const textHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Id of a model in this database; null where it has made no vector yet. */
export function modelId(db: Database, model: TextVector['model']): number | null {
  return (
    (prepared(db, 'SELECT id FROM embedding_models WHERE name = ? AND digest = ? AND dimensions = ?')
      .pluck()
      .get(model.name, model.digest, model.dimensions) as number | undefined) ?? null
  );
}

/** Keeps a vector, in place of an older one of the same model. */
export function saveVector(db: Database, entryId: number, hash: string, { model, vector }: TextVector): void {
  if (vector.length !== model.dimensions || !vector.every(Number.isFinite)) {
    throw new Error(`a vector of ${vector.length} numbers is none of ${model.name} (${model.dimensions})`);
  }
  prepared(db, 'INSERT OR IGNORE INTO embedding_models (name, digest, dimensions) VALUES (?, ?, ?)').run(
    model.name,
    model.digest,
    model.dimensions,
  );
  const own = modelId(db, model)!;
  prepared(db, 'INSERT OR REPLACE INTO embeddings (model_id, entry_id, vector) VALUES (?, ?, ?)').run(
    own,
    entryId,
    Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
  );
  prepared(db, 'INSERT OR REPLACE INTO embedding_bits VALUES (?, ?, ?, ?)').run(own, entryId, hash, signBits(vector));
}

/** Is there a vector of this very text? */
export function hasVector(db: Database, analysisId: string, model: TextVector['model'], text: string): boolean {
  const own = modelId(db, model);
  if (own === null) return false;
  const hash = prepared(
    db,
    'SELECT e.text_hash FROM embedding_bits e JOIN library l ON l.id = e.entry_id WHERE e.model_id = ? AND l.analysis_id = ?',
  )
    .pluck()
    .get(own, analysisId);
  return hash === textHash(text);
}

/** Entries whose text has no vector of this model, or one of an older text. */
export function textsToEmbed(
  db: Database,
  model: TextVector['model'],
  limit: number,
): { entryId: number; text: string; hash: string }[] {
  return db
    .prepare(
      `SELECT l.id AS entryId, l.text, l.text_hash AS hash FROM library l
       LEFT JOIN embedding_bits e ON e.model_id = @own AND e.entry_id = l.id
       WHERE e.entry_id IS NULL OR e.text_hash <> l.text_hash ORDER BY l.id LIMIT @limit`,
    )
    .all({ own: modelId(db, model) ?? -1, limit }) as { entryId: number; text: string; hash: string }[];
}

/** How many entries textsToEmbed() would give. */
export function countToEmbed(db: Database, model: TextVector['model']): number {
  return db
    .prepare(
      `SELECT count(*) FROM library l LEFT JOIN embedding_bits e ON e.model_id = @own AND e.entry_id = l.id
       WHERE e.entry_id IS NULL OR e.text_hash <> l.text_hash`,
    )
    .pluck()
    .get({ own: modelId(db, model) ?? -1 }) as number;
}

/** One bit a dimension, 1 where it is above 0. */
export function signBits(vector: Float32Array): Buffer {
  const bits = Buffer.alloc(Math.ceil(vector.length / 8));
  for (let i = 0; i < vector.length; i++) if (vector[i]! > 0) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}

/** The stored vectors of some entries. */
export function vectorsOf(db: Database, own: number, entryIds: Iterable<number>): Map<number, Float32Array> {
  const read = prepared(db, 'SELECT vector FROM embeddings WHERE model_id = ? AND entry_id = ?').pluck();
  const out = new Map<number, Float32Array>();
  for (const id of entryIds) {
    const bytes = read.get(own, id) as Buffer | undefined;
    if (bytes !== undefined) out.set(id, aligned(bytes));
  }
  return out;
}

/** The numbers where they lie; copied where a float may not start there. */
export function aligned(bytes: Buffer): Float32Array {
  if (bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** Both of length 1, as the engines give them. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Models that have vectors here. */
export function vectorsByModel(db: Database): { name: string; digest: string; dimensions: number; vectors: number }[] {
  return db
    .prepare(
      `SELECT name, digest, dimensions, (SELECT count(*) FROM embeddings e WHERE e.model_id = m.id) AS vectors
       FROM embedding_models m ORDER BY name, digest`,
    )
    .all() as { name: string; digest: string; dimensions: number; vectors: number }[];
}

/** Deletes the vectors of every other model. */
export function dropModels(db: Database, keep: TextVector['model']): void {
  const own = modelId(db, keep) ?? -1;
  db.transaction(() => {
    db.prepare('DELETE FROM embeddings WHERE model_id <> ?').run(own);
    db.prepare('DELETE FROM embedding_bits WHERE model_id <> ?').run(own);
    db.prepare('DELETE FROM embedding_models WHERE id <> ?').run(own);
  }).immediate();
}
