/** From an analogy to a definition whose every item is a guess with its reason: a person confirms it map by map. */
import { packedRows } from '../bytes.ts';
import { readElements } from '../finder/elements.ts';
import type { FoundMap } from '../finder/find-maps.ts';
import type { Analogy, Proposal } from '../finder/resemble.ts';
import type { FoundAxis } from '../finder/shapes.ts';
import type {
  AxisDefinition,
  AxisSource,
  Conversion,
  Definition,
  DefinitionItem,
  Quantity,
  Role,
  Storage,
} from '../model.ts';
import { isMonotonic } from '../monotonic.ts';
import { findLimiters } from './limiters.ts';

export interface ProposeInput {
  bytes: Uint8Array;
  analogy: Analogy;
  /** Candidates of the finder, to know what is covered. */
  maps: readonly FoundMap[];
  /** Bundled definitions that the analogy may name. */
  known: readonly Definition[];
  sha256: string;
  name: string;
}

const IDENTITY: Conversion = { kind: 'identity' };
/** Ids of Keihin software as seen in 26 images: KPPS101, MEEA60C, K64A209. */
const SOFTWARE_ID = /^[A-Z][A-Z0-9]{2}[A-Z][0-9]{2}[0-9A-Z]$/;
const SPEED_RPM: [number, number] = [3_000, 20_000];
const SPARK_DEGREES: [number, number] = [-30, 75];
const NAMES: Record<string, string> = { fuel: 'Fuel', spark: 'Spark advance', throttle: 'Throttle plates' };

/** Null where the analogy proposes nothing. */
export function proposeDefinition(input: ProposeInput): Definition | null {
  const { bytes, analogy, known, sha256, name } = input;
  if (analogy.proposals.length === 0) return null;
  const families = analogy.families.map((f) => f.definition);
  const byteOrder = analogy.proposals[0]!.group.byteOrder;
  const speed = speedConversion(input);
  const items = inGroups(analogy.proposals).flatMap(({ proposal, title }) =>
    proposal.group.maps.map((map, i, all) =>
      mapItem(input, proposal, map, all.length === 1 ? title : `${title}, ${i + 1} of ${all.length}`, speed),
    ),
  );
  const limiters = findLimiters(bytes, byteOrder, topSpeeds(bytes, items), coveredBy(input));
  return {
    id: 'proposal',
    title: `Proposed for ${name} by its likeness to ${families[0] ?? 'known families'}`,
    description: `Everything here is guessed from how the maps of ${families.join(', ')} run. Nothing is judged until a person confirms it.`,
    format: 'revsync-definition',
    sha256: '',
    ecu: { maker: known.find((d) => d.id === families[0])?.ecu.maker ?? null, family: null, partNumbers: [] },
    motorcycles: [],
    sources: [`proposed from the image ${sha256.slice(0, 16)} by analogy with ${families.slice(0, 3).join(', ')}`],
    imageBytes: [bytes.length],
    identifiers: softwareId(bytes),
    checksums: [],
    items: [...items, ...limiters.map((l, i) => limiterItem(l, i, byteOrder))],
    undecoded: [],
    warnings: [],
    confirmedOnImage: false,
  };
}

/** Titles: the purpose, and a number where several groups share it. */
function inGroups(proposals: readonly Proposal[]): { proposal: Proposal; title: string }[] {
  const purpose = ({ role, load }: Proposal): string => `${NAMES[role] ?? role}${load === null ? '' : ` by ${load}`}`;
  const counts = new Map<string, number>();
  const totals = new Map<string, number>();
  for (const p of proposals) totals.set(purpose(p), (totals.get(purpose(p)) ?? 0) + 1);
  return proposals.map((proposal) => {
    const text = purpose(proposal);
    const n = (counts.get(text) ?? 0) + 1;
    counts.set(text, n);
    return { proposal, title: totals.get(text) === 1 ? text : `${text}, group ${n}` };
  });
}

function mapItem(
  input: ProposeInput,
  proposal: Proposal,
  map: FoundMap,
  title: string,
  speed: Conversion | null,
): DefinitionItem {
  const { bytes } = input;
  const { role, load, confidence, because } = proposal;
  const example = exampleOf(input, proposal, map);
  const { type } = map.reading;
  const storage = packedRows(map.offsetBytes, map.columns, type);
  const raw = readElements(bytes, map.offsetBytes, map.rows * map.columns, type);
  const scaled =
    example !== undefined && example.storage?.elementBytes === type.elementBytes && isSane(role, raw, example);
  return {
    key: title,
    title,
    description: '',
    kind: 'map',
    categories: [],
    role: role as Role,
    variant: load === null ? {} : { load },
    unit: scaled ? example.unit : '',
    unitFrom: scaled && example.unit !== '' ? 'inferred' : 'none',
    rows: map.rows,
    columns: map.columns,
    storage,
    conversion: scaled ? example.conversion : IDENTITY,
    axes: [columnAxis(input, proposal, map, example), rowAxis(input, map, speed)],
    digits: scaled ? example.digits : null,
    range: { min: null, max: null },
    mask: null,
    patch: null,
    guess: `${confidence}: ${because}`,
  };
}

/** Bundled definitions, those that the image resembles most first: families of other makers may run alike and count otherwise. */
function relatives({ analogy, known }: ProposeInput, also?: string): Definition[] {
  const order = new Set([...analogy.families.map((f) => f.definition), ...(also === undefined ? [] : [also])]);
  return [...order].flatMap((id) => known.find((d) => d.id === id) ?? []);
}

/** Whose conversions are proposed: a map of this purpose and width of element in the nearest family that has one. */
function exampleOf(input: ProposeInput, { role, load, like }: Proposal, map: FoundMap): DefinitionItem | undefined {
  for (const { items } of relatives(input, like.definition)) {
    const example = items.find(
      (i) =>
        i.kind === 'map' &&
        i.role?.split('.')[0] === role &&
        (load === null || i.variant?.load === load) &&
        i.storage?.elementBytes === map.reading.type.elementBytes,
    );
    if (example !== undefined) return example;
  }
  return undefined;
}

/** How this image counts engine speed: as the nearest family under which most of its axes end where engines do; else as words of rpm. */
function speedConversion(input: ProposeInput): Conversion | null {
  const axes = input.analogy.proposals.flatMap((p) => p.group.maps.flatMap((m) => m.y ?? []));
  const isRight = (conversion: Conversion): boolean => {
    const right = axes.filter((a) =>
      fits('engineSpeed', readElements(input.bytes, a.offsetBytes, a.count, a.type), conversion),
    );
    return right.length > 0 && right.length >= 0.8 * axes.length;
  };
  const candidates = relatives(input, input.analogy.proposals[0]!.like.definition).flatMap(({ items }) => {
    const speeds = items.flatMap((i) => i.axes).find((a) => a.quantity === 'engineSpeed' && a.source.kind === 'stored');
    return speeds?.source.kind === 'stored' ? [speeds.source.conversion] : [];
  });
  return [...candidates, IDENTITY].find(isRight) ?? null;
}

/** Does the conversion of the example give numbers that an engine can have? Spark has limits; widths of pulses have none that are known. */
function isSane(role: string, raw: Int32Array, { unit, conversion }: DefinitionItem): boolean {
  if (role !== 'spark' || unit !== '°') return true;
  const sorted = Array.from(raw, (v) => physical(v, conversion)).sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor(0.02 * sorted.length)]!, sorted[Math.floor(0.98 * (sorted.length - 1))]!];
  return low >= SPARK_DEGREES[0] && high <= SPARK_DEGREES[1];
}

function physical(raw: number, conversion: Conversion): number {
  if (conversion.kind === 'linear') return raw * conversion.factor + conversion.offset;
  if (conversion.kind === 'reciprocal') return conversion.numerator / raw;
  return raw;
}

/** An axis over which fuel by pressure stands is not that of fuel by throttle too: one of them was taken for the other's. */
function trustedColumns({ analogy }: ProposeInput, { load }: Proposal, { x }: FoundMap): FoundAxis | null {
  if (x === null || load !== 'throttle') return x;
  const isPressure = analogy.proposals.some(
    (p) => p.load === 'pressure' && p.group.maps.some((m) => m.x?.offsetBytes === x.offsetBytes),
  );
  return isPressure ? null : x;
}

/** Columns: what governs the load of the map; the relative's scale where it is of the same kind. */
function columnAxis(
  input: ProposeInput,
  proposal: Proposal,
  map: FoundMap,
  example: DefinitionItem | undefined,
): AxisDefinition {
  const found = trustedColumns(input, proposal, map);
  if (found === null) return places('x', map.columns);
  const like = example?.axes.find((a) => a.axis === 'x');
  const quantity: Quantity =
    proposal.load === 'pressure'
      ? 'intakePressure'
      : proposal.load === 'throttle'
        ? 'throttle'
        : (like?.quantity ?? 'unknown');
  const conversion = like?.quantity === quantity ? conversionOf(like.source, found.type.elementBytes) : null;
  const raw = readElements(input.bytes, found.offsetBytes, found.count, found.type);
  const isScaled = conversion !== null && fits(quantity, raw, conversion);
  return stored('x', found, quantity, isScaled ? like!.unit : '', isScaled ? conversion : IDENTITY);
}

function rowAxis({ bytes }: ProposeInput, { rows, y }: FoundMap, speed: Conversion | null): AxisDefinition {
  if (y === null) return places('y', rows);
  const raw = readElements(bytes, y.offsetBytes, y.count, y.type);
  return speed !== null && fits('engineSpeed', raw, speed)
    ? stored('y', y, 'engineSpeed', 'rpm', speed)
    : stored('y', y, 'unknown', '', IDENTITY);
}

const places = (axis: 'x' | 'y', count: number): AxisDefinition => ({
  axis,
  count,
  quantity: 'index',
  unit: '',
  digits: null,
  source: { kind: 'fixed', breakpoints: Array.from({ length: count }, (_, i) => i + 1), labels: null },
});

function stored(
  axis: 'x' | 'y',
  found: FoundAxis,
  quantity: Quantity,
  unit: string,
  conversion: Conversion,
): AxisDefinition {
  const storage = packedRows(found.offsetBytes, found.count, found.type);
  return { axis, count: found.count, quantity, unit, digits: null, source: { kind: 'stored', storage, conversion } };
}

/** Null where the relative's axis is of another width, or stored nowhere. */
function conversionOf(source: AxisSource | undefined, elementBytes: number): Conversion | null {
  return source?.kind === 'stored' && source.storage.elementBytes === elementBytes ? source.conversion : null;
}

function fits(quantity: Quantity, raw: Int32Array, conversion: Conversion): boolean {
  if (!isMonotonic(raw)) return false;
  const most = Math.max(...Array.from(raw, (v) => physical(v, conversion)));
  if (quantity === 'engineSpeed') return most >= SPEED_RPM[0] && most <= SPEED_RPM[1];
  if (quantity === 'throttle' || quantity === 'grip') return most >= 50 && most <= 130;
  return true;
}

/** Last engine speeds of the axes in words of rpm, that of most maps first: a set that the ECU does not use may end elsewhere. */
function topSpeeds(bytes: Uint8Array, items: readonly DefinitionItem[]): number[] {
  const maps = new Map<number, number>();
  for (const { quantity, source, count } of items.flatMap((i) => i.axes)) {
    if (quantity !== 'engineSpeed' || source.kind !== 'stored' || source.conversion.kind !== 'identity') continue;
    const { address, elementBytes, byteOrder, signed } = source.storage;
    if (elementBytes === 4) continue;
    const top = Math.max(...readElements(bytes, address, count, { elementBytes, byteOrder, signed }));
    maps.set(top, (maps.get(top) ?? 0) + 1);
  }
  return [...maps].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([top]) => top);
}

function limiterItem(
  { offsetBytes, cut, because, confidence }: ReturnType<typeof findLimiters>[number],
  i: number,
  byteOrder: Storage['byteOrder'],
): DefinitionItem {
  const title = `Rev limiter, candidate ${i + 1}`;
  return {
    key: title,
    title,
    description: '',
    kind: 'scalar',
    categories: [],
    role: 'revLimiter',
    variant: {},
    unit: 'rpm',
    unitFrom: 'inferred',
    rows: 1,
    columns: 1,
    storage: packedRows(offsetBytes + 2, 1, { elementBytes: 2, byteOrder, signed: false }),
    conversion: IDENTITY,
    axes: [],
    digits: 0,
    range: { min: null, max: null },
    mask: null,
    patch: null,
    guess: `${confidence}: ${because}; ${cut} is read`,
  };
}

function coveredBy({ maps, analogy }: ProposeInput): (offset: number) => boolean {
  const spans = [...maps, ...analogy.proposals.flatMap((p) => p.group.maps)].flatMap((m) => [
    [m.offsetBytes, m.offsetBytes + m.byteLength] as const,
    ...[m.x, m.y]
      .filter((a) => a !== null)
      .map((a) => [a.offsetBytes, a.offsetBytes + a.count * a.type.elementBytes] as const),
  ]);
  return (offset) => spans.some(([from, to]) => offset >= from && offset < to);
}

/** The one text in the image that looks like a software id of Keihin; none where there are several. */
function softwareId(bytes: Uint8Array): Definition['identifiers'] {
  const found = new Map<string, number>();
  let start = -1;
  for (let i = 0; i <= bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    const isPart = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
    if (isPart) {
      if (start < 0) start = i;
      continue;
    }
    if (start >= 0 && i - start === 7) {
      const text = String.fromCharCode(...bytes.subarray(start, i));
      if (SOFTWARE_ID.test(text)) found.set(text, start);
    }
    start = -1;
  }
  const only = found.size === 1 ? [...found][0]! : null;
  if (only === null) return [];
  const [text, address] = only;
  return [{ address, bytes: bytes.slice(address, address + 7), text, what: 'calibration', required: true }];
}
