/** Analyses one file by the rules alone and stores it, for a command that needs it in the library. */
import { analyzeFiles } from './analyze.ts';
import { databaseOf, type Surroundings } from './history.ts';

export async function analyzeForLibrary(
  path: string,
  { definition, stock }: { definition: string | null; stock: string | null },
  around: Surroundings,
  warn: (text: string) => void,
): Promise<void> {
  const { document } = await analyzeFiles(
    {
      paths: [path],
      cwd: around.cwd,
      env: around.env,
      flags: around.flags,
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
      databasePath: await databaseOf(around),
    },
    {
      now: () => new Date(),
      warn,
      readStdin: async () => new Uint8Array(0),
      started: () => undefined,
      done: async () => undefined,
      ask: null,
      askBike: null,
    },
  );
  for (const { refusal } of document.reports)
    if (refusal !== null) warn(`revsync: ${refusal.code}: ${refusal.message}`);
}
