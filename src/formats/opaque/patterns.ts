/** Binary files that hold no calibration: erased chips, ramps, noise. Real firmware is never refused by its entropy alone. */

interface Refusal {
  code: string;
  message: string;
  hint: string;
  confidence: number;
}

/** Null: it may be an image. */
export function patternOf(bytes: Uint8Array): Refusal | null {
  const counts = new Float64Array(256);
  for (const b of bytes) counts[b]!++;
  const distinct = counts.filter((c) => c > 0).length;
  if (distinct === 1) {
    const value = `0x${bytes[0]!.toString(16).padStart(2, '0').toUpperCase()}`;
    return {
      code: 'ERASED_IMAGE',
      message: `every byte is ${value}: an erased chip or a failed read`,
      hint: 'Read the ECU again.',
      confidence: 0.95,
    };
  }
  const period = shortPeriod(bytes);
  if (period !== null) {
    return {
      code: 'NO_STRUCTURE',
      message: `the bytes repeat every ${period}: a test pattern, no image`,
      hint: 'Read the ECU again.',
      confidence: 0.95,
    };
  }
  if (isNoise(counts, bytes.length)) {
    return {
      code: 'NO_STRUCTURE',
      message: 'the bytes are evenly distributed: encrypted, compressed or random',
      hint: 'If it is an encrypted tune, export it unencrypted from its tool, or read the ECU.',
      confidence: 0.9,
    };
  }
  return null;
}

/** Ramps and counters: a period of up to 1,024 bytes over the whole file. */
function shortPeriod(bytes: Uint8Array): number | null {
  const sample = Math.min(bytes.length, 8_192);
  for (let period = 2; period <= 1_024 && period * 3 < bytes.length; period++) {
    let same = true;
    for (let i = period; i < sample && same; i++) same = bytes[i] === bytes[i - period];
    if (!same) continue;
    let all = true;
    for (let i = period; i < bytes.length && all; i++) all = bytes[i] === bytes[i - period];
    if (all) return period;
  }
  return null;
}

/** Chi-square of the byte counts near its expectation: no firmware of this size comes near (code and blank areas are uneven). */
function isNoise(counts: Float64Array, length: number): boolean {
  if (length < 2_048) return false;
  const expected = length / 256;
  let chi = 0;
  for (const count of counts) chi += (count - expected) ** 2 / expected;
  return chi < 255 + 12 * Math.sqrt(510);
}
