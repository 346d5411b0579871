/** (Image, Definition) -> Tune. Knows no file format: any definition reads any image. */
import { blankAround, erasedRaw, offsetOf, readBytes, readRaw } from './bytes.ts';
import type { ChecksumResult } from './checksum-model.ts';
import { checksumState, verifyChecksum } from './checksums.ts';
import { Equations } from './equations.ts';
import type {
  Axis,
  AxisDefinition,
  Definition,
  DefinitionItem,
  Image,
  Location,
  Storage,
  Tune,
  TuneMap,
  Undecoded,
} from './model.ts';
import { isMonotonic } from './monotonic.ts';
import { NO_FACTS } from './no-facts.ts';

export interface DecodeOptions {
  /** Added to every address. */
  shiftBytes?: number;
}

/** "right" or "wrong" where one could be computed; nothing where none could. */
function checksumSetting(checksums: readonly ChecksumResult[]): Record<string, string> {
  const state = checksumState(checksums);
  return state === 'unknown' ? {} : { 'revsync.checksum': state === 'bad' ? 'wrong' : 'right' };
}

/**
 * Decodes every item. What lies outside of the image or cannot be computed goes to `undecoded` with its reason; never throws
 * for what a definition may say. Roles are assigned later (core/roles), except those that the definition states itself.
 */
export function decode(image: Image, definition: Definition, options: DecodeOptions = {}): Tune {
  const shift = options.shiftBytes ?? 0;
  const equations = new Equations(image, definition, shift);
  const ids = new Map<string, number>();
  const maps: TuneMap[] = [];
  const undecoded: Undecoded[] = [...definition.undecoded];
  const checksums = definition.checksums.map((c) => verifyChecksum(image, c));
  for (const item of definition.items) {
    const id = uniqueId(item, shift, ids);
    const result =
      item.kind === 'patch' ? decodePatch(image, item, id, shift) : decodeItem(image, item, id, shift, equations);
    if ('reason' in result) undecoded.push({ id, title: item.title, reason: result.reason });
    else maps.push(result);
  }
  return {
    format: definition.format,
    ecu: { id: definition.ecu.partNumbers[0] ?? null, family: definition.ecu.family, signature: null },
    maps,
    undecoded,
    warnings: [...definition.warnings, ...equations.warnings],
    notes: definition.description === '' ? [] : [definition.description],
    checksums,
    facts: { ...NO_FACTS, settings: checksumSetting(checksums) },
  };
}

/** Title as a slug, lower-case, dashes; "item" where nothing is left. */
export function slug(title: string): string {
  const text = title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return text === '' ? 'item' : text;
}

/** @param ids taken ones, each with the number that its next namesake tries first: 60,000 items of one name stay quick */
function uniqueId(item: DefinitionItem, shift: number, ids: Map<string, number>): string {
  const address = item.storage?.address ?? item.patch?.[0]?.address;
  const base = address === undefined ? slug(item.title) : `${slug(item.title)}@${hex(address + shift)}`;
  let id = base;
  let n = ids.get(base) ?? 2;
  while (ids.has(id)) id = `${base}-${n++}`;
  ids.set(base, n);
  if (id !== base) ids.set(id, 2);
  return id;
}

const hex = (n: number): string => `${n < 0 ? '-' : ''}0x${Math.abs(n).toString(16).toUpperCase()}`;

function moved(storage: Storage, shift: number): Storage {
  return shift === 0 ? storage : { ...storage, address: storage.address + shift };
}

/** Where the first element stands in the file. */
function locate(image: Image, storage: Storage): Location {
  const { elementBytes, byteOrder, signed, float, layout, elementStepBytes, lineStepBytes } = storage;
  return {
    offsetBytes: offsetOf(image, storage.address),
    elementBytes,
    byteOrder,
    signed,
    float,
    layout,
    elementStepBytes,
    lineStepBytes,
  };
}

type Result = TuneMap | { reason: string };

function base(
  item: DefinitionItem,
  id: string,
): Omit<TuneMap, 'cells' | 'raw' | 'axes' | 'confidence' | 'at' | 'state' | 'unset'> {
  return {
    id,
    title: item.title,
    description: item.description,
    categories: item.categories,
    kind: item.kind,
    role: item.role ?? 'other',
    roleConfidence: item.role === null ? 0 : 1,
    variant: item.variant ?? {},
    family: slug(item.title),
    rows: item.rows,
    columns: item.columns,
    unit: item.unit,
    unitFrom: item.unitFrom,
    digits: item.digits,
    range: item.range,
    inUse: null,
    ...(item.guess === undefined ? {} : { guess: item.guess }),
  };
}

function decodeItem(image: Image, item: DefinitionItem, id: string, shift: number, equations: Equations): Result {
  const storage = item.storage === null ? null : moved(item.storage, shift);
  if (!equations.afford(item.rows, item.columns))
    return { reason: `its ${item.rows}x${item.columns} cells are more than any real definition has` };
  let raw: Float64Array | null = null;
  if (storage !== null) {
    raw = readRaw(image, storage, item.rows, item.columns);
    if (raw === null) {
      return {
        reason: `its ${item.rows}x${item.columns} cells from ${hex(storage.address)} on do not lie inside the image`,
      };
    }
  } else if (item.conversion.kind !== 'equation') {
    return { reason: 'the definition gives it no address: a heading, or not finished' };
  }
  if (item.kind === 'flag') return decodeFlag(image, item, id, storage, raw);
  const converted = equations.cells(item, raw);
  if (converted === null) return { reason: 'its equation computes other items that this definition does not have' };
  const axes = item.axes.map((axis) => decodeAxis(image, axis, shift, equations));
  const blank = storage !== null && storesNoAxis(item) ? blankAround(image, storage, item.rows, item.columns) : null;
  const unset =
    blank !== null ||
    (raw !== null && storage !== null && raw.length > 1 && raw.every((v) => v === erasedRaw(storage)));
  return {
    ...base(item, id),
    // Raw counts must not pass for degrees or milliseconds.
    ...(converted.shownRaw ? { unit: '', unitFrom: 'none' as const } : {}),
    axes,
    cells: converted.cells,
    raw,
    confidence: item.guess === undefined ? confidenceOf(axes, unset, item) : 'guessed',
    at: storage === null ? null : locate(image, storage),
    state: null,
    unset,
    ...(blank === null ? {} : { blankAround: blank }),
  };
}

/** A table whose axes are set means its zeros; of other values only what stands around tells whether they were ever written. */
const storesNoAxis = ({ axes }: DefinitionItem): boolean => axes.every(({ source }) => source.kind !== 'stored');

/** Plausible where the axes are known, rise or fall, and the cells are not erased. */
function confidenceOf(axes: Axis[], unset: boolean, item: DefinitionItem): TuneMap['confidence'] {
  if (unset) return 'guessed';
  if (axes.length === 0) return item.kind === 'scalar' ? 'plausible' : 'guessed';
  const sound = axes.every((a) => a.breakpoints.length < 2 || (a.known && isMonotonic(a.raw ?? a.breakpoints)));
  return sound ? 'plausible' : 'guessed';
}

function decodeFlag(
  image: Image,
  item: DefinitionItem,
  id: string,
  storage: Storage | null,
  raw: Float64Array | null,
): Result {
  if (storage === null || raw === null) return { reason: 'it has no address' };
  const mask = item.mask ?? 0xff;
  if (storage.float || !Number.isSafeInteger(mask)) return { reason: 'its bits are not stated as an integer' };
  const on = (BigInt(raw[0]!) & BigInt(mask)) !== 0n;
  const blank = blankAround(image, storage, 1, 1);
  return {
    ...base(item, id),
    axes: [],
    cells: Float64Array.of(on ? 1 : 0),
    raw,
    confidence: blank === null ? 'plausible' : 'guessed',
    at: locate(image, storage),
    state: on,
    unset: blank !== null,
    ...(blank === null ? {} : { blankAround: blank }),
  };
}

/** Applied where every entry holds its patched bytes, not applied where every one with known base bytes holds those. */
function decodePatch(image: Image, item: DefinitionItem, id: string, shift: number): Result {
  const entries = item.patch ?? [];
  if (entries.length === 0) return { reason: 'the patch has no entries' };
  let patched = 0;
  let original = 0;
  for (const entry of entries) {
    const bytes = readBytes(image, entry.address + shift, entry.patched.length);
    if (bytes === null) return { reason: `the patch at ${hex(entry.address + shift)} lies outside of the image` };
    if (same(bytes, entry.patched)) patched++;
    else if (entry.base !== null && same(bytes, entry.base)) original++;
  }
  const state = patched === entries.length ? 'applied' : original === entries.length ? 'notApplied' : 'unknown';
  return {
    ...base(item, id),
    axes: [],
    cells: new Float64Array(0),
    raw: null,
    confidence: 'plausible',
    at: {
      offsetBytes: offsetOf(image, entries[0]!.address + shift),
      elementBytes: 1,
      byteOrder: 'big',
      signed: false,
      float: false,
      layout: 'row',
      elementStepBytes: 1,
      lineStepBytes: 1,
    },
    state,
    unset: false,
  };
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((v, i) => v === b[i]);

/** Breakpoints whose equation cannot be computed: raw counts, of no stated quantity. */
const RAW_AXIS = { quantity: 'unknown', unit: '' } as const;

function decodeAxis(image: Image, axis: AxisDefinition, shift: number, equations: Equations): Axis {
  const { quantity, unit, count, digits, source } = axis;
  const common = { axis: axis.axis, quantity, unit, digits };
  const unknown = (): Axis => ({
    ...common,
    breakpoints: Array.from({ length: count }, (_, i) => i + 1),
    known: false,
    labels: null,
    raw: null,
    at: null,
  });
  switch (source.kind) {
    case 'none':
      return unknown();
    case 'fixed': {
      const breakpoints = Array.from({ length: count }, (_, i) => source.breakpoints[i] ?? Number.NaN);
      return { ...common, breakpoints, known: true, labels: source.labels, raw: null, at: null };
    }
    case 'stored': {
      const storage = moved(source.storage, shift);
      const raw = readRaw(image, storage, 1, count);
      if (raw === null) return unknown();
      const { cells, shownRaw } = equations.axis(raw, source.conversion);
      const at = locate(image, storage);
      const named = shownRaw ? RAW_AXIS : {};
      return {
        ...common,
        ...named,
        breakpoints: Array.from(cells),
        known: true,
        labels: null,
        raw: Array.from(raw),
        at,
      };
    }
    case 'item': {
      const linked = equations.itemCells(source.itemKey);
      if (linked === null) return unknown();
      const breakpoints = Array.from({ length: count }, (_, i) => linked.cells[i] ?? Number.NaN);
      const raw = linked.raw === null ? null : Array.from(linked.raw.slice(0, count));
      const at = linked.storage === null ? null : locate(image, moved(linked.storage, shift));
      const named = linked.shownRaw ? RAW_AXIS : {};
      return { ...common, ...named, breakpoints, known: true, labels: null, raw, at };
    }
  }
}
