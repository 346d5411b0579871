/** A search in a rider's words taken apart: which motorcycle, which year, what is asked for, and what is left to search by. */
import type { Motorcycle } from '../model.ts';
import { compact, namesOf } from '../motorcycles.ts';
import { type Concepts, conceptsOf, type SearchWords } from './concepts.ts';
import { narrowed } from './described-bike.ts';

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
  /** What the rest is about. */
  asked: Concepts;
}

const MOST_CHARACTERS = 500;
const MOST_NAME_WORDS = 5;
/** A name of one of these lengths may be a beginning: "vfr1200" is the VFR1200F. */
const SHORTEST_BEGINNING = 4;

/** Takes a text apart; never throws. */
export function readQuery(text: string, motorcycles: readonly Motorcycle[], data: SearchWords): SearchQuery {
  const bounded = text.slice(0, MOST_CHARACTERS);
  const words = spelledOut(wordsOf(bounded), motorcycles, data);
  const makes = new Set(motorcycles.map((m) => compact(m.make)));
  let year = shortYear(bounded);
  let make: string | null = null;
  const left: (string | null)[] = [...words];
  if (year !== null) {
    const at = words.lastIndexOf(String(year % 100).padStart(2, '0'));
    if (at >= 0) left[at] = null;
  }
  for (const [i, word] of words.entries()) {
    const letter = /^([kl])(\d)$/.exec(word);
    if (year === null && /^(19[5-9]\d|20[0-4]\d)$/.test(word)) [year, left[i]] = [Number(word), null];
    else if (year === null && letter !== null) {
      // Suzuki's model letters: K9 is 2009, L5 is 2015.
      [year, left[i]] = [(letter[1] === 'k' ? 2000 : 2010) + Number(letter[2]), null];
    } else if (makes.has(word)) [make, left[i]] = [word, null];
  }
  const generation = takeGeneration(words, left);
  const found = longestName(left, motorcycles);
  if (found !== null) for (let i = found.from; i < found.to; i++) left[i] = null;
  let meant = found?.motorcycles ?? (make === null ? [] : motorcycles.filter((m) => compact(m.make) === make));
  if (make !== null && found !== null) meant = preferred(meant, (m) => compact(m.make) === make);
  if (generation !== null) meant = preferred(meant, (m) => compact(m.generation ?? '') === generation);
  const wanted = year;
  if (wanted !== null) meant = preferred(meant, (m) => wanted >= m.yearFrom && wanted <= m.yearTo);
  meant = narrowed(meant, left);
  const rest = left.filter((w): w is string => w !== null);
  return {
    text,
    motorcycles: meant,
    named: found === null ? make : words.slice(found.from, found.to).join(' '),
    make,
    year,
    rest,
    asked: conceptsOf(rest, data, true),
  };
}

/** "'09" is 2009, "'98" is 1998. */
function shortYear(text: string): number | null {
  const found = /(?:^|\s)['’](\d\d)(?!\d)/.exec(text);
  if (found === null) return null;
  const number = Number(found[1]);
  return number < 50 ? 2000 + number : 1900 + number;
}

/** Nicknames, and numbers as they are spoken where a name with that number begins with the word before: "gixxer six". */
function spelledOut(words: readonly string[], motorcycles: readonly Motorcycle[], data: SearchWords): string[] {
  const plain = words.flatMap((w) => data.nicknames[w]?.split(' ') ?? [w]);
  const out: string[] = [];
  for (let i = 0; i < plain.length; ) {
    const before = out.at(-1) ?? '';
    const length = [2, 1].find((n) => {
      const number = data.spoken[plain.slice(i, i + n).join(' ')];
      return number !== undefined && namesMade(before, number, motorcycles);
    });
    if (length !== undefined) out.push(data.spoken[plain.slice(i, i + length).join(' ')]!);
    else out.push(plain[i]!);
    i += length ?? 1;
  }
  return out;
}

function namesMade(before: string, number: string, motorcycles: readonly Motorcycle[]): boolean {
  if (before === '') return false;
  return motorcycles.some(
    (m) => compact(m.make) === before || [...namesOf(m).keys()].some((n) => n.startsWith(before) && n.includes(number)),
  );
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

/** "gen 2", "gen2", "second generation", "2nd gen", "mk2": as the motorcycles' data write it. Its words are taken. */
function takeGeneration(words: readonly string[], left: (string | null)[]): string | null {
  for (const [i, word] of words.entries()) {
    const next = words[i + 1] ?? '';
    const joined = /^(?:gen|mk|mark)(\d)$/.exec(word);
    if (joined !== null) {
      left[i] = null;
      return `gen${joined[1]}`;
    }
    if (/^(gen|generation|mk|mark)$/.test(word) && /^\d$/.test(next)) {
      [left[i], left[i + 1]] = [null, null];
      return `gen${next}`;
    }
    const ordinal = /^(\d)(?:st|nd|rd|th)$/.exec(word)?.[1] ?? String(ORDINALS.indexOf(word) + 1);
    if (ordinal !== '0' && /^(gen|generation)$/.test(next)) {
      [left[i], left[i + 1]] = [null, null];
      return `gen${ordinal}`;
    }
  }
  return null;
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

/** The last part of a path of any system. */
export const fileName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** The longest run of words that is a motorcycle's name; the exact goes before a beginning, and that before an end ("250rr"). */
function longestName(
  words: readonly (string | null)[],
  motorcycles: readonly Motorcycle[],
): { from: number; to: number; motorcycles: Motorcycle[] } | null {
  for (const kind of ['exact', 'beginning', 'end'] as const) {
    for (let length = MOST_NAME_WORDS; length >= 1; length--) {
      for (let from = 0; from + length <= words.length; from++) {
        const run = words.slice(from, from + length);
        if (run.some((w) => w === null)) continue;
        const said = run.join('');
        // "600 gixxer" is the gixxer 600.
        const turned = length === 2 && /^\d+$/.test(run[0]!) ? run[1]! + run[0]! : said;
        const part = said.length >= SHORTEST_BEGINNING && /\d/.test(said);
        const fits = (name: string): boolean =>
          kind === 'exact'
            ? name === said || name === turned
            : part &&
              (kind === 'beginning'
                ? name.startsWith(said) || name.startsWith(turned)
                : /[a-z]/.test(said) && name.endsWith(said));
        // A beginning without digits is a family: "vfr", "gsxr"; it has to be one word and no word of the language.
        const family = (name: string): boolean =>
          kind === 'beginning' && length === 1 && /^[a-z]{2,5}$/.test(said) && new RegExp(`^${said}\\d`).test(name);
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
export function searchTerms(
  rest: readonly string[],
  { ignore, groups }: Pick<SearchWords, 'ignore' | 'groups'>,
): SearchTerm[] {
  const silent = new Set(ignore);
  const all = groups.map((g) => [...g.words, ...(g.complaints ?? [])]);
  const phrases = new Set(all.flatMap((words) => words.filter((w) => w.includes(' '))));
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
    const alike = new Set(all.filter((words) => words.includes(word)).flat());
    alike.delete(word);
    return { word, alike: [...alike] };
  });
}
