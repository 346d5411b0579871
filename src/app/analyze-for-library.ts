/** Analyses one file by the rules alone and stores it, for a command that needs it in the library. */
import { analyzeFiles } from './analyze.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { NOBODY, RULES_ALONE } from './quiet-analysis.ts';

export async function analyzeForLibrary(
  path: string,
  { definition, stock }: { definition: string | null; stock: string | null },
  around: Surroundings,
  warn: (text: string) => void,
): Promise<void> {
  const { cwd, env, flags } = around;
  const databasePath = await databaseOf(around);
  const { document } = await analyzeFiles(
    { ...RULES_ALONE, paths: [path], cwd, env, flags, definition, stock, all: false, databasePath },
    { ...NOBODY, now: () => new Date(), warn },
  );
  for (const { refusal } of document.reports)
    if (refusal !== null) warn(`revsync: ${refusal.code}: ${refusal.message}`);
}
