/** One file judged, as far as it may travel between threads: plain data, its cells packed for the database. */
import type { LibraryEntry } from '../core/library/entry.ts';
import type { Metric } from '../core/metrics/metric.ts';
import type { Motorcycle } from '../core/model.ts';
import type { Report } from '../core/report.ts';
import { analyzeOne } from './analyze-file.ts';
import type { Shared } from './analyze-request.ts';

export interface Judged {
  report: Report;
  metrics: Metric[];
  motorcycle: Motorcycle | null;
  /** Null: nothing was decoded. `cells` as the store keeps them and `entry` for the library; null where nothing is kept. */
  kept: { definitionSha256: string | null; cells: Uint8Array | null; entry: LibraryEntry | null } | null;
}

export async function judgeFile(path: string, shared: Shared): Promise<Judged> {
  const { report, metrics, decoded, motorcycle, stock } = await analyzeOne(path, shared);
  if (decoded === null) return { report, metrics: [], motorcycle, kept: null };
  const { definitionSha256, tune } = decoded;
  const { databasePath, all, opinion } = shared.request;
  if (databasePath === null) {
    // Nobody will ask for the rest: the fewer there are, the less has to be carried.
    const fails = all || opinion != null ? report.findings : report.findings.filter((f) => f.status === 'fail');
    const lean = { ...report, findings: fails };
    return { report: lean, metrics: [], motorcycle, kept: { definitionSha256, cells: null, entry: null } };
  }
  const { packCells } = await import('../store/analyses.ts');
  // Cells of metrics are many and are not kept.
  const lean = metrics.map((m) => ({ ...m, cells: [] }));
  const { libraryEntry } = await import('./library-entry.ts');
  const entry = await libraryEntry({
    report,
    decoded,
    motorcycle,
    stock,
    cwd: shared.request.cwd,
    warn: shared.hooks.warn,
  });
  return { report, metrics: lean, motorcycle, kept: { definitionSha256, cells: packCells(tune.maps), entry } };
}
