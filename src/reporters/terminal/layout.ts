/** Lines that never grow wider than the terminal. Widths count what a person sees: no escapes, wide characters twice. */
import { Chalk, type ChalkInstance } from 'chalk';
import { printable } from '../../core/rules/message.ts';

/** Colours of a view; none where it has none. */
export function painter(colour: boolean): ChalkInstance {
  return new Chalk({ level: colour ? 2 : 0 });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes that chalk writes
const ESCAPES = /\u001b\[[0-9;]*m/g;

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const c of text.replace(ESCAPES, '')) {
    const code = c.codePointAt(0)!;
    if (code >= 0x300 && code <= 0x36f) continue;
    const wide =
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xff00 && code <= 0xff60) ||
      code >= 0x1f300;
    width += wide ? 2 : 1;
  }
  return width;
}

/** Cut to a width, with an ellipsis; escapes of hostile text are gone before. */
export function cut(text: string, width: number): string {
  const clean = printable(text);
  if (widthOf(clean) <= width) return clean;
  let out = '';
  for (const c of clean) {
    if (widthOf(out + c) > width - 1) break;
    out += c;
  }
  return `${out}…`;
}

/** The end of a text where it is too wide: the end of a path says which file it is. */
export function cutStart(text: string, width: number): string {
  const clean = printable(text);
  if (widthOf(clean) <= width) return clean;
  let out = '';
  for (const c of [...clean].reverse()) {
    if (widthOf(c + out) > width - 1) break;
    out = c + out;
  }
  return `…${out}`;
}

/** Words to lines; every line after the first is indented. Words longer than a line are broken. */
export function wrap(text: string, wanted: number, indent = ''): string[] {
  // Room for a letter at least: a hostile width must not loop.
  const width = Math.max(wanted, widthOf(indent) + 4);
  const lines: string[] = [];
  let line = '';
  const room = (): number => width - (lines.length === 0 ? 0 : widthOf(indent));
  for (let word of printable(text)
    .split(/\s+/)
    .filter((w) => w !== '')) {
    while (widthOf(word) > width - widthOf(indent)) {
      if (line !== '') {
        lines.push(line);
        line = '';
      }
      const head = cut(word, width - widthOf(indent)).replace(/…$/, '');
      lines.push(head);
      word = word.slice(head.length);
    }
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > room()) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((l, i) => (i === 0 ? l : indent + l));
}

/** Text left and right on one line where both fit, else on two. */
export function sides(left: string, right: string, width: number): string[] {
  const gap = width - widthOf(left) - widthOf(right);
  if (gap >= 2) return [left + ' '.repeat(gap) + right];
  return [left, ' '.repeat(Math.max(0, width - widthOf(right))) + right];
}

export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;
export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
