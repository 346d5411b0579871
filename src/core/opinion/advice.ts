/**
 * What a text tells a rider to do. A warning may only lead away from the danger: back to stock, to a workshop, to a probe. Orders that
 * lead into it, and those not to mend what was found, are dropped.
 */
import type { EvidenceItem } from './evidence.ts';
import { relationHolds } from './relations.ts';

/** Where an order begins: a sentence, or what follows "then", "should", "you can". */
const ORDER = String.raw`(?:^|[.;!?:,]\s+|\b(?:and|then|to|or|should|could|can|may|please|better|simply|just|try|must)\s+)`;
const FURTHER = new RegExp(
  String.raw`${ORDER}(?:increase|raise|add|advance|push|extend|lift|boost|give)\s+(?:\w+\s+){0,4}?(?:spark|timing|advance|ignition|limiter|revs?|rev|boost|limit|redline|dwell|lambda|target)\b`,
  'i',
);
const LESS_FUEL = new RegExp(
  String.raw`${ORDER}(?:lean\s+(?:\w+\s+){0,3}?out\b|(?:lean|reduce|remove|cut|take|lower|trim)\s+(?:\w+\s+){0,3}?(?:fuel|injection|pulse)\b(?!\s+(?:consumption|temperature|use)))`,
  'i',
);
/** What protects the engine stays on; an excess may go. */
const SWITCHED_OFF = new RegExp(
  String.raw`${ORDER}(?:(?:disable|bypass|defeat|skip|unplug|disconnect|switch off|turn off|deactivate)\b|(?:remove|delete)\b(?!\s+(?:the\s+|any\s+|all\s+|this\s+|that\s+|some\s+)*(?:\d+(?:\.\d+)?\s*(?:°|degrees|%|rpm)|(?:extra|added|excess\w*|negative|additional|chang\w*|edit\w*|modif\w*|steps?|spikes?|cliffs?|jumps?|surplus|rich\w*|lean\w*|offsets?|errors?|faults?|advance|retard|dwell|peaks?|over-?advance\w*|over-?fuel\w*)\b)))`,
  'i',
);
/** "No correction for air temperature can save it" speaks of the ECU's own and is no comfort. */
const UNTOUCHED =
  /\b(?:do not|don't|never|no need to|need not|needn't|not necessary to|avoid|instead of|stop|(?:rid\w*|flash\w*|us(?:e|ing)|run|leave|keep|go)\b[^.;]*\bwithout)\s+(?:\w+\s+){0,2}?(?:correct\w*|fix\w*|chang\w*|touch\w*|lower\w*|reduc\w*|restor\w*|worr\w*|repair\w*|adjust\w*|revert\w*|undo\w*|back(?:ing)? off)\b|\bno (?:correction|fix|repair|adjustment|intervention)s?\b(?!\s+(?:for|of)\s+(?:\w+\s+){1,6}?(?:(?:can|could|will|would)\s+(?:save|protect|rescue|compensate|cover|tame)\b|(?:is|are|was|were)\s+(?:known|stored|decoded)\b(?!\s+to\b)))/i;
const RIDE =
  /(?:^|[.;!?]\s+|\bthen\s+|\bplease\s+|\bjust\s+)(?:ride|flash|enjoy|use|keep|leave|run|rev(?!\s+limit)|race|install|load|send|go|take|hold|push|stick|accept|live|drive)\b([^.;!?]*)/gi;
/** Makes "use …", "keep …", "run …" a way out. */
const WAY_OUT =
  /\b(?:stock|factory|original|back|octane|premium|RON|richer|probe|dyno|log\w*|gently|low|until|after|once|before|within|below|under|workshop|tuner|specialist|dealer|only|off|out(?! (?:for|on|and))|parked|unridden|away|less|lower|higher[- ]octane|mechanic|check\w*|standard|slow\w*|easy)\b/i;

/** What is wrong with the advice of a text, or null. */
export function adviceFault(text: string, cited: readonly EvidenceItem[]): string | null {
  const short = cited.some((item) => relationHolds('belowStock', item) || relationHolds('belowLimit', item));
  if (
    FURTHER.test(text) &&
    !(short && /\b(?:back|stock|factory|original|limit|to(?:wards?)?\s+(?:about\s+)?[\d.]+)\b/i.test(text))
  )
    return 'it leads into the danger';
  const rich = cited.some(
    (item) =>
      /rich|large|high|over/.test(item.finding?.ruleId ?? '') && /fuel|mixture|enrich/.test(item.finding?.ruleId ?? ''),
  );
  if (LESS_FUEL.test(text) && !rich) return 'it leads into the danger';
  if (SWITCHED_OFF.test(text)) return 'it tells to switch something off';
  if (UNTOUCHED.test(text)) return 'it tells to leave a fault as it is';
  for (const [, rest] of text.matchAll(RIDE)) if (!WAY_OUT.test(rest ?? '')) return 'it tells to go on as it is';
  return null;
}
