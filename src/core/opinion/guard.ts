/**
 * What of a model's answer may be said: its citations exist, its relations are true by computation, every number stands in the
 * evidence in its unit, nothing is called safe. All else is dropped and counted.
 */
import { type Answer, type Compatibility, type Relation, readAnswer } from './answer.ts';
import type { Evidence, EvidenceItem } from './evidence.ts';
import { isGrounded, type Quantity } from './grounds.ts';
import { mentionsOf } from './mentions.ts';
import { isPlain, plainText } from './plain-text.ts';
import { falseDirection, relationHolds } from './relations.ts';
import { namesUnknown, wordingFault } from './wording.ts';

export interface VerifiedConcern {
  text: string;
  /** Items of the evidence, the finding that counts first. */
  items: EvidenceItem[];
  relation: Relation;
}

export interface Verified {
  concerns: VerifiedConcern[];
  compatibility: Compatibility;
  effect: string | null;
  advice: string | null;
  summary: string | null;
  /** The model's own number, 0 to 100; null where it gave none. */
  safety: number | null;
}

export interface Checked {
  /** Null: the answer's shape is not what was asked for. */
  verified: Verified | null;
  /** One for each claim that did not hold: "concern 2: …". In words of ours. */
  violations: string[];
  /** Claims looked at, those that held included. */
  claims: number;
}

/** Checks an answer against the evidence that it was given. Never throws, whatever the answer is. */
export function checkAnswer(evidence: Evidence, text: string, json: unknown): Checked {
  const { answer, broken } = readAnswer(text, json);
  if (answer === null) return { verified: null, violations: broken, claims: broken.length };
  const violations = [...broken];
  const concerns: VerifiedConcern[] = [];
  for (const [i, concern] of answer.concerns.entries()) {
    const checked = checkConcern(concern, evidence, concerns);
    if (typeof checked === 'string') violations.push(`concern ${i + 1}: ${checked}`);
    else concerns.push(checked);
  }
  const all = evidence.items.filter((item) => item.kind !== 'measurement');
  const free = (name: string, said: string): string | null => {
    if (said.trim() === '') return null;
    const read = readText(said, all, evidence);
    if ('text' in read) return read.text;
    violations.push(`${name}: ${read.fault}`);
    return null;
  };
  const effect = free('effect', answer.effect);
  const advice = free('advice', answer.advice);
  const summary = free('summary', answer.summary);
  if (Number.isNaN(answer.safety)) violations.push('safety: no whole number from 0 to 100');
  return {
    verified: {
      concerns,
      compatibility: answer.compatibility,
      effect,
      advice,
      summary,
      safety: Number.isNaN(answer.safety) ? null : answer.safety,
    },
    violations,
    claims:
      answer.concerns.length +
      broken.length +
      [answer.effect, answer.advice, answer.summary].filter((t) => t.trim() !== '').length,
  };
}

function checkConcern(
  concern: Answer['concerns'][number],
  evidence: Evidence,
  before: VerifiedConcern[],
): VerifiedConcern | string {
  const items: EvidenceItem[] = [];
  for (const id of concern.evidence) {
    const item = evidence.items.find((e) => e.id === id.trim().toUpperCase());
    if (item === undefined) return 'it cites an id that is not in the evidence';
    if (!items.includes(item)) items.push(item);
  }
  const bearing = items.filter((item) => relationHolds(concern.relation, item));
  if (bearing.length === 0) return `what it cites is not ${words(concern.relation)}`;
  // The specification is common ground; every other number must be one of what is cited.
  const ground = [...items, ...evidence.items.filter((e) => e.kind === 'specification' || e.kind === 'conditions')];
  const read = readText(concern.text, items, evidence, ground);
  if ('fault' in read) return read.fault;
  const same = before.some((b) => b.items.length === items.length && b.items.every((item) => items.includes(item)));
  if (same) return 'it says the same as the one before';
  return {
    text: read.text,
    items: [...bearing, ...items.filter((i) => !bearing.includes(i))],
    relation: concern.relation,
  };
}

const words = (relation: Relation): string => relation.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);

/**
 * A text as it may be printed, or what is wrong with it.
 * @param ground items whose numbers may be said; `cited` those whose directions the words may claim
 */
function readText(
  said: string,
  cited: EvidenceItem[],
  evidence: Evidence,
  ground: EvidenceItem[] = cited,
): { text: string } | { fault: string } {
  const plain = plainText(said);
  if (!isPlain(plain)) return { fault: 'signs that have no place in a sentence, or too long' };
  const known = evidence.items.map((item) => `${item.id} ${item.line}`).join('\n');
  if (namesUnknown(plain, known)) return { fault: 'it names what the evidence does not hold' };
  const text = withoutIds(plain, evidence);
  const fault =
    wordingFault(text) ??
    falseDirection(text, cited) ??
    falseMixture(text, cited) ??
    numberFault(
      text,
      ground.flatMap((item) => item.quantities),
    );
  return fault === null ? { text } : { fault };
}

/** The first number of a text that the evidence does not hold, or null. */
export function numberFault(text: string, quantities: readonly Quantity[]): string | null {
  const sentences = [...text.matchAll(/.+?(?:[.;!?](?=\s|$)|$)/gs)].map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
    text: m[0],
  }));
  for (const mention of mentionsOf(text)) {
    const sentence = sentences.find((s) => mention.start >= s.start && mention.start < s.end)?.text ?? text;
    if (!isGrounded(mention, quantities, sentence)) return `"${mention.text}" is not in the evidence as it is said`;
  }
  return null;
}

/** "(F1)" and "F1:" mean nothing to a reader. Only ids of this evidence go. */
function withoutIds(text: string, { items }: Evidence): string {
  let plain = text;
  for (const { id } of items) {
    plain = plain
      .replace(new RegExp(`\\s*[(]\\s*${id}(?:\\s*(?:,|and|&)\\s*[A-Z]\\d+)*\\s*[)]`, 'g'), '')
      .replace(new RegExp(`^${id}\\s*[:,-]\\s*`), '')
      .replace(new RegExp(`\\b(?:finding|item|evidence|in|see|per)?\\s*\\b${id}\\b`, 'gi'), ' it');
  }
  return plain.replace(/\s+/g, ' ').trim();
}

/** "Rich" said of a lean finding, "lean" of a rich one. */
function falseMixture(text: string, cited: EvidenceItem[]): string | null {
  const lines = cited
    .map((i) => `${i.finding?.ruleId ?? ''} ${i.line} ${i.finding?.why ?? ''}`)
    .join(' ')
    .toLowerCase();
  const rich =
    /\b(?:too|very|runs?|is|are|goes|running|overly|so|quite)\s+rich\b|\brich\s+(?:mixture|target|condition|at)\b/i;
  const lean =
    /\b(?:too|very|runs?|is|are|goes|running|dangerously|so|quite)\s+lean\b|\blean\s+(?:mixture|target|condition|at)\b/i;
  if (rich.test(text) && !/rich|more fuel/.test(lines)) return 'it says rich where nothing cited is';
  if (lean.test(text) && !/lean|less fuel|without fuel|no fuel/.test(lines))
    return 'it says lean where nothing cited is';
  return null;
}
