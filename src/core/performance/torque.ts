/**
 * Torque and fuel use against lambda, spark and compression, for the same air and weather.
 * Lambda: a curve fitted to figures in Stone, Introduction to Internal Combustion Engines, ch. 4, read as equivalence ratio 1/λ
 * (its best is then at 0.856, as other sources have it). Spark: cos^2.875 (Cho & Hedrick 1989).
 */
import { type Estimate, refused, within } from './estimate.ts';

/** Where the lambda curve was fitted. */
export const LAMBDA_VALID = { low: 0.7, high: 1.15 } as const;
/** Beyond it the curve knows no misfire, and its fuel use falls without end. */
export const FUEL_USE_VALID_TO = 1.1;
/** Lambda of best torque. */
export const BEST_TORQUE_LAMBDA = (2 * 1.1536) / 2.6954;

const fitted = (phi: number): number => -1.1536 * phi ** 2 + 2.6954 * phi - 0.5695;
const PEAK = fitted(1 / BEST_TORQUE_LAMBDA);

/** Torque at a lambda as a share of the best, 0..1. Held at the ends of the fitted range. */
export function torqueShareOfLambda(lambda: number): number {
  return fitted(1 / Math.min(LAMBDA_VALID.high, Math.max(LAMBDA_VALID.low, lambda))) / PEAK;
}

/** Error of the lambda curve in percent of torque: 1 near best power, 2.5 at stoichiometric, 5 beyond and when very rich. */
export function lambdaBandPercent(lambda: number): number {
  if (lambda >= 0.8 && lambda <= 0.95) return 1;
  if (lambda > 0.95 && lambda <= 1) return 1 + (1.5 * (lambda - 0.95)) / 0.05;
  if (lambda > 1 && lambda <= 1.05) return 2.5;
  return 5;
}

/** Change of torque in percent from one lambda to another. */
export function torqueChangeOfLambda(from: number, to: number): Estimate {
  for (const lambda of [from, to]) {
    if (!(lambda >= LAMBDA_VALID.low && lambda <= LAMBDA_VALID.high))
      return refused(
        `lambda ${round(lambda)} is outside ${LAMBDA_VALID.low} to ${LAMBDA_VALID.high}, where torque is known`,
      );
  }
  const change = (torqueShareOfLambda(to) / torqueShareOfLambda(from) - 1) * 100;
  return within(change, Math.hypot(lambdaBandPercent(from), lambdaBandPercent(to)));
}

/** Fuel per unit of work as a multiple of the least possible, at fixed air: 1/(λ·torque share). */
export const fuelUseOfLambda = (lambda: number): number => 1 / (lambda * torqueShareOfLambda(lambda));

/** Change of fuel per unit of work in percent from one lambda to another; negative is less fuel. */
export function fuelUseChangeOfLambda(from: number, to: number): Estimate {
  for (const lambda of [from, to]) {
    if (!(lambda >= LAMBDA_VALID.low && lambda <= FUEL_USE_VALID_TO))
      return refused(
        `lambda ${round(lambda)} is outside ${LAMBDA_VALID.low} to ${FUEL_USE_VALID_TO}, where fuel use is known`,
      );
  }
  const change = (fuelUseOfLambda(to) / fuelUseOfLambda(from) - 1) * 100;
  return within(change, Math.hypot(lambdaBandPercent(from), lambdaBandPercent(to)));
}

/** Torque as a share of the best, by degrees away from best timing on either side. */
export function torqueShareOfSpark(degreesFromBest: number): number {
  return Math.cos((Math.min(60, Math.abs(degreesFromBest)) * Math.PI) / 180) ** 2.875;
}

/** Degrees from best timing at which a share of torque is left. */
export const degreesForTorqueShare = (share: number): number => (Math.acos(share ** (1 / 2.875)) * 180) / Math.PI;

/**
 * Change of torque in percent from one distance to best timing to another; ±1.5 % at 10°, ±4 % at 20°.
 * @param from degrees from best timing before, null: not known
 */
export function torqueChangeOfSpark(from: number | null, to: number | null): Estimate {
  if (from === null || to === null)
    return refused('how far the spark is from best timing is not in the file: only the direction is known');
  const far = Math.max(Math.abs(from), Math.abs(to));
  if (far > 30) return refused(`${round(far)}° from best timing is beyond what the curve was fitted to (30°)`);
  const change = (torqueShareOfSpark(to) / torqueShareOfSpark(from) - 1) * 100;
  return within(change, far <= 10 ? 1.5 : 1.5 + ((far - 10) * 2.5) / 10);
}

/** Ideal gain of efficiency from one compression ratio to another (Otto, n = 1.3), in percent; only where best timing stays reachable. */
export const efficiencyChangeOfCompression = (from: number, to: number): number =>
  ((1 - to ** -0.3) / (1 - from ** -0.3) - 1) * 100;

/** Product of changes in percent. The error is their quadrature, and at least 2 % or half of the change. */
export function combined(changes: Estimate[]): Estimate {
  const unknown = changes.find((c) => c.kind === 'refused');
  if (unknown !== undefined) return unknown;
  const known = changes.filter((c) => c.kind === 'known');
  const change = (known.reduce((product, c) => product * (1 + c.value / 100), 1) - 1) * 100;
  const band = Math.hypot(...known.map((c) => (c.high - c.low) / 2));
  return within(change, Math.max(2, Math.abs(change) / 2, band));
}

/** Lambda after fuel was changed by a share at unchanged air: +0.1 is ten percent more fuel. */
export const lambdaAfterFuel = (lambda: number, fuelShare: number): number => lambda / (1 + fuelShare);

const round = (value: number): number => Math.round(value * 1000) / 1000;
