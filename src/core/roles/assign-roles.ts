/** Which map is the spark map? By the words of its title and categories, its shape, its unit and its axes. */
import type { Quantity, Role, Tune, TuneMap } from '../model.ts';
import { inferAxes } from './infer-axes.ts';
import { type CompiledRoles, compileRoles, type RoleData, type RoleRule } from './role-data.ts';
import { readVariant } from './variant.ts';
import { hasAny, isPattern, wordsOf } from './words.ts';

export { inferUnits } from './infer-units.ts';
export type { RoleData } from './role-data.ts';

/** Roles of maps that lie over engine speed: one without that axis is less sure. */
const OVER_ENGINE_SPEED = new Set(['fuel', 've', 'spark', 'lambdaTarget']);

/**
 * The tune with role, roleConfidence, variant and family of every map filled, and axes named where that is evident.
 * What a decoder or our own definition has stated with confidence 1 stays.
 * @param overrides by map id or title; a person's word wins with confidence 1
 */
export function assignRoles(tune: Tune, roleData: RoleData, overrides: Record<string, Role> = {}): Tune {
  const given = new Map(Object.entries(overrides));
  const named = inferAxes(tune);
  // A format that holds its own names and values (MSQ) knows them better than any words: what it left open stays open.
  const namesItself = tune.maps.some((m) => m.roleConfidence > 0) && tune.maps.every((m) => m.raw === null);
  return {
    ...named,
    maps: named.maps.map((map) => assignRole(map, namesItself ? null : compileRoles(roleData), given)),
  };
}

function assignRole(map: TuneMap, data: CompiledRoles | null, given: Map<string, Role>): TuneMap {
  const stated = given.get(map.id) ?? given.get(map.title);
  let role = map.role;
  let roleConfidence = map.roleConfidence;
  if (stated !== undefined) {
    role = stated;
    roleConfidence = 1;
  } else if (data !== null && map.roleConfidence < 1) {
    const found = findRole(map, data);
    // A decoder that knows its format beats words, unless it said nothing.
    if (map.role === 'other' || found.confidence > map.roleConfidence) {
      role = found.role;
      roleConfidence = found.confidence;
    }
  }
  const read = readVariant(
    map.title,
    map.categories,
    map.axes.map((a) => a.quantity),
    map.kind === 'map' && map.rows * map.columns >= 24,
    map.kind === 'map' && OVER_ENGINE_SPEED.has(role.split('.')[0] ?? ''),
  );
  const variant = { ...read.variant, ...map.variant };
  return { ...map, role, roleConfidence, variant, family: `${role}:${read.rest}` };
}

/** @returns role `other` with confidence 0 where nothing is known */
function findRole(map: TuneMap, data: CompiledRoles): { role: Role; confidence: number } {
  const title = wordsOf(map.title);
  const category = map.categories.flatMap((c) => [...wordsOf(c), '|']);
  const rule = data.rules.find((r) => fits(r, map, title, category));
  if (!rule) return { role: 'other', confidence: 0 };
  let confidence = rule.confidence;
  const byTitle = rule.text.every((list) => hasAny(title, list));
  if (!byTitle) confidence -= 0.1;
  if (rule.role !== 'other') {
    if (map.title.includes('?') || hasAny([...title, ...category], data.doubts)) confidence -= 0.3;
    const base = rule.role.split('.')[0] ?? '';
    if (OVER_ENGINE_SPEED.has(base) && map.kind === 'map' && !hasQuantity(map, 'engineSpeed')) confidence -= 0.2;
  }
  return { role: rule.role, confidence: Math.max(0.1, Math.round(confidence * 100) / 100) };
}

function fits(rule: RoleRule, map: TuneMap, title: readonly string[], category: readonly string[]): boolean {
  if (!rule.kinds.includes(map.kind)) return false;
  const cells = map.rows * map.columns;
  const counted = map.kind !== 'flag' && map.kind !== 'patch';
  if (counted && (cells < rule.cellsMin || cells > rule.cellsMax)) return false;
  if (rule.exact.length > 0 && !rule.exact.some((p) => isPattern(title, p))) return false;
  if (!rule.title.every((list) => hasAny(title, list))) return false;
  if (!rule.category.every((list) => hasAny(category, list))) return false;
  if (!rule.text.every((list) => hasAny(title, list) || hasAny(category, list))) return false;
  if (hasAny(title, rule.without) || hasAny(category, rule.withoutCategory)) return false;
  const unit = map.unit.toLowerCase();
  return !rule.unitNot.some((part) => unit.includes(part));
}

function hasQuantity(map: TuneMap, quantity: Quantity): boolean {
  return map.axes.some((axis) => axis.quantity === quantity);
}
