/** From the object of a YAML file to a definition. */
import { RevsyncError } from '../../core/errors.ts';
import type {
  AxisDefinition,
  ByteOrder,
  Conversion,
  Definition,
  DefinitionItem,
  Identifier,
  Role,
  Storage,
  UnitFrom,
  Variant,
} from '../../core/model.ts';
import { QUANTITIES } from '../../core/model.ts';
import { hexBytes, patchItem } from '../../core/patch-item.ts';
import { readChecksum } from './checksum.ts';
import { Fields } from './fields.ts';

const TOP = [
  'title',
  'ecu',
  'motorcycles',
  'sources',
  'notes',
  'confirmedOnImage',
  'image',
  'axes',
  'maps',
  'scalars',
  'flags',
  'patches',
];
const STORED = ['type', 'byteOrder', 'step', 'lineStep', 'layout', 'scale', 'offset', 'reciprocal', 'digits'];
const ITEM = [
  'title',
  'role',
  'at',
  'for',
  'unit',
  'unitFrom',
  'load',
  'note',
  'guessed',
  'confirmed',
  'rejected',
  ...STORED,
];
const TYPES = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32'] as const;
const MAX_ADDRESS = 0xffff_ffff;

type Raw = Record<string, unknown>;

/** @throws RevsyncError DEFINITION_INVALID */
export function build(object: unknown, sha256: string, id: string): Definition {
  const fields = new Fields();
  const top = fields.object(object, 'definition', TOP);
  const ecu = fields.object(top['ecu'] ?? {}, 'ecu', ['maker', 'family', 'partNumber']);
  const image = fields.object(top['image'] ?? {}, 'image', ['bytes', 'byteOrder', 'identifiers', 'checksum']);
  const context: Context = {
    fields,
    byteOrder: fields.choice(image['byteOrder'], 'image.byteOrder', ['big', 'little'] as const, 'big'),
    axes: new Map(),
    rejected: new Map(),
  };
  for (const [name, axis] of Object.entries(
    fields.object(top['axes'] ?? {}, 'axes', Object.keys((top['axes'] ?? {}) as object)),
  )) {
    context.axes.set(name, readAxis(axis, `axes.${name}`, context));
  }
  const all = [
    ...fields.list(top['maps'], 'maps').flatMap((m, i) => readItems(m, `maps[${i}]`, 'map', context)),
    ...fields.list(top['scalars'], 'scalars').flatMap((m, i) => readItems(m, `scalars[${i}]`, 'scalar', context)),
    ...fields.list(top['flags'], 'flags').flatMap((m, i) => readItems(m, `flags[${i}]`, 'flag', context)),
    ...fields.list(top['patches'], 'patches').map((m, i) => readPatch(m, `patches[${i}]`, fields)),
  ];
  const items = all.filter((item) => !context.rejected.has(item));
  const seen = new Set<string>();
  for (const item of items) {
    if (seen.has(item.title)) fields.fault(item.title, 'two items have this title');
    seen.add(item.title);
  }
  const definition: Definition = {
    id,
    title: fields.text(top['title'], 'title'),
    description: fields.text(top['notes'], 'notes', ''),
    format: 'revsync-definition',
    sha256,
    ecu: {
      maker: ecu['maker'] === undefined ? null : fields.text(ecu['maker'], 'ecu.maker'),
      family: ecu['family'] === undefined ? null : fields.text(ecu['family'], 'ecu.family'),
      partNumbers: [ecu['partNumber'] ?? []].flat().map((p) => fields.text(p, 'ecu.partNumber')),
    },
    motorcycles: fields.list(top['motorcycles'], 'motorcycles').map((m) => fields.text(m, 'motorcycles')),
    sources: fields.list(top['sources'], 'sources').map((s) => fields.text(s, 'sources')),
    imageBytes: [image['bytes'] ?? []].flat().map((b) => fields.integer(b, 'image.bytes', 1, 64 * 1024 * 1024)),
    identifiers: fields
      .list(image['identifiers'], 'image.identifiers')
      .map((x, i) => readIdentifier(x, `image.identifiers[${i}]`, fields)),
    checksums: [image['checksum'] ?? []]
      .flat()
      .map((c, i) => readChecksum(c, `image.checksum[${i}]`, context.byteOrder, fields)),
    items,
    undecoded: [...context.rejected].map(([item, note]) => ({
      id: item.key,
      title: item.title,
      reason: `rejected by a person: ${note}`,
    })),
    warnings: [],
    confirmedOnImage: top['confirmedOnImage'] !== false,
  };
  if (fields.faults.length > 0) {
    throw new RevsyncError(
      'DEFINITION_INVALID',
      `${id}: ${fields.faults.join('; ')}`,
      'docs/definition-format.md describes every field.',
    );
  }
  return definition;
}

interface Context {
  fields: Fields;
  byteOrder: ByteOrder;
  axes: Map<string, NamedAxis>;
  /** Items that a person looked at and found to be none, with what was noted. */
  rejected: Map<DefinitionItem, string>;
}

/** An axis by its name; `before`: it stands so many bytes before the first cell of each map that uses it. */
interface NamedAxis extends Omit<AxisDefinition, 'axis'> {
  before: number | null;
}

/** Names the axes in `x` and `y` refer to, and the places of elements. */
function readStorage(
  raw: Raw,
  address: unknown,
  place: string,
  { fields, byteOrder }: Context,
  perLine: number,
): Storage {
  const type = fields.choice(raw['type'], `${place}.type`, TYPES, 'u8');
  const elementBytes = (Number(type.slice(1)) / 8) as 1 | 2 | 4;
  const elementStepBytes = fields.integer(raw['step'], `${place}.step`, elementBytes, 65_536, elementBytes);
  return {
    address: fields.integer(address, `${place}.at`, 0, MAX_ADDRESS),
    elementBytes,
    signed: type[0] === 'i',
    float: type[0] === 'f',
    byteOrder: fields.choice(raw['byteOrder'], `${place}.byteOrder`, ['big', 'little'] as const, byteOrder),
    layout: fields.choice(raw['layout'], `${place}.layout`, ['row', 'column'] as const, 'row'),
    elementStepBytes,
    lineStepBytes: fields.integer(raw['lineStep'], `${place}.lineStep`, 1, 1_048_576, perLine * elementStepBytes),
  };
}

function readConversion(raw: Raw, place: string, { fields }: Context): Conversion {
  if (raw['reciprocal'] !== undefined)
    return { kind: 'reciprocal', numerator: fields.number(raw['reciprocal'], `${place}.reciprocal`, 1) };
  const factor = fields.number(raw['scale'], `${place}.scale`, 1);
  const offset = fields.number(raw['offset'], `${place}.offset`, 0);
  return factor === 1 && offset === 0 ? { kind: 'identity' } : { kind: 'linear', factor, offset };
}

const digitsOf = (raw: Raw, place: string, fields: Fields): number | null =>
  raw['digits'] === undefined ? null : fields.integer(raw['digits'], `${place}.digits`, 0, 6);

function readAxis(value: unknown, place: string, context: Context): NamedAxis {
  const { fields } = context;
  const raw = fields.object(value, place, ['at', 'before', 'count', 'unit', 'quantity', 'fixed', 'note', ...STORED]);
  const quantity = fields.choice(raw['quantity'], `${place}.quantity`, QUANTITIES, 'unknown');
  const unit = fields.text(raw['unit'], `${place}.unit`, '');
  const digits = digitsOf(raw, place, fields);
  if (raw['fixed'] !== undefined) {
    const labels = fields.list(raw['fixed'], `${place}.fixed`);
    const numeric = labels.every((l) => typeof l === 'number');
    const breakpoints = labels.map((l) => (typeof l === 'number' ? l : null));
    return {
      before: null,
      count: labels.length,
      quantity,
      unit,
      digits,
      source: { kind: 'fixed', breakpoints, labels: numeric ? null : labels.map(String) },
    };
  }
  const count = fields.integer(raw['count'], `${place}.count`, 1, 4_096);
  const before = raw['before'] === undefined ? null : fields.integer(raw['before'], `${place}.before`, 1, 65_536);
  const storage = readStorage(raw, before === null ? raw['at'] : 0, place, context, count);
  return {
    before,
    count,
    quantity,
    unit,
    digits,
    source: { kind: 'stored', storage, conversion: readConversion(raw, place, context) },
  };
}

/** One line may stand for a set of twins: `for` names what tells them apart, `at` lists their places in the same order. */
function readItems(value: unknown, place: string, kind: 'map' | 'scalar' | 'flag', context: Context): DefinitionItem[] {
  const { fields } = context;
  const known = kind === 'map' ? [...ITEM, 'x', 'y'] : kind === 'flag' ? [...ITEM, 'mask'] : ITEM;
  const raw = fields.object(value, place, known);
  const variants = expand(raw['for'], `${place}.for`, fields);
  const places = Array.isArray(raw['at']) ? raw['at'] : [raw['at']];
  if (places.length !== variants.length) fields.fault(place, `${places.length} addresses for ${variants.length} maps`);
  const items = variants.map((variant, i) => readItem(raw, places[i] ?? 0, variant, place, kind, context));
  const note = (name: 'guessed' | 'confirmed' | 'rejected'): string | undefined =>
    raw[name] === undefined ? undefined : fields.text(raw[name], `${place}.${name}`);
  const [guessed, confirmed, rejected] = [note('guessed'), note('confirmed'), note('rejected')];
  const read = guessed === undefined || confirmed !== undefined ? items : items.map((i) => ({ ...i, guess: guessed }));
  if (rejected !== undefined) for (const item of read) context.rejected.set(item, rejected);
  return read;
}

function expand(value: unknown, place: string, fields: Fields): Variant[] {
  let variants: Variant[] = [{}];
  if (value === undefined) return variants;
  const sets = fields.object(value, place, ['cylinder', 'gear', 'mode', 'bank']);
  for (const [name, values] of Object.entries(sets)) {
    const list = fields.list(values, `${place}.${name}`).map(String);
    if (variants.length * list.length > 1_000) {
      fields.fault(place, 'over 1,000 maps in one line');
      return variants;
    }
    variants = variants.flatMap((v) => list.map((entry) => ({ ...v, [name]: entry })));
  }
  return variants;
}

function readItem(
  raw: Raw,
  at: unknown,
  variant: Variant,
  place: string,
  kind: 'map' | 'scalar' | 'flag',
  context: Context,
): DefinitionItem {
  const { fields } = context;
  const axes: AxisDefinition[] = [];
  for (const name of ['x', 'y'] as const) {
    if (raw[name] === undefined) continue;
    const axis = context.axes.get(fields.text(raw[name], `${place}.${name}`));
    if (axis === undefined) fields.fault(`${place}.${name}`, `there is no axis "${String(raw[name])}"`);
    else axes.push({ axis: name, ...placed(axis, at) });
  }
  const columns = axes.find((a) => a.axis === 'x')?.count ?? 1;
  const rows = axes.find((a) => a.axis === 'y')?.count ?? 1;
  const layout = raw['layout'] === 'column' ? 'column' : 'row';
  const load =
    raw['load'] === undefined
      ? undefined
      : fields.choice(raw['load'], `${place}.load`, ['throttle', 'pressure'] as const, 'throttle');
  const full: Variant = load === undefined ? variant : { ...variant, load };
  const title = fields
    .text(raw['title'], `${place}.title`)
    .replace(/\{(\w+)\}/g, (_, name: string) => String((variant as Record<string, unknown>)[name] ?? `{${name}}`));
  const unit = fields.text(raw['unit'], `${place}.unit`, '');
  return {
    key: title,
    title,
    description: fields.text(raw['note'], `${place}.note`, ''),
    kind: kind === 'map' ? (rows > 1 && columns > 1 ? 'map' : rows * columns > 1 ? 'curve' : 'scalar') : kind,
    categories: [],
    role: fields.text(raw['role'], `${place}.role`, 'other') as Role,
    variant: full,
    unit,
    unitFrom: fields.choice<UnitFrom>(
      raw['unitFrom'],
      `${place}.unitFrom`,
      ['definition', 'inferred', 'none'],
      unit === '' ? 'none' : 'definition',
    ),
    rows,
    columns,
    storage: readStorage(raw, at, place, context, layout === 'row' ? columns : rows),
    conversion: readConversion(raw, place, context),
    axes,
    digits: digitsOf(raw, place, fields),
    range: { min: null, max: null },
    mask: kind === 'flag' ? fields.integer(raw['mask'], `${place}.mask`, 1, MAX_ADDRESS, 0xff) : null,
    patch: null,
  };
}

/** The axis at its place: fixed, or counted back from the map's first cell. */
function placed({ before, ...axis }: NamedAxis, at: unknown): Omit<AxisDefinition, 'axis'> {
  if (before === null || axis.source.kind !== 'stored' || typeof at !== 'number') return axis;
  return {
    ...axis,
    source: { ...axis.source, storage: { ...axis.source.storage, address: Math.max(0, at - before) } },
  };
}

function readPatch(value: unknown, place: string, fields: Fields): DefinitionItem {
  const raw = fields.object(value, place, ['title', 'entries', 'note']);
  const title = fields.text(raw['title'], `${place}.title`);
  const patch = fields.list(raw['entries'], `${place}.entries`).map((e, i) => {
    const entry = fields.object(e, `${place}.entries[${i}]`, ['at', 'patched', 'base']);
    return {
      address: fields.integer(entry['at'], `${place}.at`, 0, MAX_ADDRESS),
      patched: bytesIn(entry['patched'], `${place}.patched`, fields),
      base: entry['base'] === undefined ? null : bytesIn(entry['base'], `${place}.base`, fields),
    };
  });
  const named = { key: title, title, description: fields.text(raw['note'], `${place}.note`, ''), categories: [] };
  return { ...patchItem(named, patch), role: 'other', variant: {} };
}

function bytesIn(value: unknown, place: string, fields: Fields): Uint8Array {
  const bytes = hexBytes(String(value ?? ''));
  if (bytes === null) fields.fault(place, 'expected bytes in hex, in quotes');
  return bytes ?? new Uint8Array(0);
}

function readIdentifier(value: unknown, place: string, fields: Fields): Identifier {
  const raw = fields.object(value, place, ['at', 'text', 'hex', 'what', 'required']);
  const text =
    raw['text'] === undefined ? fields.text(raw['hex'], `${place}.hex`) : fields.text(raw['text'], `${place}.text`);
  return {
    address: fields.integer(raw['at'], `${place}.at`, 0, MAX_ADDRESS),
    bytes: raw['text'] === undefined ? bytesIn(raw['hex'], `${place}.hex`, fields) : new TextEncoder().encode(text),
    text,
    what: fields.choice(raw['what'], `${place}.what`, ['calibration', 'partNumber', 'family'] as const, 'calibration'),
    required: raw['required'] === true,
  };
}
