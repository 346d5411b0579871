/**
 * A definition by analogy: which known family do the maps of an unknown image resemble, and so, what is each of them?
 * Everything here is a guess with its reason, for a person to confirm; nothing of it is ever scored.
 */
import { FEATURES_USED, type SurfaceFeatures } from './features.ts';
import type { MapGroup } from './groups.ts';
import { axisProfile, profileDistance } from './profile.ts';

/** One purpose of maps in one known family, without any calibration: shape and numbers without dimension. */
export interface KnownGroup {
  /** Id of the bundled definition. */
  definition: string;
  /** "fuel", "spark", "throttle". */
  role: string;
  load: 'throttle' | 'pressure' | null;
  /** Title of its first map in the definition: its conversions are proposed. */
  title: string;
  maps: number;
  rows: number;
  columns: number;
  elementBytes: number;
  features: Pick<SurfaceFeatures, (typeof FEATURES_USED)[number]>;
  /** What its columns are: "throttle", "intakePressure", "unknown" … */
  xQuantity: string;
  /** Breakpoints at sixteen places, as shares of the range of the axis. */
  xProfile: number[] | null;
  yProfile: number[] | null;
}

export interface Proposal {
  group: MapGroup;
  role: string;
  load: 'throttle' | 'pressure' | null;
  /** The known group that it resembles most. */
  like: KnownGroup;
  /** 0 the same, 1 as far as other roles are. */
  distance: number;
  /** Share of the nearest families that agree, 0..1. */
  agreement: number;
  confidence: 'high' | 'medium' | 'low';
  because: string;
}

export interface Analogy {
  /** Bundled definitions, the most alike first, with how alike their rows and columns are. */
  families: { definition: string; likeness: number }[];
  proposals: Proposal[];
  /** Why nothing is proposed. */
  reason: string | null;
  /** All groups, with the axes that were found for them. */
  groups: readonly MapGroup[];
}

/** How far families of one role lie apart, by feature: the measure of a distance. Taken from the bundled families. */
const SCALE: Record<(typeof FEATURES_USED)[number], number> = {
  alongColumns: 0.3,
  alongRows: 0.35,
  columnShare: 0.25,
  rowShare: 0.25,
  contrast: 0.2,
  straightness: 0.3,
  plateau: 0.25,
};

const NEAREST = 5;
/** Farther than this nothing is alike. */
const MAX_DISTANCE = 1.1;
/** Largest distance of two profiles of one kind of axis, as a share of the range. */
const MAX_PROFILE = 0.09;

/** Least likeness of the nearest family: 26 motorcycle images without a definition have 0.2 and more, of 75 cars three have 0.1 to 0.13. */
const MIN_LIKENESS = 0.16;

/** @param known groups of all bundled families; leave one out to test */
export function resemble(groups: readonly MapGroup[], known: readonly KnownGroup[]): Analogy {
  const kin = groups.map((group) => ({ group, relatives: relativesOf(group, known) }));
  const related = kin.filter((k) => k.relatives.length > 0);
  if (related.length === 0)
    return {
      families: [],
      proposals: [],
      reason: 'no map here has the shape and the axes of a family that is known',
      groups,
    };
  const proposals: Proposal[] = [];
  for (const group of groups) {
    // Where the image is of a known kind, a map with its engine speeds may have another number of columns.
    if (!related.some((r) => r.group === group) && !hasSpeedsOf(group, related)) continue;
    const proposal = propose(group, known);
    if (proposal !== null) proposals.push(proposal);
  }
  const roles = new Set(proposals.map((p) => p.role));
  if (!roles.has('fuel') || !roles.has('spark')) {
    return {
      families: [],
      proposals: [],
      groups,
      reason: 'the maps here do not come as fuel and spark together, as in every family that is known',
    };
  }
  const families = familiesOf(related);
  const likeness = families[0]?.likeness ?? 0;
  if (likeness < MIN_LIKENESS) {
    return {
      families: [],
      proposals: [],
      groups,
      reason: `its maps are hardly like those of any family that is known (${Math.round(100 * likeness)} %)`,
    };
  }
  return { families, proposals, reason: null, groups };
}

/** Does a group have the engine speeds, and the rows, of one that a known family has too? */
function hasSpeedsOf(group: MapGroup, related: readonly { group: MapGroup }[]): boolean {
  const profile = axisProfile(group.yValues);
  return related.some(
    (r) => r.group.rows === group.rows && profileDistance(profile, axisProfile(r.group.yValues)) <= MAX_PROFILE / 3,
  );
}

/** Known groups of nearly the same shape whose engine speed runs alike. */
function relativesOf(group: MapGroup, known: readonly KnownGroup[]): KnownGroup[] {
  const profile = axisProfile(group.yValues);
  return known.filter(
    (k) =>
      Math.abs(k.rows - group.rows) <= 0.2 * k.rows &&
      Math.abs(k.columns - group.columns) <= 0.25 * k.columns &&
      profileDistance(profile, k.yProfile) <= MAX_PROFILE,
  );
}

function distanceOf(group: MapGroup, known: KnownGroup): number {
  let sum = 0;
  for (const f of FEATURES_USED) sum += ((group.features[f] - known.features[f]) / SCALE[f]) ** 2;
  return Math.sqrt(sum / FEATURES_USED.length) / 1.5;
}

function propose(group: MapGroup, known: readonly KnownGroup[]): Proposal | null {
  // One vote a family and role: six map sets of one family are one witness.
  const nearest = new Map<string, { known: KnownGroup; distance: number }>();
  for (const k of known) {
    const distance = distanceOf(group, k);
    const key = `${k.definition} ${k.role} ${k.load}`;
    const before = nearest.get(key);
    if (before === undefined || distance < before.distance) nearest.set(key, { known: k, distance });
  }
  const ranked = [...nearest.values()].sort((a, b) => a.distance - b.distance);
  const first = ranked[0];
  if (first === undefined || first.distance > MAX_DISTANCE) return null;
  const nearby = ranked.slice(0, NEAREST);
  const votes = new Map<string, number>();
  for (const { known: k, distance } of nearby)
    votes.set(`${k.role} ${k.load}`, (votes.get(`${k.role} ${k.load}`) ?? 0) + 1 / (0.1 + distance));
  const [winner] = [...votes].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const chosen = nearby.filter(({ known: k }) => `${k.role} ${k.load}` === winner![0]);
  const like = chosen[0]!;
  const agreement = chosen.length / nearby.length;
  const confidence =
    agreement >= 0.8 && like.distance < 0.5 ? 'high' : agreement >= 0.6 && like.distance < 0.8 ? 'medium' : 'low';
  const { role, load } = like.known;
  return {
    group,
    role,
    load,
    like: like.known,
    distance: like.distance,
    agreement,
    confidence,
    because: `runs along its rows and columns as "${like.known.title}" of ${like.known.definition}; ${chosen.length} of the ${nearby.length} nearest known groups are ${role}${load === null ? '' : ` by ${load}`}`,
  };
}

/** Families by how many groups here have their shape and engine speeds. */
function familiesOf(related: readonly { group: MapGroup; relatives: KnownGroup[] }[]): Analogy['families'] {
  const score = new Map<string, number>();
  for (const { group, relatives } of related) {
    const profile = axisProfile(group.yValues);
    const best = new Map<string, number>();
    for (const k of relatives) {
      const alike =
        1 -
        profileDistance(profile, k.yProfile) / MAX_PROFILE / 2 -
        0.25 * Number(k.rows !== group.rows) -
        0.25 * Number(k.columns !== group.columns);
      best.set(k.definition, Math.max(best.get(k.definition) ?? 0, alike));
    }
    for (const [definition, alike] of best) score.set(definition, (score.get(definition) ?? 0) + alike);
  }
  return [...score]
    .map(([definition, sum]) => ({ definition, likeness: Math.round((sum / related.length) * 100) / 100 }))
    .sort((a, b) => b.likeness - a.likeness || a.definition.localeCompare(b.definition))
    .slice(0, 5);
}
