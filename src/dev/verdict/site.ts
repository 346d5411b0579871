/** What the injector knows of a file: its maps by what they are for, and where an engine is at full load. Its own reading, not the rules'. */
import type { Decoded } from '../../app/decode-file.ts';
import type { Axis, Motorcycle, Quantity, TuneMap } from '../../core/model.ts';
import { type Editor, editorOf } from './editor.ts';
import type { Subject } from './subject.ts';

export interface Site {
  subject: Subject;
  decoded: Decoded;
  motorcycle: Motorcycle | null;
  /** Highest limiter of the untouched file that any engine could have, rpm; the last breakpoint where it names none. */
  topRpm: number | null;
  /** What an expert holds a cell against: the factory file where this one was tuned before, else the file itself. */
  factory(map: TuneMap): Float64Array;
  edit(): Editor;
}

/** @param factory the untouched file, where this one is not it */
export function siteOf(
  subject: Subject,
  decoded: Decoded,
  motorcycle: Motorcycle | null,
  factory: Decoded = decoded,
): Site {
  const cells = new Map(factory.tune.maps.map((m) => [m.id, m.cells]));
  return {
    subject,
    decoded,
    motorcycle,
    topRpm: topRpmOf(factory.tune.maps),
    factory: (map) => cells.get(map.id) ?? map.cells,
    edit: () => editorOf(decoded),
  };
}

function topRpmOf(maps: TuneMap[]): number | null {
  const limits = maps
    .filter((m) => m.role.startsWith('revLimiter') && !/neutral|launch|cold|gear|limp|trim/.test(m.role) && usable(m))
    .filter((m) => m.unitFrom !== 'none')
    .flatMap((m) => Array.from(m.cells))
    .filter((n) => n > 4_000 && n < 19_000);
  if (limits.length > 0) return Math.max(...limits);
  const ends = maps
    .filter((m) => /^(fuel|ve|spark)$/.test(m.role) && usable(m))
    .map((m) => Math.max(...(speedAxis(m)?.breakpoints.filter(Number.isFinite) ?? [])))
    .filter((n) => n > 3_000 && n < 19_000);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Set, in use, and at a place that the definition is sure of. */
export const usable = (map: TuneMap): boolean => !map.unset && map.inUse !== false && map.confidence !== 'guessed';

/** Usable maps of a role: `spark` means the main ones, without neutral, limp and trims. */
export const mapsOf = (site: Site, ...roles: string[]): TuneMap[] =>
  site.decoded.tune.maps.filter((m) => roles.includes(m.role) && usable(m));

const LOADS: Quantity[] = ['throttle', 'throttleAngle', 'grip', 'intakePressure', 'load', 'airflow', 'boost'];
const known = (axis: Axis): boolean =>
  axis.known && axis.breakpoints.length > 3 && axis.breakpoints.every(Number.isFinite);

export const speedAxis = (map: TuneMap): Axis | null =>
  map.axes.find((a) => a.quantity === 'engineSpeed' && known(a)) ?? null;
export const loadAxis = (map: TuneMap): Axis | null =>
  map.axes.find((a) => LOADS.includes(a.quantity) && known(a)) ?? null;

/** Surfaces over engine speed and load that hold something. */
export const isSurface = (map: TuneMap): boolean =>
  map.kind === 'map' &&
  map.cells.length >= 36 &&
  speedAxis(map) !== null &&
  loadAxis(map) !== null &&
  new Set(map.cells).size > 4;

/**
 * Fuel that governs full throttle: over the throttle where the file has such maps, else whatever it has. The name of a map says it too
 * ("TPS vs RPM"): where a definition leaves out what its axes are, a map over pressure beside it does not govern full throttle either.
 */
export function fuelMaps(site: Site): TuneMap[] {
  const all = mapsOf(site, 'fuel', 've', 'fuel.main').filter(isSurface);
  const byThrottle = all.filter((m) => m.variant.load === 'throttle' || /throttle/i.test(loadAxis(m)?.quantity ?? ''));
  return byThrottle.length > 0 ? byThrottle : all;
}

export const sparkMaps = (site: Site): TuneMap[] => mapsOf(site, 'spark').filter(isSurface);

export type Zone = 'fullLoad' | 'cruise' | 'light';

/**
 * Row-major indexes of a zone: full load is the upper sixth of the load axis from half to nine tenths of the limiter, where nobody
 * would argue; cruise is a fifth to two fifths of the load at a quarter to a half of the limiter.
 */
export function zone(site: Site, map: TuneMap, which: Zone): number[] {
  const [speed, load] = [speedAxis(map), loadAxis(map)];
  if (speed === null || load === null || site.topRpm === null) return [];
  const [low, high] = [Math.min(...load.breakpoints), Math.max(...load.breakpoints)];
  const found: number[] = [];
  for (let index = 0; index < map.cells.length; index++) {
    const at = (axis: Axis): number =>
      axis.breakpoints[axis.axis === 'x' ? index % map.columns : Math.floor(index / map.columns)]!;
    const n = at(speed) / site.topRpm;
    const share = (at(load) - low) / (high - low);
    const inside =
      which === 'fullLoad'
        ? share >= 0.84 && n >= 0.5 && n <= 0.92
        : which === 'cruise'
          ? share >= 0.18 && share <= 0.42 && n >= 0.25 && n <= 0.5
          : share >= 0.05 && share <= 0.3 && n >= 0.2 && n <= 0.6;
    if (inside && Number.isFinite(map.cells[index]!)) found.push(index);
  }
  return found;
}

/** A rectangle of so many rows and columns inside a zone, or null where none fits. */
export function blocks(map: TuneMap, cells: readonly number[], rows: number, columns: number): number[][] {
  const inside = new Set(cells);
  const found: number[][] = [];
  for (const index of cells) {
    const [r, c] = [Math.floor(index / map.columns), index % map.columns];
    if (r + rows > map.rows || c + columns > map.columns) continue;
    const block: number[] = [];
    for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) block.push((r + i) * map.columns + c + k);
    if (block.every((b) => inside.has(b))) found.push(block);
  }
  return found;
}
