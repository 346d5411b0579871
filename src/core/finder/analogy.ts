/** From an image to a definition by analogy: maps, groups, axes, purposes. */
import type { ByteOrder } from '../model.ts';
import { AxisFinder, overlap } from './attach-axes.ts';
import { type FoundMap, findMaps } from './find-maps.ts';
import { breakpointsOf, groupMaps, type MapGroup } from './groups.ts';
import { profileDistance } from './profile.ts';
import { type Analogy, type KnownGroup, type Proposal, resemble } from './resemble.ts';
import { covers, type FoundAxis } from './shapes.ts';

/** @param known groups of bundled families; leave one out to test */
export function analyseByAnalogy(
  bytes: Uint8Array,
  known: readonly KnownGroup[],
  found?: readonly FoundMap[],
): Analogy {
  const maps = found ?? findMaps(bytes);
  const finder = new AxisFinder(bytes, cellIndex(maps), wordOrderOf(maps));
  const groups = groupMaps(bytes, maps);
  const engine = known.filter((k) => k.role === 'fuel' || k.role === 'spark');
  const speeds = distinct(engine.map((k) => k.yProfile));
  const loads = distinct(engine.map((k) => k.xProfile));
  attach(bytes, finder, groups, () => ({ xProfiles: loads, yProfiles: speeds }));
  const analogy = resemble(groups, known);
  const byGroup = new Map(analogy.proposals.map((p) => [p.group, p]));
  attach(bytes, finder, [...byGroup.keys()], (group) => {
    const { role, load } = byGroup.get(group)!;
    return { xProfiles: xProfilesOf(role, load, known), yProfiles: speeds };
  });
  return analogy;
}

/** What the columns of such maps look like in the known families: all axes of the quantity that most families give them. */
function xProfilesOf(role: string, load: Proposal['load'], known: readonly KnownGroup[]): number[][] {
  const same = known.filter((k) => k.role === role && k.load === load);
  const votes = new Map<string, Set<string>>();
  for (const k of same) votes.set(k.xQuantity, (votes.get(k.xQuantity) ?? new Set()).add(k.definition));
  const [most] = [...votes].sort((a, b) => b[1].size - a[1].size || a[0].localeCompare(b[0]));
  const alike = known.filter((k) => k.xQuantity === most?.[0] && (k.load === null || k.load === load || load === null));
  return typical(distinct(alike.filter((k) => !hasOneAxisForAll(k, known)).map((k) => k.xProfile)));
}

/** A family whose author gave fuel by throttle and fuel by pressure one and the same axis: one of the two is wrong. */
function hasOneAxisForAll(group: KnownGroup, known: readonly KnownGroup[]): boolean {
  const loads = new Set(
    known
      .filter(
        (k) => k.definition === group.definition && k.load !== null && k.xProfile?.join() === group.xProfile?.join(),
      )
      .map((k) => k.load),
  );
  return loads.size > 1;
}

/** Maps of words that tell the order of the image's words: fewer may be one ghost, read in the other order a byte further on. */
const MIN_WORD_MAPS = 3;

/** The order of the words of most maps; null where too few are of words. */
function wordOrderOf(maps: readonly FoundMap[]): ByteOrder | null {
  let [big, little] = [0, 0];
  for (const { reading, confidence } of maps) {
    if (confidence === 'low' || reading.type.elementBytes === 1) continue;
    if (reading.type.byteOrder === 'big') big++;
    else little++;
  }
  if (Math.max(big, little) < MIN_WORD_MAPS || big === little) return null;
  return big > little ? 'big' : 'little';
}

interface Wanted {
  xProfiles: number[][];
  yProfiles: number[][];
}

/** Gives each map its axes: those that a record names, its own, those of the series of its shape before it, those of another series. */
function attach(
  bytes: Uint8Array,
  finder: AxisFinder,
  groups: readonly MapGroup[],
  wanted: (group: MapGroup) => Wanted,
): void {
  const earlier = new Map<string, Pick<FoundMap, 'x' | 'y'>>();
  const columnAxes = new Map<number, FoundAxis>();
  for (const group of groups) {
    const { xProfiles, yProfiles } = wanted(group);
    const kind = `${group.rows}x${group.columns} ${xProfiles.map((p) => p.join()).join(';')}`;
    for (const map of group.maps) {
      if (map.recordBytes !== null) continue;
      const { offsetBytes, byteLength, rows, columns } = map;
      const own = finder.find({ offsetBytes, byteLength, rows, columns, xProfiles, yProfiles });
      const shared = earlier.get(kind) ?? earlier.get(`${rows}x${columns}`);
      map.y = own.y ?? shared?.y ?? null;
      map.x = columnsAxis(finder, own.x ?? earlier.get(kind)?.x ?? null, map.y, columns, xProfiles);
      earlier.set(kind, { x: map.x, y: map.y });
      earlier.set(`${rows}x${columns}`, { x: map.x, y: map.y });
      if (own.x !== null) columnAxes.set(own.x.offsetBytes, own.x);
    }
  }
  for (const group of groups) {
    const { xProfiles } = wanted(group);
    for (const map of group.maps) {
      if (map.recordBytes === null && map.x === null)
        map.x =
          nearestAxis([...columnAxes.values()], map.columns, finder, xProfiles) ??
          finder.findFar(map.offsetBytes, map.columns, xProfiles);
    }
    // Nothing is the axis of both sides.
    for (const map of group.maps)
      if (map.recordBytes === null && map.x !== null && map.y !== null && overlap(map.x, map.y)) map.x = null;
    const first = group.maps[0]!;
    group.x = first.x;
    group.y = first.y;
    group.xValues = breakpointsOf(bytes, first.x);
    group.yValues = breakpointsOf(bytes, first.y);
  }
}

/**
 * The axis that looks right, unless another one stands in the only place before the axis of the rows; of several that stand there, the one
 * that looks most like the kind.
 */
function columnsAxis(
  finder: AxisFinder,
  alike: FoundAxis | null,
  y: FoundAxis | null,
  columns: number,
  profiles: readonly (readonly number[])[],
): FoundAxis | null {
  if (y === null) return alike;
  const chain = finder.chainBefore(y, columns);
  if (chain.length === 1) return chain[0]!;
  const own = alike !== null && overlap(alike, y) ? null : alike;
  return own ?? nearestAxis(chain, columns, finder, profiles);
}

/** Of axes that other maps of the image have, the one that looks most like a kind. */
function nearestAxis(
  axes: readonly FoundAxis[],
  count: number,
  finder: AxisFinder,
  profiles: readonly (readonly number[])[],
): FoundAxis | null {
  let best: { axis: FoundAxis; distance: number } | null = null;
  for (const axis of axes) {
    if (axis.count !== count) continue;
    const distance = finder.distance(axis, profiles);
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { axis, distance };
  }
  return best?.axis ?? null;
}

function distinct(profiles: readonly (number[] | null)[]): number[][] {
  return [...new Map(profiles.filter((p) => p !== null).map((p) => [p.join(), p])).values()];
}

/** The profiles that lie nearest to all others: an author who named the wrong axis is outvoted. */
function typical(profiles: readonly number[][]): number[][] {
  if (profiles.length < 4) return [...profiles];
  const ranked = profiles
    .map((p) => {
      const distances = profiles.map((q) => profileDistance(p, q)).sort((a, b) => a - b);
      return { p, middle: distances[Math.floor(distances.length / 2)]! };
    })
    .sort((a, b) => a.middle - b.middle);
  return ranked.slice(0, Math.ceil(profiles.length / 2)).map((r) => r.p);
}

/** Is a byte a cell of a found map of medium confidence or better? */
function cellIndex(maps: readonly FoundMap[]): (byte: number) => boolean {
  const sure = maps.filter((m) => m.confidence !== 'low');
  return (byte) => covers(sure, byte);
}
