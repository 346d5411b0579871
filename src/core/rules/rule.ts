/** A rule as data: one fault, one file, one screen. rules/checks/<category>/<id>.yaml, validated by src/catalog. */
import type { Severity } from '../model.ts';
import type { AreaId } from '../report.ts';

export type Category = 'file' | 'mixture' | 'spark' | 'limits' | 'throttle' | 'other';

export interface RuleLimits {
  unit: string;
  /** `above` (default): a value over the limit fails; `below`: under it. */
  worse: 'above' | 'below';
  info: number | null;
  low: number | null;
  medium: number | null;
  high: number | null;
  critical: number | null;
}

export interface RuleAdjust {
  /** CEL over engine, map, stock, conditions, metric facts. */
  when: string;
  /** Added to every limit, in the limits' unit. */
  add: number;
  because: string;
}

/** The severity may not exceed `at` while `when` holds (no stock, raw counts, guessed decode). */
export interface RuleCap {
  when: string;
  at: Severity;
  because: string;
}

/** One class less severe while `when` holds: a lone cell instead of a block. */
export interface RuleLowered {
  when: string;
  because: string;
}

/** An example inside the rule: the metric's value and the circumstances, and what the rule must say. */
export interface RuleExample {
  says: 'pass' | Severity | 'notApplicable';
  metric: number;
  /** Overrides of the default context: {engine: {...}, map: {...}, stock: true, facts: {...}}. */
  engine?: Record<string, unknown>;
  map?: Record<string, unknown>;
  stock?: boolean;
  conditions?: Record<string, unknown>;
  facts?: Record<string, unknown>;
  note?: string;
}

export interface Rule {
  /** File name. Names the fault as a noun: "spark-over-stock-at-full-load". */
  id: string;
  title: string;
  category: Category;
  /** Ids in the catalogue of checks: ["R41"]. */
  catalogue: string[];
  metric: string;
  /** Danger area that a pass or fail of this rule judges, or null. */
  area: AreaId | null;
  /** Why it is not checked where a file has nothing to measure: "no lambda target in this file". */
  without: string;
  /** What must be there, else notChecked with that reason: "stock", "motorcycle", "unit" (physical values), "region". */
  needs: ('stock' | 'motorcycle' | 'unit' | 'region')[];
  /** Formats this rule can run on; empty: all. */
  formats: string[];
  /** CEL; false: not applicable. Null: always. */
  when: string | null;
  limits: RuleLimits;
  adjust: RuleAdjust[];
  caps: RuleCap[];
  lowered: RuleLowered[];
  /** Interaction: one class more severe when one of these rules fails too. */
  raisedBy: { rules: string[]; because: string }[];
  /** With {value}, {limit}, {rpm}, {load}, {map}, and the metric's facts. */
  message: string;
  why: string;
  /** With the same placeholders and {limit.low}. */
  fix: string;
  falsePositives: string[];
  sources: string[];
  /** Why no public file at hand can make it fire, changed or not: what none of them holds. Left out: one does. */
  unproven?: string | undefined;
  examples: RuleExample[];
}
