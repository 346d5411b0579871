/** Documents for the tests of reporters: made by the real pipeline's types, with the worst that a file may say. */
import { refusedReport } from '../core/refused-report.ts';
import type { Finding, Report, ReportDocument } from '../core/report.ts';

/** A title as a hostile file would carry it: terminal escapes, direction tricks, markup, formulas, line breaks. */
export const HOSTILE =
  '\u001b[31mred\u001b[0m \u202eevil <script>alert(1)</script> ]]> =cmd() "quoted" & \'single\'\r\n\ttab \u0007 [link](http://x) | 漢字🏍';

const conditions = { ron: null, ethanolPercent: null, altitudeM: null, mods: [] };

function finding(given: Partial<Finding>): Finding {
  return {
    id: 'rule:map',
    ruleId: 'spark-over-stock-at-full-load',
    title: 'Spark over stock at full load',
    status: 'fail',
    severity: 'high',
    map: { id: 'map@0x10', title: HOSTILE },
    alsoIn: [{ id: 'other@0x20', title: HOSTILE }],
    cells: [
      {
        mapId: 'map@0x10',
        row: 1,
        column: 1,
        axisValues: [{ quantity: 'engineSpeed', unit: 'rpm', value: 4000 }],
        value: 38,
        unit: '°',
      },
    ],
    cellCount: 3,
    value: 8.3,
    unit: '°',
    limit: 6,
    margin: 6.3,
    reference: 'stockFile',
    message: `38° at 4000 rpm ${HOSTILE}`,
    why: 'It costs knock margin.',
    fix: 'Back to stock.',
    sources: ['a source'],
    suppressed: null,
    compared: null,
    because: [],
    ...given,
  };
}

export function risky(path = 'tune.bin'): Report {
  const base = refusedReport(
    { path, sha256: 'a'.repeat(64), byteLength: 1024 },
    { code: 'X', message: '', hint: '' },
    { format: null, definition: null, conditions },
  );
  const [rows, columns] = [12, 20];
  const cells = Array.from({ length: rows * columns }, (_, i) => 20 + (i % columns));
  return {
    ...base,
    outcome: 'analysed',
    refusal: null,
    format: { id: 'raw', confidence: 0.1, because: 'binary' },
    definition: {
      path: null,
      id: 'def',
      title: HOSTILE,
      origin: 'bundled',
      verdict: 'fits',
      evidence: [HOSTILE],
      suggestion: null,
    },
    motorcycle: { id: 'honda/x', name: `Honda ${HOSTILE}`, confidence: 'medium', alternatives: ['honda/y'] },
    tune: { ...base.tune, maps: 1, undecoded: [{ id: 'u', title: HOSTILE, reason: HOSTILE }], warnings: [HOSTILE] },
    scores: {
      version: '1.0.0',
      safety: {
        value: 45,
        level: 'RISKY',
        reason: 'points',
        deductions: [{ findingId: 'rule:map', points: 21.7, reason: `high: ${HOSTILE}` }],
        caps: [{ at: 59, reason: HOSTILE, findingIds: ['rule:map'] }],
        ifFixed: [{ findingIds: ['rule:map'], value: 95, level: 'SAFE' }],
      },
      compatibility: {
        value: 90,
        level: 'COMPATIBLE',
        reason: '',
        deductions: [],
        notCompared: [{ what: HOSTILE, reason: HOSTILE }],
      },
    },
    findings: [
      finding({}),
      finding({ id: 'b', severity: 'info' }),
      finding({ id: 'c', status: 'pass' }),
      finding({ id: 'd', status: 'notChecked', map: null }),
    ],
    findingCounts: { fail: 2, pass: 1, notApplicable: 0, notChecked: 1 },
    coverage: {
      ratio: 0.75,
      areas: base.coverage.areas.map((a, i) => ({ ...a, judged: i > 0, reason: HOSTILE })),
      notChecked: [{ ruleId: 'x', reason: HOSTILE }],
    },
    exhibits: [
      {
        map: { id: 'map@0x10', title: HOSTILE },
        findingIds: ['rule:map'],
        role: 'spark',
        unit: '°',
        axes: [
          {
            axis: 'x',
            quantity: 'throttle',
            unit: '%',
            breakpoints: Array.from({ length: columns }, (_, i) => i * 5),
            labels: null,
          },
          {
            axis: 'y',
            quantity: 'engineSpeed',
            unit: 'rpm',
            breakpoints: Array.from({ length: rows }, (_, i) => 1000 + i * 800),
            labels: null,
          },
        ],
        rows,
        columns,
        cells,
        stockCells: cells.map((v, i) => (i % 7 === 0 ? null : v - (i % 5))),
        changeIn: 'unit',
        flagged: cells.map((_, i) => (i % 11 === 0 ? 1 : 0)),
        digits: 1,
        focus: { row: 3, column: 9 },
      },
    ],
    firstRide: [HOSTILE],
    firstRideSheet: {
      cells: [
        {
          findingId: 'rule:map',
          gear: HOSTILE,
          rpm: 4000,
          load: { quantity: 'throttle', unit: '%', value: 60 },
          targetLambda: null,
          targetSource: HOSTILE,
          watch: HOSTILE,
        },
      ],
      abort: [HOSTILE],
      log: [HOSTILE],
      reason: HOSTILE,
    },
    whatIf: {
      effects: [HOSTILE],
      changed: [{ findingId: 'rule:map', ruleId: 'r', title: HOSTILE, before: null, after: 'high' }],
      safety: { without: 80, with: 45 },
      compatibility: { without: null, with: 90 },
    },
    suppressions: {
      from: [{ path: HOSTILE, kind: 'suppression', findings: 1 }],
      findings: 1,
      hiddenPoints: 12.5,
      valueWithout: 33,
      levelWithout: 'DANGEROUS',
      worst: 'critical',
      unapplied: [{ from: HOSTILE, target: HOSTILE, reason: HOSTILE, why: 'expired', until: '2020-01-01' }],
    },
    analysisId: 'abcdef0123456789',
  };
}

export function safe(): Report {
  const base = risky('safe.bin');
  return {
    ...base,
    findings: [],
    exhibits: [],
    firstRide: [],
    scores: {
      ...base.scores,
      safety: { value: 100, level: 'SAFE', reason: 'nothing', deductions: [], caps: [], ifFixed: [] },
    },
  };
}

/** With a second opinion; its texts are hostile, as if nothing had checked them. */
export function advised(): Report {
  return {
    ...risky('advised.bin'),
    engine: { used: 'llm', model: `m ${HOSTILE}`, digest: 'sha256:abcdef', reason: HOSTILE },
    secondOpinion: {
      deduction: 3,
      deductions: [{ findingId: 'rule:map', points: 3, reason: HOSTILE }],
      concerns: [{ text: HOSTILE, evidence: ['rule:map', 'coverage:heat'], relation: 'aboveLimit' }],
      summary: HOSTILE,
      dropped: 2,
      droppedBecause: [HOSTILE],
      safetyOpinion: 30,
      compatibility: 'doubtful',
      expectedEffect: HOSTILE,
      advice: HOSTILE,
      repaired: true,
      model: `m ${HOSTILE}`,
      digest: 'sha256:abcdef',
      serverVersion: '0.24.0',
      tokens: { prompt: 1200, answer: 140 },
      shrunkEvidence: { tokens: 290, findingsLeft: 2 },
    },
  };
}

export function undecided(): Report {
  const base = risky('half.bin');
  return {
    ...base,
    outcome: 'notEnoughData',
    findings: [],
    exhibits: [],
    scores: {
      ...base.scores,
      safety: {
        value: null,
        level: null,
        reason: `not enough data: ${HOSTILE}`,
        deductions: [],
        caps: [],
        ifFixed: [],
      },
    },
  };
}

export function refused(): Report {
  const definition = {
    path: 'x.xdf',
    id: 'x',
    title: HOSTILE,
    origin: 'flag',
    verdict: 'mismatch',
    evidence: [HOSTILE],
    suggestion: HOSTILE,
  } as const;
  return refusedReport(
    { path: `bad; rm -rf ~ ${HOSTILE}.bin`, sha256: null, byteLength: null },
    { code: 'DEFINITION_MISMATCH', message: HOSTILE, hint: HOSTILE },
    { format: null, definition: { ...definition, evidence: [HOSTILE] }, conditions },
  );
}

export function documentOf(reports: Report[], errors: ReportDocument['errors'] = []): ReportDocument {
  return {
    schemaVersion: '1.0.0',
    tool: { name: 'revsync', version: '0.0.0' },
    run: { startedAt: '1970-01-01T00:00:00.000Z', durationMs: 0, secondOpinions: [] },
    ruleset: { version: '1.0.0', hash: 'h', rules: 10 },
    reports,
    summary: { files: reports.length, analysed: 1, notEnoughData: 1, refused: 1, worst: 'high', exitCode: 2 },
    errors,
  };
}
