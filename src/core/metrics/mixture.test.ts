/** Mixture targets through the rules: right class, right cells, and nothing judged that the tune does not say. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compileKnowledge } from '../../catalog/compile-knowledge.ts';
import { metricFamilies } from '../../generated/metrics.ts';
import { type AuditDeps, audit } from '../audit.ts';
import type { Motorcycle, Tune, TuneMap } from '../model.ts';
import type { Finding, Report } from '../report.ts';
import { testAxis, testMap } from '../roles/test-maps.ts';
import type { CategoryData } from '../score.ts';
import { cellOf, LOADS, roadTune, SPEEDS, testMotorcycle } from '../test-tune.ts';

const knowledge = await compileKnowledge(fileURLToPath(new URL('../../../rules', import.meta.url)));
const deps: AuditDeps = {
  rules: knowledge.rules.rules,
  families: metricFamilies,
  categories: knowledge.data['categories'] as CategoryData,
};

/** 14.4 up to a third of the throttle, 12.8 from 60 %: the shape of a healthy petrol table. 50 % is full load at 4000 rpm already. */
const healthy = (throttle: number): number => (throttle <= 30 ? 14.4 : throttle >= 60 ? 12.8 : 13.4);

function target(given: Partial<TuneMap> = {}, afr: (rpm: number, throttle: number) => number = (_, t) => healthy(t)) {
  return testMap({
    title: 'target',
    role: 'lambdaTarget',
    family: 'lambdaTarget',
    unit: 'AFR',
    rows: SPEEDS.length,
    columns: LOADS.length,
    axes: [testAxis('x', LOADS, 'throttle', '%'), testAxis('y', SPEEDS, 'engineSpeed', 'rpm')],
    cells: Float64Array.from(SPEEDS.flatMap((rpm) => LOADS.map((throttle) => afr(rpm, throttle)))),
    confidence: 'verified',
    ...given,
  });
}

function tuneWith(map: TuneMap, settings: Record<string, string> = {}, facts: Partial<Tune['facts']> = {}): Tune {
  const tune = roadTune();
  return {
    ...tune,
    format: 'msq',
    maps: [...tune.maps.filter((m) => m.role !== 'fuel'), map],
    facts: { ...tune.facts, strokes: 4, stoichiometricAfr: 14.7, settings, ...facts },
  };
}

function reportOf(tune: Tune, motorcycle: Motorcycle | null): Report {
  return audit(
    {
      input: { path: 'test.msq', sha256: null, byteLength: null },
      format: null,
      definition: null,
      definitionMotorcycles: [],
      tune,
      motorcycle: motorcycle === null ? null : { motorcycle, name: 'Test', given: true, alternatives: [] },
      stock: null,
      conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
      analysisId: 'test',
      engineReason: 'test',
    },
    deps,
  ).report;
}

const of = (report: Report, ruleId: string): Finding => report.findings.find((f) => f.ruleId === ruleId)!;
const area = (report: Report): boolean => report.coverage.areas.find((a) => a.id === 'fullLoadMixture')!.judged;
/** AFR with a lean block: 80 to 100 % throttle, 7000 to 9000 rpm. */
const leanBlock =
  (afr: number) =>
  (rpm: number, throttle: number): number =>
    throttle >= 80 && rpm >= 7000 && rpm <= 9000 ? afr : healthy(throttle);
const BLOCK = [7000, 8000, 9000].flatMap((n) => [80, 90, 100].map((l) => cellOf(n, l))).sort((a, b) => a - b);

describe('a lean block at full load', () => {
  // λ of 13.7, 14.2, 14.6, 15.4 over 14.7.
  test.each([
    [12.9, 'pass', 'info'],
    [13.7, 'fail', 'low'],
    [14.2, 'fail', 'medium'],
    [14.6, 'fail', 'high'],
    [15.4, 'fail', 'critical'],
  ])('AFR %d is %s, %s, with and without the motorcycle, at its very cells', (afr, status, severity) => {
    for (const motorcycle of [null, testMotorcycle()]) {
      const report = reportOf(tuneWith(target({}, leanBlock(afr))), motorcycle);
      const finding = of(report, 'full-load-mixture-lean');
      expect([finding.status, finding.severity]).toEqual([status, severity]);
      expect(area(report)).toBe(true);
      if (status === 'pass') continue;
      expect(finding.value).toBeCloseTo(afr / 14.7, 6);
      expect(finding.cells.map((c) => c.row * LOADS.length + c.column).sort((a, b) => a - b)).toEqual(BLOCK);
    }
  });

  test('counts more on an air-cooled engine', () => {
    const tune = tuneWith(target({}, leanBlock(14.2)));
    expect(of(reportOf(tune, testMotorcycle({ cooling: 'air' })), 'full-load-mixture-lean').severity).toBe('high');
  });

  test("lambda comes from the tune's own stoichiometric ratio", () => {
    const tune = tuneWith(target({}, leanBlock(14.2)), {}, { stoichiometricAfr: 14.08 });
    expect(of(reportOf(tune, null), 'full-load-mixture-lean').value).toBeCloseTo(14.2 / 14.08, 6);
  });

  test('is not judged by the limits of four-strokes on a two-stroke', () => {
    const report = reportOf(tuneWith(target({}, leanBlock(14.2)), {}, { strokes: 2 }), null);
    expect(of(report, 'full-load-mixture-lean').status).toBe('notApplicable');
    expect(of(report, 'full-load-mixture-lean-two-stroke')).toMatchObject({ status: 'fail', severity: 'low' });
  });
});

describe('what the tune does not say is not judged', () => {
  test.each<[string, TuneMap, Record<string, string>, RegExp]>([
    ['erased', target({ unset: true }, () => 25.5), {}, /not set/],
    ['switched off', target({ inUse: false }, leanBlock(16)), {}, /switched off/],
    ['lambda in a table of AFR', target({}, (_, t) => healthy(t) / 14.7), {}, /says AFR/],
    [
      'without an engine speed',
      target({ axes: [testAxis('x', LOADS, 'throttle', '%')] }),
      {},
      /full load is not known/,
    ],
  ])('%s: no number, no full-load mixture, the reason at every rule', (_, map, settings, reason) => {
    const report = reportOf(tuneWith(map, settings), testMotorcycle());
    for (const id of ['full-load-mixture-lean', 'full-load-mixture-rich', 'cruise-mixture-lean', 'idle-mixture-rich']) {
      expect(of(report, id)).toMatchObject({ status: 'notChecked', message: expect.stringMatching(reason) });
    }
    expect(area(report)).toBe(false);
    expect(report.scores.safety.value).toBeNull();
  });

  test('a volumetric efficiency map alone says little of the mixture: never a number that looks safe', () => {
    const ve = target({ title: 've', role: 've', family: 've', unit: '%' }, () => 90);
    const report = reportOf(tuneWith(ve), testMotorcycle());
    expect(of(report, 've-hole').status).toBe('pass');
    expect(area(report)).toBe(true);
    expect(report.scores.safety.value).toBeLessThan(80);
    expect(report.scores.safety.caps.map((c) => c.at)).toContain(74);
  });

  test('a target that scales the pulse width counts although no probe is fitted', () => {
    const tune = tuneWith(target({ inUse: false }, leanBlock(15.4)), { incorporateAFR: 'Yes' });
    expect(of(reportOf(tune, null), 'full-load-mixture-lean').severity).toBe('critical');
  });

  test('pulse widths are said to be pulse widths', () => {
    const report = reportOf(roadTune(), testMotorcycle());
    expect(of(report, 'full-load-mixture-lean').message).toContain('pulse widths');
  });
});

describe('boost', () => {
  const KPA = [20, 30, 40, 50, 60, 70, 80, 90, 100, 150, 200];
  const pressure = (afr: (kpa: number) => number): TuneMap => {
    const map = target({}, () => 0);
    map.axes = [testAxis('x', KPA, 'intakePressure', 'kPa'), map.axes[1]!];
    map.cells = Float64Array.from(SPEEDS.flatMap(() => KPA.map(afr)));
    return map;
  };
  const h2 = testMotorcycle({ aspiration: 'supercharged' });

  test.each([
    ['healthy: 12.9 in the atmosphere, 11.8 under boost', (k: number) => (k >= 105 ? 11.8 : 12.9), 'pass', 'pass'],
    ['lean under boost alone', (k: number) => (k >= 105 ? 13.6 : 12.9), 'fail', 'pass'],
    ['lean in the atmosphere alone', (k: number) => (k >= 105 ? 11.8 : 15.0), 'pass', 'fail'],
  ])('%s', (_, afr, boosted, plain) => {
    const report = reportOf(tuneWith(pressure(afr)), h2);
    expect(of(report, 'full-load-mixture-lean-boosted').status).toBe(boosted);
    expect(of(report, 'full-load-mixture-lean').status).toBe(plain);
  });

  test('a long pressure axis alone proves no charger', () => {
    const report = reportOf(tuneWith(pressure((k) => (k >= 85 ? 13.3 : 14.4))), null);
    expect(of(report, 'full-load-mixture-lean').status).toBe('pass');
    expect(of(report, 'full-load-mixture-lean-boosted').status).toBe('notChecked');
  });
});

describe('narrowband', () => {
  test('14.7 everywhere is medium where the probe knows nothing else, high where it does', () => {
    const map = target({}, () => 14.7);
    expect(of(reportOf(tuneWith(map, { egoType: 'Narrow Band' }), null), 'full-load-mixture-lean').severity).toBe(
      'medium',
    );
    expect(of(reportOf(tuneWith(map, { egoType: 'Wide Band' }), null), 'full-load-mixture-lean').severity).toBe('high');
  });
});

test('a half-erased table names its erased cells alone', () => {
  const map = target({}, (rpm, throttle) => (rpm >= 11_000 ? 25.5 : healthy(throttle)));
  const finding = of(reportOf(tuneWith(map), testMotorcycle()), 'mixture-target-impossible');
  expect(finding).toMatchObject({ status: 'fail', severity: 'high' });
  expect(new Set(finding.cells.map((c) => c.row))).toEqual(new Set([SPEEDS.indexOf(11_000)]));
});
