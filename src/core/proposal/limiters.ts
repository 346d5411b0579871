/** Words that may be the rev limiter of an image that nobody has defined. Guesses with a reason, for a person to confirm. */
import type { ByteOrder } from '../model.ts';

export interface FoundLimiter {
  offsetBytes: number;
  /** Raw words, as they stand: the lower one first. */
  cut: number;
  resume: number;
  confidence: 'medium' | 'low';
  because: string;
}

/** Words of a limiter differ by the distance at which fuel comes back: 0 to 200 rpm in the factory images seen. */
const MAX_STEP_RPM = 500;
/** Calibrators write round numbers. */
const ROUND_RPM = 50;
/** Limiters of bundled factory images lie at 0.78 to 0.98 of the last breakpoint of engine speed. */
const LOWEST = 0.7;
const HIGHEST = 1.03;
const LIKELY = 0.85;
/** What stands beside is another thing; inside of an axis or a curve the neighbours are near. */
const NEAR = [0.62, 1.5] as const;
const MOST = 12;

/**
 * Pairs of round engine speeds near the top of the axis, that stand apart from what is around them.
 * @param tops last breakpoints of engine speed in rpm, that of most maps first; words are taken as rpm
 * @param isCovered bytes of found maps and axes: they hold no limiter
 */
export function findLimiters(
  bytes: Uint8Array,
  byteOrder: ByteOrder,
  tops: readonly number[],
  isCovered: (offset: number) => boolean,
): FoundLimiter[] {
  const word = (at: number): number =>
    byteOrder === 'big' ? (bytes[at]! << 8) | bytes[at + 1]! : (bytes[at + 1]! << 8) | bytes[at]!;
  const isNear = (value: number, speed: number): boolean => value >= NEAR[0] * speed && value <= NEAR[1] * speed;
  const found: FoundLimiter[] = [];
  for (let at = 2; at + 6 <= bytes.length; at += 2) {
    const first = word(at);
    if (first === 0 || first % ROUND_RPM !== 0) continue;
    const top =
      tops.find((t) => first >= LIKELY * t && first <= HIGHEST * t) ??
      tops.find((t) => first >= LOWEST * t && first <= HIGHEST * t);
    if (top === undefined) continue;
    const second = word(at + 2);
    if (second < first || second > first + MAX_STEP_RPM || second % ROUND_RPM !== 0) continue;
    const [before, after] = [word(at - 2), word(at + 4)];
    // Some keep a third word of the same speed.
    if (isNear(before, first) || (isNear(after, first) && after !== second) || isCovered(at)) continue;
    const share = second / top;
    found.push({
      offsetBytes: at,
      cut: second,
      resume: first,
      // Two different words are a cut and a resume; two equal ones may be anything that happens at that speed.
      confidence: first !== second && share >= LIKELY && top === tops[0] ? 'medium' : 'low',
      because: `two round speeds, ${first} and ${second}, that stand apart, at ${Math.round(100 * share)} % of the last engine speed of the maps`,
    });
  }
  const isSure = found.some((l) => l.confidence === 'medium');
  const kept = isSure ? found.filter((l) => l.resume >= LIKELY * tops[0]! && l.resume <= HIGHEST * tops[0]!) : found;
  const rank = ({ confidence, cut, resume }: FoundLimiter): number =>
    confidence === 'medium' ? 0 : cut === resume ? 2 : 1;
  // The highest one stops the engine; lower ones may be for neutral, a cold engine, a warning.
  return kept.sort((a, b) => rank(a) - rank(b) || b.cut - a.cut || a.offsetBytes - b.offsetBytes).slice(0, MOST);
}
