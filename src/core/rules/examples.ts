/** Runs the examples that stand inside a rule: hits must hit, misses must miss. */
import type { Severity } from '../model.ts';
import { band, leastOf, lowered } from './bands.ts';
import { type ConditionScope, compileCondition } from './condition.ts';
import type { Rule, RuleExample } from './rule.ts';

export interface ExampleResult {
  ruleId: string;
  /** A hit expects the rule to fail. */
  kind: 'hit' | 'miss';
  says: string;
  got: string;
  ok: boolean;
  note: string;
}

/** The engine that examples are about unless they say otherwise: an ordinary four-cylinder four-stroke on the road. */
const ENGINE: ConditionScope['engine'] = {
  known: true,
  strokes: 4,
  cylinders: 4,
  displacementCc: 998,
  compressionRatio: 12,
  boreMm: 76,
  strokeMm: 55,
  cooling: 'liquid',
  aspiration: 'na',
  valvetrain: 'DOHC 4v/cyl',
  redlineRpm: 12_000,
  confidence: 'high',
  rideByWire: false,
};

const MAP: ConditionScope['table'] = {
  role: '',
  kind: 'map',
  unitFrom: 'definition',
  confidence: 'verified',
  load: 'throttle',
  format: 'xdf',
};

type Values = ConditionScope['engine'];

function judgeExample(rule: Rule, example: RuleExample): 'pass' | 'notApplicable' | Severity {
  const scope: ConditionScope = {
    engine: { ...ENGINE, ...(example.engine as Values | undefined) },
    table: { ...MAP, ...(example.map as Values | undefined) },
    stock: {
      known: example.stock ?? rule.needs.includes('stock'),
      file: example.stock ?? rule.needs.includes('stock'),
    },
    conditions: { ...(example.conditions as Values | undefined) },
    facts: { ...(example.facts as Values | undefined) },
  };
  if (rule.when !== null && compileCondition(rule.when)(scope) !== true) return 'notApplicable';
  const add = rule.adjust.reduce((sum, a) => sum + (compileCondition(a.when)(scope) === true ? a.add : 0), 0);
  let { severity } = band(example.metric, rule.limits, add);
  if (severity === null) return 'pass';
  for (const { when } of rule.lowered) if (compileCondition(when)(scope) === true) severity = lowered(severity);
  for (const cap of rule.caps) if (compileCondition(cap.when)(scope) === true) severity = leastOf(severity, cap.at);
  return severity;
}

export function runExamples(rule: Rule): ExampleResult[] {
  return rule.examples.map((example) => {
    const got = judgeExample(rule, example);
    const kind = example.says === 'pass' || example.says === 'notApplicable' ? 'miss' : 'hit';
    return { ruleId: rule.id, kind, says: example.says, got, ok: got === example.says, note: example.note ?? '' };
  });
}
