/**
 * A library of made-up tunes for six motorcycles, right and wrong ones, with the truth about each: what the recommendations are
 * tried on. Nothing of it comes from a real image.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is true of a tune, whatever its name says. The ranking never sees it. */
export interface Truth {
  motorcycle: string;
  unsafe: boolean;
  /** Least octane it was made for, RON. */
  ron: number;
  ethanolPercent: number;
  /** Parts that the engine must have. */
  engineParts: string[];
}

/** One file of the library. */
export interface LibraryTune {
  file: string;
  /** File of the same folder that is its factory calibration; null for that one itself. */
  stock: string | null;
  truth: Truth;
}

interface Engine {
  id: string;
  motorcycle: string;
  ron: number;
  rpm: number[];
  limiter: number;
  /** Advance at full load at high speed, degrees. */
  advance: number;
  lambda: { cruise: number; fullLoad: number };
  /** Coolant fan, °C; null: air-cooled. */
  fan: [number, number] | null;
  rideByWire: boolean;
}

const steps = (to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round((800 + ((to - 800) * i) / (count - 1)) / 50) * 50);

const ENGINES: Record<string, Engine> = {
  r6: {
    id: 'MADEUPR6',
    motorcycle: 'yamaha/yzf-r6-2008-2009',
    ron: 95,
    rpm: steps(17_000, 18),
    limiter: 16_400,
    advance: 31,
    lambda: { cruise: 0.98, fullLoad: 0.88 },
    fan: [98, 105],
    rideByWire: true,
  },
  sv650: {
    id: 'MADEUPSV',
    motorcycle: 'suzuki/sv650-2016-2024',
    ron: 91,
    rpm: steps(11_000, 16),
    limiter: 10_500,
    advance: 33,
    lambda: { cruise: 0.98, fullLoad: 0.88 },
    fan: [98, 105],
    rideByWire: false,
  },
  xb12: {
    id: 'MADEUPXB',
    motorcycle: 'buell/xb12r-2004-2010',
    ron: 95,
    rpm: steps(7_200, 14),
    limiter: 6_800,
    advance: 33,
    lambda: { cruise: 0.97, fullLoad: 0.87 },
    fan: null,
    rideByWire: false,
  },
  h2: {
    id: 'MADEUPH2',
    motorcycle: 'kawasaki/ninja-h2-2015-2018',
    ron: 95,
    rpm: steps(14_600, 18),
    limiter: 14_000,
    advance: 25,
    lambda: { cruise: 0.97, fullLoad: 0.8 },
    fan: [98, 105],
    rideByWire: true,
  },
  grom: {
    id: 'MADEUPGR',
    motorcycle: 'honda/grom-2021-2024',
    ron: 91,
    rpm: steps(9_800, 14),
    limiter: 9_300,
    advance: 30,
    lambda: { cruise: 0.98, fullLoad: 0.87 },
    fan: null,
    rideByWire: false,
  },
  am6: {
    id: 'MADEUPAM',
    motorcycle: 'minarelli/am6-50-1995-2024',
    ron: 95,
    rpm: steps(12_500, 14),
    limiter: 11_800,
    advance: 22,
    lambda: { cruise: 0.93, fullLoad: 0.87 },
    fan: [85, 92],
    rideByWire: false,
  },
};

/** What a tune changes; `fast` is the share of the limiter, `throttle` percent. */
interface Change {
  spark?(fast: number, throttle: number): number;
  lambda?(value: number, fast: number, throttle: number): number;
  /** Factor on fuel. */
  fuel?(fast: number, throttle: number): number;
  limiterRpm?: number;
  fanLater?: number;
  /** Factor on the plates below half grip. */
  plates?: number;
  unsafe?: boolean;
  ron?: number;
  ethanolPercent?: number;
  engineParts?: string[];
  /** Spark alone is in its definition. */
  sparkOnly?: boolean;
}

const wide = (fast: number, throttle: number): boolean => throttle >= 70 && fast >= 0.3;
const cruising = (fast: number, throttle: number): boolean => throttle >= 5 && throttle <= 25 && fast <= 0.6;

const TUNES: [name: string, engine: string, change: Change][] = [
  ['r6-stock', 'r6', {}],
  ['r6-street-smooth', 'r6', { plates: 0.85, lambda: (v, f, t) => (cruising(f, t) ? 0.99 : v) }],
  [
    'r6-full-exhaust-filter-98ron',
    'r6',
    {
      ron: 98,
      fuel: (f, t) => (wide(f, t) ? 1.04 : 1),
      spark: (f, t) => (wide(f, t) ? 1 : 0),
      lambda: (v, f, t) => (wide(f, t) ? 0.865 : v),
      limiterRpm: 100,
    },
  ],
  ['r6-race-102ron', 'r6', { ron: 102, spark: (f, t) => (wide(f, t) ? 1.9 : 0) }],
  [
    'r6-trackday-evening',
    'r6',
    {
      unsafe: true,
      spark: (f, t) => (t >= 55 && f > 0.4 ? 7 : 0),
      lambda: (v, f, t) => (wide(f, t) ? 0.99 : v),
      limiterRpm: 600,
      fanLater: 9,
    },
  ],
  ['r6-limiter-18000', 'r6', { unsafe: true, limiterRpm: 1600 }],
  [
    'r6-e85-monster',
    'r6',
    { unsafe: true, ethanolPercent: 85, ron: 104, fuel: () => 1.42, spark: (f, t) => (wide(f, t) ? 10 : 2) },
  ],
  [
    'r6-bigbore-cams-98ron',
    'r6',
    {
      ron: 98,
      engineParts: ['big bore kit', 'camshafts'],
      fuel: (f, t) => (wide(f, t) ? 1.07 : 1.02),
      lambda: (v, f, t) => (wide(f, t) ? 0.87 : v),
    },
  ],
  ['sv650-stock', 'sv650', {}],
  ['sv650-touring-eco', 'sv650', { lambda: (v, f, t) => (cruising(f, t) ? 1.03 : v) }],
  [
    'sv650-slip-on-filter-95ron',
    'sv650',
    {
      ron: 95,
      fuel: (f, t) => (wide(f, t) ? 1.03 : 1),
      spark: (f, t) => (wide(f, t) ? 1 : 0),
      lambda: (v, f, t) => (wide(f, t) ? 0.87 : v),
    },
  ],
  [
    'sv650-eco-extreme',
    'sv650',
    { unsafe: true, lambda: (v, f, t) => (wide(f, t) ? 1.02 : cruising(f, t) ? 1.15 : v), fuel: () => 0.88 },
  ],
  ['sv650-spark-only', 'sv650', { sparkOnly: true, spark: (f, t) => (wide(f, t) ? 1 : 0) }],
  ['xb12-stock', 'xb12', {}],
  [
    'xb12-open-exhaust-filter',
    'xb12',
    { fuel: (f, t) => (wide(f, t) ? 1.05 : 1), lambda: (v, f, t) => (wide(f, t) ? 0.86 : v) },
  ],
  ['xb12-advance-special', 'xb12', { unsafe: true, spark: (_f, t) => (t >= 50 ? 8 : 0) }],
  ['h2-stock', 'h2', {}],
  [
    'h2-street-98ron',
    'h2',
    {
      ron: 98,
      spark: (f, t) => (wide(f, t) ? 0.8 : 0),
      lambda: (v, f, t) => (wide(f, t) ? 0.81 : v),
      fuel: (f, t) => (wide(f, t) ? 1.01 : 1),
    },
  ],
  ['h2-lean-boost', 'h2', { unsafe: true, lambda: (v, _f, t) => (t >= 50 ? 0.95 : v) }],
  ['grom-stock', 'grom', {}],
  ['grom-commute-eco', 'grom', { lambda: (v, f, t) => (cruising(f, t) ? 1.01 : v) }],
  ['grom-170cc-kit', 'grom', { engineParts: ['big bore kit'], fuel: () => 1.08 }],
  ['am6-stock', 'am6', {}],
  ['am6-road', 'am6', { lambda: (v, f, t) => (wide(f, t) ? 0.85 : v), fuel: (f, t) => (wide(f, t) ? 1.02 : 1) }],
  [
    'am6-lean-topspeed',
    'am6',
    { unsafe: true, lambda: (v, _f, t) => (t >= 50 ? 1.03 : v), fuel: (f, t) => (wide(f, t) ? 0.87 : 1) },
  ],
  ['am6-80cc-kit', 'am6', { engineParts: ['big bore kit'], fuel: () => 1.08 }],
];

const SIZE = 16_384;
const THROTTLE = [0, 2, 5, 8, 12, 18, 25, 35, 45, 55, 65, 75, 85, 100];
const VOLTS = [8, 10, 12, 13, 14, 16];
const AT = {
  rpm: 0x1000,
  throttle: 0x1040,
  spark: 0x1100,
  lambda: 0x1300,
  fuel: 0x1500,
  limiter: 0x1800,
  fan: 0x1810,
  dwell: 0x1820,
  volts: 0x1830,
  plates: 0x1900,
};

function image(engine: Engine, change: Change): Uint8Array {
  const bytes = new Uint8Array(SIZE).fill(0xff);
  const view = new DataView(bytes.buffer);
  const u16 = (at: number, values: number[]): void => {
    for (const [i, v] of values.entries()) view.setUint16(at + 2 * i, Math.round(v));
  };
  const u8 = (at: number, values: number[]): void => {
    for (const [i, v] of values.entries()) bytes[at + i] = Math.round(v);
  };
  const grid = (f: (fast: number, throttle: number) => number): number[] =>
    engine.rpm.flatMap((n) => THROTTLE.map((t) => f(n / engine.limiter, t)));
  const spark = (f: number, t: number): number =>
    12 + (engine.advance - 12) * Math.min(1, f / 0.55) + (t < 20 ? 10 * (1 - t / 20) : 0);
  const { cruise, fullLoad } = engine.lambda;
  // High load begins at 44 % throttle at the lowest of its speeds: the target is rich from there on.
  const lambda = (f: number, t: number): number =>
    t < 3 ? 1 : cruise + (fullLoad - cruise) * Math.min(1, Math.max(0, (t - 25) / 19)) - 0.005 * Math.min(1, f);
  for (let i = 0; i < 0xf00; i++) bytes[i] = (i * 37 + (i >> 3) * 11 + engine.id.charCodeAt(6)) & 0xff;
  bytes.set(new TextEncoder().encode(engine.id), 0xf80);
  u16(AT.rpm, engine.rpm);
  u8(
    AT.throttle,
    THROTTLE.map((t) => t * 2.5),
  );
  u8(
    AT.spark,
    grid((f, t) => 4 * (spark(f, t) + (change.spark?.(f, t) ?? 0))),
  );
  u8(
    AT.lambda,
    grid((f, t) => 200 * (change.lambda?.(lambda(f, t), f, t) ?? lambda(f, t))),
  );
  u16(
    AT.fuel,
    grid(
      (f, t) => 1000 * (0.6 + 2.9 * (t / 100) ** 0.55 * (0.8 + 0.2 * Math.sin(3.4 * f))) * (change.fuel?.(f, t) ?? 1),
    ),
  );
  const limiter = engine.limiter + (change.limiterRpm ?? 0);
  u16(AT.limiter, [limiter - 100, limiter]);
  if (engine.fan !== null)
    u8(
      AT.fan,
      engine.fan.map((c) => c + (change.fanLater ?? 0)),
    );
  u8(
    AT.dwell,
    [5.2, 4, 3, 2.6, 2.3, 1.9].map((ms) => ms * 20),
  );
  u8(
    AT.volts,
    VOLTS.map((v) => v * 10),
  );
  if (engine.rideByWire) {
    const softer = (t: number): number =>
      t < 50 ? (change.plates ?? 1) : (change.plates ?? 1) + ((1 - (change.plates ?? 1)) * (t - 50)) / 50;
    u8(
      AT.plates,
      grid((f, t) => 2.5 * Math.min(100, t * (0.82 + 0.18 * Math.min(1, f)) * softer(t))),
    );
  }
  return bytes;
}

const hex = (n: number): string => `0x${n.toString(16).toUpperCase()}`;

function definition(engine: Engine, sparkOnly: boolean): string {
  const rest = [
    `  - { title: Lambda target, role: lambdaTarget, at: ${hex(AT.lambda)}, type: u8, scale: 0.005, unit: λ, x: throttle, y: rpm }`,
    `  - { title: Fuel, role: fuel, load: throttle, at: ${hex(AT.fuel)}, type: u16, scale: 0.001, unit: ms, x: throttle, y: rpm }`,
    `  - { title: Rev limiter, role: revLimiter, at: ${hex(AT.limiter)}, type: u16, unit: rpm, x: pair }`,
    `  - { title: Coil dwell, role: dwell.running, at: ${hex(AT.dwell)}, type: u8, scale: 0.05, unit: ms, x: volts }`,
    ...(engine.fan === null
      ? []
      : [`  - { title: Fan on and off, role: fan, at: ${hex(AT.fan)}, type: u8, unit: °C, x: pair }`]),
    ...(engine.rideByWire
      ? [
          `  - { title: Throttle plates, role: throttle, at: ${hex(AT.plates)}, type: u8, scale: 0.4, unit: "%", x: grip, y: rpm }`,
        ]
      : []),
  ];
  return `# A made-up ECU: no motorcycle has it.
title: ${engine.id}${sparkOnly ? ', spark alone' : ''} (made up)
ecu: { maker: revsync, partNumber: ${engine.id} }
motorcycles: [${engine.motorcycle}]
sources:
  - "made by src/dev/garage/library.ts"
image:
  bytes: ${SIZE}
  byteOrder: big
  identifiers:
    - { at: 0xF80, text: ${engine.id}, what: calibration, required: true }
axes:
  rpm: { at: ${hex(AT.rpm)}, type: u16, count: ${engine.rpm.length}, unit: rpm, quantity: engineSpeed }
  throttle: { at: ${hex(AT.throttle)}, type: u8, count: ${THROTTLE.length}, scale: 0.4, unit: "%", quantity: throttle }
  grip: { at: ${hex(AT.throttle)}, type: u8, count: ${THROTTLE.length}, scale: 0.4, unit: "%", quantity: grip }
  volts: { at: ${hex(AT.volts)}, type: u8, count: ${VOLTS.length}, scale: 0.1, unit: V, quantity: batteryVoltage }
  pair: { fixed: [1, 2], quantity: index }
maps:
  - { title: Spark advance, role: spark, load: throttle, at: ${hex(AT.spark)}, type: u8, scale: 0.25, unit: °, x: throttle, y: rpm }
${sparkOnly ? '' : `${rest.join('\n')}\n`}`;
}

/** Writes the library with a definition beside each image, and says what is true of each file. */
export function makeLibrary(folder: string): LibraryTune[] {
  mkdirSync(folder, { recursive: true });
  return TUNES.map(([name, key, change]) => {
    const engine = ENGINES[key]!;
    writeFileSync(join(folder, `${name}.bin`), image(engine, change));
    writeFileSync(join(folder, `${name}.yaml`), definition(engine, change.sparkOnly === true));
    return {
      file: `${name}.bin`,
      stock: name.endsWith('-stock') || change.sparkOnly === true ? null : `${key}-stock.bin`,
      truth: {
        motorcycle: engine.motorcycle,
        unsafe: change.unsafe === true,
        ron: change.ron ?? engine.ron,
        ethanolPercent: change.ethanolPercent ?? 5,
        engineParts: change.engineParts ?? [],
      },
    };
  });
}
