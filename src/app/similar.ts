/** Tunes whose calibration is like a tune's, and what of it is unlike its family. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { RevsyncError } from '../core/errors.ts';
import {
  FINGERPRINT_LAYOUT,
  FINGERPRINT_LENGTH,
  type Likeness,
  likeness,
  medianOf,
  similarityTo,
} from '../core/fingerprint.ts';
import { FEWEST_TUNES, type Outlier, outliersOf } from '../core/outliers.ts';
import { shellQuoted } from '../core/rules/message.ts';
import type { LibraryFilter } from '../store/find.ts';
import type { StoredFingerprint } from '../store/fingerprints.ts';
import type { Database } from '../store/open-store.ts';
import { readNamed } from './decode-file.ts';
import { databaseOf, type Surroundings } from './history.ts';
import type { SearchDocument, SearchResult } from './search.ts';
import { idsOfBike } from './search.ts';
import { withDatabase } from './workspace.ts';

export interface SimilarRequest {
  /** A file, or the id of an analysis or its beginning. */
  of: string;
  limit: number;
  filter: Omit<LibraryFilter, 'motorcycles'> & { bike: string | null };
}

export interface SimilarDocument extends SearchDocument {
  of: { analysisId: string; path: string };
  /** Null: fewer than five tunes of its family are stored. */
  outliers: Outlier[] | null;
  outliersReason: string;
}

/** Tunes of a family that its median is taken of, evenly over all: more move it by nothing that counts. */
const MOST_FOR_MEDIAN = 1_001;
/** Peers whose maps are read: the newest of the family. */
const MOST_PEERS = 60;

export interface SimilarHooks {
  readStdin(limitBytes: number): Promise<Uint8Array>;
  /** Analyses and stores a file that is not in the library yet. */
  analyze(path: string): Promise<void>;
}

/** @throws RevsyncError NOT_FOUND | AMBIGUOUS_ID | NOT_ANALYSED | NO_FINGERPRINT */
export async function similarTunes(
  request: SimilarRequest,
  around: Surroundings,
  hooks: SimilarHooks,
): Promise<SimilarDocument> {
  const path = await databaseOf(around);
  const isFile = existsSync(resolve(around.cwd, request.of));
  const sha256 = isFile ? (await readNamed(request.of, around.cwd, hooks.readStdin)).sha256 : null;
  if (sha256 !== null && (await withDatabase(path, (db) => newestOf(db, sha256))) === null)
    await hooks.analyze(request.of);
  return withDatabase(path, async (db) => {
    const { readAnalysis } = await import('../store/analyses.ts');
    const id = sha256 === null ? readAnalysis(db, request.of).report.analysisId : newestOf(db, sha256);
    if (id === null) {
      throw new RevsyncError(
        'NOT_ANALYSED',
        `"${request.of}" could not be analysed, so nothing is like it`,
        `See why: revsync analyze ${shellQuoted(request.of)}`,
      );
    }
    return similarIn(db, id, request);
  });
}

/** An analysis of a file that has a fingerprint, the newest. */
function newestOf(db: Database, sha256: string): string | null {
  return (
    (db
      .prepare(
        'SELECT a.id FROM analyses a JOIN library l ON l.analysis_id = a.id WHERE a.file_sha256 = ? AND l.layout IS NOT NULL ORDER BY a.last_at DESC, a.id LIMIT 1',
      )
      .pluck()
      .get(sha256) as string | undefined) ?? null
  );
}

async function similarIn(db: Database, analysisId: string, request: SimilarRequest): Promise<SimilarDocument> {
  const { fingerprintOfAnalysis, valuesOfFamily } = await import('../store/fingerprints.ts');
  const { entriesWithin, entryRows } = await import('../store/find.ts');
  const own = fingerprintOfAnalysis(db, analysisId);
  if (own === null) {
    throw new RevsyncError(
      'NO_FINGERPRINT',
      `analysis ${analysisId.slice(0, 8)} has no fingerprint: it was imported without one, or is older than the library`,
      'Analyse the file again: revsync analyze FILE',
    );
  }
  const median = own.family === null ? null : medianOf(valuesOfFamily(db, own.family, MOST_FOR_MEDIAN));
  const within = entriesWithin(db, {
    ...request.filter,
    motorcycles: request.filter.bike === null ? null : await idsOfBike(request.filter.bike),
  });
  const chosen = await nearestTo(db, own, median, request.limit, within);
  const rows = entryRows(
    db,
    [own, ...chosen].map((c) => c.entryId),
  );
  const results = chosen.map(({ entryId, family, fingerprint }): SearchResult => {
    const row = rows.get(entryId)!;
    const sameFamily = family !== null && family === own.family;
    const like = likeness(own.fingerprint, fingerprint, sameFamily ? median : null);
    return {
      analysisId: row.analysisId,
      path: row.path,
      motorcycle: row.motorcycle,
      score: round(like.similarity!),
      similarity: round(like.similarity!),
      because: whyLike(like, sameFamily, row.role === 'stock' && rows.get(own.entryId)?.role === 'stock'),
      safety: { value: row.safety, level: row.level, worst: row.worst },
      role: row.role,
      title: row.title,
      notes: row.notes,
      changes: row.changes,
    };
  });
  const { outliers, reason } = await unlikePeers(db, own);
  return {
    of: { analysisId, path: rows.get(own.entryId)!.path },
    mode: 'semantic',
    model: { id: 'calibration-fingerprint', digest: `layout ${FINGERPRINT_LAYOUT}`, dimensions: FINGERPRINT_LENGTH },
    reason:
      results.length > 0 ? '' : 'no stored tune can be held against it: none shares a stock reference or its family',
    results,
    outliers,
    outliersReason: reason,
  };
}

type Near = StoredFingerprint & { similarity: number };

/** The nearest files, one analysis for each, best first; ties by entry. One pass, and only the best so far are held. */
async function nearestTo(
  db: Database,
  own: StoredFingerprint,
  median: Float32Array | null,
  limit: number,
  within: ReadonlySet<number> | null,
): Promise<Near[]> {
  const { fingerprints } = await import('../store/fingerprints.ts');
  const similarity = similarityTo(own.fingerprint);
  const best: Near[] = [];
  for (const one of fingerprints(db)) {
    if (one.fileSha256 === own.fileSha256 || (within !== null && !within.has(one.entryId))) continue;
    const value = similarity(one.fingerprint, one.family !== null && one.family === own.family ? median : null);
    if (Number.isNaN(value) || (best.length === limit && value <= best[limit - 1]!.similarity)) continue;
    const same = best.findIndex((b) => b.fileSha256 === one.fileSha256);
    if (same >= 0 && best[same]!.similarity >= value) continue;
    if (same >= 0) best.splice(same, 1);
    const place = best.findIndex((b) => b.similarity < value);
    best.splice(place < 0 ? best.length : place, 0, { ...one, similarity: value });
    best.length = Math.min(best.length, limit);
  }
  return best;
}

const round = (n: number): number => Math.round(n * 10_000) / 10_000;

/** Steps within which two are as good as the same, and within which they are near. */
const SAME = 0.08;
const NEAR = 0.5;
const GROUP_NAMES: Record<string, string> = { lambda: 'mixture target', limiter: 'rev limiter' };

/** @param bothStock neither differs from its own factory: alike they are in nothing else */
function whyLike({ apart, notCompared, by }: Likeness, sameFamily: boolean, bothStock: boolean): string {
  if (bothStock && by === 'change from stock' && !sameFamily)
    return 'both are as their factory left them; the calibrations of two ECU softwares are not held against each other';
  const names = (from: number, to: number): string =>
    apart
      .filter((a) => a.steps >= from && a.steps < to)
      .map((a) => GROUP_NAMES[a.id] ?? a.id)
      .join(', ');
  const parts = [
    [by === 'change from stock' ? 'changed alike' : 'the same', names(0, SAME)],
    ['near', names(SAME, NEAR)],
    ['apart', names(NEAR, Number.POSITIVE_INFINITY)],
  ].filter(([, list]) => list !== '');
  const said = parts.map(([word, list]) => `${word} in ${list}`);
  if (notCompared.length > 0) said.push(`not compared: ${notCompared.map((id) => GROUP_NAMES[id] ?? id).join(', ')}`);
  return `${said.join('; ')} (by ${by}${sameFamily ? ', same ECU software' : ''})`;
}

async function unlikePeers(
  db: Database,
  own: StoredFingerprint,
): Promise<{ outliers: Outlier[] | null; reason: string }> {
  const { peersOf } = await import('../store/fingerprints.ts');
  const { analysisIds, files } = peersOf(db, own, MOST_PEERS);
  if (files + 1 < FEWEST_TUNES) {
    return {
      outliers: null,
      reason: `${files + 1} tunes of its family are stored; it takes ${FEWEST_TUNES} to say what is usual`,
    };
  }
  const { cellsOfAnalysis } = await import('../store/analyses.ts');
  const maps = cellsOfAnalysis(db, own.analysisId);
  const peers = analysisIds.map((id) => cellsOfAnalysis(db, id)).filter((m) => m !== null);
  if (maps === null || peers.length + 1 < FEWEST_TUNES)
    return { outliers: null, reason: 'the decoded maps of too few of its family are stored here' };
  return { outliers: outliersOf(maps, peers), reason: '' };
}
