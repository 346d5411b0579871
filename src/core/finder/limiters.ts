/**
 * Where may the rev limiter stand? A limiter of two speeds, where fuel is cut and where it comes back, is two neighbouring words of the unit
 * of the maps' engine speeds, near the end of their axis, unlike what stands around them. Guesses for a person to look at, never scored.
 */
import type { ByteOrder } from '../model.ts';

export interface LimiterGuess {
  offsetBytes: number;
  /** The two words as they stand, in the unit of the axis of engine speeds. */
  values: [number, number];
  because: string;
}

/** An axis of engine speeds, and where the maps that have it lie. */
export interface SpeedAxis {
  breakpoints: readonly number[];
  byteOrder: ByteOrder;
  /** First byte of the first map, and behind the last. */
  from: number;
  to: number;
}

/** Constants stand before, between and behind the maps: that far from them. */
const REACH_BYTES = 64 * 1024;
/** Shares of the last breakpoint between which a limiter lies. */
const LOWEST = 0.7;
const HIGHEST = 1.15;
/** Largest distance of the two speeds, as a share of the higher. */
const MAX_APART = 0.07;
/** A neighbour that is as near as this is of the same list: breakpoints, or a curve. */
const MIN_JUMP = 0.2;
/** Speeds that people set are round: in this step where the axis allows it, rpm. */
const ROUND_STEP = 50;
const MAX_GUESSES = 5;

/**
 * @param isCell bytes of found maps
 * @returns the likeliest first; empty where the axis is not in round numbers, so that nothing tells a speed from any other word
 */
export function guessLimiters(bytes: Uint8Array, axis: SpeedAxis, isCell: (byte: number) => boolean): LimiterGuess[] {
  const step = commonStep(axis.breakpoints);
  if (step < 10) return [];
  const round = step % ROUND_STEP === 0 ? ROUND_STEP : step;
  const last = Math.max(...axis.breakpoints);
  const read = (at: number): number =>
    axis.byteOrder === 'big' ? (bytes[at]! << 8) | bytes[at + 1]! : (bytes[at + 1]! << 8) | bytes[at]!;
  const isNear = (value: number, to: number): boolean => Math.abs(value - to) < MIN_JUMP * to;
  const found: { at: number; low: number; high: number }[] = [];
  const from = Math.max(2, axis.from - REACH_BYTES);
  for (let at = from + (from % 2); at + 6 <= Math.min(bytes.length, axis.to + REACH_BYTES); at += 2) {
    const [a, b] = [read(at), read(at + 2)];
    const [low, high] = a < b ? [a, b] : [b, a];
    if (high > HIGHEST * last || low < LOWEST * last || low === high || high - low > MAX_APART * high) continue;
    if (low % round !== 0 || high % round !== 0) continue;
    if (isNear(read(at - 2), low) || isNear(read(at + 4), high) || isCell(at) || isCell(at + 3)) continue;
    found.push({ at, low, high });
  }
  const times = new Map<number, number>();
  for (const { high } of found) times.set(high, (times.get(high) ?? 0) + 1);
  const isAmong = (at: number): boolean => at >= axis.from && at < axis.to;
  return found
    .sort(
      (a, b) =>
        distanceClass(a.high, last) - distanceClass(b.high, last) ||
        times.get(b.high)! - times.get(a.high)! ||
        Number(isAmong(b.at)) - Number(isAmong(a.at)) ||
        a.at - b.at,
    )
    .slice(0, MAX_GUESSES)
    .map(({ at, high }) => ({
      offsetBytes: at,
      values: [read(at), read(at + 2)],
      because: `two speeds in round numbers, at ${Math.round((100 * high) / last)} % of the last breakpoint of the maps, unlike what stands around them${times.get(high)! > 1 ? `; ${high} stands in ${times.get(high)} such places` : ''}`,
    }));
}

/** An axis goes to the limiter and a little further: in steps of five hundredths, how far a speed is from its end. */
const distanceClass = (speed: number, last: number): number => Math.round((20 * Math.abs(speed - last)) / last);

/** The largest number that divides all breakpoints. */
function commonStep(values: readonly number[]): number {
  let step = 0;
  for (const value of values) {
    let [a, b] = [step, Math.abs(value)];
    while (b !== 0) [a, b] = [b, a % b];
    step = a;
  }
  return step;
}
