/** What an add-on box does to fuel, with and without a known limiter. */
import { expect, test } from 'vitest';
import { addOnTune } from '../add-on-fuel.ts';
import { computeRegions } from '../regions.ts';
import { family } from './add-on-fuel.ts';

const rpm = [1_000, 2_000, 4_000, 6_000, 8_000];
const throttle = [0, 20, 60, 100];

function measured(change: (rpm: number, throttle: number) => number) {
  const tune = addOnTune({
    format: 'x',
    box: 'a box',
    offsetBytes: 0,
    lineStepBytes: 4,
    signed: true,
    rpm,
    throttle,
    raw: Float64Array.from(rpm.flatMap((n) => throttle.map((t) => change(n, t)))),
    percentOf: (raw) => raw,
    warnings: [],
  });
  const conditions = { ron: null, ethanolPercent: null, altitudeM: null, mods: [] };
  const regions = computeRegions(tune, null, null);
  return Object.fromEntries(
    family.measure({ tune, motorcycle: null, stock: null, conditions, regions }).map((m) => [m.id.slice(11), m.value]),
  );
}

test.each<[string, (rpm: number, throttle: number) => number, Record<string, number>]>([
  ['nothing', () => 0, { 'fullLoad.leaner.max': 0, 'lightLoad.leaner.max': 0, 'richer.max': 0, 'step.max': 0 }],
  [
    'lean at full throttle',
    (n, t) => (n === 6_000 && t === 100 ? -12 : 0),
    { 'fullLoad.leaner.max': 12, 'step.max': expect.closeTo(6.818, 3) as never },
  ],
  [
    'lean at small openings',
    (n, t) => (n === 4_000 && t === 20 ? -30 : 0),
    { 'fullLoad.leaner.max': 0, 'lightLoad.leaner.max': 30, 'step.max': 0 },
  ],
  ['much fuel', (_, t) => (t === 60 ? 40 : 0), { 'richer.max': 40, 'fullLoad.leaner.max': 0 }],
  ['below where it runs', (n) => (n === 1_000 ? -50 : 0), { 'fullLoad.leaner.max': 0, 'lightLoad.leaner.max': 0 }],
])('%s', (_, change, expected) => expect(measured(change)).toMatchObject(expected));

test('a tune that is no add-on is not measured', () => {
  const tune = {
    ...addOnTune({
      format: 'x',
      box: 'b',
      offsetBytes: 0,
      lineStepBytes: 1,
      signed: false,
      rpm,
      throttle,
      raw: new Float64Array(20),
      percentOf: (v) => v,
      warnings: [],
    }),
  };
  const bare = { ...tune, facts: { ...tune.facts, settings: {} } };
  const conditions = { ron: null, ethanolPercent: null, altitudeM: null, mods: [] };
  expect(
    family.measure({
      tune: bare,
      motorcycle: null,
      stock: null,
      conditions,
      regions: computeRegions(bare, null, null),
    }),
  ).toEqual([]);
});
