/** EMBEDDEDDATA: where the elements of an item are and how they are stored. All facts were proven on real pairs of XDF and image. */
import type { Storage } from '../../core/model.ts';
import { child, textOf, type XmlNode } from './xml-tree.ts';

/** Decimal or 0x…; null where it is missing or no number ("None" occurs). */
export function integer(text: string | undefined): number | null {
  if (text === undefined) return null;
  const match = /^\s*([+-]?)\s*(0x[0-9a-f]+|\d+)\s*$/i.exec(text);
  if (match === null) return null;
  return Number(match[2]) * (match[1] === '-' ? -1 : 1);
}

/** Decimal point or comma; null where it is no number. */
export function decimal(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text.trim().replace(',', '.'));
  return Number.isFinite(value) ? value : null;
}

const FLAG = { signed: 0x01, littleEndian: 0x02, columnMajor: 0x04, float: 0x10000 } as const;

export interface Embedded {
  /** Null: no address. */
  storage: Storage | null;
  rows: number;
  columns: number;
  /** Why there is no storage although there is an address. */
  problem: string | null;
}

/**
 * Missing flags mean unsigned, big-endian, row-major: the DEFAULTS of the header are the editor's for new items and do not apply
 * (proven on CBR500R MGZ: 11 of 11 axes right without them, 0 of 11 with).
 */
export function readEmbedded(node: XmlNode | undefined, baseOffset: number): Embedded {
  const attributes = node?.attributes ?? {};
  const rows = Math.max(1, integer(attributes['mmedrowcount']) ?? 1);
  const columns = Math.max(1, integer(attributes['mmedcolcount']) ?? 1);
  const address = integer(attributes['mmedaddress']);
  if (address === null) return { storage: null, rows, columns, problem: null };
  const bits = integer(attributes['mmedelementsizebits']) ?? 8;
  if (bits !== 8 && bits !== 16 && bits !== 32) {
    return { storage: null, rows, columns, problem: `elements of ${bits} bits are not known` };
  }
  const flags = integer(attributes['mmedtypeflags']) ?? 0;
  if ((flags & FLAG.float) !== 0 && bits !== 32)
    return { storage: null, rows, columns, problem: `floating-point numbers of ${bits} bits are not known` };
  const elementBytes = (bits / 8) as 1 | 2 | 4;
  const layout = (flags & FLAG.columnMajor) !== 0 ? 'column' : 'row';
  const perLine = layout === 'row' ? columns : rows;
  const major = integer(attributes['mmedmajorstridebits']) ?? 0;
  const minor = integer(attributes['mmedminorstridebits']) ?? 0;
  if (major % 8 !== 0 || minor % 8 !== 0)
    return { storage: null, rows, columns, problem: 'its stride is no whole number of bytes' };
  // Negative strides on an addressed item mean packed (Ducati 15M proves it for -32).
  const elementStepBytes = major > 0 ? major / 8 : elementBytes;
  // The minor stride leads from the LAST element of a line to the FIRST of the next (GM P01 proves it).
  const lineStepBytes = minor > 0 ? (perLine - 1) * elementStepBytes + minor / 8 : perLine * elementStepBytes;
  return {
    storage: {
      address: address + baseOffset,
      elementBytes,
      signed: (flags & FLAG.signed) !== 0,
      float: (flags & FLAG.float) !== 0,
      byteOrder: (flags & FLAG.littleEndian) !== 0 ? 'little' : 'big',
      layout,
      elementStepBytes,
      lineStepBytes,
    },
    rows,
    columns,
    problem: null,
  };
}

/**
 * The element that says where an item lies. Version 0.50 has none: an element `address` in the z axis or the constant, the bits of
 * `flags` on the item itself, the counts on the axes x and y.
 */
export function placeOf(node: XmlNode, item: XmlNode, counts: { rows: string; columns: string }): XmlNode | undefined {
  const stated = child(node, 'embeddeddata');
  const address = textOf(node, 'address');
  if (stated !== undefined || address === '') return stated;
  const bits = textOf(node, 'indexsizebits');
  const attributes = {
    mmedaddress: address,
    mmedelementsizebits: bits === '' ? '8' : bits,
    mmedtypeflags: String(
      (integer(item.attributes['flags']) ?? 0) & (FLAG.signed | FLAG.littleEndian | FLAG.columnMajor),
    ),
    mmedrowcount: counts.rows,
    mmedcolcount: counts.columns,
  };
  return { name: 'embeddeddata', attributes, children: [], text: '' };
}

/** The same place read as one line of `count` elements: axes. */
export function asLine(storage: Storage): Storage {
  return { ...storage, layout: 'row', lineStepBytes: storage.elementStepBytes };
}
