/**
 * Which part of an engine's life a cell belongs to: idle, cruise, high load, reachable. The limiter that bounds the regions is the
 * stock's or the motorcycle's, never the tune's own: raising it must not shrink a region.
 */
import type { Axis, Motorcycle, Quantity, Tune, TuneMap } from './model.ts';
import type { StockReference } from './stock.ts';

/** One byte per cell, row-major: 1 belongs to the region. */
export interface RegionMasks {
  /** Of the map: cells are row · columns + column. */
  columns: number;
  /** False: no engine-speed axis, or no load axis where one is needed: no rule above `low` may use the masks. */
  known: boolean;
  idle: Uint8Array;
  cruise: Uint8Array;
  highLoad: Uint8Array;
  /** Load at or above 75 % of the axis' full scale, at 30 % of the limiter or faster. */
  wideOpen: Uint8Array;
  reachable: Uint8Array;
  /** Which axis is the engine speed and which the load, or null. */
  speedAxis: 'x' | 'y' | null;
  loadAxis: 'x' | 'y' | null;
  reason: string | null;
}

export interface Regions {
  /** Limiter that bounds the regions, rpm. */
  limiterRpm: number | null;
  limiterFrom: 'stockFile' | 'stockKnown' | 'motorcycle' | 'axis' | null;
  idleRpm: number | null;
  byMap: Map<string, RegionMasks>;
}

/** Idle speed where the motorcycle's is not known: wide enough for twins and fours. */
const TYPICAL_IDLE_RPM = 1_250;

export const LOADS: readonly Quantity[] = [
  'throttle',
  'throttleAngle',
  'grip',
  'intakePressure',
  'load',
  'airflow',
  'boost',
];

/** The axis that is the engine speed. */
export const speedAxisOf = (map: TuneMap): Axis | null =>
  map.axes.find((a) => a.quantity === 'engineSpeed' && a.known) ?? null;
/** The axis that is a load. */
export const loadAxisOf = (map: TuneMap): Axis | null =>
  map.axes.find((a) => LOADS.includes(a.quantity) && a.known && a.breakpoints.length > 1) ?? null;

/** Breakpoint of a cell along an axis, NaN where it has none. */
export function breakpointAt(axis: Axis | null, row: number, column: number): number {
  if (axis === null) return Number.NaN;
  return axis.breakpoints[axis.axis === 'x' ? column : row] ?? Number.NaN;
}

/** Regions of every map of a tune. */
export function computeRegions(tune: Tune, motorcycle: Motorcycle | null, stock: StockReference | null): Regions {
  const { limiterRpm, limiterFrom } = pickLimiter(tune, motorcycle, stock);
  const idleRpm = motorcycle?.idleRpm ?? null;
  const throttleFuel = tune.maps.some((m) => m.role === 'fuel' && m.variant.load === 'throttle');
  const byMap = new Map<string, RegionMasks>();
  for (const map of tune.maps) {
    if (map.kind !== 'map' && map.kind !== 'curve') continue;
    byMap.set(map.id, masksOf(map, limiterRpm, idleRpm, throttleFuel));
  }
  return { limiterRpm, limiterFrom, idleRpm, byMap };
}

function pickLimiter(
  tune: Tune,
  motorcycle: Motorcycle | null,
  stock: StockReference | null,
): Pick<Regions, 'limiterRpm' | 'limiterFrom'> {
  if (stock?.limiterRpm != null) return { limiterRpm: stock.limiterRpm, limiterFrom: stock.kind };
  const own = motorcycle?.revLimitRpm ?? motorcycle?.redlineRpm ?? null;
  if (own !== null) return { limiterRpm: own, limiterFrom: 'motorcycle' };
  // The last engine-speed breakpoint of the spark or fuel maps: the factory lays its maps out to the limiter and a little past it.
  const lasts = tune.maps
    .filter((m) => /^(spark|fuel|ve)$/.test(m.role) && !m.unset)
    .map((m) => Math.max(...(speedAxisOf(m)?.breakpoints ?? [Number.NaN]).filter(Number.isFinite)))
    .filter((n) => n > 2_000 && n < 22_000)
    .sort((a, b) => a - b);
  const median = lasts[Math.floor(lasts.length / 2)];
  return median === undefined ? { limiterRpm: null, limiterFrom: null } : { limiterRpm: median, limiterFrom: 'axis' };
}

function masksOf(map: TuneMap, limiterRpm: number | null, idleRpm: number | null, throttleFuel: boolean): RegionMasks {
  const count = map.rows * map.columns;
  const speed = speedAxisOf(map);
  const load = loadAxisOf(map);
  const masks: RegionMasks = {
    columns: map.columns,
    known: false,
    idle: new Uint8Array(count),
    cruise: new Uint8Array(count),
    highLoad: new Uint8Array(count),
    wideOpen: new Uint8Array(count),
    reachable: new Uint8Array(count),
    speedAxis: speed?.axis ?? null,
    loadAxis: load?.axis ?? null,
    reason: null,
  };
  if (speed === null || load === null || limiterRpm === null) {
    masks.reason = speed === null ? 'no engine-speed axis' : load === null ? 'no load axis' : 'no limiter is known';
    return masks;
  }
  masks.known = true;
  const idle = idleRpm ?? TYPICAL_IDLE_RPM;
  const values = load.breakpoints.filter(Number.isFinite);
  const low = Math.min(...values);
  const high = Math.max(...values);
  // On ECUs with a throttle and a pressure map the pressure map does not govern full throttle.
  const governsFullLoad = !(
    isPressure(load) &&
    throttleFuel &&
    map.role.startsWith('fuel') &&
    map.variant.load !== 'throttle'
  );
  // A pressure axis that reaches into boost would put boost into the middle of its span.
  const kpa = isKpa(load, map) && high > 120;
  for (let row = 0, i = 0; row < map.rows; row++) {
    for (let column = 0; column < map.columns; column++, i++) {
      const n = breakpointAt(speed, row, column);
      const l = breakpointAt(load, row, column);
      if (!Number.isFinite(n) || !Number.isFinite(l)) continue;
      const share = high === low ? 1 : (l - low) / (high - low);
      const ofLimiter = n / limiterRpm;
      if (n < idle + 300 && share <= 0.15) masks.idle[i] = 1;
      const part = kpa ? l >= 25 && l <= 75 : share >= 0.1 && share <= 0.45;
      if (ofLimiter >= 0.2 && ofLimiter <= 0.6 && part) masks.cruise[i] = 1;
      const closed = share < 0.03 && ofLimiter > 0.4;
      const lugging = share > 0.9 && ofLimiter < 0.3;
      const reachable = n >= idle * 0.8 && ofLimiter <= 1.02 && !closed && !lugging && !isVacuum(load, l, high);
      if (reachable) masks.reachable[i] = 1;
      if (!reachable || ofLimiter < 0.3) continue;
      if (share >= 0.75) masks.wideOpen[i] = 1;
      if (governsFullLoad && isHighLoad(load, l, share, ofLimiter)) masks.highLoad[i] = 1;
    }
  }
  return masks;
}

/** Absolute pressure in kilopascal: said, or of a file that describes itself and leaves the unit of its pressure out (rusEFI). */
const isKpa = (axis: Axis, map: TuneMap): boolean =>
  axis.quantity === 'intakePressure' &&
  (/^kpa/i.test(axis.unit) || (axis.unit === '' && map.at === null && axis.raw === null));

/**
 * Absolute pressure that no running engine makes: the throttle shut at high speed still leaves 15 to 20 kPa of the 100 outside.
 * Axes begin at 0 to have something to interpolate from. Of raw counts: a twentieth of the axis, whose end is full load or boost.
 */
const isVacuum = (load: Axis, value: number, high: number): boolean =>
  load.quantity === 'intakePressure' && value < (/^kpa/i.test(load.unit) ? 10 : high * 0.05);

const isPressure = (axis: Axis): boolean => axis.quantity === 'intakePressure' || axis.quantity === 'boost';

/** An engine at mid rpm is at full load long before full throttle. */
function isHighLoad(load: Axis, value: number, share: number, ofLimiter: number): boolean {
  if (load.quantity === 'intakePressure' && /^kpa/i.test(load.unit)) return value >= 85;
  if (load.quantity === 'throttle' || load.quantity === 'throttleAngle' || load.quantity === 'grip') {
    const percent = load.quantity === 'throttleAngle' || load.unit !== '%' ? share * 100 : value;
    return percent >= 30 + 45 * Math.min(1, ofLimiter);
  }
  return share >= 0.75;
}
