/** What is this file? Every format is asked; the surest answer wins and the others are kept to be told. */
import type { Format } from '../core/ports.ts';
import { formats } from '../generated/formats.ts';

export interface Detected {
  format: Format;
  confidence: number;
  because: string;
  /** The other formats that claimed it, surest first. */
  others: { id: string; confidence: number; because: string }[];
}

/** Null: nobody knows it. A detector that throws has not recognised the file. */
export function detectFormat(bytes: Uint8Array, name: string): Detected | null {
  const claims: { format: Format; confidence: number; because: string }[] = [];
  for (const format of formats) {
    try {
      const detection = format.detect(bytes, name);
      if (detection !== null) claims.push({ format, ...detection });
    } catch {
      // A detector must answer for every file; one that fails has nothing to say about this one.
    }
  }
  claims.sort((a, b) => b.confidence - a.confidence || a.format.id.localeCompare(b.format.id));
  const best = claims[0];
  if (best === undefined) return null;
  return {
    ...best,
    others: claims.slice(1).map((c) => ({ id: c.format.id, confidence: c.confidence, because: c.because })),
  };
}
