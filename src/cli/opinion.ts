/** The second opinion on the command line: the answer as it comes. */
import { printable } from '../core/rules/message.ts';
import type { Io } from './io.ts';

/** Most characters of an answer that are shown as they come. */
const MOST_SHOWN = 4_000;

/** Pieces on stderr, said to be unchecked; nothing in them acts on the terminal. */
export function streamTo(io: Io, before: () => void): (path: string, piece: string | null) => void {
  let left = 0;
  return (path, piece) => {
    if (piece === null) {
      if (left > 0) io.err('\n');
      left = 0;
      return;
    }
    if (left === 0) {
      before();
      io.err(`unchecked, as the model writes it (${printable(path)}):\n`);
      left = MOST_SHOWN;
    }
    const text = printable(piece).slice(0, Math.max(0, left - 1));
    left = Math.max(1, left - text.length);
    io.err(text);
  };
}
