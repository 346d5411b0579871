/** The published schema of a report's `log`. */
import { z } from 'zod';
import { DROP_REASONS, type DropReason } from '../core/logs/ride-log.ts';

const number = z.number().nullable();
const count = z.number().int();
const text = z.string();

/** @param quantity what an axis may measure */
export const rideLogSchema = <Q extends z.ZodType>(quantity: Q) =>
  z.strictObject({
    files: z.array(
      z.strictObject({
        path: text,
        sha256: text,
        byteLength: count,
        format: text,
        signature: text,
        samples: count,
        skipped: count,
        seconds: number,
        fields: z.array(z.strictObject({ channel: text, name: text, unit: text })),
        otherFields: count,
      }),
    ),
    stoichiometric: z.strictObject({ afr: z.number(), from: z.enum(['tune', 'petrol']) }),
    samples: z.strictObject({
      read: count,
      used: count,
      dropped: z.array(z.strictObject({ reason: z.enum(Object.keys(DROP_REASONS) as DropReason[]), text, count })),
    }),
    map: z.strictObject({ id: text, title: text }).nullable(),
    reason: text,
    axes: z.array(z.strictObject({ axis: z.enum(['x', 'y']), quantity, unit: text, breakpoints: z.array(number) })),
    rows: count,
    columns: count,
    cells: z.array(
      z.strictObject({
        row: count,
        column: count,
        hits: z.number(),
        lambda: z.number(),
        spread: z.number(),
        uncorrected: z.number(),
        target: number,
        targetFrom: z.enum(['tune', 'log', 'specification']).nullable(),
        deviationPercent: number,
        highLoad: z.boolean(),
        claimed: z.boolean(),
      }),
    ),
    knock: z
      .strictObject({
        events: count,
        cells: z.array(z.strictObject({ row: count, column: count, events: count, retardDeg: number })),
      })
      .nullable(),
    coverage: z.strictObject({ highLoadCells: count, measured: count, ratio: number, reason: text }),
    extremes: z.strictObject({
      rpm: number,
      coolantC: number,
      intakeAirC: number,
      batteryV: number,
      dutyPercent: number,
      dutyFrom: text.nullable(),
    }),
    probe: z
      .strictObject({ leanEnd: number, richEnd: number, atLeanEndPercent: z.number(), atRichEndPercent: z.number() })
      .nullable(),
    flagged: z.array(count),
    mapScore: z.strictObject({
      value: number,
      level: z.enum(['SAFE', 'MODERATE', 'RISKY', 'DANGEROUS']).nullable(),
    }),
    notes: z.array(text),
  });
