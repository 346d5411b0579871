/** How like a tune is to what the rider rated and to what they ask for. It moves the order a little and decides nothing alone. */
import type { RecommendData } from './data.ts';

/** What a tune was held against. */
export interface Resemblance {
  /** Likeness of its calibration to tunes that the rider rated, 0..1 each; its own rating is no part of it. */
  rated: readonly RatedTune[];
  /** How far its words are what the rider asks for, 0..1; null: one of the two says nothing. */
  words: number | null;
}

export interface RatedTune {
  path: string;
  stars: number;
  likeness: number;
}

/** 0..1: 0.5 is like nothing that was rated; null where nothing is known. */
export function similarityOf({ rated, words }: Resemblance, data: RecommendData['similarity']): number | null {
  const most = (list: readonly RatedTune[]): number => Math.max(0, ...list.map((r) => r.likeness));
  const liked = rated.filter((r) => r.stars >= data.likedStars);
  const disliked = rated.filter((r) => r.stars <= data.dislikedStars);
  const calibration = liked.length + disliked.length === 0 ? null : 0.5 + (most(liked) - most(disliked)) / 2;
  let sum = 0;
  let weight = 0;
  for (const [share, own] of [
    [calibration, data.calibration],
    [words, data.words],
  ] as const) {
    if (share === null) continue;
    sum += own * share;
    weight += own;
  }
  return weight === 0 ? null : sum / weight;
}

/** The tune rated well that it is most like, where it is like enough to be named. */
export function likeRated({ rated }: Resemblance, data: RecommendData['similarity']): RatedTune | null {
  const named = rated.filter((r) => r.stars >= data.likedStars && r.likeness >= data.named);
  return named.sort((a, b) => b.likeness - a.likeness || (a.path < b.path ? -1 : 1))[0] ?? null;
}
