/** The sentence at the top: its word follows from the findings, and it says what it does not know. */
import { describe, expect, test } from 'vitest';
import { risky, safe, undecided } from '../reporters/test-documents.ts';
import { analyzeOne, PROJECT } from '../test/analyze-in-process.ts';
import { plainVerdict } from './plain-verdict.ts';
import type { Finding, Report } from './report.ts';

const stock = `${PROJECT}fixtures/example/stock.bin`;
const tune = `${PROJECT}fixtures/example/track-day.bin`;

const withFindings = (report: Report, ...severities: Finding['severity'][]): Report => ({
  ...report,
  findings: severities.map((severity, i) => ({ ...risky().findings[0]!, id: `f${i}`, severity, title: `Fault ${i}` })),
});
const words = (report: Report): string => {
  const { word, text } = plainVerdict(report);
  expect(text).not.toMatch(/undefined|null|NaN|\.\.|: :/);
  expect(text).toMatch(/\.$/);
  return `${word}: ${text}`;
};

describe('files', () => {
  test('a dangerous one: do not ride, the worst first, and how many', async () => {
    expect(words(await analyzeOne(tune, { stock }))).toBe(
      'DO NOT RIDE: spark over stock at full load, lean target at full load and 3 more (2 critical and 3 high findings). Mend that first.',
    );
  });

  test('the factory’s own: fine for its motorcycle and the fuel that was said', async () => {
    const none = { ron: null, ethanolPercent: null, altitudeM: null, mods: [] };
    expect(words(await analyzeOne(tune.replace('track-day', 'stock'), { conditions: { ...none, ron: 98 } }))).toMatch(
      /^(FINE: for the Yamaha YZF-R6 2008-2009 on RON 98|NOTHING FOUND)/,
    );
  });

  test('a project without motorcycle and stock is not called fine, whatever its number', async () => {
    const report = await analyzeOne(`${PROJECT}fixtures/msq/road.msq`);
    expect(report.motorcycle).toBeNull();
    expect(plainVerdict(report).word).not.toBe('FINE');
    expect(words(report)).toMatch(/Not held against your motorcycle \(--bike\) or its factory file \(--stock\)/);
  });

  test('what was not judged is unknown', async () => {
    expect(words(await analyzeOne(`${PROJECT}README.md`))).toMatch(/^UNKNOWN/);
    expect(words(undecided())).toMatch(/^UNKNOWN: .*Nothing here says that it is safe to ride/);
  });
});

describe('the word follows the worst finding that stands', () => {
  test.each<[Finding['severity'][], string]>([
    [['critical'], 'DO NOT RIDE'],
    [['info', 'high'], 'DO NOT RIDE'],
    [['medium', 'low'], 'WITH CARE'],
    [['low', 'info'], 'FINE|NOTHING FOUND'],
    [[], 'FINE|NOTHING FOUND'],
  ])('%j', (severities, word) => {
    expect(words(withFindings(safe(), ...severities))).toMatch(new RegExp(`^(${word}):`));
  });

  test('a finding that a person suppressed does not count; one without a number does', () => {
    const high = withFindings(safe(), 'high');
    const known = { reason: 'known', until: null, from: 'x', kind: 'suppression' } as const;
    expect(words({ ...high, findings: high.findings.map((f) => ({ ...f, suppressed: known })) })).not.toMatch(
      /^DO NOT/,
    );
    expect(words(withFindings(undecided(), 'high'))).toMatch(/^DO NOT RIDE: .*could not be judged/);
  });

  test('a file for another motorcycle is not to be ridden, one in doubt with care', () => {
    const of = (level: 'INCOMPATIBLE' | 'DOUBTFUL'): Report => {
      const report = safe();
      const deductions = [{ findingId: 'ecu', points: 60, reason: 'it is for another ECU' }];
      return {
        ...report,
        scores: { ...report.scores, compatibility: { ...report.scores.compatibility, level, deductions } },
      };
    };
    expect(words(of('INCOMPATIBLE'))).toMatch(/^DO NOT RIDE: this file is not for your .*another ECU/);
    expect(words(of('DOUBTFUL'))).toMatch(/^WITH CARE: .*another ECU/);
  });
});
