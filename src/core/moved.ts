/**
 * Another revision of a software holds the same tables at other places, moved by one number of bytes or by a few, block by block. Here every
 * stored axis and every map is asked by itself where it stands; neighbours then have to agree. Suggested, never applied unasked.
 */
import { readRaw } from './bytes.ts';
import type { Definition, DefinitionItem, Image, Storage } from './model.ts';
import { isMonotonic } from './monotonic.ts';

/** Places of the definition from one address to another, and by how much they are moved in the image. */
export interface MovedBlock {
  from: number;
  to: number;
  shiftBytes: number;
  /** Axes and maps in it that can tell where they stand, and those that do stand there. */
  places: number;
  proven: number;
}

/** Revisions seen were 4, 10, 476 and 508 bytes apart. */
const MAX_SHIFT_BYTES = 1_024;
/** Maps are asked near where nothing moved, and at shifts that axes name. */
const NEAR_BYTES = 32;
const SHIFTS = 12;
/** So many places have to agree before another shift is believed. */
const SWITCH = 2.5;
const MISSED = 0.5;
/** Below this share of all places nothing is suggested: CBR1000RR A92 under the 2012 definition comes to 0.58 by chance and relation. */
const MIN_PROVEN = 0.62;
const MIN_AXIS = 6;
const ASKED_AXES = 40;
const MIN_CELLS = 48;

interface Place {
  address: number;
  storage: Storage;
  rows: number;
  columns: number;
  isAxis: boolean;
}

/** Blocks in ascending order; empty where too little can be told. */
export function movedBlocks(image: Image, definition: Definition): MovedBlock[] {
  const places = placesOf(definition);
  const axes = places.filter((p) => p.isAxis);
  const span = basesOf(image, definition).flatMap((base) =>
    Array.from({ length: 2 * MAX_SHIFT_BYTES + 1 }, (_, i) => base + i - MAX_SHIFT_BYTES),
  );
  const support = new Map<number, Set<number>>();
  const note = (shift: number, place: number): void => {
    const known = support.get(shift);
    if (known === undefined) support.set(shift, new Set([place]));
    else known.add(place);
  };
  // Some axes name the shifts, all of them are then asked at those: a Suzuki definition has 324.
  const every = Math.max(1, Math.ceil(axes.length / ASKED_AXES));
  const asked = axes.filter((_, i) => i % every === 0);
  const named = new Map<number, number>();
  for (const place of asked)
    for (const shift of span) if (axisStands(image, place, shift)) named.set(shift, (named.get(shift) ?? 0) + 1);
  const likely = [...named].sort((x, y) => y[1] - x[1] || Math.abs(x[0]) - Math.abs(y[0])).slice(0, 2 * SHIFTS);
  const near = new Set(
    [...likely.slice(0, SHIFTS / 2).map(([s]) => s), 0].flatMap((s) =>
      Array.from({ length: 2 * NEAR_BYTES + 1 }, (_, i) => s + i - NEAR_BYTES),
    ),
  );
  for (const [i, place] of places.entries()) {
    if (place.isAxis) for (const [shift] of likely) if (axisStands(image, place, shift)) note(shift, i);
    // One map in so many tells where the block of maps stands; each is asked at what comes of that.
    if (!place.isAxis && i % every === 0) for (const shift of near) if (mapStands(image, place, shift)) note(shift, i);
  }
  const common = [...support].sort((x, y) => y[1].size - x[1].size || Math.abs(x[0]) - Math.abs(y[0]));
  for (const [shift] of common.slice(0, SHIFTS))
    for (const [i, place] of places.entries()) if (!place.isAxis && mapStands(image, place, shift)) note(shift, i);
  const shifts = [...support]
    .sort((a, b) => b[1].size - a[1].size || Math.abs(a[0]) - Math.abs(b[0]))
    .slice(0, SHIFTS)
    .filter(([, s]) => s.size >= 2);
  if (axes.length < 2 || shifts.length === 0) return [];
  const blocks = joined(places, shifts, bestPath(places.length, shifts));
  const proven = blocks.reduce((sum, b) => sum + b.proven, 0);
  return proven >= MIN_PROVEN * places.length ? blocks : [];
}

/** Stored axes and tables, each once, by address. */
export function placesOf({ items }: Definition): Place[] {
  const found = new Map<string, Place>();
  const add = (storage: Storage, rows: number, columns: number, isAxis: boolean): void => {
    const key = `${storage.address} ${rows} ${columns}`;
    if (!found.has(key)) found.set(key, { address: storage.address, storage, rows, columns, isAxis });
  };
  for (const item of items) {
    if (item.kind === 'map' && item.storage !== null && item.rows * item.columns >= MIN_CELLS)
      add(item.storage, item.rows, item.columns, false);
    for (const { source, count } of item.axes) {
      const linked = source.kind === 'item' ? linkedStorage(items, source.itemKey) : null;
      const storage = source.kind === 'stored' ? source.storage : linked;
      if (storage !== null && count >= MIN_AXIS) add({ ...storage, layout: 'row' }, 1, count, true);
    }
  }
  return [...found.values()].sort((a, b) => a.address - b.address);
}

const linkedStorage = (items: readonly DefinitionItem[], key: string): Storage | null =>
  items.find((i) => i.key === key)?.storage ?? null;

/** Where the calibration may begin: as the definition says, or further on where the file is larger (two banks, of which one is blank). */
function basesOf(image: Image, { imageBytes }: Definition): number[] {
  const size = image.segments.reduce((sum, s) => sum + s.bytes.length, 0);
  const own = imageBytes[0];
  return own === undefined || own === size ? [0] : [0, size - own];
}

const at = (storage: Storage, shift: number): Storage => ({ ...storage, address: storage.address + shift });

/** It rises or falls, and does not go on beyond both of its ends. */
export function axisStands(image: Image, { storage, columns }: Place, shift: number): boolean {
  const raw = readRaw(image, at(storage, shift), 1, columns);
  if (raw === null || !isMonotonic(raw) || new Set(raw).size < 0.7 * columns) return false;
  const wide = readRaw(image, at(storage, shift - storage.elementStepBytes), 1, columns + 2);
  if (wide === null) return true;
  return !isMonotonic(wide.subarray(0, columns + 1)) || !isMonotonic(wide.subarray(1));
}

/** Row after row with nothing between: what can be asked where it begins and ends. */
export const isPacked = (storage: Storage, columns: number): boolean =>
  storage.layout === 'row' && storage.lineStepBytes === columns * storage.elementStepBytes;

/** Its rows begin where rows of the image begin, and the rows before and after are none of it. */
export function mapStands(image: Image, { storage, rows, columns }: Place, shift: number): boolean {
  if (!isPacked(storage, columns)) return false;
  const before = readRaw(image, at(storage, shift - storage.lineStepBytes), rows + 2, columns);
  if (before === null || new Set(before).size < 6) return false;
  const steps = new Float64Array(columns);
  for (let i = columns; i < (rows + 1) * columns; i++) steps[i % columns]! += Math.abs(before[i]! - before[i - 1]!);
  if (steps.indexOf(Math.max(...steps)) !== 0) return false;
  const rowStep = (r: number): number => {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += Math.abs(before[(r + 1) * columns + c]! - before[r * columns + c]!);
    return sum;
  };
  let inside = 0;
  for (let r = 1; r < rows; r++) inside += rowStep(r);
  const typical = inside / Math.max(1, rows - 1);
  return rowStep(0) > 2 * typical && rowStep(rows) > 2 * typical;
}

/** The shift of each place such that most stand where it says, and it changes seldom. */
function bestPath(count: number, shifts: readonly [number, Set<number>][]): number[] {
  const worth = shifts.map(() => 0);
  const from: number[][] = [];
  for (let i = 0; i < count; i++) {
    const best = worth.indexOf(Math.max(...worth));
    const back: number[] = [];
    const next = shifts.map(([, places], s) => {
      const stays = worth[s]! >= worth[best]! - SWITCH;
      back.push(stays ? s : best);
      return (stays ? worth[s]! : worth[best]! - SWITCH) + (places.has(i) ? 1 : -MISSED);
    });
    worth.splice(0, worth.length, ...next);
    from.push(back);
  }
  const path: number[] = [];
  let state = worth.indexOf(Math.max(...worth));
  for (let i = count - 1; i >= 0; i--) {
    path[i] = state;
    state = from[i]![state]!;
  }
  return path;
}

function joined(
  places: readonly Place[],
  shifts: readonly [number, Set<number>][],
  path: readonly number[],
): MovedBlock[] {
  const blocks: MovedBlock[] = [];
  for (const [i, { address }] of places.entries()) {
    const [shiftBytes, standing] = shifts[path[i]!]!;
    const last = blocks.at(-1);
    const proven = standing.has(i) ? 1 : 0;
    if (last !== undefined && last.shiftBytes === shiftBytes) {
      last.to = address;
      last.places++;
      last.proven += proven;
    } else blocks.push({ from: address, to: address, shiftBytes, places: 1, proven });
  }
  return blocks.filter((b) => b.proven >= 2);
}

/** By how much an address is moved; null where it lies between two blocks that differ. */
export function shiftAt(blocks: readonly MovedBlock[], address: number): number | null {
  const before = blocks.filter((b) => b.from <= address).at(-1);
  const after = blocks.find((b) => b.to >= address);
  if (before === undefined || after === undefined) return (before ?? after)?.shiftBytes ?? null;
  return before.shiftBytes === after.shiftBytes ? before.shiftBytes : null;
}

/**
 * The definition with every place moved with its block, each item a guess. Patches and what lies between two blocks are left out, with the
 * reason in `undecoded`.
 */
export function movedDefinition(definition: Definition, blocks: readonly MovedBlock[]): Definition {
  const items: DefinitionItem[] = [];
  const undecoded = [...definition.undecoded];
  const move = (storage: Storage): Storage | null => {
    const shift = shiftAt(blocks, storage.address);
    return shift === null ? null : at(storage, shift);
  };
  for (const item of definition.items) {
    const storage = item.storage === null ? null : move(item.storage);
    const axes = item.axes.map((axis) => {
      if (axis.source.kind !== 'stored') return axis;
      const own = move(axis.source.storage);
      return own === null ? null : { ...axis, source: { ...axis.source, storage: own } };
    });
    if (storage === null || item.storage === null || axes.includes(null)) {
      undecoded.push({ id: item.key, title: item.title, reason: 'nothing tells where it stands in this revision' });
      continue;
    }
    const bytes = storage.address - item.storage.address;
    items.push({
      ...item,
      storage,
      axes: axes.filter((a) => a !== null),
      guess: `medium: moved by ${bytes} bytes with its block of another revision's definition`,
    });
  }
  return { ...definition, items, undecoded, identifiers: [], checksums: [], confirmedOnImage: false };
}
