/** A question and its limits, for tests. */
import type { AnswerRequest, Deadline } from '../../core/language-model.ts';

/** An object with a score and ids. */
export const SCHEMA = {
  type: 'object',
  properties: {
    score: { type: 'integer', minimum: 0, maximum: 100 },
    ids: { type: 'array', maxItems: 2, items: { type: 'string', enum: ['E1', 'E2'] } },
  },
  required: ['score', 'ids'],
};

/** Generous in everything that a test does not look at. */
export const PATIENT: Deadline = { firstTokenMs: 20_000, idleMs: 20_000, totalMs: 40_000, loadMs: 20_000 };

export function question(
  over: Partial<Omit<AnswerRequest, 'deadline'>> & { deadline?: Partial<Deadline> } = {},
): AnswerRequest {
  return {
    prompt: { fixed: 'Answer in JSON: score and ids.', evidence: 'E1 lean. E2 rich.' },
    schema: SCHEMA,
    maxTokens: 200,
    ...over,
    deadline: { ...PATIENT, ...over.deadline },
  };
}
