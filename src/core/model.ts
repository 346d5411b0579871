/**
 * The nouns of revsync: what an image, a definition, a decoded tune, a motorcycle are.
 * Plain data, no behaviour. Terms follow ASAM MCD-2 MC (characteristic, axis, breakpoint) and TunerPro; see docs/glossary.md.
 */

import type { ChecksumDefinition, ChecksumResult } from './checksum-model.ts';
import type { DisputedReading } from './disputed.ts';
import type { Arrangement, ImageWindow } from './image-model.ts';

/** SHA-256 of some bytes as lower-case hex. Handed to the core, which knows no crypto library. */
export type Sha256 = (bytes: Uint8Array) => string;

// ---------------------------------------------------------------- images

/** Bytes that stand at an address of the ECU or, for a raw image, at a place of the file. */
export interface Segment {
  /** Address of the first byte. 0 for a raw image. */
  address: number;
  bytes: Uint8Array;
}

/** Bytes with addresses, as read from a file. */
export interface Image {
  /** In ascending order, never overlapping. */
  segments: Segment[];
  source: { sha256: string; byteLength: number };
  /** True: the file states addresses (Intel HEX, S-record), and places are told by address. Else by offset in the file. */
  addressed?: boolean;
  /** The file holds the bytes in another order than the ECU has them; null or absent: in that order. See core/arrangements.ts. */
  arrangement?: Arrangement | null;
  /** The file holds more or less than the memory of the ECU; null or absent: just that. See core/window.ts. */
  window?: ImageWindow | null;
  /** Address in the file of what stands at 0 here, where a definition counts from the start of the memory. */
  origin?: number;
}

// ---------------------------------------------------------------- definitions

export type ByteOrder = 'big' | 'little';

/** How the raw elements of an item lie in the image. */
export interface Storage {
  /** Address of the first element, base offset already added. */
  address: number;
  elementBytes: 1 | 2 | 4;
  signed: boolean;
  /** IEEE 754, 32 bits. */
  float: boolean;
  byteOrder: ByteOrder;
  /** `row`: the elements of one row follow each other. `column`: those of one column do. */
  layout: 'row' | 'column';
  /** Bytes from one element of a line to the next; equals elementBytes when packed. A line is a row, or a column in column layout. */
  elementStepBytes: number;
  /** Bytes from the first element of a line to the first of the next. */
  lineStepBytes: number;
}

/** A name in an equation and where its value comes from. */
export type EquationVariable =
  | { name: string; from: 'self' }
  /** Another place of the image. */
  | { name: string; from: 'address'; storage: Storage }
  /** The physical value of another item of one cell. */
  | { name: string; from: 'item'; itemKey: string };

/** An equation in the definition's own words; compiled by core/expression.ts, never evaluated as code. */
export interface Equation {
  text: string;
  variables: EquationVariable[];
  /** Set where the text is in TunerPro's words (core/expression.ts); ADDRESS() counts from this address. */
  tunerPro?: { baseOffset: number };
}

/** Raw to physical. */
export type Conversion =
  | { kind: 'identity' }
  /** physical = raw * factor + offset */
  | { kind: 'linear'; factor: number; offset: number }
  /** physical = numerator / raw, 0 stays unknown (periods: rpm limiters of Suzuki) */
  | { kind: 'reciprocal'; numerator: number }
  /** Pairs of raw and physical values, rising by raw. `otherwise`: outside of them, null unknown. */
  | { kind: 'table'; points: [raw: number, physical: number][]; interpolate: boolean; otherwise: number | null }
  /**
   * TunerPro equations. `cells` overrides the default for single cells, rows or columns (1-based as in the file):
   * row and column beat row beats column beats default.
   */
  | { kind: 'equation'; default: Equation; cells: { row: number | null; column: number | null; equation: Equation }[] };

/** What the breakpoints of an axis mean. */
export const QUANTITIES = [
  'engineSpeed',
  'throttle',
  'throttleAngle',
  'grip',
  'intakePressure',
  'load',
  'airflow',
  'coolantTemperature',
  'airTemperature',
  'headTemperature',
  'batteryVoltage',
  'gear',
  'vehicleSpeed',
  'time',
  'boost',
  'lambda',
  'ethanol',
  'barometricPressure',
  'index',
  'unknown',
] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** Where the breakpoints of an axis come from. */
export type AxisSource =
  | { kind: 'stored'; storage: Storage; conversion: Conversion }
  /** The physical cells of another item of the definition. */
  | { kind: 'item'; itemKey: string }
  | { kind: 'fixed'; breakpoints: (number | null)[]; labels: string[] | null }
  /** The file names no source: indices 1…n stand in, and the axis says so. */
  | { kind: 'none' };

export interface AxisDefinition {
  axis: 'x' | 'y';
  count: number;
  quantity: Quantity;
  unit: string;
  source: AxisSource;
  /** Decimal places to show, or null. */
  digits: number | null;
}

export type ItemKind = 'scalar' | 'curve' | 'map' | 'flag' | 'patch';

/** One thing that a definition describes. */
export interface DefinitionItem {
  /** Unique inside the definition, stable: what links point to. */
  key: string;
  /** Untouched, as the author wrote it. */
  title: string;
  description: string;
  kind: ItemKind;
  /** Categories of the definition, in its own words. */
  categories: string[];
  /** A role stated by the definition itself (our own format does), else null. */
  role: Role | null;
  /** Variant stated by the definition itself, else null: roles/ then reads it from the title. */
  variant: Variant | null;
  /** As the definition states it; '' where it states none. */
  unit: string;
  /** Our own format may say `inferred`: the source's equation gives the unit although its file names none. */
  unitFrom: UnitFrom;
  rows: number;
  columns: number;
  /** Null: a virtual item, computed from others, or a heading without data. */
  storage: Storage | null;
  conversion: Conversion;
  /** x first, then y. Curves have one, scalars none. */
  axes: AxisDefinition[];
  digits: number | null;
  /** Range stated by the author: often a default of the editor, not a safety limit. */
  range: { min: number | null; max: number | null };
  /** Flags: the bits that make it on. */
  mask: number | null;
  /** Proposed by a program and confirmed by nobody: why it was proposed. Shown, never judged. Absent: stated by an author. */
  guess?: string;
  /** Patches: bytes to compare. */
  patch: { address: number; patched: Uint8Array; base: Uint8Array | null }[] | null;
}

/** A text or bytes at a place that tell which software an image holds. */
export interface Identifier {
  address: number;
  /** Expected bytes. */
  bytes: Uint8Array;
  /** As a person reads it: "MGEA30H". */
  text: string;
  /** `calibration` names one revision; `family` is shared by relatives. */
  what: 'calibration' | 'partNumber' | 'family';
  /** A definition whose required identifier is absent does not fit. */
  required: boolean;
}

/** Where maps are in an image and how to read them. */
export interface Definition {
  id: string;
  title: string;
  description: string;
  format: string;
  /** SHA-256 of the definition's own bytes or text. */
  sha256: string;
  ecu: { maker: string | null; family: string | null; partNumbers: string[] };
  /** Ids of motorcycles this definition is for. */
  motorcycles: string[];
  sources: string[];
  /** Sizes in bytes that an image may have; empty: not said. */
  imageBytes: number[];
  identifiers: Identifier[];
  checksums: ChecksumDefinition[];
  items: DefinitionItem[];
  /** Items that could not be understood, with the reason. */
  undecoded: Undecoded[];
  warnings: string[];
  /** False: its author had no image to confirm it, so the image at hand must (core/proof.ts). Null: not said. */
  confirmedOnImage: boolean | null;
}

export interface Undecoded {
  id: string;
  title: string;
  reason: string;
}

// ---------------------------------------------------------------- tunes

export type DecodeConfidence = 'verified' | 'plausible' | 'guessed';
export type UnitFrom = 'definition' | 'inferred' | 'none';

/** What a map is for. Refined after a dot where known: `spark.neutral`, `fuel.trim`, `spark.limp`, `spark.idle`, `revLimiter.neutral`. */
export type RoleBase =
  | 'fuel'
  | 've'
  | 'lambdaTarget'
  | 'spark'
  | 'revLimiter'
  | 'dwell'
  | 'fan'
  | 'throttle'
  | 'idle'
  | 'injector'
  | 'enrichment'
  | 'correction'
  | 'sensor'
  | 'boost'
  | 'protection'
  | 'launch'
  | 'axis'
  | 'other';
export type Role = RoleBase | `${RoleBase}.${string}`;

/** What tells twins of one map apart; maps that differ in nothing else are one cause. */
export interface Variant {
  cylinder?: string;
  gear?: string;
  /** Riding mode or map set: "A", "MS1", "map 2". */
  mode?: string;
  /** Which load input governs: throttle or pressure. */
  load?: 'throttle' | 'pressure';
  /** Bank or end: "front", "rear". */
  bank?: string;
}

export interface Axis {
  axis: 'x' | 'y';
  quantity: Quantity;
  unit: string;
  /** Physical values, NaN where one cannot be computed. Indices 1…n where `known` is false. */
  breakpoints: number[];
  /** False: the definition names no source for the breakpoints. */
  known: boolean;
  labels: string[] | null;
  /** Raw elements where they are stored, else null. */
  raw: number[] | null;
  /** Digits to show. */
  digits: number | null;
  at: Location | null;
}

/** Where something stands in the file as the user has it. */
export interface Location {
  offsetBytes: number;
  elementBytes: number;
  byteOrder: ByteOrder;
  signed: boolean;
  float: boolean;
  layout: 'row' | 'column';
  elementStepBytes: number;
  lineStepBytes: number;
}

/** One decoded characteristic. */
export interface TuneMap {
  /** Unique in the tune and stable: slug of the title @ address. */
  id: string;
  title: string;
  description: string;
  categories: string[];
  kind: ItemKind;
  role: Role;
  /** 0..1; 1 where a person or our own definition said so. */
  roleConfidence: number;
  variant: Variant;
  /** Maps of one cause share it: role and title without the variant. */
  family: string;
  rows: number;
  columns: number;
  /** x first, then y. A map's x runs over columns, y over rows. */
  axes: Axis[];
  unit: string;
  /** `none`: the cells are raw counts; hold them only against stock and look at their shape. */
  unitFrom: UnitFrom;
  digits: number | null;
  /** Physical values, row-major, NaN where not computable. Length rows * columns. */
  cells: Float64Array;
  /** Raw elements in the same order; null for formats that hold physical values only. */
  raw: Float64Array | null;
  confidence: DecodeConfidence;
  /** As of its definition item: proposed, and confirmed by nobody. */
  guess?: string;
  at: Location | null;
  /** Flags: true or false. Patches: a word. Else null. */
  state: null | 'applied' | 'notApplied' | 'unknown' | boolean;
  /** True: every cell is the erased pattern (0xFF scaled): not set, so neither good nor bad. */
  unset: boolean;
  /** The value of the blank bytes around it, 0xFF or 0x00: that part of the file was not read, or erased; absent: none. */
  blankAround?: number;
  /** Range stated by the definition. */
  range: { min: number | null; max: number | null };
  /** Is the feature this map belongs to in use? Null: the file does not say. */
  inUse: boolean | null;
}

/** One decoded calibration. */
export interface Tune {
  format: string;
  ecu: { id: string | null; family: string | null; signature: string | null };
  /** In the definition's order: tables, constants, flags, patches. */
  maps: TuneMap[];
  undecoded: Undecoded[];
  warnings: string[];
  /** What the file says about itself in words. Hostile: escape before showing. */
  notes: string[];
  /** Checksums that the definition describes; absent for formats that state none. */
  checksums?: ChecksumResult[];
  /** Where the definition that ships for this very software reads other numbers from the same bytes. Left out: it was not asked. */
  disputed?: DisputedReading[];
  /** Format leftovers (settings of an MSQ, say) by name: engine facts that metrics may ask for by a documented key. */
  facts: TuneFacts;
}

/** Engine facts that a self-describing tune states. Null: it does not say. */
export interface TuneFacts {
  cylinders: number | null;
  strokes: 2 | 4 | null;
  displacementCc: number | null;
  injectorCcMin: number | null;
  stoichiometricAfr: number | null;
  /** `alphaN`, `speedDensity`, `maf` … as the tune says. */
  loadAlgorithm: string | null;
  /** Injections per engine cycle and cylinder set: 1 sequential. */
  squirtsPerCycle: number | null;
  /** Any other stated setting, name to value as text. */
  settings: Record<string, string>;
}

// ---------------------------------------------------------------- motorcycles

export type Confidence = 'high' | 'medium' | 'low';

/** One model generation. Null: not known well enough to write down. Sources and doubts: rules/motorcycles/. */
export interface Motorcycle {
  /** make/model-years: "honda/vfr1200f-2010-2017". */
  id: string;
  make: string;
  model: string;
  generation: string | null;
  yearFrom: number;
  yearTo: number;
  category: string;
  displacementCc: number;
  cylinders: number;
  layout: string;
  valvetrain: string;
  boreMm: number;
  strokeMm: number;
  compressionRatio: number | null;
  aspiration: 'na' | 'turbo' | 'supercharged';
  cooling: 'liquid' | 'air' | 'oil' | 'air/oil' | 'air/liquid';
  /** 2 for two-strokes. */
  strokes: 2 | 4;
  redlineRpm: number | null;
  revLimitRpm: number | null;
  peakPowerKw: number | null;
  peakPowerRpm: number | null;
  peakTorqueNm: number | null;
  peakTorqueRpm: number | null;
  fuelRonMin: number | null;
  fuelSystem: string | null;
  /** `cable`, `ride-by-wire` …, as the maker says. */
  throttle: string | null;
  idleRpm: number | null;
  ecuFamily: string | null;
  /** Per fact group: where it comes from. */
  sources: string[];
  confidence: Confidence;
  /** Other names riders use: "Busa", "Blackbird". */
  aliases: string[];
  /** Doubts and differences between markets and years, in words. */
  notes?: string[];
}

/** What the rider says about this bike on this day. Null: not said. */
export interface Conditions {
  ron: number | null;
  ethanolPercent: number | null;
  altitudeM: number | null;
  mods: string[];
}

// ---------------------------------------------------------------- references to cells

/** One cell of one map, as a person meets it. */
export interface CellRef {
  mapId: string;
  row: number;
  column: number;
  /** `last`: largest breakpoint of a load axis without a unit, so that its number says how far along it is. */
  axisValues: { quantity: Quantity; unit: string; value: number | null; last?: number | undefined }[];
  value: number | null;
  unit: string;
}

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
