/** What `revsync explain` was asked about: a report in a file, a stored analysis, or a rule. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { RevsyncError } from '../core/errors.ts';
import { type Explanation, explainReport, explainRule, type RulePoints } from '../core/explain.ts';
import type { Report } from '../core/report.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { CategoryData } from '../core/score.ts';
import { allowed } from './allowed-files.ts';
import { readRegularText } from './files.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { plainJson } from './plain-json.ts';
import { findRule, publicRule } from './rules.ts';
import { withDatabase } from './workspace.ts';

/** Largest report file that is read. */
const MAX_REPORT_BYTES = 256 * 1024 * 1024;

export type Explained =
  | { kind: 'reports'; explanations: Explanation[]; scoreVersions: string[] }
  | { kind: 'rule'; rule: Rule; points: RulePoints[]; version: string };

/**
 * @param what path of a JSON or NDJSON report, the id of an analysis or its beginning, or the id of a rule
 * @throws RevsyncError NOT_A_REPORT | NOT_FOUND | AMBIGUOUS_ID | EXPLAIN_NOT_FOUND
 */
export async function explain(what: string, rulesFolders: string[], around: Surroundings): Promise<Explained> {
  const full = allowed(resolve(around.cwd, what), what);
  if (existsSync(full) && statSync(full).isFile()) return ofReports(readReports(full, what));
  if (/^[0-9a-f]{4,16}$/i.test(what)) {
    const { readAnalysis } = await import('../store/analyses.ts');
    const { report } = await withDatabase(await databaseOf(around), (db) => readAnalysis(db, what));
    return ofReports([report]);
  }
  try {
    const rule = await findRule(what, rulesFolders, around.cwd);
    const data = (await loadKnowledge('data'))['categories'] as CategoryData;
    return { kind: 'rule', rule, points: explainRule(rule, data), version: data.version };
  } catch (error) {
    if (!(error instanceof RevsyncError) || error.code !== 'RULE_NOT_FOUND') throw error;
    throw new RevsyncError(
      'EXPLAIN_NOT_FOUND',
      `"${what}" is no report file, no id of a stored analysis and no rule`,
      `${error.hint} revsync history lists analyses; revsync analyze tune.bin --format json --output report.json writes a report.`,
      error,
    );
  }
}

function ofReports(reports: Report[]): Explained {
  return {
    kind: 'reports',
    explanations: reports.map(explainReport),
    scoreVersions: [...new Set(reports.map((r) => r.scores.version))],
  };
}

/** Reports in a document of `analyze --format json`, of its NDJSON, or of `show`. The file is a stranger's: looked at before it is believed. */
function readReports(path: string, name: string): Report[] {
  const text = readRegularText(path, MAX_REPORT_BYTES, (why) => notAReport(name, why));
  let found: unknown[];
  try {
    const document = JSON.parse(text) as { reports?: unknown[] };
    found = Array.isArray(document?.reports) ? document.reports : [document];
  } catch {
    try {
      found = text
        .split('\n')
        .filter((l) => l.trim() !== '')
        .map((l) => JSON.parse(l) as unknown);
    } catch {
      throw notAReport(name, 'it is no JSON');
    }
  }
  const reports = found.filter(isReport);
  if (reports.length === 0 || reports.length < found.length) throw notAReport(name, 'it holds no report of revsync');
  return reports;
}

function isReport(value: unknown): value is Report {
  const r = value as Partial<Report> | null;
  const list = (v: unknown): v is unknown[] => Array.isArray(v);
  const deductions = (v: unknown): boolean =>
    list(v) &&
    v.every((d) => {
      const { findingId, points, reason } = (d ?? {}) as Record<string, unknown>;
      return typeof findingId === 'string' && Number.isFinite(points) && typeof reason === 'string';
    });
  const safety = r?.scores?.safety;
  const number = (v: unknown): boolean => v === null || Number.isFinite(v);
  return (
    typeof r?.input?.path === 'string' &&
    list(r.findings) &&
    r.findings.every(isFinding) &&
    safety !== undefined &&
    number(safety.value) &&
    typeof safety.reason === 'string' &&
    deductions(safety.deductions) &&
    list(safety.caps) &&
    safety.caps.every((c) => Number.isFinite(c?.at) && typeof c.reason === 'string' && list(c.findingIds)) &&
    list(safety.ifFixed) &&
    safety.ifFixed.every((f) => Number.isFinite(f?.value) && list(f.findingIds)) &&
    number(r.scores?.compatibility?.value) &&
    deductions(r.scores?.compatibility?.deductions)
  );
}

/** As far as an explanation looks at it. */
function isFinding(value: unknown): boolean {
  const f = value as Partial<Report['findings'][number]> | null;
  if (typeof f?.id !== 'string') return false;
  return f.status !== 'fail' || f.suppressed === null || typeof f.suppressed?.reason === 'string';
}

function notAReport(name: string, why: string): RevsyncError {
  return new RevsyncError(
    'NOT_A_REPORT',
    `"${name}" is no report: ${why}`,
    'Write one with: revsync analyze tune.bin --format json --output report.json',
  );
}

/** `{value, steps}` of the one report, or of none where there are several; `explanations` holds them all. A rule has no value. */
export function explainJson(explained: Explained): string {
  if (explained.kind === 'rule') {
    const { rule, points, version } = explained;
    return plainJson('json', 'explanations', [], {
      value: null,
      reason: 'a rule has no score of its own: points says what it takes',
      steps: [],
      scoreVersion: version,
      rule: publicRule(rule),
      points,
    });
  }
  const { explanations, scoreVersions } = explained;
  const only = explanations.length === 1 ? explanations[0]! : null;
  return plainJson('json', 'explanations', explanations, {
    value: only?.value ?? null,
    reason: only?.reason ?? `${explanations.length} reports: each has its own value in explanations`,
    steps: only?.steps ?? [],
    scoreVersion: scoreVersions.length === 1 ? scoreVersions[0] : null,
  });
}
