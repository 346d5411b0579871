/** What speaks against a file where the motorcycle is not known: the fuel alone. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileKnowledge } from '../catalog/compile-knowledge.ts';
import { scoreCompatibility } from './compatibility.ts';
import type { Conditions, Tune } from './model.ts';
import type { CategoryData } from './score.ts';
import { roadTune } from './test-tune.ts';

const knowledge = await compileKnowledge(fileURLToPath(new URL('../../rules', import.meta.url)));
const data = (knowledge.data['categories'] as CategoryData).compatibility;

const unknownBike = (conditions: Partial<Conditions>, tune: Tune = roadTune()) =>
  scoreCompatibility({
    tune,
    definition: null,
    definitionMotorcycles: [],
    namedMotorcycle: null,
    motorcycle: null,
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
