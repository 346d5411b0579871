/** A question with a list of answers, on stderr, so that stdout stays data. */
import { printable } from '../core/rules/message.ts';
import type { Io } from './io.ts';

export interface Choice {
  value: string;
  name: string;
}

/** Returns the chosen value, or null for "none of these". */
export async function choose(question: string, choices: Choice[], _io: Io): Promise<string | null> {
  const { select } = await import('@inquirer/prompts');
  return select<string | null>(
    {
      message: printable(question),
      choices: [
        // Titles of maps and definitions are a file's own words.
        ...choices.map(({ value, name }) => ({ value, name: printable(name) })),
        { value: null, name: 'none of these' },
      ],
      pageSize: 12,
    },
    { output: process.stderr },
  );
}
