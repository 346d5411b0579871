/**
 * Stock: the first reference. Either a whole factory tune (a file that the user gave, the garage's own read) or the
 * facts that revsync ships about a family's factory images.
 */
import type { Location, Sha256, Tune, TuneMap } from './model.ts';
import { movedBreakpoints, resampled } from './resample.ts';

/** What is shipped about one factory map: no calibration data, a hash and a few readings. */
export interface StockMapFacts {
  /** First 16 hex digits of rawHash(), one per known factory image; equal ones stand once. */
  raw: string[];
  /** axesHash(), one per known factory image: the same cells over other breakpoints are another map. Empty: none of its axes is stored. */
  axes: string[];
  /** Cells of the highest load breakpoint by rpm: one row of readings per known factory image is joined to its least and largest. */
  fullLoad: { rpm: number[]; low: number[]; high: number[]; unit: string } | null;
  /** Least and largest value over the high-load cells by rpm, over all known factory images. */
  highLoad: { rpm: number[]; low: number[]; high: number[]; unit: string } | null;
  /** Least and largest physical value anywhere in the map. */
  range: { low: number; high: number } | null;
  /** Scalars and short curves: the values themselves, one list per known factory image. */
  values: number[][] | null;
}

/** rules/stock/<definition id>.yaml */
export interface StockFacts {
  definition: string;
  images: { sha256: string; name: string; source: string }[];
  /** By the definition's title of the map. */
  maps: Record<string, StockMapFacts>;
  /** Highest limiter of normal running, cut and resume, rpm. */
  limiter: { cut: number; resume: number | null } | null;
  sources: string[];
}

/** Where a stock came from. */
export type StockOrigin = 'flag' | 'garage' | 'library' | 'bundled';

export interface StockReference {
  kind: 'stockFile' | 'stockKnown';
  /** Left out: a file is the flag's, facts are the bundled ones. */
  origin?: StockOrigin;
  /** Of the stock file. */
  sha256?: string;
  /** In words: the path, or whose facts. */
  source: string;
  /** The factory tune, decoded with the same definition. Null for shipped facts. */
  tune: Tune | null;
  /** Highest limiter of normal running, rpm. */
  limiterRpm: number | null;
  /**
   * The stock file is read without a flaw, and the tune has nearly all of its bytes: then the definition is right for the tune too, and
   * an axis that is broken in it is damage. Left out: not so, or not a file.
   */
  sameSoftware?: boolean;
  /** By map id of the tune. */
  maps: Map<string, StockOfMap>;
  /** The whole image equals a known factory image or the stock file. */
  wholeFileIsFactory: boolean;
}

/** What is known of the stock of one map of the tune. */
export interface StockOfMap {
  /** Cells equal to a factory map's. */
  equal: boolean;
  /** The factory map where a stock file is there. */
  map: TuneMap | null;
  facts: StockMapFacts | null;
  /** Row-major index of cells that differ; null where only a hash is known. */
  changed: number[] | null;
  /** Breakpoints that differ; the cells of `map` are then stock's at the places of the tune's own. Left out: none. */
  movedBreakpoints?: number;
  /** The stock map at its own breakpoints, where some were moved. */
  original?: TuneMap;
  /** The tune's cells there: between breakpoints that were pulled apart the ECU reads what no cell of the tune shows. */
  atOriginal?: Float64Array;
  /** Shipped facts: cell for cell a factory map over breakpoints that no factory has. */
  strangeAxes?: boolean;
}

/**
 * Hash of a map's raw elements: row-major, each as a big-endian two's complement of its own width (floats as IEEE 754), first 16 hex
 * digits of the SHA-256. Null for maps without raw elements.
 */
export function rawHash(map: TuneMap, sha256: Sha256): string | null {
  return map.raw === null || map.at === null ? null : sha256(elementsOf(map.raw, map.at)).slice(0, 16);
}

/** Hash of the stored breakpoints of a map, one axis after the other, as rawHash() has its cells. Null: none is stored. */
export function axesHash({ axes }: TuneMap, sha256: Sha256): string | null {
  const stored = axes.flatMap(({ raw, at }) => (raw === null || at === null ? [] : [elementsOf(raw, at)]));
  return stored.length === 0 ? null : sha256(Uint8Array.from(stored.flatMap((b) => [...b]))).slice(0, 16);
}

function elementsOf(raw: ArrayLike<number>, { elementBytes, float }: Location): Uint8Array {
  const view = new DataView(new ArrayBuffer(raw.length * elementBytes));
  for (const [i, value] of Array.from(raw).entries()) {
    const at = i * elementBytes;
    if (float) view.setFloat32(at, value);
    else if (elementBytes === 1) view.setUint8(at, value & 0xff);
    else if (elementBytes === 2) view.setUint16(at, value & 0xffff);
    else view.setUint32(at, value >>> 0);
  }
  return new Uint8Array(view.buffer);
}

/** Cells of the factory map; of several known factory versions the largest of each. Null: none are known. */
export function factoryValues({ map, facts }: StockOfMap): ArrayLike<number> | null {
  if (map !== null) return map.cells;
  const [first, ...others] = facts?.values ?? [];
  return first === undefined ? null : first.map((v, i) => Math.max(v, ...others.map((o) => o[i] ?? v)));
}

/** Engine speeds at which factory readings were taken and at which this map has no breakpoint any more. */
function missingSpeeds(map: TuneMap, { highLoad, fullLoad }: StockMapFacts): number {
  const speed = map.axes.find((a) => a.quantity === 'engineSpeed' && a.known);
  const rpm = (highLoad ?? fullLoad)?.rpm ?? [];
  if (speed === undefined) return 0;
  return rpm.filter((r) => !speed.breakpoints.some((n) => Math.abs(n - r) <= Math.max(2, n * 0.004))).length;
}

/** At the end of the number range: a limit that the author switched off (MSX125 931 holds 0xFFFE and 0xFFFF in its second cut). */
export function switchedOff(map: TuneMap, index: number): boolean {
  const raw = map.raw?.[index];
  if (raw === undefined || map.at === null) return false;
  return raw === 0 || raw >= 2 ** (8 * map.at.elementBytes) - 2;
}

/** From here on a speed is no limiter of any motorcycle engine: it is none at all. */
export const NO_LIMITER_RPM = 20_000;

/** Highest limiter of normal running in a tune: neutral, gear, cold, limp and launch limiters are others. Null: none, or absurd. */
export function limiterOf(tune: Tune): number | null {
  const tops = tune.maps
    .filter(
      (m) =>
        /^revLimiter(\.(cut|resume|hard|soft|kill|spark|fuel))?$/.test(m.role) &&
        !m.unset &&
        m.inUse !== false &&
        m.unitFrom !== 'none',
    )
    .map((m) =>
      Math.max(...Array.from(m.cells).filter((n, i) => !switchedOff(m, i) && n > 2_500 && n < NO_LIMITER_RPM)),
    )
    .filter(Number.isFinite);
  if (tops.length === 0) return null;
  // Beside one that stands, a limiter at more than half as much again limits nothing (MSX125 931: 9250 and 18 000).
  const least = Math.min(...tops);
  return Math.max(...tops.filter((n) => n <= least * OFF_OVER_ANOTHER));
}

/** A limiter so many times as high as another one of normal running is switched off. */
export const OFF_OVER_ANOTHER = 1.5;

export type StockCheck = { kind: 'stock'; stock: StockReference } | { kind: 'refused'; reason: string };

/**
 * A stock file as reference, after it was checked: one that is the tune itself, or that another definition reads, is none.
 */
export function stockFromTune(
  tune: Tune,
  stock: Tune,
  source: string,
  check: { identical: boolean; sameDefinition: boolean },
): StockCheck {
  if (!check.sameDefinition) {
    return {
      kind: 'refused',
      reason: 'another definition reads it: it is of other software, so cells cannot be held against each other',
    };
  }
  if (check.identical) return { kind: 'refused', reason: 'it is the tune itself, byte for byte' };
  const maps = new Map<string, StockOfMap>();
  const twins = new Map(stock.maps.map((m) => [m.id, m]));
  let compared = 0;
  for (const map of tune.maps) {
    const twin = twins.get(map.id);
    if (twin === undefined || twin.rows !== map.rows || twin.columns !== map.columns) continue;
    compared++;
    maps.set(map.id, comparedWith(map, twin));
  }
  if (compared === 0) return { kind: 'refused', reason: 'it shares no map with the tune' };
  return {
    kind: 'stock',
    stock: { kind: 'stockFile', source, tune: stock, limiterRpm: limiterOf(stock), maps, wholeFileIsFactory: false },
  };
}

/** Cell by cell; where a breakpoint was moved, stock is read at the places that the tune's cells stand for. */
function comparedWith(map: TuneMap, twin: TuneMap): StockOfMap {
  const moved = movedBreakpoints(map, twin);
  const cells = moved === 0 ? null : resampled(map, twin);
  const other = cells === null ? twin : { ...twin, axes: map.axes, cells, raw: null };
  const changed: number[] = [];
  const [a, b] = map.raw !== null && other.raw !== null ? [map.raw, other.raw] : [map.cells, other.cells];
  const there = moved === 0 ? null : resampled(twin, map);
  for (let i = 0; i < a.length; i++)
    if (!Object.is(a[i], b[i]) || (there !== null && there[i] !== twin.cells[i])) changed.push(i);
  const equal = changed.length === 0 && moved === 0 && map.state === twin.state;
  const compared = { equal, map: other, facts: null, changed };
  if (moved === 0) return compared;
  return { ...compared, movedBreakpoints: moved, original: twin, ...(there === null ? {} : { atOriginal: there }) };
}

/** What the tune has and what stock has at a cell: at the tune's breakpoint, and at stock's own where they were moved. Empty without cells. */
export function pairsAt(map: TuneMap, known: StockOfMap, index: number): { now: number; was: number }[] {
  if (known.map === null) return [];
  const own = { now: map.cells[index]!, was: known.map.cells[index]! };
  if (known.atOriginal === undefined || known.original === undefined) return [own];
  return [own, { now: known.atOriginal[index]!, was: known.original.cells[index]! }];
}

/**
 * Shipped facts as reference.
 * @param factsOf the facts of one map of the tune, null where there are none
 * @param placed the map as the definition reads it that the facts were taken with: its axes are the ones that are known
 */
export function stockFromFacts(
  tune: Tune,
  facts: StockFacts,
  { factsOf, placed }: { factsOf(map: TuneMap): StockMapFacts | null; placed(map: TuneMap): TuneMap },
  imageSha256: string,
  sha256: Sha256,
): StockReference {
  const whole = facts.images.some((i) => i.sha256 === imageSha256);
  const maps = new Map<string, StockOfMap>();
  for (const map of tune.maps) {
    const known = factsOf(map);
    if (known === null) continue;
    const hash = rawHash(map, sha256);
    const cellsEqual = hash !== null && known.raw.includes(hash);
    const axes = known.axes.length === 0 ? null : axesHash(placed(map), sha256);
    const strange = axes !== null && !known.axes.includes(axes);
    const moved = Math.max(missingSpeeds(map, known), strange ? 1 : 0);
    const equal = cellsEqual && moved === 0;
    maps.set(map.id, {
      equal,
      map: null,
      facts: known,
      changed: equal ? [] : null,
      ...(moved === 0 ? {} : { movedBreakpoints: moved }),
      ...(cellsEqual && strange ? { strangeAxes: true } : {}),
    });
  }
  const sources = facts.images.map((i) => i.name).join(', ');
  return {
    kind: 'stockKnown',
    source: `facts of the factory images ${sources}`,
    tune: null,
    limiterRpm: facts.limiter?.cut ?? null,
    maps,
    wholeFileIsFactory: whole,
  };
}
