/** Candidates for tests: a report that says what a test says, an ordinary rider. */
import { refusedReport } from '../refused-report.ts';
import type { Finding, Report } from '../report.ts';
import { NOTHING_SAID } from '../rider.ts';
import { testMotorcycle } from '../test-tune.ts';
import type { Asking, Candidate } from './candidate.ts';

/** The rider's motorcycle. */
export const MINE = testMotorcycle();

/** A failed finding. */
export const fail = (ruleId: string, severity: Finding['severity']): Finding =>
  ({ id: ruleId, ruleId, status: 'fail', severity, message: '', suppressed: null }) as unknown as Finding;

/** A judged report. */
export function report(
  given: { value?: number | null; findings?: Finding[]; ecu?: string | null; bike?: string; points?: number } = {},
): Report {
  const base = refusedReport(
    { path: 'x.bin', sha256: 'a', byteLength: 1 },
    { code: '', message: 'not enough data', hint: '' },
    { format: null, definition: null, conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] } },
  );
  const value = given.value === undefined ? 95 : given.value;
  return {
    ...base,
    motorcycle: { id: given.bike ?? MINE.id, name: 'Test Four', confidence: 'high', alternatives: [] },
    ecu: given.ecu === undefined ? null : { id: given.ecu, family: null },
    findings: given.findings ?? [],
    scores: {
      ...base.scores,
      safety: { ...base.scores.safety, value, deductions: [], caps: [] },
      compatibility: {
        ...base.scores.compatibility,
        value: 100,
        level: 'COMPATIBLE',
        reason: '',
        deductions:
          given.points === undefined ? [] : [{ findingId: 'limiter', points: given.points, reason: 'another engine' }],
      },
    },
  };
}

/** A candidate around it. */
export const candidateOf = (given: Partial<Candidate> = {}): Candidate => ({
  report: report(),
  metrics: new Map(),
  words: ['x.bin'],
  similarity: null,
  like: null,
  rating: null,
  current: true,
  elsewhere: false,
  ownRead: false,
  motorcycle: MINE,
  ...given,
});

/** A rider with pump petrol and no parts. */
export const askingOf = (given: Partial<Asking> = {}): Asking => ({
  motorcycle: MINE,
  motorcycleName: 'Test Four',
  stockEcuId: null,
  stockSha256: null,
  ...NOTHING_SAID,
  ron: 95,
  ethanolPercent: 10,
  ...given,
});
