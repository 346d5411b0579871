/** How the bytes of an image may be read as elements of a map. */
import type { ByteOrder } from '../model.ts';

export interface ElementType {
  elementBytes: 1 | 2;
  byteOrder: ByteOrder;
  signed: boolean;
}

/** The elements of maps seen in motorcycle images. Signed ones look like these, but for where they wrap. */
export const ELEMENT_TYPES: readonly ElementType[] = [
  { elementBytes: 1, byteOrder: 'big', signed: false },
  { elementBytes: 2, byteOrder: 'big', signed: false },
  { elementBytes: 2, byteOrder: 'little', signed: false },
];

/** Elements from a byte offset on; as many as there are. Two bytes may start at an odd offset. */
export function readElements(bytes: Uint8Array, offset: number, count: number, type: ElementType): Int32Array {
  const size = type.elementBytes;
  const length = Math.max(0, Math.min(count, Math.floor((bytes.length - offset) / size)));
  const out = new Int32Array(length);
  if (size === 1) {
    for (let i = 0; i < length; i++) out[i] = bytes[offset + i]!;
  } else if (type.byteOrder === 'big') {
    for (let i = 0, at = offset; i < length; i++, at += 2) out[i] = (bytes[at]! << 8) | bytes[at + 1]!;
  } else {
    for (let i = 0, at = offset; i < length; i++, at += 2) out[i] = (bytes[at + 1]! << 8) | bytes[at]!;
  }
  return out;
}
