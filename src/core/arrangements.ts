/**
 * Files whose bytes lie in another order than the ECU has them: 16-bit programmers swap pairs, two-chip boards give even and odd
 * halves, some tools write the second half first. Nothing in a file says so; only a definition that fits can.
 */
import type { Arrangement } from './image-model.ts';
import type { Image } from './model.ts';

interface Kind {
  /** As a person reads it: "the file has …". */
  text: string;
  /** Sizes that it can have. */
  unit: number;
  /** Where the byte at an address of the ECU stands in the file. */
  fileOffset(address: number, size: number): number;
}

const KINDS: Record<Arrangement, Kind> = {
  bytesSwapped: { text: 'the two bytes of each word exchanged', unit: 2, fileOffset: (a) => a ^ 1 },
  wordsSwapped: { text: 'the two words of each long word exchanged', unit: 4, fileOffset: (a) => a ^ 2 },
  bytesReversed: { text: 'the four bytes of each long word in reverse', unit: 4, fileOffset: (a) => a ^ 3 },
  halvesExchanged: {
    text: 'its two halves exchanged',
    unit: 2,
    fileOffset: (a, size) => (a < size / 2 ? a + size / 2 : a - size / 2),
  },
  evenOddHalves: {
    text: 'the even bytes in its first half and the odd ones in its second',
    unit: 2,
    fileOffset: (a, size) => (a % 2 === 0 ? a / 2 : size / 2 + (a - 1) / 2),
  },
  oddEvenHalves: {
    text: 'the odd bytes in its first half and the even ones in its second',
    unit: 2,
    fileOffset: (a, size) => (a % 2 === 0 ? size / 2 + a / 2 : (a - 1) / 2),
  },
};

/** All there are, in the order in which they are tried. */
export const ARRANGEMENTS = Object.keys(KINDS) as Arrangement[];

/** "the two bytes of each word exchanged". */
export const arrangementText = (arrangement: Arrangement): string => KINDS[arrangement].text;

/** The image as the ECU has it, if the file lies in that order; null where it cannot (an odd size, a file with addresses). */
export function rearranged(image: Image, arrangement: Arrangement): Image | null {
  const only = image.segments[0];
  const { unit, fileOffset } = KINDS[arrangement];
  if (only === undefined || image.segments.length !== 1 || only.address !== 0 || image.addressed === true) return null;
  const size = only.bytes.length;
  if (size % unit !== 0 || image.arrangement || image.window) return null;
  const bytes = new Uint8Array(size);
  for (let address = 0; address < size; address++) bytes[address] = only.bytes[fileOffset(address, size)]!;
  return { ...image, segments: [{ address: 0, bytes }], arrangement };
}

/** Where the byte at an address of a rearranged image stands in the file as the user has it. */
export const fileOffsetOf = (arrangement: Arrangement, address: number, size: number): number =>
  KINDS[arrangement].fileOffset(address, size);

/** Do these bytes stand at an address of the ECU, if the file lies in that order? Asked before a whole image is put in order. */
export function standsAt(image: Image, arrangement: Arrangement, address: number, wanted: Uint8Array): boolean {
  const only = image.segments[0];
  const { unit, fileOffset } = KINDS[arrangement];
  if (only === undefined || image.segments.length !== 1 || only.address !== 0) return false;
  const size = only.bytes.length;
  if (size % unit !== 0 || address < 0 || address + wanted.length > size) return false;
  return wanted.every((b, i) => only.bytes[fileOffset(address + i, size)] === b);
}

/** Addresses counted from the first one of the file, for definitions that count so; null where they do already. */
export function fromZero(image: Image): Image | null {
  const first = image.segments[0]?.address ?? 0;
  if (first === 0) return null;
  return { ...image, segments: image.segments.map((s) => ({ ...s, address: s.address - first })), origin: first };
}

/** Bytes of the ECU's memory: as many as a file holds, gaps left out, or as a definition found in a file that holds more or less. */
export const imageBytes = (image: Image): number =>
  image.window?.imageBytes ?? image.segments.reduce((sum, s) => sum + s.bytes.length, 0);

/** From the first to the last address that there is. */
export function imageSpan(image: Image): number {
  const last = image.segments.at(-1);
  return last === undefined ? 0 : last.address + last.bytes.length - (image.segments[0]?.address ?? 0);
}
