/** What the catalogue says of a fault or of a harmless edit. Severities are an expert's, written down with the reason; no rule is asked. */
import type { Severity } from '../../core/model.ts';
import type { Draw } from './draw.ts';
import type { Site } from './site.ts';

/** A change that was made to a file. */
export interface Injected {
  kind: 'injected';
  bytes: Uint8Array;
  /** Ids of the maps that were meant. */
  maps: string[];
  /** Row-major cells of the first of them where the fault is; null: the map as a whole. */
  cells: number[] | null;
  /** As a person would say it: "-9.6 % over 12 cells". */
  amplitude: string;
  /** Least severity that an expert would give it against stock; null: below the lowest band, so that it has to stay quiet. */
  floor: Severity | null;
  /** The same where no stock is known; null: must not alarm, and finding it is not asked. */
  alone: Severity | null;
  /** Settings of a project that got another word: then `maps` are what they act on. */
  words?: string[];
  /** True: a refusal of the whole file answers it too, since hardly a map is left that could be believed. */
  orRefused?: boolean;
  /** Other circumstances of the analysis. */
  with?: { bike?: string; ethanolPercent?: number; shiftBytes?: number };
}

/** Could not be made in this file, by a rule stated beforehand. */
export interface Excluded {
  kind: 'excluded';
  because: string;
}

export interface Fault {
  id: string;
  title: string;
  /** What a person would do to get here, and why the severity is what it is. */
  reason: string;
  /** True: it shows by itself, whatever is known of stock. */
  needsNoReference: boolean;
  /** What it ends in: a finding at a map, or a file that is not for this motorcycle and gets no number. */
  ends: 'finding' | 'incompatible';
  /** How many amplitudes are drawn for each file. */
  draws?: number;
  inject(site: Site, draw: Draw): Injected | Excluded;
}

export interface Harmless {
  id: string;
  title: string;
  /** Why nothing above low may be said. */
  reason: string;
  inject(site: Site, draw: Draw): Injected | Excluded;
}

export const excluded = (because: string): Excluded => ({ kind: 'excluded', because });

export interface Bands {
  low?: number;
  medium?: number;
  high?: number;
  critical?: number;
}

/** The class of an amplitude: over an edge by more than a rounding. */
export function classOf(value: number, bands: Bands): Severity | null {
  for (const severity of ['critical', 'high', 'medium', 'low'] as const) {
    const edge = bands[severity];
    if (edge !== undefined && value > edge + 1e-9) return severity;
  }
  return null;
}

const RISING: Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
export const atLeast = (a: Severity, b: Severity): boolean => RISING.indexOf(a) >= RISING.indexOf(b);
/** The lesser of two. */
export const atMost = (a: Severity | null, b: Severity): Severity | null => (a === null || !atLeast(a, b) ? a : b);
export const worse = (a: Severity, b: Severity): boolean => RISING.indexOf(a) > RISING.indexOf(b);

export const EXCLUSIONS = {
  noMap: 'the file has no such map that is set, in use and named',
  noZone: 'the map has no cells of the zone over known axes',
  noInverse: 'the conversion of the map has no inverse',
  belowQuantum: 'the amplitude is below the quantum of the storage',
  noRaw: 'the file holds values and no raw elements',
  clipped: 'the storage cannot hold the amplitude',
  there: 'the file stood as far or further before: nothing gets worse',
} as const;
