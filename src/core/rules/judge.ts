/** Rules against metrics: each rule ends as pass, fail, not applicable or not checked. One cause is one finding. Never throws. */
import type { MeasuredCell, Metric } from '../metrics/metric.ts';
import type { CellRef, Conditions, Motorcycle, Severity, Tune, TuneMap } from '../model.ts';
import type { Finding, FindingStatus, MapRef } from '../report.ts';
import type { StockReference } from '../stock.ts';
import { atLeast, type Banded, band, leastOf, lowered, raised } from './bands.ts';
import { blockLevel } from './block-level.ts';
import { type ConditionScope, compileCondition } from './condition.ts';
import { fill } from './message.ts';
import type { Rule } from './rule.ts';
import { conditionsScope, engineScope, scopeOf, stockScope } from './scope.ts';

export interface JudgeContext {
  tune: Tune;
  motorcycle: Motorcycle | null;
  stock: StockReference | null;
  conditions: Conditions;
}

/** A severity and how deep inside its class, 0..1. */
export interface Grade {
  severity: Severity;
  depth: number;
}

/** A finding with what the score and the pictures need beyond the report. */
export interface Judged {
  finding: Finding;
  rule: Rule;
  /** 0..1 inside the band of its severity. */
  depth: number;
  /** Maps on which the rule ended as pass or fail; empty where it judges the tune as a whole. */
  maps: string[];
  /** What the finding weighs by itself, and with a fault beside it that makes both worse; null unless it failed. */
  graded: { alone: Grade; beside: Grade } | null;
  /** Row-major indexes of flagged cells by map id. */
  flagged: Map<string, number[]>;
}

/** Most cells that a finding lists. */
const MAX_CELLS = 100;

export function judge(rules: readonly Rule[], metrics: readonly Metric[], context: JudgeContext): Judged[] {
  const maps = new Map(context.tune.maps.map((m) => [m.id, m]));
  const shared = {
    engine: engineScope(context.motorcycle, context.tune.facts),
    stock: stockScope(context.stock),
    conditions: conditionsScope(context.conditions),
  };
  const byId = new Map<string, Metric[]>();
  for (const metric of metrics) byId.set(metric.id, [...(byId.get(metric.id) ?? []), metric]);
  const judged = rules.flatMap((rule) => judgeRule(rule, byId.get(rule.metric) ?? [], maps, shared, context));
  return interact(judged);
}

/** One metric under one rule. */
interface Single {
  metric: Metric;
  map: TuneMap | null;
  status: FindingStatus;
  reason: string;
  severity: Severity;
  banded: Banded | null;
  /** The least of the caps that hold here: an interaction does not lift it, since what is not known stays unknown. */
  cap: Severity | null;
  because: string[];
  add: number;
}

type Shared = Pick<ConditionScope, 'engine' | 'stock' | 'conditions'>;

function judgeRule(
  rule: Rule,
  metrics: Metric[],
  maps: Map<string, TuneMap>,
  shared: Shared,
  context: JudgeContext,
): Judged[] {
  if (rule.formats.length > 0 && !rule.formats.includes(context.tune.format)) {
    return [unjudged(rule, 'notChecked', `${rule.without}; only ${rule.formats.join(', ')} files hold one`)];
  }
  if (rule.needs.includes('stock') && context.stock === null)
    return [unjudged(rule, 'notChecked', 'no stock is known for this file')];
  if (rule.needs.includes('motorcycle') && context.motorcycle === null)
    return [unjudged(rule, 'notChecked', 'the motorcycle is not known')];
  const singles = metrics.map((metric) =>
    judgeMetric(rule, metric, metric.mapId === null ? null : (maps.get(metric.mapId) ?? null), shared, context),
  );
  if (singles.length === 0) return [unjudged(rule, 'notChecked', rule.without)];
  const causes = new Map<string, Single[]>();
  for (const single of singles.filter((s) => s.status === 'fail')) {
    const cause = causeOf(single.map);
    causes.set(cause, [...(causes.get(cause) ?? []), single]);
  }
  const ended = singles.flatMap((s) =>
    (s.status === 'pass' || s.status === 'fail') && s.map !== null ? [s.map.id] : [],
  );
  if (causes.size > 0) return [...causes.values()].map((cause) => ({ ...failed(rule, cause), maps: ended }));
  const pass = singles.find((s) => s.status === 'pass');
  if (pass !== undefined)
    return [
      {
        ...passed(
          rule,
          singles.filter((s) => s.status === 'pass'),
        ),
        maps: ended,
      },
    ];
  const open = singles.find((s) => s.status === 'notChecked');
  return [
    open !== undefined
      ? unjudged(rule, 'notChecked', open.reason)
      : unjudged(rule, 'notApplicable', singles[0]?.reason ?? ''),
  ];
}

function judgeMetric(rule: Rule, metric: Metric, map: TuneMap | null, shared: Shared, context: JudgeContext): Single {
  const single: Single = {
    metric,
    map,
    status: 'notChecked',
    reason: '',
    severity: 'info',
    banded: null,
    cap: null,
    because: [],
    add: 0,
  };
  if (metric.value === null || !Number.isFinite(metric.value))
    return { ...single, reason: metric.reason ?? rule.without };
  if (rule.needs.includes('unit') && map !== null) {
    if (map.unitFrom === 'none')
      return { ...single, reason: 'the definition states no unit and nothing else in the file gives one: raw counts' };
    if (map.confidence === 'guessed') return { ...single, reason: 'its place in the image is not certain enough' };
  }
  const scope = scopeOf(shared, map, metric, context.tune.format);
  if (rule.when !== null) {
    const applies = compileCondition(rule.when)(scope);
    if (applies === null) return { ...single, reason: 'a fact about the engine that it needs is not known' };
    if (!applies) return { ...single, status: 'notApplicable', reason: 'it is not meant for this engine or map' };
  }
  for (const adjust of rule.adjust) {
    if (compileCondition(adjust.when)(scope) !== true) continue;
    single.add += adjust.add;
    single.because.push(`limits ${adjust.add > 0 ? '+' : ''}${adjust.add} ${rule.limits.unit}: ${adjust.because}`);
  }
  const banded = band(metric.value, rule.limits, single.add);
  if (banded.severity === null) return { ...single, status: 'pass', banded };
  let { severity, depth } = banded;
  for (const { when, because } of rule.lowered) {
    const condition = compileCondition(when);
    if (condition(scope) !== true) continue;
    severity = lowered(severity);
    // A lone cell gone further never softens what the block around it deserves by itself.
    const block = blockLevel(metric.cells, rule.limits.worse, (blockCells) => {
      return condition({ ...scope, facts: { ...scope.facts, blockCells } }) !== true;
    });
    const own = block === null ? null : band(block, rule.limits, single.add);
    if (own?.severity != null && atLeast(own.severity, severity)) {
      depth = own.severity === severity ? Math.max(depth, own.depth) : own.depth;
      severity = own.severity;
    }
    if (severity !== banded.severity) single.because.push(`one class lower: ${because}`);
  }
  for (const cap of rule.caps) {
    if (compileCondition(cap.when)(scope) !== true) continue;
    single.cap = single.cap === null ? cap.at : leastOf(single.cap, cap.at);
    if (leastOf(severity, cap.at) === severity) continue;
    severity = cap.at;
    // What is held down stands at the top of its class: a worse value must not start a class from below again.
    depth = 1;
    single.because.push(`${cap.at} at most: ${cap.because}`);
  }
  return { ...single, status: 'fail', severity, banded: { ...banded, depth } };
}

/** Cylinders, gears, modes and neutral twins of one kind of map are one cause; maps without a kind stand for themselves. */
function causeOf(map: TuneMap | null): string {
  if (map === null) return '';
  const base = map.role.split('.')[0] ?? 'other';
  return base === 'other' ? map.family : base;
}

const ref = (map: TuneMap): MapRef => ({ id: map.id, title: map.title });

function unjudged(rule: Rule, status: FindingStatus, reason: string): Judged {
  return {
    rule,
    depth: 0,
    maps: [],
    graded: null,
    flagged: new Map(),
    finding: {
      id: rule.id,
      ruleId: rule.id,
      title: rule.title,
      status,
      severity: 'info',
      map: null,
      alsoIn: [],
      cells: [],
      cellCount: 0,
      value: null,
      unit: rule.limits.unit,
      limit: null,
      margin: null,
      reference: 'absolute',
      message: reason,
      why: rule.why,
      fix: rule.fix,
      sources: rule.sources,
      suppressed: null,
      compared: null,
      because: [],
    },
  };
}

/** Worst first: severity, how deep in its class, how far past the limit. */
function worstFirst(a: Single, b: Single): number {
  return (
    heavier(gradeOf(a), gradeOf(b)) ||
    (b.banded?.margin ?? 0) - (a.banded?.margin ?? 0) ||
    (a.map?.id ?? '').localeCompare(b.map?.id ?? '')
  );
}

const gradeOf = ({ severity, banded }: Single): Grade => ({ severity, depth: banded?.depth ?? 0 });

/** Negative: `a` is the worse one. */
function heavier(a: Grade, b: Grade): number {
  if (a.severity !== b.severity) return atLeast(a.severity, b.severity) ? -1 : 1;
  return b.depth - a.depth;
}

/** One class up, as far as a cap allows; where there is no class left, the top of its own. */
function besides(single: Single): Grade {
  const { severity, depth } = gradeOf(single);
  const up = raised(severity);
  const held = single.cap === null ? up : leastOf(up, single.cap);
  return { severity: held, depth: held === severity ? 1 : depth };
}

function passed(rule: Rule, singles: Single[]): Judged {
  const nearest = [...singles].sort(worstFirst)[0]!;
  const { finding } = unjudged(rule, 'pass', '');
  return {
    rule,
    depth: 0,
    maps: [],
    graded: null,
    flagged: new Map(),
    finding: {
      ...finding,
      map: nearest.map === null ? null : ref(nearest.map),
      alsoIn: singles.filter((s) => s !== nearest && s.map !== null).map((s) => ref(s.map!)),
      value: nearest.metric.value,
      limit: nearest.banded?.limit ?? null,
      margin: nearest.banded?.margin ?? null,
      reference: nearest.metric.reference,
      message: `inside its limits`,
      because: nearest.because,
    },
  };
}

function failed(rule: Rule, singles: Single[]): Judged {
  const sorted = [...singles].sort(worstFirst);
  const worst = sorted[0]!;
  const sign = rule.limits.worse === 'above' ? 1 : -1;
  const lowest = worst.banded?.margin == null ? null : worst.metric.value! - worst.banded.margin * sign;
  const beyond = (s: Single): MeasuredCell[] =>
    s.metric.cells.filter((c) => lowest === null || (c.measure - lowest) * sign > 0);
  const cells = sorted.flatMap(beyond).sort((a, b) => (b.measure - a.measure) * sign);
  const flagged = new Map<string, number[]>();
  for (const single of sorted) {
    if (single.map === null) continue;
    const { columns } = single.map;
    const list = beyond(single).map((c) => c.row * columns + c.column);
    if (list.length > 0) flagged.set(single.map.id, list);
  }
  const { severity, banded, metric, map } = worst;
  const facts = { ...metric.facts, value: metric.value!, limit: banded?.limit ?? Number.NaN };
  const place = cells.find((c) => c.mapId === map?.id) ?? cells[0];
  const { finding } = unjudged(rule, 'fail', '');
  return {
    rule,
    depth: banded?.depth ?? 0,
    maps: [],
    // The worst of the twins in either case: a capped one may be the worse alone and the milder beside another fault.
    graded: { alone: gradeOf(worst), beside: singles.map(besides).sort(heavier)[0]! },
    flagged,
    finding: {
      ...finding,
      id: map === null ? rule.id : `${rule.id}:${map.id}`,
      severity,
      map: map === null ? null : ref(map),
      alsoIn: sorted.slice(1).flatMap((s) => (s.map === null ? [] : [ref(s.map)])),
      cells: cells.slice(0, MAX_CELLS).map(bare),
      cellCount: cells.length,
      value: metric.value,
      limit: banded?.limit ?? null,
      margin: banded?.margin ?? null,
      reference: metric.reference,
      compared: comparedOf(metric, map, place ?? null),
      message: fill(rule.message, rule, facts, place ?? null),
      fix: fill(rule.fix, rule, facts, place ?? null),
      because: worst.because,
    },
  };
}

/** The pair that a stock metric held against each other, where it names both. */
function comparedOf({ facts }: Metric, map: TuneMap | null, place: CellRef | null): Finding['compared'] {
  const { tune, stock } = facts;
  if (typeof tune !== 'number' || typeof stock !== 'number' || !Number.isFinite(tune - stock)) return null;
  return { tune, stock, unit: place?.unit ?? map?.unit ?? '' };
}

function bare({ mapId, row, column, axisValues, value, unit }: MeasuredCell): CellRef {
  return { mapId, row, column, axisValues, value, unit };
}

/** Faults that make each other worse: one class up, once. May be asked again after a finding was taken out. */
export function interact(judged: Judged[]): Judged[] {
  const failing = new Set(
    judged
      .filter((j) => j.finding.status === 'fail' && (j.graded?.alone.severity ?? j.finding.severity) !== 'info')
      .map((j) => j.rule.id),
  );
  return judged.map((j) => {
    if (j.finding.status !== 'fail' || j.graded === null) return j;
    const { alone, beside } = j.graded;
    const raise = j.rule.raisedBy.find((r) => r.rules.some((id) => failing.has(id) && id !== j.rule.id));
    const now = raise === undefined ? alone : beside;
    const because = j.finding.because.filter((b) => !BESIDE.some((begin) => b.startsWith(begin)));
    if (raise !== undefined) because.push(`${BESIDE[now.severity === alone.severity ? 1 : 0]}${raise.because}`);
    return { ...j, depth: now.depth, finding: { ...j.finding, severity: now.severity, because } };
  });
}

/** How the reason of an interaction begins. */
const BESIDE = ['one class higher: ', 'at the top of its class: '] as const;
