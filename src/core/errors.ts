/** What was wrong may be a text of a file that is as long as the file. */
const MOST_CHARACTERS = 8_000;

/** An expected failure: one line for a person, and a way forward. Anything else thrown is a bug. */
export class RevsyncError extends Error {
  /** Stable and upper-case: what scripts match on. */
  readonly code: string;
  /** What to do next. */
  readonly hint: string;

  constructor(code: string, message: string, hint: string, cause?: unknown) {
    super(
      message.length > MOST_CHARACTERS ? `${message.slice(0, MOST_CHARACTERS)} …` : message,
      cause === undefined ? undefined : { cause },
    );
    this.name = 'RevsyncError';
    this.code = code;
    this.hint = hint;
  }
}
