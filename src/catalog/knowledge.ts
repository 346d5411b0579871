/**
 * All shipped knowledge: rules, motorcycles, definitions, stock facts, roles, weights.
 * The build compiles rules/ into dist/knowledge/*.json; from the sources, the YAML itself is read.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Knowledge } from './knowledge-parts.ts';

export type { BundledDefinition, Knowledge } from './knowledge-parts.ts';

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
