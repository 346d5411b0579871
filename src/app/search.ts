/** Searches the library: motorcycle, meaning and words together, or words alone where no embedding model is. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import { conceptsOf, type SearchWords } from '../core/library/concepts.ts';
import { fileName, readQuery, type SearchQuery, searchTerms, wordsOf } from '../core/library/query.ts';
import { rank, type SearchCandidate, termScore, termWeight } from '../core/library/ranking.ts';
import type { Embedder } from '../embed/embedder.ts';
import type { LibraryFilter } from '../store/find.ts';
import type { Database } from '../store/open-store.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { describeMissing, embedMissing, type IndexProgress } from './library-index.ts';
import { openEmbedder } from './open-embedder.ts';
import { withDatabase } from './workspace.ts';

/** Texts that a search embeds by itself; more are for revsync reindex. */
const EMBED_AT_ONCE = 2_000;
/** Candidates by each way. */
const REACH = 200;
/** A word in the names of more than this share of the library names none of them. */
const NAME_SHARE = 0.15;
/** Entries of the named motorcycles that are looked at, newest first. */
const MOST_OF_BIKE = 20_000;

export interface SearchRequest {
  text: string;
  limit: number;
  filter: Omit<LibraryFilter, 'motorcycles'> & { bike: string | null };
  /** `lexical`: no model is loaded. */
  mode: 'auto' | 'lexical';
}

export interface SearchResult {
  analysisId: string;
  path: string;
  /** Name, or what the tune says of its motorcycle; null: not known. */
  motorcycle: string | null;
  /** 0..1, comparable inside one answer alone. */
  score: number;
  /** Cosine of the texts, or the likeness of the calibrations; null where that was not compared. */
  similarity: number | null;
  because: string;
  /** `worst`: severity of the worst finding; null: there is none. */
  safety: { value: number | null; level: string | null; worst: string | null };
  role: string | null;
  title: string | null;
  notes: string | null;
  changes: string;
}

export interface SearchDocument {
  mode: 'semantic' | 'lexical' | 'hybrid';
  model: { id: string; digest: string; dimensions: number } | null;
  /** In words: why lexical, what is not embedded yet. */
  reason: string;
  results: SearchResult[];
}

/** @throws RevsyncError BIKE_NOT_FOUND | NO_DATABASE */
export async function searchLibrary(
  request: SearchRequest,
  around: Surroundings,
  progress: IndexProgress,
): Promise<SearchDocument> {
  const opening =
    request.mode === 'lexical'
      ? Promise.resolve({ embedder: null, reason: 'words alone were asked for' })
      : openEmbedder(around);
  return withDatabase(await databaseOf(around), async (db) => {
    const { embedder, reason } = await opening;
    try {
      return await searchIn(db, request, embedder, reason, progress);
    } finally {
      await embedder?.close();
    }
  });
}

/** The same on an open database with an engine at hand. */
export async function searchIn(
  db: Database,
  request: SearchRequest,
  embedder: Embedder | null,
  why: string,
  progress: IndexProgress,
): Promise<SearchDocument> {
  await describeMissing(db, progress);
  const notes = why === '' ? [] : [why];
  if (embedder !== null) {
    const { left } = await embedMissing(db, embedder, EMBED_AT_ONCE, progress);
    if (left > 0) notes.push(`${left} analyses have no vector yet and are found by words alone: revsync reindex`);
  }
  const all = await loadKnowledge('motorcycles');
  const data = (await loadKnowledge('data'))['search-words'] as SearchWords;
  const query = readQuery(request.text, all, data);
  const { entriesWithin, entryRows } = await import('../store/find.ts');
  const within = entriesWithin(db, {
    ...request.filter,
    motorcycles: request.filter.bike === null ? null : await idsOfBike(request.filter.bike),
  });
  const cosines = embedder === null ? null : await byMeaning(db, query, embedder, within);
  const words = await byWords(db, query, data, within);
  const { entriesOfMotorcycles } = await import('../store/find.ts');
  const ofBike = entriesOfMotorcycles(
    db,
    query.motorcycles.map((m) => m.id),
    MOST_OF_BIKE,
  ).filter((id) => within?.has(id) ?? true);
  const own = new Set(ofBike);
  // Those of the motorcycle first: that weighs more than any word.
  const byWord = [...words.scores]
    .sort(([a, x], [b, y]) => Number(own.has(b)) - Number(own.has(a)) || y - x || a - b)
    .slice(0, 2 * REACH)
    .map(([id]) => id);
  const ids = [...new Set([...(cosines?.keys() ?? []), ...byWord, ...ofBike.slice(0, REACH)])];
  const rows = entryRows(db, ids);
  const more =
    cosines === null
      ? new Map<number, number>()
      : await cosinesOf(
          db,
          query,
          embedder!,
          ids.filter((id) => !cosines.has(id)),
        );
  const candidates: SearchCandidate[] = ids.flatMap((entryId) => {
    const row = rows.get(entryId);
    if (row === undefined) return [];
    return {
      entryId,
      cosine: cosines?.get(entryId) ?? more.get(entryId) ?? null,
      words: words.scores.get(entryId) ?? 0,
      found: words.found.get(entryId) ?? [],
      ownName: words.named.get(entryId) ?? 0,
      concepts: conceptsOf(wordsOf(`${row.words} ${row.changes} ${fileName(row.path)}`), data, false).wanted,
      motorcycleId: row.motorcycleId,
      alternatives: row.alternatives,
      ownEcu: row.ownEcu,
      ecuFamily: row.ecuFamily,
    };
  });
  const seen = new Set<string>();
  const results: SearchResult[] = [];
  for (const { entryId, score, similarity, because } of rank(query, candidates)) {
    const row = rows.get(entryId)!;
    // One file analysed under several rules is one answer: its newest analysis ranks alike and stands for it.
    if (score <= 0 || seen.has(row.fileSha256) || results.length >= request.limit) continue;
    seen.add(row.fileSha256);
    results.push({
      analysisId: row.analysisId,
      path: row.path,
      motorcycle: row.motorcycle,
      score,
      similarity,
      because: because.join('; '),
      safety: { value: row.safety, level: row.level, worst: row.worst },
      role: row.role,
      title: row.title,
      notes: row.notes,
      changes: row.changes,
    });
  }
  return {
    mode: cosines === null ? 'lexical' : words.scores.size === 0 ? 'semantic' : 'hybrid',
    model:
      embedder === null
        ? null
        : { id: embedder.model.name, digest: embedder.model.digest, dimensions: embedder.model.dimensions },
    reason: notes.join('; '),
    results,
  };
}

/** Ids of the motorcycles that a text means. @throws RevsyncError BIKE_NOT_FOUND */
export async function idsOfBike(bike: string): Promise<string[]> {
  const { chooseMotorcycle } = await import('./bikes.ts');
  const choice = await chooseMotorcycle(bike);
  return choice.kind === 'one' ? [choice.motorcycle.id] : choice.motorcycles.map((m) => m.id);
}

async function byMeaning(
  db: Database,
  query: SearchQuery,
  embedder: Embedder,
  within: ReadonlySet<number> | null,
): Promise<Map<number, number>> {
  const { modelId } = await import('../store/vectors.ts');
  const { VectorIndex } = await import('../store/vector-index.ts');
  const model = modelId(db, embedder.model);
  if (model === null) return new Map();
  const [vector] = await embedder.embed([query.text]);
  queryVectors.set(query, vector!);
  const near = new VectorIndex(db, model, embedder.model.dimensions).nearest(vector!, REACH, within);
  return new Map(near.map((n) => [n.entryId, n.cosine]));
}

const queryVectors = new WeakMap<SearchQuery, Float32Array>();

/** Candidates found otherwise get their cosine too. */
async function cosinesOf(
  db: Database,
  query: SearchQuery,
  embedder: Embedder,
  ids: number[],
): Promise<Map<number, number>> {
  const { dot, modelId, vectorsOf } = await import('../store/vectors.ts');
  const model = modelId(db, embedder.model);
  const vector = queryVectors.get(query);
  if (model === null || vector === undefined) return new Map();
  return new Map([...vectorsOf(db, model, ids)].map(([id, other]) => [id, dot(vector, other)]));
}

async function byWords(
  db: Database,
  query: SearchQuery,
  data: SearchWords,
  within: ReadonlySet<number> | null,
): Promise<{ scores: Map<number, number>; found: Map<number, string[]>; named: Map<number, number> }> {
  const { entriesFiled, entriesNamed, entriesWithWords, librarySize } = await import('../store/find.ts');
  const scores = new Map<number, number>();
  const found = new Map<number, string[]>();
  const total = librarySize(db);
  const names: number[][] = [];
  for (const { word, alike } of searchTerms(query.rest, data)) {
    const exact = entriesWithWords(db, [word], REACH * 10);
    if (query.motorcycles.length === 0 && alike.length === 0) {
      const named = entriesNamed(db, word, REACH * 10);
      // What many bear ("sport", "twin") is no name.
      if (named.length > 0 && named.length <= Math.max(1, NAME_SHARE * total)) names.push(named);
    }
    // What a person named a file is said of it too.
    const filed = new Set(entriesFiled(db, word, REACH * 10));
    const similar = alike.length === 0 ? new Map<number, number>() : entriesWithWords(db, alike, REACH * 10);
    const ids = new Set([...exact.keys(), ...similar.keys(), ...filed]);
    const weight = termWeight(total, ids.size);
    const most = Math.max(0, ...exact.values(), ...similar.values());
    for (const id of ids) {
      if (within !== null && !within.has(id)) continue;
      const near = Math.max(exact.get(id) ?? 0, similar.get(id) ?? 0) / (most || 1);
      scores.set(id, (scores.get(id) ?? 0) + termScore(weight, exact.has(id) || filed.has(id), near));
      found.set(id, [...(found.get(id) ?? []), word]);
    }
  }
  const named = new Map<number, number>();
  for (const list of names) for (const id of list) named.set(id, (named.get(id) ?? 0) + 1 / names.length);
  return { scores, found, named };
}
