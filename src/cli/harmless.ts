/**
 * The last look at what leaves the program. Every view takes control characters out of what files say; this holds for the ones that do
 * not, and for JSON, which escapes the first 32 of them by itself and leaves those that a terminal or a reader acts on: C1, DEL,
 * directions of writing, half characters. Written as a JSON escape, which is the same text to a program, and visible to a person.
 */

import type { Io } from './io.ts';

/** Colours are ours, and so is what a progress line begins with to write over itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is our own
const COLOUR = /\u001b\[[0-9;]*m/y;
const PROGRESS = '\r\u001b[K';
const SUSPECT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u;

/** Nothing of the text acts on a terminal, but for colours where they are wanted; JSON stays the same JSON. */
export function harmless(text: string, coloured = false): string {
  if (!SUSPECT.test(text)) return text;
  const all = new RegExp(SUSPECT, 'gu');
  let clean = '';
  let from = 0;
  for (let found = all.exec(text); found !== null; found = all.exec(text)) {
    COLOUR.lastIndex = found.index;
    const own = coloured ? (COLOUR.exec(text)?.[0] ?? null) : null;
    clean += text.slice(from, found.index) + (own ?? escaped(found[0]));
    from = found.index + (own ?? found[0]).length;
    all.lastIndex = from;
  }
  return clean + text.slice(from);
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The same surroundings, through which nothing harmful leaves. Talk has no colours but where its caller says so. */
export function guarded(io: Io): Io {
  const own: Pick<Io, 'out' | 'err'> = {
    out: (text) => io.out(harmless(text, true)),
    err: (text, coloured = false) =>
      io.err(
        text.startsWith(PROGRESS) ? `${PROGRESS}${harmless(text.slice(PROGRESS.length))}` : harmless(text, coloured),
      ),
  };
  return Object.assign(Object.create(io) as Io, own);
}
