/** Bands of a rule: from a value to a severity, a limit and a margin. */
import { SEVERITIES, type Severity } from '../model.ts';
import type { RuleLimits } from './rule.ts';

export interface Banded {
  /** Null: inside every limit. */
  severity: Severity | null;
  /** The limit that was crossed, or the nearest one that was not. */
  limit: number | null;
  /** Past the lowest limit, in its unit; negative: inside. */
  margin: number | null;
  /** 0..1: how far from this band's limit towards the next one. */
  depth: number;
}

/** Severities from least to most. */
const RISING: Severity[] = [...SEVERITIES].reverse();

/** @param add shifts every limit (a motorcycle that stands less) */
export function band(value: number, limits: RuleLimits, add = 0): Banded {
  const sign = limits.worse === 'above' ? 1 : -1;
  const steps = RISING.map((severity) => ({ severity, at: limits[severity] }))
    .filter((s): s is { severity: Severity; at: number } => s.at !== null)
    .map((s) => ({ severity: s.severity, at: s.at + add }));
  const lowest = steps[0];
  if (lowest === undefined) return { severity: null, limit: null, margin: null, depth: 0 };
  const margin = (value - lowest.at) * sign;
  let crossed = -1;
  for (const [i, step] of steps.entries()) if ((value - step.at) * sign > 0) crossed = i;
  const step = steps[crossed];
  if (step === undefined) return { severity: null, limit: lowest.at, margin, depth: 0 };
  const next = steps[crossed + 1];
  const past = (value - step.at) * sign;
  const width = next === undefined ? Math.max(Math.abs(step.at) * 0.5, 1e-9) : (next.at - step.at) * sign;
  return {
    severity: step.severity,
    limit: step.at,
    margin,
    depth: Math.max(0, Math.min(1, past / Math.max(width, 1e-9))),
  };
}

/** One class more severe, critical stays. */
export const raised = (severity: Severity): Severity =>
  RISING[Math.min(RISING.length - 1, RISING.indexOf(severity) + 1)] ?? severity;
/** One class less severe, info stays. */
export const lowered = (severity: Severity): Severity => RISING[Math.max(0, RISING.indexOf(severity) - 1)] ?? severity;
/** At least as severe. */
export const atLeast = (a: Severity, b: Severity): boolean => RISING.indexOf(a) >= RISING.indexOf(b);
/** The less severe of two. */
export const leastOf = (a: Severity, b: Severity): Severity => (atLeast(a, b) ? b : a);
