/** Reads what a person declared known: `suppress:` of the project file and baselines; writes baselines. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RevsyncError } from '../core/errors.ts';
import { SEVERITIES, type Severity } from '../core/model.ts';
import type { Report } from '../core/report.ts';
import { atLeast } from '../core/rules/bands.ts';
import type { Suppression } from '../core/suppress.ts';
import { allowed } from './allowed-files.ts';
import { outputFailed, readRegularText, writeWhole } from './files.ts';

const PROJECT_FILE = '.revsync.yaml';
/** Largest file of suppressions, and most entries of one. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ENTRIES = 10_000;

/**
 * @param baseline as the user wrote it; null: none
 * @throws RevsyncError SUPPRESSION_INVALID with file, entry and reason | BASELINE_NOT_FOUND
 */
export async function loadSuppressions(cwd: string, baseline: string | null): Promise<Suppression[]> {
  const list: Suppression[] = [];
  const project = join(cwd, PROJECT_FILE);
  if (existsSync(project)) {
    const { plainYaml } = await import('./yaml.ts');
    const written = readBounded(project, PROJECT_FILE);
    const content = plainYaml(written, (why) => invalid(PROJECT_FILE, why)) as { suppress?: unknown } | null;
    const entries = content?.suppress ?? [];
    if (!Array.isArray(entries)) throw invalid(PROJECT_FILE, 'suppress must be a list');
    list.push(...bounded(entries, PROJECT_FILE).map((e, i) => toSuppression(e, `${PROJECT_FILE}: suppress ${i + 1}`)));
  }
  if (baseline !== null) {
    const path = resolve(cwd, baseline);
    if (!existsSync(path)) {
      throw new RevsyncError(
        'BASELINE_NOT_FOUND',
        `there is no baseline "${baseline}"`,
        'Write one with --write-baseline FILE --reason TEXT.',
      );
    }
    let content: { revsyncBaseline?: unknown; findings?: unknown } | null;
    try {
      content = JSON.parse(readBounded(path, baseline));
    } catch (error) {
      if (error instanceof RevsyncError) throw error;
      throw invalid(baseline, 'it is no JSON');
    }
    if (content?.revsyncBaseline !== 1 || !Array.isArray(content.findings))
      throw invalid(baseline, 'it is no baseline of revsync');
    list.push(...bounded(content.findings, baseline).map((e, i) => fromBaseline(e, baseline, i)));
  }
  return list;
}

function readBounded(path: string, name: string): string {
  return readRegularText(allowed(path, name), MAX_BYTES, (why) => invalid(name, why));
}

function bounded(entries: unknown[], name: string): unknown[] {
  if (entries.length > MAX_ENTRIES) throw invalid(name, `it holds more than ${MAX_ENTRIES} entries`);
  return entries;
}

function toSuppression(entry: unknown, place: string): Suppression {
  const known = ['rule', 'finding', 'file', 'reason', 'until'];
  const fields = record(entry, place);
  const unknown = Object.keys(fields).find((k) => !known.includes(k));
  if (unknown !== undefined) throw invalid(place, `there is no field "${unknown}"; known: ${known.join(', ')}`);
  const rule = text(fields, 'rule', place);
  const finding = text(fields, 'finding', place);
  if ((rule === null) === (finding === null)) throw invalid(place, 'name either a rule or the exact id of a finding');
  const reason = text(fields, 'reason', place)?.trim() ?? '';
  if (reason === '') throw invalid(place, 'a reason is missing: whoever reads the report asks for it');
  const until = text(fields, 'until', place);
  if (until !== null && !isDay(until)) throw invalid(place, `until "${until}" is no date such as 2027-03-31`);
  const file = text(fields, 'file', place);
  return { kind: 'suppression', from: PROJECT_FILE, rule, finding, file, reason, until, atMost: null };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function fromBaseline(entry: unknown, name: string, index: number): Suppression {
  const place = `${name}: finding ${index + 1}`;
  const fields = record(entry, place);
  const finding = text(fields, 'id', place);
  const file = text(fields, 'file', place);
  const reason = text(fields, 'reason', place);
  const severity = fields['severity'] as Severity;
  const margin = fields['margin'] ?? null;
  if (finding === null || file === null || reason === null || reason.trim() === '' || !SEVERITIES.includes(severity))
    throw invalid(place, 'id, file, severity and reason must be there');
  if (margin !== null && !Number.isFinite(margin)) throw invalid(place, 'margin must be a number or null');
  const atMost = { severity, margin: margin as number | null };
  return { kind: 'baseline', from: name, rule: null, finding, file, reason, until: null, atMost };
}

function record(value: unknown, place: string): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw invalid(place, 'it is no entry');
  return value as Record<string, unknown>;
}

function text(fields: Record<string, unknown>, name: string, place: string): string | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value.length > 2_000) throw invalid(place, `${name} must be a short text`);
  return value;
}

function invalid(place: string, why: string): RevsyncError {
  return new RevsyncError(
    'SUPPRESSION_INVALID',
    `${place}: ${why}`,
    'docs/suppressions.md shows an entry. --no-suppress judges without any.',
  );
}

/**
 * Writes what stands above a note as known. Sorted, no times: the same findings give the same bytes.
 * @param reason why they are known; null: critical ones are left out
 * @returns how many were written and how many critical ones were left out
 * @throws RevsyncError OUTPUT_FAILED
 */
export function writeBaseline(
  reports: readonly Report[],
  path: string,
  cwd: string,
  reason: string | null,
): { written: number; leftOut: number } {
  const all = reports.flatMap((r) =>
    r.findings
      .filter((f) => f.status === 'fail' && atLeast(f.severity, 'low'))
      .map((f) => ({
        file: r.input.path,
        id: f.id,
        severity: f.severity,
        margin: f.margin,
        reason: f.suppressed?.reason ?? reason ?? 'in the baseline',
      })),
  );
  const kept = all.filter((f) => f.severity !== 'critical' || reason !== null);
  kept.sort((a, b) => a.file.localeCompare(b.file) || a.id.localeCompare(b.id));
  const full = resolve(cwd, path);
  try {
    writeWhole(full, `${JSON.stringify({ revsyncBaseline: 1, findings: kept }, null, 2)}\n`);
  } catch (error) {
    throw outputFailed(path, error);
  }
  return { written: kept.length, leftOut: all.length - kept.length };
}
