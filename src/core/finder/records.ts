/**
 * Tables of records that point at maps. An ECU that looks up its maps through records keeps, for each map, the addresses of its cells
 * and of both axes side by side, and often the numbers of columns and rows. Where enough found maps are pointed at in one way, that way
 * is read off the image itself, and every other record of the kind names a map with its axes.
 */
import type { ByteOrder } from '../model.ts';
import { type Reading, readingFor } from './blocks.ts';
import { type ElementType, readElements } from './elements.ts';
import { type FoundAxis, type Shape, startOf } from './shapes.ts';

/** How a record is laid out around the word that points at the cells. Distances in bytes from that word. */
export interface RecordLayout {
  byteOrder: ByteOrder;
  x: number;
  y: number;
  /** Where the numbers of columns and rows stand, each one byte; null where the records do not tell. */
  columns: number | null;
  rows: number | null;
  /** Maps that were found by their surface and agree. */
  witnesses: number;
}

/** A map that a record names. */
export interface RecordedMap {
  offsetBytes: number;
  rows: number;
  columns: number;
  type: ElementType;
  x: FoundAxis;
  y: FoundAxis;
  /** Where the record points at the cells. */
  recordBytes: number;
}

/** Words before and after the pointer to the cells where those to the axes are looked for. */
const REACH_WORDS = 4;
/** Bytes before and after it where the numbers of columns and rows are looked for. */
const REACH_BYTES = 20;
const MIN_WITNESSES = 4;
/** Of the maps that are pointed at in one byte order, the share that must agree. */
const MIN_AGREEING = 0.5;
const MAX_LINES = 96;

interface Mention {
  at: number;
  shape: Shape;
}

/** A reader of one image's words and axes in one byte order. */
class Words {
  readonly bytes: Uint8Array;
  readonly byteOrder: ByteOrder;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, byteOrder: ByteOrder) {
    this.bytes = bytes;
    this.byteOrder = byteOrder;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** -1 outside of the image. */
  at(offset: number): number {
    if (offset < 0 || offset + 4 > this.bytes.length) return -1;
    return this.#view.getUint32(offset, this.byteOrder === 'little');
  }

  /** So many breakpoints at a byte, that rise or fall throughout. Words before bytes. */
  axis(offset: number, count: number): FoundAxis | null {
    if (offset <= 0 || offset >= this.bytes.length) return null;
    for (const elementBytes of [2, 1] as const) {
      if (elementBytes === 2 && offset % 2 !== 0) continue;
      const type: ElementType = { elementBytes, byteOrder: elementBytes === 1 ? 'big' : this.byteOrder, signed: false };
      const values = readElements(this.bytes, offset, count, type);
      if (values.length === count && isMonotone(values)) return { offsetBytes: offset, count, type };
    }
    return null;
  }
}

function isMonotone(values: Int32Array): boolean {
  const rising = values[1]! > values[0]!;
  for (let i = 1; i < values.length; i++) {
    const step = values[i]! - values[i - 1]!;
    if (rising ? step <= 0 : step >= 0) return false;
  }
  return values.length > 1;
}

/** Every map that a record names, where records are found. @param sure maps that their surface makes likely */
export function recordedMaps(
  bytes: Uint8Array,
  sure: readonly Shape[],
  readings: readonly Reading[],
): { layout: RecordLayout | null; maps: RecordedMap[] } {
  let best: { layout: RecordLayout; mentions: Mention[]; words: Words } | null = null;
  for (const byteOrder of ['big', 'little'] as const) {
    const words = new Words(bytes, byteOrder);
    const mentions = mentionsOf(words, sure);
    const layout = layoutOf(words, mentions);
    if (layout !== null && (best === null || layout.witnesses > best.layout.witnesses))
      best = { layout, mentions, words };
  }
  if (best === null) return { layout: null, maps: [] };
  const { layout, mentions, words } = best;
  const told =
    layout.columns === null || layout.rows === null
      ? fromMentions(words, layout, mentions)
      : enumerate(words, layout, mentions, readings);
  return { layout, maps: apart(told) };
}

/** Aligned words that hold the address of a found map. */
function mentionsOf(words: Words, sure: readonly Shape[]): Mention[] {
  const byStart = new Map(sure.map((s) => [startOf(s), s]));
  const isStart = new Uint8Array(words.bytes.length);
  for (const start of byStart.keys()) if (start > 0) isStart[start] = 1;
  const mentions: Mention[] = [];
  for (let at = 0; at + 4 <= words.bytes.length; at += 4) {
    const value = words.at(at);
    if (isStart[value] === 1) mentions.push({ at, shape: byStart.get(value)! });
  }
  return mentions;
}

function layoutOf(words: Words, mentions: readonly Mention[]): RecordLayout | null {
  const votes = new Map<string, { x: number; y: number; by: Mention[] }>();
  for (const mention of mentions) {
    const { at, shape } = mention;
    for (let dx = -REACH_WORDS; dx <= REACH_WORDS; dx++) {
      if (dx === 0 || words.axis(words.at(at + 4 * dx), shape.columns) === null) continue;
      for (let dy = -REACH_WORDS; dy <= REACH_WORDS; dy++) {
        if (dy === 0 || dy === dx || words.at(at + 4 * dy) === words.at(at + 4 * dx)) continue;
        if (words.axis(words.at(at + 4 * dy), shape.rows) === null) continue;
        const key = `${dx} ${dy}`;
        const vote = votes.get(key) ?? { x: 4 * dx, y: 4 * dy, by: [] };
        vote.by.push(mention);
        votes.set(key, vote);
      }
    }
  }
  const pointed = new Set(mentions.map((m) => m.shape)).size;
  let best: { x: number; y: number; by: Mention[] } | null = null;
  for (const vote of votes.values()) if (best === null || vote.by.length > best.by.length) best = vote;
  if (best === null) return null;
  const witnesses = new Set(best.by.map((m) => m.shape)).size;
  if (witnesses < MIN_WITNESSES || witnesses < MIN_AGREEING * pointed) return null;
  return {
    byteOrder: words.byteOrder,
    x: best.x,
    y: best.y,
    columns: sizeAt(words.bytes, best.by, (s) => s.columns),
    rows: sizeAt(words.bytes, best.by, (s) => s.rows),
    witnesses,
  };
}

/** The distance at which a byte gives the size of every map that is pointed at; null where there is none. */
function sizeAt(bytes: Uint8Array, mentions: readonly Mention[], size: (s: Shape) => number): number | null {
  let best: { distance: number; right: number } | null = null;
  for (let distance = -REACH_BYTES; distance <= REACH_BYTES; distance++) {
    let right = 0;
    for (const { at, shape } of mentions) if (bytes[at + distance] === size(shape)) right++;
    if (best === null || right > best.right) best = { distance, right };
  }
  return best !== null && best.right >= 0.9 * mentions.length ? best.distance : null;
}

/** Records that do not tell sizes: those of the maps that were found anyway, with their axes. */
function fromMentions(words: Words, layout: RecordLayout, mentions: readonly Mention[]): RecordedMap[] {
  return mentions.flatMap(({ at, shape }) => {
    const x = words.axis(words.at(at + layout.x), shape.columns);
    const y = words.axis(words.at(at + layout.y), shape.rows);
    if (x === null || y === null) return [];
    const { rows, columns } = shape;
    return [{ offsetBytes: startOf(shape), rows, columns, type: shape.reading.type, x, y, recordBytes: at }];
  });
}

/** Every record of the layout in the image. */
function enumerate(
  words: Words,
  layout: RecordLayout,
  mentions: readonly Mention[],
  readings: readonly Reading[],
): RecordedMap[] {
  const { bytes } = words;
  const known = new Map(mentions.map((m) => [m.at, m.shape]));
  const typeOf = elementTypes(bytes, mentions);
  const maps: RecordedMap[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const offsetBytes = words.at(at);
    if (offsetBytes <= 0 || offsetBytes >= bytes.length) continue;
    const [rows, columns] = [bytes[at + layout.rows!] ?? 0, bytes[at + layout.columns!] ?? 0];
    if (rows < 4 || columns < 4 || rows > MAX_LINES || columns > MAX_LINES) continue;
    const x = words.axis(words.at(at + layout.x), columns);
    const y = x === null ? null : words.axis(words.at(at + layout.y), rows);
    if (x === null || y === null) continue;
    const shape = known.get(at);
    const type = shape?.rows === rows && shape.columns === columns ? shape.reading.type : typeOf(at);
    if (type === null || offsetBytes + rows * columns * type.elementBytes > bytes.length) continue;
    if (readingFor(readings, type, offsetBytes) === undefined) continue;
    maps.push({ offsetBytes, rows, columns, type, x, y, recordBytes: at });
  }
  return maps;
}

/** A byte of the record that tells words from bytes, as the found maps show; or their one element, where they have but one. */
function elementTypes(bytes: Uint8Array, mentions: readonly Mention[]): (at: number) => ElementType | null {
  const types = new Set(mentions.map((m) => m.shape.reading.type));
  if (types.size === 1) {
    const [only] = types;
    return () => only!;
  }
  let best: { distance: number; byValue: Map<number, ElementType>; right: number } | null = null;
  for (let distance = -REACH_BYTES; distance <= REACH_BYTES; distance++) {
    const counts = new Map<number, Map<ElementType, number>>();
    for (const { at, shape } of mentions) {
      const value = bytes[at + distance] ?? 0;
      const own = counts.get(value) ?? new Map<ElementType, number>();
      own.set(shape.reading.type, (own.get(shape.reading.type) ?? 0) + 1);
      counts.set(value, own);
    }
    // Many values would tell anything.
    if (counts.size > 8) continue;
    let right = 0;
    const byValue = new Map<number, ElementType>();
    for (const [value, own] of counts) {
      const [type, count] = [...own].sort((a, b) => b[1] - a[1])[0]!;
      byValue.set(value, type);
      right += count;
    }
    if (best === null || right > best.right) best = { distance, byValue, right };
  }
  if (best === null || best.right < 0.9 * mentions.length) return () => null;
  const { distance, byValue } = best;
  return (at) => byValue.get(bytes[at + distance] ?? 0) ?? null;
}

/** One map for each place; of two that overlap, the one that more records name, else the first. */
function apart(maps: readonly RecordedMap[]): RecordedMap[] {
  const named = new Map<string, { map: RecordedMap; times: number }>();
  for (const map of maps) {
    const key = `${map.offsetBytes} ${map.rows} ${map.columns}`;
    const before = named.get(key);
    if (before === undefined) named.set(key, { map, times: 1 });
    else before.times++;
  }
  const sorted = [...named.values()].sort((a, b) => a.map.offsetBytes - b.map.offsetBytes || b.times - a.times);
  const kept: RecordedMap[] = [];
  for (const { map } of sorted) {
    const last = kept.at(-1);
    if (last === undefined || map.offsetBytes >= last.offsetBytes + bytesOf(last)) kept.push(map);
  }
  return kept;
}

const bytesOf = (m: RecordedMap): number => m.rows * m.columns * m.type.elementBytes;
