/** Has the library's files analysed into a database, each as its owner would: with the bike's own stock read. */
import { analyzeFiles } from '../../app/analyze.ts';
import { NOBODY, RULES_ALONE } from '../../app/quiet-analysis.ts';
import type { LibraryFile } from './build-library.ts';

/**
 * @returns analysis id to the library's id
 */
export async function fillLibrary(
  files: LibraryFile[],
  db: string,
  done: (n: number) => void,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const groups = new Map<string, LibraryFile[]>();
  for (const file of files) {
    const key = JSON.stringify([file.stock, file.definition]);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  let n = 0;
  for (const group of groups.values()) {
    const { stock, definition } = group[0]!;
    const { document } = await analyzeFiles(
      {
        ...RULES_ALONE,
        paths: group.map((f) => f.path),
        cwd: '.',
        // No model here: what is embedded is embedded by the search that is measured.
        env: { REVSYNC_MODELS: '/nonexistent' },
        flags: { db },
        definition,
        stock,
        all: false,
        databasePath: db,
      },
      { ...NOBODY, done: async () => done(++n) },
    );
    for (const [i, report] of document.reports.entries()) {
      if (report.analysisId === null) throw new Error(`${group[i]!.id}: ${report.refusal?.message}`);
      ids.set(report.analysisId, group[i]!.id);
    }
  }
  return ids;
}
