/** The safety score: 100 less what the findings take, capped by the worst of them. Weights stand in rules/categories.yaml. */
import { SEVERITIES, type Severity } from './model.ts';
import type { AreaId, Deduction, SafetyLevel, Scores } from './report.ts';
import type { Judged } from './rules/judge.ts';
import type { Category } from './rules/rule.ts';

/** rules/categories.yaml */
export interface CategoryData {
  version: string;
  points: Record<Severity, [number, number]>;
  weights: Record<Category, number>;
  halfAfter: Partial<Record<Severity, number>>;
  caps: Partial<Record<Severity, number>>;
  /** By rule: no number over it while that rule fails with more than a note. */
  ruleCaps: Record<string, number>;
  /** No number over it where full-load mixture was judged by the volumetric efficiency alone. */
  weakMixtureCap: number;
  levels: { SAFE: number; MODERATE: number; RISKY: number };
  required: AreaId[];
  /** What a verified concern of a local model may take: by severity of the finding it cites, `open` for what was not judged. */
  secondOpinion: { most: number; open: number; points: Record<Severity, number> };
}

export function levelOf(value: number, { levels }: CategoryData): SafetyLevel {
  if (value >= levels.SAFE) return 'SAFE';
  if (value >= levels.MODERATE) return 'MODERATE';
  return value >= levels.RISKY ? 'RISKY' : 'DANGEROUS';
}

/**
 * Monotone by construction: points grow inside a band and from band to band, and a cap only falls.
 * @param missing areas that had to be judged and were not: then there is no number
 */
export function scoreSafety(judged: readonly Judged[], missing: string | null, data: CategoryData): Scores['safety'] {
  const failed = judged.filter((j) => j.finding.status === 'fail' && j.finding.suppressed === null);
  const spent: Partial<Record<Severity, number>> = {};
  const deductions: Deduction[] = [];
  const order = (j: Judged): number => SEVERITIES.indexOf(j.finding.severity);
  for (const { finding, rule, depth } of [...failed].sort(
    (a, b) => order(a) - order(b) || a.finding.id.localeCompare(b.finding.id),
  )) {
    const { severity } = finding;
    const [low, high] = data.points[severity];
    const full = (low + (high - low) * depth) * (data.weights[rule.category] ?? 1);
    const before = spent[severity] ?? 0;
    spent[severity] = before + full;
    const half = data.halfAfter[severity];
    const effective = (total: number): number =>
      half === undefined || total <= half ? total : half + (total - half) / 2;
    const points = Math.round((effective(before + full) - effective(before)) * 10) / 10;
    if (points > 0) deductions.push({ findingId: finding.id, points, reason: `${severity}: ${rule.title}` });
  }
  const caps = (Object.entries(data.caps) as [Severity, number][])
    .filter(([severity]) => failed.some((j) => j.finding.severity === severity))
    .map(([severity, at]) => ({ at, reason: `a ${severity} finding stands` }));
  for (const { finding, rule } of failed) {
    const at = data.ruleCaps[rule.id];
    if (at !== undefined && finding.severity !== 'info') caps.push({ at, reason: rule.title });
  }
  if (isWeakMixture(judged)) {
    caps.push({
      at: data.weakMixtureCap,
      reason: 'no mixture target: full load was judged by the volumetric efficiency alone',
    });
  }
  if (missing !== null) return { value: null, level: null, reason: missing, deductions, caps };
  const sum = deductions.reduce((total, d) => total + d.points, 0);
  const value = Math.max(0, Math.min(Math.round(100 - sum), ...caps.map((c) => c.at)));
  const reason =
    deductions.length === 0
      ? 'no rule that was checked found anything'
      : `100 less ${Math.round(sum * 10) / 10} points for ${deductions.length} findings`;
  return { value, level: levelOf(value, data), reason, deductions, caps };
}

/** A volumetric efficiency that has no hole says little about the mixture: only a target or stock does. */
function isWeakMixture(judged: readonly Judged[]): boolean {
  const ended = judged.filter(
    (j) => j.rule.area === 'fullLoadMixture' && (j.finding.status === 'pass' || j.finding.status === 'fail'),
  );
  return ended.length > 0 && ended.every((j) => j.rule.metric.startsWith('ve.'));
}
