/** Candidate maps of an image that nobody has defined: shown to a person, never scored. */

import { packedRows } from '../core/bytes.ts';
import { flatBytes } from '../core/compare-bytes.ts';
import { RevsyncError } from '../core/errors.ts';
import { readElements } from '../core/finder/elements.ts';
import { type FoundMap, findMaps } from '../core/finder/find-maps.ts';
import type { FoundAxis } from '../core/finder/shapes.ts';
import { compareTwins, weighByTwin } from '../core/finder/twin.ts';
import type { Axis, AxisDefinition, Definition, DefinitionItem, Storage, TuneMap } from '../core/model.ts';
import { SCHEMA_VERSION } from '../core/report.ts';
import { definitionText } from '../formats/revsync-definition/write.ts';
import { xdfText } from '../formats/xdf/write.ts';
import { imageOf } from './decode-file.ts';
import type { Input } from './read-input.ts';

/** Larger images are no motorcycle ECU's, and the search takes about a second a MiB. */
const MAX_BYTES = 8 * 1024 * 1024;

export interface Candidate {
  id: string;
  offsetBytes: number;
  byteLength: number;
  rows: number;
  columns: number;
  elementBytes: 1 | 2 | 4;
  byteOrder: 'big' | 'little';
  signed: boolean;
  layout: 'row';
  /** Columns first, then rows; those that were found. */
  axes: { axis: 'x' | 'y'; offsetBytes: number; elementBytes: 1 | 2 | 4; count: number; breakpoints: number[] }[];
  /** Null: what a map is for is not guessed. */
  role: null;
  confidence: FoundMap['confidence'];
  because: string;
  /** Raw cells, row-major. */
  cells: number[];
}

/**
 * @param twin a second image of the same ECU, by which candidates are weighed
 * @returns `twinReason`: why the second image tells nothing; null where it does, or where none was given
 * @throws RevsyncError TOO_LARGE, or why a file holds no image
 */
export function candidatesBeside(
  input: Input,
  twin: Input | null,
): { candidates: Candidate[]; twinReason: string | null } {
  const bytes = imageBytes(input);
  const maps = findMaps(bytes);
  const twins = twin === null ? null : compareTwins(bytes, imageBytes(twin));
  const weighed = twins === null ? maps : weighByTwin(maps, twins);
  return { candidates: weighed.map((map) => candidateOf(bytes, map)), twinReason: twins?.reason ?? null };
}

function imageBytes(input: Input): Uint8Array {
  const bytes = flatBytes(imageOf(input));
  if (bytes.length > MAX_BYTES) {
    throw new RevsyncError(
      'TOO_LARGE',
      `${(bytes.length / 1024 / 1024).toFixed(0)} MiB are more than any motorcycle ECU holds`,
      'Cut the calibration out of the dump and look again.',
    );
  }
  return bytes;
}

function candidateOf(bytes: Uint8Array, map: FoundMap): Candidate {
  const { type } = map.reading;
  const axes = [
    ['x', map.x],
    ['y', map.y],
  ] as const;
  return {
    id: `0x${map.offsetBytes.toString(16).toUpperCase()}`,
    offsetBytes: map.offsetBytes,
    byteLength: map.byteLength,
    rows: map.rows,
    columns: map.columns,
    elementBytes: type.elementBytes,
    byteOrder: type.byteOrder,
    signed: type.signed,
    layout: 'row',
    axes: axes.flatMap(([axis, found]) => (found === null ? [] : [axisOf(bytes, axis, found)])),
    role: null,
    confidence: map.confidence,
    because: map.because,
    cells: Array.from(readElements(bytes, map.offsetBytes, map.rows * map.columns, type)),
  };
}

function axisOf(bytes: Uint8Array, axis: 'x' | 'y', found: FoundAxis): Candidate['axes'][number] {
  const { offsetBytes, count, type } = found;
  return {
    axis,
    offsetBytes,
    elementBytes: type.elementBytes,
    count,
    breakpoints: Array.from(readElements(bytes, offsetBytes, count, type)),
  };
}

/** By its offset, written in hex or decimal. @throws RevsyncError MAP_NOT_FOUND */
export function selectCandidate(candidates: readonly Candidate[], text: string): Candidate {
  const offset = Number(text);
  const found = candidates.find((c) => c.id.toLowerCase() === text.toLowerCase() || c.offsetBytes === offset);
  if (found !== undefined) return found;
  throw new RevsyncError(
    'MAP_NOT_FOUND',
    `no candidate begins at "${text}"`,
    'revsync maps FILE --candidates lists them with their offsets.',
  );
}

/** `maps --candidates --format json` */
export function candidatesDocument(input: Input, candidates: readonly Candidate[]): string {
  const document = {
    schemaVersion: SCHEMA_VERSION,
    input: { path: input.path, sha256: input.sha256, byteLength: input.bytes.length },
    candidates,
    errors: [],
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

/** A candidate as a map of raw counts, for the views. */
export function asMap(candidate: Candidate): TuneMap {
  const { id, rows, columns, elementBytes, byteOrder, signed, offsetBytes } = candidate;
  const storage = { elementBytes, byteOrder, signed, float: false, layout: 'row' as const };
  const axis = (found: Candidate['axes'][number]): Axis => ({
    axis: found.axis,
    quantity: 'unknown',
    unit: '',
    breakpoints: found.breakpoints,
    known: true,
    labels: null,
    raw: found.breakpoints,
    digits: 0,
    at: null,
  });
  return {
    id,
    title: `Candidate at ${id}`,
    description: candidate.because,
    categories: [],
    kind: 'map',
    role: 'other',
    roleConfidence: 0,
    variant: {},
    family: id,
    rows,
    columns,
    axes: candidate.axes.map(axis),
    unit: '',
    unitFrom: 'none',
    digits: 0,
    cells: Float64Array.from(candidate.cells),
    raw: Float64Array.from(candidate.cells),
    confidence: 'guessed',
    at: { offsetBytes, ...storage, elementStepBytes: elementBytes, lineStepBytes: elementBytes * columns },
    state: null,
    unset: false,
    range: { min: null, max: null },
    inUse: null,
  };
}

/** A definition of the candidates for a person to finish: where they are, nothing of what they mean; every one a guess. */
export function candidatesDefinition(input: Input, candidates: readonly Candidate[]): Definition {
  const storageOf = (at: { offsetBytes: number; elementBytes: 1 | 2 | 4 }, perLine: number, c: Candidate): Storage =>
    packedRows(at.offsetBytes, perLine, { elementBytes: at.elementBytes, byteOrder: c.byteOrder, signed: false });
  const axisOf = (c: Candidate, axis: 'x' | 'y'): AxisDefinition => {
    const count = axis === 'x' ? c.columns : c.rows;
    const found = c.axes.find((a) => a.axis === axis);
    const places = Array.from({ length: count }, (_, i) => i + 1);
    return {
      axis,
      count,
      quantity: found === undefined ? 'index' : 'unknown',
      unit: '',
      digits: null,
      source:
        found === undefined
          ? { kind: 'fixed', breakpoints: places, labels: null }
          : {
              kind: 'stored',
              storage: storageOf(found, count, c),
              conversion: { kind: 'identity' },
            },
    };
  };
  const items = candidates.map((c): DefinitionItem => {
    const title = `Candidate at ${c.id}`;
    return {
      key: title,
      title,
      description: '',
      kind: 'map',
      categories: [],
      role: 'other',
      variant: null,
      unit: '',
      unitFrom: 'none',
      rows: c.rows,
      columns: c.columns,
      storage: storageOf(c, c.columns, c),
      conversion: { kind: 'identity' },
      axes: [axisOf(c, 'x'), axisOf(c, 'y')],
      digits: 0,
      range: { min: null, max: null },
      mask: null,
      patch: null,
      guess: `${c.confidence}: ${c.because}`,
    };
  });
  return {
    id: 'candidates',
    title: `Unconfirmed candidates of ${input.name}`,
    description: '',
    format: 'revsync-definition',
    sha256: '',
    ecu: { maker: null, family: null, partNumbers: [] },
    motorcycles: [],
    sources: [`proposed by the map finder from the image ${input.sha256.slice(0, 16)} alone`],
    imageBytes: [input.bytes.length],
    identifiers: [],
    checksums: [],
    items,
    undecoded: [],
    warnings: [],
    confirmedOnImage: false,
  };
}

/** Candidates of medium confidence or better as YAML, or as an XDF for TunerPro. */
export function candidatesAs(format: 'yaml' | 'xdf', input: Input, candidates: readonly Candidate[]): string {
  const definition = candidatesDefinition(
    input,
    candidates.filter((c) => c.confidence !== 'low'),
  );
  return format === 'xdf' ? xdfText(definition) : definitionText(definition, SKELETON_NOTES);
}

const SKELETON_NOTES = [
  'Candidates that the map finder proposes. Nothing here is confirmed: give each map its title, role, unit and scale, delete what is',
  'none, name the motorcycle; revsync definitions confirm FILE IMAGE marks what you have looked at, and only that is judged.',
];
