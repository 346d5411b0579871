/** The made-up TunerStudio projects, judged end to end. */
import { expect, test } from 'vitest';
import { analyzeOne } from './analyze-in-process.ts';

const CAREFUL = { ron: 95, ethanolPercent: 0, altitudeM: null, mods: [] };

test('the sound one is safe, and not by silence', async () => {
  const report = await analyzeOne('fixtures/msq/road.msq', { conditions: CAREFUL });
  expect(report.outcome).toBe('analysed');
  expect(report.scores.safety.value).toBeGreaterThanOrEqual(80);
  expect(report.coverage.areas.filter((a) => a.judged).map((a) => a.id)).toEqual(
    expect.arrayContaining(['fullLoadMixture', 'fullLoadSpark', 'revLimiter', 'heat']),
  );
});

test('the careless one is found out at the cells that were changed', async () => {
  const report = await analyzeOne('fixtures/msq/careless.msq', { conditions: CAREFUL, stock: 'fixtures/msq/road.msq' });
  const failed = report.findings.filter((f) => f.status === 'fail');
  expect(report.scores.safety.value).toBeLessThan(60);
  const lean = failed.find((f) => f.ruleId === 'full-load-mixture-lean');
  expect(lean?.map?.id).toBe('afrTable');
  expect(lean?.cells.slice(0, 6).every((c) => c.row >= 6 && c.column >= 4 && c.column <= 6)).toBe(true);
  const spark = failed.find((f) => f.map?.id === 'advTable1' && f.reference === 'stockFile');
  expect(spark?.cells.every((c) => c.row >= 6 && c.column >= 4 && c.column <= 6)).toBe(true);
  expect(failed.some((f) => f.ruleId === 'limiter-over-stock')).toBe(true);
});

test('the careless one alone: the lean block is seen without its stock', async () => {
  const report = await analyzeOne('fixtures/msq/careless.msq', { conditions: CAREFUL });
  expect(report.findings.some((f) => f.status === 'fail' && f.ruleId === 'full-load-mixture-lean')).toBe(true);
});

test('the erased one has no number and no finding', async () => {
  const report = await analyzeOne('fixtures/msq/erased.msq', { conditions: CAREFUL });
  expect(report.scores.safety.value).toBeNull();
  expect(report.findings.filter((f) => f.status === 'fail')).toEqual([]);
});
