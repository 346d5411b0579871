/** How a score came about, step by step from 100, so that the last step is the score and nothing is left over. */
import { SEVERITIES, type Severity } from './model.ts';
import type { Deduction, IfFixed, Report } from './report.ts';
import type { Category, Rule } from './rules/rule.ts';
import { type CategoryData, pointsOf } from './score.ts';

/** One step. `points` may be negative: where a floor or rounding gives something back. */
export interface ExplainStep {
  kind: 'deduction' | 'rounding' | 'floor' | 'cap';
  /** What took the points or holds the cap; null where nothing that was found does. */
  findingId: string | null;
  points: number;
  reason: string;
  /** What is left after this step; null where there is no number. */
  running: number | null;
}

export interface Explanation {
  path: string;
  analysisId: string | null;
  value: number | null;
  level: string | null;
  reason: string;
  steps: ExplainStep[];
  /** Best first. */
  ifFixed: IfFixed[];
  compatibility: { value: number | null; level: string | null; reason: string; steps: ExplainStep[] };
  /** What was suppressed and therefore took nothing. */
  suppressed: { findingId: string; reason: string }[];
}

const tenths = (n: number): number => Math.round(n * 10);

/** Deductions, rounding, floor and caps as one chain from 100 to the value. */
function chain(
  value: number | null,
  deductions: readonly Deduction[],
  caps: readonly { at: number; reason: string; findingIds: string[] }[],
): ExplainStep[] {
  const steps: ExplainStep[] = [];
  let left = 1_000;
  const take = (kind: ExplainStep['kind'], findingId: string | null, amount: number, reason: string): void => {
    left -= amount;
    steps.push({ kind, findingId, points: amount / 10, reason, running: value === null ? null : left / 10 });
  };
  for (const d of deductions) take('deduction', d.findingId, tenths(d.points), d.reason);
  // Without a number there is nothing to bring to one.
  if (value === null) return steps;
  // Half a point rounds up, as the score does.
  const whole = Math.round(left / 10) * 10;
  if (whole !== left) take('rounding', null, left - whole, 'to a whole number');
  if (left < 0) take('floor', null, left, 'no score is under 0');
  for (const cap of [...caps].sort((a, b) => b.at - a.at)) {
    if (left > cap.at * 10)
      take('cap', cap.findingIds[0] ?? null, left - cap.at * 10, `${cap.at} at most: ${cap.reason}`);
  }
  return steps;
}

/** Reads a report alone: whatever rules are installed today, it explains the score that was given then. */
export function explainReport(report: Report): Explanation {
  const { safety, compatibility } = report.scores;
  const ids = new Set(safety.deductions.map((d) => d.findingId));
  return {
    path: report.input.path,
    analysisId: report.analysisId,
    value: safety.value,
    level: safety.level,
    reason: safety.reason,
    steps: chain(safety.value, safety.deductions, safety.caps),
    ifFixed: [...safety.ifFixed].sort(
      (a, b) => b.value - a.value || a.findingIds.join().localeCompare(b.findingIds.join()),
    ),
    compatibility: {
      value: compatibility.value,
      level: compatibility.level,
      reason: compatibility.reason,
      steps: chain(compatibility.value, compatibility.deductions, []),
    },
    suppressed: report.findings.flatMap((f) =>
      f.status === 'fail' && f.suppressed !== null && !ids.has(f.id)
        ? [{ findingId: f.id, reason: f.suppressed.reason }]
        : [],
    ),
  };
}

/** What a rule can take: by severity, from its limit to the next one. */
export interface RulePoints {
  severity: Severity;
  limit: number;
  unit: string;
  points: [number, number];
  cap: number | null;
}

/** Worst class first; only the classes that the rule has, and those one above that an interaction can reach. */
export function explainRule(rule: Rule, data: CategoryData): RulePoints[] {
  const category: Category = rule.category;
  const round = (n: number): number => Math.round(n * 10) / 10;
  return SEVERITIES.flatMap((severity) => {
    const limit = rule.limits[severity];
    if (limit === null) return [];
    return [
      {
        severity,
        limit,
        unit: rule.limits.unit,
        points: [round(pointsOf(severity, 0, category, data)), round(pointsOf(severity, 1, category, data))] as [
          number,
          number,
        ],
        cap: data.caps[severity] ?? null,
      },
    ];
  });
}
