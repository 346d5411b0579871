/**
 * What of a model's answer may be said: its citations exist, its relations are true by computation, every number stands in the
 * evidence in its unit, nothing is called safe. All else is dropped and counted.
 */

import { adviceFault } from './advice.ts';
import { type Answer, type Compatibility, type Relation, readAnswer } from './answer.ts';
import { strangeConcern, strangeText } from './bound.ts';
import type { Evidence, EvidenceItem } from './evidence.ts';
import { pairHolds, partsOf, type Quantity } from './grounds.ts';
import { type Mention, mentionsOf } from './mentions.ts';
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

/** A claim that did not hold. */
export interface Violation {
  /** "concern 2", "summary", "answer" */
  what: string;
  /** In words of ours alone: it may be printed. */
  fault: string;
  /** With the model's own words, for its second try; never printed. */
  detail: string | null;
}

export interface Checked {
  /** Null: the answer's shape is not what was asked for. */
  verified: Verified | null;
  /** One for each claim that did not hold. */
  violations: Violation[];
  /** Claims looked at, those that held included. */
  claims: number;
}

/** Checks an answer against the evidence that it was given. Never throws, whatever the answer is. */
export function checkAnswer(evidence: Evidence, text: string, json: unknown): Checked {
  const { answer, broken } = readAnswer(text, json);
  const violations: Violation[] = broken.map((fault) => ({ what: 'answer', fault, detail: null }));
  if (answer === null) return { verified: null, violations, claims: violations.length };
  const concerns: VerifiedConcern[] = [];
  for (const [i, concern] of answer.concerns.entries()) {
    const checked = checkConcern(concern, evidence, concerns);
    if ('fault' in checked) violations.push({ what: `concern ${i + 1}`, ...checked });
    else concerns.push(checked);
  }
  const all = evidence.items.filter((item) => item.kind !== 'measurement');
  const counted = countsOf(evidence);
  const free = (name: string, said: string): string | null => {
    if (said.trim() === '') return null;
    const read = readText(said, all, evidence, [...all, counted], (text) => strangeText(text, all, name === 'effect'));
    if ('text' in read) return read.text;
    violations.push({ what: name, ...read });
    return null;
  };
  const effect = free('effect', answer.effect);
  const advice = free('advice', answer.advice);
  const summary = free('summary', answer.summary);
  if (Number.isNaN(answer.safety))
    violations.push({ what: 'safety', fault: 'no whole number from 0 to 100', detail: null });
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

/** "Two faults": how many the evidence has, where it has them all. */
function countsOf({ items, left }: Evidence): Pick<EvidenceItem, 'quantities'> {
  const value = items.filter((item) => item.finding?.status === 'fail').length;
  const units = [
    'finding',
    'fault',
    'problem',
    'issue',
    'concern',
    'item',
    'place',
    'point',
    'area',
    'change',
    'thing',
    'danger',
    'risk',
    'error',
    'mistake',
    'deviation',
    'setting',
    'warning',
  ];
  const count = { value, part: 'stated', direction: null, place: null } as const;
  return { quantities: left > 0 ? [] : units.map((unit) => ({ ...count, unit })) };
}

type Fault = Omit<Violation, 'what'>;

function checkConcern(
  concern: Answer['concerns'][number],
  evidence: Evidence,
  before: VerifiedConcern[],
): VerifiedConcern | Fault {
  const items: EvidenceItem[] = [];
  for (const id of concern.evidence) {
    const item = evidence.items.find((e) => e.id === id.trim().toUpperCase());
    if (item === undefined) return { fault: 'it cites an id that is not in the evidence', detail: null };
    if (!items.includes(item)) items.push(item);
  }
  const bearing = items.filter((item) => relationHolds(concern.relation, item));
  if (bearing.length === 0) return { fault: `what it cites is not ${words(concern.relation)}`, detail: null };
  // The specification is common ground; every other number must be one of what is cited.
  const ground = [...items, ...evidence.items.filter((e) => e.kind === 'specification' || e.kind === 'conditions')];
  const read = readText(concern.text, items, evidence, ground, (text) => strangeConcern(text, items, evidence.items));
  if ('fault' in read) return read;
  const same = before.some((b) => b.items.length === items.length && b.items.every((item) => items.includes(item)));
  if (same) return { fault: 'it says the same as the one before', detail: null };
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
 * @param strange what is wrong with its subject, or null
 */
function readText(
  said: string,
  cited: EvidenceItem[],
  evidence: Evidence,
  ground: Pick<EvidenceItem, 'quantities'>[],
  strange: (text: string) => string | null,
): { text: string } | Fault {
  const plain = plainText(said);
  if (!isPlain(plain)) return { fault: 'signs that have no place in a sentence, or too long', detail: null };
  const known = evidence.items.map((item) => `${item.id} ${item.line}`).join('\n');
  if (namesUnknown(plain, known)) return { fault: 'it names what the evidence does not hold', detail: null };
  const text = withoutIds(plain, evidence);
  const clean = evidence.items.every((item) => item.finding?.status !== 'fail');
  const wording = wordingFault(text, clean) ?? adviceFault(text, cited) ?? falseMixture(text, cited) ?? strange(text);
  if (wording !== null) return { fault: wording, detail: null };
  const direction = falseDirection(text, cited);
  if (direction !== null) return { fault: 'it claims a direction that is not so', detail: `"${direction}" is not so` };
  const number = ungrounded(
    withoutName(text, evidence.motorcycle),
    ground.flatMap((item) => item.quantities),
  );
  if (number === null) return { text };
  return {
    fault: 'a number that is not in the evidence as it is said',
    detail: `"${number}" is not in the lines it cites`,
  };
}

/** "900 rpm past the redline": the one difference that no item states, since tune and redline stand in two of them. */
function pastRedline(quantities: readonly Quantity[]): Quantity[] {
  const redline = quantities.find((q) => q.part === 'redline');
  if (redline === undefined) return [];
  return quantities
    .filter((q) => q.unit === redline.unit && /^(?:tune|limiter)$/.test(q.part) && q.value > redline.value)
    .map((q) => ({ ...q, value: q.value - redline.value, part: 'excess', direction: 'up' }));
}

/** The first number of a text that the evidence does not hold, or null. */
export function ungrounded(text: string, stated: readonly Quantity[]): string | null {
  const quantities = /\bred ?line\b/i.test(text) ? [...stated, ...pastRedline(stated)] : stated;
  const belowZero = quantities.some((q) => q.value < 0);
  const angles = quantities.some((q) => q.unit === '°');
  const sentences = [...text.matchAll(/.+?(?:[.;!?](?=\s|$)|$)/gs)].map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
    text: m[0],
  }));
  const mentions = mentionsOf(text);
  const sentenceOf = (m: Mention): { start: number; end: number; text: string } =>
    sentences.find((s) => m.start >= s.start && m.start < s.end) ?? { start: 0, end: text.length, text };
  const grounded: [Mention, ReturnType<typeof partsOf>][] = [];
  for (const mention of mentions) {
    const place = sentenceOf(mention);
    let as = mention;
    let parts = partsOf(as, quantities, place.text);
    // "Two degrees above the limit of 112 °C": degrees are of a temperature where no angle is in the evidence.
    if (parts.length === 0 && mention.unit === '°' && !angles) {
      as = { ...mention, unit: '°C' };
      parts = partsOf(as, quantities, place.text);
    }
    // "In 18 places" of a map
    if (parts.length === 0 && /^(?:place|spot|entry|entrie|point|position|value)$/.test(mention.unit)) {
      as = { ...mention, unit: 'cell' };
      parts = partsOf(as, quantities, place.text);
    }
    // "Of the rules, 40 were not checked"
    if (parts.length === 0 && mention.unit === '' && /\b(?:rules?|checks)\b/i.test(text)) {
      as = { ...mention, unit: 'rule' };
      parts = partsOf(as, quantities, place.text);
    }
    // "λ 0.99 at 9500 rpm, leaner than the limit of 0.98": its unit stands elsewhere in the sentence.
    const written = /^[+-]?[\d.,]+$/.test(mention.text.replace(/\s|limit|stock/g, ''));
    if (parts.length === 0 && written) {
      const others = mentions.filter((m) => m.unit !== '' && m.start >= place.start && m.start < place.end);
      for (const { unit } of others) {
        as = { ...mention, unit, roughly: false };
        parts = partsOf(as, quantities, place.text);
        if (parts.length > 0) break;
      }
    }
    if (mention.value === 0 && belowZero && /\b(?:below|under|beneath)\s+$/i.test(text.slice(0, mention.start)))
      continue;
    if (!Number.isFinite(mention.value) || parts.length === 0) return mention.text;
    grounded.push([as, parts]);
  }
  for (const [i, b] of grounded.entries()) {
    const a = grounded.slice(0, i).findLast(([m]) => m.unit === b[0].unit);
    if (a === undefined || sentenceOf(a[0]).start !== sentenceOf(b[0]).start) continue;
    const between = text.slice(a[0].end, b[0].start);
    if (!pairHolds(a, b, between, sentenceOf(b[0]).text)) return `${a[0].text}${between}${b[0].text}`;
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

/** The motorcycle's own name, whole or without its years, holds digits that are no quantities. */
function withoutName(text: string, name: string): string {
  if (name === '') return text;
  const short = name.replace(/\s+\(?\d{4}.*$/, '');
  return text.replaceAll(name, 'it').replaceAll(short === '' ? name : short, 'it');
}

/** "Rich" said of a lean finding, "lean" of a rich one. */
function falseMixture(text: string, cited: EvidenceItem[]): string | null {
  if (cited.every((item) => item.finding === null)) return null;
  // Of cylinders apart from each other one is lean and one is rich.
  if (cited.some((item) => /split|uneven|twin/.test(item.finding?.ruleId ?? ''))) return null;
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
