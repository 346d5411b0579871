/** The safety score: 100 less what the findings take, capped by the worst of them. Weights stand in rules/categories.yaml. */
import { AREA_NAMES } from './coverage.ts';
import { type DecodeConfidence, SEVERITIES, type Severity } from './model.ts';
import type { AreaId, Deduction, IfFixed, SafetyLevel, ScoreCap, Scores } from './report.ts';
import { atLeast } from './rules/bands.ts';
import { interact, type Judged } from './rules/judge.ts';
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
  /** Where each required area moved towards danger, however little: margins are used up together. */
  everyAreaCap: number;
  /** While a critical finding is suppressed: who said so may be a stranger. */
  suppressedCriticalCap: number;
  /** By danger area that the motorcycle has and that was not judged. */
  openAreaCaps: Partial<Record<AreaId, number>>;
  /** By how surely the maps of a required area were decoded. */
  decodeCaps: Partial<Record<DecodeConfidence, number>>;
  levels: { SAFE: number; MODERATE: number; RISKY: number };
  required: AreaId[];
  /** What a verified concern of a local model may take: by severity of the finding it cites, `open` for what was not judged. */
  secondOpinion: { most: number; open: number; points: Record<Severity, number> };
  compatibility: CompatibilityData;
}

/** What speaks against a file for this motorcycle, and what it takes. */
export interface CompatibilityData {
  points: Record<string, number>;
  levels: { COMPATIBLE: number; CHECK: number; DOUBTFUL: number };
}

/** What else than the findings decides how high a number may be. */
export interface ScoreContext {
  /** Areas that had to be judged and were not: then there is no number. */
  missing: string | null;
  /** Areas that the motorcycle has and that were not judged. */
  open: readonly AreaId[];
  /** How surely a map is decoded, by its id. */
  decodeOf(mapId: string): DecodeConfidence;
  /** Does an id in the file prove which software it is? Null: a file that names its own maps. */
  identified: boolean | null;
}

export function levelOf(value: number, { levels }: Pick<CategoryData, 'levels'>): SafetyLevel {
  if (value >= levels.SAFE) return 'SAFE';
  if (value >= levels.MODERATE) return 'MODERATE';
  return value >= levels.RISKY ? 'RISKY' : 'DANGEROUS';
}

/** What one finding takes before many small ones are weighed together: from the low end of its class to the high one. */
export function pointsOf(severity: Severity, depth: number, category: Category, data: CategoryData): number {
  const [low, high] = data.points[severity];
  return (low + (high - low) * depth) * (data.weights[category] ?? 1);
}

/** Many small findings weigh less than their sum: past `half` the rest counts half. */
export const weighed = (total: number, half: number | undefined): number =>
  half === undefined || total <= half ? total : half + (total - half) / 2;

const counts = (j: Judged): boolean => j.finding.status === 'fail' && j.finding.suppressed === null;

/**
 * Monotone by construction: points grow inside a band and from band to band, and a cap only falls.
 * Tenths are whole numbers on the way, so that the deductions add up to the score exactly.
 */
export function scoreSafety(judged: readonly Judged[], data: CategoryData, context: ScoreContext): Scores['safety'] {
  const failed = judged.filter(counts);
  const { deductions, tenths } = deduct(failed, data);
  const caps = capsOf(judged, failed, data, context);
  if (context.missing !== null)
    return { value: null, level: null, reason: context.missing, deductions, caps, ifFixed: [] };
  const value = Math.max(0, Math.min(Math.round(100 - tenths / 10), ...caps.map((c) => c.at)));
  const n = deductions.length;
  const held = caps.some((c) => c.at <= value) ? ', and not over a cap' : '';
  const reason =
    n === 0
      ? `no rule that was checked found anything that counts${held}`
      : `100 less ${tenths / 10} points for ${n} ${n === 1 ? 'finding' : 'findings'}${held}`;
  return {
    value,
    level: levelOf(value, data),
    reason,
    deductions,
    caps,
    ifFixed: ifFixed(judged, deductions, data, context),
  };
}

/** Worst class first; inside a class each finding takes what it adds to the weighed sum of those before it. */
function deduct(failed: readonly Judged[], data: CategoryData): { deductions: Deduction[]; tenths: number } {
  const spent: Partial<Record<Severity, number>> = {};
  const deductions: Deduction[] = [];
  let tenths = 0;
  const order = (j: Judged): number => SEVERITIES.indexOf(j.finding.severity);
  for (const { finding, rule, depth } of [...failed].sort(
    (a, b) => order(a) - order(b) || a.finding.id.localeCompare(b.finding.id),
  )) {
    const { severity } = finding;
    const before = spent[severity] ?? 0;
    const after = before + pointsOf(severity, depth, rule.category, data);
    spent[severity] = after;
    const half = data.halfAfter[severity];
    // Rounded as a running sum: rounding each by itself could let a worse file score a point higher.
    const own = Math.round(weighed(after, half) * 10) - Math.round(weighed(before, half) * 10);
    tenths += own;
    if (own > 0) deductions.push({ findingId: finding.id, points: own / 10, reason: reasonOf(finding) });
  }
  return { deductions, tenths };
}

function reasonOf({ severity, title, because }: Judged['finding']): string {
  const raised = because.find((b) => b.startsWith('one class higher'));
  return `${severity}: ${title}${raised === undefined ? '' : ` (${raised})`}`;
}

/** More than a note. */
const counted = (j: Judged): boolean => j.finding.severity !== 'info';

function capsOf(
  judged: readonly Judged[],
  failed: readonly Judged[],
  data: CategoryData,
  { open, decodeOf, identified }: ScoreContext,
): ScoreCap[] {
  const caps: ScoreCap[] = [];
  for (const [severity, at] of Object.entries(data.caps) as [Severity, number][]) {
    const findingIds = failed.filter((j) => j.finding.severity === severity).map((j) => j.finding.id);
    if (findingIds.length > 0) caps.push({ at, reason: `a ${severity} finding stands`, findingIds });
  }
  for (const { finding, rule } of failed) {
    const at = data.ruleCaps[rule.id];
    if (at !== undefined && finding.severity !== 'info')
      caps.push({ at, reason: rule.title, findingIds: [finding.id] });
  }
  if (isWeakMixture(judged)) {
    caps.push({
      at: data.weakMixtureCap,
      reason: 'no mixture target: full load was judged by the volumetric efficiency alone',
      findingIds: [],
    });
  }
  const moved = data.required.map((area) => failed.filter((j) => j.rule.area === area && counted(j)));
  if (moved.every((of) => of.length > 0))
    caps.push({
      at: data.everyAreaCap,
      reason: `each of them moved towards danger: ${data.required.map((a) => AREA_NAMES[a]).join(', ')}`,
      findingIds: moved.map((of) => of[0]!.finding.id),
    });
  const hidden = judged.filter(
    ({ finding: f }) => f.status === 'fail' && f.suppressed !== null && f.severity === 'critical',
  );
  if (hidden.length > 0)
    caps.push({
      at: data.suppressedCriticalCap,
      reason: 'a critical finding is suppressed, not gone',
      findingIds: hidden.map((j) => j.finding.id),
    });
  for (const area of open) {
    const at = data.openAreaCaps[area];
    if (at !== undefined) caps.push({ at, reason: `not judged: ${AREA_NAMES[area]}`, findingIds: [] });
  }
  for (const area of data.required) {
    const sure = surest(judged, area, decodeOf);
    const at = sure === null ? undefined : data.decodeCaps[sure];
    if (at === undefined) continue;
    const reason = decodeReason(sure!, area, identified);
    if (!caps.some((c) => c.at === at && c.reason === reason)) caps.push({ at, reason, findingIds: [] });
  }
  return caps;
}

/** Says what is not proved, and no more: where the software is identified, a doubt is one about the map itself. */
function decodeReason(sure: DecodeConfidence, area: AreaId, identified: boolean | null): string {
  if (sure === 'guessed') return 'the place of a map that was judged is a guess';
  if (identified === false) return 'no id proves that the definition is for this software: plausible, not verified';
  return `an axis of the ${AREA_NAMES[area]} map is ${identified === null ? 'not in the file' : 'out of order'}: plausible, not verified`;
}

const CERTAINTY: readonly DecodeConfidence[] = ['guessed', 'plausible', 'verified'];

/** The surest of the maps that an area was judged on; null where no map stands behind it. */
function surest(judged: readonly Judged[], area: AreaId, decodeOf: ScoreContext['decodeOf']): DecodeConfidence | null {
  const seen = judged
    .filter((j) => j.rule.area === area)
    .flatMap((j) => j.maps)
    .map((id) => CERTAINTY.indexOf(decodeOf(id)));
  return seen.length === 0 ? null : (CERTAINTY[Math.max(...seen)] ?? null);
}

/** A volumetric efficiency that has no hole says little about the mixture: only a target or stock does. */
function isWeakMixture(judged: readonly Judged[]): boolean {
  const ended = judged.filter(
    (j) => j.rule.area === 'fullLoadMixture' && (j.finding.status === 'pass' || j.finding.status === 'fail'),
  );
  return ended.length > 0 && ended.every((j) => j.rule.metric.startsWith('ve.'));
}

/** The score again with a finding put right, with what that does to the faults beside it. */
function ifFixed(
  judged: readonly Judged[],
  deductions: readonly Deduction[],
  data: CategoryData,
  context: ScoreContext,
): IfFixed[] {
  const without = (findingIds: string[]): IfFixed => {
    const left = interact(
      judged.map((j) =>
        findingIds.includes(j.finding.id) ? { ...j, finding: { ...j.finding, status: 'pass' as const } } : j,
      ),
    );
    const failed = left.filter(counts);
    const caps = capsOf(left, failed, data, context);
    const sum = deduct(failed, data).tenths / 10;
    const value = Math.max(0, Math.min(Math.round(100 - sum), ...caps.map((c) => c.at)));
    return { findingIds, value, level: levelOf(value, data) };
  };
  const grave = judged
    .filter((j) => counts(j) && atLeast(j.finding.severity, 'high'))
    .map((j) => j.finding.id)
    .sort();
  const lone = deductions.map((d) => without([d.findingId]));
  return grave.length > 1 ? [...lone, without(grave)] : lone;
}
