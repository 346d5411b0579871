/** Looking things up in the library: by words (FTS5, bm25), by fields, and what a result shows. */
import { wordsText } from '../core/library/describe.ts';
import { joinWords, NO_WORDS, type TuneWords } from '../core/library/entry.ts';
import { fileName, wordsOf } from '../core/library/query.ts';
import type { Database } from './open-store.ts';

/** Narrow a search down; null: any. */
export interface LibraryFilter {
  /** Motorcycle ids; an analysis is taken for the one it was judged for or an alternative. */
  motorcycles: string[] | null;
  /** Part of an ECU id or family, or of the definition's id. */
  ecu: string | null;
  minScore: number | null;
  /** ISO dates, of the last analysis. */
  since: string | null;
  until: string | null;
  role: string | null;
  tag: string | null;
}

export const ANY: LibraryFilter = {
  motorcycles: null,
  ecu: null,
  minScore: null,
  since: null,
  until: null,
  role: null,
  tag: null,
};

/** Entries that pass, or null where nothing is filtered. */
export function entriesWithin(db: Database, filter: LibraryFilter): Set<number> | null {
  const where: string[] = [];
  const values: Record<string, unknown> = {};
  const add = (sql: string, name: string, value: unknown): void => {
    if (value === null) return;
    where.push(sql);
    values[name] = value;
  };
  const like = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  add(
    `(a.motorcycle_id IN (SELECT value FROM json_each(@bikes)) OR EXISTS (
       SELECT 1 FROM json_each(a.report, '$.motorcycle.alternatives') x WHERE x.value IN (SELECT value FROM json_each(@bikes))))`,
    'bikes',
    filter.motorcycles === null ? null : JSON.stringify(filter.motorcycles),
  );
  add(
    `(json_extract(a.report, '$.ecu.id') LIKE @ecu ESCAPE '\\' OR json_extract(a.report, '$.ecu.family') LIKE @ecu ESCAPE '\\' OR a.definition_id LIKE @ecu ESCAPE '\\')`,
    'ecu',
    filter.ecu === null ? null : like(filter.ecu),
  );
  add('a.safety >= @minScore', 'minScore', filter.minScore);
  add('a.last_at >= @since', 'since', filter.since);
  // A day means all of it.
  add("a.last_at < @until || '~'", 'until', filter.until);
  add('l.role = @role', 'role', filter.role);
  add(
    `(EXISTS (SELECT 1 FROM json_each(l.said, '$.tags') t WHERE lower(t.value) = @tag)
       OR EXISTS (SELECT 1 FROM library_notes n, json_each(n.words, '$.tags') t WHERE n.file_sha256 = l.file_sha256 AND lower(t.value) = @tag))`,
    'tag',
    filter.tag?.toLowerCase() ?? null,
  );
  if (where.length === 0) return null;
  const ids = db
    .prepare(`SELECT l.id FROM library l JOIN analyses a ON a.id = l.analysis_id WHERE ${where.join(' AND ')}`)
    .pluck()
    .all(values) as number[];
  return new Set(ids);
}

/** bm25 of one term: weights of the columns bike, changes, words, verdict. */
const WEIGHTS = '0.5, 1.5, 2.0, 0.5';

/**
 * Entries that hold a term or one like it, by relevance (larger is better).
 * @param terms the word itself and others that mean the same, any of which counts
 */
export function entriesWithWords(db: Database, terms: readonly string[], limit: number): Map<number, number> {
  return entriesMatching(db, phrases(terms), limit);
}

/** Entries whose own words for their motorcycle and ECU hold a term. */
export function entriesNamed(db: Database, term: string, limit: number): number[] {
  return [...entriesMatching(db, `bike : (${phrases([term])})`, limit).keys()];
}

/** Entries whose file's own name (without its folder) holds a word or a phrase, however its words are joined. */
export function entriesFiled(db: Database, phrase: string, limit: number): number[] {
  const words = wordsOf(phrase);
  const like = `%${words.map((w) => w.replace(/[\\%_]/g, '\\$&')).join('%')}%`;
  const paths = db
    .prepare(
      "SELECT l.id, a.path FROM analyses a JOIN library l ON l.analysis_id = a.id WHERE a.path LIKE ? ESCAPE '\\' LIMIT ?",
    )
    .all(like, limit) as { id: number; path: string }[];
  const wanted = ` ${words.join(' ')} `;
  return paths.filter(({ path }) => ` ${wordsOf(fileName(path)).join(' ')} `.includes(wanted)).map(({ id }) => id);
}

/** Quoted: nothing of a query is FTS syntax. */
const phrases = (terms: readonly string[]): string => terms.map((t) => `"${t.replaceAll('"', '')}"`).join(' OR ');

function entriesMatching(db: Database, match: string, limit: number): Map<number, number> {
  const rows = db
    .prepare(
      `SELECT rowid AS id, -bm25(library_words, ${WEIGHTS}) AS score FROM library_words WHERE library_words MATCH ? ORDER BY bm25(library_words, ${WEIGHTS}) LIMIT ?`,
    )
    .all(match, limit) as { id: number; score: number }[];
  return new Map(rows.map((r) => [r.id, r.score]));
}

/** Entries of motorcycles, newest first. */
export function entriesOfMotorcycles(db: Database, ids: readonly string[], limit: number): number[] {
  return db
    .prepare(
      `SELECT l.id FROM library l JOIN analyses a ON a.id = l.analysis_id
       WHERE a.motorcycle_id IN (SELECT value FROM json_each(?)) ORDER BY a.last_at DESC, l.id LIMIT ?`,
    )
    .pluck()
    .all(JSON.stringify(ids), limit) as number[];
}

/** What a result shows of an entry. */
export interface EntryRow {
  entryId: number;
  analysisId: string;
  fileSha256: string;
  path: string;
  motorcycleId: string | null;
  motorcycle: string | null;
  alternatives: string[];
  /** Read out of the ECU that the motorcycle came with; a tune that describes itself is for an ECU put in its place. */
  ownEcu: boolean;
  ecuFamily: string | null;
  safety: number | null;
  level: string | null;
  /** Severity of the worst finding; null: there is none. */
  worst: string | null;
  role: string | null;
  family: string | null;
  changes: string;
  /** All that people say of it. */
  words: string;
  title: string | null;
  notes: string | null;
  rulesetHash: string;
  lastAt: string;
}

/** The rows of some entries, by id. */
export function entryRows(db: Database, ids: readonly number[]): Map<number, EntryRow> {
  const rows = db
    .prepare(
      `SELECT l.id AS entryId, a.id AS analysisId, a.file_sha256 AS fileSha256, a.path, a.motorcycle_id AS motorcycleId,
         json_extract(a.report, '$.motorcycle.name') AS motorcycle, coalesce(json_extract(a.report, '$.motorcycle.alternatives'), '[]') AS alternatives,
         a.definition_id IS NOT NULL AS ownEcu, json_extract(a.report, '$.ecu.family') AS ecuFamily, a.safety, a.level, a.worst, l.role, l.family, l.changes, l.said,
         n.words AS own, a.ruleset_hash AS rulesetHash, a.last_at AS lastAt
       FROM library l JOIN analyses a ON a.id = l.analysis_id LEFT JOIN library_notes n ON n.file_sha256 = l.file_sha256
       WHERE l.id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(ids)) as (Omit<EntryRow, 'alternatives' | 'ownEcu' | 'words' | 'title' | 'notes'> & {
    alternatives: string;
    ownEcu: number;
    said: string;
    own: string | null;
  })[];
  return new Map(
    rows.map(({ said, own, ...row }) => {
      const parse = (text: string): TuneWords => ({ ...NO_WORDS, ...(JSON.parse(text) as Partial<TuneWords>) });
      const [theirs, mine] = [parse(said), own === null ? null : parse(own)];
      return [
        row.entryId,
        {
          ...row,
          ownEcu: row.ownEcu === 1,
          alternatives: JSON.parse(row.alternatives) as string[],
          words: wordsText(joinWords(theirs, mine)),
          title: mine?.title ?? theirs.title,
          notes: mine?.notes ?? theirs.notes,
          motorcycle: row.motorcycle ?? mine?.motorcycle ?? theirs.motorcycle,
        },
      ];
    }),
  );
}

/** Entries of analyses. */
export function entriesOfAnalyses(db: Database, analysisIds: readonly string[]): Map<string, number> {
  const rows = db
    .prepare(
      'SELECT analysis_id AS analysisId, id FROM library WHERE analysis_id IN (SELECT value FROM json_each(?)) ORDER BY id',
    )
    .all(JSON.stringify(analysisIds)) as { analysisId: string; id: number }[];
  return new Map(rows.map((r) => [r.analysisId, r.id]));
}

/** How many entries there are. */
export function librarySize(db: Database): number {
  return db.prepare('SELECT count(*) FROM library').pluck().get() as number;
}
