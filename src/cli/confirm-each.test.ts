/** What a person said about guessed maps is kept, however the questions end. */
import { expect, test } from 'vitest';
import type { TuneMap } from '../core/model.ts';
import { type Answer, askEach } from './confirm-each.ts';

const open = ['Spark advance, 1 of 3', 'Spark advance, 2 of 3', 'Spark advance, 3 of 3', 'Rev limiter'].map(
  (title) => ({ title }) as TuneMap,
);

async function answered(...given: (Answer | 'ctrl-c')[]) {
  const answers = new Map<string, 'confirmed' | 'rejected'>();
  const asked: string[] = [];
  const first: string[] = [];
  const cancelled = await askEach(open, answers, async (map, _question, choices) => {
    asked.push(map.title);
    first.push(choices[0]!.value);
    const next = given.shift()!;
    if (next === 'ctrl-c') throw Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' });
    expect(choices.map((c) => c.value)).toContain(next);
    return next;
  });
  return { cancelled, answers: Object.fromEntries(answers), asked, first };
}

test('Ctrl-C keeps what was said before it', async () => {
  const { cancelled, answers } = await answered('confirmed', 'rejected', 'ctrl-c');
  expect(cancelled).toBe(true);
  expect(answers).toEqual({ 'Spark advance, 1 of 3': 'confirmed', 'Spark advance, 2 of 3': 'rejected' });
});

test('stop is no cancelling, and "I do not know" is no answer', async () => {
  expect(await answered('later', 'confirmed', 'stop')).toMatchObject({
    cancelled: false,
    answers: { 'Spark advance, 2 of 3': 'confirmed' },
  });
});

test('maps of one name may be confirmed together; those are not asked again', async () => {
  const { answers, asked } = await answered('rejected', 'alike', 'confirmed');
  expect(asked).toEqual(['Spark advance, 1 of 3', 'Spark advance, 2 of 3', 'Rev limiter']);
  expect(answers).toEqual({
    'Spark advance, 1 of 3': 'rejected',
    'Spark advance, 2 of 3': 'confirmed',
    'Spark advance, 3 of 3': 'confirmed',
    'Rev limiter': 'confirmed',
  });
});

test('Enter held down confirms nothing', async () => {
  const { first, answers } = await answered('later', 'later', 'later', 'later');
  expect([...new Set(first)]).toEqual(['later']);
  expect(answers).toEqual({});
});
