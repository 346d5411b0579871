/** A report with what of a model's answer held. It may lower, by a bounded and listed amount; it never raises and never clears. */
import type { Deduction, Report, SecondOpinion } from '../report.ts';
import type { CategoryData } from '../score.ts';
import type { Verified } from './guard.ts';

/** How the answer was come by: the part that is the same however often it is reused. */
export interface Provenance {
  model: string;
  digest: string | null;
  serverVersion: string | null;
  repaired: boolean;
  tokens: { prompt: number; answer: number };
  /** Null: the evidence was sent whole. */
  shrunk: NonNullable<SecondOpinion['shrunkEvidence']> | null;
  /** What did not hold, in words of ours. */
  dropped: string[];
}

/** Adds the second opinion. `scores` stay as the rules gave them. */
export function applyOpinion(report: Report, verified: Verified, from: Provenance, data: CategoryData): Report {
  const deductions = deductionsOf(report, verified, data);
  const deduction = Math.round(deductions.reduce((sum, d) => sum + d.points, 0) * 10) / 10;
  const { value } = report.scores.safety;
  const secondOpinion: SecondOpinion = {
    deduction,
    deductions,
    concerns: verified.concerns.map(({ text, items, relation }) => ({
      text,
      evidence: items.map((item) => item.refersTo),
      relation,
    })),
    summary: verified.summary ?? summaryOf(verified, from.model),
    dropped: from.dropped.length,
    droppedBecause: from.dropped,
    safetyOpinion: value !== null && verified.safety !== null && verified.safety <= value ? verified.safety : null,
    compatibility: verified.compatibility,
    expectedEffect: verified.effect,
    advice: verified.advice,
    repaired: from.repaired,
    model: from.model,
    digest: from.digest,
    serverVersion: from.serverVersion,
    tokens: from.tokens,
    shrunkEvidence: from.shrunk,
  };
  const count = verified.concerns.length;
  const reason = `${from.model} was asked: ${count === 0 ? 'no concern' : count === 1 ? 'one concern' : `${count} concerns`} held${from.dropped.length === 0 ? '' : `, ${from.dropped.length} claims did not and were dropped`}`;
  return { ...report, engine: { used: 'llm', model: from.model, digest: from.digest, reason }, secondOpinion };
}

/** Where the model's own words did not hold. */
function summaryOf({ concerns }: Verified, model: string): string {
  if (concerns.length === 0) return `${model} gave no concern that the evidence bears out; the rules' findings stand.`;
  return `The evidence bears out ${concerns.length === 1 ? 'one concern' : `${concerns.length} concerns`} of ${model}; the rules' findings stand.`;
}

/** One for each thing cited, at most so many points in all (rules/categories.yaml). Nothing is taken where there is no score. */
function deductionsOf(report: Report, { concerns }: Verified, { secondOpinion }: CategoryData): Deduction[] {
  const { value } = report.scores.safety;
  if (value === null) return [];
  let left = Math.min(secondOpinion.most, value);
  const counted = new Set<string>();
  const list: Deduction[] = [];
  for (const { items, relation } of concerns) {
    const [item] = items;
    if (item === undefined || counted.has(item.refersTo)) continue;
    counted.add(item.refersTo);
    const full = item.finding === null ? secondOpinion.open : secondOpinion.points[item.finding.severity];
    const points = Math.min(left, full);
    if (points <= 0) continue;
    left -= points;
    list.push({ findingId: item.refersTo, points, reason: `second opinion: ${relation}` });
  }
  return list;
}
