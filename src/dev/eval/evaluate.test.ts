import { expect, test } from 'vitest';
import { loadKnowledge } from '../../catalog/knowledge.ts';
import type { LanguageModel, ModelAnswer } from '../../core/language-model.ts';
import { LABELLED } from '../../core/opinion/test-reports.ts';
import { askAll, evaluate } from './evaluate.ts';

/** Names the first finding of whatever it is shown; now and then in prose, and once with a number that is not there. */
function model(reply: (n: number) => unknown): LanguageModel {
  let n = 0;
  return {
    describe: async () => ({ model: 'm', digest: 'd', host: 'h', serverVersion: 'v' }),
    answer: async (): Promise<ModelAnswer> => {
      const json = reply(n++);
      const shared = {
        model: 'm',
        digest: 'd',
        serverVersion: 'v',
        host: 'h',
        options: {},
        doneReason: 'stop',
        loadMs: 0,
      };
      const times = { promptTokens: 1000, answerTokens: 100, promptMs: n === 1 ? 500 : 50, answerMs: 10, totalMs: 60 };
      return { ...shared, ...times, text: JSON.stringify(json) ?? '', json };
    },
    close: async () => undefined,
  };
}
const deadline = { firstTokenMs: 1, idleMs: 1, totalMs: 1, loadMs: 1 };
const answer = (text: string, safety: number): unknown => ({
  concerns: [{ text, evidence: ['F1'], relation: 'aboveLimit' }],
  compatibility: 'fits',
  effect: '',
  advice: '',
  summary: '',
  safety,
});

test('validity, repairs, groundedness, what was missed and invented are counted', async () => {
  const { rules } = await loadKnowledge('rules');
  const labels = LABELLED.slice(0, 3);
  const good = await askAll(
    model(() => answer('This value is over the limit.', 10)),
    labels,
    rules,
    deadline,
    () => undefined,
  );
  const figures = evaluate({ model: 'm', digest: 'd', serverVersion: 'v' }, good);
  expect(figures).toMatchObject({
    reports: 3,
    validAtOnce: 1,
    valid: 1,
    repairRate: 0,
    groundedness: 1,
    invented: 0,
    promptMsFirst: 500,
    promptMsLater: 50,
  });
  // Of the first report two faults had to be named, and one was.
  expect(figures.missed).toBe(1);
  const liar = await askAll(
    model(() => answer('This value is 4711 rpm over the limit.', 10)),
    labels,
    rules,
    deadline,
    () => undefined,
  );
  expect(evaluate({ model: 'm', digest: 'd', serverVersion: 'v' }, liar)).toMatchObject({
    validAtOnce: 1,
    repairRate: 1,
    groundedness: 0,
    invented: 3,
  });
  const prose = await askAll(
    model((n) => (n % 2 === 0 ? undefined : answer('This value is over the limit.', 10))),
    labels,
    rules,
    deadline,
    () => undefined,
  );
  expect(evaluate({ model: 'm', digest: 'd', serverVersion: 'v' }, prose)).toMatchObject({
    validAtOnce: 0,
    valid: 1,
    repairRate: 1,
  });
});
