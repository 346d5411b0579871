/** Which danger areas this motorcycle has and which of them were judged. What was not looked at is said. */
import type { Motorcycle, Tune } from './model.ts';
import type { AreaId, Report } from './report.ts';
import type { Judged } from './rules/judge.ts';

/** Danger areas as a person calls them. */
export const AREA_NAMES: Record<AreaId, string> = {
  fullLoadMixture: 'full-load mixture',
  fullLoadSpark: 'full-load spark',
  revLimiter: 'rev limiter',
  heat: 'heat',
  throttle: 'throttle',
};

/** What would have to be there. */
const MISSING: Record<AreaId, string> = {
  fullLoadMixture: 'no mixture target and no fuel map whose stock is known',
  fullLoadSpark: 'no spark map in degrees and none whose stock is known',
  revLimiter: 'no rev limiter was found in this file',
  heat: 'no fan or temperature limit was found in this file',
  throttle: 'no throttle map was found in this file',
};

/** Areas that the motorcycle has: throttle where it is ride-by-wire, heat where there is a coolant or a fan map. */
function areasOf(tune: Tune, motorcycle: Motorcycle | null): AreaId[] {
  const has = (role: string): boolean => tune.maps.some((m) => m.role === role || m.role.startsWith(`${role}.`));
  const areas: AreaId[] = ['fullLoadMixture', 'fullLoadSpark', 'revLimiter'];
  if (motorcycle === null || motorcycle.cooling !== 'air' || has('fan')) areas.push('heat');
  const wire = motorcycle?.throttle == null ? has('throttle') : /wire/i.test(motorcycle.throttle);
  if (wire) areas.push('throttle');
  return areas;
}

/** @param doubt why nothing may be judged at all (a doubtful definition, an unset project), else null */
export function coverageOf(
  tune: Tune,
  motorcycle: Motorcycle | null,
  judged: readonly Judged[],
  doubt: string | null,
): Report['coverage'] {
  const areas = areasOf(tune, motorcycle).map((id) => {
    const ended = judged.filter(
      (j) => j.rule.area === id && (j.finding.status === 'pass' || j.finding.status === 'fail'),
    );
    const yes = ended.length > 0 && doubt === null;
    const open = judged.find((j) => j.rule.area === id && j.finding.status === 'notChecked');
    const reason = yes
      ? `${AREA_NAMES[id]}: ${ended.length} rules`
      : `${AREA_NAMES[id]}: ${doubt ?? (open === undefined ? MISSING[id] : `${MISSING[id]} (${open.finding.message})`)}`;
    return { id, judged: yes, reason };
  });
  return {
    ratio: Math.round((areas.filter((a) => a.judged).length / areas.length) * 1000) / 1000,
    areas,
    notChecked: judged
      .filter((j) => j.finding.status === 'notChecked')
      .map((j) => ({ ruleId: j.rule.id, reason: j.finding.message })),
  };
}

/** Why there is no number, or null where every required area was judged. */
export function missingAreas(coverage: Report['coverage'], required: AreaId[], doubt: string | null): string | null {
  if (doubt !== null) return `not enough data: ${doubt}`;
  const open = required.filter((id) => !coverage.areas.some((a) => a.id === id && a.judged));
  if (open.length === 0) return null;
  return `not enough data: ${open.map((id) => MISSING[id]).join('; ')}. A stock file (--stock), the motorcycle (--bike) or a fuller definition would help.`;
}
