/** One line on stderr that says what is under way: on a terminal only, and gone when the result comes. */
import type { Io } from './io.ts';

export interface ProgressLine {
  show(what: string, index: number, total: number): void;
  clear(): void;
}

/** Nothing is shown for a single file: it is done before a person can read the line. */
export function progressLine(io: Io, quiet: boolean): ProgressLine {
  let shown = false;
  const clear = (): void => {
    if (shown) io.err('\r\u001b[K');
    shown = false;
  };
  return {
    show(what, index, total) {
      if (quiet || !io.stderrIsTty || total < 2) return;
      const text = `analysing ${index + 1} of ${total}: ${what.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?')}`;
      io.err(`\r\u001b[K${text.slice(0, Math.max(20, io.width - 1))}`);
      shown = true;
    },
    clear,
  };
}
