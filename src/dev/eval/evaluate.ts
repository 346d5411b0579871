/** How good a model's second opinions are, over reports that somebody has labelled. */
import type { Deadline, LanguageModel, ModelAnswer } from '../../core/language-model.ts';
import { type Evidence, evidenceOf } from '../../core/opinion/evidence.ts';
import { type Checked, checkAnswer } from '../../core/opinion/guard.ts';
import { type Labelled, MOTORCYCLE, makeReport } from '../../core/opinion/test-reports.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { OPINION_TOKENS, opinionPrompt, opinionSchema, repairPrompt } from '../../llm/second-opinion-prompt.ts';

/** What a model made of one report. */
export interface Outcome {
  name: string;
  /** Null: no usable answer, with the reason. */
  checked: Checked | null;
  failure: string | null;
  validAtOnce: boolean;
  repaired: boolean;
  /** Rules whose fault a reader must be told and was not. */
  missed: string[];
  mustName: number;
  /** Concerns that did not hold. */
  invented: number;
  concerns: number;
  /** The rules' score and the model's own number. */
  scores: [rules: number, model: number] | null;
  promptTokens: number;
  answerTokens: number;
  promptMs: number;
  answerMs: number;
  totalMs: number;
}

/** One model over all reports, shares from 0 to 1. */
export interface Evaluation {
  model: string;
  digest: string | null;
  serverVersion: string | null;
  reports: number;
  /** Answers of the right shape at the first try, and with one repair. */
  validAtOnce: number;
  valid: number;
  repairRate: number;
  /** Claims that held, of all that were made. */
  groundedness: number;
  /** Pairs of reports that model and rules put in the same order. */
  agreement: number | null;
  missed: number;
  invented: number;
  medianMs: number;
  slowestMs: number;
  promptTokens: number;
  answerTokens: number;
  /** Milliseconds a report spent on the prompt, first and median of the rest: the prefix cache at work. */
  promptMsFirst: number;
  promptMsLater: number;
}

/** Asks about every report, one after the other. */
export async function askAll(
  model: LanguageModel,
  labels: readonly Labelled[],
  rules: readonly Rule[],
  deadline: Deadline,
  said: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const label of labels) {
    const report = makeReport(label, rules);
    const outcome = await askOne(
      model,
      label,
      evidenceOf(report, MOTORCYCLE),
      report.scores.safety.value ?? 0,
      deadline,
    );
    outcomes.push(outcome);
    said(outcome);
  }
  return outcomes;
}

async function askOne(
  model: LanguageModel,
  label: Labelled,
  evidence: Evidence,
  score: number,
  deadline: Deadline,
): Promise<Outcome> {
  const answers: ModelAnswer[] = [];
  const sum = (pick: (a: ModelAnswer) => number): number =>
    Math.round(answers.reduce((total, a) => total + pick(a), 0));
  const finish = (
    checked: Checked | null,
    failure: string | null,
    validAtOnce: boolean,
    repaired: boolean,
  ): Outcome => {
    const named = new Set(checked?.verified?.concerns.flatMap((c) => c.items.map((i) => i.finding?.ruleId ?? '')));
    const safety = checked?.verified?.safety ?? null;
    return {
      name: label.name,
      checked,
      failure,
      validAtOnce,
      repaired,
      missed: label.mustName.filter((id) => !named.has(id)),
      mustName: label.mustName.length,
      invented: checked?.violations.filter((v) => v.what.startsWith('concern')).length ?? 0,
      concerns: checked?.verified?.concerns.length ?? 0,
      scores: safety === null ? null : [score, safety],
      promptTokens: sum((a) => a.promptTokens),
      answerTokens: sum((a) => a.answerTokens),
      promptMs: sum((a) => a.promptMs),
      answerMs: sum((a) => a.answerMs),
      totalMs: sum((a) => a.totalMs),
    };
  };
  const ask = async (prompt: ReturnType<typeof opinionPrompt>): Promise<Checked> => {
    const answer = await model.answer({ prompt, schema: opinionSchema, maxTokens: OPINION_TOKENS, deadline });
    answers.push(answer);
    return checkAnswer(evidence, answer.text, answer.json);
  };
  try {
    const first = await ask(opinionPrompt(evidence.text));
    if (first.violations.length === 0) return finish(first, null, true, false);
    const list = first.violations.map((v) => `${v.what}: ${v.detail ?? v.fault}`);
    const second = await ask(repairPrompt(evidence.text, list));
    const held = (c: Checked): number => (c.verified === null ? -1 : c.claims - c.violations.length);
    const best = held(second) > held(first) ? second : first;
    return finish(
      best.verified === null ? null : best,
      best.verified === null ? best.violations[0]!.fault : null,
      first.verified !== null,
      true,
    );
  } catch (error) {
    return finish(null, error instanceof Error ? error.message : String(error), false, false);
  }
}

/** Figures over all outcomes. */
export function evaluate(
  model: Pick<Evaluation, 'model' | 'digest' | 'serverVersion'>,
  outcomes: readonly Outcome[],
): Evaluation {
  const share = (n: number, of: number): number => (of === 0 ? 0 : Math.round((n / of) * 1000) / 1000);
  const total = (pick: (o: Outcome) => number): number => outcomes.reduce((sum, o) => sum + pick(o), 0);
  const claims = total((o) => o.checked?.claims ?? 0);
  const times = outcomes.map((o) => o.totalMs).sort((a, b) => a - b);
  const later = outcomes
    .slice(1)
    .map((o) => o.promptMs)
    .sort((a, b) => a - b);
  return {
    ...model,
    reports: outcomes.length,
    validAtOnce: share(outcomes.filter((o) => o.validAtOnce).length, outcomes.length),
    valid: share(outcomes.filter((o) => o.checked !== null).length, outcomes.length),
    repairRate: share(outcomes.filter((o) => o.repaired).length, outcomes.length),
    groundedness: share(claims - total((o) => o.checked?.violations.length ?? 0), claims),
    agreement: agreementOf(outcomes.flatMap((o) => (o.scores === null ? [] : [o.scores]))),
    missed: total((o) => o.missed.length),
    invented: total((o) => o.invented),
    medianMs: times[Math.floor(times.length / 2)] ?? 0,
    slowestMs: times.at(-1) ?? 0,
    promptTokens: Math.round(total((o) => o.promptTokens) / Math.max(1, outcomes.length)),
    answerTokens: Math.round(total((o) => o.answerTokens) / Math.max(1, outcomes.length)),
    promptMsFirst: outcomes[0]?.promptMs ?? 0,
    promptMsLater: later[Math.floor(later.length / 2)] ?? 0,
  };
}

/** Of all pairs that the rules tell apart, the share that the model orders the same way. Null: no pair. */
function agreementOf(scores: readonly [number, number][]): number | null {
  let pairs = 0;
  let same = 0;
  for (const [i, [rulesA, modelA]] of scores.entries()) {
    for (const [rulesB, modelB] of scores.slice(i + 1)) {
      if (rulesA === rulesB) continue;
      pairs++;
      if ((rulesA - rulesB) * (modelA - modelB) > 0) same++;
    }
  }
  return pairs === 0 ? null : Math.round((same / pairs) * 1000) / 1000;
}
