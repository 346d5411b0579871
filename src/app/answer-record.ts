/** What is kept of a question to a model: the answer or the failure, and the hashes that find it again. */
import { createHash } from 'node:crypto';
import type { RevsyncError } from '../core/errors.ts';
import type { ModelAnswer, Prompt } from '../core/language-model.ts';
import type { Relation } from '../core/opinion/answer.ts';
import type { Evidence } from '../core/opinion/evidence.ts';
import type { Checked, Verified } from '../core/opinion/guard.ts';
import { opinionSchema } from '../llm/second-opinion-prompt.ts';
import type { AnswerKey, StoredAnswer } from '../store/answers.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Raised when the guard gets stricter: what an older one let through is asked and checked anew. */
const GUARD_VERSION = 5;

/** Of the answer's schema and of what checks it. */
export const SCHEMA_SHA256 = sha256(JSON.stringify([opinionSchema, GUARD_VERSION]));

/** Of both parts of a prompt. */
export const promptHash = ({ fixed, evidence }: Prompt): string => sha256(`${fixed}\0${evidence}`);

type Question = AnswerKey & { attempt: number; at: string };

/** An answer as it came, and what the guard made of it. */
export function answerRecord(question: Question, answer: ModelAnswer, checked: Checked): StoredAnswer {
  return {
    ...question,
    used: false,
    valid: checked.verified !== null,
    error: null,
    digest: answer.digest,
    host: answer.host,
    serverVersion: answer.serverVersion,
    options: answer.options,
    raw: answer.text,
    doneReason: answer.doneReason,
    verified: keep(checked),
    claims: checked.claims,
    dropped: checked.violations.length,
    promptTokens: answer.promptTokens,
    answerTokens: answer.answerTokens,
    promptMs: answer.promptMs,
    answerMs: answer.answerMs,
    loadMs: answer.loadMs,
    totalMs: answer.totalMs,
  };
}

/** A question that got no answer. */
export function failureRecord(question: Question, error: RevsyncError, totalMs: number): StoredAnswer {
  return {
    ...question,
    used: false,
    valid: false,
    error: error.code,
    digest: null,
    host: null,
    serverVersion: null,
    options: {},
    raw: null,
    doneReason: null,
    verified: null,
    claims: 0,
    dropped: 0,
    promptTokens: 0,
    answerTokens: 0,
    promptMs: 0,
    answerMs: 0,
    loadMs: 0,
    totalMs,
  };
}

/** What did not hold, in words that may be printed. */
export const droppedOf = ({ violations }: Checked): string[] => violations.map((v) => `${v.what}: ${v.fault}`);

/** What held of an answer, as it is kept: ids instead of evidence lines. */
interface Kept extends Omit<Verified, 'concerns'> {
  concerns: { text: string; evidence: string[]; relation: Relation }[];
  dropped: string[];
}

function keep(checked: Checked): Kept | null {
  if (checked.verified === null) return null;
  const concerns = checked.verified.concerns.map(({ text, items, relation }) => {
    return { text, evidence: items.map((i) => i.refersTo), relation };
  });
  return { ...checked.verified, concerns, dropped: droppedOf(checked) };
}

/** The kept part with the evidence of the same question around it; null where it does not fit, then the model is asked. */
export function keptOf(json: string, evidence: Evidence): { verified: Verified; dropped: string[] } | null {
  const { dropped, concerns, ...rest } = JSON.parse(json) as Kept;
  const whole: Verified['concerns'] = [];
  for (const { text, evidence: ids, relation } of concerns) {
    const items = ids.map((id) => evidence.items.find((item) => item.refersTo === id));
    if (items.some((item) => item === undefined)) return null;
    whole.push({ text, items: items as Evidence['items'], relation });
  }
  return { verified: { ...rest, concerns: whole }, dropped };
}
