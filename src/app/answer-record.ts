/** What is kept of a question to a model: the answer or the failure, and the hashes that find it again. */
import { createHash } from 'node:crypto';
import type { RevsyncError } from '../core/errors.ts';
import type { ModelAnswer, Prompt } from '../core/language-model.ts';
import type { Checked, Verified } from '../core/opinion/guard.ts';
import { opinionSchema } from '../llm/second-opinion-prompt.ts';
import type { AnswerKey, StoredAnswer } from '../store/answers.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Of the answer's schema. */
export const SCHEMA_SHA256 = sha256(JSON.stringify(opinionSchema));

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
    verified: checked.verified === null ? null : withIds(checked.verified),
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

/** Ids instead of evidence lines. */
function withIds(verified: Verified): unknown {
  const concerns = verified.concerns.map(({ text, items, relation }) => {
    return { text, evidence: items.map((i) => i.refersTo), relation };
  });
  return { ...verified, concerns };
}
