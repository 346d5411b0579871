/** Analyses going from one machine to another: rows out in order, rows in without changing what is there. */
import { FINGERPRINT_LENGTH } from '../core/fingerprint.ts';
import { NO_WORDS, type TuneWords } from '../core/library/entry.ts';
import type { Metric } from '../core/metrics/metric.ts';
import { type AnalysisRecord, saveAnalysis } from './analyses.ts';
import { ownWords, saveOwnWords } from './library.ts';
import type { Database } from './open-store.ts';
import { prepared } from './prepared.ts';

/** A number found for a tune, without the cells it came from. */
export interface MetricRow {
  id: string;
  mapId: string | null;
  value: number | null;
  unit: string;
  reason: string | null;
}

/** One record on its way in. */
export interface ExchangeRecord extends Omit<AnalysisRecord, 'library'> {
  firstAt: string;
  metrics: MetricRow[];
  library: NonNullable<AnalysisRecord['library']>;
  /** What the user of that machine said of the file. */
  own: TuneWords | null;
}

/** A row on its way out: the report is JSON text still. */
export interface ExportRow {
  id: string;
  fileSha256: string;
  report: string;
  /** 0: the report is no JSON any more. */
  whole: 0 | 1;
  rulesetVersion: string;
  rulesetHash: string;
  toolVersion: string;
  schemaVersion: string;
  definitionSha256: string | null;
  firstAt: string;
  lastAt: string;
  changes: string | null;
  said: TuneWords;
  family: string | null;
  /** float32, little-endian, base64. */
  fingerprint: { layout: number; values: string; changes: string } | null;
  metrics: MetricRow[];
  own: TuneWords | null;
}

/** Stored analyses in the order of their ids, one at a time: a library of any size fits. */
export function* exportRows(db: Database, within: ReadonlySet<string> | null): Generator<ExportRow> {
  const ids = db.prepare('SELECT id FROM analyses ORDER BY id').pluck().all() as string[];
  const read = db.prepare(
    `SELECT a.id, a.report, json_valid(a.report) AS whole, a.ruleset_version AS rulesetVersion, a.ruleset_hash AS rulesetHash, a.tool_version AS toolVersion,
       a.schema_version AS schemaVersion, a.definition_sha256 AS definitionSha256, a.first_at AS firstAt, a.last_at AS lastAt,
       l.changes, l.said, l.family, l.layout, l.fingerprint_values AS vals, l.fingerprint_changes AS diffs, a.file_sha256 AS fileSha256
     FROM analyses a LEFT JOIN library l ON l.analysis_id = a.id WHERE a.id = ?`,
  );
  const metrics = db.prepare(
    'SELECT metric_id AS id, map_id AS mapId, value, unit, reason FROM metrics WHERE analysis_id = ? ORDER BY rowid',
  );
  type Row = Omit<ExportRow, 'metrics' | 'own' | 'said' | 'fingerprint'> & {
    said: string | null;
    layout: number | null;
    vals: Buffer | null;
    diffs: Buffer | null;
  };
  for (const id of ids) {
    if (within !== null && !within.has(id)) continue;
    const row = read.get(id) as Row | undefined;
    if (row === undefined) continue;
    const { said, layout, vals, diffs, ...rest } = row;
    const whole = (bytes: Buffer | null): bytes is Buffer => bytes?.length === 4 * FINGERPRINT_LENGTH;
    yield {
      ...rest,
      said: said === null ? NO_WORDS : (JSON.parse(said) as TuneWords),
      fingerprint:
        layout !== null && whole(vals) && whole(diffs)
          ? { layout, values: vals.toString('base64'), changes: diffs.toString('base64') }
          : null,
      metrics: metrics.all(id) as MetricRow[],
      own: ownWords(db, rest.fileSha256),
    };
  }
}

/**
 * One transaction for all of them. An analysis that is here stays as it is; words of another user are taken where nobody here said
 * anything of that file.
 * @returns how many were new
 */
export function importRows(db: Database, records: readonly ExchangeRecord[]): number {
  return db
    .transaction(() => {
      let fresh = 0;
      for (const { metrics, own, firstAt, ...record } of records) {
        const { analysisId, input } = record.report;
        if (analysisId === null || input.sha256 === null) continue;
        if (prepared(db, 'SELECT 1 FROM analyses WHERE id = ?').get(analysisId) === undefined) {
          fresh++;
          const path = prepared(db, 'SELECT path FROM files WHERE sha256 = ?').pluck().get(input.sha256) as
            | string
            | undefined;
          const rows = metrics.map((m) => ({ ...m, cells: [], facts: {} }) as unknown as Metric);
          saveAnalysis(db, record, rows, null);
          prepared(db, 'UPDATE library SET elsewhere = 1 WHERE analysis_id = ?').run(analysisId);
          prepared(db, 'UPDATE analyses SET first_at = ? WHERE id = ?').run(firstAt, analysisId);
          // Where the file lies is known better here.
          if (path !== undefined) prepared(db, 'UPDATE files SET path = ? WHERE sha256 = ?').run(path, input.sha256);
        }
        if (own !== null && ownWords(db, input.sha256) === null) saveOwnWords(db, input.sha256, own, record.at);
      }
      return fresh;
    })
    .immediate();
}
