/** What ride logs say about a tune: the `log` of a report. Plain data; null: not known, with the reason beside it. */
import type { Quantity } from '../model.ts';
import type { MapRef, SafetyLevel } from '../report.ts';

/** Why a sample is not compared with the map; the first that holds. docs/logs.md explains each. */
export const DROP_REASONS = {
  stopped: 'engine stopped or starting',
  noProbe: 'no reading of a wideband probe',
  cold: 'engine cold, or warm-up enrichment',
  overrun: 'overrun or fuel cut',
  limiter: 'at the rev limiter',
  enrichment: 'acceleration enrichment',
  moving: 'throttle or speed moving fast',
  settling: 'not yet steady again',
  noPlace: 'no reading of the load or speed that the map asks for',
} as const;
export type DropReason = keyof typeof DROP_REASONS;

export interface RideLogFile {
  path: string;
  sha256: string;
  byteLength: number;
  format: string;
  /** What the logging program says about itself. */
  signature: string;
  samples: number;
  /** Pieces of the file that were no sample. */
  skipped: number;
  /** Null: the log has no time. */
  seconds: number | null;
  /** What was recognised, with the names and units of the file. */
  fields: { channel: string; name: string; unit: string }[];
  /** How many of its fields were not. */
  otherFields: number;
}

/** A cell of the map with what was measured in it. */
export interface RideCell {
  row: number;
  column: number;
  /** Samples, shared out between the cells around each. */
  hits: number;
  /** Mean of the lambda measured. */
  lambda: number;
  /** Standard deviation. */
  spread: number;
  /** The same with the correction of closed loop taken out: what the map alone would have given. */
  uncorrected: number;
  target: number | null;
  targetFrom: 'tune' | 'log' | 'specification' | null;
  /** Percent that `uncorrected` lies over the target (lean: above 0); of a target that is a range, over its nearer end. */
  deviationPercent: number | null;
  highLoad: boolean;
  /** Enough hits to say something. */
  claimed: boolean;
}

export interface RideLog {
  files: RideLogFile[];
  stoichiometric: { afr: number; from: 'tune' | 'petrol' };
  samples: { read: number; used: number; dropped: { reason: DropReason; text: string; count: number }[] };
  /** The map in whose cells the samples were placed; null for the reason given. */
  map: MapRef | null;
  reason: string;
  axes: { axis: 'x' | 'y'; quantity: Quantity; unit: string; breakpoints: (number | null)[] }[];
  rows: number;
  columns: number;
  /** Those with a hit at least, row by row. */
  cells: RideCell[];
  /** Cells where the engine knocked, most first; null: the log has no knock field. */
  knock: { events: number; cells: { row: number; column: number; events: number; retardDeg: number | null }[] } | null;
  coverage: { highLoadCells: number; measured: number; ratio: number | null; reason: string };
  /** Held for three samples in a row. Null: not in the log. */
  extremes: {
    rpm: number | null;
    coolantC: number | null;
    intakeAirC: number | null;
    /** Lowest, where the alternator charges. */
    batteryV: number | null;
    dutyPercent: number | null;
    /** Logged, or computed from the pulse width. */
    dutyFrom: string | null;
  };
  /** Share of the samples used at which the probe stood at its own end, percent. Null: no probe. */
  probe: { leanEnd: number | null; richEnd: number | null; atLeanEndPercent: number; atRichEndPercent: number } | null;
  /** Cells over a limit of a rule about rides: row * columns + column. */
  flagged: number[];
  /** The score of the file without any log. */
  mapScore: { value: number | null; level: SafetyLevel | null };
  notes: string[];
}
