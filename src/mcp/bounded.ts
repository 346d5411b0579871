/**
 * An answer of bounded size: named lists of a document are cut, long texts shortened, and what was left out is said in the document
 * itself, so that nothing that was cut reads as nothing found.
 */

/**
 * Most entries of a list, by its place: "reports[].findings[].cells". 0: the field is left out altogether.
 * What is not named here is whole as long as the budget lasts.
 */
export type Limits = Readonly<Record<string, number>>;

/** Something that is not all there. */
export interface Cut {
  at: string;
  /** Entries, of all lists of this place together; null: a text was shortened. */
  shown: number | null;
  of: number | null;
}

/** Bytes of JSON that an answer has at most unless the complete one was asked for: some 10,000 tokens. */
export const ANSWER_BYTES = 40_960;
/** Bytes of JSON that a complete answer has at most: clients read no longer line. */
export const COMPLETE_BYTES = 8 * 1024 * 1024;
/** Characters of the text beside it. */
export const TEXT_CHARACTERS = 12_000;
const LONGEST_TEXT = 1_200;
const SHORTEST_TEXT = 120;

/**
 * A copy within the budget. Where the limits do not suffice they are lowered, again and again; then every list and text gives way.
 * @returns cuts, empty where the document is whole
 */
export function bounded(
  document: Record<string, unknown>,
  limits: Limits,
  budget: number,
): { document: Record<string, unknown>; cuts: Cut[] } {
  let most = { ...limits };
  let longest = LONGEST_TEXT;
  let others = Number.POSITIVE_INFINITY;
  for (;;) {
    const cuts = new Map<string, Cut>();
    const copy = cutValue(document, '', { most, others, longest, cuts }) as Record<string, unknown>;
    const size = Buffer.byteLength(JSON.stringify(copy));
    const spent = others <= 1 && longest <= SHORTEST_TEXT;
    if (size <= budget || spent) return { document: copy, cuts: [...cuts.values()] };
    const reducible = Object.values(most).some((n) => n > 1);
    if (reducible)
      most = Object.fromEntries(Object.entries(most).map(([at, n]) => [at, n > 1 ? Math.floor(n * 0.75) : n]));
    else others = others === Number.POSITIVE_INFINITY ? 64 : Math.max(1, others >> 1);
    longest = Math.max(SHORTEST_TEXT, Math.round(longest * 0.8));
  }
}

interface Cutting {
  most: Limits;
  others: number;
  longest: number;
  cuts: Map<string, Cut>;
}

function cutValue(value: unknown, at: string, cutting: Cutting): unknown {
  if (typeof value === 'string') return shortened(value, at, cutting);
  if (Array.isArray(value)) {
    const most = cutting.most[at] ?? cutting.others;
    if (value.length > most) note(cutting, at, most, value.length);
    return value.slice(0, most).map((v) => cutValue(v, `${at}[]`, cutting));
  }
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    const place = at === '' ? key : `${at}.${key}`;
    const empty = field === null || (Array.isArray(field) && field.length === 0);
    if (cutting.most[place] === 0 && !empty) note(cutting, place, 0, Array.isArray(field) ? field.length : 1);
    else copy[key] = cutValue(field, place, cutting);
  }
  return copy;
}

function shortened(text: string, at: string, { longest, cuts }: Cutting): string {
  if (text.length <= longest) return text;
  cuts.set(`${at} text`, { at, shown: null, of: null });
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function note({ cuts }: Cutting, at: string, shown: number, of: number): void {
  const before = cuts.get(at);
  cuts.set(at, { at, shown: (before?.shown ?? 0) + shown, of: (before?.of ?? 0) + of });
}

/** Whole lines of a text within the limit, and a line that says how many are missing. */
export function boundedText(text: string, most = TEXT_CHARACTERS): string {
  if (text.length <= most) return text;
  const lines = text.split('\n');
  let length = 0;
  let count = 0;
  while (count < lines.length && length + lines[count]!.length + 1 <= most) length += lines[count++]!.length + 1;
  const kept = count === 0 ? text.slice(0, most) : lines.slice(0, count).join('\n');
  return `${kept}\n… ${lines.length - count} more lines left out: ask for less at once.\n`;
}
