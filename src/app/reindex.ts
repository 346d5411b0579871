/** Brings the whole library up to date for search: words and, where a model is, vectors. */
import { databaseOf, type Surroundings } from './history.ts';
import { describeMissing, embedMissing, type IndexProgress } from './library-index.ts';
import { openEmbedder } from './open-embedder.ts';
import { withDatabase } from './workspace.ts';

export interface ReindexDocument {
  described: number;
  embedded: number;
  model: { id: string; digest: string; dimensions: number; engine: string } | null;
  /** Why there is no model; '' where there is one. */
  reason: string;
  /** Vectors of models that are not in use now. */
  otherModels: { id: string; digest: string; vectors: number }[];
}

/** @param drop vectors of other models are deleted, where one is in use */
export async function reindexLibrary(
  drop: boolean,
  around: Surroundings,
  progress: IndexProgress,
): Promise<ReindexDocument> {
  return withDatabase(await databaseOf(around), async (db) => {
    const { dropModels, vectorsByModel } = await import('../store/vectors.ts');
    const described = await describeMissing(db, progress);
    const { embedder, reason } = await openEmbedder(around);
    const own = embedder?.model ?? null;
    try {
      const embedded =
        embedder === null ? 0 : (await embedMissing(db, embedder, Number.MAX_SAFE_INTEGER, progress)).embedded;
      if (drop && own !== null) dropModels(db, own);
      return {
        described,
        embedded,
        model:
          own === null
            ? null
            : { id: own.name, digest: own.digest, dimensions: own.dimensions, engine: embedder!.engine },
        reason,
        otherModels: vectorsByModel(db)
          .filter((m) => m.name !== own?.name || m.digest !== own.digest)
          .map(({ name, digest, vectors }) => ({ id: name, digest, vectors })),
      };
    } finally {
      await embedder?.close();
    }
  });
}
