/** A2L text (ASAM MCD-2 MC 1.x) to blocks. Vendor parts (A2ML, IF_DATA) are passed over unread. */
import { RevsyncError } from '../../core/errors.ts';

/** A word or a quoted text. */
export interface Token {
  text: string;
  quoted: boolean;
}

/** /begin NAME … /end NAME */
export interface Block {
  name: string;
  /** Line of its /begin, from 1. */
  line: number;
  tokens: Token[];
  blocks: Block[];
}

const SKIPPED = new Set(['A2ML', 'IF_DATA', 'VARIANT_CODING', 'USER_RIGHTS']);
/** An A2L of 100 MB has some ten million; a motorcycle's under one. */
const MAX_TOKENS = 8_000_000;
const MAX_DEPTH = 40;

function malformed(line: number, reason: string): RevsyncError {
  return new RevsyncError(
    'A2L_MALFORMED',
    `line ${line} of the A2L: ${reason}`,
    'A part is missing or was changed: download or export it again.',
  );
}

/** Files included in files that are included: real ones go two deep. */
const MAX_INCLUDES = 32;

/**
 * @param include text of a file that this one includes, null where it is not at hand: it is then left out
 * @throws RevsyncError A2L_MALFORMED | A2L_TRUNCATED with the line
 */
export function parseBlocks(text: string, include: (name: string) => string | null = () => null): Block {
  const root: Block = { name: '', line: 1, tokens: [], blocks: [] };
  const stack: Block[] = [root];
  let skipping = 0;
  let count = 0;
  let pending: 'begin' | 'end' | 'include' | null = null;
  let includes = 0;
  const take = (token: Token, line: number): void => {
    const here = stack.at(-1)!;
    if (pending === 'include') {
      pending = null;
      if (++includes > MAX_INCLUDES) throw malformed(line, 'more files are included than in any real file');
      const more = include(token.text);
      if (more !== null) scan(more, take);
    } else if (pending === 'begin') {
      pending = null;
      if (skipping > 0 || SKIPPED.has(token.text)) skipping++;
      if (stack.length > MAX_DEPTH) throw malformed(line, 'blocks are nested deeper than in any real file');
      const block = { name: token.text, line, tokens: [], blocks: [] };
      if (skipping === 0) here.blocks.push(block);
      stack.push(block);
    } else if (pending === 'end') {
      pending = null;
      if (stack.length === 1) throw malformed(line, `/end ${token.text} without its /begin`);
      if (here.name !== token.text)
        throw malformed(
          line,
          `/end ${token.text.slice(0, 60)} where /end ${here.name} (begun in line ${here.line}) must stand`,
        );
      if (skipping > 0) skipping--;
      stack.pop();
    } else if (!token.quoted && token.text === '/begin') pending = 'begin';
    else if (!token.quoted && token.text === '/end') pending = 'end';
    else if (skipping === 0 && !token.quoted && token.text.toLowerCase() === '/include') pending = 'include';
    else if (skipping === 0) {
      if (++count > MAX_TOKENS) throw malformed(line, 'more words than any real file has');
      here.tokens.push(token);
    }
  };
  scan(text, take);
  if (stack.length > 1) {
    const open = stack.at(-1)!;
    throw new RevsyncError(
      'A2L_TRUNCATED',
      `the A2L ends inside ${open.name}, begun in line ${open.line}`,
      'A part is missing: download or export it again.',
    );
  }
  return root;
}

const isSpace = (code: number): boolean =>
  code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === 0x1a;

/** Words, quoted texts; comments are passed over. @throws RevsyncError A2L_TRUNCATED */
function scan(text: string, take: (token: Token, line: number) => void): void {
  let line = 1;
  let at = 0;
  const unclosed = (what: string, from: number): RevsyncError =>
    new RevsyncError(
      'A2L_TRUNCATED',
      `the A2L ends inside a ${what} begun in line ${from}`,
      'Download or export it again.',
    );
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) {
      if (code === 0x0a) line++;
      at++;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) throw unclosed('comment', line);
      for (let i = text.indexOf('\n', at); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) line++;
      at = end + 2;
    } else if (text.startsWith('//', at)) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (code === 0x22) {
      const from = line;
      const parts: string[] = [];
      let start = at + 1;
      for (let i = start; ; i++) {
        if (i >= text.length) throw unclosed('text', from);
        const c = text.charCodeAt(i);
        if (c === 0x0a) line++;
        const escaped = c === 0x5c && i + 1 < text.length;
        const doubled = c === 0x22 && text.charCodeAt(i + 1) === 0x22;
        if (escaped || doubled) {
          parts.push(text.slice(start, i), text[i + 1]!);
          i++;
          start = i + 1;
        } else if (c === 0x22) {
          parts.push(text.slice(start, i));
          at = i + 1;
          break;
        }
      }
      take({ text: parts.join(''), quoted: true }, from);
    } else {
      let end = at + 1;
      while (
        end < text.length &&
        !isSpace(text.charCodeAt(end)) &&
        text.charCodeAt(end) !== 0x22 &&
        !text.startsWith('/*', end)
      )
        end++;
      take({ text: text.slice(at, end), quoted: false }, line);
      at = end;
    }
  }
}

/** Decimal or 0x…; NaN where it is no number. */
export function numberOf(token: Token | undefined): number {
  if (token === undefined || token.quoted || token.text === '') return Number.NaN;
  return /^[+-]?0x[0-9a-f]+$/i.test(token.text) ? Number.parseInt(token.text.replace('+', ''), 16) : Number(token.text);
}

/** Words after a keyword of a block; null where it does not stand there. Searched from `from` on: fixed fields come first. */
export function after(block: Block, keyword: string, count: number, from = 0): Token[] | null {
  for (let i = from; i < block.tokens.length; i++) {
    const token = block.tokens[i]!;
    if (!token.quoted && token.text === keyword) return block.tokens.slice(i + 1, i + 1 + count);
  }
  return null;
}

/** All blocks of a name, at any depth above the items. */
export function allOf(block: Block, name: string): Block[] {
  const found = block.blocks.filter((b) => b.name === name);
  for (const inner of block.blocks)
    if (inner.name === 'PROJECT' || inner.name === 'MODULE') found.push(...allOf(inner, name));
  return found;
}
