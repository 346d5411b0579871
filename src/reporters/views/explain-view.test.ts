/** How a score came about, in titles that a person reads; what alone changes nothing is said once. */
import { expect, test } from 'vitest';
import type { Explanation } from '../../core/explain.ts';
import { explanationCard } from './explain-view.ts';

const step = (findingId: string, reason: string) => ({
  kind: 'deduction' as const,
  findingId,
  points: 5,
  reason,
  running: 90,
});
const explanation = {
  path: 'tune.bin',
  value: 79,
  level: 'MODERATE',
  reason: '',
  steps: [
    step('spark:a@1', 'medium: Spark over stock'),
    step('fuel:b@2', 'low: More fuel'),
    step('twin:c@3', 'low: Twins'),
    step('twin:d@4', 'low: Twins'),
  ],
  ifFixed: [
    { findingIds: ['spark:a@1'], value: 83, level: 'SAFE' },
    { findingIds: ['fuel:b@2'], value: 79, level: 'MODERATE' },
    { findingIds: ['twin:d@4'], value: 79, level: 'MODERATE' },
  ],
  compatibility: { value: null, level: null, reason: 'unknown', steps: [] },
  suppressed: [],
} as unknown as Explanation;

test('titles, the map only where two are alike, and one line for what changes nothing alone', () => {
  const text = explanationCard(explanation, { width: 120, colour: false });
  expect(text).toContain('83 SAFE with "Spark over stock" put right');
  expect(text).toContain('still 79 with "More fuel" or "Twins" [d@4] alone put right');
  expect(text.match(/put right/g)).toHaveLength(2);
});
