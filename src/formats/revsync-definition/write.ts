/** A definition as YAML, one line a map: what build.ts reads. For definitions that a program proposes; a person goes on from there. */
import { stringify } from 'yaml';
import { RevsyncError } from '../../core/errors.ts';
import type { AxisDefinition, Conversion, Definition, DefinitionItem, Storage } from '../../core/model.ts';

type Entries = [string, unknown][];

/**
 * @param comments lines for the top of the file, without "#"
 * @throws RevsyncError NOT_WRITABLE where an item is computed by an equation, which this format does not have
 */
export function definitionText(definition: Definition, comments: readonly string[]): string {
  const { ecu, identifiers, imageBytes, items } = definition;
  const axes = new AxisNames();
  const lines = items.map((item) => ({ kind: item.kind, line: flow(itemEntries(item, axes)) }));
  const section = (name: string, kinds: readonly string[]): string[] => {
    const own = lines.filter((l) => kinds.includes(l.kind)).map((l) => `  - ${l.line}`);
    return own.length === 0 ? [] : ['', `${name}:`, ...own];
  };
  const text = [
    ...comments.map((c) => `# ${c}`),
    `title: ${scalar(definition.title)}`,
    `ecu: ${flow([
      ['maker', ecu.maker ?? undefined],
      ['family', ecu.family ?? undefined],
      ['partNumber', ecu.partNumbers.length === 0 ? undefined : ecu.partNumbers],
    ])}`,
    `motorcycles: [${definition.motorcycles.join(', ')}]`,
    'sources:',
    ...definition.sources.map((s) => `  - ${scalar(s)}`),
    ...(definition.description === '' ? [] : [`notes: ${scalar(definition.description)}`]),
    ...(definition.confirmedOnImage === false ? ['confirmedOnImage: false'] : []),
    'image:',
    ...(imageBytes.length === 0
      ? []
      : [`  bytes: ${imageBytes.length === 1 ? imageBytes[0] : `[${imageBytes.join(', ')}]`}`]),
    '  byteOrder: big',
    ...(identifiers.length === 0
      ? []
      : [
          '  identifiers:',
          ...identifiers.map(
            (i) =>
              `    - ${flow([
                ['at', i.address],
                ['text', i.text],
                ['what', i.what],
                ['required', i.required || undefined],
              ])}`,
          ),
        ]),
    ...(axes.lines.length === 0 ? [] : ['', 'axes:', ...axes.lines.map((l) => `  ${l}`)]),
    ...section('maps', ['map', 'curve']),
    ...section('scalars', ['scalar']),
    ...section('flags', ['flag']),
  ];
  return `${text.join('\n')}\n`;
}

/** Axes by what they are: two maps over one axis name it once. */
class AxisNames {
  readonly lines: string[] = [];
  readonly #names = new Map<string, string>();

  nameOf(axis: AxisDefinition): string {
    const body = flow(axisEntries(axis));
    const known = this.#names.get(body);
    if (known !== undefined) return known;
    const { source, count, quantity } = axis;
    const base =
      source.kind === 'stored' ? `${quantity}${source.storage.address.toString(16).toUpperCase()}` : `index${count}`;
    let name = base;
    for (let n = 2; [...this.#names.values()].includes(name); n++) name = `${base}n${n}`;
    this.#names.set(body, name);
    this.lines.push(`${name}: ${body}`);
    return name;
  }
}

function axisEntries({ source, count, unit, quantity }: AxisDefinition): Entries {
  const meaning: Entries = [
    ['unit', unit === '' ? undefined : unit],
    ['quantity', quantity],
  ];
  if (source.kind === 'stored') {
    const { storage } = source;
    return [
      ['at', storage.address],
      ...storageEntries(storage, count),
      ['count', count],
      ...conversionEntries(source.conversion),
      ...meaning,
    ];
  }
  const places =
    source.kind === 'fixed' ? (source.labels ?? source.breakpoints) : Array.from({ length: count }, (_, i) => i + 1);
  return [['fixed', places], ...meaning];
}

function itemEntries(item: DefinitionItem, axes: AxisNames): Entries {
  const { storage, variant } = item;
  if (storage === null) throw notWritable(item.title, 'has no place of its own');
  const { load, ...twins } = variant ?? {};
  const sets = Object.entries(twins).map(([name, value]) => [name, [value]]);
  const axis = (side: 'x' | 'y'): string | undefined => {
    const found = item.axes.find((a) => a.axis === side);
    return found === undefined || found.count < 2 ? undefined : axes.nameOf(found);
  };
  return [
    ['title', item.title],
    ['role', item.role ?? undefined],
    ['for', sets.length === 0 ? undefined : Object.fromEntries(sets)],
    ['load', load],
    ['at', sets.length === 0 ? storage.address : [storage.address]],
    ...storageEntries(storage, storage.layout === 'row' ? item.columns : item.rows),
    ['mask', item.mask ?? undefined],
    ...conversionEntries(item.conversion, item.title),
    ['unit', item.unit === '' ? undefined : item.unit],
    ['unitFrom', item.unitFrom === 'inferred' ? 'inferred' : undefined],
    ['note', item.description === '' ? undefined : item.description],
    ['x', axis('x')],
    ['y', axis('y')],
    ['guessed', item.guess],
  ];
}

function storageEntries(storage: Storage, perLine: number): Entries {
  const { elementBytes, elementStepBytes: step, lineStepBytes, layout, byteOrder } = storage;
  return [
    ['type', `${storage.float ? 'f' : storage.signed ? 'i' : 'u'}${8 * elementBytes}`],
    ['byteOrder', elementBytes > 1 && byteOrder === 'little' ? 'little' : undefined],
    ['layout', layout === 'column' ? 'column' : undefined],
    ['step', step === elementBytes ? undefined : step],
    ['lineStep', lineStepBytes === perLine * step ? undefined : lineStepBytes],
  ];
}

function conversionEntries(conversion: Conversion, title = 'an axis'): Entries {
  switch (conversion.kind) {
    case 'identity':
      return [];
    case 'linear':
      return [
        ['scale', conversion.factor === 1 ? undefined : conversion.factor],
        ['offset', conversion.offset === 0 ? undefined : conversion.offset],
      ];
    case 'reciprocal':
      return [['reciprocal', conversion.numerator]];
    default:
      throw notWritable(title, 'is computed by an equation or a table');
  }
}

const notWritable = (title: string, why: string): RevsyncError =>
  new RevsyncError(
    'NOT_WRITABLE',
    `"${title}" ${why}, which revsync's YAML does not have`,
    'Keep the definition in its own format.',
  );

const flow = (entries: Entries): string =>
  `{ ${entries
    .filter(([, v]) => v !== undefined)
    .map(([key, v]) => `${key}: ${value(key, v)}`)
    .join(', ')} }`;

function value(key: string, v: unknown): string {
  if (typeof v === 'number') return key === 'at' || key === 'mask' ? `0x${v.toString(16).toUpperCase()}` : String(v);
  if (Array.isArray(v)) return `[${v.map((e) => value(key, e)).join(', ')}]`;
  if (v !== null && typeof v === 'object') return flow(Object.entries(v));
  return typeof v === 'string' ? scalar(v) : String(v);
}

/** Plain words as they are, anything else in quotes. */
const scalar = (text: string): string =>
  /^[A-Za-z][\w.]*$/.test(text) && typeof readBack(text) === 'string' ? text : JSON.stringify(text);

const readBack = (text: string): unknown => (stringify(text).startsWith('"') ? null : text);
