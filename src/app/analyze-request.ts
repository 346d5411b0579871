/** What a person asks of an analysis, and what a run shares between its files. */

import type { LanguageModel } from '../core/language-model.ts';
import type { Conditions, Motorcycle, Severity } from '../core/model.ts';
import type { ReportDocument } from '../core/report.ts';
import type { CategoryData } from '../core/score.ts';
import type { Suppression } from '../core/suppress.ts';
import type { TargetData } from '../core/targets/target.ts';
import type { AnalysisGarage } from './analysis-garage.ts';
import type { Surroundings } from './history.ts';
import type { Input } from './read-input.ts';
import type { OpenedLog } from './ride-logs.ts';
import type { Ruleset } from './rules.ts';
import type { OpinionSettings } from './second-opinion.ts';
import type { StockVerdict } from './stock-check.ts';

export interface AnalyzeRequest {
  paths: string[];
  cwd: string;
  env: Record<string, string | undefined>;
  flags: { db?: string; store?: boolean };
  definition: string | null;
  shiftBytes: number;
  bike: string | null;
  stock: string | null;
  /** Ride logs, each a path. */
  logs?: string[];
  /** Judge as if nothing were known about stock: what the proving ground asks. */
  withoutStock?: boolean;
  conditions: Conditions;
  /** A profile of the garage; false: none is wanted; null: the one of the motorcycle. */
  profile?: string | false | null;
  rulesFolders: string[];
  /** "TITLE=role" */
  roles: string[];
  failOn: Severity | 'never';
  minScore: number;
  engine: 'rules' | 'llm' | 'auto';
  /** The local model; left out or null: none is asked, whatever `engine` says. */
  opinion?: OpinionSettings | null;
  /** With `engine` llm: the rules alone are enough where no model answers. Default true. */
  fallback?: boolean;
  /** Files under way at once while a model answers. Default 10. */
  batchSize?: number;
  /** Judge without any suppression. Default: those of the project file and of `baseline` count. */
  suppress?: boolean;
  /** File of findings that are known already. */
  baseline?: string | null;
  /** Findings of every status in the document; the database keeps them all in any case. */
  all: boolean;
  databasePath: string | null;
}

export interface Choice {
  value: string;
  name: string;
}

export interface AnalyzeHooks {
  now(): Date;
  warn(text: string): void;
  readStdin(limitBytes: number): Promise<Uint8Array>;
  started(path: string, index: number, total: number): void;
  /** After each file, with a document of that file alone. */
  done(document: ReportDocument): Promise<void>;
  /** Null: nobody can be asked. */
  ask: ((question: string, choices: Choice[]) => Promise<string | null>) | null;
  /** Lets a person look for the motorcycle; null: nobody can be asked. */
  askBike: ((question: string) => Promise<string | null>) | null;
  /** Ends the run: what is stored stays, AbortError is thrown. */
  signal?: AbortSignal | null;
  /** A model is asked about a file: that takes a while. */
  asking?: (path: string, model: string) => void;
  /** A piece of a model's unchecked answer as it comes; null: that answer is over. */
  stream?: ((path: string, piece: string | null) => void) | null;
  /** For tests: another model than the one on the network. */
  openModel?: (settings: OpinionSettings) => Promise<LanguageModel>;
}

/** What all files of a run share. */
export interface Shared {
  request: AnalyzeRequest;
  hooks: AnalyzeHooks;
  ruleset: Ruleset;
  categories: CategoryData;
  /** Left out: the first-ride sheet names no numbers. */
  targets?: TargetData;
  bike: Motorcycle | null;
  stockInput: Input | null;
  /** Ride logs, surveyed; left out: none. */
  logs?: readonly OpenedLog[];
  garage: AnalysisGarage;
  around: Surroundings;
  /** Stock files that were judged, by their content and the definition that read them. */
  stockVerdicts: Map<string, StockVerdict>;
  /** Left out: none. */
  suppressions?: { list: readonly Suppression[]; today: string };
}
