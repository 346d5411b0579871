import type { Migration } from '../migration.ts';

/** Every answer of a local model, with all that is needed to say how it came about and to use it again. */
export const migration: Migration = {
  name: '003-second-opinions',
  sql: `
      CREATE TABLE answers (
        id INTEGER PRIMARY KEY,
        analysis_id TEXT NOT NULL REFERENCES analyses(id) ON DELETE CASCADE,
        attempt INTEGER NOT NULL,
        used INTEGER NOT NULL,
        valid INTEGER NOT NULL,
        error TEXT,
        model TEXT NOT NULL,
        digest TEXT,
        host TEXT,
        server_version TEXT,
        options TEXT NOT NULL,
        prompt_sha256 TEXT NOT NULL,
        schema_sha256 TEXT NOT NULL,
        ruleset_hash TEXT NOT NULL,
        raw TEXT,
        done_reason TEXT,
        verified TEXT,
        claims INTEGER NOT NULL,
        dropped INTEGER NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        answer_tokens INTEGER NOT NULL,
        prompt_ms REAL NOT NULL,
        answer_ms REAL NOT NULL,
        load_ms REAL NOT NULL,
        total_ms REAL NOT NULL,
        reused INTEGER NOT NULL DEFAULT 0,
        at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX answers_by_analysis ON answers(analysis_id);
      CREATE INDEX answers_by_prompt ON answers(prompt_sha256, model);
      CREATE TABLE model_digests (
        hosts TEXT NOT NULL,
        model TEXT NOT NULL,
        digest TEXT NOT NULL,
        server_version TEXT,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (hosts, model)
      ) STRICT;
    `,
};
