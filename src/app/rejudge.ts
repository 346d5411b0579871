/** Tunes that were stored before their motorcycle's own factory read was: judged again, against it. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Candidate } from '../core/recommend/candidate.ts';
import { analyzeAllForLibrary } from './analyze-for-library.ts';
import type { Surroundings } from './history.ts';

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
  // One run for each definition that a person gave.
  const byDefinition = new Map<string | null, string[]>();
  for (const { report } of candidates) {
    const { path } = report.input;
    const given = report.definition?.origin === 'flag' ? report.definition.path : null;
    if (![path, given].every((p) => p === null || existsSync(resolve(around.cwd, p)))) continue;
    byDefinition.set(given, [...(byDefinition.get(given) ?? []), path]);
  }
  let judged = 0;
  for (const [definition, paths] of byDefinition) {
    const reports = await analyzeAllForLibrary(paths, { definition, profile }, around, warn);
    judged += reports.filter((r) => r.outcome !== 'refused').length;
  }
  return judged;
}
