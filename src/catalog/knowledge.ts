/**
 * All shipped knowledge: rules, motorcycles, definitions, stock facts, roles, weights.
 * The build compiles rules/ into dist/knowledge/*.json; from the sources, the YAML itself is read.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
  /** Single files at the top of rules/: roles, categories … by name without ending. */
  data: Record<string, unknown>;
}

export type KnowledgePart = keyof Knowledge;

const cache = new Map<KnowledgePart, unknown>();

/** One part of the knowledge, read once per process. */
export async function loadKnowledge<P extends KnowledgePart>(part: P): Promise<Knowledge[P]> {
  const known = cache.get(part);
  if (known !== undefined) return known as Knowledge[P];
  const value = readCompiled(part) ?? (await fromYaml(part));
  cache.set(part, value);
  return value as Knowledge[P];
}

function readCompiled(part: KnowledgePart): unknown {
  for (const place of ['./knowledge/', '../knowledge/']) {
    const path = fileURLToPath(new URL(`${place}${part}.json`, import.meta.url));
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  }
  return null;
}

async function fromYaml(part: KnowledgePart): Promise<unknown> {
  const { compileKnowledge } = await import('./compile-knowledge.ts');
  const all = await compileKnowledge(fileURLToPath(new URL('../../rules', import.meta.url)));
  for (const [name, value] of Object.entries(all)) cache.set(name as KnowledgePart, value);
  return all[part];
}
