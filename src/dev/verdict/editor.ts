/** Changes of a tune as a tool makes them: physical values through the inverse of the conversion, into the bytes of the file. */
import type { Decoded } from '../../app/decode-file.ts';
import { Equations } from '../../core/equations.ts';
import type { Axis, Definition, DefinitionItem, Image, Location, TuneMap } from '../../core/model.ts';

export interface Editor {
  /**
   * Writes a value as near as the storage can hold it.
   * @returns what the ECU will read there, or null where this map cannot be written
   */
  set(map: TuneMap, index: number, value: number): number | null;
  /** Raw elements of an axis, replaced; false where the axis is not stored. */
  setAxis(axis: Axis, values: readonly number[]): boolean;
  /** One element of a map as it lies in the file; null where it holds no raw elements. */
  setRaw(map: TuneMap, index: number, raw: number): number | null;
  /** Largest and least raw value that an element of this map holds, with what they mean. Null: not known. */
  ends(map: TuneMap): { low: number; high: number } | null;
  /** Smallest step of this map around a value, null where it cannot be written. */
  quantum(map: TuneMap, near: number): number | null;
  /** Replaces the word of a setting in a self-describing file; false where it has no such setting. */
  setWord(name: string, word: string): boolean;
  bytes(): Uint8Array;
}

export function editorOf(decoded: Decoded): Editor {
  return decoded.image === null ? new TextEditor(decoded.input.bytes) : new ImageEditor(decoded);
}

/** From raw to physical and back, for one map. */
interface Scale {
  toRaw(value: number): number;
  toPhysical(raw: number): number;
}

const limits = ({ elementBytes, signed }: Location): { low: number; high: number } =>
  signed
    ? { low: -(2 ** (8 * elementBytes - 1)), high: 2 ** (8 * elementBytes - 1) - 1 }
    : { low: 0, high: 2 ** (8 * elementBytes) - 1 };

/** What an item's conversion does, looked at from outside: plain arithmetic, or a table of all 65,536 values. */
const scales = new WeakMap<DefinitionItem, Scale | null>();

function scaleOf(item: DefinitionItem, at: Location, image: Image, definition: Definition): Scale | null {
  if (scales.has(item)) return scales.get(item) ?? null;
  const made = makeScale(item, at, image, definition);
  scales.set(item, made);
  return made;
}

function makeScale(item: DefinitionItem, at: Location, image: Image, definition: Definition): Scale | null {
  // A conversion that differs from cell to cell has no inverse of its own.
  if (item.conversion.kind === 'equation' && item.conversion.cells.length > 0) return null;
  const equations = new Equations(image, definition, 0);
  const physical = (raw: Float64Array): Float64Array | null =>
    equations.cells({ ...item, rows: 1, columns: raw.length }, raw)?.cells ?? null;
  const { low, high } = limits(at);
  const span = high - low;
  const probes = Float64Array.from(
    [low + 1, low + span * 0.2, low + span * 0.5, low + span * 0.7, high - 1].map(Math.round),
  );
  const seen = physical(probes);
  if (seen === null) return null;
  const factor = (seen[4]! - seen[0]!) / (probes[4]! - probes[0]!);
  const offset = seen[0]! - factor * probes[0]!;
  const straight = seen.every(
    (v, i) => Math.abs(v - (factor * probes[i]! + offset)) <= 1e-9 * Math.max(1, Math.abs(v), Math.abs(offset)),
  );
  if (straight && factor !== 0) {
    return { toRaw: (v) => (v - offset) / factor, toPhysical: (raw) => raw * factor + offset };
  }
  if (at.float || at.elementBytes > 2) return null;
  const table = physical(Float64Array.from({ length: span + 1 }, (_, i) => low + i));
  if (table === null) return null;
  const order = Array.from(table.keys())
    .filter((i) => Number.isFinite(table[i]!))
    .sort((a, b) => table[a]! - table[b]!);
  if (order.length < 2) return null;
  return {
    toRaw: (v) => low + order[nearest(order, table, v)]!,
    toPhysical: (raw) => table[raw - low] ?? Number.NaN,
  };
}

function nearest(order: number[], table: Float64Array, value: number): number {
  let [from, to] = [0, order.length - 1];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (table[order[middle]!]! <= value) from = middle;
    else to = middle;
  }
  return Math.abs(table[order[from]!]! - value) <= Math.abs(table[order[to]!]! - value) ? from : to;
}

class ImageEditor implements Editor {
  readonly #decoded: Decoded;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(decoded: Decoded) {
    this.#decoded = decoded;
    this.#bytes = decoded.input.bytes.slice();
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** The item of the definition that a decoded map came from: same title at the same place. */
  #item(map: TuneMap): DefinitionItem | null {
    const { candidate } = this.#decoded;
    const items = candidate?.definition.items.filter((i) => i.title === map.title && i.storage !== null) ?? [];
    if (items.length <= 1) return items[0] ?? null;
    const first = items[0]!.storage!.address;
    const before = this.#decoded.tune.maps.filter((m) => m.title === map.title && m.at !== null);
    const shift = (before[0]?.at?.offsetBytes ?? first) - first;
    return items.find((i) => i.storage!.address + shift === map.at?.offsetBytes) ?? null;
  }

  #scale(map: TuneMap): Scale | null {
    const item = this.#item(map);
    const { image, candidate } = this.#decoded;
    if (item === null || image === null || candidate === null || map.at === null) return null;
    return scaleOf(item, map.at, image, candidate.definition);
  }

  set(map: TuneMap, index: number, value: number): number | null {
    const scale = this.#scale(map);
    if (scale === null || map.at === null || !Number.isFinite(value)) return null;
    const { low, high } = limits(map.at);
    const raw = map.at.float ? scale.toRaw(value) : Math.min(high, Math.max(low, Math.round(scale.toRaw(value))));
    if (!Number.isFinite(raw)) return null;
    this.#write(map.at, map.columns, index, raw);
    return scale.toPhysical(raw);
  }

  setRaw(map: TuneMap, index: number, raw: number): number | null {
    if (map.at === null || map.raw === null || map.at.float) return null;
    const { low, high } = limits(map.at);
    const held = Math.min(high, Math.max(low, Math.round(raw)));
    this.#write(map.at, map.columns, index, held);
    return held;
  }

  setAxis(axis: Axis, values: readonly number[]): boolean {
    const { at, raw } = axis;
    if (at === null || raw === null || at.float || values.length !== raw.length) return false;
    const { low, high } = limits(at);
    for (const [i, v] of values.entries()) {
      this.#write(at, raw.length, i, Math.min(high, Math.max(low, Math.round(v))));
    }
    return true;
  }

  ends(map: TuneMap): { low: number; high: number } | null {
    return map.at === null || map.at.float || map.raw === null ? null : limits(map.at);
  }

  quantum(map: TuneMap, near: number): number | null {
    const scale = this.#scale(map);
    if (scale === null) return null;
    const raw = Math.round(scale.toRaw(near));
    return Math.abs(scale.toPhysical(raw + 1) - scale.toPhysical(raw)) || null;
  }

  setWord(): boolean {
    return false;
  }

  bytes(): Uint8Array {
    return this.#bytes;
  }

  #write(at: Location, columns: number, index: number, raw: number): void {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const [line, element] = at.layout === 'row' ? [row, column] : [column, row];
    const offset = at.offsetBytes + line * at.lineStepBytes + element * at.elementStepBytes;
    const little = at.byteOrder === 'little';
    if (at.float) this.#view.setFloat32(offset, raw, little);
    else if (at.elementBytes === 1) this.#view.setUint8(offset, raw & 0xff);
    else if (at.elementBytes === 2) this.#view.setUint16(offset, raw & 0xffff, little);
    else this.#view.setUint32(offset, raw >>> 0, little);
  }
}

/** Files of named values as text: TunerStudio projects. */
class TextEditor implements Editor {
  #text: string;

  constructor(bytes: Uint8Array) {
    this.#text = Buffer.from(bytes).toString('latin1');
  }

  #find(name: string): { from: number; to: number; digits: number } | null {
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const pattern = new RegExp(`<constant\\b([^>]*\\bname="${escaped}"[^>]*)>([^<]*)</constant>`, 'g');
    const matches = [...this.#text.matchAll(pattern)];
    // A constant that stands twice counts as it stands last.
    const last = matches.at(-1);
    if (last === undefined) return null;
    const to = last.index + last[0].length - '</constant>'.length;
    const digits = Number(/\bdigits="(\d+)"/.exec(last[1]!)?.[1] ?? 3);
    return { from: to - last[2]!.length, to, digits };
  }

  set(map: TuneMap, index: number, value: number): number | null {
    const place = this.#find(map.id);
    if (place === null || !Number.isFinite(value)) return null;
    const held = Number(value.toFixed(place.digits));
    return this.#replace(place, index, held) ? held : null;
  }

  #replace({ from, to, digits }: { from: number; to: number; digits: number }, index: number, held: number): boolean {
    let at = -1;
    let done = false;
    const body = this.#text.slice(from, to).replace(/\S+/g, (word) => {
      at++;
      if (at !== index) return word;
      done = true;
      return held.toFixed(Math.max(1, digits));
    });
    this.#text = this.#text.slice(0, from) + body + this.#text.slice(to);
    return done;
  }

  setRaw(): number | null {
    return null;
  }

  setAxis(axis: Axis, values: readonly number[]): boolean {
    // The breakpoints stand in constants of their own, which no map names: every one that holds exactly these numbers.
    const own = axis.breakpoints.map((b) => b.toFixed(3)).join(' ');
    const names = [...this.#text.matchAll(/<constant\b[^>]*\bname="([^"]+)"[^>]*>([^<]*)<\/constant>/g)]
      .filter((m) => {
        const words = m[2]!.trim().split(/\s+/);
        return words.length === values.length && words.map((w) => Number(w).toFixed(3)).join(' ') === own;
      })
      .map((m) => m[1]!);
    for (const name of new Set(names)) {
      for (const [i, v] of values.entries()) {
        const place = this.#find(name);
        if (place === null || !this.#replace(place, i, Number(v.toFixed(place.digits)))) return false;
      }
    }
    return names.length > 0;
  }

  ends(): { low: number; high: number } | null {
    return null;
  }

  quantum(map: TuneMap): number | null {
    const place = this.#find(map.id);
    return place === null ? null : 10 ** -place.digits;
  }

  setWord(name: string, word: string): boolean {
    const place = this.#find(name);
    if (place === null) return false;
    this.#text = `${this.#text.slice(0, place.from)}"${word}"${this.#text.slice(place.to)}`;
    return true;
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.from(this.#text, 'latin1'));
  }
}
