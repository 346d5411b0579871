/** A log may lower a score and never raises it; worse readings never score higher; explain retells it. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileKnowledge } from '../../catalog/compile-knowledge.ts';
import { metricFamilies } from '../../generated/metrics.ts';
import { audit } from '../audit.ts';
import { explainReport } from '../explain.ts';
import type { Report } from '../report.ts';
import type { CategoryData } from '../score.ts';
import { cellOf, LOADS, roadTune, SPEEDS, stockOf, testMotorcycle } from '../test-tune.ts';
import type { Measured } from './measure.ts';

const knowledge = await compileKnowledge(fileURLToPath(new URL('../../../rules', import.meta.url)));
const deps = {
  rules: knowledge.rules.rules,
  families: metricFamilies,
  categories: knowledge.data['categories'] as CategoryData,
};
const tune = roadTune(({ spark }) => {
  for (const n of [5_000, 6_000]) for (const l of [90, 100]) spark!.cells[cellOf(n, l)]! += 4;
});
const fuel = tune.maps.find((m) => m.title === 'fuel')!;

function reportOf(log: Measured | null): Report {
  const motorcycle = testMotorcycle();
  return audit(
    {
      input: { path: 'test.bin', sha256: null, byteLength: null },
      format: null,
      definition: null,
      definitionMotorcycles: [],
      tune,
      motorcycle: { motorcycle, name: 'Test Four', given: true, alternatives: [] },
      stock: stockOf(tune),
      conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
      log,
      analysisId: 'test',
      engineReason: 'test',
    },
    deps,
  ).report;
}

interface Readings {
  full: number;
  part: number;
  knocks: number;
  coolantC: number;
  batteryV: number;
  dutyPercent: number;
  rpm: number;
  railed: number;
}

function logOf(r: Readings): Measured {
  const cell = (
    n: number,
    l: number,
    lambda: number,
    target: number,
    highLoad: boolean,
  ): Measured['cells'][number] => ({
    row: SPEEDS.indexOf(n),
    column: LOADS.indexOf(l),
    hits: 20,
    lambda,
    spread: 0.01,
    uncorrected: lambda,
    target,
    targetFrom: 'log',
    deviationPercent: (lambda / target - 1) * 100,
    highLoad,
    claimed: true,
  });
  return {
    files: [],
    stoichiometric: { afr: 14.7, from: 'petrol' },
    samples: { read: 100, used: 100, dropped: [] },
    map: { id: fuel.id, title: fuel.title },
    reason: '',
    axes: [],
    rows: fuel.rows,
    columns: fuel.columns,
    cells: [cell(8_000, 90, r.full, 0.88, true), cell(4_000, 20, r.part, 0.98, false)],
    knock: { events: r.knocks, cells: r.knocks === 0 ? [] : [{ row: 7, column: 9, events: r.knocks, retardDeg: 2 }] },
    coverage: { highLoadCells: 30, measured: 1, ratio: 1 / 30, reason: '' },
    extremes: {
      rpm: r.rpm,
      coolantC: r.coolantC,
      intakeAirC: 30,
      batteryV: r.batteryV,
      dutyPercent: r.dutyPercent,
      dutyFrom: 'logged',
    },
    probe: { leanEnd: 1.5, richEnd: null, atLeanEndPercent: r.railed, atRichEndPercent: 0 },
    notes: [],
  };
}

const readings = fc.record({
  full: fc.double({ min: 0.7, max: 1.4, noNaN: true }),
  part: fc.double({ min: 0.7, max: 1.4, noNaN: true }),
  knocks: fc.nat(30),
  coolantC: fc.double({ min: 60, max: 140, noNaN: true }),
  batteryV: fc.double({ min: 9, max: 15, noNaN: true }),
  dutyPercent: fc.double({ min: 10, max: 120, noNaN: true }),
  rpm: fc.double({ min: 3_000, max: 14_000, noNaN: true }),
  railed: fc.double({ min: 0, max: 40, noNaN: true }),
});
const alone = reportOf(null);

test('whatever a ride measured, the score is not above that of the file alone, which stays visible', () => {
  fc.assert(
    fc.property(readings, (r) => {
      const report = reportOf(logOf(r));
      expect(report.scores.safety.value!).toBeLessThanOrEqual(alone.scores.safety.value!);
      expect(report.log!.mapScore).toEqual({ value: alone.scores.safety.value, level: alone.scores.safety.level });
      expect(report.coverage.areas).toEqual(alone.coverage.areas);
      expect(report.scores.compatibility).toEqual(alone.scores.compatibility);
      expect(explainReport(report).steps.at(-1)?.running ?? 100).toBe(report.scores.safety.value);
    }),
    { numRuns: 60 },
  );
});

test('a worse reading never scores higher', () => {
  const worse: [keyof Readings, number][] = [
    ['full', 0.15],
    ['part', 0.15],
    ['knocks', 7],
    ['coolantC', 12],
    ['batteryV', -1.3],
    ['dutyPercent', 18],
    ['rpm', 900],
    ['railed', 6],
  ];
  fc.assert(
    fc.property(readings, fc.constantFrom(...worse), (r, [name, step]) => {
      // Richer than the target is a fault too: only from the lean side on is leaner always worse.
      fc.pre((name !== 'full' || r.full >= 0.88) && (name !== 'part' || r.part >= 0.98));
      const before = reportOf(logOf(r)).scores.safety.value!;
      const after = reportOf(logOf({ ...r, [name]: r[name] + step })).scores.safety.value!;
      expect(after).toBeLessThanOrEqual(before);
    }),
    { numRuns: 80 },
  );
});

test('a measured critical fault leaves no file safe', () => {
  const report = reportOf(
    logOf({ full: 1.05, part: 0.98, knocks: 0, coolantC: 90, batteryV: 14, dutyPercent: 70, rpm: 9_000, railed: 0 }),
  );
  expect(report.findings.find((f) => f.ruleId === 'measured-lean-at-full-load')).toMatchObject({
    severity: 'critical',
  });
  expect(report.scores.safety.value!).toBeLessThan(40);
});
