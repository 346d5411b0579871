/** Knowledge about names as data (rules/roles.yaml), and the same with its words cut. First rule that fits wins. */
import type { ItemKind, Role } from '../model.ts';
import { type Pattern, patternOf } from './words.ts';

/** One line of knowledge as written. A phrase is words in order; `ign*` leaves the end open, `$spark` is a named group. */
export interface RoleRuleData {
  role: Role;
  /** 0..1 where everything fits; doubts in the title and axes that do not agree take away from it. */
  confidence: number;
  /** Each list is "one of these", and all lists must be met by the words of the title. */
  title?: string[][];
  /** The same by the words of the categories. */
  category?: string[][];
  /** The same by title or categories; where only a category has it, some confidence goes. */
  text?: string[][];
  /** The whole title is one of these. */
  exact?: string[];
  /** None of these may be in the title. */
  without?: string[];
  /** None of these may be in a category. */
  withoutCategory?: string[];
  /** Default: map, curve, scalar. */
  kinds?: ItemKind[];
  /** Least number of cells, default 1: a spark map of one cell is none. */
  cellsMin?: number;
  cellsMax?: number;
  /** Parts of a stated unit, in lower case, that contradict the role. */
  unitNot?: string[];
}

/** rules/roles.yaml */
export interface RoleData {
  /** Groups of phrases for use as `$name`. */
  words: Record<string, string[]>;
  rules: RoleRuleData[];
  /** Words that show the author's own doubt. */
  doubts: string[];
}

/** A rule with its phrases cut into words. */
export interface RoleRule {
  role: Role;
  confidence: number;
  title: Pattern[][];
  category: Pattern[][];
  text: Pattern[][];
  exact: Pattern[];
  without: Pattern[];
  withoutCategory: Pattern[];
  kinds: ItemKind[];
  cellsMin: number;
  cellsMax: number;
  unitNot: string[];
}

/** RoleData ready for use. */
export interface CompiledRoles {
  rules: RoleRule[];
  doubts: Pattern[];
}

const compiled = new WeakMap<RoleData, CompiledRoles>();

/** Phrases cut once per data object. */
export function compileRoles(data: RoleData): CompiledRoles {
  const known = compiled.get(data);
  if (known) return known;
  const phrases = (list: string[] | undefined): Pattern[] =>
    (list ?? []).flatMap((p) => (p.startsWith('$') ? phrases(data.words[p.slice(1)]) : [patternOf(p)]));
  const result: CompiledRoles = {
    doubts: phrases(data.doubts),
    rules: data.rules.map((rule) => ({
      role: rule.role,
      confidence: rule.confidence,
      title: (rule.title ?? []).map(phrases),
      category: (rule.category ?? []).map(phrases),
      text: (rule.text ?? []).map(phrases),
      exact: phrases(rule.exact),
      without: phrases(rule.without),
      withoutCategory: phrases(rule.withoutCategory),
      kinds: rule.kinds ?? ['map', 'curve', 'scalar'],
      cellsMin: rule.cellsMin ?? 1,
      cellsMax: rule.cellsMax ?? Number.POSITIVE_INFINITY,
      unitNot: rule.unitNot ?? [],
    })),
  };
  compiled.set(data, result);
  return result;
}
