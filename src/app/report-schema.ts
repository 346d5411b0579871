/** The published schema of `revsync analyze --format json`. Its type equals core/report.ts, or the compiler says so. */
import { z } from 'zod';
import { QUANTITIES } from '../core/model.ts';
import type { Report, ReportDocument } from '../core/report.ts';
import { rideLogSchema } from './ride-log-schema.ts';

const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
const quantity = z.enum(QUANTITIES);
const kind = z.enum(['scalar', 'curve', 'map', 'flag', 'patch']);
const number = z.number().nullable();
const text = z.string();
const mapRef = z.strictObject({ id: text, title: text });
const error = z.strictObject({ code: text, message: text, hint: text });
const cell = z.strictObject({
  mapId: text,
  row: z.number().int(),
  column: z.number().int(),
  axisValues: z.array(z.strictObject({ quantity, unit: text, value: number, last: z.number().optional() })),
  value: number,
  unit: text,
});
const suppressionKind = z.enum(['suppression', 'baseline']);
const finding = z.strictObject({
  id: text,
  ruleId: text,
  title: text,
  status: z.enum(['fail', 'pass', 'notApplicable', 'notChecked']),
  severity,
  map: mapRef.nullable(),
  alsoIn: z.array(mapRef),
  cells: z.array(cell).max(100),
  cellCount: z.number().int(),
  value: number,
  unit: text,
  limit: number,
  margin: number,
  reference: z.enum(['stockFile', 'stockKnown', 'motorcycle', 'absolute']),
  message: text,
  why: text,
  fix: text,
  sources: z.array(text),
  suppressed: z.strictObject({ reason: text, until: text.nullable(), from: text, kind: suppressionKind }).nullable(),
  compared: z.strictObject({ tune: z.number(), stock: z.number(), unit: text }).nullable(),
  because: z.array(text),
});
const safetyLevel = z.enum(['SAFE', 'MODERATE', 'RISKY', 'DANGEROUS']);
const deductions = z.array(z.strictObject({ findingId: text, points: z.number(), reason: text }));
const checksumState = z.enum(['good', 'bad', 'unknown']);
const prediction = z
  .strictObject({ changePercent: z.number(), lowPercent: z.number(), highPercent: z.number() })
  .nullable();
const area = z.enum(['fullLoadMixture', 'fullLoadSpark', 'revLimiter', 'heat', 'throttle']);

/** One file's report. */
export const reportSchema = z.strictObject({
  input: z.strictObject({ path: text, sha256: text.nullable(), byteLength: z.number().int().nullable() }),
  outcome: z.enum(['analysed', 'notEnoughData', 'refused']),
  refusal: error.nullable(),
  format: z.strictObject({ id: text, confidence: z.number(), because: text }).nullable(),
  definition: z
    .strictObject({
      path: text.nullable(),
      id: text,
      title: text,
      origin: z.enum(['flag', 'sidecar', 'user', 'bundled']),
      verdict: z.enum(['fits', 'uncertain', 'mismatch']),
      identified: z.boolean().optional(),
      evidence: z.array(text),
      suggestion: text.nullable(),
    })
    .nullable(),
  motorcycle: z
    .strictObject({
      id: text,
      name: text,
      confidence: z.enum(['high', 'medium', 'low', 'given']),
      alternatives: z.array(text),
    })
    .nullable(),
  ecu: z.strictObject({ id: text.nullable(), family: text.nullable() }).nullable(),
  tune: z.strictObject({
    maps: z.number().int(),
    curves: z.number().int(),
    scalars: z.number().int(),
    flags: z.number().int(),
    patches: z.number().int(),
    undecoded: z.array(z.strictObject({ id: text, title: text, reason: text })),
    warnings: z.array(text),
  }),
  integrity: z.strictObject({
    state: checksumState,
    reason: text,
    checksums: z.array(
      z.strictObject({
        title: text,
        method: text,
        state: checksumState,
        reason: text,
        storedAt: z.number().int().nullable(),
        expected: z.number().int().nullable(),
        computed: z.number().int().nullable(),
      }),
    ),
  }),
  stock: z.strictObject({
    reference: z.enum(['stockFile', 'stockKnown', 'none']),
    origin: z.enum(['flag', 'garage', 'library', 'bundled']).nullable(),
    source: text,
    mapsEqual: z.number().int(),
    mapsChanged: z.array(z.strictObject({ id: text, title: text, changedCells: z.number().int().nullable(), kind })),
    mapsUnknown: z.number().int(),
    wholeFileIsFactory: z.boolean(),
  }),
  profile: z.strictObject({ id: text, motorcycle: text }).nullable(),
  conditions: z.strictObject({ ron: number, ethanolPercent: number, altitudeM: number, mods: z.array(text) }),
  scores: z.strictObject({
    version: text,
    safety: z.strictObject({
      value: number,
      level: safetyLevel.nullable(),
      reason: text,
      deductions,
      caps: z.array(z.strictObject({ at: z.number(), reason: text, findingIds: z.array(text) })),
      ifFixed: z.array(z.strictObject({ findingIds: z.array(text), value: z.number(), level: safetyLevel })),
    }),
    compatibility: z.strictObject({
      value: number,
      level: z.enum(['COMPATIBLE', 'CHECK', 'DOUBTFUL', 'INCOMPATIBLE']).nullable(),
      reason: text,
      deductions,
      notCompared: z.array(z.strictObject({ what: text, reason: text })),
    }),
  }),
  performance: z.strictObject({
    torque: prediction,
    efficiency: prediction,
    limiter: z
      .strictObject({
        fromRpm: z.number(),
        toRpm: z.number(),
        peakPowerPercent: number,
        inertiaLoadPercent: z.number(),
        reason: text,
      })
      .nullable(),
    terms: z.array(
      z.strictObject({ id: text, changePercent: number, lowPercent: number, highPercent: number, reason: text }),
    ),
    reason: text,
  }),
  findings: z.array(finding),
  findingCounts: z.strictObject({
    fail: z.number().int(),
    pass: z.number().int(),
    notApplicable: z.number().int(),
    notChecked: z.number().int(),
  }),
  coverage: z.strictObject({
    ratio: z.number().min(0).max(1),
    areas: z.array(z.strictObject({ id: area, judged: z.boolean(), reason: text })),
    notChecked: z.array(z.strictObject({ ruleId: text, reason: text })),
  }),
  exhibits: z.array(
    z.strictObject({
      map: mapRef,
      findingIds: z.array(text),
      role: text,
      unit: text,
      axes: z.array(
        z.strictObject({
          axis: z.enum(['x', 'y']),
          quantity,
          unit: text,
          breakpoints: z.array(number),
          labels: z.array(text).nullable(),
        }),
      ),
      rows: z.number().int(),
      columns: z.number().int(),
      cells: z.array(number),
      stockCells: z.array(number).nullable(),
      changeIn: z.enum(['unit', 'percent']).nullable(),
      flagged: z.array(z.number().int()),
      digits: z.number().int(),
      focus: z.strictObject({ row: z.number().int(), column: z.number().int() }).nullable(),
    }),
  ),
  log: rideLogSchema(quantity).nullable(),
  firstRide: z.array(text),
  firstRideSheet: z.strictObject({
    cells: z
      .array(
        z.strictObject({
          findingId: text,
          gear: text.nullable(),
          rpm: number,
          load: z.strictObject({ quantity, unit: text, value: z.number(), last: z.number().optional() }).nullable(),
          targetLambda: number,
          wantedLambda: z
            .strictObject({ region: text, low: z.number(), high: z.number(), sources: z.array(text) })
            .nullable()
            .optional(),
          targetSource: text,
          watch: text,
        }),
      )
      .max(5),
    abort: z.array(text),
    log: z.array(text),
    reason: text,
  }),
  whatIf: z
    .strictObject({
      effects: z.array(text),
      changed: z.array(
        z.strictObject({
          findingId: text,
          ruleId: text,
          title: text,
          before: severity.nullable(),
          after: severity.nullable(),
        }),
      ),
      safety: z.strictObject({ without: number, with: number }),
      compatibility: z.strictObject({ without: number, with: number }),
    })
    .nullable(),
  suppressions: z
    .strictObject({
      from: z.array(z.strictObject({ path: text, kind: suppressionKind, findings: z.number().int() })),
      findings: z.number().int(),
      hiddenPoints: z.number(),
      valueWithout: number,
      levelWithout: safetyLevel.nullable(),
      worst: severity.nullable(),
      unapplied: z.array(
        z.strictObject({
          from: text,
          target: text,
          reason: text,
          why: z.enum(['expired', 'criticalNeedsExactId', 'gotWorse', 'matchesNothing']),
          until: text.nullable(),
        }),
      ),
    })
    .nullable(),
  engine: z.strictObject({
    used: z.enum(['rules', 'llm']),
    model: text.nullable(),
    digest: text.nullable(),
    reason: text,
  }),
  secondOpinion: z
    .strictObject({
      deduction: z.number(),
      deductions,
      concerns: z.array(z.strictObject({ text, evidence: z.array(text), relation: text })),
      summary: text,
      dropped: z.number().int(),
      droppedBecause: z.array(text),
      safetyOpinion: z.number().int().nullable(),
      compatibility: z.enum(['fits', 'doubtful', 'doesNotFit', 'unknown']),
      expectedEffect: text.nullable(),
      advice: text.nullable(),
      repaired: z.boolean(),
      model: text,
      digest: text.nullable(),
      serverVersion: text.nullable(),
      tokens: z.strictObject({ prompt: z.number().int(), answer: z.number().int() }),
      shrunkEvidence: z
        .strictObject({ tokens: z.number().int(), findingsLeft: z.number().int() })
        .nullable()
        .default(null),
    })
    .nullable(),
  analysisId: text.nullable(),
});

/** The document of one run. */
export const reportDocumentSchema = z.strictObject({
  schemaVersion: text,
  tool: z.strictObject({ name: z.literal('revsync'), version: text }),
  run: z.strictObject({
    startedAt: text,
    durationMs: z.number(),
    secondOpinions: z.array(
      z.strictObject({
        path: text,
        cached: z.boolean(),
        requests: z.number().int(),
        host: text.nullable(),
        firstPromptMs: z.number().default(0),
        promptMs: z.number(),
        answerMs: z.number(),
        loadMs: z.number(),
        totalMs: z.number(),
      }),
    ),
  }),
  ruleset: z.strictObject({ version: text, hash: text, rules: z.number().int(), replaced: z.array(text).optional() }),
  reports: z.array(reportSchema),
  summary: z.strictObject({
    files: z.number().int(),
    analysed: z.number().int(),
    notEnoughData: z.number().int(),
    refused: z.number().int(),
    worst: severity.nullable(),
    exitCode: z.number().int(),
  }),
  errors: z.array(error),
});

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** Both ways assignable: a field in one and not in the other does not compile. */
export const schemaEqualsType: Same<z.infer<typeof reportSchema>, Report> = true;
export const documentEqualsType: Same<z.infer<typeof reportDocumentSchema>, ReportDocument> = true;
