/** With no model at all a person reads why and what to do: every shipped rule says both in words of its own. */
import { expect, test } from 'vitest';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { analyzeDocument } from './analyze-in-process.ts';

const words = (text: string): number => text.split(/\s+/).filter((w) => w !== '').length;

test('every rule says why in a sentence and what to do in another', async () => {
  const { rules } = await loadKnowledge('rules');
  const short = rules.filter(
    (r) => words(r.why) < 5 || words(r.fix) < 3 || !r.why.endsWith('.') || !r.fix.endsWith('.'),
  );
  expect(short.map((r) => r.id)).toEqual([]);
  const silent = rules.filter((r) => !r.message.includes('{') && words(r.message) < 3);
  expect(silent.map((r) => r.id)).toEqual([]);
});

test('no finding is printed with an empty place or a left-over bracket', async () => {
  const files = ['fixtures/example/track-day.bin', 'fixtures/msq/careless.msq', 'fixtures/msq/road.msq'];
  const { document } = await analyzeDocument(files, {});
  const failed = document.reports.flatMap((r) => r.findings.filter((f) => f.status === 'fail'));
  expect(failed.length).toBeGreaterThan(5);
  for (const { message, why, fix } of failed) {
    for (const text of [message, why, fix]) {
      expect(text.trim().length).toBeGreaterThan(2);
      expect(text).not.toMatch(/[{}]|\bNaN\b|undefined|null|\s[,.;:]|^[,.;:]/);
    }
  }
});
