/** One line on stderr that says what is under way: on a terminal only, and gone when the result comes. */
import type { Io } from './io.ts';

export interface ProgressLine {
  show(what: string, index: number, total: number): void;
  /** What takes long, also for a single file. */
  say(text: string): void;
  clear(): void;
}

/** Nothing is shown for a single file: it is done before a person can read the line. */
export function progressLine(io: Io, quiet: boolean): ProgressLine {
  let shown = false;
  const clear = (): void => {
    if (shown) io.err('\r\u001b[K');
    shown = false;
  };
  const say = (text: string): void => {
    if (quiet || !io.stderrIsTty) return;
    const plain = text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?');
    io.err(`\r\u001b[K${plain.slice(0, Math.max(20, io.width - 1))}`);
    shown = true;
  };
  return {
    show(what, index, total) {
      if (total > 1) say(`analysing ${index + 1} of ${total}: ${what}`);
    },
    say,
    clear,
  };
}
