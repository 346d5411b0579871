/** What a decoded factory image of a known family teaches: groups of maps by purpose, without their calibration. */
import type { TuneMap } from '../model.ts';
import { FEATURES_USED, featuresOf, type SurfaceFeatures } from './features.ts';
import { axisProfile } from './profile.ts';
import type { KnownGroup } from './resemble.ts';

/** Fuel, spark or throttle; fuel by its load input. Null: maps of other purposes tell too little. */
export function purposeOf(map: TuneMap): { role: string; load: 'throttle' | 'pressure' | null } | null {
  const base = map.role.split('.')[0]!;
  if (base === 'spark' || base === 'throttle') return { role: base, load: null };
  if (!/^fuel(\.(neutral|idle|limp))?$/.test(map.role)) return null;
  const x = map.axes.find((a) => a.axis === 'x')?.quantity;
  const byAxis = x === 'intakePressure' ? 'pressure' : x === 'throttle' ? 'throttle' : null;
  return { role: 'fuel', load: map.variant.load ?? byAxis };
}

/** @param definition id under which the family is known */
export function knownGroupsOf(definition: string, maps: readonly TuneMap[]): KnownGroup[] {
  const groups = new Map<string, { map: TuneMap; features: SurfaceFeatures }[]>();
  for (const map of maps) {
    const purpose = purposeOf(map);
    const { raw, at } = map;
    if (purpose === null || raw === null || at === null || map.rows < 4 || map.columns < 4) continue;
    if (new Set(raw).size < 4) continue;
    const key = [map.role, purpose.load, map.rows, map.columns, at.elementBytes].join(' ');
    const features = featuresOf(raw, map.rows, map.columns, at.elementBytes, axisOf(map, 'x'), axisOf(map, 'y'));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ map, features }]);
    else group.push({ map, features });
  }
  return [...groups.values()].map((members) => {
    const { map } = members[0]!;
    const middle = (name: (typeof FEATURES_USED)[number]): number => {
      const sorted = members.map((m) => m.features[name]).sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)]!;
    };
    return {
      definition,
      ...purposeOf(map)!,
      title: map.title,
      maps: members.length,
      rows: map.rows,
      columns: map.columns,
      elementBytes: map.at!.elementBytes,
      features: Object.fromEntries(FEATURES_USED.map((f) => [f, middle(f)])) as KnownGroup['features'],
      xQuantity: map.axes.find((a) => a.axis === 'x')?.quantity ?? 'unknown',
      xProfile: axisProfile(axisOf(map, 'x')),
      yProfile: axisProfile(axisOf(map, 'y')),
    };
  });
}

const axisOf = (map: TuneMap, axis: 'x' | 'y'): readonly number[] | null =>
  map.axes.find((a) => a.axis === axis)?.raw ?? null;
