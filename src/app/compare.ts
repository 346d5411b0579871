/** Two files against each other: maps, cells and bytes, and what the change would do. */

import { loadKnowledge } from '../catalog/knowledge.ts';
import {
  compareSettings,
  compareTunes,
  type MapComparison,
  type SettingChange,
  type Threshold,
} from '../core/compare.ts';
import { type ByteComparison, type ByteRun, compareBytes, coverMaps, flatBytes } from '../core/compare-bytes.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Definition, Image, TuneMap } from '../core/model.ts';
import { predictPerformance } from '../core/performance/predict.ts';
import { computeRegions } from '../core/regions.ts';
import { type Report, SCHEMA_VERSION } from '../core/report.ts';
import { stockFromTune } from '../core/stock.ts';
import { NO_CONDITIONS } from '../core/what-if.ts';
import { type Decoded, type DecodeRequest, decodeInput, imageOf, RefusedFile, readNamed } from './decode-file.ts';
import type { Surroundings } from './history.ts';
import { bundledTwin } from './known-stock.ts';
import type { Input } from './read-input.ts';
import { definitionInfo } from './resolve-definition.ts';
import { TOOL_VERSION } from './version.ts';

export interface CompareRequest {
  first: string;
  second: string;
  definition: string | null;
  /** Of the second file where it is another one. */
  secondDefinition: string | null;
  shiftBytes: number;
  roles: string[];
  threshold: Threshold | null;
}

interface Side {
  path: string;
  sha256: string;
  byteLength: number;
  format: string | null;
  definition: ReturnType<typeof definitionInfo> | null;
}

/** What `compare --format json` prints. */
export interface CompareDocument {
  schemaVersion: string;
  tool: { name: 'revsync'; version: string };
  a: Side;
  b: Side;
  /** Byte for byte. */
  identical: boolean;
  /** No map differs above the threshold, and no setting. */
  sameMaps: boolean;
  threshold: Threshold | null;
  /** "definition": one definition read both; "role": maps of different software or formats matched by title and role. */
  matchedBy: 'definition' | 'role' | null;
  maps: MapComparison[];
  /** What the second does otherwise than the first, as in a report; `reason` where nothing can be said. */
  performance: Report['performance'];
  /** Settings in words that differ. */
  settings: SettingChange[];
  /** Null where a file describes itself and its bytes mean nothing alone (MSQ). */
  bytes: (ByteComparison & { reason: null }) | { changed: null; explained: null; unexplained: []; reason: string };
  warnings: string[];
  errors: { code: string; message: string; hint: string }[];
}

export interface Compared {
  document: CompareDocument;
  exitCode: 0 | 1 | 2;
  /** The decoded maps by id, for pictures. Empty where a file could not be decoded. */
  first: ReadonlyMap<string, TuneMap>;
  second: ReadonlyMap<string, TuneMap>;
}

/**
 * A file that cannot be decoded is still compared byte by byte, with exit code 2.
 * @throws RevsyncError where a file cannot be read at all
 */
export async function compareFiles(
  request: CompareRequest,
  hooks: Pick<DecodeRequest, 'warn' | 'readStdin'>,
  around: Surroundings,
): Promise<Compared> {
  if (request.first === '-' && request.second === '-') {
    throw new RevsyncError('USAGE', 'standard input holds one file, not two', 'Name one of the files by its path.');
  }
  const [inputA, inputB] = [
    await readNamed(request.first, around.cwd, hooks.readStdin),
    await readNamed(request.second, around.cwd, hooks.readStdin),
  ];
  const errors: CompareDocument['errors'] = [];
  const decodeSide: DecodeSide = async (input, definition, like = null) => {
    try {
      const { shiftBytes, roles } = request;
      return await decodeInput(input, { definition, like, shiftBytes, roles, ...hooks }, around);
    } catch (error) {
      if (error instanceof RevsyncError) return error;
      throw error;
    }
  };
  const a = await decodeSide(inputA, request.definition);
  const b = await decodeSecond(inputB, a, request, decodeSide);
  for (const [side, input] of [
    [a, inputA],
    [b, inputB],
  ] as const) {
    if (side instanceof RevsyncError)
      errors.push({ code: side.code, message: `${input.path}: ${side.message}`, hint: side.hint });
  }
  const identical = inputA.sha256 === inputB.sha256;
  const both = a instanceof RevsyncError || b instanceof RevsyncError ? null : { a, b };
  const sameDefinition = both !== null && isOneDefinition(both.a, both.b);
  const compared =
    both === null ? null : compareTunes(inMemory(both.a), inMemory(both.b), sameDefinition, request.threshold);
  const settings = both === null ? [] : compareSettings(both.a.tune.facts.settings, both.b.tune.facts.settings);
  const document: CompareDocument = {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'revsync', version: TOOL_VERSION },
    a: sideOf(inputA, a),
    b: sideOf(inputB, b),
    identical,
    sameMaps:
      settings.length === 0 && (compared?.maps.every((m) => m.status === 'same' || isUnderThreshold(m)) ?? identical),
    threshold: request.threshold,
    matchedBy: both === null ? null : sameDefinition ? 'definition' : 'role',
    maps: compared?.maps ?? [],
    performance: await effectOf(both, sameDefinition, identical),
    settings,
    bytes: bytesOf(inputA, inputB, a, b, request.shiftBytes),
    warnings: both === null || sameDefinition ? [] : [otherSoftware(both.a, both.b)],
    errors,
  };
  const byId = (side: Decoded | RevsyncError): ReadonlyMap<string, TuneMap> =>
    new Map(side instanceof RevsyncError ? [] : side.tune.maps.map((m) => [m.id, m]));
  // Two copies of one file are the same whatever is in them.
  const exitCode = identical ? 0 : both === null ? 2 : request.threshold !== null && document.sameMaps ? 0 : 1;
  return { document, exitCode, first: byId(a), second: byId(b) };
}

type DecodeSide = (input: Input, definition: string | null, like?: string | null) => Promise<Decoded | RevsyncError>;

const isUnderThreshold = (m: MapComparison): boolean =>
  m.status === 'changed' && m.changed.length === 0 && m.underThreshold > 0 && m.state === null && m.notes.length === 0;

/** The second file: under its own definition, else the first one's where that fits, else as it says itself. */
async function decodeSecond(
  input: Input,
  a: Decoded | RevsyncError,
  request: CompareRequest,
  decodeSide: DecodeSide,
): Promise<Decoded | RevsyncError> {
  if (request.secondDefinition !== null) return decodeSide(input, request.secondDefinition);
  const shared = a instanceof RevsyncError ? request.definition : (a.candidate?.path ?? request.definition);
  const like = a instanceof RevsyncError || a.candidate === null ? null : a.definitionSha256;
  const first = await decodeSide(input, shared, like);
  if (shared === null || !(first instanceof RefusedFile) || first.code !== 'DEFINITION_MISMATCH') return first;
  const own = await decodeSide(input, null);
  return own instanceof RevsyncError ? first : own;
}

/** The first file taken for stock: what the second changes in torque and in the use of fuel, or why that cannot be told. */
async function effectOf(
  both: { a: Decoded; b: Decoded } | null,
  sameDefinition: boolean,
  identical: boolean,
): Promise<Report['performance']> {
  const none = (reason: string): Report['performance'] => ({
    torque: null,
    efficiency: null,
    limiter: null,
    terms: [],
    reason,
  });
  if (identical) return none('the two are the same file');
  if (both === null) return none('not known: a file could not be decoded');
  const { a, b } = both;
  if (!sameDefinition)
    return none(
      'not known: the files are of different software or formats, and cells are held against each other alone',
    );
  const checked = stockFromTune(b.tune, a.tune, a.input.path, { identical, sameDefinition });
  if (checked.kind === 'refused') return none(`not known: ${checked.reason}`);
  const { stock } = checked;
  const named = b.candidate?.definition.motorcycles ?? [];
  const id = named[0] ?? (await bundledTwin(b))?.motorcycles[0];
  const motorcycle = (await loadKnowledge('motorcycles')).find((m) => m.id === id) ?? null;
  const regions = computeRegions(b.tune, motorcycle, stock);
  return predictPerformance({ tune: b.tune, motorcycle, stock, conditions: NO_CONDITIONS, regions });
}

function isOneDefinition(a: Decoded, b: Decoded): boolean {
  if (a.candidate === null && b.candidate === null) return a.detected.format.id === b.detected.format.id;
  return a.definitionSha256 !== null && a.definitionSha256 === b.definitionSha256;
}

function otherSoftware(a: Decoded, b: Decoded): string {
  const name = (side: Decoded): string => side.candidate?.definition.title ?? side.detected.format.title;
  return `${name(a)} against ${name(b)}: maps are matched by title, role and variant, and only where nothing is in doubt; maps of other shapes or units are listed, not resampled`;
}

function sideOf(input: Input, side: Decoded | RevsyncError): Side {
  const decoded = side instanceof RevsyncError ? null : side;
  const detected = decoded?.detected ?? (side instanceof RefusedFile ? side.detected : null);
  return {
    path: input.path,
    sha256: input.sha256,
    byteLength: input.bytes.length,
    format: detected?.format.id ?? null,
    definition: decoded === null || decoded.candidate === null ? null : definitionInfo(decoded.candidate),
  };
}

function bytesOf(
  inputA: Input,
  inputB: Input,
  a: Decoded | RevsyncError,
  b: Decoded | RevsyncError,
  shiftBytes: number,
): CompareDocument['bytes'] {
  const described = [a, b].find((s) => !(s instanceof RevsyncError) && s.image === null);
  if (described !== undefined && !(described instanceof RevsyncError)) {
    return {
      changed: null,
      explained: null,
      unexplained: [],
      reason: `a file of the format ${described.detected.format.title} names its values itself: there are no bytes behind them`,
    };
  }
  const images = [imageFor(inputA, a), imageFor(inputB, b)];
  const [x, y] = images.map((image, i) => (image === null ? [inputA, inputB][i]!.bytes : flatBytes(image)));
  const covered = new Uint8Array(Math.max(x!.length, y!.length));
  for (const side of [a, b]) {
    if (side instanceof RevsyncError || side.candidate === null) continue;
    const maps = inMemory(side);
    coverMaps(covered, maps, finePrint(maps, side.candidate.definition, shiftBytes));
  }
  return { ...compareBytes(x!, y!, covered), reason: null };
}

/** The maps at their places in the memory of the ECU, where a file holds more than that: bytes are held against each other so. */
function inMemory({ image, tune }: Decoded): TuneMap[] {
  const by = image?.window?.offsetBytes ?? 0;
  if (by === 0 || image?.addressed === true) return tune.maps;
  const moved = (at: TuneMap['at']): TuneMap['at'] =>
    at === null ? null : { ...at, offsetBytes: at.offsetBytes - by };
  return tune.maps.map((m) => ({ ...m, at: moved(m.at), axes: m.axes.map((a) => ({ ...a, at: moved(a.at) })) }));
}

function imageFor(input: Input, side: Decoded | RevsyncError): Image | null {
  if (!(side instanceof RevsyncError)) return side.image;
  try {
    return imageOf(input);
  } catch {
    return null;
  }
}

/** Bits of flags and bytes of patches, found by title and place. */
function finePrint(
  maps: readonly TuneMap[],
  definition: Definition,
  shiftBytes: number,
): { masks: Map<string, number>; patches: Map<string, ByteRun[]> } {
  const masks = new Map<string, number>();
  const patches = new Map<string, ByteRun[]>();
  const key = (title: string, offset: number | undefined): string => `${title}@${offset}`;
  const ids = new Map(
    maps.filter((m) => m.kind === 'flag' || m.kind === 'patch').map((m) => [key(m.title, m.at?.offsetBytes), m.id]),
  );
  for (const item of definition.items) {
    const first = item.storage?.address ?? item.patch?.[0]?.address;
    const id = first === undefined ? undefined : ids.get(key(item.title, first + shiftBytes));
    if (id === undefined) continue;
    // Two flags of one name and byte: their bits together.
    if (item.kind === 'flag') masks.set(id, (masks.get(id) ?? 0) | (item.mask ?? 0xff));
    if (item.patch !== null)
      patches.set(
        id,
        item.patch.map((e) => ({ offsetBytes: e.address + shiftBytes, length: e.patched.length })),
      );
  }
  return { masks, patches };
}
