/** Stored analyses: list, and print again. */

import { SEVERITIES } from '../core/model.ts';
import { type ReportDocument, SCHEMA_VERSION } from '../core/report.ts';
import type { LibraryDefinition } from './resolve-definition.ts';
import { databasePath, loadSettings } from './settings.ts';
import { withDatabase } from './workspace.ts';

/** What a command knows of its surroundings. */
export interface Surroundings {
  flags: { db?: string; store?: boolean };
  env: Record<string, string | undefined>;
  cwd: string;
  /** A run over many files reads the user's definitions once; left out: each file anew. */
  library?: () => Promise<LibraryDefinition[]>;
}

/** The database in force; null with --no-store. */
export async function databaseOf(around: Surroundings): Promise<string | null> {
  if (around.flags.store === false) return null;
  const settings = await loadSettings({
    env: around.env,
    cwd: around.cwd,
    flags: around.flags.db === undefined ? {} : { db: around.flags.db },
  });
  return databasePath(settings, around.env);
}

/** Newest first. */
export async function listAnalyses(
  filter: { text: string | null; limit: number },
  around: Surroundings,
): Promise<import('../store/analyses.ts').HistoryRow[]> {
  const { listHistory } = await import('../store/analyses.ts');
  return withDatabase(await databaseOf(around), (db) => listHistory(db, filter));
}

/**
 * A stored analysis as a report document of one, so that every reporter can print it.
 * @param all every finding status, else the fails alone
 * @throws RevsyncError NOT_FOUND | AMBIGUOUS_ID
 */
export async function storedDocument(id: string, all: boolean, around: Surroundings): Promise<ReportDocument> {
  const { readAnalysis } = await import('../store/analyses.ts');
  const stored = await withDatabase(await databaseOf(around), (db) => readAnalysis(db, id));
  const { report } = stored;
  const findings = all ? report.findings : report.findings.filter((f) => f.status === 'fail');
  const failed = findings.filter((f) => f.status === 'fail');
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'revsync', version: stored.toolVersion },
    run: { startedAt: stored.at, durationMs: 0, secondOpinions: [] },
    ruleset: { ...stored.ruleset, rules: Object.values(report.findingCounts).reduce((a, b) => a + b, 0) },
    reports: [{ ...report, findings }],
    summary: {
      files: 1,
      analysed: report.outcome === 'analysed' ? 1 : 0,
      notEnoughData: report.outcome === 'notEnoughData' ? 1 : 0,
      refused: report.outcome === 'refused' ? 1 : 0,
      worst: SEVERITIES.find((s) => failed.some((f) => f.severity === s)) ?? null,
      exitCode: 0,
    },
    errors: [],
  };
}
