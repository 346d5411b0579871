/** What a model is asked to answer, as a flat JSON schema with every length bounded, and the check that it did. */

export const RELATIONS = [
  'aboveLimit',
  'belowLimit',
  'aboveStock',
  'belowStock',
  'changed',
  'missing',
  'notJudged',
] as const;
export type Relation = (typeof RELATIONS)[number];
export const COMPATIBILITIES = ['fits', 'doubtful', 'doesNotFit', 'unknown'] as const;
export type Compatibility = (typeof COMPATIBILITIES)[number];

/** Characters and items; together under 350 tokens. */
export const BOUNDS = {
  concerns: 3,
  concern: 150,
  evidence: 2,
  id: 3,
  effect: 110,
  advice: 140,
  summary: 160,
} as const;
/** The whole answer. */
export const ANSWER_TOKENS = 350;
/** No answer that keeps the bounds is longer; a longer one is not even read. */
const MOST_CHARACTERS = 8_000;

export interface Answer {
  concerns: { text: string; evidence: string[]; relation: Relation }[];
  compatibility: Compatibility;
  effect: string;
  advice: string;
  summary: string;
  safety: number;
}

const string = (maxLength: number): Record<string, unknown> => ({ type: 'string', maxLength });

/** For the server's grammar. The concerns come first, the verdict last: a number after its reasons. */
export const answerSchema: Record<string, unknown> = {
  type: 'object',
  properties: {
    concerns: {
      type: 'array',
      maxItems: BOUNDS.concerns,
      items: {
        type: 'object',
        properties: {
          text: string(BOUNDS.concern),
          evidence: { type: 'array', minItems: 1, maxItems: BOUNDS.evidence, items: string(BOUNDS.id) },
          relation: { enum: [...RELATIONS] },
        },
        required: ['text', 'evidence', 'relation'],
        additionalProperties: false,
      },
    },
    compatibility: { enum: [...COMPATIBILITIES] },
    effect: string(BOUNDS.effect),
    advice: string(BOUNDS.advice),
    summary: string(BOUNDS.summary),
    safety: { type: 'integer', minimum: 0, maximum: 100 },
  },
  required: ['concerns', 'compatibility', 'effect', 'advice', 'summary', 'safety'],
  additionalProperties: false,
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The answer, or what is wrong with its shape. Fields that are missing or of another kind make the whole answer unusable; one bad
 * concern does not spoil the others (null in its place).
 */
export function readAnswer(
  text: string,
  json: unknown,
): { answer: Answer; broken: string[] } | { answer: null; broken: string[] } {
  if (text.length > MOST_CHARACTERS) return unusable('the answer is far too long');
  if (!isObject(json)) return unusable(json === undefined ? 'the answer is no JSON' : 'the answer is no JSON object');
  const { concerns, compatibility, effect, advice, summary, safety } = json;
  if (!Array.isArray(concerns)) return unusable('"concerns" is no list');
  const texts = { effect, advice, summary };
  for (const [name, value] of Object.entries(texts))
    if (typeof value !== 'string') return unusable(`"${name}" is no text`);
  const broken: string[] = [];
  const unknown = Object.keys(json).filter((key) => !(key in (answerSchema['properties'] as object))).length;
  if (unknown > 0) broken.push('fields that nobody asked for');
  const kept: Answer['concerns'] = [];
  for (const [i, concern] of concerns.entries()) {
    if (i >= BOUNDS.concerns) {
      broken.push(`more than ${BOUNDS.concerns} concerns`);
      break;
    }
    const read = readConcern(concern);
    if (typeof read === 'string') broken.push(`concern ${i + 1}: ${read}`);
    else kept.push(read);
  }
  return {
    answer: {
      concerns: kept,
      compatibility: COMPATIBILITIES.find((c) => c === compatibility) ?? 'unknown',
      effect: bounded(effect as string, BOUNDS.effect),
      advice: bounded(advice as string, BOUNDS.advice),
      summary: bounded(summary as string, BOUNDS.summary),
      safety:
        typeof safety === 'number' && Number.isInteger(safety) && safety >= 0 && safety <= 100 ? safety : Number.NaN,
    },
    broken,
  };
}

const unusable = (reason: string): { answer: null; broken: string[] } => ({ answer: null, broken: [reason] });

/** A text over its bound is no text: cutting it could turn its meaning round. */
const bounded = (text: string, most: number): string => ([...text].length > most ? '\u0000' : text);

function readConcern(value: unknown): Answer['concerns'][number] | string {
  if (!isObject(value)) return 'no object';
  const { text, evidence, relation } = value;
  if (typeof text !== 'string') return 'no text';
  if ([...text.slice(0, BOUNDS.concern * 2 + 2)].length > BOUNDS.concern) return 'too long';
  if (!Array.isArray(evidence) || evidence.length === 0) return 'it cites nothing';
  if (evidence.length > BOUNDS.evidence || !evidence.every((id) => typeof id === 'string'))
    return 'its citations are no ids';
  const known = RELATIONS.find((r) => r === relation);
  if (known === undefined) return 'a relation that nobody can check';
  return { text, evidence: evidence as string[], relation: known };
}
