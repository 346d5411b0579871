import type { Migration } from '../migration.ts';

/**
 * The library: words of each analysis (FTS5), its fingerprint, vectors of its text by model, and what the user says of a file. Vectors
 * are float32 in the order of the machine (little-endian on all that are supported); `bits` are their signs, for a first look.
 * `elsewhere`: judged on another machine and imported; judging the file here ends that.
 */
export const migration: Migration = {
  name: '004-library',
  sql: `
      CREATE TABLE library (
        id INTEGER PRIMARY KEY,
        analysis_id TEXT NOT NULL UNIQUE REFERENCES analyses(id) ON DELETE CASCADE,
        file_sha256 TEXT NOT NULL,
        bike TEXT NOT NULL,
        changes TEXT NOT NULL,
        verdict TEXT NOT NULL,
        said TEXT NOT NULL,
        role TEXT,
        family TEXT,
        layout INTEGER,
        fingerprint_values BLOB,
        fingerprint_changes BLOB,
        text TEXT NOT NULL,
        text_hash TEXT NOT NULL,
        elsewhere INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX library_by_file ON library(file_sha256);
      CREATE INDEX library_by_family ON library(family);
      CREATE INDEX library_by_text ON library(text_hash);
      CREATE INDEX analyses_by_motorcycle ON analyses(motorcycle_id, last_at);
      CREATE VIRTUAL TABLE library_words USING fts5(bike, changes, words, verdict, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2');
      CREATE TRIGGER library_gone AFTER DELETE ON library BEGIN
        DELETE FROM library_words WHERE rowid = old.id;
      END;
      CREATE TABLE library_notes (
        file_sha256 TEXT PRIMARY KEY,
        words TEXT NOT NULL,
        at TEXT NOT NULL
      ) STRICT;
      CREATE TABLE embedding_models (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        digest TEXT NOT NULL,
        dimensions INTEGER NOT NULL,
        UNIQUE (name, digest, dimensions)
      ) STRICT;
      CREATE TABLE embeddings (
        model_id INTEGER NOT NULL REFERENCES embedding_models(id),
        entry_id INTEGER NOT NULL REFERENCES library(id) ON DELETE CASCADE,
        vector BLOB NOT NULL,
        PRIMARY KEY (model_id, entry_id)
      ) STRICT;
      CREATE INDEX embeddings_by_entry ON embeddings(entry_id);
      CREATE TABLE embedding_bits (
        model_id INTEGER NOT NULL,
        entry_id INTEGER NOT NULL REFERENCES library(id) ON DELETE CASCADE,
        text_hash TEXT NOT NULL,
        bits BLOB NOT NULL,
        PRIMARY KEY (model_id, entry_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX embedding_bits_by_entry ON embedding_bits(entry_id);
    `,
};
