/**
 * Units where the file names none. Numbers are taken for physical only if they fit what their role can be AND something else
 * in the file agrees; else they stay raw counts. Most motorcycle XDFs state no unit although their equations give one.
 * Whole groups are judged, so that one altered map of twelve does not lose its unit and hide from the rules.
 */
import type { Axis, Tune, TuneMap } from '../model.ts';

/** How maps of some roles are recognised as physical. */
interface Guess {
  roles: RegExp;
  unit: string;
  /** Values are what this role can be in `unit`. */
  fits: (map: TuneMap, lastRpm: number | null) => boolean;
  /** Maps that must fit: 2 where nothing but a twin can agree. */
  least: 1 | 2;
  /** Lies over no axis that tells a right decode from a wrong one ("On", "Off"), so a guessed decode is no objection. */
  axisFree?: boolean;
}

const GUESSES: Guess[] = [
  { roles: /^spark(\.(neutral|limp|idle|cold|torqueLimit))?$/, unit: '°', fits: isSpark, least: 2 },
  { roles: /^fuel(\.(neutral|limp|idle|cold))?$/, unit: 'ms', fits: isPulse, least: 1 },
  {
    roles: /^revLimiter(\.(cut|resume|soft|hard|kill|neutral|gear|cold))?$/,
    unit: 'rpm',
    fits: isLimiter,
    least: 1,
    axisFree: true,
  },
  { roles: /^throttle$/, unit: '%', fits: (map) => isScaled(map) && within(map, 0, 101), least: 2 },
  { roles: /^fan$/, unit: '°C', fits: isSwitchPair, least: 1, axisFree: true },
  {
    roles: /^fan\.(on|off)$/,
    unit: '°C',
    fits: (map) => isScaled(map) && within(map, 50, 200),
    least: 2,
    axisFree: true,
  },
  { roles: /^idle\.target$/, unit: 'rpm', fits: (map) => within(map, 600, 4000), least: 2, axisFree: true },
  { roles: /^lambdaTarget$/, unit: 'AFR', fits: (map) => isScaled(map) && within(map, 8, 22), least: 2 },
];

/**
 * A scalar or a pair has no axis that could tell a right decode from a wrong one: that its value agrees with the axes of
 * well-decoded maps is what makes it plausible.
 */
function trusted(map: TuneMap, anchored: boolean): TuneMap['confidence'] {
  return map.confidence === 'guessed' && anchored ? 'plausible' : map.confidence;
}

/** A pulse longer than this many engine cycles is no time in ms: an injector that never closes gives 1. */
const CYCLES_MOST = 1.3;

/**
 * The tune with units of `unitFrom: none` maps inferred where two things agree, and with a stated "ms" taken back where
 * most pulses would outlast the engine cycle (a Ducati 900SS definition says mS and reads 26 to 169). The tune then warns.
 */
export function inferUnits(tune: Tune): Tune {
  const lastRpm = lastBreakpoint(tune);
  const anchored = tune.maps.some(
    (map) => /^(fuel|spark)/.test(map.role) && map.kind === 'map' && map.confidence !== 'guessed',
  );
  const unitOf = new Map<TuneMap, string>();
  for (const guess of GUESSES) {
    const group = tune.maps.filter((map) => guess.roles.test(map.role) && isCandidate(map, guess));
    const fitting = group.filter((map) => guess.fits(map, lastRpm)).length;
    if (fitting < guess.least || fitting * 2 < group.length) continue;
    if (guess.unit === '%' && !group.some((map) => rangeOf(map).high >= 60)) continue;
    for (const map of group) unitOf.set(map, guess.unit);
  }
  const warnings = [...tune.warnings];
  const maps = tune.maps.map((map): TuneMap => {
    const unit = unitOf.get(map);
    if (unit !== undefined) return { ...map, unit, unitFrom: 'inferred', confidence: trusted(map, anchored) };
    if (map.unitFrom !== 'definition' || !isFalsePulse(map)) return map;
    warnings.push(
      `"${map.title}" is said to be in ${map.unit}, but most of it would outlast the engine cycle: taken as raw`,
    );
    return { ...map, unitFrom: 'none' };
  });
  return { ...tune, maps, warnings };
}

function isCandidate(map: TuneMap, guess: Guess): boolean {
  if (map.kind === 'flag' || map.kind === 'patch' || map.unset) return false;
  return (guess.axisFree === true || map.confidence !== 'guessed') && map.unitFrom === 'none' && map.unit === '';
}

/** Degrees before top dead centre. Light load of factory files reaches 71; full load lies lower, and tells degrees from counts. */
function isSpark(map: TuneMap): boolean {
  if (!isScaled(map) || !within(map, -20, 80)) return false;
  const speed = speedAxis(map);
  const load = map.axes.find((axis) => axis !== speed && axis.known);
  if (map.kind !== 'map' || !speed || !load) return map.kind === 'curve';
  const full = load.breakpoints.indexOf(Math.max(...load.breakpoints));
  for (let i = 0; i < speed.breakpoints.length; i++) {
    const cell = load.axis === 'x' ? map.cells[i * map.columns + full] : map.cells[full * map.columns + i];
    if (!((cell ?? Number.NaN) >= -10 && (cell ?? Number.NaN) <= 60)) return false;
  }
  return true;
}

/** At its own engine speed each pulse fits the cycle, and the longest is long enough to open an injector at all. */
function isPulse(map: TuneMap): boolean {
  const share = shareOverCycle(map);
  return isScaled(map) && share === 0 && rangeOf(map).low >= 0 && rangeOf(map).high >= 1.5;
}

function isFalsePulse(map: TuneMap): boolean {
  if (!/^fuel(\.(neutral|limp|idle|cold))?$/.test(map.role) || !/\bms\b/i.test(map.unit)) return false;
  return (shareOverCycle(map) ?? 0) > 0.5;
}

/** Share of cells whose pulse outlasts the four-stroke cycle at their engine speed; null without that axis. */
function shareOverCycle(map: TuneMap): number | null {
  const speed = speedAxis(map);
  if (!speed || map.kind !== 'map') return null;
  let over = 0;
  for (let row = 0; row < map.rows; row++) {
    for (let column = 0; column < map.columns; column++) {
      const rpm = speed.breakpoints[speed.axis === 'x' ? column : row] ?? Number.NaN;
      const ms = map.cells[row * map.columns + column] ?? Number.NaN;
      if (!(ms <= (CYCLES_MOST * 120_000) / Math.max(rpm, 1))) over++;
    }
  }
  return over / (map.rows * map.columns);
}

/**
 * A limiter stands near the end of the engine-speed axes or above: no upper bound, so that one raised out of sight keeps
 * its unit and a rule can say so.
 */
function isLimiter(map: TuneMap, lastRpm: number | null): boolean {
  const { low, high, known } = rangeOf(map);
  return known && lastRpm !== null && high >= lastRpm * 0.6 && low >= lastRpm * 0.25;
}

/** A fan switches on and off some degrees apart; wide, so that a dangerous pair keeps its unit. */
function isSwitchPair(map: TuneMap): boolean {
  const { low, high } = rangeOf(map);
  return map.cells.length === 2 && within(map, 50, 200) && high > low && high - low <= 40;
}

function within(map: TuneMap, low: number, high: number): boolean {
  const range = rangeOf(map);
  return range.known && range.low >= low && range.high <= high;
}

/** Some cell differs from its raw element: an equation that changes nothing gives no unit. */
function isScaled(map: TuneMap): boolean {
  const { raw, cells } = map;
  return raw?.some((value, i) => Math.abs(value - (cells[i] ?? value)) > 1e-9) ?? false;
}

function rangeOf(map: TuneMap): { low: number; high: number; known: boolean } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const cell of map.cells) {
    if (!Number.isFinite(cell)) return { low, high, known: false };
    low = Math.min(low, cell);
    high = Math.max(high, cell);
  }
  return { low, high, known: map.cells.length > 0 };
}

function speedAxis(map: TuneMap): Axis | undefined {
  return map.axes.find((axis) => axis.quantity === 'engineSpeed' && axis.known);
}

/** Median of the last breakpoints: one odd map must not move it. */
function lastBreakpoint(tune: Tune): number | null {
  const ends = tune.maps
    .filter((map) => map.kind === 'map' && /^(fuel|spark|throttle)/.test(map.role))
    .map((map) => speedAxis(map)?.breakpoints ?? [])
    .filter((points) => isMonotonic(points))
    .map((points) => Math.max(...points))
    .filter((end) => end >= 2000 && end <= 25_000)
    .sort((a, b) => a - b);
  return ends[Math.floor(ends.length / 2)] ?? null;
}

/** In either direction; a definition that reads the wrong place seldom meets it. */
function isMonotonic(points: readonly number[]): boolean {
  const sign = Math.sign((points[points.length - 1] ?? 0) - (points[0] ?? 0));
  return sign !== 0 && points.every((p, i) => i === 0 || (p - (points[i - 1] ?? 0)) * sign > 0);
}
