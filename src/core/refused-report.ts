/** The report of a file that was not judged: nothing in it is invented, every field says why it is empty. */
import { noRide } from './first-ride.ts';
import type { DefinitionInfo, Report } from './report.ts';

/** @param refusal what it is, why not, what to do */
export function refusedReport(
  input: Report['input'],
  refusal: { code: string; message: string; hint: string },
  known: { format: Report['format']; definition: DefinitionInfo | null; conditions: Report['conditions'] },
): Report {
  const reason = `not judged: ${refusal.message}`;
  return {
    input,
    outcome: 'refused',
    refusal,
    format: known.format,
    definition: known.definition,
    motorcycle: null,
    ecu: null,
    tune: { maps: 0, curves: 0, scalars: 0, flags: 0, patches: 0, undecoded: [], warnings: [] },
    integrity: { state: 'unknown', reason, checksums: [] },
    stock: {
      reference: 'none',
      origin: null,
      source: reason,
      mapsEqual: 0,
      mapsChanged: [],
      mapsUnknown: 0,
      wholeFileIsFactory: false,
    },
    profile: null,
    conditions: known.conditions,
    scores: {
      version: '',
      safety: { value: null, level: null, reason, deductions: [], caps: [], ifFixed: [] },
      compatibility: { value: null, level: null, reason, deductions: [], notCompared: [] },
    },
    performance: { torque: null, efficiency: null, limiter: null, terms: [], reason },
    findings: [],
    findingCounts: { fail: 0, pass: 0, notApplicable: 0, notChecked: 0 },
    coverage: {
      ratio: 0,
      areas: (['fullLoadMixture', 'fullLoadSpark', 'revLimiter', 'heat', 'throttle'] as const).map((id) => ({
        id,
        judged: false,
        reason,
      })),
      notChecked: [],
    },
    exhibits: [],
    log: null,
    firstRide: [],
    firstRideSheet: noRide(reason),
    whatIf: null,
    suppressions: null,
    engine: { used: 'rules', model: null, digest: null, reason: 'nothing to judge' },
    secondOpinion: null,
    analysisId: null,
  };
}
