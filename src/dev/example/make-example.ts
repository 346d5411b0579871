/**
 * Writes fixtures/example: a made-up ECU image for teaching, its factory version and its definition. No real ECU's data.
 *   node src/dev/run.mjs src/dev/example/make-example.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';

const SIZE = 32_768;
const RPM = [
  800, 1500, 2500, 3500, 4500, 5500, 6500, 7500, 8500, 9500, 10500, 11500, 12500, 13500, 14500, 15500, 16500, 17000,
];
const THROTTLE = [0, 2, 5, 8, 12, 18, 25, 35, 45, 55, 65, 75, 85, 100];
const VOLTS = [8, 10, 12, 13, 14, 16];
const PLACES = {
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

interface Calibration {
  spark(n: number, throttle: number): number;
  lambda(n: number, throttle: number): number;
  limiter: [number, number];
  fan: [number, number];
}

const stock: Calibration = {
  // Rises with speed, falls with load.
  spark: (n, t) => 12 + 20 * Math.min(1, n / 9000) + (t < 20 ? 14 * (1 - t / 20) : 0) - (t > 60 ? 2 : 0),
  lambda: (n, t) => (t < 3 ? 1 : t < 40 ? 0.99 : 0.9 - 0.02 * Math.min(1, n / 14_000)),
  limiter: [16_300, 16_400],
  fan: [98, 105],
};

/** What a careless evening with a laptop looks like. */
const trackDay: Calibration = {
  spark: (n, t) => stock.spark(n, t) + (n >= 7500 && n <= 10_500 && t >= 55 ? 7 : 0),
  lambda: (n, t) => (n >= 9500 && n <= 13_500 && t >= 75 ? 0.99 : stock.lambda(n, t)),
  limiter: [16_900, 17_000],
  fan: [109, 114],
};

function image(c: Calibration): Uint8Array {
  const bytes = new Uint8Array(SIZE).fill(0xff);
  const view = new DataView(bytes.buffer);
  const u16 = (at: number, values: number[]): void => {
    for (const [i, v] of values.entries()) view.setUint16(at + 2 * i, Math.round(v));
  };
  const u8 = (at: number, values: number[]): void => {
    for (const [i, v] of values.entries()) bytes[at + i] = Math.round(v);
  };
  const grid = (f: (n: number, t: number) => number): number[] => RPM.flatMap((n) => THROTTLE.map((t) => f(n, t)));
  // Something that is no calibration, so that the image is not one blank area.
  for (let i = 0; i < 0xf00; i++) bytes[i] = (i * 37 + (i >> 3) * 11) & 0xff;
  bytes.set(new TextEncoder().encode('EXAMPLE1'), 0xf80);
  u16(PLACES.rpm, RPM);
  u8(
    PLACES.throttle,
    THROTTLE.map((t) => t * 2.5),
  );
  u8(
    PLACES.spark,
    grid((n, t) => c.spark(n, t) * 4),
  );
  u8(
    PLACES.lambda,
    grid((n, t) => c.lambda(n, t) * 200),
  );
  u16(
    PLACES.fuel,
    grid((n, t) => 1000 * (0.6 + 2.9 * (t / 100) ** 0.55 * (0.8 + 0.2 * Math.sin(n / 4200)))),
  );
  u16(PLACES.limiter, c.limiter);
  u8(PLACES.fan, c.fan);
  u8(
    PLACES.dwell,
    [5.2, 4, 3, 2.6, 2.3, 1.9].map((ms) => ms * 20),
  );
  u8(
    PLACES.volts,
    VOLTS.map((v) => v * 10),
  );
  u8(
    PLACES.plates,
    grid((n, t) => 2.5 * Math.min(100, t * (0.82 + 0.18 * Math.min(1, n / 12_000)))),
  );
  return bytes;
}

const hex = (n: number): string => `0x${n.toString(16).toUpperCase()}`;
const definition = `# A made-up ECU for trying revsync out: no motorcycle has it.
title: Example ECU (made up for teaching)
ecu: { maker: revsync, partNumber: EXAMPLE1 }
motorcycles: [yamaha/yzf-r6-2008-2009]
sources:
  - "made by src/dev/example/make-example.ts"
image:
  bytes: ${SIZE}
  byteOrder: big
  identifiers:
    - { at: 0xF80, text: EXAMPLE1, what: calibration, required: true }

axes:
  rpm: { at: ${hex(PLACES.rpm)}, type: u16, count: ${RPM.length}, unit: rpm, quantity: engineSpeed }
  throttle: { at: ${hex(PLACES.throttle)}, type: u8, count: ${THROTTLE.length}, scale: 0.4, unit: "%", quantity: throttle }
  grip: { at: ${hex(PLACES.throttle)}, type: u8, count: ${THROTTLE.length}, scale: 0.4, unit: "%", quantity: grip }
  volts: { at: ${hex(PLACES.volts)}, type: u8, count: ${VOLTS.length}, scale: 0.1, unit: V, quantity: batteryVoltage }
  pair: { fixed: [1, 2], quantity: index }

maps:
  - { title: Spark advance, role: spark, load: throttle, at: ${hex(PLACES.spark)}, type: u8, scale: 0.25, unit: °, x: throttle, y: rpm }
  - { title: Lambda target, role: lambdaTarget, at: ${hex(PLACES.lambda)}, type: u8, scale: 0.005, unit: λ, x: throttle, y: rpm }
  - { title: Fuel, role: fuel, load: throttle, at: ${hex(PLACES.fuel)}, type: u16, scale: 0.001, unit: ms, x: throttle, y: rpm }
  - { title: Throttle plates, role: throttle, at: ${hex(PLACES.plates)}, type: u8, scale: 0.4, unit: "%", x: grip, y: rpm }
  - { title: Rev limiter, role: revLimiter, at: ${hex(PLACES.limiter)}, type: u16, unit: rpm, x: pair }
  - { title: Fan on and off, role: fan, at: ${hex(PLACES.fan)}, type: u8, unit: °C, x: pair }
  - { title: Coil dwell, role: dwell.running, at: ${hex(PLACES.dwell)}, type: u8, scale: 0.05, unit: ms, x: volts }
`;

mkdirSync('fixtures/example', { recursive: true });
writeFileSync('fixtures/example/stock.bin', image(stock));
writeFileSync('fixtures/example/track-day.bin', image(trackDay));
for (const name of ['stock', 'track-day']) writeFileSync(`fixtures/example/${name}.yaml`, definition);
writeFileSync(
  'fixtures/example/ABOUT.md',
  `# The example

A made-up ECU, written by \`src/dev/example/make-example.ts\`: nothing in it comes from a real image.

- \`stock.bin\`: its factory calibration. \`revsync analyze\` finds nothing above a note in it.
- \`track-day.bin\`: the same after a careless evening: 7° more spark at 7500-10500 rpm from 55 % throttle on, lambda 0.99 at
  9500-13500 rpm from 75 % throttle on, the limiter 600 rpm higher, the fan 9 °C later.
- \`stock.yaml\`, \`track-day.yaml\`: the definition, found by itself because it bears the image's name.
`,
);
