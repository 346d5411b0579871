/** Tunes whose calibration is like a tune's, and what of it is unlike its family. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { RevsyncError } from '../core/errors.ts';
import { FINGERPRINT_LAYOUT, FINGERPRINT_LENGTH, type Likeness, likeness, medianOf } from '../core/fingerprint.ts';
import { FEWEST_TUNES, type Outlier, outliersOf } from '../core/outliers.ts';
import type { LibraryFilter } from '../store/find.ts';
import type { StoredFingerprint } from '../store/library.ts';
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
        `See why: revsync analyze ${request.of}`,
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
  const { fingerprints } = await import('../store/library.ts');
  const { entriesWithin, entryRows } = await import('../store/find.ts');
  const all = [...fingerprints(db, null)];
  const own = all.find((f) => f.analysisId === analysisId);
  if (own === undefined) {
    throw new RevsyncError(
      'NO_FINGERPRINT',
      `analysis ${analysisId.slice(0, 8)} has no fingerprint: it was imported without one, or is older than the library`,
      'Analyse the file again: revsync analyze FILE',
    );
  }
  const family = all.filter((f) => f.family !== null && f.family === own.family);
  const median = medianOf(family.map((f) => f.fingerprint.values));
  const within = entriesWithin(db, {
    ...request.filter,
    motorcycles: request.filter.bike === null ? null : await idsOfBike(request.filter.bike),
  });
  const near = all
    .filter((f) => f.fileSha256 !== own.fileSha256 && (within === null || within.has(f.entryId)))
    .map((f) => ({ ...f, like: likeness(own.fingerprint, f.fingerprint, f.family === own.family ? median : null) }))
    .filter((f) => f.like.similarity !== null)
    .sort((a, b) => b.like.similarity! - a.like.similarity! || a.entryId - b.entryId);
  const chosen: typeof near = [];
  for (const one of near) {
    if (chosen.length >= request.limit) break;
    if (!chosen.some((c) => c.fileSha256 === one.fileSha256)) chosen.push(one);
  }
  const rows = entryRows(
    db,
    [own, ...chosen].map((c) => c.entryId),
  );
  const results = chosen.map(({ entryId, like, family: f }): SearchResult => {
    const row = rows.get(entryId)!;
    return {
      analysisId: row.analysisId,
      path: row.path,
      motorcycle: row.motorcycle,
      score: round(like.similarity!),
      similarity: round(like.similarity!),
      because: whyLike(like, f === own.family),
      safety: { value: row.safety, level: row.level },
      role: row.role,
      title: row.title,
      notes: row.notes,
      changes: row.changes,
    };
  });
  const { outliers, reason } = await unlikePeers(db, own, family);
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

const round = (n: number): number => Math.round(n * 10_000) / 10_000;

/** Steps within which two are as good as the same, and within which they are near. */
const SAME = 0.08;
const NEAR = 0.5;
const GROUP_NAMES: Record<string, string> = { lambda: 'mixture target', limiter: 'rev limiter' };

function whyLike({ apart, notCompared, by }: Likeness, sameFamily: boolean): string {
  const names = (from: number, to: number): string =>
    apart
      .filter((a) => a.steps >= from && a.steps < to)
      .map((a) => GROUP_NAMES[a.id] ?? a.id)
      .join(', ');
  const parts = [
    ['the same', names(0, SAME)],
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
  family: StoredFingerprint[],
): Promise<{ outliers: Outlier[] | null; reason: string }> {
  const files = new Map(family.filter((f) => f.fileSha256 !== own.fileSha256).map((f) => [f.fileSha256, f]));
  if (files.size + 1 < FEWEST_TUNES) {
    return {
      outliers: null,
      reason: `${files.size + 1} tunes of its family are stored; it takes ${FEWEST_TUNES} to say what is usual`,
    };
  }
  const { cellsOfAnalysis } = await import('../store/analyses.ts');
  const maps = cellsOfAnalysis(db, own.analysisId);
  const peers = [...files.values()]
    .slice(-MOST_PEERS)
    .map((f) => cellsOfAnalysis(db, f.analysisId))
    .filter((m) => m !== null);
  if (maps === null || peers.length + 1 < FEWEST_TUNES)
    return { outliers: null, reason: 'the decoded maps of too few of its family are stored here' };
  return { outliers: outliersOf(maps, peers), reason: '' };
}
