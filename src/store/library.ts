/** Library entries in the database: words, fingerprints, what the user says of a file. Vectors: vectors.ts; looking things up: find.ts. */
import { embeddingText, wordsText } from '../core/library/describe.ts';
import { joinWords, type LibraryEntry, NO_WORDS, type TuneRole, type TuneWords } from '../core/library/entry.ts';
import type { Report } from '../core/report.ts';
import { storedReport } from '../core/stored-report.ts';
import type { Database } from './open-store.ts';
import { prepared } from './prepared.ts';
import { saveVector, type TextVector, textHash } from './vectors.ts';

const bytesOf = (numbers: Float32Array): Buffer => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** Inside the caller's transaction: the entry of an analysis, its words and, where there is one, its vector. */
export function saveLibraryEntry(db: Database, report: Report, entry: LibraryEntry, vector: TextVector | null): void {
  const analysisId = report.analysisId;
  const sha256 = report.input.sha256;
  if (analysisId === null || sha256 === null) return;
  const words = joinWords(entry.said, ownWords(db, sha256));
  const text = embeddingText(entry, words, report.motorcycle?.name ?? words.motorcycle ?? '');
  const { fingerprint } = entry;
  const id = prepared(
    db,
    `INSERT INTO library (analysis_id, file_sha256, bike, changes, verdict, said, role, family, layout, fingerprint_values, fingerprint_changes, text, text_hash)
     VALUES (@analysisId, @sha256, @bike, @changes, @verdict, @said, @role, @family, @layout, @values, @differences, @text, @hash)
     ON CONFLICT(analysis_id) DO UPDATE SET file_sha256 = excluded.file_sha256, bike = excluded.bike, changes = excluded.changes, verdict = excluded.verdict, said = excluded.said, role = excluded.role,
       family = excluded.family, layout = coalesce(excluded.layout, layout),
       fingerprint_values = coalesce(excluded.fingerprint_values, fingerprint_values),
       fingerprint_changes = coalesce(excluded.fingerprint_changes, fingerprint_changes), text = excluded.text, text_hash = excluded.text_hash, elsewhere = 0
     RETURNING id`,
  )
    .pluck()
    .get({
      analysisId,
      sha256,
      bike: entry.bike,
      changes: entry.changes,
      verdict: entry.verdict,
      said: JSON.stringify(entry.said),
      role: words.role ?? entry.role,
      family: entry.family,
      layout: fingerprint?.layout ?? null,
      values: fingerprint === null ? null : bytesOf(fingerprint.values),
      differences: fingerprint === null ? null : bytesOf(fingerprint.changes),
      text,
      hash: textHash(text),
    }) as number;
  saveWords(db, id, entry, words);
  if (vector !== null) saveVector(db, id, textHash(text), vector);
}

type SearchedText = Pick<LibraryEntry, 'bike' | 'changes' | 'verdict'>;

function saveWords(db: Database, id: number, { bike, changes, verdict }: SearchedText, words: TuneWords): void {
  prepared(
    db,
    'INSERT OR REPLACE INTO library_words (rowid, bike, changes, words, verdict) VALUES (?, ?, ?, ?, ?)',
  ).run(BigInt(id), bike, changes, wordsText(words), verdict);
}

/** The text that saveLibraryEntry() will keep, to embed it first. */
export function textOf(report: Report, entry: LibraryEntry, own: TuneWords | null): string {
  const words = joinWords(entry.said, own);
  return embeddingText(entry, words, report.motorcycle?.name ?? words.motorcycle ?? '');
}

/** What the user said of a file, or null. */
export function ownWords(db: Database, fileSha256: string): TuneWords | null {
  const text = prepared(db, 'SELECT words FROM library_notes WHERE file_sha256 = ?').pluck().get(fileSha256) as
    | string
    | undefined;
  return text === undefined ? null : { ...NO_WORDS, ...(JSON.parse(text) as Partial<TuneWords>) };
}

/** Keeps what the user says of a file; every analysis of it is found by the new words at once. Null: forget it. */
export function saveOwnWords(db: Database, fileSha256: string, words: TuneWords | null, at: string): void {
  db.transaction(() => {
    if (words === null) prepared(db, 'DELETE FROM library_notes WHERE file_sha256 = ?').run(fileSha256);
    else {
      prepared(
        db,
        'INSERT INTO library_notes VALUES (?, ?, ?) ON CONFLICT(file_sha256) DO UPDATE SET words = excluded.words, at = excluded.at',
      ).run(fileSha256, JSON.stringify(words), at);
    }
    const rows = db
      .prepare(
        `SELECT l.id, l.bike, l.changes, l.verdict, l.said, l.role, l.family, json_extract(a.report, '$.motorcycle.name') AS name,
           json_extract(a.report, '$.stock.wholeFileIsFactory') AS factory, json_array_length(a.report, '$.stock.mapsChanged') AS changed
         FROM library l JOIN analyses a ON a.id = l.analysis_id WHERE l.file_sha256 = ?`,
      )
      .all(fileSha256) as (Omit<LibraryEntry, 'said' | 'fingerprint'> & {
      id: number;
      said: string;
      name: string | null;
      factory: number;
      changed: number;
    })[];
    for (const row of rows) {
      const said = JSON.parse(row.said) as TuneWords;
      const joined = joinWords(said, words);
      const found: TuneRole | null = row.factory === 1 ? 'stock' : row.changed > 0 ? 'tuned' : null;
      const text = embeddingText({ ...row, said, fingerprint: null }, joined, row.name ?? joined.motorcycle ?? '');
      prepared(db, 'UPDATE library SET role = ?, text = ?, text_hash = ? WHERE id = ?').run(
        joined.role ?? found,
        text,
        textHash(text),
        row.id,
      );
      saveWords(db, row.id, row, joined);
    }
  }).immediate();
}

/** Analyses of databases older than the library, or that came in without words: to be described anew. */
export function analysesWithoutEntry(db: Database, limit: number): Report[] {
  return (
    db
      .prepare(
        'SELECT report FROM analyses a WHERE NOT EXISTS (SELECT 1 FROM library l WHERE l.analysis_id = a.id) ORDER BY id LIMIT ?',
      )
      .pluck()
      .all(limit) as string[]
  ).map((text) => storedReport(text));
}

/** What the tune of an analysis, or its sidecar, says. */
export function saidWords(db: Database, analysisId: string): TuneWords {
  const text = prepared(db, 'SELECT said FROM library WHERE analysis_id = ?').pluck().get(analysisId) as
    | string
    | undefined;
  return text === undefined ? NO_WORDS : { ...NO_WORDS, ...(JSON.parse(text) as Partial<TuneWords>) };
}
