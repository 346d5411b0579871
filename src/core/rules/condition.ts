/**
 * Conditions of rules: CEL, compiled once. The only file that knows the CEL library.
 * A name that is not known (a motorcycle without a compression ratio) makes a condition neither true nor false: it is `null`,
 * and whoever asks decides what that means.
 */
import { Environment } from '@marcbachmann/cel-js';

/** What a condition may look at. Numbers are doubles: compare with 12.5, not with 12. Unknown values are left out. */
export interface ConditionScope {
  /** Of the motorcycle: strokes, cylinders, compressionRatio, boreMm, cooling, aspiration, valvetrain, rideByWire … */
  engine: Record<string, number | string | boolean>;
  /** role, unitFrom, confidence, kind, format of the map (`map` itself is a word of CEL). */
  table: Record<string, number | string | boolean>;
  /** known, file, limiterRpm. */
  stock: Record<string, number | string | boolean>;
  /** ron, ethanolPercent, altitudeM. */
  conditions: Record<string, number | string | boolean>;
  /** Named values of the metric. */
  facts: Record<string, number | string | boolean>;
}

export type Condition = (scope: ConditionScope) => boolean | null;

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  limits: { maxAstNodes: 200, maxDepth: 24, maxListElements: 50, maxMapEntries: 10, maxCallArguments: 8 },
})
  .registerVariable('engine', 'map')
  .registerVariable('table', 'map')
  .registerVariable('stock', 'map')
  .registerVariable('conditions', 'map')
  .registerVariable('facts', 'map');

const cache = new Map<string, Condition>();

/** @throws Error where the text is no valid condition, with the place */
export function compileCondition(text: string): Condition {
  const known = cache.get(text);
  if (known !== undefined) return known;
  // A native RegExp over a hostile string can run for seconds.
  if (/\bmatches\s*\(/.test(text)) throw new Error('matches() is not allowed in a condition');
  const run = environment.parse(text);
  const check = run.check();
  if (!check.valid) throw check.error ?? new Error(`"${text}" is no condition`);
  const condition: Condition = (scope) => {
    try {
      return run(scope as unknown as Record<string, unknown>) === true;
    } catch {
      return null;
    }
  };
  cache.set(text, condition);
  return condition;
}
