import type { Migration } from '../migration.ts';

/** One row per content, definition, motorcycle, ruleset and options: analysing again updates the same row. */
export const migration: Migration = {
  name: '001-analyses',
  sql: `
      CREATE TABLE files (
        sha256 TEXT PRIMARY KEY,
        byte_length INTEGER NOT NULL,
        path TEXT NOT NULL
      ) STRICT;
      CREATE TABLE analyses (
        id TEXT PRIMARY KEY,
        file_sha256 TEXT NOT NULL REFERENCES files(sha256),
        path TEXT NOT NULL,
        outcome TEXT NOT NULL,
        format TEXT,
        definition_id TEXT,
        definition_sha256 TEXT,
        motorcycle_id TEXT,
        ruleset_version TEXT NOT NULL,
        ruleset_hash TEXT NOT NULL,
        tool_version TEXT NOT NULL,
        schema_version TEXT NOT NULL,
        safety INTEGER,
        level TEXT,
        compatibility INTEGER,
        coverage REAL NOT NULL,
        worst TEXT,
        report TEXT NOT NULL,
        first_at TEXT NOT NULL,
        last_at TEXT NOT NULL,
        runs INTEGER NOT NULL DEFAULT 1
      ) STRICT;
      CREATE INDEX analyses_by_file ON analyses(file_sha256);
      CREATE INDEX analyses_by_time ON analyses(last_at);
      CREATE TABLE findings (
        analysis_id TEXT NOT NULL REFERENCES analyses(id) ON DELETE CASCADE,
        finding_id TEXT NOT NULL,
        rule_id TEXT NOT NULL,
        status TEXT NOT NULL,
        severity TEXT NOT NULL,
        map_id TEXT,
        value REAL,
        unit TEXT NOT NULL,
        limit_value REAL,
        margin REAL,
        cell_count INTEGER NOT NULL,
        PRIMARY KEY (analysis_id, finding_id)
      ) STRICT;
      CREATE INDEX findings_by_rule ON findings(rule_id, status);
      CREATE TABLE metrics (
        analysis_id TEXT NOT NULL REFERENCES analyses(id) ON DELETE CASCADE,
        metric_id TEXT NOT NULL,
        map_id TEXT,
        value REAL,
        unit TEXT NOT NULL,
        reason TEXT
      ) STRICT;
      CREATE INDEX metrics_by_analysis ON metrics(analysis_id, metric_id);
      CREATE TABLE cells (
        file_sha256 TEXT NOT NULL REFERENCES files(sha256),
        definition_sha256 TEXT NOT NULL,
        encoding TEXT NOT NULL,
        maps BLOB NOT NULL,
        PRIMARY KEY (file_sha256, definition_sha256)
      ) STRICT;
    `,
};
