/** What the user says of a tune: kept by the file's content, found by search at once. */
import { NO_WORDS, type TuneWords } from '../core/library/entry.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { withDatabase } from './workspace.ts';

export interface NoteDocument {
  analysisId: string;
  path: string;
  fileSha256: string;
  /** What the user said; null: nothing. */
  own: TuneWords | null;
  /** What the tune or its sidecar says. */
  said: TuneWords;
}

/**
 * @param change what to add: texts replace, lists are added to; empty: only look; null: forget what the user said
 * @throws RevsyncError NOT_FOUND | AMBIGUOUS_ID
 */
export async function noteTune(
  id: string,
  change: Partial<TuneWords> | null,
  around: Surroundings,
  now: Date,
): Promise<NoteDocument> {
  const { readAnalysis } = await import('../store/analyses.ts');
  const { ownWords, saidWords, saveOwnWords } = await import('../store/library.ts');
  const { describeMissing } = await import('./library-index.ts');
  return withDatabase(await databaseOf(around), async (db) => {
    const { report } = readAnalysis(db, id);
    const sha256 = report.input.sha256!;
    await describeMissing(db, () => undefined);
    if (change === null) saveOwnWords(db, sha256, null, now.toISOString());
    else if (Object.keys(change).length > 0) {
      const before = ownWords(db, sha256) ?? NO_WORDS;
      const { mods = [], tags = [], ...rest } = change;
      const after = {
        ...before,
        ...rest,
        mods: [...new Set([...before.mods, ...mods])],
        tags: [...new Set([...before.tags, ...tags])],
      };
      saveOwnWords(db, sha256, after, now.toISOString());
    }
    return {
      analysisId: report.analysisId!,
      path: report.input.path,
      fileSha256: sha256,
      own: ownWords(db, sha256),
      said: saidWords(db, report.analysisId!),
    };
  });
}
