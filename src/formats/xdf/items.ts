/** XDFTABLE, XDFCONSTANT, XDFFUNCTION, XDFFLAG, XDFPATCH to definition items. */
import type { DefinitionItem } from '../../core/model.ts';
import { hexBytes, patchItem } from '../../core/patch-item.ts';
import { type AxisContext, readAxis } from './axis.ts';
import { decimal, integer, placeOf, readEmbedded } from './embedded-data.ts';
import { readConversion } from './math.ts';
import { child, children, textOf, type XmlNode } from './xml-tree.ts';

export interface ItemContext extends AxisContext {
  /** Names of categories by their 0-based index. */
  categories: Map<number, string>;
  /** A key that no other item has. */
  newKey(node: XmlNode): string;
}

/** Items that revsync's map finder exported and nobody has confirmed. */
export const GUESSED_CATEGORY = 'Guessed, unconfirmed';

type Common = Omit<
  DefinitionItem,
  'kind' | 'unit' | 'unitFrom' | 'rows' | 'columns' | 'storage' | 'conversion' | 'axes' | 'digits' | 'range'
>;

function common(node: XmlNode, context: ItemContext): Common {
  // CATEGORYMEM counts from 1, CATEGORY index from 0 (6,426 references resolve only that way).
  const categories = children(node, 'categorymem')
    .map((c) => context.categories.get((integer(c.attributes['category']) ?? 0) - 1))
    .filter((c) => c !== undefined);
  const description = textOf(node, 'description');
  return {
    key: context.newKey(node),
    title: textOf(node, 'title'),
    description,
    categories,
    // Confirmed in TunerPro by taking the item out of the category.
    ...(categories.includes(GUESSED_CATEGORY) ? { guess: description } : {}),
    role: null,
    variant: null,
    mask: null,
    patch: null,
  };
}

const range = (node: XmlNode, low: string, high: string): DefinitionItem['range'] => ({
  min: decimal(textOf(node, low)),
  max: decimal(textOf(node, high)),
});

const stated = (unit: string): Pick<DefinitionItem, 'unit' | 'unitFrom'> => ({
  unit,
  unitFrom: unit === '' ? 'none' : 'definition',
});

export function readTable(node: XmlNode, context: ItemContext): DefinitionItem | { reason: string } {
  const axes = new Map(children(node, 'xdfaxis').map((a) => [a.attributes['id']?.toLowerCase() ?? '', a]));
  const z = axes.get('z');
  if (z === undefined) return { reason: 'the table has no z axis' };
  const count = (axis: string): string => textOf(axes.get(axis) ?? z, 'indexcount');
  const place = placeOf(z, node, { rows: count('y'), columns: count('x') });
  const { storage, rows, columns, problem } = readEmbedded(place, context.baseOffset);
  if (problem !== null) return { reason: problem };
  return {
    ...common(node, context),
    kind: rows > 1 && columns > 1 ? 'map' : rows * columns > 1 ? 'curve' : 'scalar',
    ...stated(textOf(z, 'units')),
    rows,
    columns,
    storage,
    conversion: readConversion(z, context.baseOffset, context.keyOf),
    axes: [readAxis(axes.get('x'), 'x', columns, context), readAxis(axes.get('y'), 'y', rows, context)],
    digits: integer(textOf(z, 'decimalpl')),
    range: range(z, 'min', 'max'),
  };
}

export function readConstant(node: XmlNode, context: ItemContext): DefinitionItem | { reason: string } {
  const place = placeOf(node, node, { rows: '1', columns: '1' });
  const { storage, problem } = readEmbedded(place, context.baseOffset);
  if (problem !== null) return { reason: problem };
  return {
    ...common(node, context),
    kind: 'scalar',
    ...stated(textOf(node, 'units')),
    rows: 1,
    columns: 1,
    storage,
    conversion: readConversion(node, context.baseOffset, context.keyOf),
    axes: [],
    digits: integer(textOf(node, 'decimalpl')),
    range: range(node, 'rangelow', 'rangehigh'),
  };
}

/** XDFFUNCTION: x and y pairs; the y values are the cells of a curve over x. */
export function readFunction(node: XmlNode, context: ItemContext): DefinitionItem | { reason: string } {
  const axes = new Map(children(node, 'xdfaxis').map((a) => [a.attributes['id']?.toLowerCase() ?? '', a]));
  const [x, y] = [axes.get('x'), axes.get('y')];
  if (y === undefined) return { reason: 'the function has no y axis' };
  const { storage, rows, columns, problem } = readEmbedded(child(y, 'embeddeddata'), context.baseOffset);
  if (problem !== null) return { reason: problem };
  const count = Math.max(rows * columns, integer(textOf(y, 'indexcount')) ?? 1);
  return {
    ...common(node, context),
    kind: count > 1 ? 'curve' : 'scalar',
    ...stated(textOf(y, 'units')),
    rows: 1,
    columns: count,
    storage: storage === null ? null : { ...storage, layout: 'row' },
    conversion: readConversion(y, context.baseOffset, context.keyOf),
    axes: [readAxis(x, 'x', count, context)],
    digits: integer(textOf(y, 'decimalpl')),
    range: range(y, 'min', 'max'),
  };
}

export function readFlag(node: XmlNode, context: ItemContext): DefinitionItem | { reason: string } {
  const place = placeOf(node, node, { rows: '1', columns: '1' });
  const { storage, problem } = readEmbedded(place, context.baseOffset);
  if (problem !== null) return { reason: problem };
  return {
    ...common(node, context),
    kind: 'flag',
    unit: '',
    unitFrom: 'none',
    rows: 1,
    columns: 1,
    storage,
    conversion: { kind: 'identity' },
    axes: [],
    digits: 0,
    range: { min: null, max: null },
    mask: integer(textOf(node, 'mask')),
  };
}

export function readPatch(node: XmlNode, context: ItemContext): DefinitionItem | { reason: string } {
  const entries: NonNullable<DefinitionItem['patch']> = [];
  for (const entry of children(node, 'xdfpatchentry')) {
    const address = integer(entry.attributes['address']);
    const patched = hexBytes(entry.attributes['patchdata']);
    if (address === null || patched === null) return { reason: 'a patch entry lacks its address or its bytes' };
    const base = hexBytes(entry.attributes['basedata']);
    entries.push({
      address: address + context.baseOffset,
      patched,
      base: base?.length === patched.length ? base : null,
    });
  }
  return patchItem(common(node, context), entries);
}
