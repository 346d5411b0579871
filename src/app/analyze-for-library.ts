/** Analyses files by the rules alone and stores them, for a command that needs them in the library. */
import type { Report } from '../core/report.ts';
import { analyzeFiles } from './analyze.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { NOBODY, RULES_ALONE } from './quiet-analysis.ts';

interface Given {
  definition: string | null;
  stock?: string | null;
  /** Of the garage; left out: the one of the motorcycle. */
  profile?: string;
}

export async function analyzeAllForLibrary(
  paths: string[],
  given: Given,
  around: Surroundings,
  warn: (text: string) => void,
): Promise<Report[]> {
  const { cwd, env, flags } = around;
  const databasePath = await databaseOf(around);
  const { document } = await analyzeFiles(
    { ...RULES_ALONE, ...given, paths, cwd, env, flags, all: false, databasePath },
    { ...NOBODY, now: () => new Date(), warn },
  );
  return document.reports;
}

/** One file; why it was refused is said. */
export async function analyzeForLibrary(
  path: string,
  given: Given,
  around: Surroundings,
  warn: (text: string) => void,
): Promise<void> {
  for (const { refusal } of await analyzeAllForLibrary([path], given, around, warn))
    if (refusal !== null) warn(`revsync: ${refusal.code}: ${refusal.message}`);
}
