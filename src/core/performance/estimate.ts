/** A predicted number with its error band, or the reason why there is none. */
export type Estimate =
  | { kind: 'known'; value: number; low: number; high: number }
  | { kind: 'refused'; reason: string };

/** A value with a band on both sides, in its own unit. */
export const within = (value: number, band: number): Estimate => ({
  kind: 'known',
  value,
  low: value - band,
  high: value + band,
});

export const refused = (reason: string): Estimate => ({ kind: 'refused', reason });
