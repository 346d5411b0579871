/** Runs a file through the app, as `revsync analyze` does, without a database, a terminal or a question. */
import { AnalysisGarage } from '../../app/analysis-garage.ts';
import { analyzeOne } from '../../app/analyze-file.ts';
import type { AnalyzeRequest, Shared } from '../../app/analyze-request.ts';
import { givenBike } from '../../app/bikes.ts';
import type { Decoded } from '../../app/decode-file.ts';
import { NOBODY, RULES_ALONE } from '../../app/quiet-analysis.ts';
import { type Input, inputFromBytes } from '../../app/read-input.ts';
import { loadRuleset, type Ruleset } from '../../app/rules.ts';
import { loadKnowledge } from '../../catalog/knowledge.ts';
import type { Motorcycle } from '../../core/model.ts';
import type { Report } from '../../core/report.ts';
import type { CategoryData } from '../../core/score.ts';
import type { Subject } from './subject.ts';

/** What is known of stock: a file that was given; what ships about the family; nothing at all. */
export type Reference = 'file' | 'known' | 'none';

export interface Ask {
  bytes: Uint8Array;
  reference: Reference;
  /** The stock file for `file`: one object for all of its cases, so that it is decoded once. */
  stock: Input | null;
  bike?: string;
  ethanolPercent?: number;
  shiftBytes?: number;
}

/** Whether a stock file may be one is asked once for each process. */
const stockVerdicts: Shared['stockVerdicts'] = new Map();
let garage: AnalysisGarage | null = null;
let common: { ruleset: Ruleset; categories: CategoryData } | null = null;
const bikes = new Map<string, Motorcycle>();

async function bikeOf(id: string | null, hooks: Shared['hooks']): Promise<Motorcycle | null> {
  if (id === null) return null;
  const known = bikes.get(id);
  if (known !== undefined) return known;
  const bike = await givenBike(id, hooks);
  bikes.set(id, bike);
  return bike;
}

/** The report with every finding of every status, and the tune it is about (null: refused). */
export async function judge(subject: Subject, ask: Ask): Promise<{ report: Report; decoded: Decoded | null }> {
  garage ??= await AnalysisGarage.open(null, false, () => undefined);
  common ??= {
    ruleset: await loadRuleset([], '.'),
    categories: (await loadKnowledge('data'))['categories'] as CategoryData,
  };
  const request: AnalyzeRequest = {
    ...RULES_ALONE,
    paths: ['-'],
    cwd: '.',
    definition: subject.definition,
    shiftBytes: ask.shiftBytes ?? subject.shiftBytes,
    bike: ask.bike ?? subject.bike,
    withoutStock: ask.reference === 'none',
    conditions: { ...RULES_ALONE.conditions, ethanolPercent: ask.ethanolPercent ?? null },
  };
  const hooks: Shared['hooks'] = { ...NOBODY, readStdin: async () => ask.bytes };
  const shared: Shared = {
    request,
    hooks,
    around: { flags: request.flags, env: request.env, cwd: request.cwd },
    ...common,
    bike: await bikeOf(request.bike, hooks),
    garage,
    stockVerdicts,
    stockInput: ask.reference === 'file' ? ask.stock : null,
  };
  const { report, decoded } = await analyzeOne('-', shared);
  return { report, decoded };
}

/** The motorcycle that a report is about, with its data. */
export async function motorcycleOfReport(report: Report): Promise<Motorcycle | null> {
  const id = report.motorcycle?.id;
  if (id === undefined) return null;
  return (await loadKnowledge('motorcycles')).find((m) => m.id === id) ?? null;
}

/**
 * A stock file as the app takes it. Its hash is another than the tune's, so that the untouched file too is held against it: the app
 * rightly refuses a stock that is the tune itself, and then the two reports would differ by more than the fault.
 */
export const stockInput = (bytes: Uint8Array): Input => {
  const input = inputFromBytes(bytes);
  return { ...input, path: 'stock', sha256: `stock ${input.sha256}` };
};
