import type { Migration } from '../migration.ts';

/**
 * The garage: profiles, the factory reads that belong to them (as bytes, so that they work after the file has moved), and the rider's own
 * ratings of tunes. A rating belongs to a file's content, whatever it was analysed with.
 */
export const migration: Migration = {
  name: '005-garage',
  sql: `
      CREATE TABLE stock_files (
        sha256 TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        byte_length INTEGER NOT NULL,
        marked INTEGER NOT NULL,
        bytes_gzip BLOB NOT NULL,
        definition_id TEXT,
        definition_sha256 TEXT,
        ecu_id TEXT,
        motorcycle_id TEXT NOT NULL,
        added_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX stock_files_by_definition ON stock_files(definition_sha256);
      CREATE TABLE profiles (
        id TEXT PRIMARY KEY,
        motorcycle_id TEXT NOT NULL,
        stock_sha256 TEXT REFERENCES stock_files(sha256),
        stock_path TEXT,
        ron REAL,
        ethanol_percent REAL,
        altitude_m REAL,
        climate TEXT,
        mods TEXT NOT NULL,
        skill TEXT NOT NULL,
        styles TEXT NOT NULL,
        goals TEXT NOT NULL,
        notes TEXT NOT NULL,
        created_at TEXT NOT NULL,
        used_at TEXT NOT NULL,
        used_order INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX profiles_by_motorcycle ON profiles(motorcycle_id);
      CREATE TABLE ratings (
        file_sha256 TEXT PRIMARY KEY,
        stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
        note TEXT NOT NULL,
        at TEXT NOT NULL
      ) STRICT;
    `,
};
