/** Fingerprints of the library, read as they lie: one against a hundred thousand is one pass over the table. */
import { FINGERPRINT_LENGTH, type Fingerprint } from '../core/fingerprint.ts';
import type { Database } from './open-store.ts';
import { prepared } from './prepared.ts';
import { aligned } from './vectors.ts';

/** A stored fingerprint with whose it is. */
export interface StoredFingerprint {
  entryId: number;
  analysisId: string;
  fileSha256: string;
  family: string | null;
  fingerprint: Fingerprint;
}

type Row = [number, string, string, string | null, number, Buffer, Buffer];
const COLUMNS = 'id, analysis_id, file_sha256, family, layout, fingerprint_values, fingerprint_changes';
const BYTES = 4 * FINGERPRINT_LENGTH;

/** Null: not the bytes of a fingerprint. One of another layout is passed over when it is compared. */
function stored([entryId, analysisId, fileSha256, family, layout, values, changes]: Row): StoredFingerprint | null {
  if (values.length !== BYTES || changes.length !== BYTES) return null;
  const fingerprint = { layout, values: aligned(values), changes: aligned(changes) };
  return { entryId, analysisId, fileSha256, family, fingerprint };
}

/** All of them in the order of their entries. */
export function* fingerprints(db: Database): Generator<StoredFingerprint> {
  const rows = db
    .prepare(`SELECT ${COLUMNS} FROM library WHERE layout IS NOT NULL ORDER BY id`)
    .raw()
    .iterate() as IterableIterator<Row>;
  for (const row of rows) {
    const one = stored(row);
    if (one !== null) yield one;
  }
}

/** That of an analysis, or null. */
export function fingerprintOfAnalysis(db: Database, analysisId: string): StoredFingerprint | null {
  const row = prepared(db, `SELECT ${COLUMNS} FROM library WHERE analysis_id = ? AND layout IS NOT NULL`)
    .raw()
    .get(analysisId) as Row | undefined;
  return row === undefined ? null : stored(row);
}

/** Those of a file, newest analysis first. */
export function fingerprintsOfFile(db: Database, fileSha256: string): StoredFingerprint[] {
  const rows = prepared(
    db,
    `SELECT ${COLUMNS} FROM library WHERE file_sha256 = ? AND layout IS NOT NULL ORDER BY id DESC`,
  )
    .raw()
    .all(fileSha256) as Row[];
  return rows.map(stored).filter((one) => one !== null);
}

/** Values of a family's tunes, at most so many, evenly over all of them. */
export function valuesOfFamily(db: Database, family: string, most: number): Float32Array[] {
  const ids = prepared(db, 'SELECT id FROM library WHERE family = ? AND layout IS NOT NULL ORDER BY id')
    .pluck()
    .all(family) as number[];
  const count = Math.min(ids.length, most);
  const read = prepared(db, 'SELECT fingerprint_values FROM library WHERE id = ?').pluck();
  return Array.from({ length: count }, (_, i) => read.get(ids[Math.floor((i * ids.length) / count)]!) as Buffer)
    .filter((bytes) => bytes.length === BYTES)
    .map(aligned);
}

/** Newest analyses of other files of a family whose decoded maps are here, one for each file, and how many files there are in all. */
export function peersOf(
  db: Database,
  { family, fileSha256 }: StoredFingerprint,
  most: number,
): { analysisIds: string[]; files: number } {
  const files = prepared(db, 'SELECT count(DISTINCT file_sha256) FROM library WHERE family = ? AND file_sha256 <> ?')
    .pluck()
    .get(family, fileSha256) as number;
  const analysisIds = prepared(
    db,
    `SELECT analysis_id FROM (
       SELECT l.analysis_id, max(l.id) AS newest FROM library l JOIN analyses a ON a.id = l.analysis_id
       WHERE l.family = ? AND l.file_sha256 <> ? AND EXISTS (
         SELECT 1 FROM cells c WHERE c.file_sha256 = l.file_sha256 AND c.definition_sha256 = coalesce(a.definition_sha256, ''))
       GROUP BY l.file_sha256) ORDER BY newest DESC LIMIT ?`,
  )
    .pluck()
    .all(family, fileSha256, most) as string[];
  return { analysisIds, files };
}
