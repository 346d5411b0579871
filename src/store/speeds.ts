/** How fast a model reads and writes on the hosts in force, measured last. */
import type { Database } from './open-store.ts';

/** Tokens a second. */
export interface StoredSpeeds {
  promptPerSecond: number;
  answerPerSecond: number;
}

/** @param at ISO 8601; `hosts` as OLLAMA_HOST has them, '' where it is not set */
export function saveSpeeds(db: Database, of: { hosts: string; model: string; at: string }, speeds: StoredSpeeds): void {
  db.prepare(
    `INSERT INTO model_speeds VALUES (@hosts, @model, @promptPerSecond, @answerPerSecond, @at)
     ON CONFLICT(hosts, model) DO UPDATE SET prompt_per_second = excluded.prompt_per_second,
       answer_per_second = excluded.answer_per_second, measured_at = excluded.measured_at`,
  ).run({ ...of, ...speeds });
}

/** Null: nobody measured it. */
export function speedsOf(db: Database, hosts: string, model: string): StoredSpeeds | null {
  const row = db
    .prepare(
      `SELECT prompt_per_second AS promptPerSecond, answer_per_second AS answerPerSecond
       FROM model_speeds WHERE hosts = ? AND model = ?`,
    )
    .get(hosts, model) as StoredSpeeds | undefined;
  return row ?? null;
}
