/** Inheritance: a ROM builds on others by id; its tables on tables of the same name, their axes by position. */
import { RevsyncError } from '../../core/errors.ts';
import { childrenOf, textIn, type XmlElement } from '../../core/xml.ts';

/** How a file beside the definition is read: null where there is none. */
export type FindRom = (id: string) => XmlElement | null;

/** Attributes and parts of one table, all layers joined. */
export interface MergedTable {
  name: string;
  attributes: Record<string, string>;
  /** Inner tables, in their order. */
  axes: MergedTable[];
  /** RomRaider's scalings inside the table. */
  scaling: XmlElement | null;
  /** Values of a static axis. */
  data: string[];
  states: { name: string; data: string }[];
  description: string;
  line: number;
}

export interface MergedRom {
  tables: Map<string, MergedTable>;
  scalings: Map<string, Record<string, string>>;
}

const MAX_LAYERS = 32;

/** The ids that a ROM builds on, nearest last. */
const basesOf = (rom: XmlElement): string[] => [
  ...(rom.attributes['base'] ? [rom.attributes['base']] : []),
  ...childrenOf(rom, 'include').map((i) => i.text.trim()),
];

/** Id of a ROM. */
export const idOf = (rom: XmlElement): string => {
  const romid = childrenOf(rom, 'romid')[0];
  return romid === undefined ? '' : textIn(romid, 'xmlid');
};

/** The ROM and everything it builds on, the base first. @throws RevsyncError BASE_MISSING | BASE_CIRCLE */
export function layersOf(rom: XmlElement, find: FindRom): XmlElement[] {
  const layers: XmlElement[] = [];
  const visit = (layer: XmlElement, path: XmlElement[]): void => {
    if (path.includes(layer)) {
      throw new RevsyncError(
        'BASE_CIRCLE',
        `the definition "${idOf(layer)}" builds on itself`,
        'Correct its <include> or base.',
      );
    }
    if (layers.includes(layer)) return;
    if (layers.length + path.length > MAX_LAYERS)
      throw new RevsyncError('BASE_CIRCLE', 'the definition builds on more than 32 others', 'Correct its <include>.');
    for (const id of basesOf(layer)) {
      const base = find(id);
      if (base === null) {
        throw new RevsyncError(
          'BASE_MISSING',
          `the definition "${idOf(rom)}" builds on "${id.slice(0, 80)}", which is neither in the file nor beside it nor in the folders around`,
          `Put ${id.slice(0, 80)}.xml into the same folder.`,
        );
      }
      visit(base, [...path, layer]);
    }
    layers.push(layer);
  };
  visit(rom, []);
  return layers;
}

export function mergeLayers(layers: XmlElement[], shared: XmlElement[]): MergedRom {
  const rom: MergedRom = { tables: new Map(), scalings: new Map() };
  for (const scaling of shared) addScaling(rom, scaling);
  for (const layer of layers) {
    for (const scaling of childrenOf(layer, 'scaling')) addScaling(rom, scaling);
    for (const node of childrenOf(layer, 'table')) {
      const name = node.attributes['name'] ?? '';
      rom.tables.set(name, joined(rom.tables.get(name) ?? null, node));
    }
  }
  return rom;
}

function addScaling(rom: MergedRom, scaling: XmlElement): void {
  const { attributes } = scaling;
  const name = attributes['name'];
  if (name !== undefined) rom.scalings.set(name, { ...rom.scalings.get(name), ...bitsOfList(scaling), ...attributes });
}

/** A list of choices that does not say how many bits one takes: as many as the values of all of them have. */
function bitsOfList(scaling: XmlElement): Record<string, string> {
  if (scaling.attributes['storagetype']?.toLowerCase() !== 'bloblist') return {};
  const lengths = new Set(childrenOf(scaling, 'data').map((d) => d.attributes['value']?.trim().length ?? 0));
  const [length] = lengths;
  return lengths.size === 1 && length ? { storagebits: String(4 * length) } : {};
}

/** A table over the one that it builds on: what it says itself counts. */
function joined(base: MergedTable | null, node: XmlElement): MergedTable {
  const own = childrenOf(node, 'table');
  const axes = base === null ? [] : [...base.axes];
  const taken = new Set<number>();
  for (const [i, axis] of own.entries()) {
    const at = placeOf(axis, i, own.length, axes, taken);
    taken.add(at);
    axes[at] = joined(axes[at] ?? null, axis);
  }
  const data = childrenOf(node, 'data').map((d) => d.text.trim());
  const states = childrenOf(node, 'state').map((s) => ({
    name: s.attributes['name'] ?? '',
    data: s.attributes['data'] ?? s.attributes['value'] ?? '',
  }));
  const { name: _, ...attributes } = node.attributes;
  const description = textIn(node, 'description');
  return {
    name: node.attributes['name'] ?? base?.name ?? '',
    attributes: { ...base?.attributes, ...attributes },
    axes,
    scaling: childrenOf(node, 'scaling')[0] ?? base?.scaling ?? null,
    data: data.length > 0 ? data : (base?.data ?? []),
    states: states.length > 0 ? states : (base?.states ?? []),
    description: description === '' ? (base?.description ?? '') : description,
    line: node.line,
  };
}

/**
 * Which axis of the base an inner table means: the one of its own type where it states one; else by position, since names differ
 * ("Load" over "Engine Load"); by name only where it names fewer axes than there are.
 */
function placeOf(axis: XmlElement, index: number, count: number, axes: MergedTable[], taken: Set<number>): number {
  const type = axis.attributes['type'];
  const free = (test: (a: MergedTable) => boolean): number => axes.findIndex((a, i) => !taken.has(i) && test(a));
  if (type !== undefined) {
    const same = free((a) => a.attributes['type'] === type);
    if (same >= 0) return same;
  } else if (count < axes.length) {
    const named = free((a) => a.name === axis.attributes['name']);
    if (named >= 0) return named;
  }
  return taken.has(index) || index > axes.length ? axes.length : index;
}
