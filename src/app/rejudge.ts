/** Tunes that were stored before their motorcycle's own factory read was: judged again, against it. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Candidate } from '../core/recommend/candidate.ts';
import { analyzeFiles } from './analyze.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { NOBODY, RULES_ALONE } from './quiet-analysis.ts';

/**
 * Analyses the files of these candidates anew and keeps the results beside the old ones. What is not where it was is left as it is.
 * @param profile whose factory read they are held against
 * @returns how many files were judged
 */
export async function rejudge(
  candidates: readonly Candidate[],
  profile: string,
  around: Surroundings,
  warn: (text: string) => void,
): Promise<number> {
  const databasePath = await databaseOf(around);
  const { cwd, env, flags } = around;
  // One run for each definition that a person gave.
  const byDefinition = new Map<string | null, string[]>();
  for (const { report } of candidates) {
    const { path } = report.input;
    const given = report.definition?.origin === 'flag' ? report.definition.path : null;
    if (![path, given].every((p) => p === null || existsSync(resolve(cwd, p)))) continue;
    byDefinition.set(given, [...(byDefinition.get(given) ?? []), path]);
  }
  let judged = 0;
  for (const [definition, paths] of byDefinition) {
    const request = { ...RULES_ALONE, paths, cwd, env, flags, definition, profile, all: false, databasePath };
    const { document } = await analyzeFiles(request, { ...NOBODY, now: () => new Date(), warn });
    judged += document.reports.filter((r) => r.outcome !== 'refused').length;
  }
  return judged;
}
