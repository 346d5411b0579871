/** The evidence of a question, no longer than the model can read in time on this machine. */
import type { Motorcycle } from '../core/model.ts';
import { ANSWER_TOKENS } from '../core/opinion/answer.ts';
import { EVIDENCE_TOKENS, type Evidence, evidenceOf } from '../core/opinion/evidence.ts';
import type { Report, SecondOpinion } from '../core/report.ts';
import { evidenceBudget } from '../llm/answer-time.ts';
import type { Keeper } from './keeper.ts';
import type { OpinionSettings } from './opinion-settings.ts';

export interface FittedEvidence {
  evidence: Evidence;
  /** Null: it is whole. */
  shrunk: NonNullable<SecondOpinion['shrunkEvidence']> | null;
}

/** Tokens of evidence that fit the time limit by what setup or doctor measured; the full budget where nobody measured. */
export async function measuredBudget(settings: OpinionSettings, keeper: Keeper): Promise<number> {
  const { speedsOf } = await import('../store/speeds.ts');
  const speeds = await keeper.use((db) => speedsOf(db, settings.hosts ?? '', settings.model));
  const tokens = { evidence: EVIDENCE_TOKENS, answer: ANSWER_TOKENS };
  return evidenceBudget(speeds, tokens, settings.timeoutMs / 1_000);
}

/** @param most tokens */
export function fittedEvidence(report: Report, motorcycle: Motorcycle | null, most: number): FittedEvidence {
  const whole = evidenceOf(report, motorcycle);
  if (whole.tokens <= most) return { evidence: whole, shrunk: null };
  const evidence = evidenceOf(report, motorcycle, most);
  return { evidence, shrunk: { tokens: evidence.tokens, findingsLeft: evidence.left } };
}
