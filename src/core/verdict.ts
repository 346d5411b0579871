/** From reports to an exit code and a summary: the part that pipelines rely on. */
import { SEVERITIES, type Severity } from './model.ts';
import type { Report, ReportDocument } from './report.ts';

/** What makes a run fail. */
export interface Threshold {
  failOn: Severity | 'never';
  minScore: number;
  /** `llm`: what a verified second opinion takes off counts too. Everything else: the rules' score alone. */
  engine?: 'rules' | 'llm' | 'auto';
}

/** Worst severity among the failed, unsuppressed findings. */
export function worstOf(report: Report): Severity | null {
  const failed = report.findings.filter((f) => f.status === 'fail' && f.suppressed === null);
  return SEVERITIES.find((s) => failed.some((f) => f.severity === s)) ?? null;
}

/** 0 acceptable; 1 a finding at or above the threshold or a number under the minimum, also where there is no number; 2 no number. */
export function exitCodeOf(report: Report, { failOn, minScore, engine }: Threshold): 0 | 1 | 2 {
  const worst = worstOf(report);
  if (failOn !== 'never' && worst !== null && SEVERITIES.indexOf(worst) <= SEVERITIES.indexOf(failOn)) return 1;
  const { value } = report.scores.safety;
  const off = engine === 'llm' ? Math.max(0, report.secondOpinion?.deduction ?? 0) : 0;
  if (value !== null && value - off < minScore) return 1;
  return value === null ? 2 : 0;
}

/** Of several files the highest exit code counts; an error outside of any file is at least 2. */
export function summarize(reports: Report[], threshold: Threshold, errors: number): ReportDocument['summary'] {
  const count = (outcome: Report['outcome']): number => reports.filter((r) => r.outcome === outcome).length;
  const worsts = reports.map(worstOf);
  return {
    files: reports.length,
    analysed: count('analysed'),
    notEnoughData: count('notEnoughData'),
    refused: count('refused'),
    worst: SEVERITIES.find((s) => worsts.includes(s)) ?? null,
    exitCode: Math.max(0, errors > 0 ? 2 : 0, ...reports.map((r) => exitCodeOf(r, threshold))),
  };
}
