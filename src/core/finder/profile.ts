/** The course of an axis without its unit. */

const PLACES = 16;

/** Sixteen places of an axis as shares of its range. Null where it is too short, or its ends are equal. */
export function axisProfile(values: readonly number[] | null): number[] | null {
  if (values === null || values.length < 6) return null;
  // A last breakpoint that turns back is a filler of the ECU, not a place of the map.
  const turns = (values.at(-1)! - values.at(-2)!) * (values.at(-2)! - values[0]!) < 0;
  const used = turns ? values.slice(0, -1) : values;
  const [first, last] = [used[0]!, used.at(-1)!];
  if (last === first) return null;
  return Array.from({ length: PLACES }, (_, k) => {
    const place = (k / (PLACES - 1)) * (used.length - 1);
    const i = Math.min(Math.floor(place), used.length - 2);
    const value = used[i]! + (used[i + 1]! - used[i]!) * (place - i);
    return Math.round(((value - first) / (last - first)) * 1000) / 1000;
  });
}

/** Largest difference of two profiles; Infinity where one is not known. */
export function profileDistance(a: readonly number[] | null, b: readonly number[] | null): number {
  if (a === null || b === null) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
