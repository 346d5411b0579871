import type { Migration } from '../migration.ts';

/** How fast a model reads and writes here, as setup and doctor measured it: the evidence of an analysis is fitted to it. */
export const migration: Migration = {
  name: '006-model-speeds',
  sql: `
      CREATE TABLE model_speeds (
        hosts TEXT NOT NULL,
        model TEXT NOT NULL,
        prompt_per_second REAL NOT NULL,
        answer_per_second REAL NOT NULL,
        measured_at TEXT NOT NULL,
        PRIMARY KEY (hosts, model)
      ) STRICT;
    `,
};
