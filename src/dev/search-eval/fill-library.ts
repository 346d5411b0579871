/** Has the library's files analysed into a database, each as its owner would: with the bike's own stock read. */
import { analyzeFiles } from '../../app/analyze.ts';
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
        paths: group.map((f) => f.path),
        cwd: '.',
        // No model here: what is embedded is embedded by the search that is measured.
        env: { REVSYNC_MODELS: '/nonexistent' },
        flags: { db },
        definition,
        shiftBytes: 0,
        bike: null,
        stock,
        conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
        rulesFolders: [],
        roles: [],
        failOn: 'never',
        minScore: 0,
        engine: 'rules',
        all: false,
        databasePath: db,
      },
      {
        now: () => new Date(0),
        warn: () => undefined,
        readStdin: async () => new Uint8Array(0),
        started: () => undefined,
        done: async () => done(++n),
        ask: null,
        askBike: null,
      },
    );
    for (const [i, report] of document.reports.entries()) {
      if (report.analysisId === null) throw new Error(`${group[i]!.id}: ${report.refusal?.message}`);
      ids.set(report.analysisId, group[i]!.id);
    }
  }
  return ids;
}
