/** Which stored tune answers a search best: motorcycle, meaning and words, weighed; each result says why. */
import { conceptShare } from './concepts.ts';
import type { SearchQuery } from './query.ts';

/** What is known of one candidate for a query. */
export interface SearchCandidate {
  entryId: number;
  /** Cosine of the text's vector to the query's, or null without one. */
  cosine: number | null;
  /** Larger is better, 0 for no word; bm25 turned round. */
  words: number;
  /** Words of the query that were found. */
  found: string[];
  /** What its words and changes are about. */
  concepts: ReadonlySet<string>;
  motorcycleId: string | null;
  /** Other motorcycles that the same software is for. */
  alternatives: string[];
  /** Share of the query's words that name a vehicle which no catalogue has, and that its own name holds. */
  ownName: number;
  /** For the ECU that the motorcycle came with. */
  ownEcu: boolean;
  ecuFamily: string | null;
}

export interface Ranked {
  entryId: number;
  /** 0..1, comparable inside one search alone. */
  score: number;
  /** Cosine, or null. */
  similarity: number | null;
  because: string[];
}

/** Shares of the parts; what cannot be known is left out and the others count more. */
const SHARES = { motorcycle: 0.5, asked: 0.25, meaning: 0.17, words: 0.08 };

/** A tune for an ECU put in the place of the motorcycle's own is about that too. */
const ANOTHER_ECU = 'another ECU';

/** Best first; ties by id, so that the same question has the same answer. */
export function rank(query: SearchQuery, candidates: readonly SearchCandidate[]): Ranked[] {
  const named = new Set(query.motorcycles.map((m) => m.id));
  const mostWords = Math.max(0, ...candidates.map((c) => c.words));
  const mostCosine = Math.max(LEAST_COSINE, ...candidates.map((c) => c.cosine ?? 0));
  const byOwnName = candidates.some((c) => c.ownName > 0);
  const { asked } = query;
  const about = new Map(candidates.map((c) => [c, conceptsOfCandidate(c)]));
  const holding = new Map<string, number>();
  for (const set of about.values()) for (const id of set) holding.set(id, (holding.get(id) ?? 0) + 1);
  const weightOf = (id: string): number => termWeight(candidates.length, holding.get(id) ?? 0);
  return candidates
    .map((c): Ranked => {
      const parts: [number, number][] = [];
      const because: string[] = [];
      if (named.size > 0) {
        const fit = fitOf(c, named, asked.wanted.has(ANOTHER_ECU));
        parts.push([SHARES.motorcycle, fit]);
        if (fit > 0) because.push(bikeReason(c, named, query.named ?? ''));
      } else if (byOwnName) {
        parts.push([SHARES.motorcycle, c.ownName]);
        if (c.ownName > 0) because.push('bears that name');
      }
      if (asked.wanted.size + asked.unwanted.size > 0) {
        const own = about.get(c)!;
        parts.push([SHARES.asked, conceptShare(asked, own, weightOf)]);
        const met = [...asked.wanted].filter((id) => own.has(id));
        if (met.length > 0) because.push(`is about ${met.join(', ')}`);
      }
      if (c.cosine !== null) {
        parts.push([SHARES.meaning, Math.max(0, c.cosine) / mostCosine]);
        if (c.cosine >= 0.3) because.push(`like in meaning (${c.cosine.toFixed(2)})`);
      }
      if (mostWords > 0) {
        parts.push([SHARES.words, c.words / mostWords]);
        if (c.found.length > 0) because.push(`says ${c.found.slice(0, 5).join(', ')}`);
      }
      const weight = parts.reduce((s, [share]) => s + share, 0);
      const score = weight === 0 ? 0 : Math.max(0, parts.reduce((s, [share, value]) => s + share * value, 0) / weight);
      return { entryId: c.entryId, score: Math.round(score * 10_000) / 10_000, similarity: c.cosine, because };
    })
    .sort((a, b) => b.score - a.score || a.entryId - b.entryId);
}

/** Where nothing is like the question, the nearest is not made to look so. */
const LEAST_COSINE = 0.25;

const conceptsOfCandidate = (c: SearchCandidate): ReadonlySet<string> =>
  c.ownEcu ? c.concepts : new Set([...c.concepts, ANOTHER_ECU]);

/** A rider who names no other ECU has the one that came with the motorcycle; who asks for another one does not want that. */
const OTHER_ECU = 0.85;
const SHARED_SOFTWARE = 0.9;

const isOwn = (c: SearchCandidate, named: ReadonlySet<string>): boolean =>
  c.motorcycleId !== null && named.has(c.motorcycleId);

function fitOf(candidate: SearchCandidate, named: ReadonlySet<string>, anotherEcu: boolean): number {
  const shared = candidate.alternatives.some((id) => named.has(id)) ? SHARED_SOFTWARE : 0;
  const fit = isOwn(candidate, named) ? 1 : shared;
  return candidate.ownEcu === anotherEcu ? fit * OTHER_ECU : fit;
}

function bikeReason(candidate: SearchCandidate, named: ReadonlySet<string>, name: string): string {
  const other = candidate.ownEcu ? '' : ` with ${candidate.ecuFamily ?? 'another ECU'}`;
  return isOwn(candidate, named) ? `is for the ${name}${other}` : `its software is also for the ${name}${other}`;
}

/** How much a word says: the fewer entries hold it, the more. */
export const termWeight = (entries: number, holding: number): number =>
  Math.log(1 + (entries - holding + 0.5) / (holding + 0.5));

/** What another word for the same thing counts of the word itself. */
const ALIKE = 0.85;
/** How much bm25 decides between entries that hold the same word. */
const NEARNESS = 0.25;

/**
 * One word of the query in one entry.
 * @param near bm25 as a share of the best entry's
 */
export const termScore = (weight: number, exact: boolean, near: number): number =>
  weight * (exact ? 1 : ALIKE) * (1 - NEARNESS + NEARNESS * near);
