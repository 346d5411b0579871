/**
 * Does a text speak of the evidence? A concern of what it cites, the free texts of something that was found, changed or not judged.
 * Numbers and relations are checked elsewhere; this holds the words around them to their subject.
 */
import type { EvidenceItem } from './evidence.ts';
import { CLAIMED, relationHolds, WISHED } from './relations.ts';
import { speaksOf, strangeEffects, subjectsNamed, subjectsOf } from './subjects.ts';

/** Not known, not looked at: what may be said of an area that nobody judged. */
const OPEN =
  /\b(?:not|no|never|nobody|none|nothing|neither|without|un(?:known|clear|checked|judged|verified|tested|seen|certain|noticed|detected|stated|examined)|missing|cannot|lacks?|lacking|absen\w+|skipped|omitted|left|hidden|whether|uncertain|open question|blind|incomplete|guess\w*|remains?|only|caution|invisible|impossible)\b|n't\b/i;
/** What may be so, or is to be looked at. */
const MAYBE =
  /\b(?:may|might|could|can|whether|if|in case|possibl\w+|perhaps|unless|should|must|would|check\w*|verif\w*|measur\w*|log|logs|logged|watch|monitor\w*|inspect\w*|test\w*|prob(?:e|es|ing)|compar\w*|ask|make sure|confirm\w*|look at|have)\b/i;
/** What was found to be wrong. */
const FAULT =
  /\btoo (?:late|early|high|low|lean|rich|much|little|long|short|far|hot|steep)\b|\b(?:raised|lifted|exceeds?|exceeding|overheats?|dangerous\w*|damag(?:es|ed|ing)|destroys?|ruins?|fails?|failed|broken|breaks?|seizes?|melts?|burns?|knocks?)\b|\b(?:over|above|beyond|past) (?:the |its |stock |any |every )*(?:limits?|stock|factory|redline)\b/i;
/** What has values that can be over a limit: everything that is in a file. */
const CARRIER =
  /\b(?:values?|cells?|maps?|tables?|settings?|findings?|tunes?|files?|calibration|it|its|this|that|they|these|those|both|several|some|many|areas?|entries|rows?|change\w*|difference\w*|deviation\w*|everything|which|what)\b/i;
/** What a rider does or feels. Nobody has set it a limit. */
const BEHAVIOUR =
  /\b(?:engine|motor|bike|motorcycle|machine|rider|power|torque|acceleration|response)\s+(?:\w+ly\s+|will\s+|may\s+|can\s+|could\s+|would\s+|might\s+)*(?:pulls?|revs?|runs?|accelerates?|feels?|gives?|makes?|delivers?|goes|performs?|responds?|rides?|sounds?|vibrates?|produces?|develops?|has|gets?|is)\b/i;

const ELSEWHERE = 'it speaks of something else than what it cites';
/** Areas of the coverage. */
const AREA = /\b(?:throttle|limiter|rev limit|spark|ignition|mixture|fuel\w*|fans?|heat|cooling)\b/i;

/** What a summary or an advice may speak of without naming a setting: the file as a whole and how it was judged. */
const GENERAL =
  /\d|\b(?:full load|stock|factory|original|limits?|rules?|check\w*|judged|known|faults?|findings?|problems?|results?|chang\w*|maps?|tunes?|files?|calibration|danger\w*|risk\w*|damag\w*|safe\w*|probe|dyno|log|workshop|ride|riding)\b/i;

const sentencesOf = (text: string): string[] => text.split(/(?<=[.;!?])\s+/);

const union = (items: readonly EvidenceItem[]): Set<string> => new Set(items.flatMap((item) => [...subjectsOf(item)]));

/** Found wrong, or changed: it bears out that something is said of its subject. */
const isFound = (item: EvidenceItem): boolean => item.finding?.status === 'fail' || item.changed;

/** What is wrong with the subject of a concern, or null. */
export function strangeConcern(
  text: string,
  cited: readonly EvidenceItem[],
  all: readonly EvidenceItem[],
): string | null {
  const own = union(cited);
  const foreign = [...subjectsNamed(text)].filter((id) => !own.has(id));
  const openOnly = cited.every((item) => !isFound(item));
  if (openOnly && !OPEN.test(text)) return 'it cites what is not known, and says what is';
  if (openOnly) {
    const asserted = text
      .split(/[.;,!?]|\b(?:and|but|so|because|which)\b/)
      .some((part) => FAULT.test(part) && !OPEN.test(part) && !MAYBE.test(part));
    if (asserted) return 'it cites what is not known, and says what is';
    if (own.size > 0 && AREA.test(text) && !speaksOf(text, own)) return ELSEWHERE;
  }
  if (foreign.length > 0) {
    const general = own.size === 0;
    if (!general && !speaksOwn(text, own)) return ELSEWHERE;
    const borne = union(all.filter(isFound));
    const open = union(all.filter((item) => item.open !== null));
    const maybe = OPEN.test(text) || MAYBE.test(text);
    const strange = foreign.some((id) => !borne.has(id) && !(maybe && (openOnly || open.has(id))));
    if (strange) return 'it speaks of something that was not found';
  }
  return strangeClaim(text, cited, false);
}

/** By name: that a word goes with the subject is too little where another one is named. */
const speaksOwn = (text: string, own: ReadonlySet<string>): boolean =>
  [...subjectsNamed(text)].some((id) => own.has(id));

/** What is wrong with the subject of a text that cites nothing, or null. */
export function strangeText(text: string, all: readonly EvidenceItem[], isEffect: boolean): string | null {
  const found = all.filter(isFound);
  const borne = union(found);
  const failed = all.some((item) => item.finding?.status === 'fail');
  for (const sentence of sentencesOf(text)) {
    const maybe = OPEN.test(sentence) || MAYBE.test(sentence);
    const strange = [...subjectsNamed(sentence)].filter((id) => !borne.has(id));
    if (strange.length > 0 && !maybe) return 'it speaks of something that was not found';
    if (!failed && FAULT.test(sentence) && !maybe) return 'nothing was found that bears it out';
  }
  const claim = strangeClaim(text, all, true);
  if (claim !== null) return claim;
  if (!isEffect) {
    const open = union(all.filter((item) => item.open !== null));
    return speaksOf(text, borne) || speaksOf(text, open) || GENERAL.test(text)
      ? null
      : 'it says nothing of what was found';
  }
  const effects = strangeEffects(text, borne);
  if (effects === null) return speaksOf(text, borne) ? null : 'it names no effect of what was found';
  return effects.length > 0 ? 'an effect that nothing found can have' : null;
}

/** "The engine pulls more than the limit": what is over a limit or stock has to be something that was measured. */
function strangeClaim(text: string, items: readonly EvidenceItem[], free: boolean): string | null {
  for (const sentence of text.split(/[.;!?]/)) {
    for (const [relation, pattern] of CLAIMED) {
      const match = pattern.exec(sentence);
      if (match === null || WISHED.test(sentence.slice(0, match.index))) continue;
      const bearing = items.filter((item) => relationHolds(relation, item));
      const subjects = union(bearing.length > 0 ? bearing : items);
      const behaves = /Limit$/.test(relation) && BEHAVIOUR.test(sentence) && !namesAny(sentence, subjects);
      if (behaves) return 'it holds something against a limit that has none';
      if (free && !speaksOf(sentence, subjects) && !CARRIER.test(sentence)) return 'it compares what was not measured';
    }
  }
  return null;
}

const namesAny = (text: string, subjects: ReadonlySet<string>): boolean =>
  [...subjectsNamed(text)].some((id) => subjects.has(id));
