/** What a person asks of an analysis, and what a run shares between its files. */
import type { Conditions, Motorcycle, Severity } from '../core/model.ts';
import type { ReportDocument } from '../core/report.ts';
import type { CategoryData } from '../core/score.ts';
import type { Input } from './read-input.ts';
import type { Ruleset } from './rules.ts';

export interface AnalyzeRequest {
  paths: string[];
  cwd: string;
  env: Record<string, string | undefined>;
  flags: { db?: string; store?: boolean };
  definition: string | null;
  shiftBytes: number;
  bike: string | null;
  stock: string | null;
  /** Judge as if nothing were known about stock: what the proving ground asks. */
  withoutStock?: boolean;
  conditions: Conditions;
  rulesFolders: string[];
  /** "TITLE=role" */
  roles: string[];
  failOn: Severity | 'never';
  minScore: number;
  engine: 'rules' | 'llm' | 'auto';
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
}

/** What all files of a run share. */
export interface Shared {
  request: AnalyzeRequest;
  hooks: AnalyzeHooks;
  ruleset: Ruleset;
  categories: CategoryData;
  bike: Motorcycle | null;
  stockInput: Input | null;
}
