/** Is what a concern says of its evidence so? By computation, never by the words. */
import type { Relation } from './answer.ts';
import type { EvidenceItem } from './evidence.ts';

/** True where the relation holds for this item. */
export function relationHolds(relation: Relation, item: EvidenceItem): boolean {
  const { finding } = item;
  const { value = null, limit = null } = finding ?? {};
  const failed = finding?.status === 'fail';
  switch (relation) {
    case 'aboveLimit':
      return failed && value !== null && limit !== null && value > limit;
    case 'belowLimit':
      return failed && value !== null && limit !== null && value < limit;
    case 'aboveStock':
      return againstStock(item, 1);
    case 'belowStock':
      return againstStock(item, -1);
    case 'changed':
      return item.changed;
    case 'missing':
      return item.open !== null;
    case 'notJudged':
      return item.open === 'notJudged';
  }
}

/** The pair of the finding; where the rule names none, its rule says which way it looks. */
function againstStock({ finding }: EvidenceItem, sign: 1 | -1): boolean {
  if (finding === null || finding.status !== 'fail') return false;
  if (finding.compared != null) return (finding.compared.tune - finding.compared.stock) * sign > 0;
  if (finding.reference !== 'stockFile' && finding.reference !== 'stockKnown') return false;
  return (sign > 0 ? /\b(over|above|later|richer|further)\b/ : /\b(under|below|leaner|removed)\b/).test(
    finding.ruleId.replaceAll('-', ' ').replace(/below full load|under full load/, ''),
  );
}

/** What sentences claim of limits and stock without a number: "well above stock". */
export const CLAIMED: [Relation, RegExp][] = [
  [
    'aboveStock',
    /\b(?:over|above|beyond|more (?:\w+ )?than|higher than|exceeds?|later than|richer than|further than|past)\s+(?:the\s+|its\s+|their\s+)?(?:factory|stock|original|oem)\b/i,
  ],
  [
    'belowStock',
    /\b(?:under|below|less (?:\w+ )?than|lower than|leaner than|earlier than|short of)\s+(?:the\s+|its\s+|their\s+)?(?:factory|stock|original|oem)\b/i,
  ],
  [
    'aboveLimit',
    /\b(?:over|above|beyond|more than|higher than|exceeds?)\s+(?:the\s+|its\s+|every\s+|any\s+)?(?:limit|maximum|threshold)\b|\b(?:more|higher|further|later|longer)\s+than\s+(?:it\s+|what\s+|that\s+which\s+)?(?:is\s+|was\s+)?(?:allowed|permitted|tolerated)\b/i,
  ],
  [
    'belowLimit',
    /\b(?:under|below|less than|lower than)\s+(?:the\s+|its\s+|every\s+|any\s+)?(?:limit|minimum|threshold)\b/i,
  ],
];
/** "Until it is below the limit" asks for something; it claims nothing. */
export const WISHED =
  /\b(until|back|bring\w*|return\w*|restor\w*|reduc\w*|lower(?:ed)?|rais\w+|set|keep\w*|should|must|needs? to|go|get|before)\b/i;

const TURNED: Record<Relation, Relation> = {
  aboveLimit: 'belowLimit',
  belowLimit: 'aboveLimit',
  aboveStock: 'belowStock',
  belowStock: 'aboveStock',
  changed: 'changed',
  missing: 'missing',
  notJudged: 'notJudged',
};

/** A claim of direction in the words that no cited item bears out; null where all hold. */
export function falseDirection(text: string, cited: readonly EvidenceItem[]): string | null {
  for (const sentence of text.split(/[.;!?]/)) {
    for (const [relation, pattern] of CLAIMED) {
      const match = pattern.exec(sentence);
      if (match === null || WISHED.test(sentence.slice(0, match.index))) continue;
      // Of ignition, earlier is more and later is less.
      const turned =
        /\b(?:earlier|later)\b/i.test(match[0]) &&
        cited.some((item) => /spark|advance/.test(item.finding?.ruleId ?? ''));
      const meant = turned ? TURNED[relation] : relation;
      // Beyond a limit is outside of it, on whichever side it lies.
      const either = /^(?:beyond|past|exceed)/i.test(match[0]) && /Limit$/.test(meant);
      const holds = (item: EvidenceItem): boolean =>
        relationHolds(meant, item) || (either && relationHolds(TURNED[meant], item));
      if (!cited.some(holds)) return match[0].trim();
    }
  }
  return null;
}
