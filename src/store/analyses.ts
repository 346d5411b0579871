/** Analyses in the database: one transaction per analysis, the same content under the same rules is the same row. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { RevsyncError } from '../core/errors.ts';
import type { LibraryEntry } from '../core/library/entry.ts';
import type { Metric } from '../core/metrics/metric.ts';
import { SEVERITIES, type Severity, type TuneMap } from '../core/model.ts';
import type { PeerMap } from '../core/outliers.ts';
import type { Report, ReportDocument } from '../core/report.ts';
import { storedReport } from '../core/stored-report.ts';
import { saveLibraryEntry } from './library.ts';
import type { Database } from './open-store.ts';
import { prepared } from './prepared.ts';
import type { TextVector } from './vectors.ts';

/** What is kept of one analysis. */
export interface AnalysisRecord {
  report: Report;
  ruleset: ReportDocument['ruleset'];
  toolVersion: string;
  schemaVersion: string;
  definitionSha256: string | null;
  /** ISO 8601, from the edge's clock. */
  at: string;
  /** Words and fingerprint for the library, and the vector of the text where a model made one. */
  library?: { entry: LibraryEntry; vector: TextVector | null };
}

/** One line of `revsync history`. */
export interface HistoryRow {
  analysisId: string;
  path: string;
  fileSha256: string;
  outcome: string;
  definitionId: string | null;
  motorcycleId: string | null;
  safety: number | null;
  level: string | null;
  compatibility: number | null;
  coverage: number;
  worst: string | null;
  rulesetHash: string;
  firstAt: string;
  lastAt: string;
  runs: number;
}

/** All cells of one decoded map, as stored. */
export interface StoredMap extends PeerMap {
  axes: { axis: string; quantity: string; unit: string; breakpoints: (number | null)[] }[];
}

/** Worst severity among the failed findings, or null. */
export function worstSeverity(report: Report): Severity | null {
  const failed = report.findings.filter((f) => f.status === 'fail' && f.suppressed === null);
  return SEVERITIES.find((s) => failed.some((f) => f.severity === s)) ?? null;
}

/** Unpacked cells of one tune: the largest of the corpus have some 5 MB. */
const MOST_CELLS_BYTES = 128 * 1024 * 1024;

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null);

/** Stores one analysis, its findings, metrics and decoded cells (null: they stayed on another machine). A report without an analysisId (refused) is not kept. */
export function saveAnalysis(
  db: Database,
  record: AnalysisRecord,
  metrics: Metric[],
  maps: TuneMap[] | Uint8Array | null,
): void {
  const { report } = record;
  const id = report.analysisId;
  const sha256 = report.input.sha256;
  if (id === null || sha256 === null) return;
  db.transaction(() => {
    prepared(db, 'INSERT INTO files VALUES (?, ?, ?) ON CONFLICT(sha256) DO UPDATE SET path = excluded.path').run(
      sha256,
      report.input.byteLength ?? 0,
      report.input.path,
    );
    prepared(
      db,
      `INSERT INTO analyses (id, file_sha256, path, outcome, format, definition_id, definition_sha256, motorcycle_id,
         ruleset_version, ruleset_hash, tool_version, schema_version, safety, level, compatibility, coverage, worst, report, first_at, last_at)
       VALUES (@id, @sha256, @path, @outcome, @format, @definitionId, @definitionSha256, @motorcycleId,
         @rulesetVersion, @rulesetHash, @toolVersion, @schemaVersion, @safety, @level, @compatibility, @coverage, @worst, @report, @at, @at)
       ON CONFLICT(id) DO UPDATE SET file_sha256 = excluded.file_sha256, path = excluded.path, outcome = excluded.outcome,
         format = excluded.format, definition_id = excluded.definition_id, definition_sha256 = excluded.definition_sha256,
         motorcycle_id = excluded.motorcycle_id, ruleset_version = excluded.ruleset_version, ruleset_hash = excluded.ruleset_hash,
         schema_version = excluded.schema_version, report = excluded.report, tool_version = excluded.tool_version,
         safety = excluded.safety, level = excluded.level, compatibility = excluded.compatibility, coverage = excluded.coverage,
         worst = excluded.worst, last_at = excluded.last_at, runs = runs + 1`,
    ).run({
      id,
      sha256,
      path: report.input.path,
      outcome: report.outcome,
      format: report.format?.id ?? null,
      definitionId: report.definition?.id ?? null,
      definitionSha256: record.definitionSha256,
      motorcycleId: report.motorcycle?.id ?? null,
      rulesetVersion: record.ruleset.version,
      rulesetHash: record.ruleset.hash,
      toolVersion: record.toolVersion,
      schemaVersion: record.schemaVersion,
      safety: report.scores.safety.value,
      level: report.scores.safety.level,
      compatibility: report.scores.compatibility.value,
      coverage: report.coverage.ratio,
      worst: worstSeverity(report),
      report: JSON.stringify(report),
      at: record.at,
    });
    prepared(db, 'DELETE FROM findings WHERE analysis_id = ?').run(id);
    const finding = prepared(db, 'INSERT OR REPLACE INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    // What was not judged is four rows in five, says no number, and stands in the report.
    const judged = report.findings.filter((f) => f.status === 'fail' || f.status === 'pass');
    for (const f of judged) {
      finding.run(
        id,
        f.id,
        f.ruleId,
        f.status,
        f.severity,
        f.map?.id ?? null,
        f.value,
        f.unit,
        f.limit,
        f.margin,
        f.cellCount,
      );
    }
    prepared(db, 'DELETE FROM metrics WHERE analysis_id = ?').run(id);
    const metric = prepared(db, 'INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)');
    for (const m of metrics) metric.run(id, m.id, m.mapId, m.value === null ? null : finite(m.value), m.unit, m.reason);
    if (maps !== null) {
      prepared(db, 'INSERT OR IGNORE INTO cells VALUES (?, ?, ?, ?)').run(
        sha256,
        record.definitionSha256 ?? '',
        'json+gzip',
        maps instanceof Uint8Array ? Buffer.from(maps) : packCells(maps),
      );
    }
    if (record.library !== undefined) saveLibraryEntry(db, report, record.library.entry, record.library.vector);
  }).immediate();
}

/** Decoded maps as the database keeps them; may be done in another thread. */
export function packCells(maps: TuneMap[]): Buffer {
  return maps.length === 0 ? Buffer.alloc(0) : gzipSync(JSON.stringify(maps.map(storedMap)), { level: 1 });
}

function storedMap(map: TuneMap): StoredMap {
  return {
    id: map.id,
    title: map.title,
    role: map.role,
    kind: map.kind,
    unit: map.unit,
    rows: map.rows,
    columns: map.columns,
    axes: map.axes.map((a) => ({
      axis: a.axis,
      quantity: a.quantity,
      unit: a.unit,
      breakpoints: a.breakpoints.map(finite),
    })),
    cells: Array.from(map.cells, finite),
  };
}

/** The decoded maps of a file under a definition, or null. */
export function readCells(db: Database, fileSha256: string, definitionSha256: string | null): StoredMap[] | null {
  const blob = db
    .prepare('SELECT maps FROM cells WHERE file_sha256 = ? AND definition_sha256 = ?')
    .pluck()
    .get(fileSha256, definitionSha256 ?? '') as Buffer | undefined;
  if (blob === undefined) return null;
  return blob.length === 0
    ? []
    : (JSON.parse(gunzipSync(blob, { maxOutputLength: MOST_CELLS_BYTES }).toString('utf8')) as StoredMap[]);
}

/** The decoded maps of an analysis, or null. */
export function cellsOfAnalysis(db: Database, analysisId: string): StoredMap[] | null {
  const row = prepared(
    db,
    'SELECT file_sha256 AS file, definition_sha256 AS definition FROM analyses WHERE id = ?',
  ).get(analysisId) as { file: string; definition: string | null } | undefined;
  return row === undefined ? null : readCells(db, row.file, row.definition);
}

const HISTORY_COLUMNS = `id AS analysisId, path, file_sha256 AS fileSha256, outcome, definition_id AS definitionId,
  motorcycle_id AS motorcycleId, safety, level, compatibility, coverage, worst, ruleset_hash AS rulesetHash,
  first_at AS firstAt, last_at AS lastAt, runs`;

/** Newest first. `text` filters by path, motorcycle or definition. */
export function listHistory(db: Database, filter: { text: string | null; limit: number }): HistoryRow[] {
  const like = filter.text === null ? '%' : `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`;
  return db
    .prepare(
      `SELECT ${HISTORY_COLUMNS} FROM analyses
       WHERE path LIKE @like ESCAPE '\\' OR motorcycle_id LIKE @like ESCAPE '\\' OR definition_id LIKE @like ESCAPE '\\'
       ORDER BY last_at DESC, id LIMIT @limit`,
    )
    .all({ like, limit: filter.limit }) as HistoryRow[];
}

/** A stored analysis with what is needed to print it again. */
export interface StoredAnalysis {
  report: Report;
  ruleset: { version: string; hash: string };
  toolVersion: string;
  schemaVersion: string;
  definitionSha256: string | null;
  at: string;
}

/**
 * @param id the analysis id or a beginning of it
 * @throws RevsyncError NOT_FOUND | AMBIGUOUS_ID
 */
export function readAnalysis(db: Database, id: string): StoredAnalysis {
  const prefix = id.toLowerCase();
  const rows = /^[0-9a-f]+$/.test(prefix)
    ? (db
        .prepare(
          `SELECT id, path, report, ruleset_version AS version, ruleset_hash AS hash, tool_version AS toolVersion,
             schema_version AS schemaVersion, definition_sha256 AS definitionSha256, last_at AS at
           FROM analyses WHERE id >= @prefix AND id < @prefix || 'g' ORDER BY id LIMIT 5`,
        )
        .all({ prefix }) as {
        id: string;
        path: string;
        report: string;
        version: string;
        hash: string;
        toolVersion: string;
        schemaVersion: string;
        definitionSha256: string | null;
        at: string;
      }[])
    : [];
  const row = rows[0];
  if (row === undefined) {
    throw new RevsyncError(
      'NOT_FOUND',
      `no stored analysis begins with "${id}"`,
      'revsync history lists what is stored.',
    );
  }
  if (rows.length > 1 && row.id !== prefix) {
    throw new RevsyncError(
      'AMBIGUOUS_ID',
      `"${id}" fits several analyses: ${rows.map((r) => `${r.id.slice(0, 8)} (${r.path})`).join(', ')}`,
      'Give more characters of the id.',
    );
  }
  return {
    report: storedReport(row.report),
    ruleset: { version: row.version, hash: row.hash },
    toolVersion: row.toolVersion,
    schemaVersion: row.schemaVersion,
    definitionSha256: row.definitionSha256,
    at: row.at,
  };
}
