/** The evidence that fits: from measured speeds to tokens, by steps. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerTime, evidenceBudget, LEAST_EVIDENCE_TOKENS } from './answer-time.ts';

const TOKENS = { evidence: 700, answer: 350 };

test.each<[string, { promptPerSecond: number; answerPerSecond: number } | null, number, number]>([
  ['nobody measured', null, 30, 700],
  ['a fast machine', { promptPerSecond: 500, answerPerSecond: 40 }, 30, 700],
  ['writing leaves 10 s to read 50 tokens a second', { promptPerSecond: 50, answerPerSecond: 17.5 }, 30, 500],
  ['a step down, not the nearest', { promptPerSecond: 39.9, answerPerSecond: 17.5 }, 30, 300],
  ['writing alone takes longer than the limit', { promptPerSecond: 500, answerPerSecond: 5 }, 30, 300],
  ['a limit long enough for slow reading', { promptPerSecond: 12.4, answerPerSecond: 13.3 }, 83, 700],
])('%s', (_, speeds, limit, tokens) => expect(evidenceBudget(speeds, TOKENS, limit)).toBe(tokens));

test('it fits wherever anything fits, never grows with a shorter limit, and a measurement a little off asks the same mostly', () => {
  const speed = fc.double({ min: 1, max: 500, noNaN: true });
  fc.assert(
    fc.property(speed, speed, fc.integer({ min: 5, max: 300 }), (promptPerSecond, answerPerSecond, limit) => {
      const speeds = { promptPerSecond, answerPerSecond };
      const budget = evidenceBudget(speeds, TOKENS, limit);
      expect(budget).toBeGreaterThanOrEqual(LEAST_EVIDENCE_TOKENS);
      expect(budget).toBeLessThanOrEqual(TOKENS.evidence);
      expect(budget % 100).toBe(0);
      const time = answerTime(speeds, { fixed: 0, evidence: budget, answer: TOKENS.answer }, limit);
      if (budget > LEAST_EVIDENCE_TOKENS) expect(time.holds).toBe(true);
      expect(evidenceBudget(speeds, TOKENS, limit - 1)).toBeLessThanOrEqual(budget);
    }),
    { numRuns: 300 },
  );
});
