/** What a first ride is held against, from rules/targets.yaml and the limits of rules: when to stop, and which mixture is wanted where. */
import type { CellRef, Motorcycle, Tune } from './model.ts';

import type { Regions } from './regions.ts';
import { type ConditionScope, compileCondition } from './rules/condition.ts';
import { withUnit } from './rules/message.ts';
import type { Rule } from './rules/rule.ts';
import { conditionsScope, engineScope } from './rules/scope.ts';
import { limitOf, rangesOf } from './targets/ranges.ts';
import type { RideStop, Target, TargetData } from './targets/target.ts';
import { NO_CONDITIONS } from './what-if.ts';

export interface RideLimits {
  /** Signs at which the ride ends, each number with the rule that it comes from. */
  stops: string[];
  /** What to write down on the way, by what the engine has. */
  log: string[];
  /** Where a cell lies; null: not known. */
  region(cell: CellRef): Region | null;
  /** The mixture that an engine of this kind wants where a cell lies; null: nothing is claimed. */
  wanted(cell: CellRef): WantedLambda | null;
}

export interface WantedLambda {
  region: string;
  low: number;
  high: number;
  sources: string[];
}

export interface RideLimitsInput {
  rules: readonly Rule[];
  data: TargetData | null;
  motorcycle: Motorcycle | null;
  tune: Tune;
  regions: Regions;
}

export function rideLimits(input: RideLimitsInput): RideLimits {
  const { data, motorcycle, tune, regions } = input;
  const region = (cell: CellRef): Region | null => regionOf(cell, regions);
  if (data === null) return { stops: [], log: ['engine speed', 'throttle'], region, wanted: () => null };
  const boosted = motorcycle !== null && motorcycle.aspiration !== 'na';
  const scope: ConditionScope = {
    engine: engineScope(motorcycle, tune.facts),
    table: {},
    stock: {},
    conditions: conditionsScope(NO_CONDITIONS),
    facts: { boosted: boosted ? 1 : 0, narrowband: 0, stoichiometric: 0 },
  };
  const ranges = rangesOf({ rules: input.rules, data, rider: { goals: [] } }, scope, 'lambda');
  return {
    stops: stopsOf(data.stops, input.rules, scope),
    log: firstOfEach(data.log, scope).map((l) => l.what),
    region,
    wanted: (cell) => wantedOf(ranges, region(cell)),
  };
}

/** Of each kind the first whose condition holds. */
function firstOfEach<T extends { kind: string; when?: string | undefined }>(
  entries: readonly T[],
  scope: ConditionScope,
): T[] {
  const held = entries.filter((e) => e.when === undefined || compileCondition(e.when)(scope) === true);
  return held.filter((e, i) => held.findIndex((other) => other.kind === e.kind) === i);
}

/** Of each kind the first that holds. */
function stopsOf(stops: readonly RideStop[], rules: readonly Rule[], scope: ConditionScope): string[] {
  const kinds = new Set<string>();
  const signs: string[] = [];
  for (const { kind, when, sign, rule, severity } of stops) {
    if (kinds.has(kind) || (when !== undefined && compileCondition(when)(scope) !== true)) continue;
    const limit = rule === undefined ? null : limitOf(rule, { rules }, scope, severity);
    // Own rules may replace the one that gives the number.
    if (rule !== undefined && limit === null) continue;
    kinds.add(kind);
    const unit = rules.find((r) => r.id === rule)?.limits.unit ?? '';
    signs.push(
      limit === null
        ? sign
        : sign.replace('{limit}', `${withUnit(limit.at, unit === 'λ' ? '' : unit)} (rule ${rule}, ${severity})`),
    );
  }
  return signs;
}

export type Region = 'full' | 'cruise' | 'idle';

function regionOf({ mapId, row, column }: CellRef, { byMap }: Regions): Region | null {
  const masks = byMap.get(mapId);
  if (masks?.known !== true) return null;
  const columns = masks.columns;
  const index = row * columns + column;
  if (masks.highLoad[index] === 1 || masks.wideOpen[index] === 1) return 'full';
  if (masks.cruise[index] === 1) return 'cruise';
  return masks.idle[index] === 1 ? 'idle' : null;
}

function wantedOf(ranges: readonly Target[], region: Region | null): WantedLambda | null {
  const range = region === null ? undefined : ranges.find((r) => r.region.startsWith(region));
  if (range === undefined || range.low === null || range.high === null) return null;
  return { region: range.region, low: range.low, high: range.high, sources: range.sources };
}
