/**
 * Units where the file names none. A number is taken for physical only if it fits what its role can be AND something else
 * in the file agrees; else it stays a raw count. Most motorcycle XDFs state no unit although their equations give one.
 */
import type { Axis, Tune, TuneMap } from '../model.ts';

interface Guess {
  unit: string;
  /** Physical range of the role, wide: factory files hold surprising values. */
  low: number;
  high: number;
  /** The author scaled the raw elements: an equation that changes nothing gives no unit. */
  scaled: boolean;
  /** What else must agree; `twin`: a second map of the role whose values fit too. */
  agrees: (map: TuneMap, context: Context) => boolean;
}

interface Context {
  /** Last breakpoint of the engine-speed axes of the fuel and spark maps, rpm; null where none is known. */
  lastRpm: number | null;
  /** Maps of the same base role that fit their range, this one included. */
  fitting: number;
}

const twin = (_map: TuneMap, { fitting }: Context): boolean => fitting >= 2;

/** Degrees before top dead centre: light load of factory files reaches 60 and some speed-dependent limit of the encoding. */
const SPARK: Guess = {
  unit: '°',
  low: -20,
  high: 70,
  scaled: true,
  agrees: twin,
};

const GUESSES: Record<string, Guess> = {
  spark: SPARK,
  'spark.neutral': SPARK,
  'spark.limp': SPARK,
  'spark.idle': SPARK,
  'spark.cold': SPARK,
  'spark.torqueLimit': SPARK,
  // A pulse that fills more than 1.3 times the cycle at its engine speed is no time in ms.
  fuel: { unit: 'ms', low: 0, high: 60, scaled: true, agrees: pulseFitsCycle },
  'fuel.neutral': { unit: 'ms', low: 0, high: 60, scaled: true, agrees: pulseFitsCycle },
  'fuel.idle': { unit: 'ms', low: 0, high: 60, scaled: true, agrees: pulseFitsCycle },
  'fuel.limp': { unit: 'ms', low: 0, high: 60, scaled: true, agrees: pulseFitsCycle },
  ...Object.fromEntries(
    ['revLimiter', 'revLimiter.cut', 'revLimiter.resume', 'revLimiter.soft', 'revLimiter.hard', 'revLimiter.kill'].map(
      (role): [string, Guess] => [
        role,
        { unit: 'rpm', low: 2000, high: 20_000, scaled: false, agrees: limiterNearAxis },
      ],
    ),
  ),
  'revLimiter.neutral': { unit: 'rpm', low: 1500, high: 20_000, scaled: false, agrees: limiterNearAxis },
  'revLimiter.gear': { unit: 'rpm', low: 1500, high: 20_000, scaled: false, agrees: limiterNearAxis },
  throttle: {
    unit: '%',
    low: 0,
    high: 101,
    scaled: true,
    agrees: (map, context) => twin(map, context) && spans(map, 60),
  },
  fan: { unit: '°C', low: 60, high: 130, scaled: false, agrees: isSwitchPair },
  'fan.on': { unit: '°C', low: 60, high: 130, scaled: true, agrees: twin },
  'fan.off': { unit: '°C', low: 60, high: 130, scaled: true, agrees: twin },
  'idle.target': { unit: 'rpm', low: 600, high: 4000, scaled: false, agrees: twin },
  lambdaTarget: { unit: 'AFR', low: 8, high: 22, scaled: true, agrees: twin },
};

/** The tune with units of `unitFrom: none` maps inferred where two things agree; nothing else changes. */
export function inferUnits(tune: Tune): Tune {
  const lastRpm = lastBreakpoint(tune);
  const fitting = new Map<string, number>();
  for (const map of tune.maps) {
    const guess = GUESSES[map.role];
    if (guess !== undefined && candidate(map) && fitsRange(map, guess)) {
      fitting.set(baseOf(map), (fitting.get(baseOf(map)) ?? 0) + 1);
    }
  }
  return {
    ...tune,
    maps: tune.maps.map((map) => {
      const guess = GUESSES[map.role];
      if (guess === undefined || !candidate(map) || map.unitFrom !== 'none' || !fitsRange(map, guess)) return map;
      if (!guess.agrees(map, { lastRpm, fitting: fitting.get(baseOf(map)) ?? 0 })) return map;
      return { ...map, unit: guess.unit, unitFrom: 'inferred' as const };
    }),
  };
}

function baseOf(map: TuneMap): string {
  return map.role.split('.')[0] ?? map.role;
}

function candidate(map: TuneMap): boolean {
  return !map.unset && map.confidence !== 'guessed' && map.kind !== 'flag' && map.kind !== 'patch' && map.unit === '';
}

function fitsRange(map: TuneMap, guess: Guess): boolean {
  if (guess.scaled && !isScaled(map)) return false;
  const { low, high, known } = rangeOf(map);
  return known && low >= guess.low && high <= guess.high && (high > low || map.cells.length === 1);
}

/** Some cell differs from its raw element. */
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

function spans(map: TuneMap, most: number): boolean {
  return rangeOf(map).high >= most;
}

/** A limiter stands near the end of the engine-speed axes. */
function limiterNearAxis(map: TuneMap, { lastRpm }: Context): boolean {
  if (lastRpm === null) return false;
  const { low, high } = rangeOf(map);
  return high >= lastRpm * 0.7 && high <= lastRpm * 1.25 && low >= lastRpm * 0.25;
}

/** Fan switches on and off a few degrees apart. */
function isSwitchPair(map: TuneMap): boolean {
  const [a, b] = map.cells;
  return map.cells.length === 2 && a !== undefined && b !== undefined && a !== b && Math.abs(a - b) <= 15;
}

/** At its own engine speed each pulse fits the four-stroke cycle, and the longest one is long enough to be one at all. */
function pulseFitsCycle(map: TuneMap): boolean {
  const speed = map.axes.find((axis) => axis.quantity === 'engineSpeed' && axis.known);
  if (!speed || map.kind !== 'map') return false;
  let longest = 0;
  for (let row = 0; row < map.rows; row++) {
    for (let column = 0; column < map.columns; column++) {
      const ms = map.cells[row * map.columns + column] ?? Number.NaN;
      const rpm = breakpointAt(speed, row, column);
      if (!(rpm > 0)) continue;
      if (!(ms <= 1.3 * (120_000 / rpm))) return false;
      longest = Math.max(longest, ms);
    }
  }
  return longest >= 1.5;
}

function breakpointAt(axis: Axis, row: number, column: number): number {
  return axis.breakpoints[axis.axis === 'x' ? column : row] ?? Number.NaN;
}

/** Median of the last breakpoints: one odd table must not move it. */
function lastBreakpoint(tune: Tune): number | null {
  const ends = tune.maps
    .filter((map) => map.kind === 'map' && /^(fuel|spark)/.test(map.role))
    .flatMap((map) => map.axes.filter((axis) => axis.quantity === 'engineSpeed' && axis.known))
    .map((axis) => Math.max(...axis.breakpoints.filter(Number.isFinite)))
    .filter((end) => end >= 2000 && end <= 25_000)
    .sort((a, b) => a - b);
  return ends[Math.floor(ends.length / 2)] ?? null;
}
