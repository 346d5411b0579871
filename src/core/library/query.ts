/** A search in a rider's words taken apart: which motorcycle, which year, and what is left to search by. */
import type { Motorcycle } from '../model.ts';
import { compact, namesOf } from '../motorcycles.ts';

export interface SearchQuery {
  text: string;
  /** Motorcycles that the text names; empty: none is named. */
  motorcycles: Motorcycle[];
  /** The words that named it. */
  named: string | null;
  make: string | null;
  year: number | null;
  /** Words that are neither motorcycle nor year. */
  rest: string[];
}

/** Search terms: groups of words that riders use for one thing (rules/search-words.yaml). */
export interface SearchWords {
  /** Say nothing of what is looked for. */
  ignore: string[];
  groups: { id: string; words: string[] }[];
}

const MOST_CHARACTERS = 500;
const MOST_NAME_WORDS = 5;
/** A name of one of these lengths may be a beginning: "vfr1200" is the VFR1200F. */
const SHORTEST_BEGINNING = 4;

/** Takes a text apart; never throws. */
export function readQuery(text: string, motorcycles: readonly Motorcycle[]): SearchQuery {
  const words = wordsOf(text.slice(0, MOST_CHARACTERS));
  const makes = new Set(motorcycles.map((m) => compact(m.make)));
  let year: number | null = null;
  let make: string | null = null;
  let generation: string | null = null;
  const left: (string | null)[] = [...words];
  for (const [i, word] of words.entries()) {
    const letter = /^([kl])(\d)$/.exec(word);
    if (year === null && /^(19[5-9]\d|20[0-4]\d)$/.test(word)) [year, left[i]] = [Number(word), null];
    else if (year === null && letter !== null) {
      // Suzuki's model letters: K9 is 2009, L5 is 2015.
      [year, left[i]] = [(letter[1] === 'k' ? 2000 : 2010) + Number(letter[2]), null];
    } else if (word === 'gen' && /^\d$/.test(words[i + 1] ?? '')) {
      [generation, left[i], left[i + 1]] = [`gen${words[i + 1]}`, null, null];
    } else if (/^gen\d$/.test(word)) [generation, left[i]] = [word, null];
    else if (makes.has(word)) [make, left[i]] = [word, null];
  }
  const found = longestName(left, motorcycles);
  if (found !== null) for (let i = found.from; i < found.to; i++) left[i] = null;
  let meant = found?.motorcycles ?? (make === null ? [] : motorcycles.filter((m) => compact(m.make) === make));
  if (make !== null && found !== null) meant = preferred(meant, (m) => compact(m.make) === make);
  if (generation !== null) meant = preferred(meant, (m) => compact(m.generation ?? '') === generation);
  const wanted = year;
  if (wanted !== null) meant = preferred(meant, (m) => wanted >= m.yearFrom && wanted <= m.yearTo);
  return {
    text,
    motorcycles: meant,
    named: found === null ? make : words.slice(found.from, found.to).join(' '),
    make,
    year,
    rest: left.filter((w): w is string => w !== null),
  };
}

const preferred = (list: Motorcycle[], fits: (m: Motorcycle) => boolean): Motorcycle[] =>
  list.some(fits) ? list.filter(fits) : list;

/** Lower-case words without accents; hyphens part them. */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((w) => w !== '');
}

/** The longest run of words that is a motorcycle's name; of equal ones the exact goes before the beginning. */
function longestName(
  words: readonly (string | null)[],
  motorcycles: readonly Motorcycle[],
): { from: number; to: number; motorcycles: Motorcycle[] } | null {
  for (const exact of [true, false]) {
    for (let length = MOST_NAME_WORDS; length >= 1; length--) {
      for (let from = 0; from + length <= words.length; from++) {
        const run = words.slice(from, from + length);
        if (run.some((w) => w === null)) continue;
        const said = run.join('');
        const fits = (name: string): boolean =>
          exact ? name === said : said.length >= SHORTEST_BEGINNING && /\d/.test(said) && name.startsWith(said);
        // A beginning without digits is a family: "vfr", "gsxr"; it has to be one word and no word of the language.
        const family = (name: string): boolean =>
          !exact && length === 1 && /^[a-z]{2,5}$/.test(said) && new RegExp(`^${said}\\d`).test(name);
        const meant = motorcycles.filter((m) => [...namesOf(m).keys()].some((n) => fits(n) || family(n)));
        if (meant.length > 0) return { from, to: from + length, motorcycles: meant };
      }
    }
  }
  return null;
}

/** One word or phrase of a query with the others that mean the same. */
export interface SearchTerm {
  word: string;
  alike: string[];
}

/**
 * What to look up, without words that say nothing; a phrase that riders use is one term. What follows "than" is what it is held
 * against, and not what is looked for.
 */
export function searchTerms(rest: readonly string[], { ignore, groups }: SearchWords): SearchTerm[] {
  const silent = new Set(ignore);
  const phrases = new Set(groups.flatMap((g) => g.words.filter((w) => w.includes(' '))));
  const than = rest.indexOf('than');
  const wanted = than < 0 ? [...rest] : rest.slice(0, than);
  const terms: string[] = [];
  for (let i = 0; i < wanted.length; ) {
    const length = [4, 3, 2].find((n) => phrases.has(wanted.slice(i, i + n).join(' '))) ?? 1;
    const word = wanted.slice(i, i + length).join(' ');
    if (length > 1 || (!silent.has(word) && word.length > 1)) terms.push(word);
    i += length;
  }
  return [...new Set(terms)].map((word) => {
    const alike = new Set(groups.filter((g) => g.words.includes(word)).flatMap((g) => g.words));
    alike.delete(word);
    return { word, alike: [...alike] };
  });
}
