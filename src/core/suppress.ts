/**
 * Suppressions and baselines: a person says why a finding is known. They mark a finding and never delete it; what they hide
 * is counted, and who said so stands in the report, because a file beside a stranger's tune may hold them too.
 */
import { SEVERITIES, type Severity } from './model.ts';
import type { Finding, Scores, SuppressionSummary } from './report.ts';
import { atLeast } from './rules/bands.ts';
import type { Judged } from './rules/judge.ts';

export interface Suppression {
  kind: 'suppression' | 'baseline';
  /** Path of the file that says so, as the user would write it. */
  from: string;
  /** A whole rule, or null. */
  rule: string | null;
  /** One finding by its exact id, or null. */
  finding: string | null;
  /** Path of the tune as it was given; null: any. */
  file: string | null;
  reason: string;
  /** ISO date, the last day on which it holds; null: for good. */
  until: string | null;
  /** Baselines: how bad it was; a finding that got worse is no longer the one that was known. */
  atMost: { severity: Severity; margin: number | null } | null;
}

/** What was not applied, and why: said, so that nobody believes in it. */
export interface Unapplied {
  from: string;
  target: string;
  reason: string;
  why: 'expired' | 'criticalNeedsExactId' | 'gotWorse' | 'matchesNothing';
  until: string | null;
}

export interface SuppressedJudged {
  judged: Judged[];
  unapplied: Unapplied[];
}

const targetOf = (s: Suppression): string => s.finding ?? s.rule ?? '';

/**
 * @param path of the tune as the user wrote it
 * @param today ISO date of the edge's clock
 */
export function suppress(
  judged: readonly Judged[],
  suppressions: readonly Suppression[],
  path: string,
  today: string,
): SuppressedJudged {
  const unapplied: Unapplied[] = [];
  const say = (s: Suppression, why: Unapplied['why']): void => {
    unapplied.push({ from: s.from, target: targetOf(s), reason: s.reason, why, until: s.until });
  };
  const own = suppressions.filter((s) => s.file === null || s.file === path);
  const marked = new Map<string, NonNullable<Finding['suppressed']>>();
  for (const s of own) {
    const met = judged
      .map((j) => j.finding)
      .filter((f) => f.status === 'fail' && (s.finding !== null ? f.id === s.finding : f.ruleId === s.rule));
    if (met.length === 0) {
      if (s.kind === 'suppression') say(s, 'matchesNothing');
      continue;
    }
    if (s.until !== null && s.until < today) {
      say(s, 'expired');
      continue;
    }
    for (const finding of met) {
      if (finding.severity === 'critical' && s.finding === null) say(s, 'criticalNeedsExactId');
      else if (worseThan(finding, s)) say(s, 'gotWorse');
      else if (!marked.has(finding.id))
        marked.set(finding.id, { reason: s.reason, until: s.until, from: s.from, kind: s.kind });
    }
  }
  return {
    judged: judged.map((j) => {
      const mark = j.finding.status === 'fail' ? marked.get(j.finding.id) : undefined;
      return mark === undefined ? j : { ...j, finding: { ...j.finding, suppressed: mark } };
    }),
    unapplied,
  };
}

function worseThan(finding: Finding, { atMost }: Suppression): boolean {
  if (atMost === null) return false;
  if (finding.severity !== atMost.severity) return atLeast(finding.severity, atMost.severity);
  // Room for rounding only.
  return atMost.margin !== null && finding.margin !== null && finding.margin > atMost.margin + 1e-6;
}

/** @param bare the score as if nothing were suppressed */
export function suppressionSummary(
  judged: readonly Judged[],
  unapplied: Unapplied[],
  safety: Scores['safety'],
  bare: Scores['safety'],
): SuppressionSummary {
  const hidden = judged.filter((j) => j.finding.suppressed !== null).map((j) => j.finding);
  const from = new Map<string, SuppressionSummary['from'][number]>();
  for (const { suppressed } of hidden) {
    const { from: path, kind } = suppressed!;
    const one = from.get(`${kind}:${path}`) ?? { path, kind, findings: 0 };
    from.set(`${kind}:${path}`, { ...one, findings: one.findings + 1 });
  }
  const sum = ({ deductions }: Scores['safety']): number =>
    deductions.reduce((t, d) => t + Math.round(d.points * 10), 0);
  return {
    from: [...from.values()],
    findings: hidden.length,
    hiddenPoints: (sum(bare) - sum(safety)) / 10,
    valueWithout: bare.value,
    levelWithout: bare.level,
    worst: SEVERITIES.find((s) => hidden.some((f) => f.severity === s)) ?? null,
    unapplied,
  };
}

const WHY: Record<Unapplied['why'], string> = {
  expired: 'it has expired',
  criticalNeedsExactId: 'a critical finding needs its exact id',
  gotWorse: 'the finding is worse than the one that was known',
  matchesNothing: 'nothing here matches it',
};

/** Loud, so that nobody takes a hidden finding for a healthy file. */
export function suppressionLines(summary: SuppressionSummary | null): string[] {
  if (summary === null) return [];
  const lines: string[] = [];
  const { findings: n, worst, hiddenPoints, valueWithout, levelWithout } = summary;
  if (n > 0) {
    const files = summary.from.map((f) => `${f.path} (${f.findings})`).join(', ');
    const score =
      valueWithout === null ? 'no number in either case' : `without that ${valueWithout} ${levelWithout ?? ''}`;
    lines.push(
      `${n} ${n === 1 ? 'finding is' : 'findings are'} suppressed by ${files}: ${hiddenPoints} points hidden, ${score}; the worst is ${worst ?? 'a note'}.`,
    );
  }
  for (const { from, target, why, until } of summary.unapplied) {
    if (why === 'matchesNothing') continue;
    lines.push(
      `${from} does not suppress ${target}: ${WHY[why]}${why === 'expired' && until !== null ? ` (${until})` : ''}.`,
    );
  }
  return lines;
}
