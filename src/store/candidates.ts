/** Stored analyses as candidates for a recommendation: whole reports for this motorcycle, a line for each of the others. */
import type { Report } from '../core/report.ts';
import { storedReport } from '../core/stored-report.ts';
import type { Database } from './open-store.ts';

/** A stored analysis of another motorcycle: enough to say why it is none. */
export interface OtherAnalysis {
  analysisId: string;
  path: string;
  fileSha256: string;
  motorcycleId: string;
}

export interface StoredCandidate {
  report: Report;
  fileSha256: string;
  rulesetHash: string;
  lastAt: string;
  /** Largest value by metric. */
  metrics: Map<string, number>;
  /** Judged on another machine and imported. */
  elsewhere: boolean;
}

/** @param definitionIds definitions that name the motorcycle among others */
export function candidatesFor(
  db: Database,
  motorcycleId: string,
  definitionIds: readonly string[],
): { candidates: StoredCandidate[]; others: OtherAnalysis[] } {
  const wanted = new Set(definitionIds);
  const rows = db
    .prepare(
      `SELECT id AS analysisId, path, file_sha256 AS fileSha256, motorcycle_id AS motorcycleId, definition_id AS definitionId
       FROM analyses ORDER BY path, id`,
    )
    .all() as (Omit<OtherAnalysis, 'motorcycleId'> & { motorcycleId: string | null; definitionId: string | null })[];
  const read = db.prepare(`SELECT report, ruleset_hash AS rulesetHash, last_at AS lastAt,
       EXISTS (SELECT 1 FROM library l WHERE l.analysis_id = analyses.id AND l.elsewhere = 1) AS elsewhere FROM analyses WHERE id = ?`);
  const metrics = db.prepare(
    'SELECT metric_id AS id, max(value) AS value FROM metrics WHERE analysis_id = ? AND value IS NOT NULL GROUP BY metric_id',
  );
  const candidates: StoredCandidate[] = [];
  const others: OtherAnalysis[] = [];
  for (const row of rows) {
    const mine = row.motorcycleId === motorcycleId || (row.definitionId !== null && wanted.has(row.definitionId));
    if (row.motorcycleId !== null && !mine) {
      const { analysisId, path, fileSha256 } = row;
      others.push({ analysisId, path, fileSha256, motorcycleId: row.motorcycleId });
      continue;
    }
    const { report, rulesetHash, lastAt, elsewhere } = read.get(row.analysisId) as {
      report: string;
      rulesetHash: string;
      lastAt: string;
      elsewhere: number;
    };
    const values = metrics.all(row.analysisId) as { id: string; value: number }[];
    candidates.push({
      report: storedReport(report),
      fileSha256: row.fileSha256,
      rulesetHash,
      lastAt,
      elsewhere: elsewhere === 1,
      metrics: new Map(values.map((m) => [m.id, m.value])),
    });
  }
  return { candidates, others };
}
