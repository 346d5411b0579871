/** The pipeline as one pure function: a decoded tune and what is known about it in, a report out. Same input, same answer. */

import { checksumSummary } from './checksums.ts';
import { scoreCompatibility, unfitFor } from './compatibility.ts';
import { AREA_NAMES, coverageOf, missingAreas } from './coverage.ts';
import { exhibitsOf } from './exhibits.ts';
import { firstRide, firstRideSheet, noRide } from './first-ride.ts';
import type { Measured } from './logs/measure.ts';
import type { Metric, MetricFamily } from './metrics/metric.ts';
import type { Conditions, Motorcycle, Tune } from './model.ts';
import { SEVERITIES } from './model.ts';
import { predictPerformance } from './performance/predict.ts';
import { computeRegions, type Regions } from './regions.ts';
import type { DefinitionInfo, FindingStatus, Report, Scores } from './report.ts';
import { rideLimits } from './ride-limits.ts';
import { leastOf } from './rules/bands.ts';
import { type Judged, judge } from './rules/judge.ts';
import { printable } from './rules/message.ts';
import type { Rule } from './rules/rule.ts';
import { type CategoryData, type ScoreContext, scoreSafety } from './score.ts';
import type { StockReference } from './stock.ts';
import { type Suppression, suppress, suppressionSummary } from './suppress.ts';
import type { TargetData } from './targets/target.ts';
import { areStated, NO_CONDITIONS, whatIf } from './what-if.ts';

export interface AuditInput {
  input: Report['input'];
  format: Report['format'];
  definition: DefinitionInfo | null;
  /** Motorcycles that the definition names. */
  definitionMotorcycles: string[];
  tune: Tune;
  motorcycle: { motorcycle: Motorcycle; name: string; given: boolean; alternatives: string[] } | null;
  stock: StockReference | null;
  conditions: Conditions;
  /** What ride logs measured. */
  log?: Measured | null;
  /** The profile of the garage that was taken into account. */
  profile?: Report['profile'];
  /** The first motorcycle that the definition names, where revsync knows it. */
  namedMotorcycle?: Motorcycle | null;
  /** What a person declared known, and the day on which it is asked. */
  suppressions?: { list: readonly Suppression[]; today: string };
  analysisId: string;
  /** Why no model has spoken. */
  engineReason: string;
}

export interface AuditDeps {
  rules: readonly Rule[];
  families: readonly MetricFamily[];
  categories: CategoryData;
  /** Left out: the first-ride sheet names no numbers. */
  targets?: TargetData | undefined;
}

/** Returns the report with every finding of every status, and the metrics behind it. */
export function audit(input: AuditInput, deps: AuditDeps): { report: Report; metrics: Metric[] } {
  const { tune, stock, conditions } = input;
  const motorcycle = input.motorcycle?.motorcycle ?? null;
  const regions = computeRegions(tune, motorcycle, stock);
  const { judged, coverage, safety, compatibility, metrics, suppressions, doubt } = verdictOf(
    input,
    deps,
    regions,
    conditions,
  );
  const plain = areStated(conditions) ? verdictOf(input, deps, regions, NO_CONDITIONS) : null;
  const findings = judged.map((j) => j.finding);
  const limits = rideLimits({ rules: deps.rules, data: deps.targets ?? null, motorcycle, tune, regions });
  const open = safety.value === null ? coverage.areas.filter((a) => !a.judged).map((a) => AREA_NAMES[a.id]) : [];
  const ride = doubt === null ? firstRideSheet(findings, tune, stock, limits, open) : noRide(`not judged: ${doubt}`);
  const report: Report = {
    input: input.input,
    outcome: safety.value === null ? 'notEnoughData' : 'analysed',
    refusal: null,
    format: input.format,
    definition: input.definition,
    motorcycle:
      input.motorcycle === null
        ? null
        : {
            id: input.motorcycle.motorcycle.id,
            name: input.motorcycle.name,
            confidence: input.motorcycle.given ? 'given' : input.motorcycle.motorcycle.confidence,
            alternatives: input.motorcycle.alternatives,
          },
    ecu: { id: tune.ecu.id ?? tune.ecu.signature, family: tune.ecu.family },
    tune: tuneCounts(tune),
    integrity: checksumSummary(tune.checksums ?? []),
    stock: stockSummary(tune, stock),
    conditions,
    profile: input.profile ?? null,
    scores: {
      version: deps.categories.version,
      safety,
      compatibility,
    },
    performance: predictPerformance({ tune, motorcycle, stock, conditions, regions }),
    findings,
    findingCounts: countStatuses(judged),
    coverage,
    // What a ride measured has a picture of its own.
    exhibits: exhibitsOf(
      judged.filter((j) => !isOfRide(j.rule)),
      tune.maps,
      stock,
    ),
    log: rideLog(input, deps, regions, judged),
    firstRide: firstRide(ride),
    firstRideSheet: ride,
    whatIf:
      plain === null
        ? null
        : whatIf(
            conditions,
            tune,
            motorcycle,
            { judged: plain.judged, safety: plain.safety.value, compatibility: plain.compatibility.value },
            { judged, safety: safety.value, compatibility: compatibility.value },
          ),
    suppressions,
    engine: { used: 'rules', model: null, digest: null, reason: input.engineReason },
    secondOpinion: null,
    analysisId: input.analysisId,
  };
  // The path stays as the user wrote it.
  return { report: { ...(clean(report) as Report), input: input.input }, metrics };
}

/** Everything that is judged under given conditions: asked twice where conditions were stated, to say what they changed. */
function verdictOf(input: AuditInput, deps: AuditDeps, regions: Regions, conditions: Conditions) {
  const { tune, stock } = input;
  const motorcycle = input.motorcycle?.motorcycle ?? null;
  // What was never set is neither good nor bad: nothing of it is measured.
  const blank = isUnsetProject(tune);
  const log = input.log ?? null;
  const measuring = { tune, motorcycle, stock, conditions, regions, log };
  // A rule about a ride says nothing about a file without one.
  const rules = log === null ? deps.rules.filter((r) => !isOfRide(r)) : deps.rules;
  const measured = blank ? [] : deps.families.flatMap((family) => family.measure(measuring));
  const metrics = blank
    ? []
    : [...measured, ...deps.families.flatMap((family) => family.after?.(measuring, measured) ?? [])];
  const compatibility = scoreCompatibility({
    tune,
    definition: input.definition,
    definitionMotorcycles: input.definitionMotorcycles,
    namedMotorcycle: input.namedMotorcycle ?? null,
    motorcycle,
    stock,
    conditions,
    data: deps.categories.compatibility,
  });
  const doubt = doubtOf(input, compatibility);
  const raw = doubted(judge(rules, metrics, { tune, motorcycle, stock, conditions }), input.definition);
  const known = suppress(raw, input.suppressions?.list ?? [], input.input.path, input.suppressions?.today ?? '');
  const judged = inOrder(known.judged);
  const coverage = coverageOf(tune, motorcycle, judged, doubt);
  const decode = new Map(tune.maps.map((m) => [m.id, m.confidence]));
  const context: ScoreContext = {
    missing: missingAreas(coverage, deps.categories.required, doubt),
    open: coverage.areas.filter((a) => !a.judged).map((a) => a.id),
    // Shipped facts belong to places of software that was identified, whatever definition read the cells.
    identified: input.definition === null ? null : input.definition.identified === true,
    decodeOf: (id) => (stock?.kind === 'stockKnown' && stock.maps.has(id) ? 'verified' : (decode.get(id) ?? 'guessed')),
  };
  const safety = scoreSafety(judged, deps.categories, context);
  const suppressions =
    (input.suppressions?.list ?? []).length === 0
      ? null
      : suppressionSummary(judged, known.unapplied, safety, scoreSafety(raw, deps.categories, context));
  return { judged, coverage, safety, compatibility, metrics, suppressions, doubt };
}

/** Judges a ride, not the file. */
const isOfRide = (rule: Rule): boolean => rule.metric.startsWith('log.');

/** The measurement with the score that the file has without it: a log may lower a score, never raise it. */
function rideLog(input: AuditInput, deps: AuditDeps, regions: Regions, judged: readonly Judged[]): Report['log'] {
  if (input.log == null) return null;
  const own = judged.filter((j) => isOfRide(j.rule) && j.finding.severity !== 'info');
  const flagged = new Set(own.flatMap((j) => j.flagged.get(input.log?.map?.id ?? '') ?? []));
  const { value, level } = verdictOf({ ...input, log: null }, deps, regions, input.conditions).safety;
  return { ...input.log, flagged: [...flagged].sort((a, b) => a - b), mapScore: { value, level } };
}

const isUnsetProject = (tune: Tune): boolean => tune.facts.settings['revsync.unset'] === 'true';

/** Why nothing may be judged at all: then findings are shown and no number is given. */
function doubtOf({ definition, tune, motorcycle }: AuditInput, compatibility: Scores['compatibility']): string | null {
  if (isUnsetProject(tune)) return 'the main maps of this project are not set: it was never calibrated';
  if (compatibility.level === 'INCOMPATIBLE')
    return `this file is not for this ${unfitFor(compatibility, motorcycle === null)} (${compatibility.deductions.map((d) => d.reason).join('; ')}); a number would be about another one`;
  if (definition?.verdict === 'uncertain')
    return `the definition fits only in part (${definition.evidence[0] ?? 'no evidence'})`;
  if (tune.facts.settings['revsync.guessed'] === 'all')
    return 'every item of the definition is guessed, unconfirmed: revsync definitions confirm DEFINITION IMAGE';
  return tune.facts.settings['revsync.asItLies'] ?? null;
}

/** Under a definition that fits only in part nothing is worse than medium: it may be the definition that is wrong. */
function doubted(judged: Judged[], definition: DefinitionInfo | null): Judged[] {
  if (definition?.verdict !== 'uncertain') return judged;
  return judged.map((j) => {
    const severity = leastOf(j.finding.severity, 'medium');
    if (severity === j.finding.severity) return j;
    const because = [...j.finding.because, 'medium at most: the definition fits only in part'];
    return { ...j, depth: 1, finding: { ...j.finding, severity, because } };
  });
}

/** Fails first, worst first; then passes, then what was not judged; ids break ties. */
function inOrder(judged: Judged[]): Judged[] {
  const status: FindingStatus[] = ['fail', 'pass', 'notApplicable', 'notChecked'];
  return [...judged].sort(
    (a, b) =>
      status.indexOf(a.finding.status) - status.indexOf(b.finding.status) ||
      SEVERITIES.indexOf(a.finding.severity) - SEVERITIES.indexOf(b.finding.severity) ||
      b.depth - a.depth ||
      a.finding.id.localeCompare(b.finding.id),
  );
}

function tuneCounts(tune: Tune): Report['tune'] {
  const count = (kind: string): number => tune.maps.filter((m) => m.kind === kind).length;
  return {
    maps: count('map'),
    curves: count('curve'),
    scalars: count('scalar'),
    flags: count('flag'),
    patches: count('patch'),
    undecoded: tune.undecoded,
    warnings: tune.warnings,
  };
}

function stockSummary(tune: Tune, stock: StockReference | null): Report['stock'] {
  if (stock === null) {
    return {
      reference: 'none',
      origin: null,
      source: 'no stock is known for this file',
      mapsEqual: 0,
      mapsChanged: [],
      mapsUnknown: tune.maps.length,
      wholeFileIsFactory: false,
    };
  }
  const known = tune.maps.map((map) => ({ map, of: stock.maps.get(map.id) })).filter((k) => k.of !== undefined);
  return {
    reference: stock.kind,
    origin: stock.origin ?? (stock.kind === 'stockKnown' ? 'bundled' : 'flag'),
    source: stock.source,
    mapsEqual: known.filter((k) => k.of?.equal).length,
    mapsChanged: known
      .filter((k) => !k.of?.equal)
      .map(({ map, of }) => ({
        id: map.id,
        title: map.title,
        changedCells: of?.changed?.length ?? null,
        kind: map.kind,
      })),
    mapsUnknown: tune.maps.length - known.length,
    wholeFileIsFactory: stock.wholeFileIsFactory,
  };
}

function countStatuses(judged: readonly Judged[]): Report['findingCounts'] {
  const counts: Report['findingCounts'] = { fail: 0, pass: 0, notApplicable: 0, notChecked: 0 };
  for (const { finding } of judged) counts[finding.status]++;
  return counts;
}

/** Six decimals; numbers too large to have any stay as they are, those that are none become null. */
function rounded(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return Math.abs(value) < 1e9 ? Math.round(value * 1e6) / 1e6 : value;
}

/** Numbers to six decimals and never NaN, texts without control characters: a report is data that others print. */
function clean(value: unknown): unknown {
  if (typeof value === 'number') return rounded(value);
  if (typeof value === 'string') return printable(value);
  if (value === null || typeof value !== 'object') return value;
  // Plain loops: this walks every value of every report.
  if (Array.isArray(value)) {
    const list = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) list[i] = clean(value[i]);
    return list;
  }
  const own: Record<string, unknown> = {};
  for (const key of Object.keys(value)) own[key] = clean((value as Record<string, unknown>)[key]);
  return own;
}
