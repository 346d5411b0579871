/** rules/recommend.yaml: everything that the ranking weighs. */
import type { Climate, Goal, Style } from '../rider.ts';

/** What is measured in a tune for a goal; null: not known. */
export type Feature =
  | 'torqueChangePercent'
  | 'efficiencyChangePercent'
  | 'sparkOverStockDegrees'
  | 'limiterOverStockPercent'
  | 'fullLoadLambdaBest'
  | 'fullLoadLambdaMax'
  | 'cruiseLambdaMax'
  | 'throttleSteepness'
  | 'roughFindings'
  | 'safety';

export interface PartData {
  id: string;
  kind: 'breathing' | 'engine';
  words: string[];
}

export interface GoalData {
  words: { weight: number; any: string[] };
  features: { feature: Feature; weight: number; from: number; to: number }[];
}

export type PartOfScore = 'safety' | 'fit' | 'parts' | 'goals' | 'similarity' | 'rating';

export interface RecommendData {
  version: string;
  weights: Record<PartOfScore, number>;
  octane: { rejectUnder: number; warnUnder: number; chargeKelvin: Record<Climate, number> };
  ethanol: { rejectOverPercent: number; pumpPercent: number };
  compatibility: { rejectUnder: number };
  parts: PartData[];
  partShares: { fittedNotNamed: number; namedNotFitted: number };
  /** Stars from which on a tune was liked, and down to which disliked; weights of calibration and words; likeness that is named. */
  similarity: { likedStars: number; dislikedStars: number; calibration: number; words: number; named: number };
  unknown: number;
  goals: Record<Goal, GoalData>;
  styles: Record<Style, Goal[]>;
}
