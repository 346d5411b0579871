/** One line of an export, and how a line from anywhere becomes a record: checked field by field, bounded, never believed. */
import { z } from 'zod';
import { FINGERPRINT_LAYOUT, FINGERPRINT_LENGTH, type Fingerprint } from '../core/fingerprint.ts';
import { describe } from '../core/library/describe.ts';
import { NO_WORDS } from '../core/library/entry.ts';
import type { Motorcycle } from '../core/model.ts';
import { type Report, SCHEMA_VERSION } from '../core/report.ts';
import { withJoined } from '../core/stored-report.ts';
import type { ExchangeRecord, ExportRow } from '../store/exchange.ts';
import { reportSchema } from './report-schema.ts';

/** Names the kind of line; raised when a field changes its meaning. */
export const RECORD = 'revsync-analysis/1';

/** A line is at most so long: the largest reports of the corpus have under 1 MB. */
export const MOST_LINE_BYTES = 16 * 1024 * 1024;

/** A stored analysis as a line. */
export function recordLine(row: ExportRow): string {
  const head = JSON.stringify({
    record: RECORD,
    analysisId: row.id,
    firstAt: row.firstAt,
    lastAt: row.lastAt,
    schemaVersion: row.schemaVersion,
    toolVersion: row.toolVersion,
    ruleset: { version: row.rulesetVersion, hash: row.rulesetHash },
    definitionSha256: row.definitionSha256,
    library: { changes: row.changes, said: row.said, family: row.family, fingerprint: row.fingerprint },
    own: row.own,
    metrics: row.metrics,
  });
  return `${head.slice(0, -1)},"report":${row.report}}\n`;
}

/** In place of an analysis whose report is no JSON any more. */
export function damagedLine(analysisId: string): string {
  const message = `analysis ${analysisId} is no longer whole in its database`;
  return `${JSON.stringify({ errors: [{ code: 'RECORD_DAMAGED', message, hint: 'Analyse its file again.' }] })}\n`;
}

const text = (most: number): z.ZodString => z.string().max(most);
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}T[\d:.]{5,15}Z$/, 'no time such as 2026-05-01T10:00:00.000Z');
const hex = (length: number): z.ZodString =>
  z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`), `not ${length} hex digits`);
const words = z.object({
  title: text(200).nullable(),
  notes: text(20_000).nullable(),
  role: z.enum(['stock', 'tuned']).nullable(),
  motorcycle: text(200).nullable(),
  ron: z.number().min(60).max(130).nullable(),
  ethanolPercent: z.number().min(0).max(100).nullable(),
  mods: z.array(text(200)).max(100),
  tags: z.array(text(200)).max(100),
});
const metric = z.object({
  id: text(200),
  mapId: text(500).nullable(),
  value: z.number().nullable(),
  unit: text(50),
  reason: text(2_000).nullable(),
});
const ruleset = z.object({ version: text(50), hash: text(64) });
const floats = text(8 * FINGERPRINT_LENGTH);
const exported = z.object({
  record: z.literal(RECORD),
  analysisId: hex(16),
  firstAt: date,
  lastAt: date,
  schemaVersion: text(20),
  toolVersion: text(50),
  ruleset,
  definitionSha256: hex(64).nullable(),
  library: z.object({
    changes: text(4_000).nullable(),
    said: words,
    family: text(200).nullable(),
    fingerprint: z.object({ layout: z.number().int(), values: floats, changes: floats }).nullable(),
  }),
  own: words.nullable(),
  metrics: z.array(metric).max(20_000),
});
/** What stands around the report in a line of `revsync analyze --format ndjson`. */
const analyzed = z.object({
  schemaVersion: text(20),
  tool: z.object({ version: text(50) }),
  run: z.object({ startedAt: date }),
  ruleset,
});

/** What came of a line. */
export type Line =
  | { kind: 'record'; record: ExchangeRecord }
  /** Nothing to keep: a refused file, the errors of a run. */
  | { kind: 'skipped' }
  | { kind: 'bad'; code: string; reason: string };

const bad = (code: string, reason: string): Line => ({ kind: 'bad', code, reason });

/** Never throws for what a line holds. */
export function readLine(line: string, motorcycles: ReadonlyMap<string, Motorcycle>): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return bad('NOT_JSON', `no JSON: ${(error as Error).message.slice(0, 120)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad('NOT_A_RECORD', 'no object');
  const object = value as Record<string, unknown>;
  if ('record' in object) return readExported(object, motorcycles);
  if ('input' in object && 'outcome' in object) return readAnalyzed(object, motorcycles);
  if (Array.isArray(object['errors'])) return { kind: 'skipped' };
  return bad('NOT_A_RECORD', 'neither a line of "revsync export" nor one of "revsync analyze --format ndjson"');
}

function readExported(object: Record<string, unknown>, motorcycles: ReadonlyMap<string, Motorcycle>): Line {
  if (object['record'] !== RECORD) return bad('UNKNOWN_RECORD', `its "record" is not ${RECORD}: update revsync`);
  const { report: given, ...envelope } = object;
  const head = exported.safeParse(envelope);
  if (!head.success) return bad('BAD_FIELD', firstIssue(head.error));
  const { data } = head;
  const report = readReport(given, data.schemaVersion);
  if ('kind' in report) return report;
  if (report.analysisId !== data.analysisId)
    return bad('BAD_ID', 'the report bears another analysisId than its record');
  const fingerprint = data.library.fingerprint === null ? null : readFingerprint(data.library.fingerprint);
  if (fingerprint === undefined) return bad('BAD_FIELD', 'library.fingerprint: not the numbers of a fingerprint');
  const entry = describe({
    report,
    motorcycle: motorcycles.get(report.motorcycle?.id ?? '') ?? null,
    fingerprint,
    family: data.library.family,
    said: data.library.said,
    changedRoles: [],
  });
  return {
    kind: 'record',
    record: {
      report,
      ruleset: { ...data.ruleset, rules: 0 },
      toolVersion: data.toolVersion,
      schemaVersion: data.schemaVersion,
      definitionSha256: data.definitionSha256,
      at: data.lastAt,
      firstAt: data.firstAt,
      metrics: data.metrics,
      library: { entry: { ...entry, changes: data.library.changes ?? entry.changes }, vector: null },
      own: data.own,
    },
  };
}

function readAnalyzed(object: Record<string, unknown>, motorcycles: ReadonlyMap<string, Motorcycle>): Line {
  if (object['outcome'] === 'refused') return { kind: 'skipped' };
  const { schemaVersion: _a, tool: _b, run: _c, ruleset: _d, ...given } = object;
  const head = analyzed.safeParse(object);
  if (!head.success) return bad('BAD_FIELD', firstIssue(head.error));
  const { data } = head;
  const report = readReport(given, data.schemaVersion);
  if ('kind' in report) return report;
  const motorcycle = motorcycles.get(report.motorcycle?.id ?? '') ?? null;
  const entry = describe({ report, motorcycle, fingerprint: null, family: null, said: NO_WORDS, changedRoles: [] });
  const { startedAt } = data.run;
  return {
    kind: 'record',
    record: {
      report,
      ruleset: { ...data.ruleset, rules: 0 },
      toolVersion: data.tool.version,
      schemaVersion: data.schemaVersion,
      definitionSha256: null,
      at: startedAt,
      firstAt: startedAt,
      metrics: [],
      library: { entry, vector: null },
      own: null,
    },
  };
}

function readReport(written: unknown, schemaVersion: string): Report | Line {
  const given = withJoined(written);
  const own = SCHEMA_VERSION.split('.')[0];
  if (schemaVersion.split('.')[0] !== own)
    return bad('OTHER_SCHEMA', `its schemaVersion is not ${own}.x: analyse the file with the same revsync`);
  let result = reportSchema.safeParse(given);
  // More fields may join in a later version: they are left out, everything else must hold.
  if (!result.success && result.error.issues.every((i) => i.code === 'unrecognized_keys')) {
    for (const issue of result.error.issues) {
      if (issue.code !== 'unrecognized_keys') continue;
      const place = issue.path.reduce<unknown>((o, key) => (o as Record<PropertyKey, unknown>)[key], given);
      for (const key of issue.keys) delete (place as Record<string, unknown>)[key];
    }
    result = reportSchema.safeParse(given);
  }
  if (!result.success) return bad('BAD_REPORT', firstIssue(result.error));
  // As it was written, so that it leaves again byte for byte.
  const report = given as Report;
  if (report.analysisId === null) return { kind: 'skipped' };
  if (!/^[0-9a-f]{16}$/.test(report.analysisId)) return bad('BAD_ID', 'analysisId: not 16 hex digits');
  if (!/^[0-9a-f]{64}$/.test(report.input.sha256 ?? '')) return bad('BAD_ID', 'input.sha256: not 64 hex digits');
  return report;
}

/** Undefined: not the right count of numbers. Null: of another layout, which could never be compared. */
function readFingerprint(given: { layout: number; values: string; changes: string }): Fingerprint | null | undefined {
  if (given.layout !== FINGERPRINT_LAYOUT) return null;
  const numbers = (base64: string): Float32Array | null => {
    const bytes = Buffer.from(base64, 'base64');
    return bytes.length === 4 * FINGERPRINT_LENGTH ? new Float32Array(new Uint8Array(bytes).buffer) : null;
  };
  const [values, changes] = [numbers(given.values), numbers(given.changes)];
  return values === null || changes === null ? undefined : { layout: given.layout, values, changes };
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 300);
}
