/**
 * Answers of local models: kept one by one, found again by content, rules, prompt, schema and the model's digest.
 * The digest of a name is the one seen last for these hosts, so that a kept answer needs no question to the server; a name that
 * was pulled anew is noticed at the first question after the answers of the old one have run out.
 */
import type { Database } from './open-store.ts';

/** One answer, or one failure to get one (`raw` null, `error` the code). */
export interface StoredAnswer {
  analysisId: string;
  /** 1, or 2 for the repair. */
  attempt: number;
  /** The report speaks of this one. */
  used: boolean;
  valid: boolean;
  error: string | null;
  model: string;
  digest: string | null;
  host: string | null;
  serverVersion: string | null;
  options: Record<string, number>;
  promptSha256: string;
  schemaSha256: string;
  rulesetHash: string;
  raw: string | null;
  doneReason: string | null;
  /** What held, as the report has it. */
  verified: unknown;
  claims: number;
  dropped: number;
  promptTokens: number;
  answerTokens: number;
  promptMs: number;
  answerMs: number;
  loadMs: number;
  totalMs: number;
  /** ISO 8601. */
  at: string;
}

/** What makes two questions the same. */
export interface AnswerKey {
  analysisId: string;
  rulesetHash: string;
  promptSha256: string;
  schemaSha256: string;
  model: string;
}

/** Longest answer that is kept; the bounds of the schema allow a fraction of it. */
const MOST_RAW = 16_000;

/** The answers of one file and the report that now speaks of them, in one transaction. `report` null: it stays as it is. */
export function saveAnswers(
  db: Database,
  answers: StoredAnswer[],
  report: { analysisId: string; json: string } | null,
): void {
  const insert = db.prepare(
    `INSERT INTO answers (analysis_id, attempt, used, valid, error, model, digest, host, server_version, options, prompt_sha256,
       schema_sha256, ruleset_hash, raw, done_reason, verified, claims, dropped, prompt_tokens, answer_tokens, prompt_ms, answer_ms,
       load_ms, total_ms, at)
     VALUES (@analysisId, @attempt, @used, @valid, @error, @model, @digest, @host, @serverVersion, @options, @promptSha256,
       @schemaSha256, @rulesetHash, @raw, @doneReason, @verified, @claims, @dropped, @promptTokens, @answerTokens, @promptMs,
       @answerMs, @loadMs, @totalMs, @at)`,
  );
  db.transaction(() => {
    for (const answer of answers) {
      insert.run({
        ...answer,
        used: Number(answer.used),
        valid: Number(answer.valid),
        options: JSON.stringify(answer.options),
        raw: answer.raw === null ? null : answer.raw.slice(0, MOST_RAW),
        verified: answer.verified === null ? null : JSON.stringify(answer.verified),
      });
    }
    if (report !== null) db.prepare('UPDATE analyses SET report = ? WHERE id = ?').run(report.json, report.analysisId);
  }).immediate();
}

/** A kept answer that may be used again. */
export interface ReusableAnswer {
  id: number;
  attempt: number;
  /** What held, as it was given to saveAnswers, in JSON. */
  verified: string;
  digest: string;
  serverVersion: string | null;
  host: string | null;
  promptTokens: number;
  answerTokens: number;
}

/** The newest valid answer to this question that is not older than `since`, by the digest seen last; null where there is none. */
export function findAnswer(db: Database, key: AnswerKey, hosts: string, since: string): ReusableAnswer | null {
  const row = db
    .prepare(
      `SELECT a.id, a.attempt, a.verified, a.digest, a.server_version AS serverVersion, a.host,
         (SELECT sum(b.prompt_tokens) FROM answers b WHERE b.analysis_id = a.analysis_id AND b.at = a.at) AS promptTokens,
         (SELECT sum(b.answer_tokens) FROM answers b WHERE b.analysis_id = a.analysis_id AND b.at = a.at) AS answerTokens
       FROM answers a JOIN model_digests d ON d.model = a.model AND d.digest = a.digest AND d.hosts = @hosts
       WHERE a.prompt_sha256 = @promptSha256 AND a.model = @model AND a.analysis_id = @analysisId AND a.ruleset_hash = @rulesetHash
         AND a.schema_sha256 = @schemaSha256 AND a.used = 1 AND a.valid = 1 AND a.verified IS NOT NULL AND a.at >= @since
       ORDER BY a.at DESC, a.id DESC LIMIT 1`,
    )
    .get({ ...key, hosts, since }) as ReusableAnswer | undefined;
  return row ?? null;
}

/** Counts a use of a kept answer and lets the report speak of it again. */
export function reuseAnswer(db: Database, id: number, report: { analysisId: string; json: string }): void {
  db.transaction(() => {
    db.prepare('UPDATE answers SET reused = reused + 1 WHERE id = ?').run(id);
    db.prepare('UPDATE analyses SET report = ? WHERE id = ?').run(report.json, report.analysisId);
  }).immediate();
}

/** Which digest a name had when its server was last asked. */
export function rememberDigest(
  db: Database,
  seen: { hosts: string; model: string; digest: string; serverVersion: string | null; at: string },
): void {
  db.prepare(
    `INSERT INTO model_digests VALUES (@hosts, @model, @digest, @serverVersion, @at)
     ON CONFLICT(hosts, model) DO UPDATE SET digest = excluded.digest, server_version = excluded.server_version, seen_at = excluded.seen_at`,
  ).run(seen);
}

/** One line of `revsync cache`: the answer that a report speaks of. */
export interface CachedAnswer {
  analysisId: string;
  path: string;
  model: string;
  digest: string | null;
  at: string;
  reused: number;
  promptTokens: number;
  answerTokens: number;
  totalMs: number;
}

/** Valid answers, newest first. */
export function listAnswers(db: Database, limit: number): CachedAnswer[] {
  return db
    .prepare(
      `SELECT a.analysis_id AS analysisId, n.path, a.model, a.digest, a.at, a.reused, a.prompt_tokens AS promptTokens,
         a.answer_tokens AS answerTokens, a.total_ms AS totalMs
       FROM answers a JOIN analyses n ON n.id = a.analysis_id
       WHERE a.used = 1 AND a.valid = 1 ORDER BY a.at DESC, a.id DESC LIMIT ?`,
    )
    .all(limit) as CachedAnswer[];
}

/**
 * Forgets answers, so that the model is asked again; what they cost stays counted (only their text and use go).
 * @param before ISO 8601: only those that are older; null: all
 * @returns how many were forgotten
 */
export function forgetAnswers(db: Database, before: string | null): number {
  return db
    .prepare('UPDATE answers SET raw = NULL, verified = NULL, used = 0 WHERE used = 1 AND at < @before')
    .run({ before: before ?? '9999' }).changes;
}

/** What one model has used. */
export interface Usage {
  model: string;
  digest: string | null;
  requests: number;
  valid: number;
  failed: number;
  repairs: number;
  reused: number;
  claims: number;
  dropped: number;
  promptTokens: number;
  answerTokens: number;
  promptMs: number;
  answerMs: number;
  loadMs: number;
  totalMs: number;
  firstAt: string;
  lastAt: string;
}

/** Tokens and time by model and digest, from a time on (ISO 8601, '' for all). A question that no model got is none. */
export function usageOf(db: Database, since: string): Usage[] {
  return db
    .prepare(
      `SELECT model, digest, count(*) AS requests, sum(valid) AS valid, sum(error IS NOT NULL) AS failed,
         sum(attempt = 2) AS repairs, sum(reused) AS reused, sum(claims) AS claims, sum(dropped) AS dropped,
         sum(prompt_tokens) AS promptTokens, sum(answer_tokens) AS answerTokens, sum(prompt_ms) AS promptMs,
         sum(answer_ms) AS answerMs, sum(load_ms) AS loadMs, sum(total_ms) AS totalMs, min(at) AS firstAt, max(at) AS lastAt
       FROM answers WHERE at >= ? AND coalesce(error, '') NOT IN ('LLM_UNREACHABLE', 'LLM_MODEL_MISSING') GROUP BY model, digest ORDER BY lastAt DESC, model, digest`,
    )
    .all(since) as Usage[];
}
