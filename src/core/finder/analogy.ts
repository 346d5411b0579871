/** From an image to a definition by analogy: maps, groups, axes, purposes. */
import { AxisFinder } from './attach-axes.ts';
import { type FoundMap, findMaps } from './find-maps.ts';
import { breakpointsOf, groupMaps, type MapGroup } from './groups.ts';
import { profileDistance } from './profile.ts';
import { type Analogy, type KnownGroup, resemble } from './resemble.ts';
import { covers } from './shapes.ts';

/** @param known groups of bundled families; leave one out to test */
export function analyseByAnalogy(
  bytes: Uint8Array,
  known: readonly KnownGroup[],
  found?: readonly FoundMap[],
): Analogy {
  const maps = found ?? findMaps(bytes);
  const finder = new AxisFinder(bytes, cellIndex(maps));
  const groups = groupMaps(bytes, maps);
  const speeds = distinct(known.map((k) => k.yProfile));
  const loads = distinct(known.map((k) => k.xProfile));
  attach(bytes, finder, groups, () => ({ xProfiles: loads, yProfiles: speeds }));
  const analogy = resemble(groups, known);
  const byGroup = new Map(analogy.proposals.map((p) => [p.group, p]));
  attach(bytes, finder, [...byGroup.keys()], (group) => {
    const { role, load } = byGroup.get(group)!;
    const same = known.filter((k) => k.role === role && k.load === load);
    return { xProfiles: typical(distinct(same.map((k) => k.xProfile))), yProfiles: speeds };
  });
  return analogy;
}

/** Gives each map its axes: its own, else those of the series of its shape before it. */
function attach(
  bytes: Uint8Array,
  finder: AxisFinder,
  groups: readonly MapGroup[],
  wanted: (group: MapGroup) => { xProfiles: number[][]; yProfiles: number[][] },
): void {
  const earlier = new Map<string, Pick<FoundMap, 'x' | 'y'>>();
  for (const group of groups) {
    const { xProfiles, yProfiles } = wanted(group);
    const kind = `${group.rows}x${group.columns} ${xProfiles.map((p) => p.join()).join(';')}`;
    for (const map of group.maps) {
      const { offsetBytes, byteLength, rows, columns } = map;
      if (map.recordBytes !== null) continue;
      const own = finder.find({ offsetBytes, byteLength, rows, columns, xProfiles, yProfiles });
      const shared = earlier.get(kind) ?? earlier.get(`${rows}x${columns}`);
      map.x = own.x ?? earlier.get(kind)?.x ?? null;
      map.y = own.y ?? shared?.y ?? null;
      earlier.set(kind, { x: map.x, y: map.y });
      earlier.set(`${rows}x${columns}`, { x: map.x, y: map.y });
    }
    const first = group.maps[0]!;
    group.x = first.x;
    group.y = first.y;
    group.xValues = breakpointsOf(bytes, first.x);
    group.yValues = breakpointsOf(bytes, first.y);
  }
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
