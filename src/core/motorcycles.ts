/** Which motorcycle does a person mean by "gsxr 1000 k9"? Forgiving spelling, honest ties. */
import type { Motorcycle } from './model.ts';

/** One motorcycle that a text may mean. */
export interface MotorcycleMatch {
  motorcycle: Motorcycle;
  /** 0..1; candidates of equal score are a tie, and at or above MOTORCYCLE_FITS it may be meant at all. */
  score: number;
  /** In words: which name fitted, and what did not. */
  because: string;
}

/** A best match under this is only the nearest name and never to be taken by itself. */
export const MOTORCYCLE_FITS = 0.55;
const NEAREST_SHOWN = 5;

interface Query {
  words: string[];
  make: string | null;
  year: number | null;
  /** Year of a Suzuki model letter: K9 is 2009, L5 is 2015. Only Suzuki counts so. */
  suzukiYear: number | null;
}

const MAKE_WORDS: [RegExp, string][] = [
  [/\b(harley[ -]?davidson|harley|hd)\b/, 'harleydavidson'],
  [/\b(moto[ -]?guzzi|guzzi)\b/, 'motoguzzi'],
  [/\b(mv[ -]?agusta|mv)\b/, 'mvagusta'],
  [/\b(royal[ -]?enfield|enfield)\b/, 'royalenfield'],
];

/**
 * Motorcycles that a text may mean, best first; all that share the best score are there. Where none fits, the nearest
 * names with their low scores. An empty text gives none.
 */
export function findMotorcycles(text: string, motorcycles: readonly Motorcycle[]): MotorcycleMatch[] {
  const exact = motorcycles.find((m) => m.id === text.trim().toLowerCase());
  if (exact) return [{ motorcycle: exact, score: 1, because: 'its id' }];
  const query = parseQuery(text, motorcycles);
  if (query.words.length === 0 && query.make === null) return [];
  const matches = motorcycles
    .map((m) => rate(query, m))
    .filter((m) => m.score > 0)
    .sort((a, b) => b.score - a.score || (a.motorcycle.id < b.motorcycle.id ? -1 : 1));
  const best = matches[0]?.score ?? 0;
  if (best >= MOTORCYCLE_FITS) return matches.filter((m) => m.score >= Math.max(MOTORCYCLE_FITS, best - 0.2));
  const last = matches[NEAREST_SHOWN - 1]?.score ?? 0;
  return matches.filter((m) => m.score >= last && m.score > 0.1).slice(0, NEAREST_SHOWN * 2);
}

function parseQuery(text: string, motorcycles: readonly Motorcycle[]): Query {
  let rest = ` ${fold(text.slice(0, 200)).replace(/[^a-z0-9]+/g, ' ')} `;
  let make: string | null = null;
  for (const [pattern, name] of MAKE_WORDS) {
    if (make === null && pattern.test(rest)) {
      make = name;
      rest = rest.replace(pattern, ' ');
    }
  }
  for (const known of new Set(motorcycles.map((m) => compact(m.make)))) {
    if (make === null && rest.includes(` ${known} `)) {
      make = known;
      rest = rest.replace(` ${known} `, ' ');
    }
  }
  // "gsxr1000k9": the letter hangs on to the model.
  rest = rest.replace(/(gsx[a-z]*\d{3,4}|busa)([kl]\d)\b/g, '$1 $2');
  let year: number | null = null;
  let suzukiYear: number | null = null;
  const words: string[] = [];
  for (const word of rest.split(' ').filter((w) => w !== '')) {
    const letter = /^([kl])([0-9])$/.exec(word);
    if (year === null && /^(19[5-9]\d|20[0-4]\d)$/.test(word)) year = Number(word);
    else if (suzukiYear === null && letter && word !== 'k0') {
      suzukiYear = (letter[1] === 'k' ? 2000 : 2010) + Number(letter[2]);
    } else words.push(word);
  }
  return { words, make, year, suzukiYear };
}

function rate(query: Query, motorcycle: Motorcycle): MotorcycleMatch {
  const name = rateName(query.words, motorcycle);
  let score = name.score;
  const because = [name.because];
  if (query.make !== null && query.make !== compact(motorcycle.make)) {
    score *= 0.3;
    because.push(`made by ${motorcycle.make}`);
  }
  const isSuzuki = compact(motorcycle.make) === 'suzuki';
  if (query.suzukiYear !== null && !isSuzuki) score *= 0.9;
  const year = query.year ?? (isSuzuki ? query.suzukiYear : null);
  if (year !== null) {
    const inside = year >= motorcycle.yearFrom && year <= motorcycle.yearTo;
    const range = `${motorcycle.yearFrom}-${motorcycle.yearTo}`;
    because.push(inside ? `${year} is within ${range}` : `${year} is outside ${range}`);
    // A name that fits in the wrong year is a neighbour, not the motorcycle meant.
    if (!inside) score *= 0.5;
  }
  return { motorcycle, score: Math.round(score * 1000) / 1000, because: because.join(', ') };
}

function rateName(words: string[], motorcycle: Motorcycle): { score: number; because: string } {
  if (words.length === 0) return { score: 0.6, because: 'its make' };
  const names = namesOf(motorcycle);
  let best = { score: 0, because: 'no name alike' };
  for (let from = 0; from < words.length; from++) {
    for (let to = from + 1; to <= Math.min(words.length, from + 6); to++) {
      const said = words.slice(from, to).join('');
      const left = [...words.slice(0, from), ...words.slice(to)];
      for (const [key, shown] of names) {
        const alike = rateOneName(said, key);
        if (alike === 0) continue;
        const score = alike * leftOver(left, motorcycle, key);
        if (score > best.score) best = { score, because: alike === 1 ? `named ${shown}` : `near the name ${shown}` };
      }
    }
  }
  return best;
}

/** 1: the same; else how near. A different number in the name is a different motorcycle. */
function rateOneName(said: string, name: string): number {
  if (said === name) return 1;
  if (said.length >= 3 && name.startsWith(said)) return 0.7 + 0.2 * (said.length / name.length);
  if (said.length < 4 || numbers(said).join() !== numbers(name).join()) return 0;
  const similarity = dice(said, name);
  if (similarity < 0.5) return 0;
  // "hyabusa" is a slip of the hand; "CBR1000F" beside "CBR1000RR" is another motorcycle.
  return (/\d/.test(said) ? 0.65 : 0.95) * similarity;
}

/** What words outside the matched name take away: nothing where they say what is known, much where a number says otherwise. */
function leftOver(words: string[], motorcycle: Motorcycle, matched: string): number {
  const known = [...namesOf(motorcycle).keys(), compact(motorcycle.category), compact(motorcycle.layout)];
  let factor = 1;
  for (const word of words) {
    const number = /^(\d{3,4})(cc|ccm)?$/.exec(word);
    if (number) {
      const cc = Number(number[1]);
      if (Math.abs(cc / motorcycle.displacementCc - 1) <= 0.04) continue;
      factor *= known.some((k) => k !== matched && numbers(k).includes(String(cc))) ? 1 : 0.3;
    } else if (compact(motorcycle.generation ?? '') === word || known.includes(word)) factor *= 1;
    else if (known.some((k) => k.includes(word) && word.length >= 2)) factor *= 0.97;
    else factor *= 0.9;
  }
  return Math.max(factor, 0.05);
}

const cache = new WeakMap<Motorcycle, Map<string, string>>();

/** Compact name to the name as written: model, its parts, aliases, each with and without the generation. */
export function namesOf(motorcycle: Motorcycle): Map<string, string> {
  const known = cache.get(motorcycle);
  if (known) return known;
  const names = new Map<string, string>();
  const add = (name: string) => {
    const key = compact(name);
    // "R", "GT": parts that are no name by themselves.
    if (key.length >= 2 && !names.has(key)) names.set(key, name);
  };
  const parts = motorcycle.model.split(' / ').filter((part) => part.length >= 4 || /\d/.test(part));
  for (const name of [motorcycle.model, ...parts, ...motorcycle.aliases]) {
    add(name);
    if (motorcycle.generation !== null) add(`${name} ${motorcycle.generation}`);
  }
  if (motorcycle.generation !== null && /^[A-Z]+\d+$/.test(motorcycle.generation)) add(motorcycle.generation);
  cache.set(motorcycle, names);
  return names;
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Letters and digits alone, lower case, without accents: "GSX-R1000" is "gsxr1000". */
export function compact(text: string): string {
  return fold(text).replace(/[^a-z0-9]/g, '');
}

function numbers(text: string): string[] {
  return text.match(/\d+/g) ?? [];
}

/** Sørensen-Dice over pairs of letters: 1 for the same text, 0 for nothing in common. */
function dice(a: string, b: string): number {
  const pairs = new Map<string, number>();
  for (let i = 0; i + 1 < a.length; i++) pairs.set(a.slice(i, i + 2), (pairs.get(a.slice(i, i + 2)) ?? 0) + 1);
  let shared = 0;
  for (let i = 0; i + 1 < b.length; i++) {
    const left = pairs.get(b.slice(i, i + 2)) ?? 0;
    if (left > 0) {
      shared++;
      pairs.set(b.slice(i, i + 2), left - 1);
    }
  }
  return (2 * shared) / (a.length + b.length - 2);
}
