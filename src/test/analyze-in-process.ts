/** Runs the main job in process, without a database, a terminal or a question. */
import { fileURLToPath } from 'node:url';
import { analyzeFiles } from '../app/analyze.ts';
import type { AnalyzeRequest } from '../app/analyze-request.ts';
import { NOBODY, RULES_ALONE } from '../app/quiet-analysis.ts';
import type { Report, ReportDocument } from '../core/report.ts';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** Public tune files beside the project; absent on a machine without them. */
export const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

const DEFAULTS: Omit<AnalyzeRequest, 'paths'> = { ...RULES_ALONE, cwd: PROJECT, failOn: 'high', minScore: 60 };

/** A fixed clock: documents then compare equal. */
export async function analyzeDocument(
  paths: string[],
  options: Partial<AnalyzeRequest> = {},
  stdin: Uint8Array = new Uint8Array(0),
): Promise<{ document: ReportDocument; warnings: string[] }> {
  const warnings: string[] = [];
  const { document } = await analyzeFiles(
    { ...DEFAULTS, paths, ...options },
    { ...NOBODY, warn: (text) => warnings.push(text), readStdin: async () => stdin },
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
