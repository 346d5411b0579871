/** The evidence of the bundled example tune: what the proof asks the model about. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadKnowledge } from '../../catalog/knowledge.ts';
import { RevsyncError } from '../../core/errors.ts';
import { type Evidence, evidenceOf } from '../../core/opinion/evidence.ts';
import { analyzeFiles } from '../analyze.ts';
import { NOBODY, RULES_ALONE } from '../quiet-analysis.ts';

/** The folder of the package that holds a file, above this one: the depth differs between sources and bundle. */
function packaged(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, path)) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, path);
}

/** @throws RevsyncError EXAMPLE_MISSING where the package is not whole */
export async function exampleEvidence(): Promise<Evidence> {
  const tune = packaged('fixtures/example/track-day.bin');
  const folder = dirname(tune);
  const { document } = await analyzeFiles(
    { ...RULES_ALONE, paths: [tune], cwd: folder, stock: join(folder, 'stock.bin') },
    NOBODY,
  );
  const report = document.reports[0];
  if (report === undefined || report.outcome === 'refused') {
    throw new RevsyncError(
      'EXAMPLE_MISSING',
      'the bundled example tune cannot be read',
      'Install revsync again: its package is not whole.',
    );
  }
  const motorcycles = await loadKnowledge('motorcycles');
  return evidenceOf(report, motorcycles.find((m) => m.id === report.motorcycle?.id) ?? null);
}
