/**
 * Factory files without any stock: no rule may alarm on them. Each line of the catalogue's table "seen firing on factory files" is a
 * case here, so that a band or a region that is moved shows at once which factory file it was moved over.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { SEVERITIES, type Severity } from '../../core/model.ts';
import { computeRegions } from '../../core/regions.ts';
import type { Report } from '../../core/report.ts';
import { auditDeps, auditFactory } from './audit-factory.ts';
import { type FactoryFile, factoryFiles } from './factory-files.ts';

const corpus = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));
const atMost = (severity: Severity, limit: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(limit);

describe.skipIf(!existsSync(corpus))('factory files without stock (needs ../shared/corpus)', () => {
  const audited: { file: FactoryFile; report: Report }[] = [];

  beforeAll(async () => {
    const deps = await auditDeps();
    for (const file of await factoryFiles(corpus, true))
      audited.push({ file, report: (await auditFactory(file, deps)).report });
  }, 240_000);

  /** What fails over a class, in files whose name fits. */
  function alarms(name: RegExp, rules: string[] | null, limit: Severity): string[] {
    const files = audited.filter(({ file }) => name.test(file.name));
    if (files.length === 0) throw new Error(`no factory file is called ${name}`);
    return files.flatMap(({ file, report }) =>
      report.findings
        .filter(
          (f) => f.status === 'fail' && (rules === null || rules.includes(f.ruleId)) && !atMost(f.severity, limit),
        )
        .map((f) => `${file.name}: ${f.severity} ${f.ruleId} on ${f.map?.title}: ${f.message}`),
    );
  }

  test('there are enough of them to mean something', () => {
    expect(audited.length).toBeGreaterThanOrEqual(35);
  });

  test('none has a finding above medium', () => {
    expect(alarms(/./, null, 'medium')).toEqual([]);
  });

  const lines: [string, RegExp, string[], Severity][] = [
    [
      'R35, R12: a Ducati 900SS definition says mS and reads 26 to 169',
      /ducati-900ss/,
      ['injector-duty-high', 'impossible-values'],
      'info',
    ],
    ['R14, R15: a delta map is no percent of its own value', /ducati-900ss/, ['fuel-ragged', 'fuel-cliff'], 'info'],
    [
      'R46: retard past the limiter is protection',
      /ducati-900ss/,
      ['wot-spark-retarded', 'negative-advance', 'spark-load-step'],
      'low',
    ],
    [
      'R46: a boosted engine retards to 0 degrees',
      /evo8|nissan/,
      ['wot-spark-retarded', 'negative-advance', 'full-load-cells-empty'],
      'info',
    ],
    [
      'R15: steps along load lie under 20 % load or in neutral',
      /z125|cbr500r|msx125/,
      ['spark-load-step', 'spark-cliff'],
      'info',
    ],
    [
      'R59: the higher is the cut, whatever the labels say',
      /cbr500r|msx125/,
      ['limiter-hysteresis-small', 'limiter-hysteresis-large', 'limiter-pair-swapped'],
      'info',
    ],
    [
      'R55, R62: the right shift differs from item to item',
      /gen 3 stock.*shifted/,
      ['limiter-absent', 'fan-late', 'limiter-hysteresis-small'],
      'medium',
    ],
    [
      'R55, R62: and unshifted nothing is wrong',
      /gen 3 stock\.bin$/,
      ['limiter-absent', 'fan-late', 'limiter-over-redline'],
      'info',
    ],
    [
      'R69: throttle plates in hundredths of a percent, gear restrictions',
      /vfr1200f/,
      ['throttle-steep', 'throttle-falls-with-grip', 'throttle-held-open', 'throttle-gear-step'],
      'info',
    ],
    ['R07: a flag bit read as a sign', /nissan/, ['impossible-values', 'mixture-target-impossible'], 'info'],
    ['R40: once for a cause', /vfr1200f/, ['wot-advance-high'], 'medium'],
    ['R14, R15: fuel of VFR1200F changes by 75 % in 1000 rpm', /vfr1200f/, ['fuel-ragged', 'fuel-cliff'], 'info'],
    [
      'R08, R47: limp and neutral maps may be flat and may step',
      /z125|msx125/,
      ['flat-map', 'idle-advance-uneven', 'idle-advance-high'],
      'info',
    ],
    [
      'R11, R07: an AFR offset of warm-up is no mixture target',
      /powervision/,
      ['mixture-target-impossible', 'full-load-mixture-lean', 'full-load-mixture-rich', 'mixture-target-unit-mixed'],
      'info',
    ],
    [
      'R14: a breakpoint that stands eight times divides nothing',
      /powervision/,
      ['spark-ragged', 'spark-cliff', 'fuel-ragged', 'duplicate-breakpoints-disagree'],
      'low',
    ],
  ];
  test.each(lines)('%s', (_, name, rules, limit) => {
    expect(alarms(name, rules, limit)).toEqual([]);
  });

  test('R40: thirteen spark maps that read high are one finding', () => {
    for (const { report } of audited.filter(({ file }) => /vfr1200f/.test(file.name))) {
      expect(
        report.findings.filter((f) => f.ruleId === 'wot-advance-high' && f.status === 'fail').length,
      ).toBeLessThanOrEqual(1);
    }
  });

  test('the exhaust flapper of VFR1200F is no rev limiter, and MJW limiter trims are none of rpm', () => {
    for (const { file } of audited) {
      const wrong = file.decoded.tune.maps.filter(
        (m) => /ECGV|Limiter Trim/.test(m.title) && /^revLimiter(\.cut)?$/.test(m.role),
      );
      expect(wrong.map((m) => m.title)).toEqual([]);
    }
  });

  test('an axis in sensor volts that is called "% TPS" still has full load', () => {
    const { tune } = audited.find(({ file }) => /gen 3 stock\.bin by/.test(file.name))!.file.decoded;
    const regions = computeRegions(tune, null, null);
    const spark = tune.maps.filter((m) => m.role === 'spark' && regions.byMap.get(m.id)?.known);
    expect(spark.length).toBeGreaterThan(0);
    for (const map of spark) expect(regions.byMap.get(map.id)!.highLoad.includes(1), map.title).toBe(true);
  });
});
