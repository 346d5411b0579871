/** The smallest value that obeys a JSON schema, as a model under a grammar would give one, and what the server refuses as no schema. */

type Schema = Record<string, unknown>;

const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'];

/** Does the server say "invalid JSON schema in format"? */
export function badSchema(format: unknown): boolean {
  if (format === undefined || format === 'json' || format === '') return false;
  if (typeof format !== 'object' || format === null) return true;
  const { type } = format as Schema;
  return type !== undefined && ![type].flat().every((t) => TYPES.includes(String(t)));
}

/** A value for a schema: first of an enum, lower bounds, as few items as allowed. */
export function answerOfSchema(schema: unknown, root: unknown = schema): unknown {
  const s = (schema ?? {}) as Schema;
  if (typeof s['$ref'] === 'string') return answerOfSchema(at(root, s['$ref']), root);
  if (s['const'] !== undefined) return s['const'];
  if (Array.isArray(s['enum'])) return s['enum'][0];
  const choice = [s['oneOf'], s['anyOf'], s['allOf']].find(Array.isArray) as unknown[] | undefined;
  if (choice !== undefined) return answerOfSchema(choice[0], root);
  switch ([s['type']].flat()[0]) {
    case 'object': {
      const properties = (s['properties'] ?? {}) as Record<string, unknown>;
      return Object.fromEntries(Object.entries(properties).map(([name, p]) => [name, answerOfSchema(p, root)]));
    }
    case 'array':
      return Array.from({ length: Number(s['minItems'] ?? 0) }, () => answerOfSchema(s['items'], root));
    case 'string':
      return 'x'.repeat(Math.max(1, Number(s['minLength'] ?? 1)));
    case 'integer':
    case 'number':
      return Number(s['minimum'] ?? 0);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function at(root: unknown, reference: string): unknown {
  return reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((p) => p !== '')
    .reduce<unknown>((value, key) => (value as Schema | undefined)?.[key], root);
}
