/**
 * Facts that no factory image has confirmed prove nothing by themselves: the user's own image has to, before anything is judged.
 * Monotonic axes are weighed by core/fit.ts; here the numbers must also be an engine's.
 */
import { decode } from './decode.ts';
import { type Fit, fitDefinition } from './fit.ts';
import type { Axis, Definition, Image, Quantity, TuneMap } from './model.ts';
import { isMonotonic } from './monotonic.ts';
import { isPacked, mapStands, placesOf } from './moved.ts';

export interface Proof {
  holds: boolean;
  /** What was found, or what is missing; a sentence each. */
  because: string[];
}

/** Physical range of the last breakpoints of an axis: anything outside is read at the wrong place or in the wrong scale. */
const LARGEST: Partial<Record<Quantity, [low: number, high: number]>> = {
  engineSpeed: [3_000, 20_000],
  throttle: [20, 120],
  throttleAngle: [20, 100],
  grip: [20, 120],
  coolantTemperature: [60, 200],
  headTemperature: [60, 300],
  airTemperature: [40, 200],
  barometricPressure: [700, 1_400],
};
/** Engines run between; limiters of bundled factory images lie from 8,000 to 15,500. */
const LIMITER_RPM: [number, number] = [3_000, 20_000];
const SPARK_DEGREES: [number, number] = [-30, 75];
/** An axis of fewer breakpoints rises by chance. */
const TELLING = 8;
/** Mean step to the next row, of the mean difference of two cells far apart: factory maps have 0.05 to 0.4, noise 1. */
const MAX_ROUGHNESS = 0.6;

const within = (value: number, [low, high]: [number, number]): boolean => value >= low && value <= high;

/** @param fit what core/fit.ts says; a definition that does not fit is not asked */
export function proofOf(image: Image, definition: Definition, shiftBytes = 0): Proof {
  const { maps } = decode(image, definition, { shiftBytes });
  const missing: string[] = [];
  const found: string[] = [];
  const axes = distinctAxes(maps);
  const telling = axes.filter((a) => a.breakpoints.length >= TELLING);
  const broken = telling.filter((a) => !isMonotonic(a.raw ?? a.breakpoints));
  if (telling.length < 2) missing.push('it stores fewer than two axes that could confirm it');
  if (broken.length > 0) missing.push(`${broken.length} of ${telling.length} axes neither rise nor fall`);
  const speeds = telling.filter((a) => a.quantity === 'engineSpeed' && a.unit === 'rpm');
  if (speeds.length === 0) missing.push('no axis of engine speed');
  for (const axis of telling) {
    const range = LARGEST[axis.quantity];
    const most = Math.max(...axis.breakpoints);
    if (range !== undefined && !(within(most, range) && Math.min(...axis.breakpoints) > -100))
      missing.push(`an axis of ${axis.quantity} ends at ${tidy(most)} ${axis.unit}`);
  }
  if (speeds.length > 0) {
    const all = speeds.flatMap((a) => a.breakpoints);
    found.push(`engine speeds from ${tidy(Math.min(...all))} to ${tidy(Math.max(...all))} rpm`);
  }
  const surfaces = maps.filter((m) => m.kind === 'map' && m.raw !== null && m.rows >= 4 && m.columns >= 4);
  const main = surfaces.filter((m) => /^(fuel|ve|spark)($|\.)/.test(m.role));
  const rough = surfaces.filter((m) => roughness(m) > MAX_ROUGHNESS);
  if (main.filter((m) => !isFlat(m)).length === 0) missing.push('no fuel or spark map with values in it');
  if (rough.length > 0.2 * surfaces.length)
    missing.push(`${rough.length} of ${surfaces.length} maps are no smooth surfaces`);
  for (const map of maps) {
    if (/^revLimiter($|\.)/.test(map.role) && map.unit === 'rpm') {
      if (map.cells.every((v) => within(v, LIMITER_RPM))) found.push(`${map.title} ${tidy(map.cells[0]!)} rpm`);
      else missing.push(`${map.title} would be ${tidy(map.cells[0]!)} rpm`);
    }
    if (map.role === 'spark' && map.unit === '°' && !map.cells.every((v) => within(v, SPARK_DEGREES)))
      missing.push(`${map.title} would reach ${tidy(Math.max(...map.cells))}°`);
  }
  return missing.length === 0 ? { holds: true, because: found } : { holds: false, because: missing };
}

/** Titles of limiters in public definitions; limits of speed on the road and trims are none. */
const LIMITER_TITLE = /rev.?limit|rpm.?limit|fuel cut(?!off)/i;
/** Speeds, and the counts of periods in which some ECUs keep them. */
const LIMITER_COUNTS: [number, number] = [500, 40_000];

/** Bytes by which a revision that kept its id may have moved: revisions seen were 4 to 508 apart. */
const NEARBY = Array.from({ length: 128 }, (_, i) => [i + 1, -i - 1]).flat();

/**
 * Why a definition that no id confirms is not believed although its axes rise: axes are shared and few, and a relative's stand at the same
 * places (CBR600RR MJC under the CBR1000RR's: 33 of 33 tables look right, its limiters read 0, 146 and 10).
 */
function doubtOf(image: Image, definition: Definition, shiftBytes: number, identified: boolean): string | null {
  const maps = placesOf(definition).filter((p) => !p.isAxis && isPacked(p.storage, p.columns));
  if (maps.length >= 3 && !maps.some((p) => mapStands(image, p, shiftBytes))) {
    const none = `none of ${maps.length} maps begins and ends where the definition says`;
    if (!identified) return none;
    // Noise in the cells hides where a map ends; maps that stand elsewhere together are moved.
    const elsewhere = NEARBY.find(
      (d) => 2 * maps.filter((p) => mapStands(image, p, shiftBytes + d)).length >= maps.length,
    );
    if (elsewhere !== undefined) return `${none}, and most do so ${elsewhere} bytes on`;
  }
  // A limiter that reads as none may be an edit, where the software is known.
  if (identified) return null;
  const limiters = definition.items.filter(
    (i) =>
      LIMITER_TITLE.test(i.title) &&
      i.rows * i.columns <= 10 &&
      i.storage !== null &&
      /^(scalar|curve|map)$/.test(i.kind),
  );
  if (limiters.length === 0) return null;
  const read = decode(
    image,
    { ...definition, items: definition.items.filter((i) => limiters.includes(i)) },
    { shiftBytes },
  ).maps;
  const right = read.filter((m) => m.cells.every((v) => within(v, LIMITER_COUNTS)));
  if (read.length === 0 || right.length > 0) return null;
  return `none of its ${read.length} limiters reads as one: ${read
    .slice(0, 3)
    .map((m) => `${m.title} ${Array.from(m.cells.slice(0, 2), tidy).join(', ')}`)
    .join('; ')}`;
}

/** Where a definition is unconfirmed, a fit without proof in this very image stays uncertain: shown, never scored. */
export function fitWithProof(image: Image, definition: Definition, shiftBytes: number, suggest: boolean): Fit {
  const fit = fitDefinition(image, definition, shiftBytes, suggest);
  const guessed = definition.items.filter((i) => i.guess !== undefined).length;
  const noted: Fit =
    guessed === 0
      ? fit
      : {
          ...fit,
          evidence: [`${guessed} of ${definition.items.length} items are guessed, unconfirmed`, ...fit.evidence],
        };
  if (fit.verdict !== 'fits') return noted;
  const doubt = doubtOf(image, definition, shiftBytes, fit.identified);
  if (doubt !== null)
    return { ...noted, verdict: 'uncertain', identified: false, evidence: [doubt, ...noted.evidence] };
  if (fit.identified || definition.confirmedOnImage !== false) return noted;
  const { holds, because } = proofOf(image, definition, shiftBytes);
  const few = because.slice(0, 4).join(', ');
  return holds
    ? {
        ...noted,
        evidence: [`no factory image was there to confirm this definition; this image does: ${few}`, ...noted.evidence],
      }
    : {
        ...noted,
        verdict: 'uncertain',
        evidence: [
          `no factory image was there to confirm this definition, and this one does not: ${few}`,
          ...noted.evidence,
        ],
      };
}

function distinctAxes(maps: readonly TuneMap[]): Axis[] {
  const axes = new Map<string, Axis>();
  for (const map of maps)
    for (const axis of map.axes)
      if (axis.at !== null) axes.set(`${axis.at.offsetBytes} ${axis.breakpoints.length}`, axis);
  return [...axes.values()];
}

const isFlat = ({ raw }: TuneMap): boolean => raw === null || new Set(raw).size < 4;

/** 0: every row as the one before; 1: rows differ as any two cells do. A flat map is as smooth as can be. */
function roughness({ raw, rows, columns }: TuneMap): number {
  const cells = rows * columns;
  let [near, far] = [0, 0];
  for (let i = 0; i + columns < cells; i++) {
    near += Math.abs(raw![i + columns]! - raw![i]!);
    far += Math.abs(raw![(i * 7919 + 31) % cells]! - raw![i]!);
  }
  return far === 0 ? 0 : near / far;
}

const tidy = (n: number): number => (Number.isFinite(n) ? Number(n.toPrecision(4)) : n);
