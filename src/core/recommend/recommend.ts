/** Which tunes of a library are right for this rider and motorcycle: hard filters, a score of known parts, and reasons for everything. */

import { plainVerdict } from '../plain-verdict.ts';
import type { Asking, Candidate, Recommended, Rejected } from './candidate.ts';
import { type Claims, claimsOf } from './claims.ts';
import type { PartOfScore, RecommendData } from './data.ts';
import { failedFilters, fittedParts } from './filters.ts';
import { goalShare, goalsOf } from './goals.ts';
import { inWords } from './in-words.ts';

export interface Recommendation {
  recommended: Recommended[];
  rejected: Rejected[];
}

/** The result, and the sentence for when none is recommended. */
export interface Ranked extends Recommendation {
  /** @param others tunes of other motorcycles that were not handed in */
  none(others: number): string;
}

export interface RecommendOptions {
  minScore: number;
  /** At most so many; the others are left out, not rejected. */
  limit: number;
  /** Show what a local model said of a tune when it was analysed. */
  withOpinion: boolean;
}

/** Same input, same order: ties go by safety, then by path and id. */
export function recommend(
  candidates: readonly Candidate[],
  asking: Asking,
  data: RecommendData,
  { minScore, limit, withOpinion }: RecommendOptions,
): Ranked {
  const rejected: Rejected[] = [];
  const passed: { candidate: Candidate; claims: Claims; shares: Recommended['shares']; score: number }[] = [];
  for (const candidate of candidates) {
    const claims = claimsOf(candidate.words, data);
    const failed = failedFilters(candidate, claims, asking, { data, minScore });
    const { analysisId, input } = candidate.report;
    if (failed.length > 0) {
      rejected.push({
        analysisId: analysisId ?? '',
        path: input.path,
        reasons: failed.map((f) => f.reason),
        filters: failed.map((f) => f.filter),
      });
      continue;
    }
    const shares = sharesOf(candidate, claims, asking, data);
    passed.push({ candidate, claims, shares, score: total(shares, data.weights) });
  }
  const safety = (p: (typeof passed)[number]): number => p.candidate.report.scores.safety.value ?? 0;
  passed.sort(
    (a, b) =>
      b.score - a.score ||
      safety(b) - safety(a) ||
      compare(a.candidate.report.input.path, b.candidate.report.input.path) ||
      compare(a.candidate.report.analysisId ?? '', b.candidate.report.analysisId ?? ''),
  );
  const recommended = passed.slice(0, limit).map(({ candidate, claims, shares, score }, i) => ({
    analysisId: candidate.report.analysisId ?? '',
    path: candidate.report.input.path,
    rank: i + 1,
    score,
    ...inWords(candidate, claims, asking, data),
    safety: candidate.report.scores.safety.value ?? 0,
    verdict: verdictOf(candidate),
    opinion: withOpinion ? opinionOf(candidate) : null,
    shares,
  }));
  rejected.sort(
    (a, b) => a.filters.length - b.filters.length || compare(a.path, b.path) || compare(a.analysisId, b.analysisId),
  );
  return { recommended, rejected, none: (others) => noneReason(rejected, others, asking) };
}

function verdictOf({ report, ownRead }: Candidate): string {
  const { word, text } = plainVerdict(report);
  if (ownRead && word === 'NOTHING FOUND')
    return 'FINE: your own factory read; nothing in it is over a limit for any engine.';
  return `${word}: ${text}`;
}

/** Every sentence of it was checked against the report before it was stored; of another machine nobody knows that. */
function opinionOf({ report, elsewhere }: Candidate): Recommended['opinion'] {
  const said = report.secondOpinion;
  if (said === null || elsewhere) return null;
  const { model, summary, expectedEffect, advice } = said;
  return { model, summary, expectedEffect, advice };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sharesOf(candidate: Candidate, claims: Claims, asking: Asking, data: RecommendData): Recommended['shares'] {
  const { scores, coverage, stock } = candidate.report;
  const lasting = scores.compatibility.deductions.filter((d) => d.findingId !== 'fuel' && d.findingId !== 'octane');
  const fits = Math.max(0, 100 - lasting.reduce((sum, d) => sum + d.points, 0)) / 100;
  const goals = goalsOf(asking, data).map((g) => goalShare(g, candidate, claims, asking, data));
  return {
    safety: (scores.safety.value ?? 0) / 100,
    fit: fits * (0.6 + 0.4 * coverage.ratio) * (stock.reference === 'none' && !stock.wholeFileIsFactory ? 0.9 : 1),
    parts: partsShare(claims.parts, fittedParts(asking, data), data),
    goals: goals.reduce((a, b) => a + b, 0) / goals.length,
    similarity: candidate.similarity,
    rating: candidate.rating === null ? null : (candidate.rating.stars - 1) / 4,
  };
}

/** 1 where the tune names exactly the parts that are fitted. */
function partsShare(named: readonly string[], fitted: readonly string[], { partShares }: RecommendData): number {
  const all = [...new Set([...named, ...fitted])];
  if (all.length === 0) return 1;
  const points = all.map((p) =>
    named.includes(p) && fitted.includes(p)
      ? 1
      : fitted.includes(p)
        ? partShares.fittedNotNamed
        : partShares.namedNotFitted,
  );
  return points.reduce((a, b) => a + b, 0) / all.length;
}

/** 0..100 of the known parts, to a tenth. */
function total(shares: Recommended['shares'], weights: RecommendData['weights']): number {
  let sum = 0;
  let weight = 0;
  for (const [part, share] of Object.entries(shares) as [PartOfScore, number | null][]) {
    if (share === null) continue;
    sum += weights[part] * share;
    weight += weights[part];
  }
  return weight === 0 ? 0 : Math.round((sum / weight) * 1000) / 10;
}

function noneReason(rejected: readonly Rejected[], others: number, asking: Asking): string {
  if (rejected.length + others === 0)
    return 'Your library holds no analysed tune yet: revsync analyze stores each one. The target sheet says what to ask a tuner for.';
  const mine = rejected.filter((r) => !r.filters.includes('motorcycle'));
  const sheet = 'The target sheet says what to ask a tuner for.';
  if (mine.length === 0)
    return `None of the ${rejected.length + others} tunes in your library is for the ${asking.motorcycleName}. ${sheet}`;
  const { ron, motorcycle } = asking;
  if (
    ron !== null &&
    motorcycle.fuelRonMin !== null &&
    ron < motorcycle.fuelRonMin &&
    mine.every((r) => r.filters.includes('octane'))
  )
    return `None of these is safe for you: RON ${ron} is under the RON ${motorcycle.fuelRonMin} that the maker asks for, whatever the tune. Better fuel comes first. ${sheet}`;
  const because = [...new Set(mine.flatMap((r) => r.filters))].map((f) => WORDS[f]).filter((w) => w !== undefined);
  return `None of these is safe for you: ${mine.length} ${mine.length === 1 ? 'is' : 'are'} for this motorcycle, and each fails by ${because.join(', ')}. ${sheet}`;
}

const WORDS: Record<string, string> = {
  safety: 'safety',
  noNumber: 'what could not be judged',
  octane: 'octane',
  ethanol: 'ethanol',
  parts: 'parts',
  ecu: 'another ECU',
  stock: 'what was judged without your own factory read',
  compatibility: 'what does not fit',
  displacement: 'displacement',
};
