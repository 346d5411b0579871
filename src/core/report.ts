/**
 * Everything known about one analysis, as plain JSON: the only thing that reporters, the store and the LLM see.
 * The names are a promise (docs/generated/report.schema.json): more may join, none changes its meaning without a new SCHEMA_VERSION.
 * What is not known is null with a reason beside it.
 */

import type { ChecksumResult, ChecksumState } from './checksum-model.ts';
import type { RideLog } from './logs/ride-log.ts';
import type { CellRef, Confidence, ItemKind, Quantity, Severity, Undecoded } from './model.ts';
import type { StockOrigin } from './stock.ts';

export const SCHEMA_VERSION = '1.0.0';

export type Outcome = 'analysed' | 'notEnoughData' | 'refused';
export type FindingStatus = 'fail' | 'pass' | 'notApplicable' | 'notChecked';
/** What a value was held against. */
export type Reference = 'stockFile' | 'stockKnown' | 'motorcycle' | 'absolute';
export type AreaId = 'fullLoadMixture' | 'fullLoadSpark' | 'revLimiter' | 'heat' | 'throttle';
export type SafetyLevel = 'SAFE' | 'MODERATE' | 'RISKY' | 'DANGEROUS';
export type CompatibilityLevel = 'COMPATIBLE' | 'CHECK' | 'DOUBTFUL' | 'INCOMPATIBLE';

export interface MapRef {
  id: string;
  title: string;
}

/** One rule applied to one cause: cylinders, gears and modes together. */
export interface Finding {
  /** ruleId + ':' + id of the worst map, or ruleId alone for the tune as a whole. */
  id: string;
  ruleId: string;
  /** The rule's title: what is wrong, as a noun. */
  title: string;
  status: FindingStatus;
  severity: Severity;
  map: MapRef | null;
  alsoIn: MapRef[];
  /** Worst first, 100 at most. */
  cells: CellRef[];
  /** How many there are in all. */
  cellCount: number;
  value: number | null;
  unit: string;
  /** The limit that was crossed (fail) or is nearest (pass). */
  limit: number | null;
  /** How far past (negative: inside) the lowest limit, in `unit`. */
  margin: number | null;
  reference: Reference;
  message: string;
  why: string;
  fix: string;
  sources: string[];
  /** Known to a person, who said why; it deducts nothing. `from`: the file that says so. */
  suppressed: { reason: string; until: string | null; from: string; kind: 'suppression' | 'baseline' } | null;
  /** The file's and the stock's own value at the worst place, in the map's unit; null where the rule compares no such pair. */
  compared: { tune: number; stock: number; unit: string } | null;
  /** Why the severity is another than the bands alone give: adjustments, caps, interactions. */
  because: string[];
}

export interface Deduction {
  findingId: string;
  /** What it takes off, tenths at the finest. */
  points: number;
  reason: string;
}

/** A number that the score may not be over, and the findings that hold it down; none: what was not known does. */
export interface ScoreCap {
  at: number;
  reason: string;
  findingIds: string[];
}

/** What the score would be with these findings put right and nothing else changed. */
export interface IfFixed {
  findingIds: string[];
  value: number;
  level: SafetyLevel;
}

export interface Scores {
  /** Of rules/categories.yaml: the meaning of the numbers. */
  version: string;
  safety: {
    value: number | null;
    level: SafetyLevel | null;
    reason: string;
    deductions: Deduction[];
    caps: ScoreCap[];
    /** One entry for each deduction alone, then one for all critical and high ones together; empty without a number. */
    ifFixed: IfFixed[];
  };
  compatibility: {
    value: number | null;
    level: CompatibilityLevel | null;
    reason: string;
    deductions: Deduction[];
    /** What speaks neither for nor against, and why. */
    notCompared: { what: string; reason: string }[];
  };
}

export interface Prediction {
  changePercent: number;
  lowPercent: number;
  highPercent: number;
}

/** One cause of a predicted change. Null numbers: refused for the reason given. */
export interface PerformanceTerm {
  id: string;
  changePercent: number | null;
  lowPercent: number | null;
  highPercent: number | null;
  reason: string;
}

/** A place as a rider meets it. */
export interface FirstRideCell {
  findingId: string;
  /** As the file names it: "3-4". Null: the map is for every gear, or does not say. */
  gear: string | null;
  rpm: number | null;
  load: { quantity: Quantity; unit: string; value: number; last?: number | undefined } | null;
  targetLambda: number | null;
  /** Where no target is known: the range that an engine of this kind wants there, with its sources; null: none is claimed. */
  wantedLambda?: { region: string; low: number; high: number; sources: string[] } | null | undefined;
  /** Where the target comes from, or why there is none. */
  targetSource: string;
  watch: string;
}

export interface FirstRideSheet {
  /** At most five, the riskiest first. */
  cells: FirstRideCell[];
  abort: string[];
  log: string[];
  reason: string;
}

export interface WhatIf {
  /** What the conditions mean by physics. */
  effects: string[];
  /** Findings that are there, gone or of another class because of the conditions. */
  changed: { findingId: string; ruleId: string; title: string; before: Severity | null; after: Severity | null }[];
  safety: { without: number | null; with: number | null };
  compatibility: { without: number | null; with: number | null };
}

export interface SuppressionSummary {
  /** How many findings each file suppresses here. */
  from: { path: string; kind: 'suppression' | 'baseline'; findings: number }[];
  findings: number;
  /** Points that the suppressed findings would take. */
  hiddenPoints: number;
  /** The score without any suppression. */
  valueWithout: number | null;
  levelWithout: SafetyLevel | null;
  worst: Severity | null;
  unapplied: {
    from: string;
    target: string;
    reason: string;
    why: 'expired' | 'criticalNeedsExactId' | 'gotWorse' | 'matchesNothing';
    until: string | null;
  }[];
}

/** A map drawn in the report, enough to redraw it: at most 8 of at most 4,096 cells. */
export interface Exhibit {
  map: MapRef;
  findingIds: string[];
  role: string;
  unit: string;
  axes: {
    axis: 'x' | 'y';
    quantity: Quantity;
    unit: string;
    breakpoints: (number | null)[];
    labels: string[] | null;
  }[];
  rows: number;
  columns: number;
  /** Row-major. */
  cells: (number | null)[];
  /** Same cells of the stock file where there is one: the picture then shows the change. */
  stockCells: (number | null)[] | null;
  /** Percent of stock rather than a difference in unit (fuel). */
  changeIn: 'unit' | 'percent' | null;
  /** Row-major: 0 not flagged, 1 over a limit. */
  flagged: number[];
  digits: number;
  /** The cell of the worst finding: the picture stands around it. */
  focus: { row: number; column: number } | null;
}

/** A concern of the model whose citations exist, whose relation is true by computation, whose every number stands in the evidence. */
export interface Concern {
  text: string;
  /** Ids of findings; "coverage:heat", "stock", "motorcycle" … for what is no finding. */
  evidence: string[];
  /** aboveLimit | belowLimit | aboveStock | belowStock | changed | missing | notJudged */
  relation: string;
}

/** The checked part of a model's answer. Texts that did not hold are null; what was dropped is counted, never shown. */
export interface SecondOpinion {
  /** What the verified concerns take off the safety score; 0 where there is no score. Counts with --engine llm alone. */
  deduction: number;
  /** The deduction, concern by concern. */
  deductions: Deduction[];
  concerns: Concern[];
  summary: string;
  /** Claims that did not hold. */
  dropped: number;
  /** What did not hold and why, in words of ours. */
  droppedBecause: string[];
  /** The model's own number, where it is not above the rules' score. It counts for nothing. */
  safetyOpinion: number | null;
  compatibility: 'fits' | 'doubtful' | 'doesNotFit' | 'unknown';
  expectedEffect: string | null;
  advice: string | null;
  /** A second answer was needed. */
  repaired: boolean;
  model: string;
  digest: string | null;
  serverVersion: string | null;
  tokens: { prompt: number; answer: number };
  /** Where the evidence was shrunk, so that an answer fits the time limit at the speed measured here. Null: it was sent whole. */
  shrunkEvidence: { tokens: number; findingsLeft: number } | null;
}

export interface DefinitionInfo {
  path: string | null;
  id: string;
  title: string;
  origin: 'flag' | 'sidecar' | 'user' | 'bundled';
  verdict: 'fits' | 'uncertain' | 'mismatch';
  /** An id in the image proves which software it is, and so where its maps stand; which market or model year, it does not say. */
  identified?: boolean | undefined;
  evidence: string[];
  suggestion: string | null;
}

export interface Report {
  input: { path: string; sha256: string | null; byteLength: number | null };
  outcome: Outcome;
  refusal: { code: string; message: string; hint: string } | null;
  format: { id: string; confidence: number; because: string } | null;
  definition: DefinitionInfo | null;
  motorcycle: { id: string; name: string; confidence: Confidence | 'given'; alternatives: string[] } | null;
  ecu: { id: string | null; family: string | null } | null;
  tune: {
    maps: number;
    curves: number;
    scalars: number;
    flags: number;
    patches: number;
    undecoded: Undecoded[];
    warnings: string[];
  };
  /** The checksums that the definition describes; verified, never corrected. */
  integrity: { state: ChecksumState; reason: string; checksums: ChecksumResult[] };
  /** What is known about stock and how many maps moved. */
  stock: {
    reference: 'stockFile' | 'stockKnown' | 'none';
    /** Where the stock came from: the flag, the garage's own read, the library, what ships with revsync. */
    origin: StockOrigin | null;
    source: string;
    mapsEqual: number;
    mapsChanged: { id: string; title: string; changedCells: number | null; kind: ItemKind }[];
    mapsUnknown: number;
    wholeFileIsFactory: boolean;
  };
  /** The profile of the garage whose fuel, parts and factory read were taken, where there is one. */
  profile: { id: string; motorcycle: string } | null;
  conditions: { ron: number | null; ethanolPercent: number | null; altitudeM: number | null; mods: string[] };
  scores: Scores;
  performance: {
    /** At full load, percent of stock's torque. */
    torque: Prediction | null;
    /** At cruise, percent more (positive) work from the same fuel. */
    efficiency: Prediction | null;
    /** Null: no limiter is known in both files. */
    limiter: {
      fromRpm: number;
      toRpm: number;
      peakPowerPercent: number | null;
      inertiaLoadPercent: number;
      reason: string;
    } | null;
    terms: PerformanceTerm[];
    reason: string;
  };
  findings: Finding[];
  /** Counts over all findings, whatever `findings` shows. */
  findingCounts: Record<FindingStatus, number>;
  coverage: {
    ratio: number;
    areas: { id: AreaId; judged: boolean; reason: string }[];
    notChecked: { ruleId: string; reason: string }[];
  };
  exhibits: Exhibit[];
  /** What ride logs measured, cell by cell; null: none was given. */
  log: RideLog | null;
  firstRide: string[];
  firstRideSheet: FirstRideSheet;
  /** What the stated fuel, altitude and parts changed; null where nothing was stated. */
  whatIf: WhatIf | null;
  /** Who suppressed what; null: nobody tried. */
  suppressions: SuppressionSummary | null;
  engine: { used: 'rules' | 'llm'; model: string | null; digest: string | null; reason: string };
  /** What of a model's answer the evidence bears out. Null: none was asked, or nothing of it could be used. */
  secondOpinion: SecondOpinion | null;
  /** Stable for the same content, rules, motorcycle and options. Null: refused. */
  analysisId: string | null;
}

/** How one second opinion was come by: what may differ between two runs of the same file. */
export interface OpinionRun {
  path: string;
  /** An earlier answer was used and nothing was asked. */
  cached: boolean;
  requests: number;
  host: string | null;
  /** The server's own time for the prompt of the first request: what its cache saves shows here. */
  firstPromptMs: number;
  /** Over all requests, as are the next three. */
  promptMs: number;
  answerMs: number;
  loadMs: number;
  totalMs: number;
}

/** One run of `revsync analyze`: what `--format json` prints. */
export interface ReportDocument {
  schemaVersion: string;
  tool: { name: 'revsync'; version: string };
  /** The only place of times. */
  run: {
    startedAt: string;
    durationMs: number;
    /** One entry per file for which a model was asked, or an answer was at hand. */
    secondOpinions: OpinionRun[];
  };
  /** `replaced`: ids of bundled rules that a person's own stood in for. Left out: none. */
  ruleset: { version: string; hash: string; rules: number; replaced?: string[] | undefined };
  reports: Report[];
  summary: {
    files: number;
    analysed: number;
    notEnoughData: number;
    refused: number;
    worst: Severity | null;
    exitCode: number;
  };
  errors: { code: string; message: string; hint: string }[];
}
