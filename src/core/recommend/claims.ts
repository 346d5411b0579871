/** What a tune says about itself in words (its file name, its notes): the fuel and the parts it was made for. Words only, never proof. */

import { RON_OVER_AKI } from '../rider.ts';
import type { PartData, RecommendData } from './data.ts';

export interface Claims {
  /** RON it asks for, or null. */
  ron: number | null;
  ethanolPercent: number | null;
  /** Ids of parts. */
  parts: string[];
  displacementCc: number | null;
  /** Folded text, for words of goals. */
  text: string;
}

/** Lower case, everything else than letters and digits a space. */
export const folded = (text: string): string =>
  ` ${text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()} `;

/** Does a folded text name a word, and not deny it ("stock exhaust", "no filter")? */
export function names(text: string, word: string): boolean {
  const wanted = folded(word).trim();
  let from = 0;
  for (;;) {
    const at = text.indexOf(wanted, from);
    if (at < 0) return false;
    from = at + 1;
    // A digit may stand before: "170cc kit".
    if (/[a-z]/.test(text[at - 1] ?? ' ') || /[a-z0-9]/.test(text[at + wanted.length] ?? ' ')) continue;
    if (/ (stock|no|without|ohne|oem|factory|original) $/.test(text.slice(0, at))) continue;
    return true;
  }
}

/** Parts that a text names. */
export const partsIn = (text: string, parts: readonly PartData[]): string[] =>
  parts.filter((p) => [p.id, ...p.words].some((w) => names(text, w))).map((p) => p.id);

/** @param words file name without folders, notes: hostile, bounded here */
export function claimsOf(words: readonly string[], data: RecommendData): Claims {
  const text = folded(words.join(' ').slice(0, 5000));
  const number = (pattern: RegExp, low: number, high: number): number | null => {
    const found = pattern.exec(text);
    const value = Number(found?.[1] ?? found?.[2] ?? Number.NaN);
    return value >= low && value <= high ? value : null;
  };
  const aki = number(/ aki ?(\d{2,3}) | (\d{2,3}) ?aki /, 80, 110);
  return {
    text,
    ron:
      number(/ ron ?(\d{2,3}) | (\d{2,3}) ?(?:ron|octane|oktan|roz) /, 80, 125) ??
      (aki === null ? null : aki + RON_OVER_AKI),
    ethanolPercent: number(/ e(\d{1,3}) /, 0, 100),
    parts: partsIn(text, data.parts),
    displacementCc: number(/ (\d{2,4}) ?ccm? /, 20, 2500),
  };
}
