/**
 * Titles as words. Authors write "IGN ADV - G1-2 - Cyl #1", "SparkMapTPS_BreakPoints", "Zündung über Lufttemp": one way to
 * cut them, so that knowledge is a list of words and no regular expression ever meets a hostile title.
 */

/** Words that must follow each other; `open` lets a word go on ("ign*" fits "ignition"). */
export type Pattern = { word: string; open: boolean }[];

const TITLE_MAX = 400;

/** Lower-case words without accents; letters and digits part ("Cyl1" is "cyl 1"), and so does camel case. */
export function wordsOf(text: string): string[] {
  return text
    .slice(0, TITLE_MAX)
    .replace(/([a-zß-ÿ])([A-Z])/g, '$1 $2')
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/([a-z])(\d)/g, '$1 $2')
    .replace(/(\d)([a-z])/g, '$1 $2')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** A phrase of the knowledge, cut as titles are. A trailing star on a word leaves its end open. */
export function patternOf(phrase: string): Pattern {
  return phrase
    .split(/\s+/)
    .flatMap((part) => {
      const open = part.endsWith('*');
      const words = wordsOf(open ? part.slice(0, -1) : part);
      return words.map((word, i) => ({ word, open: open && i === words.length - 1 }));
    })
    .filter((p) => p.word !== '');
}

/** Index of the first place where the phrase stands, or -1. */
export function findPattern(words: readonly string[], pattern: Pattern, from = 0): number {
  if (pattern.length === 0) return -1;
  for (let at = from; at + pattern.length <= words.length; at++) {
    if (pattern.every((p, i) => fits(words[at + i] ?? '', p))) return at;
  }
  return -1;
}

/** One of the phrases stands in the words. */
export function hasAny(words: readonly string[], patterns: readonly Pattern[]): boolean {
  return patterns.some((pattern) => findPattern(words, pattern) >= 0);
}

/** The words are the phrase and nothing else. */
export function isPattern(words: readonly string[], pattern: Pattern): boolean {
  return words.length === pattern.length && findPattern(words, pattern) === 0;
}

function fits(word: string, { word: wanted, open }: { word: string; open: boolean }): boolean {
  return open ? word.startsWith(wanted) : word === wanted;
}
