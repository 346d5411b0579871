/** Does a number stand in the evidence, in this unit and in the part that the sentence gives it? */
import { type Mention, mentionsOf } from './mentions.ts';

/** A number of the evidence and what it is there. */
export interface Quantity {
  value: number;
  unit: string;
  /** `stated`: read from the evidence's own sentence, where it stood without a part; `advice`: of what to do about it. */
  part: 'value' | 'tune' | 'stock' | 'limit' | 'redline' | 'limiter' | 'difference' | 'excess' | 'advice' | 'stated';
  /** Of a difference: over or under what it is held against. Null: not known. */
  direction: 'up' | 'down' | null;
  /** What may be said of a count: of an engine's parts nothing but that it has them. Null or absent: it is of what was found. */
  counts?: Counts;
  /** Where it was measured (engine speed, throttle), not what. Null: not said. */
  place: boolean | null;
}

/** `engine`: a fact of the motorcycle; `changed`: maps or cells that differ from stock; `total`: of how many; `unchecked`: rules left out. */
export type Counts = 'engine' | 'changed' | 'total' | 'unchecked';

/** Numbers of an evidence line, each with the part that the line itself gives it. */
export function quantitiesOf(line: string): Quantity[] {
  return mentionsOf(line)
    .filter((m) => Number.isFinite(m.value))
    .map((m) => ({
      value: m.signed === '-' ? -m.value : m.value,
      unit: m.unit,
      part:
        m.claim !== null && m.claim !== 'now'
          ? m.claim
          : m.direction !== null && m.signed === null
            ? 'difference'
            : 'stated',
      direction: m.direction,
      place: m.place,
    }));
}

/** Rounding to fewer digits may move a number by this share at most: 5.44° is 5.4°, and 0.97 λ is never 1 λ. */
const ROUNDING_SHARE = 0.045;
/** "About 3400 rpm" for 3420: to its own last digit that is not zero. */
const ROUGH_SHARE = 0.02;

function near(said: Mention, value: number): boolean {
  const off = Math.abs(said.value - value);
  if (off <= 1e-9 * Math.max(1, Math.abs(value))) return true;
  const share = off / Math.max(Math.abs(value), 1e-9);
  if (off <= 0.5 * 10 ** -said.decimals + 1e-9) return share <= ROUNDING_SHARE;
  return said.roughly && off <= 0.5 * 10 ** said.zeros + 1e-9 && share <= ROUGH_SHARE;
}

const LIMIT_WORDS =
  /\b(limit\w*|allow\w*|tolera\w*|permi\w*|threshold|maximum|bound\w*|ceiling|the (?:most|least|richest|leanest|latest|earliest|highest|lowest)|should|target|wants?|needs?|requires?|calls? for|made for|meant for|designed|ought|would|enough|suffic\w*|back to|within|inside|under|below|above|over|than|exceed\w*|past|beyond|keep\w*|at most|takes?|instead|recommended|aim\w*|between|set|restore|return|reduce|lower|raise|bring|cap|rule|against|versus|vs)\b/i;
const STOCK_WORDS =
  /\b(stock\w*|factory\w*|original\w*|oem|standard|maker\w*|manufacturer\w*|as delivered|ex works)\b/i;

/** Does this quantity hold the number as it is said? `sentence` is what stands around it. */
function holds(said: Mention, q: Quantity, sentence: string): boolean {
  if (q.unit !== said.unit) return false;
  if (!sameSign(said, q)) return false;
  if (q.counts !== undefined && !countHolds(q.counts, said, sentence)) return false;
  // "Bring the limiter back to 16700 rpm": an order names what it shall be.
  const ordered = said.ordered && HELD_AGAINST.test(q.part);
  if (!ordered && said.claim !== null && !plays(said.claim, q)) return false;
  if (ordered) return said.place !== true || said.unit === 'rpm' || q.place !== false;
  // "7° more than stock" is a difference and "1° over the limit" an excess; the value itself is neither.
  if (said.differenceFrom !== null && q.place !== true) {
    if (said.differenceFrom === 'stock' && q.part !== 'difference') return false;
    if (said.differenceFrom === 'limit' && q.part !== 'excess') return false;
    if (said.differenceFrom === 'any' && !/^(?:difference|excess|value)$/.test(q.part)) return false;
  }
  const differs = q.part === 'difference' || q.part === 'excess';
  if (said.undone !== null && differs && q.direction !== null && said.undone !== q.direction) return false;
  if (
    said.direction !== null &&
    said.signed === null &&
    said.undone === null &&
    differs &&
    q.direction !== null &&
    said.direction !== q.direction
  )
    return false;
  if (said.place === true && said.unit !== 'rpm' && q.place === false) return false;
  if (said.place === false && q.place === true) return false;
  // "97.3 %" is a place only where it is said as one.
  if (said.place === null && q.place === true && said.unit === '%' && !said.beside) return false;
  if (said.claim === null && q.part === 'stock' && !said.from && !STOCK_WORDS.test(sentence)) return false;
  if (said.claim === null && (q.part === 'limit' || q.part === 'advice') && !LIMIT_WORDS.test(sentence)) return false;
  return true;
}

const CHANGED_WORDS =
  /\b(?:chang\w*|differ\w*|alter\w*|modif\w*|edit\w*|touch\w*|rewritten|rework\w*|moved|deviat\w*|departs?|tamper\w*|adjust\w*|new)\b/i;
const OVER_A_LIMIT =
  /\b(?:over|above|beyond|past|below|under|exceed\w*|outside)\s+(?:the\s+|its\s+|their\s+|any\s+)?(?:limits?|maximum|threshold)/i;
const UNCHECKED_WORDS =
  /\b(?:not|no|lack\w*|un\w+ed|skipp\w+|left|without|nothing|never|omitted|missing|incomplete|out)\b|n't\b/i;

/** Of a size or a ratio only being held against something is said: "an engine of 599 cc has little margin" is about the engine. */
const COMPARED = /\b(?:is|are|was|were|exceed\w*|over|above|beyond|below|under|past|too|fail\w*)$/i;

/** A count holds for what was counted alone: "4 cylinders" of the specification do not fail. */
function countHolds(counts: Counts, said: Mention, sentence: string): boolean {
  if (counts === 'engine')
    return said.predicate === null || (said.unit !== 'cylinder' && !COMPARED.test(said.predicate));
  if (counts === 'total') return said.whole;
  if (counts === 'unchecked') return UNCHECKED_WORDS.test(sentence);
  return CHANGED_WORDS.test(sentence) && !OVER_A_LIMIT.test(sentence);
}

function plays(claim: NonNullable<Mention['claim']>, q: Quantity): boolean {
  if (claim === 'limiter')
    return (
      q.part === 'limiter' || q.part === 'redline' || (q.unit === 'rpm' && (q.part === 'value' || q.part === 'tune'))
    );
  if (claim === 'now') return OF_THE_TUNE.test(q.part);
  return q.part === claim;
}

const OF_THE_TUNE = /^(?:value|tune|limiter|difference|excess|stated)$/;
const HELD_AGAINST = /^(?:stock|limit|advice|redline)$/;

/** Parts that a number of the evidence plays where it stands as it is said. */
export function partsOf(said: Mention, evidence: readonly Quantity[], sentence: string): Quantity['part'][] {
  const parts = evidence.filter((q) => holds(said, q, sentence)).map((q) => q.part);
  // Nobody is told to set what was found to be wrong.
  const wrong = said.ordered && said.place !== true && parts.some((p) => /^(?:tune|limiter|value)$/.test(p));
  return wrong && !parts.some((p) => HELD_AGAINST.test(p)) ? [] : parts;
}

const OPPOSED = /\b(?:instead of|rather than|against|versus|vs\.?|compared (?:to|with)|in place of)\b/i;
const WISH =
  /\b(?:should|must|back|restor\w*|return\w*|bring\w*|reduc\w*|lower|rais\w+|set|use|needs?|recommend\w*|better|aim\w*|target)\b/i;
const RAISED = /\b(?:rais\w+|increas\w+|advanc\w+|lift\w+|ris(?:es|en|ing)|rose|higher)\b/i;
const LOWERED = /\b(?:lower\w*|reduc\w+|decreas\w+|drop\w*|cut\w*|fall\w*|fell|retard\w*|back)\b/i;
const OVER = /\b(?:exceed\w*|above|over|more than|higher than|larger than|greater than|leaner than|later than)\b/i;
const UNDER = /\b(?:below|under|less than|lower than|richer than|short of|earlier than)\b/i;

/** True where two numbers stand to each other as the words between them say: "35.8° instead of 28.8°", "6.4 ms exceeds 6 ms". */
export function pairHolds(
  [a, aParts]: [Mention, Quantity['part'][]],
  [b, bParts]: [Mention, Quantity['part'][]],
  between: string,
  sentence: string,
): boolean {
  if (a.unit !== b.unit || between.length > 60) return true;
  const is = (parts: Quantity['part'][], pattern: RegExp): boolean => parts.some((part) => pattern.test(part));
  // Two places are a stretch of road, no comparison.
  const isPlace = (m: Mention, parts: Quantity['part'][]): boolean =>
    m.place === true && !is(parts, /^(?:stock|limiter|tune|redline)$/);
  if (isPlace(a, aParts) || isPlace(b, bParts)) return true;
  const changed = /^[\s,;:(]*to\s*$/i.test(between) && (a.from || is(aParts, /^stock$/) || is(bParts, /^stock$/));
  const forward = is(aParts, OF_THE_TUNE) && is(bParts, HELD_AGAINST);
  const backward = is(aParts, HELD_AGAINST) && is(bParts, OF_THE_TUNE);
  // "Raised from 16700 to 17400 rpm" goes up.
  // "2 to 3 ms" of an advice is a range, wherever it stands.
  const range = is(aParts, /^(?:advice|stated)$/) && is(bParts, /^(?:advice|stated)$/);
  if (changed && !range && RAISED.test(sentence) !== LOWERED.test(sentence)) {
    if (RAISED.test(sentence) !== signed(b) > signed(a)) return false;
  }
  if (OPPOSED.test(between))
    return forward || (backward && WISH.test(sentence)) || (backward && is(aParts, /^advice$/));
  if (changed && !range)
    return (is(aParts, /^(?:stock|limit)$/) && is(bParts, OF_THE_TUNE)) || (forward && WISH.test(sentence));
  if (a.differenceFrom !== null || a.direction !== null || b.differenceFrom !== null) return true;
  if (OVER.test(between) && !UNDER.test(between)) return signed(a) > signed(b) || /\bnot\b/i.test(between);
  if (UNDER.test(between) && !OVER.test(between)) return signed(a) < signed(b) || /\bnot\b/i.test(between);
  return true;
}

const signed = (m: Mention): number => (m.signed === '-' ? -m.value : m.value);

/** A sign that is written must be so; "5° less" of a difference carries its sign in the word. */
function sameSign(said: Mention, q: Quantity): boolean {
  if (said.signed === '-')
    return near({ ...said, value: -said.value }, q.value) || (q.direction === 'down' && near(said, q.value));
  if (said.signed === '+' && q.direction === 'down') return false;
  if (near(said, q.value)) return true;
  // "3.5° of retard", "5° after top dead centre": a negative advance said in words.
  return q.value < 0 && said.direction === 'down' && near(said, -q.value);
}
