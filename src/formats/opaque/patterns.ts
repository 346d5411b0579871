/** Binary files that hold no calibration: erased chips, ramps, noise. Real firmware is never refused for its code alone. */
import { type Refusal, refusal } from './refusal.ts';

const BLOCK = 4_096;

/**
 * Whole-file entropy from which no image is one, bits a byte. The densest of 67 factory and tuned images of eleven makers has 6.98;
 * gzip, WinOLS and encrypted maps have 7.89 to 8.00.
 */
const NOISE_BITS = 7.8;
/** Under this size entropy is bounded by the number of bytes; there the spread of the counts tells. */
const SMALL = 4_096;
/** Chi-square of 256 even counts: 255 expected, 22.6 the deviation. A Buell EEPROM of 1,206 bytes has 5,429. */
const EVEN = 255 + 12 * Math.sqrt(510);

/** Null: it may be an image. */
export function patternOf(bytes: Uint8Array): Refusal | null {
  const counts = countsOf(bytes, 0, bytes.length);
  const first = bytes[0];
  if (first !== undefined && counts[first] === bytes.length) {
    const value = `0x${first.toString(16).padStart(2, '0').toUpperCase()}`;
    return refusal(
      'ERASED_IMAGE',
      0.95,
      `every byte is ${value}: an erased chip or a failed read`,
      'Read the ECU again.',
    );
  }
  const period = shortPeriod(bytes);
  if (period !== null)
    return refusal(
      'NO_STRUCTURE',
      0.95,
      `the bytes repeat every ${period}: a test pattern, no image`,
      'Read the ECU again.',
    );
  if (isRamp(bytes))
    return refusal('NO_STRUCTURE', 0.9, 'the bytes count up: a test pattern, no image', 'Read the ECU again.');
  if (isNoise(bytes, counts)) {
    return refusal(
      'NO_STRUCTURE',
      0.9,
      'the bytes are evenly spread: encrypted, compressed or random',
      'If it is an encrypted tune, export it unencrypted from its tool, or read the ECU.',
    );
  }
  return null;
}

/** Encrypted or compressed, whole or all of it but blank space. */
export function isNoise(bytes: Uint8Array, counts = countsOf(bytes, 0, bytes.length)): boolean {
  if (bytes.length >= SMALL && entropyOf(counts, bytes.length) >= NOISE_BITS) return true;
  if (bytes.length >= 512 && bytes.length < SMALL && spreadOf(counts, bytes.length) < EVEN) return true;
  // Padded with 0xFF or 0x00: judge the rest block by block. A factory Hayabusa has noise in 45 % of its blocks.
  let even = 0;
  let uneven = 0;
  // An image shows it in its first blocks: the rest need not be looked at once a tenth of all is no noise.
  for (let at = 0; at + BLOCK <= bytes.length && uneven * BLOCK <= bytes.length * 0.1; at += BLOCK) {
    const block = countsOf(bytes, at, at + BLOCK);
    if (block.some((count) => count > BLOCK * 0.9)) continue;
    if (spreadOf(block, BLOCK) < EVEN) even++;
    else uneven++;
  }
  return even + uneven >= 4 && even >= (even + uneven) * 0.9;
}

/** How often each byte stands from `from` to before `to`. */
function countsOf(bytes: Uint8Array, from: number, to: number): Uint32Array {
  const counts = new Uint32Array(256);
  for (let i = from; i < to; i++) counts[bytes[i]!]!++;
  return counts;
}

function entropyOf(counts: Uint32Array, length: number): number {
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / length) * Math.log2(count / length);
  return bits;
}

function spreadOf(counts: Uint32Array, length: number): number {
  const expected = length / 256;
  let chi = 0;
  for (const count of counts) chi += (count - expected) ** 2 / expected;
  return chi;
}

/** Places all over the file where a byte differs from the one before: blank space repeats at any period and tells nothing. */
function edgesOf(bytes: Uint8Array): number[] {
  const edges: number[] = [];
  const stride = Math.max(1, Math.floor(bytes.length / 64));
  for (let from = 1; from < bytes.length; from += stride) {
    let at = from;
    while (at < Math.min(bytes.length, from + stride) && bytes[at] === bytes[at - 1]) at++;
    if (at < Math.min(bytes.length, from + stride)) edges.push(at);
  }
  return edges;
}

/** A period of up to 1,024 bytes over the whole file. */
function shortPeriod(bytes: Uint8Array): number | null {
  const sample = Math.min(bytes.length, 8_192);
  const edges = edgesOf(bytes);
  for (let period = 2; period <= 1_024 && period * 3 < bytes.length; period++) {
    let same = edges.every((i) => i < period || bytes[i] === bytes[i - period]);
    for (let i = period; i < sample && same; i++) same = bytes[i] === bytes[i - period];
    if (!same) continue;
    let all = true;
    for (let i = period; i < bytes.length && all; i++) all = bytes[i] === bytes[i - period];
    if (all) return period;
  }
  return null;
}

/** Words of one, two or four bytes that grow by the same step nearly everywhere. Blank space, whose step is 0, is none. */
function isRamp(bytes: Uint8Array): boolean {
  for (const width of [1, 2, 4] as const) {
    for (const little of [false, true]) {
      if (width === 1 && little) continue;
      if (
        rampShare(bytes, width, little, 1_024) > 0.9 &&
        rampShare(bytes, width, little, Number.MAX_SAFE_INTEGER) > 0.9
      )
        return true;
    }
  }
  return false;
}

function rampShare(bytes: Uint8Array, width: 1 | 2 | 4, little: boolean, most: number): number {
  const words = Math.min(Math.floor(bytes.length / width), most);
  if (words < 64) return 0;
  const wordAt = (word: number): number => {
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + bytes[word * width + (little ? width - 1 - i : i)]!;
    return value;
  };
  const modulus = 2 ** (8 * width);
  const steps = new Map<number, number>();
  let before = wordAt(0);
  for (let word = 1; word < words; word++) {
    const now = wordAt(word);
    const step = (now - before + modulus) % modulus;
    if (steps.size < 64 || steps.has(step)) steps.set(step, (steps.get(step) ?? 0) + 1);
    before = now;
  }
  steps.delete(0);
  return Math.max(0, ...steps.values()) / (words - 1);
}
