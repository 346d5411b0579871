/** A tune of the library as the ranking sees it, and what comes out. */
import type { Motorcycle } from '../model.ts';
import type { Report } from '../report.ts';
import type { Rider } from '../rider.ts';
import type { PartOfScore } from './data.ts';

export interface Candidate {
  report: Report;
  /** Worst value by metric, over all maps of the tune. */
  metrics: ReadonlyMap<string, number>;
  /** File name and notes. */
  words: string[];
  /** 0..1, of calibration to tunes that the rider rated and of words to what they ask for; null: not known. */
  similarity: number | null;
  /** A tune rated well that its calibration is like; null: none, or not known. */
  like: { path: string; stars: number } | null;
  rating: { stars: number; note: string } | null;
  /** Judged by the rules in force now. */
  current: boolean;
  /** Judged on another machine: whoever sent it is believed. */
  elsewhere: boolean;
  /** It is the rider's own factory read. */
  ownRead: boolean;
  /** The motorcycle that it was judged for. */
  motorcycle: Motorcycle | null;
}

/** Who asks, for which motorcycle. */
export interface Asking extends Rider {
  motorcycle: Motorcycle;
  motorcycleName: string;
  /** ECU of the bike's own factory read; null: there is none, or the file does not say. */
  stockEcuId: string | null;
  stockSha256: string | null;
}

export interface Recommended {
  analysisId: string;
  path: string;
  rank: number;
  /** 0..100 */
  score: number;
  why: string[];
  gives: string[];
  costs: string[];
  checkFirst: string[];
  safety: number;
  /** What to make of it, in a sentence. */
  verdict: string;
  /** What a local model said of this tune when it was analysed, as far as it held against the report. It moves no rank. */
  opinion: { model: string; summary: string; expectedEffect: string | null; advice: string | null } | null;
  /** 0..1 each; null: not known, and its weight went to the others. */
  shares: Record<PartOfScore, number | null>;
}

export interface Rejected {
  analysisId: string;
  path: string;
  reasons: string[];
  /** Ids of the filters, in the order of the reasons. */
  filters: FilterId[];
}

export type FilterId =
  | 'noNumber'
  | 'motorcycle'
  | 'displacement'
  | 'induction'
  | 'engine'
  | 'ecu'
  | 'compatibility'
  | 'octane'
  | 'ethanol'
  | 'parts'
  | 'stock'
  | 'safety';
