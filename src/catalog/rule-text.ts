/** A rule file of a user: read with the place of every fault, so that an author sees file, line and field at once. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { MetricInfo } from '../core/metrics/metric.ts';
import { band } from '../core/rules/bands.ts';
import { runExamples } from '../core/rules/examples.ts';
import type { Rule } from '../core/rules/rule.ts';
import { ruleSchema } from './rules.ts';

/** One fault of a rule file. */
export interface RuleFault {
  /** From 1; 0 where the whole file is meant. */
  line: number;
  /** "limits.unit"; '' for the file itself. */
  field: string;
  message: string;
}

export type ReadRule = { rule: Rule; faults: [] } | { rule: Rule | null; faults: RuleFault[] };

/** A rule file is one screen; more is something else. */
const MAX_BYTES = 64 * 1024;
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * @param id the file's name without its ending
 * @param metrics every metric that there is
 */
export function readRule(text: string, id: string, metrics: readonly MetricInfo[]): ReadRule {
  const whole = (message: string): ReadRule => ({ rule: null, faults: [{ line: 0, field: '', message }] });
  if (text.length > MAX_BYTES) return whole('larger than 64 KiB: a rule is one screen');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const faults = document.errors.slice(0, 5).map((e) => ({
      line: lineAt(e.pos[0]),
      field: '',
      message: `no valid YAML: ${e.message.split('\n')[0]}`,
    }));
    return { rule: null, faults };
  }
  let object: unknown;
  try {
    object = document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    return whole(`no valid YAML: ${(error as Error).message}`);
  }
  /** Line of a field, or of the nearest thing around it that is there. */
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range != null) return lineAt(node.range[0]);
    }
    return 1;
  };
  const parsed = ruleSchema.safeParse(object);
  if (!parsed.success) return { rule: null, faults: parsed.error.issues.flatMap((issue) => faultsOf(issue, lineOf)) };
  const rule = { id, ...parsed.data } as Rule;
  const faults = meaning(rule, metrics).map(({ path, message }) => ({
    line: path.length === 0 ? 0 : lineOf(path),
    field: path.join('.'),
    message,
  }));
  // A rule that is whole but for its examples can still be asked what they give: `rules test` does.
  return { rule: faults.every((f) => ofExamples(f)) ? rule : null, faults };
}

/** A fault of an example: the rule itself is whole. */
export const ofExamples = ({ field }: RuleFault): boolean => /^examples(\.|$)/.test(field);

const FIELDS = Object.keys(ruleSchema.shape);

function faultsOf(issue: z.core.$ZodIssue, lineOf: (path: readonly PropertyKey[]) => number): RuleFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = issue.path.length === 0 ? nearest(key, FIELDS) : null;
      const hint = near === null ? '' : `; did you mean "${near}"?`;
      return {
        line: lineOf([...issue.path, key]),
        field: [...issue.path, key].join('.'),
        message: `there is no such field${hint}`,
      };
    });
  }
  const missing = /received undefined/.test(issue.message);
  return [
    { line: lineOf(issue.path), field: issue.path.join('.'), message: missing ? 'it is missing' : issue.message },
  ];
}

/** What a schema cannot see: a metric that exists, in its unit and direction, limits that rise, examples that hold. */
function meaning(rule: Rule, metrics: readonly MetricInfo[]): { path: (string | number)[]; message: string }[] {
  const faults: { path: (string | number)[]; message: string }[] = [];
  if (!ID.test(rule.id))
    faults.push({
      path: [],
      message: 'the file name is the id of the rule: lower-case words joined by dashes, such as "my-fault.yaml"',
    });
  const metric = metrics.find((m) => m.id === rule.metric);
  if (metric === undefined) {
    const near = nearest(
      rule.metric,
      metrics.map((m) => m.id),
    );
    faults.push({
      path: ['metric'],
      message: `there is no metric "${rule.metric}"${near === null ? '' : `; did you mean "${near}"?`}`,
    });
    return faults;
  }
  if (metric.unit !== rule.limits.unit)
    faults.push({
      path: ['limits', 'unit'],
      message: `the metric is in "${metric.unit}", not in "${rule.limits.unit}"`,
    });
  if (metric.worse !== rule.limits.worse)
    faults.push({
      path: ['limits'],
      message: `of this metric ${metric.worse === 'above' ? 'larger' : 'smaller'} is worse: write worse: ${metric.worse}`,
    });
  const steps = (['info', 'low', 'medium', 'high', 'critical'] as const).flatMap((s) =>
    rule.limits[s] === null ? [] : [{ s, at: rule.limits[s] }],
  );
  if (steps.length === 0)
    faults.push({ path: ['limits'], message: 'at least one of info, low, medium, high, critical has to be there' });
  const sign = rule.limits.worse === 'above' ? 1 : -1;
  for (const [i, step] of steps.entries()) {
    const before = steps[i - 1];
    if (before !== undefined && (step.at - before.at) * sign <= 0)
      faults.push({
        path: ['limits', step.s],
        message: `${step.s} (${step.at}) has to lie ${sign > 0 ? 'over' : 'under'} ${before.s} (${before.at})`,
      });
  }
  if (faults.length > 0) return faults;
  const results = runExamples(rule);
  for (const [i, r] of results.entries()) {
    if (r.ok) continue;
    const { severity } = band(rule.examples[i]!.metric, rule.limits);
    const bare = severity ?? 'pass';
    const why = bare === r.got ? '' : ` (its bands alone give ${bare})`;
    faults.push({ path: ['examples', i], message: `it says ${r.says} and gets ${r.got}${why}` });
  }
  const kinds = new Set(results.map((r) => r.kind));
  if (faults.length === 0 && !kinds.has('hit'))
    faults.push({ path: ['examples'], message: 'none of them is a hit: say what the rule must find' });
  if (faults.length === 0 && !kinds.has('miss'))
    faults.push({ path: ['examples'], message: 'none of them is a miss: say what the rule must leave alone' });
  return faults;
}

/** The word that shares most of its pairs of letters; null where none is near. */
function nearest(word: string, words: readonly string[]): string | null {
  const pairs = (t: string): Set<string> =>
    new Set(Array.from({ length: Math.max(0, t.length - 1) }, (_, i) => t.slice(i, i + 2).toLowerCase()));
  const own = pairs(word);
  let best: { word: string; share: number } | null = null;
  for (const other of words) {
    const theirs = pairs(other);
    const shared = [...own].filter((p) => theirs.has(p)).length;
    const share = (2 * shared) / Math.max(1, own.size + theirs.size);
    if (share > (best?.share ?? 0.5)) best = { word: other, share };
  }
  return best?.word ?? null;
}
