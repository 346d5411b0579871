/** The pipeline over hand-made tunes: quiet where nothing is wrong, exact where something is, never better for being worse. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileKnowledge } from '../catalog/compile-knowledge.ts';
import { metricFamilies } from '../generated/metrics.ts';
import { type AuditDeps, type AuditInput, audit } from './audit.ts';
import type { Motorcycle, Tune } from './model.ts';
import type { Report } from './report.ts';
import type { CategoryData } from './score.ts';
import type { StockReference } from './stock.ts';
import { cellOf, LOADS, roadTune, SPEEDS, stockOf, testMotorcycle } from './test-tune.ts';

const knowledge = await compileKnowledge(fileURLToPath(new URL('../../rules', import.meta.url)));
const deps: AuditDeps = {
  rules: knowledge.rules.rules,
  families: metricFamilies,
  categories: knowledge.data['categories'] as CategoryData,
};

function reportOf(
  tune: Tune,
  stock: StockReference | null = stockOf(tune),
  motorcycle: Motorcycle | null = testMotorcycle(),
  using: AuditDeps = deps,
) {
  const input: AuditInput = {
    input: { path: 'test.bin', sha256: null, byteLength: null },
    format: null,
    definition: null,
    definitionMotorcycles: [],
    tune,
    motorcycle: motorcycle === null ? null : { motorcycle, name: 'Test Four', given: true, alternatives: [] },
    stock,
    conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
    analysisId: 'test',
    engineReason: 'test',
  };
  return audit(input, using).report;
}

const failed = (report: Report): Report['findings'] => report.findings.filter((f) => f.status === 'fail');
const find = (report: Report, ruleId: string): Report['findings'][number] | undefined =>
  failed(report).find((f) => f.ruleId === ruleId);
const HIGH_LOAD = SPEEDS.filter((n) => n >= 4000 && n <= 11_000).flatMap((n) =>
  LOADS.filter((l) => l >= 80).map((l) => cellOf(n, l)),
);

describe('a healthy tune', () => {
  test('equal to its stock is safe, and not by silence', () => {
    const report = reportOf(roadTune());
    expect(failed(report).filter((f) => f.severity !== 'info')).toEqual([]);
    expect(report.scores.safety.level).toBe('SAFE');
    expect(report.findingCounts.pass).toBeGreaterThanOrEqual(12);
  });

  test('the same input gives the same bytes', () => {
    expect(JSON.stringify(reportOf(roadTune()))).toBe(JSON.stringify(reportOf(roadTune())));
  });

  test('without stock, spark and mixture cannot all be judged and the report says what is missing', () => {
    const report = reportOf(roadTune(), null);
    expect(report.scores.safety.value).toBeNull();
    expect(report.outcome).toBe('notEnoughData');
    expect(report.scores.safety.reason).toMatch(/--stock/);
  });
});

describe('faults', () => {
  test('more spark at full load names exactly the changed cells', () => {
    const cells = [cellOf(5000, 90), cellOf(5000, 100), cellOf(6000, 90), cellOf(6000, 100)];
    const tune = roadTune(({ spark }) => {
      for (const i of cells) spark!.cells[i]! += 7;
    });
    const finding = find(reportOf(tune), 'spark-over-stock-at-full-load');
    expect(finding?.severity).toBe('high');
    expect(finding?.cells.map((c) => c.row * LOADS.length + c.column).sort((a, b) => a - b)).toEqual(cells);
    expect(finding?.reference).toBe('stockFile');
  });

  test('a raised limiter is judged against the stock, and regions do not follow it', () => {
    const report = reportOf(roadTune(({ limiter }) => limiter!.cells.fill(13_000)));
    expect(find(report, 'limiter-over-stock')?.severity).toBe('critical');
    expect(report.scores.safety.value).toBeLessThan(40);
  });

  test.each([0, 15_000, 19_000, 21_000, 25_599, 65_535])(
    'a limiter of %i rpm on an engine that turns 14000 is critical',
    (rpm) => {
      const tune = roadTune(({ limiter }) => limiter!.cells.fill(rpm));
      const stock = stockOf(
        tune,
        roadTune(({ limiter }) => limiter!.cells.fill(13_400)),
      );
      const report = reportOf(tune, stock, testMotorcycle({ redlineRpm: 14_000, revLimitRpm: 14_000 }));
      const found = failed(report).filter((f) => f.severity === 'critical' || f.severity === 'high');
      expect(found.map((f) => f.ruleId)).not.toEqual([]);
    },
  );

  test('a checksum that follows the other bytes costs nothing', () => {
    const checksum = (value: number): Tune => {
      const tune = roadTune();
      const sum = {
        ...tune.maps[2]!,
        id: 'sum',
        title: 'Checksum',
        role: 'other' as const,
        cells: Float64Array.of(value),
      };
      return { ...tune, maps: [...tune.maps, sum] };
    };
    const tune = checksum(176);
    expect(failed(reportOf(tune, stockOf(tune, checksum(255)))).filter((f) => f.map?.id === 'sum')).toEqual([]);
  });

  test('a changed map of which only a hash is known is not passed as unchanged', () => {
    const idle = { ...roadTune().maps[3]!, id: 'idle', title: 'Idle', role: 'idle' as const };
    const tune = { ...roadTune(), maps: [idle] };
    const stock: StockReference = {
      kind: 'stockKnown',
      source: 'test',
      tune: null,
      limiterRpm: null,
      maps: new Map([['idle', { equal: false, map: null, facts: null, changed: null }]]),
      wholeFileIsFactory: false,
    };
    const finding = reportOf(tune, stock).findings.find((f) => f.ruleId === 'map-changed-from-stock');
    expect(finding?.status).toBe('notChecked');
  });

  test('a map that is known to be governed by the throttle governs full load, whatever its axis is called', () => {
    const pair = (factor: number): Tune => {
      const tune = roadTune();
      const fuel = tune.maps[1]!;
      const axes = fuel.axes.map((x) => (x.axis === 'x' ? { ...x, quantity: 'intakePressure' as const, unit: '' } : x));
      const cells = fuel.cells.map((v, i) => (HIGH_LOAD.includes(i) ? v * factor : v));
      const of = (load: 'throttle' | 'pressure') => ({ ...fuel, id: load, axes, cells, variant: { load } });
      return { ...tune, maps: [tune.maps[0]!, of('throttle'), of('pressure'), tune.maps[2]!, tune.maps[3]!] };
    };
    const finding = find(reportOf(pair(0.8), stockOf(pair(0.8), pair(1))), 'fuel-leaner-than-stock');
    expect(finding?.severity).toBe('critical');
    expect(finding?.map?.id).toBe('throttle');
  });

  test('removed fuel is critical', () => {
    const tune = roadTune(({ fuel }) => {
      for (const i of HIGH_LOAD) fuel!.cells[i] = 0;
    });
    expect(find(reportOf(tune), 'fuel-removed')?.severity).toBe('critical');
  });

  test('twins of one kind are one finding', () => {
    const twin = (tune: Tune): Tune => {
      const spark = tune.maps[0]!;
      return { ...tune, maps: [...tune.maps, { ...spark, id: 'spark 2', variant: { cylinder: '2' } }] };
    };
    const raised = twin(
      roadTune(({ spark }) => {
        for (const i of HIGH_LOAD) spark!.cells[i]! += 5;
      }),
    );
    const found = failed(reportOf(raised, stockOf(raised, twin(roadTune())))).filter(
      (f) => f.ruleId === 'spark-over-stock-at-full-load',
    );
    expect(found).toHaveLength(1);
    expect(found[0]!.alsoIn).toHaveLength(1);
    expect(found[0]!.cellCount).toBe(2 * HIGH_LOAD.length);
    expect(found[0]!.cells.length).toBeLessThanOrEqual(100);
  });
});

describe('what is not known', () => {
  test('a map that was never set is not judged', () => {
    const tune = roadTune(({ spark }) => {
      spark!.cells.fill(90);
      spark!.unset = true;
    });
    const about = reportOf(tune, null).findings.filter((f) => f.map?.id === 'spark' && f.status === 'fail');
    expect(about).toEqual([]);
  });

  test('numbers that are none never reach the report', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('spark', 'fuel', 'limiter', 'fan'),
        fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308),
        fc.nat(200),
        (title, value, index) => {
          const tune = roadTune((maps) => {
            const { cells } = maps[title]!;
            cells[index % cells.length] = value;
          });
          for (const stock of [null, stockOf(tune)]) {
            const walk = (node: unknown): void => {
              if (typeof node === 'number') expect(Number.isFinite(node)).toBe(true);
              else if (typeof node === 'string') expect(node).not.toMatch(/NaN|Infinity|undefined/);
              else if (node !== null && typeof node === 'object') Object.values(node).forEach(walk);
            };
            walk(reportOf(tune, stock));
          }
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  test('hostile titles lose their control characters', () => {
    const tune = roadTune(({ spark }) => {
      for (const i of HIGH_LOAD) spark!.cells[i]! += 7;
    });
    tune.maps[0]!.title = 'spark\u001b[31m\u202e';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
    expect(JSON.stringify(reportOf(tune))).not.toMatch(/\\u001b|[\u001b\u202e]/);
  });
});

describe('worse never scores higher', () => {
  const safetyOf = (tune: Tune): number => reportOf(tune).scores.safety.value ?? 0;
  const add = (title: string, cells: number[], by: (v: number) => number): Tune =>
    roadTune((maps) => {
      for (const i of cells) maps[title]!.cells[i] = by(maps[title]!.cells[i]!);
    });

  test.each([
    ['spark', (d: number) => (v: number) => v + d / 2],
    ['fuel', (d: number) => (v: number) => v * (1 - d / 100)],
  ] as const)('%s, all high-load cells together', (title, change) => {
    let last = 101;
    for (let d = 0; d <= 40; d++) {
      const value = safetyOf(add(title, HIGH_LOAD, change(d)));
      expect(value, `step ${d}`).toBeLessThanOrEqual(last);
      last = value;
    }
  });

  test('the limiter', () => {
    let last = 101;
    for (let rpm = 11_500; rpm <= 14_000; rpm += 50) {
      const value = safetyOf(roadTune(({ limiter }) => limiter!.cells.fill(rpm)));
      expect(value, `${rpm}`).toBeLessThanOrEqual(last);
      last = value;
    }
  });

  test('any cell that any change against stock makes worse', () => {
    const own = deps.rules.filter((r) =>
      [
        'spark-over-stock-at-full-load',
        'spark-over-stock-below-full-load',
        'fuel-leaner-than-stock',
        'fuel-removed',
      ].includes(r.id),
    );
    expect(own).toHaveLength(4);
    const change = fc.record({
      index: fc.constantFrom(...HIGH_LOAD),
      spark: fc.double({ min: 0, max: 14, noNaN: true }),
      lean: fc.double({ min: 0, max: 0.4, noNaN: true }),
    });
    const apply = (tune: Tune, { index, spark, lean }: { index: number; spark: number; lean: number }): void => {
      tune.maps[0]!.cells[index]! += spark;
      tune.maps[1]!.cells[index]! *= 1 - lean;
    };
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), change, (before, more) => {
        const [a, b] = [roadTune(), roadTune()];
        for (const tune of [a, b]) for (const one of before) apply(tune, one);
        apply(b, more);
        const score = (tune: Tune): number =>
          reportOf(tune, stockOf(tune), testMotorcycle(), {
            ...deps,
            rules: own,
            categories: { ...deps.categories, required: [] },
          }).scores.safety.value!;
        expect(score(b)).toBeLessThanOrEqual(score(a));
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  test('one cell of a block that is lean already', () => {
    const block = [cellOf(6000, 90), cellOf(6000, 100), cellOf(7000, 90), cellOf(7000, 100)];
    for (const lean of [6, 10, 15]) {
      const before = add('fuel', block, (v) => v * (1 - lean / 100));
      for (const more of [16, 25, 40, 60]) {
        const after = add('fuel', block, (v) => v * (1 - lean / 100));
        after.maps[1]!.cells[block[0]!]! = roadTune().maps[1]!.cells[block[0]!]! * (1 - more / 100);
        expect(safetyOf(after), `${lean} % block, one cell ${more} %`).toBeLessThanOrEqual(safetyOf(before));
      }
    }
  });
});
