/** Which stored tune answers a search best: motorcycle, meaning and words, weighed; each result says why. */
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
  motorcycleId: string | null;
  /** Other motorcycles that the same software is for. */
  alternatives: string[];
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
const SHARES = { motorcycle: 0.5, meaning: 0.3, words: 0.2 };

/** Best first; ties by id, so that the same question has the same answer. */
export function rank(query: SearchQuery, candidates: readonly SearchCandidate[]): Ranked[] {
  const named = new Set(query.motorcycles.map((m) => m.id));
  const mostWords = Math.max(0, ...candidates.map((c) => c.words));
  return candidates
    .map((c): Ranked => {
      const parts: [number, number][] = [];
      const because: string[] = [];
      if (named.size > 0) {
        const fit = fitOf(c, named);
        parts.push([SHARES.motorcycle, fit]);
        if (fit > 0) because.push(bikeReason(c, fit, query.named ?? ''));
      }
      if (c.cosine !== null) {
        parts.push([SHARES.meaning, Math.max(0, c.cosine)]);
        if (c.cosine >= 0.3) because.push(`like in meaning (${c.cosine.toFixed(2)})`);
      }
      if (mostWords > 0) {
        parts.push([SHARES.words, c.words / mostWords]);
        if (c.found.length > 0) because.push(`says ${c.found.slice(0, 5).join(', ')}`);
      }
      const weight = parts.reduce((s, [share]) => s + share, 0);
      const score = weight === 0 ? 0 : parts.reduce((s, [share, value]) => s + share * value, 0) / weight;
      return { entryId: c.entryId, score: Math.round(score * 10_000) / 10_000, similarity: c.cosine, because };
    })
    .sort((a, b) => b.score - a.score || a.entryId - b.entryId);
}

/** A rider who names no other ECU has the one that came with the motorcycle. */
const OTHER_ECU = 0.85;

function fitOf(candidate: SearchCandidate, named: ReadonlySet<string>): number {
  const { motorcycleId, alternatives, ownEcu } = candidate;
  const fit = motorcycleId !== null && named.has(motorcycleId) ? 1 : alternatives.some((id) => named.has(id)) ? 0.9 : 0;
  return ownEcu ? fit : fit * OTHER_ECU;
}

function bikeReason({ ownEcu, ecuFamily }: SearchCandidate, fit: number, named: string): string {
  const other = ownEcu ? '' : ` with ${ecuFamily ?? 'another ECU'}`;
  return fit === 0.9 || fit === 0.9 * OTHER_ECU
    ? `its software is also for the ${named}${other}`
    : `is for the ${named}${other}`;
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
