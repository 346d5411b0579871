/** How far a tune serves what a rider wants: words of its name and what was measured in it, weighed by rules/recommend.yaml. */

import type { Goal } from '../rider.ts';
import type { Asking, Candidate } from './candidate.ts';
import { type Claims, names } from './claims.ts';
import type { Feature, RecommendData } from './data.ts';

/** Lambda of best torque at full load for a kind of engine. */
const bestLambda = ({ motorcycle }: Asking): number =>
  motorcycle.strokes === 2 ? 0.85 : motorcycle.aspiration === 'na' ? 0.87 : 0.8;

const ROUGH = /cliff|ragged|island|leans-with-load|steep|falls-with-grip|uneven|split/;

/** What is measured; null: not known. */
export function featureOf(feature: Feature, { report, metrics }: Candidate, asking: Asking): number | null {
  const metric = (id: string): number | null => metrics.get(id) ?? null;
  switch (feature) {
    case 'torqueChangePercent':
      return report.performance.torque?.changePercent ?? null;
    case 'efficiencyChangePercent':
      return report.performance.efficiency?.changePercent ?? null;
    case 'sparkOverStockDegrees':
      return metric('spark.fullLoad.overStock.max');
    case 'limiterOverStockPercent':
      return metric('limiter.overStock.percent');
    case 'fullLoadLambdaMax':
      return metric('mixture.fullLoad.lambda.max');
    case 'fullLoadLambdaBest': {
      const lambda = metric('mixture.fullLoad.lambda.max');
      return lambda === null ? null : Math.abs(lambda - bestLambda(asking));
    }
    case 'cruiseLambdaMax':
      return metric('mixture.cruise.lambda.max');
    case 'throttleSteepness':
      return metric('throttle.steepness.max');
    case 'roughFindings':
      return report.findings.filter((f) => f.status === 'fail' && f.severity !== 'info' && ROUGH.test(f.ruleId)).length;
    case 'safety':
      return report.scores.safety.value;
  }
}

/** What the rider wants: named goals, else those of the way they ride, else that it lasts. */
export function goalsOf(asking: Asking, data: RecommendData): Goal[] {
  if (asking.goals.length > 0) return asking.goals;
  const ofStyles = [...new Set(asking.styles.flatMap((s) => data.styles[s]))];
  return ofStyles.length > 0 ? ofStyles : ['reliability'];
}

/** 0..1 for one goal. */
export function goalShare(
  goal: Goal,
  candidate: Candidate,
  claims: Claims,
  asking: Asking,
  data: RecommendData,
): number {
  const { words, features } = data.goals[goal];
  let sum = names1(claims, words.any) ? words.weight : 0;
  let weight = words.weight;
  for (const f of features) {
    const value = featureOf(f.feature, candidate, asking);
    const share = value === null ? data.unknown : Math.min(1, Math.max(0, (value - f.from) / (f.to - f.from)));
    sum += f.weight * share;
    weight += f.weight;
  }
  return weight === 0 ? 0 : sum / weight;
}

const names1 = (claims: Claims, any: readonly string[]): boolean => any.some((w) => names(claims.text, w));
