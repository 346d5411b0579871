/**
 * Checksums that a definition describes, verified and never corrected: good, bad or unknown, with the reason.
 * Sums are added element by element and cut to the width of the result; CRC parameters and check values are those of the
 * catalogue of parametrised CRC algorithms (reveng).
 */
import { readBytes } from './bytes.ts';
import type { ChecksumDefinition, ChecksumResult, ChecksumState } from './checksum-model.ts';
import type { ByteOrder, Image } from './model.ts';
import type { Report } from './report.ts';

/** Name and width of the parametrised algorithms. */
const CRCS = {
  'crc16-ccitt-false': { bits: 16, polynomial: 0x1021, start: 0xffff, reflected: false, end: 0 },
  'crc16-xmodem': { bits: 16, polynomial: 0x1021, start: 0, reflected: false, end: 0 },
  'crc16-kermit': { bits: 16, polynomial: 0x1021, start: 0, reflected: true, end: 0 },
  'crc16-arc': { bits: 16, polynomial: 0x8005, start: 0, reflected: true, end: 0 },
  'crc16-modbus': { bits: 16, polynomial: 0x8005, start: 0xffff, reflected: true, end: 0 },
  crc32: { bits: 32, polynomial: 0x04c11db7, start: 0xffffffff, reflected: true, end: 0xffffffff },
} as const;
type CrcMethod = keyof typeof CRCS;

/** Methods that are computed here; a definition may name others, which stay unknown. */
export const CHECKSUM_METHODS: readonly string[] = ['sum', 'twosComplement', 'onesComplement', ...Object.keys(CRCS)];

/** Several definitions of one family describe the same sum, and the fit asks before the decoding does. */
const verified = new WeakMap<Image, Map<string, ChecksumResult>>();

/** Never throws; the image is read and not changed. */
export function verifyChecksum(image: Image, checksum: ChecksumDefinition): ChecksumResult {
  const results = verified.get(image) ?? new Map<string, ChecksumResult>();
  verified.set(image, results);
  const key = JSON.stringify(checksum);
  const known = results.get(key) ?? verify(image, checksum);
  results.set(key, known);
  return known;
}

function verify(image: Image, checksum: ChecksumDefinition): ChecksumResult {
  const { title, storedAt, equals } = checksum;
  const unknown = (reason: string): ChecksumResult => ({
    title,
    method: methodText(checksum),
    state: 'unknown',
    reason,
    storedAt,
    expected: equals,
    computed: null,
  });
  if (!CHECKSUM_METHODS.includes(checksum.method)) return unknown(`${checksum.method} is not computed here`);
  if (storedAt === null && equals === null) return unknown('the definition does not say what has to come out');
  const parts = regionsOf(image, checksum);
  if (parts === null) return unknown('the file does not hold all of the bytes that are summed');
  const width = checksum.method in CRCS ? CRCS[checksum.method as CrcMethod].bits / 8 : checksum.storedBytes;
  let expected = equals;
  if (expected === null && storedAt !== null) {
    if (checksum.regions.some(({ from, to }) => storedAt + width > from && (to === null || storedAt < to)))
      return unknown('it is stored among the bytes that are summed, and the definition does not say how they count');
    const stored = readBytes(image, storedAt, width);
    if (stored === null) return unknown('the place where it is stored is not in the file');
    expected = numberOf(stored, checksum.byteOrder);
  }
  if (parts.some((p) => p.length % checksum.elementBytes !== 0))
    return unknown('the bytes that are summed are no whole number of words');
  const computed = checksum.method in CRCS ? crc(parts, checksum.method as CrcMethod) : sum(parts, checksum);
  const state = computed === expected ? 'good' : 'bad';
  const reason =
    state === 'good'
      ? `it comes out at ${hex(computed, width)}, as it should`
      : `it comes out at ${hex(computed, width)} and should at ${hex(expected!, width)}`;
  return { title, method: methodText(checksum), state, reason, storedAt, expected, computed };
}

/** All of one file together: bad where one is bad, good where at least one is and none is bad. */
export function checksumState(results: readonly ChecksumResult[]): ChecksumState {
  if (results.some((r) => r.state === 'bad')) return 'bad';
  return results.some((r) => r.state === 'good') ? 'good' : 'unknown';
}

/** The state of all of them and, in a sentence, how it came about. */
export function checksumSummary(checksums: ChecksumResult[]): Report['integrity'] {
  const state = checksumState(checksums);
  const count = (of: ChecksumState): number => checksums.filter((c) => c.state === of).length;
  const unknown = count('unknown');
  const others = unknown === 0 ? '' : `; ${unknown} cannot be verified`;
  const first = checksums.find((c) => c.state === state);
  if (first === undefined) return { state, reason: 'no checksum of this file is known', checksums };
  if (state === 'unknown') return { state, reason: `${first.title}: ${first.reason}`, checksums };
  const known = checksums.length - unknown;
  const which = known === 1 ? `${first.title}, ${first.method}` : `${count(state)} of ${known}`;
  return { state, reason: state === 'good' ? `${which}${others}` : `${which}: ${first.reason}${others}`, checksums };
}

/** "16-bit words, two's complement of the sum". */
function methodText({ method, elementBytes, byteOrder }: ChecksumDefinition): string {
  const elements = elementBytes === 1 ? 'bytes' : `${8 * elementBytes}-bit words, ${byteOrder} endian`;
  if (method === 'sum') return `sum of ${elements}`;
  if (method === 'twosComplement') return `two's complement of the sum of ${elements}`;
  if (method === 'onesComplement') return `one's complement of the sum of ${elements}`;
  return method;
}

const hex = (value: number, width: number): string =>
  `0x${value
    .toString(16)
    .toUpperCase()
    .padStart(2 * width, '0')}`;

/** Null where a region is not wholly there. A region without an end reaches to the last byte. */
function regionsOf(image: Image, { regions }: ChecksumDefinition): Uint8Array[] | null {
  const last = image.segments.at(-1);
  const end = image.window?.imageBytes ?? (last === undefined ? 0 : last.address + last.bytes.length);
  const parts: Uint8Array[] = [];
  for (const { from, to } of regions) {
    const length = (to ?? end) - from;
    const part = length > 0 ? readBytes(image, from, length) : null;
    if (part === null) return null;
    parts.push(part);
  }
  return parts.length === 0 ? null : parts;
}

function numberOf(bytes: Uint8Array, byteOrder: ByteOrder): number {
  let value = 0;
  for (let i = 0; i < bytes.length; i++) value = value * 256 + bytes[byteOrder === 'big' ? i : bytes.length - 1 - i]!;
  return value;
}

/** Sums stay exact in a number up to here, whatever the next element. */
const EXACT = 2 ** 52;

function sum(parts: Uint8Array[], { method, elementBytes, storedBytes, byteOrder }: ChecksumDefinition): number {
  const modulus = 2 ** (8 * storedBytes);
  let total = 0;
  for (const part of parts) {
    // The remainder is taken as seldom as can be: it is most of the work on an image of a megabyte.
    const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
    const little = byteOrder === 'little';
    for (let at = 0; at < part.length; at += elementBytes) {
      total +=
        elementBytes === 1 ? part[at]! : elementBytes === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
      if (total > EXACT) total %= modulus;
    }
  }
  total %= modulus;
  if (method === 'twosComplement') return (modulus - total) % modulus;
  return method === 'onesComplement' ? modulus - 1 - total : total;
}

/** Bit by bit over a table of 256: images have 2 MiB at most. */
function crc(parts: Uint8Array[], method: CrcMethod): number {
  const { bits, polynomial, start, reflected, end } = CRCS[method];
  const mask = bits === 32 ? 0xffffffff : 0xffff;
  const table = new Uint32Array(256);
  const low = reflected ? mirrored(polynomial, bits) : polynomial;
  for (let i = 0; i < 256; i++) {
    let value = reflected ? i : (i << (bits - 8)) >>> 0;
    for (let bit = 0; bit < 8; bit++) {
      const carry = reflected ? value & 1 : (value >>> (bits - 1)) & 1;
      value = ((reflected ? value >>> 1 : value << 1) ^ (carry ? low : 0)) & mask;
    }
    table[i] = value >>> 0;
  }
  let value: number = start;
  for (const part of parts) {
    for (const byte of part) {
      const index = (reflected ? value ^ byte : (value >>> (bits - 8)) ^ byte) & 0xff;
      value = (((reflected ? value >>> 8 : value << 8) ^ table[index]!) & mask) >>> 0;
    }
  }
  return ((value ^ end) & mask) >>> 0;
}

function mirrored(value: number, bits: number): number {
  let out = 0;
  for (let bit = 0; bit < bits; bit++) if ((value >>> bit) & 1) out |= 1 << (bits - 1 - bit);
  return out >>> 0;
}
