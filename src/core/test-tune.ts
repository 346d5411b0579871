/** A small four-cylinder tune for tests, made by hand: spark, fuel, limiter, fan. Numbers are plausible and nobody's calibration. */
import type { Motorcycle, Tune, TuneMap } from './model.ts';
import { testAxis, testMap, testTune } from './roles/test-maps.ts';
import { type StockReference, stockFromTune } from './stock.ts';

/** Breakpoints of the engine speed, rpm. */
export const SPEEDS = [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 11_000, 12_000];
/** Breakpoints of the throttle, percent. */
export const LOADS = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

const axes = (): TuneMap['axes'] => [
  testAxis('x', LOADS, 'throttle', '%'),
  testAxis('y', SPEEDS, 'engineSpeed', 'rpm'),
];

/** Index of a cell by its breakpoints. */
export const cellOf = (rpm: number, throttle: number): number =>
  SPEEDS.indexOf(rpm) * LOADS.length + LOADS.indexOf(throttle);

function surface(title: string, role: TuneMap['role'], unit: string, value: (rpm: number, throttle: number) => number) {
  return testMap({
    title,
    role,
    family: role,
    unit,
    rows: SPEEDS.length,
    columns: LOADS.length,
    axes: axes(),
    cells: Float64Array.from(SPEEDS.flatMap((rpm) => LOADS.map((throttle) => value(rpm, throttle)))),
  });
}

const scalar = (title: string, role: TuneMap['role'], unit: string, value: number): TuneMap =>
  testMap({ title, role, family: role, unit, cells: Float64Array.of(value) });

/** A healthy tune. `change` may alter its maps, found by title: "spark", "fuel", "limiter", "fan". */
export function roadTune(change: (maps: Record<string, TuneMap>) => void = () => {}): Tune {
  const maps = [
    surface('spark', 'spark', '°', (rpm, throttle) => 12 + Math.min(rpm, 9000) / 450 + (100 - throttle) * 0.08),
    surface('fuel', 'fuel', 'ms', (rpm, throttle) => 1 + throttle * 0.04 + Math.min(rpm, 9000) / 9000),
    scalar('limiter', 'revLimiter.cut', 'rpm', 11_500),
    scalar('fan', 'fan.on', '°C', 105),
  ];
  change(Object.fromEntries(maps.map((m) => [m.title, m])));
  return testTune(maps);
}

/** A tune as the stock of another. @throws Error where it is refused as a reference */
export function stockOf(tune: Tune, stock: Tune = roadTune()): StockReference {
  const check = stockFromTune(tune, stock, 'test', { identical: false, sameDefinition: true });
  if (check.kind === 'refused') throw new Error(check.reason);
  return check.stock;
}

/** An ordinary liquid-cooled four. */
export function testMotorcycle(given: Partial<Motorcycle> = {}): Motorcycle {
  return {
    id: 'test/four-2020-2024',
    make: 'Test',
    model: 'Four',
    generation: null,
    yearFrom: 2020,
    yearTo: 2024,
    category: 'sport',
    displacementCc: 998,
    cylinders: 4,
    layout: 'inline',
    valvetrain: 'DOHC 4v/cyl',
    boreMm: 76,
    strokeMm: 55,
    compressionRatio: 12,
    aspiration: 'na',
    cooling: 'liquid',
    strokes: 4,
    redlineRpm: 11_500,
    revLimitRpm: 11_500,
    peakPowerKw: null,
    peakPowerRpm: null,
    peakTorqueNm: null,
    peakTorqueRpm: null,
    fuelRonMin: 95,
    fuelSystem: 'PGM-FI',
    throttle: 'cable',
    idleRpm: 1200,
    ecuFamily: null,
    sources: ['made up for tests'],
    confidence: 'high',
    aliases: [],
    ...given,
  };
}
