/** The shape of all shipped knowledge. */
import type { KnownGroup } from '../core/finder/resemble.ts';
import type { Motorcycle } from '../core/model.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { StockFacts } from '../core/stock.ts';

/** A bundled definition before it is parsed: an object as written in YAML. */
export interface BundledDefinition {
  id: string;
  /** Of the canonical JSON of the object. */
  sha256: string;
  object: unknown;
}

export interface Knowledge {
  rules: { version: string; hash: string; rules: Rule[] };
  motorcycles: Motorcycle[];
  definitions: BundledDefinition[];
  stock: StockFacts[];
  /** How the maps of known families run: what a definition by analogy is proposed from. */
  analogy: KnownGroup[];
  /** Single files at the top of rules/: roles, categories … by name without ending. */
  data: Record<string, unknown>;
}
