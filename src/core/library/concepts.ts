/** What a text is about in a rider's terms: groups of words that mean one thing, things with a direction, and what is not wanted. */

/** rules/search-words.yaml */
export interface SearchWords {
  /** Say nothing of what is looked for. */
  ignore: string[];
  /** Words put in place of others before anything is looked up: "petrol" is "fuel". */
  same: Record<string, string[]>;
  /** Numbers as they are spoken after a name: "gixxer six". */
  spoken: Record<string, string>;
  /** Nicknames and what they stand for, as far as no motorcycle's own data names them. */
  nicknames: Record<string, string>;
  groups: ConceptGroup[];
  directions: { more: string[]; less: string[] };
  /** A thing and a direction near each other mean a group: "more … fuel" is richer. */
  turns: { thing: string[]; more: string; less: string }[];
  /** Before a word: it is not wanted. */
  negations: string[];
  /** What is asked for and nothing beside it. */
  only: string[];
}

export interface ConceptGroup {
  id: string;
  words: string[];
  /** What a rider complains of and wants cured: "no more pinging" asks for the same as "pinging". */
  complaints?: string[];
  /** Words that say the opposite: "unrestricted". */
  opposites?: string[];
}

export interface Concepts {
  wanted: Set<string>;
  unwanted: Set<string>;
  /** Nothing beside it. */
  only: boolean;
}

/** How far before a word a negation counts, and around a thing a direction. */
const NEGATION_REACH = 3;
const DIRECTION_REACH = 4;
const SHORTEST_STEM = 4;

/** The word without the endings that change nothing of what it is about. */
export function stem(word: string): string {
  for (const ending of ['ing', 'ed', 'er', 'es', 'ly', 's', 'e']) {
    if (!word.endsWith(ending) || word.length - ending.length < SHORTEST_STEM || word.endsWith('ss')) continue;
    return word.slice(0, -ending.length);
  }
  return word;
}

type Kind = 'word' | 'complaint' | 'opposite';

/** Words of the data made ready to be looked up, once for each. */
interface Lexicon {
  same: Map<string, string>;
  /** Stems of a phrase, joined by spaces. */
  phrases: Map<string, { group: string; kind: Kind }[]>;
  longest: number;
  directions: Map<string, 'more' | 'less'>;
  things: Map<string, SearchWords['turns'][number]>;
  negations: Set<string>;
}

const lexicons = new WeakMap<SearchWords, Lexicon>();

function lexiconOf(data: SearchWords): Lexicon {
  const known = lexicons.get(data);
  if (known !== undefined) return known;
  const same = new Map(Object.entries(data.same).flatMap(([word, others]) => others.map((o) => [stem(o), word])));
  const phrases: Lexicon['phrases'] = new Map();
  let longest = 1;
  const add = (group: string, kind: Kind, words: readonly string[] = []): void => {
    for (const phrase of words) {
      const parts = phrase.split(' ').map((w) => stem(same.get(stem(w)) ?? w));
      longest = Math.max(longest, parts.length);
      phrases.set(parts.join(' '), [...(phrases.get(parts.join(' ')) ?? []), { group, kind }]);
    }
  };
  for (const { id, words, complaints, opposites } of data.groups) {
    add(id, 'word', words);
    add(id, 'complaint', complaints);
    add(id, 'opposite', opposites);
  }
  const lexicon: Lexicon = {
    same,
    phrases,
    longest,
    directions: new Map([
      ...data.directions.more.map((w) => [stem(w), 'more'] as const),
      ...data.directions.less.map((w) => [stem(w), 'less'] as const),
    ]),
    things: new Map(data.turns.flatMap((t) => t.thing.map((w) => [stem(same.get(stem(w)) ?? w), t] as const))),
    negations: new Set(data.negations),
  };
  lexicons.set(data, lexicon);
  return lexicon;
}

/**
 * @param words lower case, without accents, in their order
 * @param asked a question: negations count. What a tune says of itself is taken as it stands ("no more surging")
 */
export function conceptsOf(words: readonly string[], data: SearchWords, asked: boolean): Concepts {
  const lexicon = lexiconOf(data);
  const stems = words.map((w) => stem(lexicon.same.get(stem(w)) ?? w));
  const text = ` ${words.join(' ')} `;
  const found: Concepts = {
    wanted: new Set(),
    unwanted: new Set(),
    only: asked && data.only.some((o) => text.includes(` ${o} `)),
  };
  const taken = new Set<number>();
  for (let length = lexicon.longest; length >= 1; length--) {
    for (let from = 0; from + length <= stems.length; from++) {
      const places = Array.from({ length }, (_, i) => from + i);
      const meanings = lexicon.phrases.get(stems.slice(from, from + length).join(' '));
      if (meanings === undefined || places.some((i) => taken.has(i))) continue;
      for (const i of places) taken.add(i);
      const negated = asked && isNegated(words, from, lexicon);
      for (const { group, kind } of meanings) {
        const against = kind === 'opposite' ? !negated : kind === 'word' && negated;
        (against ? found.unwanted : found.wanted).add(group);
      }
    }
  }
  addTurns(stems, taken, lexicon, found);
  for (const group of found.wanted) found.unwanted.delete(group);
  return found;
}

function isNegated(words: readonly string[], from: number, { negations }: Lexicon): boolean {
  return words.slice(Math.max(0, from - NEGATION_REACH), from).some((w) => negations.has(w));
}

/** A thing takes the nearest direction that no phrase has used and that stands not beyond another thing. */
function addTurns(stems: readonly string[], taken: ReadonlySet<number>, lexicon: Lexicon, found: Concepts): void {
  for (const [i, word] of stems.entries()) {
    const turn = lexicon.things.get(word);
    if (turn === undefined || taken.has(i)) continue;
    let nearest: { distance: number; way: 'more' | 'less' } | null = null;
    for (const step of [-1, 1]) {
      for (let distance = 1; distance <= DIRECTION_REACH; distance++) {
        const at = i + step * distance;
        if (lexicon.things.has(stems[at] ?? '')) break;
        const way = lexicon.directions.get(stems[at] ?? '');
        if (way === undefined || taken.has(at)) continue;
        if (nearest === null || distance < nearest.distance) nearest = { distance, way };
        break;
      }
    }
    if (nearest !== null) found.wanted.add(turn[nearest.way]);
  }
}

/** What an entry that says more than was asked loses at most, and one that says what is not wanted. */
const SURPLUS = 0.25;
const SURPLUS_OVER_ONLY = 0.75;
const UNWANTED = 0.5;

/**
 * How far an entry is what was asked: 1 for the same concepts, down to -UNWANTED.
 * @param weightOf how much a concept says: the fewer entries have it, the more
 */
export function conceptShare(
  asked: Concepts,
  entry: ReadonlySet<string>,
  weightOf: (concept: string) => number,
): number {
  const sum = (list: Iterable<string>): number => [...list].reduce((s, c) => s + weightOf(c), 0);
  const all = sum(asked.wanted);
  const met = all === 0 ? 0 : sum([...asked.wanted].filter((c) => entry.has(c))) / all;
  const surplus = entry.size === 0 ? 0 : sum([...entry].filter((c) => !asked.wanted.has(c))) / sum(entry);
  const unwanted = [...asked.unwanted].some((c) => entry.has(c)) ? UNWANTED : 0;
  return met * (1 - (asked.only ? SURPLUS_OVER_ONLY : SURPLUS) * surplus) - unwanted;
}
