/** CHARACTERISTIC and AXIS_PTS to definition items, for one base address and one order of bytes. */
import { namedAxis, statedUnit } from '../../core/axis-names.ts';
import { toPhysical } from '../../core/conversion.ts';
import { compileExpression } from '../../core/expression.ts';
import type { AxisDefinition, AxisSource, ByteOrder, Conversion, DefinitionItem, Image } from '../../core/model.ts';
import { after, allOf, type Block, numberOf } from './blocks.ts';
import { digitsOf, type Method, type Methods } from './conversions.ts';
import { RecordLayout } from './layout.ts';

export interface Reading {
  /** Subtracted from every address. */
  base: number;
  /** Null: as the file states it, item by item. */
  order: ByteOrder | null;
  image: Image | null;
}

/** Everything in a file that items refer to. */
export class Sources {
  readonly layouts: Map<string, RecordLayout>;
  readonly axisPoints: Map<string, Block>;
  readonly characteristics: Block[];
  readonly names: Set<string>;
  readonly defaultOrder: ByteOrder;
  readonly methods: Methods;

  constructor(root: Block, methods: Methods) {
    this.methods = methods;
    this.layouts = new Map(allOf(root, 'RECORD_LAYOUT').map((b) => [b.tokens[0]?.text ?? '', new RecordLayout(b)]));
    this.axisPoints = new Map(allOf(root, 'AXIS_PTS').map((b) => [b.tokens[0]?.text ?? '', b]));
    this.characteristics = allOf(root, 'CHARACTERISTIC');
    this.names = new Set(this.characteristics.map((b) => b.tokens[0]?.text ?? ''));
    this.defaultOrder =
      allOf(root, 'MOD_COMMON')
        .map((b) => orderOf(b, 0))
        .find((o) => o !== null) ?? 'little';
  }
}

/** MSB_FIRST is Motorola's. The old words BIG_ENDIAN and LITTLE_ENDIAN are read by their plain meaning, and axes confirm it. */
export function orderOf(block: Block, from: number): ByteOrder | null {
  const word = after(block, 'BYTE_ORDER', 1, from)?.[0]?.text;
  if (word === 'MSB_FIRST' || word === 'BIG_ENDIAN') return 'big';
  if (word === 'MSB_LAST' || word === 'LITTLE_ENDIAN') return 'little';
  return null;
}

type Result = DefinitionItem | { reason: string };

/** Fixed words of a CHARACTERISTIC: name, long name, type, address, layout, largest difference, conversion, two limits. */
const FIXED = 9;

export function readCharacteristic(block: Block, sources: Sources, reading: Reading): Result {
  const [name, longName, type, address, layoutName, , conversion, low, high] = block.tokens;
  const title = name?.text ?? '';
  const kind = type?.text ?? '';
  const axesGiven = block.blocks.filter((b) => b.name === 'AXIS_DESCR');
  if (block.blocks.some((b) => b.name === 'VIRTUAL_CHARACTERISTIC')) return { reason: 'it is computed and not stored' };
  if (kind === 'ASCII') return { reason: 'it is a text' };
  if (!['VALUE', 'VAL_BLK', 'CURVE', 'MAP'].includes(kind))
    return { reason: `items of the kind ${kind.slice(0, 40)} are not read` };
  const at = numberOf(address);
  if (!Number.isInteger(at)) return { reason: 'its address is no number' };
  const layout = sources.layouts.get(layoutName?.text ?? '');
  if (layout === undefined)
    return { reason: `its RECORD_LAYOUT "${layoutName?.text.slice(0, 60) ?? ''}" is defined nowhere` };
  const order = reading.order ?? orderOf(block, FIXED) ?? sources.defaultOrder;
  const method = sources.methods.get(conversion?.text ?? '');
  const wanted = kind === 'MAP' ? 2 : kind === 'CURVE' ? 1 : 0;
  if (axesGiven.length < wanted) return { reason: `it describes ${axesGiven.length} of its ${wanted} axes` };
  const described = axesGiven.slice(0, wanted).map((a) => describe(a, sources, reading));
  if (kind === 'VAL_BLK' && isDeep(block)) return { reason: 'blocks of more than two dimensions are not read' };
  const most = kind === 'VAL_BLK' ? blockSize(block) : { x: described[0]?.count ?? 1, y: described[1]?.count ?? 1 };
  const placed = layout.place(at - reading.base, most, order, reading.image);
  if (placed.problem !== null) return { reason: placed.problem };
  if (placed.values === null) return { reason: 'its RECORD_LAYOUT holds no values' };
  const columns = placed.counts.x ?? most.x;
  const rows = placed.counts.y ?? most.y;
  const axes = described.map((d, i) => {
    const own = i === 0 ? placed.x : placed.y;
    const source: AxisSource =
      d.kind === 'STD_AXIS' && own !== null
        ? { kind: 'stored', storage: own.storage, conversion: d.method.conversion }
        : d.source;
    return axisOf(i === 0 ? 'x' : 'y', i === 0 ? columns : rows, d, source);
  });
  const mask = numberOf(after(block, 'BIT_MASK', 1, FIXED)?.[0]);
  const unit = statedUnit(after(block, 'PHYS_UNIT', 1, FIXED)?.[0]?.text ?? method.unit);
  const masked = Number.isInteger(mask) ? maskedBy(mask, method.conversion) : method.conversion;
  if (masked === null) return { reason: 'its bits are converted by a table' };
  const isFlag = kind === 'VALUE' && method.verbal && Number.isInteger(mask) && Math.log2(mask) % 1 === 0;
  return {
    key: title,
    title,
    description: (longName?.text ?? '').replace(/^-(\*-)?$/, '').slice(0, 1_000),
    kind: isFlag ? 'flag' : rows > 1 && columns > 1 ? 'map' : rows * columns > 1 ? 'curve' : 'scalar',
    categories: functionsOf(block),
    role: null,
    variant: null,
    unit: isFlag ? '' : unit,
    unitFrom: unit === '' || isFlag ? 'none' : 'definition',
    rows,
    columns,
    storage: placed.values.storage,
    conversion: isFlag ? { kind: 'identity' } : masked,
    axes,
    digits: digitsOf(after(block, 'FORMAT', 1, FIXED)?.[0]?.text ?? '') ?? method.digits,
    range: limits(numberOf(low), numberOf(high)),
    mask: isFlag ? mask : null,
    patch: null,
  };
}

const limits = (min: number, max: number): DefinitionItem['range'] => ({
  min: Number.isFinite(min) ? min : null,
  max: Number.isFinite(max) ? max : null,
});

function functionsOf(block: Block): string[] {
  const inner =
    block.blocks.find((b) => b.name === 'FUNCTION_LIST')?.tokens ?? after(block, 'FUNCTION_LIST', 1, FIXED) ?? [];
  return inner.slice(0, 8).map((t) => t.text);
}

/** MATRIX_DIM x y z …: more than 1 from the third on. What follows is another keyword, so no number. */
function isDeep(block: Block): boolean {
  const dimensions = (after(block, 'MATRIX_DIM', 5, FIXED) ?? []).map(numberOf);
  const end = dimensions.findIndex((n) => Number.isNaN(n));
  return dimensions.slice(2, end < 0 ? undefined : end).some((n) => n > 1);
}

/** NUMBER n, or MATRIX_DIM x y. */
function blockSize(block: Block): { x: number; y: number } {
  const dimensions = (after(block, 'MATRIX_DIM', 5, FIXED) ?? []).map(numberOf);
  const number = numberOf(after(block, 'NUMBER', 1, FIXED)?.[0]);
  const size = (n: number | undefined): number => (n !== undefined && Number.isInteger(n) && n >= 1 ? n : 1);
  return dimensions.length > 0 ? { x: size(dimensions[0]), y: size(dimensions[1]) } : { x: size(number), y: 1 };
}

/** The bits of the mask, moved down, before the conversion. Null: a table, which takes no expression. */
function maskedBy(mask: number, conversion: Conversion): Conversion | null {
  if (conversion.kind === 'table' || !(mask > 0)) return conversion.kind === 'table' ? null : conversion;
  let shift = 0;
  while (shift < 32 && Math.floor(mask / 2 ** shift) % 2 === 0) shift++;
  const bits = `((X & ${mask}) >> ${shift})`;
  const text =
    conversion.kind === 'identity'
      ? bits
      : conversion.kind === 'linear'
        ? `${bits} * (${conversion.factor}) + (${conversion.offset})`
        : conversion.kind === 'reciprocal'
          ? `(${conversion.numerator}) / ${bits}`
          : conversion.default.text.replace(/\bX1?\b/gi, bits);
  return { kind: 'equation', default: { text, variables: [{ name: 'X', from: 'self' }] }, cells: [] };
}

interface Described {
  kind: string;
  count: number;
  name: string;
  method: Method;
  source: AxisSource;
  digits: number | null;
}

/** Fixed words of an AXIS_DESCR: kind, input, conversion, most points, two limits. */
function describe(block: Block, sources: Sources, reading: Reading): Described {
  const [kind, input, conversion, most] = block.tokens;
  const method = sources.methods.get(conversion?.text ?? '');
  const count = Math.max(1, Math.floor(numberOf(most)) || 1);
  const digits = digitsOf(after(block, 'FORMAT', 1, 6)?.[0]?.text ?? '') ?? method.digits;
  const named = input?.text === 'NO_INPUT_QUANTITY' ? '' : (input?.text ?? '');
  const common = { kind: kind?.text ?? '', count, name: named, method, digits, source: { kind: 'none' } as AxisSource };
  // Stored differences between breakpoints cannot be told by one element.
  if (after(block, 'DEPOSIT', 1, 6)?.[0]?.text === 'DIFFERENCE') return { ...common, kind: 'DIFFERENCE' };
  switch (kind?.text) {
    case 'FIX_AXIS': {
      const raw = fixedPoints(block, count);
      return raw === null ? common : { ...common, count: raw.length, source: fixedSource(raw, method.conversion) };
    }
    case 'COM_AXIS': {
      const reference = after(block, 'AXIS_PTS_REF', 1, 6)?.[0]?.text ?? '';
      const points = sources.axisPoints.get(reference);
      return points === undefined ? common : { ...common, ...commonAxis(points, sources, reading, count) };
    }
    case 'CURVE_AXIS': {
      const reference = after(block, 'CURVE_AXIS_REF', 1, 6)?.[0]?.text ?? '';
      return sources.names.has(reference) ? { ...common, source: { kind: 'item', itemKey: reference } } : common;
    }
    default:
      return common;
  }
}

/** FIX_AXIS_PAR offset shift n · FIX_AXIS_PAR_DIST offset distance n · a list. */
function fixedPoints(block: Block, most: number): number[] | null {
  const list = block.blocks.find((b) => b.name === 'FIX_AXIS_PAR_LIST');
  if (list !== undefined) return list.tokens.slice(0, 4_096).map(numberOf);
  const shifted = after(block, 'FIX_AXIS_PAR', 3, 6)?.map(numberOf);
  const spaced = after(block, 'FIX_AXIS_PAR_DIST', 3, 6)?.map(numberOf);
  const [offset, step, n] = spaced ?? shifted ?? [];
  if (offset === undefined || step === undefined) return null;
  const count = Math.min(4_096, Number.isInteger(n) && n! >= 1 ? n! : most);
  return Array.from({ length: count }, (_, i) => offset + i * (spaced === undefined ? 2 ** step : step));
}

function fixedSource(raw: number[], conversion: Conversion): AxisSource {
  const breakpoints = Array.from(physical(raw, conversion), (v) => (Number.isFinite(v) ? v : null));
  return { kind: 'fixed', breakpoints, labels: null };
}

function physical(raw: number[], conversion: Conversion): ArrayLike<number> {
  if (conversion.kind !== 'equation') return toPhysical(Float64Array.from(raw), conversion);
  try {
    const { run } = compileExpression(conversion.default.text);
    const nothing = (): number => Number.NaN;
    return raw.map((value, i) =>
      run({
        variable: () => value,
        self: () => value,
        row: 0,
        column: i,
        rows: 1,
        columns: raw.length,
        cell: nothing,
        that: nothing,
        address: nothing,
      }),
    );
  } catch {
    return raw.map(() => Number.NaN);
  }
}

/** Fixed words of an AXIS_PTS: name, long name, address, input, layout, largest difference, conversion, most points, two limits. */
function commonAxis(block: Block, sources: Sources, reading: Reading, most: number): Partial<Described> {
  const [, , address, input, layoutName, , conversion, points] = block.tokens;
  const layout = sources.layouts.get(layoutName?.text ?? '');
  const at = numberOf(address);
  if (layout === undefined || !Number.isInteger(at)) return {};
  const order = reading.order ?? orderOf(block, 10) ?? sources.defaultOrder;
  const limit = Math.max(1, Math.floor(numberOf(points)) || most);
  const placed = layout.place(at - reading.base, { x: limit, y: limit }, order, reading.image);
  const line = placed.x ?? placed.y;
  if (placed.problem !== null || line === null) return {};
  const method = sources.methods.get(conversion?.text ?? '');
  const name = input?.text === 'NO_INPUT_QUANTITY' ? {} : { name: input?.text ?? '' };
  return {
    ...name,
    // The map's own number of points is what its cells are; a shared axis may be longer.
    count: Math.min(line.count, most),
    method,
    source: { kind: 'stored', storage: line.storage, conversion: method.conversion },
  };
}

function axisOf(axis: 'x' | 'y', count: number, described: Described, source: AxisSource): AxisDefinition {
  const { name, method, digits } = described;
  return { axis, count, ...namedAxis(name, method.unit), source, digits };
}
