import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { format } from './index.ts';

const bytes = new Uint8Array(
  readFileSync(fileURLToPath(new URL('../../../fixtures/power-vision/made-up.pvv', import.meta.url))),
);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (given: Uint8Array) => format.decode(given, { name: 'x.pvv', sha256: () => '', companion: null });

describe('the made-up export', () => {
  const tune = decode(bytes);
  const map = (title: string) => tune.maps.find((m) => m.title === title)!;

  test.each([
    ['Spark Advance (Front Cyl)', '°', [20, 16.5, 10, 36, 30.25, 24]],
    ['Warmup Enrichment', 'AFR', [2.5, 0]],
    ['Right Fan Low Speed Temp Enable', '°C', [100]],
    ['Closed Loop Minimum Temperature Hysteresis', '°C', [95]],
    ['Gear Ratios', 'Ratio', [9.3, Number.NaN]],
  ])('%s', (title, unit, cells) => {
    expect([map(title).unit, Array.from(map(title).cells)]).toEqual([unit, cells]);
  });

  test.each([
    ['Spark Advance (Front Cyl)', 'x', 'intakePressure', 'kPa', [30, 60, 100]],
    ['Spark Advance (Front Cyl)', 'y', 'engineSpeed', 'rpm', [1_000, 2_500]],
    ['Throttle Blade Control Low Gear', 'x', 'grip', '%', [0, 100]],
    ['Warmup Enrichment', 'x', 'unknown', '°C', [0, 100]],
  ])('axis of %s, %s', (title, axis, quantity, unit, breakpoints) => {
    expect(map(title).axes.find((a) => a.axis === axis)).toMatchObject({ quantity, unit, breakpoints, known: true });
  });

  test('switches, ids, facts, names that stand twice', () => {
    expect(map('Closed Loop')).toMatchObject({ kind: 'flag', state: true });
    expect(tune.ecu.id).toBe('HD1');
    expect(tune.facts.displacementCc).toBe(1_688);
    expect(tune.undecoded).toMatchObject([
      { id: 'closed-loop-2', reason: expect.stringMatching(/line \d+: a row of 1/) },
    ]);
    expect(new Set(tune.maps.map((m) => m.id)).size).toBe(tune.maps.length);
  });
});

test.each([
  ['cut off', '<PVV><Item name="a">', 'XML_MALFORMED'],
  ['empty', '<PVV></PVV>', 'PVV_EMPTY'],
  ['another root', '<pvt/>', 'PVV_MALFORMED'],
])('%s', (_, text, code) => expect(() => decode(ascii(text))).toThrow(expect.objectContaining({ code })));

test.each([
  ['<PVV>', true],
  ['<?xml version="1.0"?>\n<!-- a -->\n<PVV version="1">', true],
  ['<PVT>', false],
  ['<html><PVV>', false],
])('%s is one: %s', (text, is) => expect(format.detect(ascii(text), 'x') !== null).toBe(is));
