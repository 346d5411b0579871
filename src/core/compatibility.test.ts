/** What speaks against a file where the motorcycle is not known: the fuel alone. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileKnowledge } from '../catalog/compile-knowledge.ts';
import { scoreCompatibility } from './compatibility.ts';
import type { Conditions, Motorcycle, Tune } from './model.ts';
import type { CategoryData } from './score.ts';
import { roadTune, testMotorcycle } from './test-tune.ts';

const knowledge = await compileKnowledge(fileURLToPath(new URL('../../rules', import.meta.url)));
const data = (knowledge.data['categories'] as CategoryData).compatibility;

const unknownBike = (conditions: Partial<Conditions>, tune: Tune = roadTune()) => asked(tune, null, conditions);

const asked = (tune: Tune, motorcycle: Motorcycle | null, conditions: Partial<Conditions> = {}) =>
  scoreCompatibility({
    tune,
    definition: null,
    definitionMotorcycles: [],
    namedMotorcycle: null,
    motorcycle,
    stock: null,
    conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [], ...conditions },
    data,
  });

const said = (stoichiometricAfr: number): Tune => {
  const tune = roadTune();
  return { ...tune, facts: { ...tune.facts, stoichiometricAfr } };
};

test('nothing said and no motorcycle: no number, good or bad', () => {
  expect(unknownBike({})).toMatchObject({ value: null, level: null, deductions: [] });
  expect(unknownBike({}, said(9.8))).toMatchObject({ value: null, level: null });
});

test('E85 under a petrol tune is the wrong fuel for whatever engine it is', () => {
  expect(unknownBike({ ethanolPercent: 85 })).toMatchObject({ level: 'INCOMPATIBLE' });
  expect(unknownBike({ ethanolPercent: 85 }, said(14.7))).toMatchObject({ level: 'INCOMPATIBLE' });
});

test('a fuel that the tune was made for finds nothing, and makes no number', () => {
  expect(unknownBike({ ethanolPercent: 85 }, said(9.77))).toMatchObject({ value: null, deductions: [] });
  expect(unknownBike({ ethanolPercent: 10 })).toMatchObject({ value: null, deductions: [] });
});

test('limiter and maps of a slower engine together are another engine; each alone is not', () => {
  const revs = (rpm: number) => testMotorcycle({ revLimitRpm: rpm, redlineRpm: rpm });
  // The road tune ends at 12,000 rpm and cuts at 11,500.
  expect(asked(roadTune(), revs(16_800)).level).toBe('INCOMPATIBLE');
  expect(asked(roadTune(), revs(15_500)).level).not.toBe('INCOMPATIBLE');
  const late = roadTune((maps) => {
    maps['limiter']!.cells[0] = 13_000;
  });
  expect(asked(late, revs(16_800)).level).not.toBe('INCOMPATIBLE');
});

test('the higher an engine turns over the tune, the less the tune is for it', () => {
  const values = [11_500, 13_000, 15_000, 16_000, 17_000, 19_000, 22_000].map(
    (rpm) => asked(roadTune(), testMotorcycle({ revLimitRpm: rpm, redlineRpm: rpm })).value!,
  );
  expect(values).toEqual([...values].sort((a, b) => b - a));
});
