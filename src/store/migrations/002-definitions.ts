import type { Migration } from '../migration.ts';

/** The user's own library of definitions: kept as the bytes that were given, so that any later decoder reads them anew. */
export const migration: Migration = {
  name: '002-definitions',
  sql: `
      CREATE TABLE definitions (
        id TEXT PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE,
        format TEXT NOT NULL,
        title TEXT NOT NULL,
        name TEXT NOT NULL,
        bytes BLOB NOT NULL,
        added_at TEXT NOT NULL
      ) STRICT;
    `,
};
