/** What a model says is bound to the evidence by its subject, not by its numbers alone. */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadKnowledge } from '../../catalog/knowledge.ts';
import type { Rule } from '../rules/rule.ts';
import type { Relation } from './answer.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { checkAnswer } from './guard.ts';
import { subjectsOf } from './subjects.ts';
import { LABELLED, type Labelled, MOTORCYCLE, makeReport } from './test-reports.ts';

let rules: readonly Rule[];
let evidences: Evidence[];
/** Spark 7° over stock (F1) and a limiter 4.2 % over stock (F2). */
let sparkAndLimiter: Evidence;
beforeAll(async () => {
  rules = (await loadKnowledge('rules')).rules;
  evidences = LABELLED.map((l) => evidenceOf(makeReport(l, rules), MOTORCYCLE));
  const [spark] = LABELLED[0]!.made;
  const [limiter] = LABELLED[1]!.made;
  const both: Labelled = { name: 'both', made: [spark!, limiter!], mustName: [], notJudged: ['heat'] };
  sparkAndLimiter = evidenceOf(makeReport(both, rules), MOTORCYCLE);
});

const empty = { concerns: [], compatibility: 'fits', effect: '', advice: '', summary: '', safety: 40 };
function concern(evidence: Evidence, text: string, ids: string[], relation: Relation): string | null {
  const json = { ...empty, concerns: [{ text, evidence: ids, relation }] };
  const { verified, violations } = checkAnswer(evidence, JSON.stringify(json), json);
  return verified!.concerns.length === 1 ? null : violations[0]!.fault;
}
function field(evidence: Evidence, name: 'effect' | 'advice' | 'summary', text: string): string | null {
  const json = { ...empty, [name]: text };
  const { verified, violations } = checkAnswer(evidence, JSON.stringify(json), json);
  return verified![name] !== null ? null : violations[0]!.fault;
}

describe('a concern speaks of what it cites', () => {
  const elsewhere = 'it speaks of something else than what it cites';
  test.each<[string, string, Relation]>([
    ['The rev limiter was raised above stock, which overloads rods and valve springs.', 'F1', 'aboveStock'],
    ['The limiter is set too high and the engine can be over-revved.', 'F1', 'aboveLimit'],
    ['The engine may be revved past its redline.', 'F1', 'aboveStock'],
    ['Piston speed is above the limit.', 'F1', 'aboveLimit'],
    ['The ignition timing is too far advanced at full load.', 'F2', 'aboveStock'],
    ['Spark is over stock and the engine will knock.', 'F2', 'aboveStock'],
    ['The fan comes on late, so the engine overheats.', 'F1', 'aboveLimit'],
    ['The mixture is over the limit at full load.', 'F1', 'aboveLimit'],
    ['Injectors deliver more fuel than stock.', 'F2', 'aboveStock'],
    ['The throttle plates open further than stock.', 'F1', 'aboveStock'],
    ['Coil dwell is above the limit.', 'F1', 'aboveLimit'],
    ['Traction control is off, which is past the limit.', 'F2', 'aboveLimit'],
    ['The closed loop corrects more than stock.', 'F2', 'aboveStock'],
  ])('dropped: %s %s', (text, id, relation) => expect(concern(sparkAndLimiter, text, [id], relation)).toBe(elsewhere));

  test.each<[string, string[], Relation]>([
    ['The rev limiter was raised above stock, which overloads rods and valve springs.', ['F2'], 'aboveStock'],
    ['The spark is advanced beyond stock, which invites knock.', ['F1'], 'aboveStock'],
    ['More advance and a raised limiter: both load the engine more than stock.', ['F1', 'F2'], 'aboveStock'],
    ['With the limiter raised as well, this much advance endangers the pistons.', ['F1'], 'aboveLimit'],
    ['At full throttle the advance fouls no plugs but breaks pistons.', ['F1'], 'aboveLimit'],
    ['This can damage the engine under sustained load.', ['F1'], 'aboveLimit'],
  ])('kept: %s %s', (text, ids, relation) => expect(concern(sparkAndLimiter, text, ids, relation)).toBeNull());

  test('beside its own subject it may name another one only where that was found too', () => {
    const text = 'Together with the late fan this much spark advance overheats the pistons.';
    expect(concern(evidences[0]!, text, ['F1'], 'aboveLimit')).toBeNull();
    expect(concern(sparkAndLimiter, text, ['F1'], 'aboveLimit')).toBe('it speaks of something that was not found');
  });

  test.each([
    'The fan starts too late.',
    'The fan starts too late and nobody judged it.',
    'Overheating is certain with these fan settings.',
    'Heat was not judged, and the fan is raised above stock.',
  ])('what was not judged is not said to be so: %s', (text) =>
    expect(concern(sparkAndLimiter, text, ['C2'], 'notJudged')).toMatch(/not known|direction/),
  );

  test.each([
    'Heat was not judged, so the fan may come on too late.',
    'Nobody looked at the fan and temperature limits.',
    'The cooling fan could not be judged; check when it starts.',
  ])('that it is not known may be said: %s', (text) =>
    expect(concern(sparkAndLimiter, text, ['C2'], 'notJudged')).toBeNull(),
  );

  test('of another area than the cited one nothing may be said', () =>
    expect(concern(sparkAndLimiter, 'The throttle was not judged.', ['C2'], 'notJudged')).toBe(elsewhere));
});

describe('free texts speak of what was found', () => {
  test.each<[number, 'effect' | 'advice' | 'summary', string]>([
    // Nothing has a limit for how an engine pulls.
    [0, 'effect', 'The engine pulls more than the limit.'],
    [0, 'summary', 'The engine pulls more than the limit.'],
    [0, 'effect', 'The engine pulls more than it is allowed to pull.'],
    [0, 'summary', 'The engine is not allowed to pull more than it is pulled'],
    [0, 'summary', 'The engine is not safe to ride, and the engine is not safe to ride.'],
    [1, 'effect', 'The engine revs over the limit.'],
    [0, 'effect', 'Power is above the limit.'],
    // Not found there.
    [0, 'summary', 'The raised rev limiter is the danger here.'],
    [0, 'advice', 'Set the limiter back to the factory value before riding.'],
    [1, 'summary', 'A lean mixture endangers the pistons.'],
    [1, 'advice', 'Restore the stock spark map.'],
    [2, 'effect', 'The fan comes on later and the throttle plates open further.'],
    [5, 'effect', 'The engine revs further than the factory allows.'],
    [5, 'summary', 'The throttle map was opened further.'],
    [3, 'summary', 'Ignition advance is over the limit.'],
    [3, 'summary', 'Coil dwell is over the limit.'],
    [6, 'summary', 'The engine will be damaged by this file.'],
    [6, 'effect', 'More power at high revs.'],
    [6, 'summary', 'The mixture is too lean and the spark too early.'],
    // An effect that nothing found can have.
    [5, 'effect', 'Wheelspin out of corners.'],
    [3, 'effect', 'The starter cranks longer.'],
    [0, 'effect', 'The coils misfire in the rain.'],
    // Orders to set what was found wrong, and to add what is too much.
    [1, 'advice', 'Set the limiter to 17400 rpm.'],
    [0, 'advice', 'Set the spark to 35.8° at full load.'],
    [0, 'advice', 'Then add 7° of spark at full load.'],
    [0, 'advice', 'Set the fan to 114 °C.'],
    [7, 'advice', 'Take 9.5° of spark out at full load.'],
    [0, 'summary', 'No proof is needed that the spark is safe.'],
    [0, 'summary', 'The spark is 7° over stock, but the timing is just right.'],
    [0, 'summary', 'The ignition drops below zero.'],
    [0, 'summary', 'Two faults: the spark and the mixture are over their limits.'],
    // It names nothing.
    [0, 'effect', 'The rider will notice a difference.'],
  ])('dropped: %s %s %s', (i, name, text) => expect(field(evidences[i]!, name, text)).not.toBeNull());

  test.each<[number, 'effect' | 'advice' | 'summary', string]>([
    [0, 'effect', 'The engine pulls harder in the mid-range and is likely to knock.'],
    [1, 'effect', 'The engine revs further than the factory allows.'],
    [2, 'effect', 'Hotter running and less power at the top.'],
    [5, 'effect', 'The engine runs hotter in traffic.'],
    [0, 'summary', 'The spark is over the limit at full load.'],
    [0, 'advice', 'Set the limiter only after you have checked the spark map.'],
    [7, 'advice', 'Put 9.5° back at full load.'],
    [0, 'advice', 'Take 7° of spark out at full load.'],
    [1, 'advice', 'Set the limiter back to 16700 rpm.'],
    [5, 'advice', 'Set the fan to 98 °C again.'],
    [4, 'summary', 'The ignition drops below zero.'],
    [0, 'advice', 'Check the fuel pressure and log lambda before riding hard.'],
    [6, 'summary', 'The rules found nothing, but 40 of them were not checked; the mixture may be lean all the same.'],
  ])('kept: %s %s %s', (i, name, text) => expect(field(evidences[i]!, name, text)).toBeNull());
});

describe('counts are of what was counted', () => {
  test.each([
    '4 cylinders fail under this spark.',
    'All 4 cylinders fail when the spark is over the limit.',
    'Four cylinders are over the limit.',
    'With this spark 4 cylinders knock.',
    'The 599 cc exceed the limit.',
    'RON 95 is too low for this spark.',
    'A compression of 13.1:1 is over the limit.',
    '40 rules failed because of the spark.',
    '20 cells have spark over the limit.',
    '5 maps changed, and the spark is over the limit.',
  ])('dropped: %s', (text) => {
    expect(concern(evidences[0]!, text, ['F1'], 'aboveLimit')).not.toBeNull();
    expect(field(evidences[0]!, 'summary', text)).not.toBeNull();
    expect(field(evidences[0]!, 'advice', text)).not.toBeNull();
  });

  test.each([
    'The 4 cylinder engine of 599 cc has little knock margin for this spark.',
    'With RON 95 and 13.1:1 compression this spark will knock.',
    'An engine with 4 cylinders and 13.1:1 compression knocks early; this spark is over the limit.',
  ])('kept: %s', (text) => expect(concern(evidences[0]!, text, ['F1'], 'aboveLimit')).toBeNull());

  test.each([
    '2 of the 5 maps differ from stock.',
    '20 cells of the spark map were changed.',
    'Three faults: spark, mixture and fan are over their limits.',
    'Of the rules, 40 were not checked.',
  ])('kept as summary: %s', (text) => expect(field(evidences[0]!, 'summary', text)).toBeNull());

  test('another count of faults is none', () =>
    expect(
      field(evidences[0]!, 'summary', 'Four faults: spark, mixture and fan are over their limits.'),
    ).not.toBeNull());
});

test('nearly every shipped rule of spark, mixture, throttle and limits names its subject; the rest is bound by citation alone', () => {
  const all = rules.filter((r) => ['spark', 'mixture', 'throttle', 'limits'].includes(r.category));
  const without = all.filter((rule) => {
    const label: Labelled = { name: 'one', made: [{ rule: rule.id, value: 1, limit: 0 }], mustName: [] };
    const made = makeReport(label, rules);
    return subjectsOf(evidenceOf(made, MOTORCYCLE).items.find((i) => i.id === 'F1')!).size === 0;
  });
  expect(without.length / all.length, without.map((r) => r.id).join(' ')).toBeLessThan(0.03);
});
