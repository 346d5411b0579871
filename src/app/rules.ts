/** The rules in force: the bundled ones and the user's own folders. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { RevsyncError } from '../core/errors.ts';
import { type ExampleResult, runExamples } from '../core/rules/examples.ts';
import type { Rule } from '../core/rules/rule.ts';
import { metricFamilies } from '../generated/metrics.ts';
import { allowed } from './allowed-files.ts';
import { readRegularText } from './files.ts';
import { filesBelow } from './walk.ts';

/** A rule is one screen; no collection of them has a thousand. */
const MOST_RULE_BYTES = 64 * 1024;
const MOST_RULES = 1_000;
/** Faults that are listed at once. */
const MAX_FAULTS = 20;

export interface Ruleset {
  version: string;
  hash: string;
  rules: Rule[];
  /** Ids of bundled rules that own ones stand in for; left out: none. */
  replaced?: string[];
}

/**
 * @param folders of the user's own rules, in order; a rule of theirs with a bundled id takes its place
 * @param testing the examples are about to be run: a wrong one is then a result and no error
 * @throws RevsyncError RULES_NOT_FOUND | RULE_INVALID with file, place and reason
 */
export async function loadRuleset(folders: string[], cwd: string, testing = false): Promise<Ruleset> {
  const bundled = await loadKnowledge('rules');
  if (folders.length === 0) return bundled;
  const { ofExamples, readRule } = await import('../catalog/rule-text.ts');
  const known = metricFamilies.flatMap((f) => f.metrics);
  const rules = new Map(bundled.rules.map((r) => [r.id, r]));
  const hash = createHash('sha256').update(bundled.hash);
  const faults: string[] = [];
  const own: { path: string; rule: Rule }[] = [];
  for (const folder of folders) {
    for (const path of yamlFiles(allowed(resolve(cwd, folder), folder), folder)) {
      const id = basename(path).replace(/\.ya?ml$/i, '');
      const shown = relative(cwd, path);
      const text = ruleText(path, (why) => faults.push(`${shown}: ${why}`));
      if (text === null) continue;
      hash.update(id).update(text);
      const read = readRule(text, id, known);
      const counting = testing && read.rule !== null ? read.faults.filter((f) => !ofExamples(f)) : read.faults;
      for (const { line, field, message } of counting)
        faults.push(`${shown}${line === 0 ? '' : `:${line}`}: ${field === '' ? '' : `${field}: `}${message}`);
      if (read.rule === null) continue;
      own.push({ path: shown, rule: read.rule });
      rules.set(id, read.rule);
    }
  }
  for (const { path, rule } of own) {
    for (const id of rule.raisedBy.flatMap((r) => r.rules))
      if (!rules.has(id)) faults.push(`${path}: raisedBy: there is no rule "${id}"`);
  }
  if (faults.length > 0) {
    throw new RevsyncError(
      'RULE_INVALID',
      faults.slice(0, MAX_FAULTS).join('\n'),
      `docs/rules.md describes the fields of a rule.${faults.length > MAX_FAULTS ? ` ${faults.length - MAX_FAULTS} more faults.` : ''}`,
    );
  }
  const ids = new Set(bundled.rules.map((r) => r.id));
  const replaced = [...new Set(own.map((o) => o.rule.id))].filter((id) => ids.has(id)).sort();
  return {
    version: bundled.version,
    hash: hash.digest('hex').slice(0, 16),
    rules: [...rules.values()],
    ...(replaced.length === 0 ? {} : { replaced }),
  };
}

function yamlFiles(full: string, folder: string): string[] {
  let isFolder = false;
  try {
    isFolder = statSync(full).isDirectory();
  } catch {
    // Reported below, with the same words.
  }
  if (!isFolder)
    throw new RevsyncError('RULES_NOT_FOUND', `there is no folder "${folder}"`, 'Check the spelling of --rules.');
  const { files: all, unreadable } = filesBelow(full, 100 * MOST_RULES);
  // What looks like a rule and cannot be read is named, not left out: its reader says why.
  const files = [...all, ...unreadable].filter((f) => /\.ya?ml$/i.test(f)).sort();
  if (files.length > MOST_RULES)
    throw new RevsyncError(
      'RULE_INVALID',
      `"${folder}" holds more than ${MOST_RULES} YAML files`,
      'Name the folder that holds your rules, not one above it.',
    );
  return files.map((f) => join(full, f));
}

function ruleText(path: string, fault: (why: string) => void): string | null {
  const real = allowed(path);
  try {
    return readRegularText(real, MOST_RULE_BYTES, (why) => new RevsyncError('RULE_INVALID', why, ''));
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    fault(error.message);
    return null;
  }
}

/** @throws RevsyncError RULE_NOT_FOUND */
export async function findRule(id: string, folders: string[], cwd: string): Promise<Rule> {
  const { rules } = await loadRuleset(folders, cwd);
  const catalogue = id.toUpperCase();
  const rule =
    rules.find((r) => r.id === id) ??
    rules.find((r) => r.catalogue[0] === catalogue) ??
    rules.find((r) => r.catalogue.includes(catalogue));
  if (rule !== undefined) return rule;
  const near = rules.filter((r) => r.id.includes(id)).map((r) => r.id);
  throw new RevsyncError(
    'RULE_NOT_FOUND',
    `there is no rule "${id}"`,
    near.length > 0 ? `Did you mean ${near.slice(0, 4).join(', ')}?` : 'revsync rules lists all.',
  );
}

/** A rule as `rules --format json` prints it. */
export function publicRule(rule: Rule): Record<string, unknown> {
  const { limits, ...rest } = rule;
  const worst = (['critical', 'high', 'medium', 'low', 'info'] as const).find((s) => limits[s] !== null) ?? 'info';
  return { ...rest, severity: worst, bands: limits };
}

/**
 * Runs the examples inside the rules in force. A rule without a hit, or without a miss, proves nothing and is wrong too.
 * @param only a folder: its rules alone; null: all
 * @throws RevsyncError RULES_NOT_FOUND | RULE_INVALID
 */
export async function testRules(folders: string[], cwd: string, only: string | null = null): Promise<ExampleResult[]> {
  const all = (await loadRuleset(only === null ? folders : [...folders, only], cwd, true)).rules;
  const ids = only === null ? null : new Set(yamlFiles(resolve(cwd, only), only).map((f) => idOf(f)));
  return all
    .filter((rule) => ids === null || ids.has(rule.id))
    .flatMap((rule) => [...runExamples(rule), ...lacking(rule)]);
}

const idOf = (path: string): string => basename(path).replace(/\.ya?ml$/i, '');

function lacking(rule: Rule): ExampleResult[] {
  const misses = rule.examples.filter((e) => e.says === 'pass' || e.says === 'notApplicable').length;
  return (['hit', 'miss'] as const)
    .filter((kind) => (kind === 'miss' ? misses : rule.examples.length - misses) === 0)
    .map((kind) => ({ ruleId: rule.id, kind, says: `one ${kind} at least`, got: 'none', ok: false, note: '' }));
}
