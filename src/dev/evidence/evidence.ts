/**
 * What the thresholds rest on: every rule's metric over the factory files of motorcycles, with nothing known of their stock.
 *   npm run evidence            writes docs/rule-evidence.md
 */
import { writeFileSync } from 'node:fs';
import type { AuditDeps } from '../../core/audit.ts';
import type { Metric } from '../../core/metrics/metric.ts';
import { SEVERITIES, type Severity } from '../../core/model.ts';
import type { Report } from '../../core/report.ts';
import { plainNumber } from '../../core/rules/message.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { auditDeps, auditFactory } from './audit-factory.ts';
import { type FactoryFile, factoryFiles, projectFiles } from './factory-files.ts';

const corpus = process.argv[2] ?? '../shared/corpus';
const target = 'docs/rule-evidence.md';

/** Worst value of a metric in one file, in the direction of its rule; null where it was not measured. */
function worstOf(metrics: readonly Metric[], rule: Rule): number | null {
  const values = metrics.filter((m) => m.id === rule.metric && m.value !== null).map((m) => m.value!);
  if (values.length === 0) return null;
  return rule.limits.worse === 'above' ? Math.max(...values) : Math.min(...values);
}

const severityOf = (report: Report, rule: Rule): Severity | null => {
  const failed = report.findings.filter((f) => f.ruleId === rule.id && f.status === 'fail');
  return SEVERITIES.find((s) => failed.some((f) => f.severity === s)) ?? null;
};

const bandsOf = ({ limits }: Rule): string =>
  (['info', 'low', 'medium', 'high', 'critical'] as const)
    .filter((s) => limits[s] !== null)
    .map((s) => `${s} ${limits[s]}`)
    .join(', ');

interface Audited {
  report: Report;
  metrics: Metric[];
}

async function auditAll(list: FactoryFile[], deps: AuditDeps): Promise<Audited[]> {
  const all: Audited[] = [];
  for (const file of list) all.push(await auditFactory(file, deps));
  return all;
}

/** Files that hold what the rule measures, and where the worst value of each lies. */
function rangeOf(files: readonly Audited[], rule: Rule): { judged: number; range: string } {
  const ended = files.filter(({ report }) =>
    report.findings.some((f) => f.ruleId === rule.id && (f.status === 'pass' || f.status === 'fail')),
  );
  const values = ended.map(({ metrics }) => worstOf(metrics, rule)).filter((v) => v !== null);
  const range = values.length === 0 ? '' : `${plainNumber(Math.min(...values))} … ${plainNumber(Math.max(...values))}`;
  return { judged: ended.length, range };
}

const deps = await auditDeps();
const factory = await auditAll(await factoryFiles(corpus), deps);
const projects = await auditAll(await projectFiles(corpus), deps);
if (factory.length === 0) throw new Error(`no factory files in ${corpus}`);

const lines = [
  '<!-- Written by npm run evidence from public tune files that are not part of this repository. -->',
  '',
  '# What the limits rest on',
  '',
  `Every rule over ${factory.length} decodings of factory files of motorcycles, judged as if nothing were known of their stock, and over`,
  `${projects.length} TunerStudio projects (running tunes and base tunes, which may be wrong). *Judged* counts the files that hold what the rule`,
  'measures; rules that only compare with stock are left out. The range is that of the worst value of each file. A factory file over a',
  'limit is a note or a shape that stays at *medium* or below without stock. Rules that no file here holds anything for are tested on',
  'hand-made maps (`src/core/metrics/*.test.ts`); their limits rest on the sources that each rule names.',
  '',
  '| rule | limits | factory: judged | lie at | info | low | medium | over | projects: judged | lie at |',
  '|---|---|---|---|---|---|---|---|---|---|',
];
for (const rule of [...deps.rules].sort((a, b) => a.category.localeCompare(b.category) || a.id.localeCompare(b.id))) {
  if (rule.needs.includes('stock')) continue;
  const own = rangeOf(factory, rule);
  const other = rangeOf(projects, rule);
  const of = (...severities: Severity[]): number =>
    factory.filter(({ report }) => severities.includes(severityOf(report, rule) as Severity)).length;
  const counts = [of('info'), of('low'), of('medium'), of('high', 'critical')].map((n) => n || '').join(' | ');
  const limits = `${rule.limits.worse === 'below' ? 'under ' : ''}${bandsOf(rule)} ${rule.limits.unit}`;
  lines.push(
    `| ${rule.id} | ${limits} | ${own.judged} | ${own.range} | ${counts} | ${other.judged} | ${other.range} |`,
  );
}
writeFileSync(target, `${lines.join('\n')}\n`);
process.stderr.write(
  `${target}: ${factory.length} factory files, ${projects.length} projects, ${deps.rules.length} rules\n`,
);
