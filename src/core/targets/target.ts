/** The target sheet: what this motorcycle on this fuel should have, and where each number comes from. */
import type { Severity } from '../model.ts';
import type { Goal } from '../rider.ts';

/** One line. Low and high null: nothing is claimed, for the reason given; one of them null: no limit on that side. */
export interface Target {
  quantity: string;
  region: string;
  low: number | null;
  high: number | null;
  unit: string;
  sources: string[];
  reason: string | null;
  note: string | null;
}

/** rules/targets.yaml: one range. */
export interface TargetRange {
  quantity: string;
  region: string;
  /** CEL over engine, conditions. */
  when: string;
  unit: string;
  low?: number | undefined;
  high?: number | undefined;
  /** Why nothing is claimed. */
  reason?: string | undefined;
  goals?: Partial<Record<Goal, { low: number; high: number }>> | undefined;
  /** Rules whose lowest limit the range may not pass. */
  ceiling?: string | undefined;
  floor?: string | undefined;
  note?: string | undefined;
  sources: string[];
}

/** rules/targets.yaml: one sign at which a first ride ends. Of those of one kind the first whose condition holds is taken. */
export interface RideStop {
  kind: string;
  /** CEL over engine; left out: any engine. */
  when?: string | undefined;
  /** `{limit}`: that of the rule and class named below. */
  sign: string;
  rule?: string | undefined;
  severity?: Severity | undefined;
  sources: string[];
}

/** rules/targets.yaml: one thing to write down on a first ride. Of those of one kind the first whose condition holds is taken. */
export interface RideLogEntry {
  kind: string;
  /** CEL over engine; left out: any engine. */
  when?: string | undefined;
  what: string;
}

export interface TargetData {
  version: string;
  ranges: TargetRange[];
  stops: RideStop[];
  log: RideLogEntry[];
}

/** What is known of a motorcycle's own stock. Null: not known. */
export interface StockNumbers {
  /** In words. */
  source: string;
  limiterRpm: number | null;
  fanOnC: number | null;
  fanOffC: number | null;
  /** At 13 to 14 V. */
  dwellMs: number | null;
  /** Degrees at full load, over the speeds. */
  fullLoadSpark: { low: number; high: number } | null;
  fullLoadLambda: { low: number; high: number } | null;
}
