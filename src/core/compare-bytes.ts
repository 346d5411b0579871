/** Which bytes of two images differ, and which of those a decoded map, axis or patch accounts for. */
import type { Image, Location, TuneMap } from './model.ts';

export interface ByteRun {
  /** From the start of the file as the user has it. */
  offsetBytes: number;
  length: number;
}

export interface ByteComparison {
  /** Bytes that differ; those that only the longer file has count too. */
  changed: number;
  /** Of those, the ones inside a decoded map, axis, flag or patch. */
  explained: number;
  /** The others, as runs in ascending order, MAX_RUNS at most. */
  unexplained: ByteRun[];
  /** How many runs there are in all. */
  unexplainedRuns: number;
}

/** Two unrelated images differ everywhere: nobody reads more runs than this. */
export const MAX_RUNS = 10_000;

/** @param covered per byte of the longer file the bits that something decoded is made of: 0xFF for a map's, a flag's own for a flag */
export function compareBytes(a: Uint8Array, b: Uint8Array, covered: Uint8Array): ByteComparison {
  const length = Math.max(a.length, b.length);
  const unexplained: ByteRun[] = [];
  let [changed, explained, unexplainedRuns] = [0, 0, 0];
  let open: ByteRun | null = null;
  for (let i = 0; i < length; i++) {
    const differs = i >= a.length || i >= b.length || a[i] !== b[i];
    const bits = i >= a.length || i >= b.length ? 0xff : a[i]! ^ b[i]!;
    const known = differs && (bits & ~covered[i]!) === 0;
    if (differs) changed++;
    if (known) explained++;
    if (!differs || known) {
      open = null;
    } else if (open !== null) {
      open.length++;
    } else {
      open = { offsetBytes: i, length: 1 };
      unexplainedRuns++;
      if (unexplained.length < MAX_RUNS) unexplained.push(open);
    }
  }
  return { changed, explained, unexplained, unexplainedRuns };
}

/** Share of bytes that two images of one size have in common, 0..1, without the space that is blank in both; 0 where sizes differ. */
export function shareInCommon(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return 0;
  let [used, equal] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const same = a[i] === b[i];
    if (same && (a[i] === 0xff || a[i] === 0x00)) continue;
    used++;
    if (same) equal++;
  }
  return used === 0 ? 1 : equal / used;
}

/** The bytes of an image in the order of its file: offsets are those of Location. */
export function flatBytes(image: Image): Uint8Array {
  const [only] = image.segments;
  if (image.segments.length === 1 && only !== undefined) return only.bytes;
  const bytes = new Uint8Array(image.segments.reduce((sum, s) => sum + s.bytes.length, 0));
  let at = 0;
  for (const segment of image.segments) {
    bytes.set(segment.bytes, at);
    at += segment.bytes.length;
  }
  return bytes;
}

/** What a flag or a patch is made of: the definition knows, the decoded map does not. */
export interface FinePrint {
  /** Flags: their bits of the element, by map id. */
  masks: ReadonlyMap<string, number>;
  /** Patches: their bytes, by map id. */
  patches: ReadonlyMap<string, readonly ByteRun[]>;
}

/** Marks every byte that a decoded map, axis, flag or patch of the tune is read from. */
export function coverMaps(covered: Uint8Array, maps: readonly TuneMap[], fine: FinePrint): void {
  for (const map of maps) {
    for (const { offsetBytes, length } of fine.patches.get(map.id) ?? []) mark(covered, offsetBytes, length, 0xff);
    if (map.kind === 'flag' && map.at !== null) markFlag(covered, map.at, fine.masks.get(map.id) ?? 0xff);
    else if (map.kind !== 'patch' && map.at !== null) markElements(covered, map.at, map.rows, map.columns);
    for (const axis of map.axes) if (axis.at !== null) markElements(covered, axis.at, 1, axis.breakpoints.length);
  }
}

function markFlag(covered: Uint8Array, at: Location, mask: number): void {
  for (let i = 0; i < at.elementBytes; i++) {
    const significance = at.byteOrder === 'big' ? at.elementBytes - 1 - i : i;
    mark(covered, at.offsetBytes + i, 1, Math.floor(mask / 256 ** significance) & 0xff);
  }
}

function markElements(covered: Uint8Array, at: Location, rows: number, columns: number): void {
  const byRow = at.layout === 'row';
  const rowStep = byRow ? at.lineStepBytes : at.elementStepBytes;
  const columnStep = byRow ? at.elementStepBytes : at.lineStepBytes;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      mark(covered, at.offsetBytes + row * rowStep + column * columnStep, at.elementBytes, 0xff);
  }
}

function mark(covered: Uint8Array, from: number, length: number, bits: number): void {
  if (from < 0) return;
  for (let i = from; i < Math.min(from + length, covered.length); i++) covered[i] = covered[i]! | bits;
}
