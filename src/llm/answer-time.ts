/** Can an answer be had within the limit on this machine? From the speeds that the server itself gave. */

export interface Speeds {
  /** Tokens a second that are read, those that its cache does not hold. */
  promptPerSecond: number;
  /** Tokens a second that are written. */
  answerPerSecond: number;
}

export interface AnswerTime {
  /** Seconds for the first tune: the fixed part is read too. */
  firstSeconds: number;
  /** Seconds for each further one. */
  nextSeconds: number;
  /** Tokens of evidence that fit the limit; 0: none do. */
  evidenceTokens: number;
  /** Does the full evidence fit, from the second tune on? */
  holds: boolean;
  /** A limit, in seconds, that would hold with a third to spare. */
  neededSeconds: number;
}

/** Motorcycle, stock and coverage take half of this: evidence below it names hardly a finding. */
export const LEAST_EVIDENCE_TOKENS = 300;

export function answerTime(
  speeds: Speeds,
  tokens: { fixed: number; evidence: number; answer: number },
  limitSeconds: number,
): AnswerTime {
  const writing = tokens.answer / speeds.answerPerSecond;
  const nextSeconds = tokens.evidence / speeds.promptPerSecond + writing;
  const firstSeconds = tokens.fixed / speeds.promptPerSecond + nextSeconds;
  const room = Math.floor((limitSeconds - writing) * speeds.promptPerSecond);
  return {
    firstSeconds,
    nextSeconds,
    evidenceTokens: Math.max(0, Math.min(tokens.evidence, room)),
    holds: nextSeconds <= limitSeconds,
    neededSeconds: Math.ceil((firstSeconds * 4) / 3 / 5) * 5,
  };
}

/** The evidence of an analysis grows and shrinks by steps, so that a second measurement, a little off the first, asks the same question. */
const STEP_TOKENS = 100;

/**
 * Tokens of evidence to send, so that an answer fits the limit where the fixed part is in the server's cache.
 * @param speeds null: nobody measured, the full evidence goes
 * @param tokens `evidence` the full budget, `answer` the longest answer
 * @returns never under LEAST_EVIDENCE_TOKENS, also where that does not fit either
 */
export function evidenceBudget(
  speeds: Speeds | null,
  tokens: { evidence: number; answer: number },
  limitSeconds: number,
): number {
  if (speeds === null) return tokens.evidence;
  const { holds, evidenceTokens } = answerTime(speeds, { fixed: 0, ...tokens }, limitSeconds);
  if (holds) return tokens.evidence;
  return Math.max(LEAST_EVIDENCE_TOKENS, Math.floor(evidenceTokens / STEP_TOKENS) * STEP_TOKENS);
}
