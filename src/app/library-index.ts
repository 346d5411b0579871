/** Brings the library up to date: analyses without an entry are described, texts without a vector embedded, in batches. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import { describe } from '../core/library/describe.ts';
import { NO_WORDS } from '../core/library/entry.ts';
import type { Embedder } from '../embed/embedder.ts';
import type { Database } from '../store/open-store.ts';

/** Rows or texts to one transaction: a run that is cancelled loses one batch at most. */
const ROWS = 500;
const TEXTS = 64;

export type IndexProgress = (what: 'describing' | 'embedding', done: number, total: number | null) => void;

/** Analyses of a database that is older than the library get their words from the report; a fingerprint needs the file again. */
export async function describeMissing(db: Database, progress: IndexProgress): Promise<number> {
  const { analysesWithoutEntry, saveLibraryEntry } = await import('../store/library.ts');
  let done = 0;
  for (let reports = analysesWithoutEntry(db, ROWS); reports.length > 0; reports = analysesWithoutEntry(db, ROWS)) {
    const motorcycles = new Map((await loadKnowledge('motorcycles')).map((m) => [m.id, m]));
    db.transaction(() => {
      for (const report of reports) {
        const motorcycle = motorcycles.get(report.motorcycle?.id ?? '') ?? null;
        const entry = describe({
          report,
          motorcycle,
          fingerprint: null,
          family: null,
          said: NO_WORDS,
          changedRoles: [],
        });
        saveLibraryEntry(db, report, entry, null);
      }
    }).immediate();
    done += reports.length;
    progress('describing', done, null);
  }
  return done;
}

/**
 * @param most texts at once; the rest is left for the next time
 * @returns how many were embedded and how many are left
 */
export async function embedMissing(
  db: Database,
  embedder: Embedder,
  most: number,
  progress: IndexProgress,
): Promise<{ embedded: number; left: number }> {
  const { countToEmbed, saveVector, textsToEmbed } = await import('../store/vectors.ts');
  const missing = countToEmbed(db, embedder.model);
  const total = Math.min(most, missing);
  let embedded = 0;
  while (embedded < total) {
    const texts = textsToEmbed(db, embedder.model, Math.min(TEXTS, total - embedded));
    if (texts.length === 0) break;
    const vectors = await embedder.embed(texts.map((t) => t.text));
    db.transaction(() => {
      for (const [i, { entryId, hash }] of texts.entries())
        saveVector(db, entryId, hash, { model: embedder.model, vector: vectors[i]! });
    }).immediate();
    embedded += texts.length;
    progress('embedding', embedded, total);
  }
  return { embedded, left: missing - embedded };
}
