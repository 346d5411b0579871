/** The evidence of the bundled example tune: what the proof asks the model about. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadKnowledge } from '../../catalog/knowledge.ts';
import { RevsyncError } from '../../core/errors.ts';
import { type Evidence, evidenceOf } from '../../core/opinion/evidence.ts';
import { analyzeFiles } from '../analyze.ts';

/** The folder of the package that holds a file, above this one: the depth differs between sources and bundle. */
function packaged(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, path)) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, path);
}

/** @throws RevsyncError EXAMPLE_MISSING where the package is not whole */
export async function exampleEvidence(): Promise<Evidence> {
  const tune = packaged('fixtures/example/track-day.bin');
  const { document } = await analyzeFiles(
    {
      paths: [tune],
      cwd: dirname(tune),
      env: {},
      flags: { store: false },
      definition: null,
      shiftBytes: 0,
      bike: null,
      stock: join(dirname(tune), 'stock.bin'),
      conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
      rulesFolders: [],
      roles: [],
      failOn: 'never',
      minScore: 0,
      engine: 'rules',
      all: true,
      databasePath: null,
    },
    {
      now: () => new Date(0),
      warn: () => undefined,
      readStdin: async () => new Uint8Array(),
      started: () => undefined,
      done: async () => undefined,
      ask: null,
      askBike: null,
    },
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
