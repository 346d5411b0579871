/**
 * Files that hold more or less than the memory of the ECU: a tool's header or trailer, a chip read as a larger one, flash and EEPROM in one
 * file, a read that broke off, a calibration alone. Nothing in a file says so; only a definition that fits can, by the id of its software.
 */
import type { ImageWindow } from './image-model.ts';
import type { Definition, Image, Segment } from './model.ts';

/** An id that stands more often than this tells nothing. */
const MOST_PLACES = 16;
/** Less of an image than this tells nothing either. */
const MIN_BYTES = 512;

/**
 * The memory of an ECU as it stands in a file.
 * @param offsetBytes in the file, what stands at address 0; negative where the beginning is missing
 * @param size of the whole memory
 * @returns null where hardly any of it is there, or the image is a window itself
 */
export function windowOf(image: Image, offsetBytes: number, size: number): Image | null {
  if (image.window) return null;
  const segments: Segment[] = [];
  let held = 0;
  for (const { address, bytes } of image.segments) {
    const from = Math.max(0, offsetBytes - address);
    const to = Math.min(bytes.length, offsetBytes + size - address);
    if (to <= from) continue;
    segments.push({ address: address + from - offsetBytes, bytes: bytes.subarray(from, to) });
    held += to - from;
  }
  const first = segments[0];
  const last = segments.at(-1);
  if (first === undefined || last === undefined || held < Math.min(MIN_BYTES, size)) return null;
  const end = last.address + last.bytes.length;
  const window: ImageWindow = {
    offsetBytes,
    imageBytes: size,
    fileBytes: image.segments.reduce((sum, s) => sum + s.bytes.length, 0),
    // A file that states addresses may leave blank space out.
    isWhole: image.addressed === true || (first.address === 0 && end === size),
  };
  return {
    ...image,
    segments,
    window,
    ...(image.addressed === true ? { origin: (image.origin ?? 0) + offsetBytes } : {}),
  };
}

/** Where the memory would begin in the file, by each place at which an id of the definition's software stands. */
export function placesById(image: Image, { identifiers }: Pick<Definition, 'identifiers'>): number[] {
  const offsets = new Set<number>();
  for (const { what, address, bytes } of identifiers) {
    if (what !== 'calibration') continue;
    for (const segment of image.segments)
      for (const at of placesOf(segment.bytes, bytes)) offsets.add(segment.address + at - address);
  }
  return [...offsets].sort((a, b) => a - b);
}

/** Offsets of some bytes among others, ascending; empty where there are too many. */
export function placesOf(bytes: Uint8Array, wanted: Uint8Array): number[] {
  const found: number[] = [];
  const first = wanted[0];
  if (first === undefined) return found;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < wanted.length && bytes[at + i] === wanted[i]) i++;
    if (i === wanted.length) found.push(at);
    if (found.length > MOST_PLACES) return [];
  }
  return found;
}

/** Everything before and after the memory is blank: a chip read as a larger one, or filled up to a round size. */
export function blankBeyond(image: Image, offsetBytes: number, size: number): boolean {
  const [only] = image.segments;
  if (image.segments.length !== 1 || only === undefined || only.address !== 0) return false;
  const { before, after } = blankEnds(only.bytes);
  return offsetBytes <= before && only.bytes.length - offsetBytes - size <= after;
}

/** Many definitions ask the same of one file. */
const ends = new WeakMap<Uint8Array, { before: number; after: number }>();

/** Bytes of one value, 0xFF or 0x00, at the start and at the end. */
function blankEnds(bytes: Uint8Array): { before: number; after: number } {
  const known = ends.get(bytes);
  if (known !== undefined) return known;
  const isBlank = (b: number | undefined): boolean => b === 0x00 || b === 0xff;
  let [before, after] = [0, 0];
  if (isBlank(bytes[0])) while (bytes[before] === bytes[0]) before++;
  const last = bytes.length - 1;
  if (isBlank(bytes[last])) while (after <= last && bytes[last - after] === bytes[last]) after++;
  ends.set(bytes, { before, after });
  return { before, after };
}

/** What both windows hold is the same in both. */
export function isSameMemory(a: Image, b: Image): boolean {
  for (const one of a.segments) {
    for (const other of b.segments) {
      const from = Math.max(one.address, other.address);
      const to = Math.min(one.address + one.bytes.length, other.address + other.bytes.length);
      for (let at = from; at < to; at++)
        if (one.bytes[at - one.address] !== other.bytes[at - other.address]) return false;
    }
  }
  return true;
}

const hex = (n: number): string => `0x${n.toString(16).toUpperCase()}`;

/** "the image of 262144 bytes begins at 0x40 of the file: 64 bytes before it and none after it are not the ECU's". */
export function windowText({ window, segments, addressed }: Image): string | null {
  if (!window) return null;
  const { offsetBytes, imageBytes, fileBytes } = window;
  const after = Math.max(0, fileBytes - offsetBytes - imageBytes);
  if (addressed === true) return `the image of ${imageBytes} bytes begins at address ${hex(offsetBytes)} of the file`;
  const first = segments[0]!;
  const last = segments.at(-1)!;
  const extra = [
    ...(offsetBytes > 0 ? [`${offsetBytes} bytes before it`] : []),
    ...(after > 0 ? [`${after} bytes after it`] : []),
  ];
  const beside = extra.length === 0 ? '' : `; ${extra.join(' and ')} in the file are not the ECU's`;
  return window.isWhole
    ? `the image of ${imageBytes} bytes begins at ${hex(offsetBytes)} of the file${beside}`
    : `the file holds only ${hex(first.address)} to ${hex(last.address + last.bytes.length - 1)} of an image of ${imageBytes} bytes${beside}`;
}

/** Headers of tools and borders of chips are multiples of this; a few bytes too many are a slip. */
const HEADER_UNIT = 16;

/** Why the file as it lies may not be what reaches the ECU, so that a number would be about another one; null: no reason. */
export function windowDoubt({ window, addressed }: Image): string | null {
  if (!window) return null;
  const { offsetBytes, isWhole } = window;
  if (!isWhole)
    return 'the file holds only a part of the memory: whether the rest is lost or was never meant to be there cannot be told';
  if (addressed === true || offsetBytes % HEADER_UNIT === 0) return null;
  return `${offsetBytes} bytes too many stand before the memory: written as it lies the file starts no ECU; cut them off first`;
}
