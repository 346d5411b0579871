/**
 * Which rules a public file can make fire, beyond the faults of the proving ground: untouched, or with one change.
 *   npm run reach             writes docs/rule-reach.json and docs/rule-reach.md
 *   npm run reach -- ID…      the probes of these rules; prints, writes nothing
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { analyzeFiles } from '../../app/analyze.ts';
import type { Decoded } from '../../app/decode-file.ts';
import { NOBODY, RULES_ALONE } from '../../app/quiet-analysis.ts';
import { loadKnowledge } from '../../catalog/knowledge.ts';
import { SEVERITIES, type Severity, type TuneMap } from '../../core/model.ts';
import type { Report } from '../../core/report.ts';
import { editorOf } from '../verdict/editor.ts';
import { judge } from '../verdict/judge.ts';
import { corpusSubjects, type Subject } from '../verdict/subject.ts';
import { type Probe, rideText } from './probe.ts';
import { probes } from './probes.ts';

export interface Reached {
  file: string;
  /** Null: the file as it is. */
  change: string | null;
  severity: Severity;
}

const CORPUS = resolve('../shared/corpus');

const bytesOf = (subject: Subject): Uint8Array => new Uint8Array(readFileSync(subject.path));

/** As `revsync analyze -` does, with what the probe says. */
async function analyze(
  subject: Subject,
  probe: Omit<Probe, 'rule' | 'file' | 'change'>,
  bytes: Uint8Array,
  logs: string[],
): Promise<Report> {
  const { document } = await analyzeFiles(
    {
      ...RULES_ALONE,
      paths: ['-'],
      cwd: '.',
      definition: subject.definition,
      shiftBytes: subject.shiftBytes,
      bike: probe.bike ?? subject.bike,
      stock:
        probe.against === undefined ? null : probe.against === 'itself' ? subject.path : join(CORPUS, probe.against),
      conditions: { ...RULES_ALONE.conditions, ...probe.conditions },
      logs,
    },
    { ...NOBODY, readStdin: async () => bytes },
  );
  return document.reports[0]!;
}

const severityOf = (report: Report, rule: string): Severity | null =>
  SEVERITIES.find((s) => report.findings.some((f) => f.ruleId === rule && f.status === 'fail' && f.severity === s)) ??
  null;

/** A file that the app reads by itself. */
const named = (file: string): Subject => ({
  id: file,
  family: '',
  heldOut: false,
  path: join(CORPUS, file),
  definition: null,
  shiftBytes: 0,
  bike: null,
  factory: false,
});

/** One file may be read at several shifts: the first that is. */
async function opened(
  file: string,
  subjects: readonly Subject[],
): Promise<{ subject: Subject; decoded: Decoded } | null> {
  const all = subjects.filter((s) => s.id === file);
  for (const subject of all.length === 0 ? [named(file)] : all) {
    const { decoded } = await judge(subject, { bytes: bytesOf(subject), reference: 'none', stock: null });
    if (decoded !== null) return { subject, decoded };
  }
  return null;
}

async function withRide<T>({ ride }: Probe, then: (logs: string[]) => Promise<T>): Promise<T> {
  if (ride === undefined) return then([]);
  const folder = mkdtempSync(join(tmpdir(), 'revsync-reach-'));
  try {
    writeFileSync(join(folder, 'ride.csv'), rideText(ride));
    return await then([join(folder, 'ride.csv')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function run(probe: Probe, subjects: readonly Subject[]): Promise<Reached | string> {
  const file = await opened(probe.file, subjects);
  if (file === null) return `${probe.file} is refused`;
  const { subject, decoded } = file;
  const editor = editorOf(decoded);
  const find = (id: string): TuneMap => {
    const map = decoded.tune.maps.find((m) => m.id === id);
    if (map === undefined) throw new Error(`${probe.file} has no map ${id}`);
    return map;
  };
  if (probe.change !== null && !probe.change.make(editor, find, decoded))
    return `${probe.change.says} cannot be written`;
  const report = await withRide(probe, (logs) => analyze(subject, probe, editor.bytes(), logs));
  const severity = severityOf(report, probe.rule);
  if (severity === null) {
    const ended = report.findings.find((f) => f.ruleId === probe.rule);
    return `it did not fire: ${ended?.status ?? report.refusal?.code}, ${ended?.message ?? report.refusal?.message}`;
  }
  return { file: probe.file, change: changeOf(probe), severity };
}

function changeOf({ change, conditions, against, ride }: Probe): string | null {
  const said = Object.entries(conditions ?? {}).map(([k, v]) => `${k} ${Array.isArray(v) ? v.join(', ') : v}`);
  const stock = against === undefined ? '' : `against ${against === 'itself' ? 'the untouched file' : against}`;
  const rode =
    ride === undefined
      ? ''
      : `a ride at ${Object.entries(ride)
          .map(([k, v]) => `${k} ${v}`)
          .join(', ')}`;
  const parts = [change?.says ?? '', ...said, rode, stock].filter((t) => t !== '');
  return parts.length === 0 ? null : parts.join('; ');
}

/** Rules that fire on files as they are: the first of each. */
async function untouched(subjects: readonly Subject[]): Promise<Map<string, Reached>> {
  const found = new Map<string, Reached>();
  for (const subject of subjects) {
    const bytes = bytesOf(subject);
    for (const reference of ['none', 'known'] as const) {
      const { report } = await judge(subject, { bytes, reference, stock: null });
      for (const { ruleId, status, severity } of report.findings)
        if (status === 'fail' && !found.has(ruleId)) found.set(ruleId, { file: subject.id, change: null, severity });
    }
  }
  return found;
}

const asked = process.argv.slice(2);
const subjects = corpusSubjects(CORPUS);
if (subjects.length === 0) throw new Error('there is no corpus beside the project');
const { rules } = await loadKnowledge('rules');
const wanted = asked.length === 0 ? probes : probes.filter((p) => asked.includes(p.rule));
const reached = asked.length === 0 ? await untouched(subjects.filter((s) => !s.heldOut)) : new Map<string, Reached>();
const failed: string[] = [];
for (const probe of wanted) {
  if (asked.length === 0 && reached.has(probe.rule)) continue;
  const result = await run(probe, subjects).catch((e: Error) => e.message);
  if (typeof result === 'string') failed.push(`${probe.rule}: ${result}`);
  else reached.set(probe.rule, result);
}
for (const text of failed) console.error(text);
const sorted = Object.fromEntries([...reached].sort(([a], [b]) => a.localeCompare(b)));
if (asked.length > 0) console.log(JSON.stringify(sorted, null, 2));
else {
  writeFileSync('docs/rule-reach.json', `${JSON.stringify(sorted, null, 2)}\n`);
  writeFileSync('docs/rule-reach.md', page(sorted));
  console.log(`${reached.size} of ${rules.length} rules reached, ${failed.length} probes failed`);
}
process.exitCode = failed.length === 0 ? 0 : 1;

function page(all: Record<string, Reached>): string {
  const fired = (JSON.parse(readFileSync('docs/verdict.json', 'utf8')) as { rules: object }).rules;
  const rest = rules
    .filter((r) => all[r.id] === undefined && !(r.id in fired))
    .sort((a, b) => a.id.localeCompare(b.id));
  const row = (id: string, { file, change, severity }: Reached): string =>
    `| ${id} | ${severity} | ${file} | ${(change ?? 'as it is').replaceAll('|', '\\|')} |`;
  return `<!-- Written by npm run reach from public tune files that are not part of this repository. -->

# Rules that a public file makes fire

One file for each rule, as it is or with one change made in its bytes, judged by the app. Of the families that are held out of tuning only
those that alone hold what a rule is about.
The faults of [the proving ground](verdict.md) reach others: a rule is proven where it stands in either table.

| rule | severity | file | change |
|---|---|---|---|
${Object.entries(all)
  .map(([id, r]) => row(id, r))
  .join('\n')}

## Rules that neither table has

${rest.map((r) => `- **${r.id}**: ${r.unproven ?? ''}`).join('\n')}
`;
}
