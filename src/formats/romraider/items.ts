/** Merged tables to definition items: storage types, scalings with expressions, static axes, interleaved and column-major layouts. */
import { namedAxis, statedUnit } from '../../core/axis-names.ts';
import { packedRows } from '../../core/bytes.ts';
import type { AxisDefinition, AxisSource, Conversion, DefinitionItem, Storage } from '../../core/model.ts';
import { hexBytes, patchItem } from '../../core/patch-item.ts';
import type { MergedRom, MergedTable } from './merge.ts';

type Attributes = Record<string, string>;

interface Scaling {
  units: string;
  expression: string;
  storageType: string;
  endian: string;
  format: string;
  min: number | null;
  max: number | null;
  /** Bits of an element in ECUFlash's bloblist. */
  bits: string;
}

interface Element {
  bytes: 1 | 2 | 4;
  signed: boolean;
  float: boolean;
}

const ELEMENTS: Record<string, Element> = {
  uint8: { bytes: 1, signed: false, float: false },
  int8: { bytes: 1, signed: true, float: false },
  uint16: { bytes: 2, signed: false, float: false },
  int16: { bytes: 2, signed: true, float: false },
  uint32: { bytes: 4, signed: false, float: false },
  int32: { bytes: 4, signed: true, float: false },
  float: { bytes: 4, signed: true, float: true },
};

/** Hexadecimal with or without 0x; null where it is none. */
export function hexAddress(text: string | undefined): number | null {
  const match = /^\s*(?:0x)?([0-9a-f]{1,8})\s*$/i.exec(text ?? '');
  return match === null ? null : Number.parseInt(match[1]!, 16);
}

const count = (text: string | undefined): number | null => {
  const value = Number(text ?? '');
  return Number.isInteger(value) && value >= 1 ? value : null;
};

const decimal = (text: string | undefined): number | null => {
  const value = Number(text?.trim() || Number.NaN);
  return Number.isFinite(value) ? value : null;
};

const isTrue = (text: string | undefined): boolean => text?.toLowerCase() === 'true';

/** RomRaider writes the scaling into the table, ECUFlash names one. */
function scalingOf({ attributes, scaling }: MergedTable, rom: MergedRom): Scaling {
  const named = rom.scalings.get(attributes['scaling'] ?? '') ?? {};
  const own: Attributes = scaling?.attributes ?? {};
  const pick = (...names: string[]): string => {
    for (const name of names)
      for (const from of [own, attributes, named]) if (from[name] !== undefined) return from[name];
    return '';
  };
  return {
    units: pick('units'),
    expression: pick('toexpr', 'expression'),
    storageType: pick('storagetype').toLowerCase(),
    endian: pick('endian').toLowerCase(),
    format: pick('format'),
    min: decimal(pick('min')),
    max: decimal(pick('max')),
    bits: pick('storagebits'),
  };
}

function elementOf(scaling: Scaling): Element | string {
  const { storageType, bits } = scaling;
  if (storageType === 'bloblist' || storageType === 'hex') {
    const byBits = { '8': ELEMENTS['uint8'], '16': ELEMENTS['uint16'], '32': ELEMENTS['uint32'] }[bits];
    return (
      byBits ?? `elements of ${bits === '' ? 'no stated number of' : bits} bit${bits === '1' ? '' : 's'} are not read`
    );
  }
  return ELEMENTS[storageType] ?? `elements of the type "${storageType.slice(0, 40)}" are not known`;
}

function conversionOf({ expression }: Scaling): Conversion {
  const text = expression.trim();
  if (text === '' || /^x$/i.test(text)) return { kind: 'identity' };
  return { kind: 'equation', default: { text, variables: [{ name: 'x', from: 'self' }] }, cells: [] };
}

function storage(
  address: number,
  element: Element,
  scaling: Scaling,
  perLine: number,
  layout: 'row' | 'column',
): Storage {
  // Both programs take big-endian where nothing is said: their first ECUs (68HC16, SH) are.
  const byteOrder = scaling.endian === 'little' ? 'little' : 'big';
  return { ...packedRows(address, perLine, { ...element, elementBytes: element.bytes, byteOrder }), layout };
}

const digitsOf = (format: string): number | null => {
  const match = /\.(\d)f?/.exec(format) ?? /^0\.(0+|#+)$/.exec(format);
  if (match === null) return format === '' ? null : 0;
  return /^\d$/.test(match[1]!) ? Number(match[1]) : match[1]!.length;
};

const addressOf = ({ attributes }: MergedTable): number | null =>
  hexAddress(attributes['address'] ?? attributes['storageaddress']);

const lengthOf = (axis: MergedTable | undefined, size: string | undefined): number =>
  count(axis?.attributes['elements']) ??
  count(size) ??
  count(axis?.attributes['sizex'] ?? axis?.attributes['sizey']) ??
  (axis === undefined || axis.data.length === 0 ? 1 : axis.data.length);

interface Placed {
  /** Where it stands if it says nothing itself: before each line of an interleaved table. */
  storage: Storage | null;
}

function axisOf(
  axis: 'x' | 'y',
  table: MergedTable | undefined,
  length: number,
  rom: MergedRom,
  placed: Placed | null,
): AxisDefinition {
  const none: AxisDefinition = {
    axis,
    count: length,
    quantity: 'unknown',
    unit: '',
    source: { kind: 'none' },
    digits: null,
  };
  if (table === undefined) return none;
  const scaling = scalingOf(table, rom);
  const named = { ...none, ...namedAxis(table.name, scaling.units) };
  const element = elementOf(scaling);
  const address = addressOf(table);
  if (table.data.length > 0) return { ...named, source: fixed(table.data, length) };
  if (placed?.storage)
    return {
      ...named,
      digits: digitsOf(scaling.format),
      source: { kind: 'stored', storage: placed.storage, conversion: conversionOf(scaling) },
    };
  if (address === null || typeof element === 'string') return named;
  return {
    ...named,
    digits: digitsOf(scaling.format),
    source: {
      kind: 'stored',
      storage: storage(address, element, scaling, length, 'row'),
      conversion: conversionOf(scaling),
    },
  };
}

function fixed(data: string[], length: number): AxisSource {
  const texts = Array.from({ length: Math.min(length, 4_096) }, (_, i) => data[i] ?? '');
  const breakpoints = texts.map((t) => decimal(t));
  return { kind: 'fixed', breakpoints, labels: breakpoints.every((b) => b !== null) ? null : texts };
}

/** Null: not in this ROM (a table of the base that has no address here). */
export function toItem(table: MergedTable, rom: MergedRom, key: string): DefinitionItem | { reason: string } | null {
  const { attributes } = table;
  const address = addressOf(table);
  if (address === null) return null;
  const type = (attributes['type'] ?? '').toLowerCase();
  const scaling = scalingOf(table, rom);
  if (type.includes('switch')) return switchItem(table, address, key);
  const element = elementOf(scaling);
  if (typeof element === 'string') return { reason: element };
  const typed = (letter: string): MergedTable | undefined =>
    table.axes.find((a) => (a.attributes['type'] ?? '').toLowerCase().includes(`${letter} axis`));
  const isMap = type === '3d';
  // A curve has one axis, which ECUFlash calls Y and RomRaider either.
  const only = isMap ? undefined : (typed('y') ?? typed('x') ?? table.axes[0]);
  const [x, y] = isMap ? [typed('x') ?? table.axes[0], typed('y') ?? table.axes[1]] : [only, undefined];
  const columns = isMap
    ? lengthOf(x, attributes['sizex'])
    : type === '1d'
      ? (count(attributes['elements']) ?? 1)
      : lengthOf(only, attributes['sizey'] ?? attributes['sizex'] ?? attributes['elements']);
  const rows = isMap ? lengthOf(y, attributes['sizey']) : 1;
  const column = isMap && isTrue(attributes['swapxy']);
  let place = storage(address, element, scaling, column ? rows : columns, column ? 'column' : 'row');
  let beforeLine: Placed | null = null;
  if ((attributes['layout'] ?? '').toLowerCase() === 'interleaved') {
    const lead = isMap ? y : only;
    const before = lead === undefined ? 'there is no axis' : elementOf(scalingOf(lead, rom));
    if (typeof before === 'string') return { reason: `it is interleaved with its axis, and ${before}` };
    // Each line is led by its breakpoint: the y value before its row, or the x value before its single cell.
    const cellsOfLine = isMap ? columns : 1;
    const step = before.bytes + cellsOfLine * element.bytes;
    beforeLine = {
      storage: {
        ...storage(address, before, scalingOf(lead!, rom), 1, 'row'),
        elementStepBytes: step,
        lineStepBytes: step,
      },
    };
    place = {
      ...place,
      address: address + before.bytes,
      layout: 'row',
      ...(isMap ? { lineStepBytes: step } : { elementStepBytes: step }),
    };
  }
  const axes = isMap
    ? [axisOf('x', x, columns, rom, null), axisOf('y', y, rows, rom, beforeLine)]
    : columns > 1 || only !== undefined
      ? [axisOf('x', only, columns, rom, beforeLine)]
      : [];
  return {
    key,
    title: table.name,
    description: table.description,
    kind: rows > 1 && columns > 1 ? 'map' : rows * columns > 1 ? 'curve' : 'scalar',
    categories: (attributes['category'] ?? '') === '' ? [] : [attributes['category']!],
    role: null,
    variant: null,
    unit: statedUnit(scaling.units),
    unitFrom: statedUnit(scaling.units) === '' ? 'none' : 'definition',
    rows,
    columns,
    storage: place,
    conversion: conversionOf(scaling),
    axes,
    digits: digitsOf(scaling.format),
    range: { min: scaling.min, max: scaling.max },
    mask: null,
    patch: null,
  };
}

/** RomRaider's switch: states of one or more bytes, which are patches of bytes with two ends; the state is what stands there. */
function switchItem(table: MergedTable, address: number, key: string): DefinitionItem | { reason: string } {
  const on = hexBytes(table.states.find((s) => /^(on|enabled?|yes|true)$/i.test(s.name))?.data);
  const off = hexBytes(table.states.find((s) => /^(off|disabled?|no|false)$/i.test(s.name))?.data);
  if (on === null || off === null || on.length !== off.length)
    return { reason: 'a switch whose states are not on and off of the same length' };
  const category = table.attributes['category'] ?? '';
  return patchItem(
    { key, title: table.name, description: table.description, categories: category === '' ? [] : [category] },
    [{ address, patched: on, base: off }],
  );
}
