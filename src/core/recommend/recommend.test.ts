/** The order of what passes, and what is said of it. */
import { expect, test } from 'vitest';
import { compileKnowledge } from '../../catalog/compile-knowledge.ts';
import type { SecondOpinion } from '../report.ts';
import type { Candidate } from './candidate.ts';
import type { RecommendData } from './data.ts';
import { recommend } from './recommend.ts';
import { askingOf, candidateOf, report } from './test-candidates.ts';

const data = (await compileKnowledge('rules')).data['recommend'] as RecommendData;
const OPTIONS = { minScore: 60, limit: 10, withOpinion: false };

const named = (path: string, given: Partial<Candidate> = {}): Candidate => {
  const r = given.report ?? report();
  return candidateOf({ words: [path], ...given, report: { ...r, analysisId: path, input: { ...r.input, path } } });
};
const order = (candidates: Candidate[], asking = askingOf()): string[] =>
  recommend(candidates, asking, data, OPTIONS).recommended.map((r) => r.path);

test('safer before less safe, all else being equal', () => {
  expect(order([named('b', { report: report({ value: 70 }) }), named('a', { report: report({ value: 98 }) })])).toEqual(
    ['a', 'b'],
  );
});

test('made for the parts that are fitted before made for none', () => {
  expect(order([named('plain.bin'), named('full-exhaust.bin')], askingOf({ mods: ['full exhaust'] }))[0]).toBe(
    'full-exhaust.bin',
  );
  expect(order([named('full-exhaust.bin'), named('plain.bin')])[0]).toBe('plain.bin');
});

test('a rating and a likeness move it, unknown ones do not punish', () => {
  const rated = named('b', { rating: { stars: 5, note: 'smooth' } });
  expect(order([named('a'), rated])[0]).toBe('b');
  expect(order([named('a'), named('b', { rating: { stars: 1, note: '' } })])[0]).toBe('a');
  expect(order([named('a'), named('b', { similarity: 1 })])[0]).toBe('b');
  expect(recommend([rated], askingOf(), data, OPTIONS).recommended[0]?.why.join()).toMatch(/5 of 5: smooth/);
});

test('ties go by path, and the order of the library does not matter', () => {
  expect(order([named('c'), named('a'), named('b')])).toEqual(['a', 'b', 'c']);
});

test('what a model said is shown beside it, warns, and moves no rank', () => {
  const said = {
    model: 'm',
    deduction: 4,
    summary: 'A mild tune.',
    expectedEffect: null,
    advice: 'Log it.',
    compatibility: 'doubtful',
  } as SecondOpinion;
  const candidates = [named('a', { report: { ...report(), secondOpinion: said } }), named('b')];
  const silent = recommend(candidates, askingOf(), data, OPTIONS);
  const loud = recommend(candidates, askingOf(), data, { ...OPTIONS, withOpinion: true });
  expect(silent.recommended.map((r) => [r.path, r.score, r.opinion])).toEqual(
    loud.recommended.map((r) => [r.path, r.score, null]),
  );
  expect(loud.recommended[0]?.opinion).toEqual({
    model: 'm',
    summary: 'A mild tune.',
    expectedEffect: null,
    advice: 'Log it.',
  });
  expect(loud.recommended[0]?.costs.join()).toMatch(/4 points.*doubts that it fits/);
});

test.each([
  [[], askingOf(), /holds no analysed tune/],
  [[named('a', { motorcycle: null })], askingOf(), /None of the 1 tunes in your library is for the Test Four/],
  [[named('a')], askingOf({ ron: 90 }), /RON 90 is under the RON 95/],
  [
    [named('a', { report: report({ value: 20 }) })],
    askingOf(),
    /None of these is safe for you: 1 is for this motorcycle, and each fails by safety/,
  ],
])('none: %#', (candidates, asking, text) => {
  const result = recommend(candidates, asking, data, OPTIONS);
  expect(result.recommended).toEqual([]);
  expect(result.none(0)).toMatch(text);
});

test('a judgement of another machine is said, and what a model said there is left out', () => {
  const secondOpinion = { model: 'm', summary: 'flash it', expectedEffect: null, advice: null } as SecondOpinion;
  const here = named('here', { report: { ...report(), secondOpinion } });
  const [first] = recommend([here], askingOf(), data, { ...OPTIONS, withOpinion: true }).recommended;
  expect([first?.opinion?.summary, first?.checkFirst.join()]).toEqual([
    'flash it',
    expect.not.stringContaining('another machine'),
  ]);
  const [other] = recommend([{ ...here, elsewhere: true }], askingOf(), data, {
    ...OPTIONS,
    withOpinion: true,
  }).recommended;
  expect([other?.opinion, other?.checkFirst[0]]).toEqual([null, expect.stringContaining('another machine')]);
});
