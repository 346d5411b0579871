/** Runs the main job in process, without a database, a terminal or a question. */
import { analyzeFiles } from '../app/analyze.ts';
import type { AnalyzeRequest } from '../app/analyze-request.ts';
import type { Report, ReportDocument } from '../core/report.ts';

export const PROJECT = new URL('../..', import.meta.url).pathname;
/** Public tune files beside the project; absent on a machine without them. */
export const CORPUS = new URL('../../../shared/corpus/', import.meta.url).pathname;

const DEFAULTS: Omit<AnalyzeRequest, 'paths'> = {
  cwd: PROJECT,
  env: {},
  flags: { store: false },
  definition: null,
  shiftBytes: 0,
  bike: null,
  stock: null,
  conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
  rulesFolders: [],
  roles: [],
  failOn: 'high',
  minScore: 60,
  engine: 'rules',
  all: true,
  databasePath: null,
};

/** A fixed clock: documents then compare equal. */
export async function analyzeDocument(
  paths: string[],
  options: Partial<AnalyzeRequest> = {},
  stdin: Uint8Array = new Uint8Array(0),
): Promise<{ document: ReportDocument; warnings: string[] }> {
  const warnings: string[] = [];
  const { document } = await analyzeFiles(
    { ...DEFAULTS, paths, ...options },
    {
      now: () => new Date(0),
      warn: (text) => warnings.push(text),
      readStdin: async () => stdin,
      started: () => undefined,
      done: async () => undefined,
      ask: null,
      askBike: null,
    },
  );
  return { document, warnings };
}

/** The report of one file. */
export async function analyzeOne(
  path: string,
  options: Partial<AnalyzeRequest> = {},
  stdin?: Uint8Array,
): Promise<Report> {
  const { document } = await analyzeDocument([path], options, stdin);
  return document.reports[0]!;
}
