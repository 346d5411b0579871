/** What a file is, why it cannot be judged and what to do. */
export interface Refusal {
  /** Stable, upper-case. */
  code: string;
  message: string;
  hint: string;
  /** 0..1; above 0.1 it beats a raw image, under 0.99 a file that describes itself. */
  confidence: number;
}

/** One line for each refusal, in the order in which a person reads it. */
export const refusal = (code: string, confidence: number, message: string, hint: string): Refusal => ({
  code,
  message,
  hint,
  confidence,
});
