/** What doctor asks of the database: is it whole, and how did the model's last answers do. */
import type { Database } from './open-store.ts';

export interface StoreHealth {
  /** "ok", or what SQLite found. */
  integrity: string;
  analyses: number;
  migrations: number;
  sizeBytes: number;
}

export function storeHealth(db: Database): StoreHealth {
  const one = (sql: string): number => Number(db.prepare(sql).pluck().get());
  return {
    integrity: String(db.pragma('quick_check(1)', { simple: true })),
    analyses: one('SELECT count(*) FROM analyses'),
    migrations: one('SELECT count(*) FROM migrations'),
    sizeBytes: Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true })),
  };
}

export interface AnswerHealth {
  answers: number;
  valid: number;
  /** Median over the valid ones, loading not counted. */
  medianMs: number | null;
}

/**
 * The newest answers of a model; null where none are kept. A question that no model got (no daemon, no such model) says nothing of
 * a model's answers; one that it was too slow for does.
 */
export function answerHealth(db: Database, newest: number): AnswerHealth | null {
  const known = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'answers'").get();
  if (known === undefined) return null;
  const rows = db
    .prepare(
      `SELECT valid, max(0, total_ms - load_ms) AS ms FROM answers WHERE error IS NULL OR error = 'LLM_TIMEOUT'
       ORDER BY at DESC, id DESC LIMIT ?`,
    )
    .all(newest) as { valid: number; ms: number }[];
  if (rows.length === 0) return null;
  const times = rows
    .filter((r) => r.valid === 1)
    .map((r) => r.ms)
    .sort((a, b) => a - b);
  return { answers: rows.length, valid: times.length, medianMs: times[Math.floor(times.length / 2)] ?? null };
}
