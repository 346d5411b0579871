/** Bounds-checked reading of raw elements from an image with addresses. */
import { fileOffsetOf } from './arrangements.ts';
import type { Image, Segment, Storage } from './model.ts';

/** Largest number of cells that one item may have: the largest real map known has 1,950. */
export const MAX_CELLS = 65_536;
/** Most cells that the items of one definition may have together: the richest public XDF with an image has 128,202. */
export const MAX_CELLS_IN_ALL = 4_194_304;

/** The segment that holds `length` bytes from `address` on, or null. */
export function segmentAt(image: Image, address: number, length: number): Segment | null {
  for (const segment of image.segments) {
    const start = address - segment.address;
    if (start >= 0 && length >= 0 && start + length <= segment.bytes.length) return segment;
  }
  return null;
}

/** Elements one after the other and row after row, with nothing between. */
export function packedRows(
  address: number,
  perLine: number,
  element: Pick<Storage, 'elementBytes' | 'byteOrder' | 'signed'> & { float?: boolean },
): Storage {
  const { elementBytes, byteOrder, signed, float = false } = element;
  return {
    address,
    elementBytes,
    signed,
    float,
    byteOrder,
    layout: 'row',
    elementStepBytes: elementBytes,
    lineStepBytes: perLine * elementBytes,
  };
}

/** First and one past the last byte of an item, relative to its storage address. Steps may be negative. */
function extent(storage: Storage, rows: number, columns: number): { low: number; high: number } {
  const lines = storage.layout === 'row' ? rows : columns;
  const perLine = storage.layout === 'row' ? columns : rows;
  const last = [0, (lines - 1) * storage.lineStepBytes, (perLine - 1) * storage.elementStepBytes];
  const corners = [0, last[1]!, last[2]!, last[1]! + last[2]!];
  return { low: Math.min(...corners), high: Math.max(...corners) + storage.elementBytes };
}

/** Reads one element of a DataView at a byte offset that is known to be inside. */
function reader(view: DataView, storage: Storage): (at: number) => number {
  const little = storage.byteOrder === 'little';
  if (storage.float) return storage.elementBytes === 4 ? (at) => view.getFloat32(at, little) : () => Number.NaN;
  switch (storage.elementBytes) {
    case 1:
      return storage.signed ? (at) => view.getInt8(at) : (at) => view.getUint8(at);
    case 2:
      return storage.signed ? (at) => view.getInt16(at, little) : (at) => view.getUint16(at, little);
    default:
      return storage.signed ? (at) => view.getInt32(at, little) : (at) => view.getUint32(at, little);
  }
}

/**
 * Raw elements in row-major order, whatever their layout in the image.
 * @returns null where any element lies outside of the image, or there are none or too many
 */
export function readRaw(image: Image, storage: Storage, rows: number, columns: number): Float64Array | null {
  const count = rows * columns;
  if (!(count >= 1 && count <= MAX_CELLS)) return null;
  const { low, high } = extent(storage, rows, columns);
  const segment = segmentAt(image, storage.address + low, high - low);
  if (segment === null) return null;
  const { bytes } = segment;
  const read = reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), storage);
  const start = storage.address - segment.address;
  const byRow = storage.layout === 'row';
  const rowStep = byRow ? storage.lineStepBytes : storage.elementStepBytes;
  const columnStep = byRow ? storage.elementStepBytes : storage.lineStepBytes;
  const out = new Float64Array(count);
  let i = 0;
  for (let row = 0; row < rows; row++) {
    let at = start + row * rowStep;
    for (let column = 0; column < columns; column++, at += columnStep) out[i++] = read(at);
  }
  return out;
}

/** Blank bytes on either side of a place that make it a stretch that was never read or written: no factory scalar or flag known stands so. */
const BLANK_MARGIN = 64;

/**
 * All its bytes, and those around it, are 0xFF or all are 0x00: erased flash, or the part of a dump that was not read.
 * @returns that byte; null where something stands there
 */
export function blankAround(image: Image, storage: Storage, rows: number, columns: number): number | null {
  const { low, high } = extent(storage, rows, columns);
  const segment = segmentAt(image, storage.address + low, high - low);
  if (segment === null) return null;
  const start = storage.address + low - segment.address;
  const around = segment.bytes.subarray(Math.max(0, start - BLANK_MARGIN), start + high - low + BLANK_MARGIN);
  const [first] = around;
  if ((first !== 0 && first !== 0xff) || around.length < 2 * BLANK_MARGIN) return null;
  return around.every((b) => b === first) ? first : null;
}

/** Bytes at an address, or null where they are not all inside. */
export function readBytes(image: Image, address: number, length: number): Uint8Array | null {
  const segment = segmentAt(image, address, length);
  if (segment === null) return null;
  const start = address - segment.address;
  return segment.bytes.subarray(start, start + length);
}

/** Raw value of an element of erased flash (0xFF), NaN for floats. */
export function erasedRaw(storage: Pick<Storage, 'elementBytes' | 'signed' | 'float'>): number {
  if (storage.float) return Number.NaN;
  return storage.signed ? -1 : 2 ** (8 * storage.elementBytes) - 1;
}

/**
 * Where a byte stands for the user: the offset in a raw file, whatever order its bytes have; the stated address in a file that states
 * addresses, where no offset means anything.
 */
export function offsetOf(image: Image, address: number): number {
  if (image.addressed === true) return address + (image.origin ?? 0);
  const { arrangement, window } = image;
  if (arrangement || window) {
    const size = window?.fileBytes ?? image.segments[0]?.bytes.length ?? 0;
    const inOrder = address + (window?.offsetBytes ?? 0);
    return arrangement && inOrder >= 0 && inOrder < size ? fileOffsetOf(arrangement, inOrder, size) : inOrder;
  }
  let before = 0;
  for (const segment of image.segments) {
    if (address >= segment.address && address < segment.address + segment.bytes.length)
      return before + address - segment.address;
    before += segment.bytes.length;
  }
  return address;
}
