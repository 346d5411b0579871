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

/**
 * What a condition may call. A native RegExp (`matches`) over a hostile string runs for minutes, and so do a few lists inside each other
 * under `all` or `exists`: neither fits into a limit of the parser.
 */
const CALLS = ['has', 'size', 'contains', 'startsWith', 'endsWith'];

/** Names of all functions, methods and macros called anywhere in the tree. */
function calls(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(calls);
  if (node === null || typeof node !== 'object' || !('op' in node) || !('args' in node)) return [];
  const { op, args } = node as { op: string; args: unknown };
  const isCall = (op === 'call' || op === 'rcall') && Array.isArray(args);
  return isCall ? [String(args[0]), ...calls(args.slice(1))] : calls(args);
}

const cache = new Map<string, Condition>();

/** @throws Error where the text is no valid condition, with the place */
export function compileCondition(text: string): Condition {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const run = environment.parse(text);
  const other = calls(run.ast).find((name) => !CALLS.includes(name));
  if (other !== undefined)
    throw new Error(`${other}() is not allowed in a condition; there are ${CALLS.map((c) => `${c}()`).join(', ')}`);
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
