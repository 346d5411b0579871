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

/** Evidence below this many tokens names hardly a finding. */
export const LEAST_EVIDENCE_TOKENS = 200;

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
