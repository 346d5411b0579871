/** Reads and validates every YAML file under rules/: at build, and where the sources are run directly. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { RevsyncError } from '../core/errors.ts';
import { toKnownGroups } from './analogy-schema.ts';
import { toCategoryData } from './category-schema.ts';
import type { BundledDefinition, Knowledge } from './knowledge-parts.ts';
import { toLogFields, toLogFilters } from './log-schema.ts';
import { toMotorcycle } from './motorcycles.ts';
import { toRecommendData } from './recommend-schema.ts';
import { roleSchema } from './role-schema.ts';
import { toRule } from './rules.ts';
import { toSearchWords } from './search-words-schema.ts';
import { toStockFacts } from './stock.ts';
import { toTargetData } from './target-schema.ts';

/** SemVer of the ruleset: what a change does to scores is written in docs/scoring.md. */
export const RULESET_VERSION = '1.1.0';

interface Entry {
  /** Path inside its folder, without ending. */
  id: string;
  path: string;
  object: unknown;
}

function yamlFiles(folder: string): Entry[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.ya?ml$/.test(f))
    .map((f) => f.replaceAll('\\', '/'))
    .sort()
    .map((f) => {
      const path = join(folder, f);
      try {
        return { id: f.replace(/\.ya?ml$/, ''), path, object: parse(readFileSync(path, 'utf8')) as unknown };
      } catch (error) {
        throw new Error(`${path}: ${(error as Error).message}`);
      }
    });
}

function each<T>(entries: Entry[], read: (entry: Entry) => T): T[] {
  return entries.map((entry) => {
    try {
      return read(entry);
    } catch (error) {
      throw new Error(`${entry.path}: ${(error as Error).message}`, { cause: error });
    }
  });
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/**
 * @param folder rules/
 * @throws RevsyncError KNOWLEDGE_INVALID with file, place and reason at the first file that is not valid
 */
export async function compileKnowledge(folder: string): Promise<Knowledge> {
  try {
    return readAll(folder);
  } catch (error) {
    const hint = 'docs/contributing.md says what describes the fields of each kind of file.';
    throw new RevsyncError('KNOWLEDGE_INVALID', (error as Error).message, hint, error);
  }
}

function readAll(folder: string): Knowledge {
  const rules = each(yamlFiles(join(folder, 'checks')), (e) => toRule(e.object, e.id.split('/').pop() ?? e.id));
  const duplicate = rules.find((r, i) => rules.findIndex((o) => o.id === r.id) !== i);
  if (duplicate !== undefined) throw new Error(`two rules are called "${duplicate.id}"`);
  const data: Record<string, unknown> = {};
  for (const file of readdirSync(folder, { withFileTypes: true }).filter(
    (e) => e.isFile() && /\.ya?ml$/.test(e.name),
  )) {
    data[file.name.replace(/\.ya?ml$/, '')] = parse(readFileSync(join(folder, file.name), 'utf8'));
  }
  data['categories'] = toCategoryData(data['categories']);
  data['recommend'] = toRecommendData(data['recommend']);
  data['targets'] = toTargetData(
    data['targets'],
    rules.map((r) => r.id),
  );
  data['search-words'] = toSearchWords(data['search-words']);
  // How tunes are found judges none of them.
  const { 'search-words': _, ...judging } = data;
  data['log-fields'] = toLogFields(data['log-fields']);
  data['log-filters'] = toLogFilters(data['log-filters']);
  // Checked, and kept as written.
  roleSchema.parse(data['roles']);
  const stock = each(yamlFiles(join(folder, 'stock')), (e) => toStockFacts(e.object, e.id));
  const definitions: BundledDefinition[] = each(yamlFiles(join(folder, 'definitions')), (e) => ({
    id: e.id,
    sha256: hashOf(e.object),
    object: e.object,
  }));
  return {
    rules: { version: RULESET_VERSION, hash: hashOf([rules, judging, stock]).slice(0, 16), rules },
    motorcycles: each(yamlFiles(join(folder, 'motorcycles')), (e) => toMotorcycle(e.object, e.id)),
    definitions,
    stock,
    analogy: each(yamlFiles(join(folder, 'analogy')), (e) => toKnownGroups(e.object)).flat(),
    data,
  };
}
