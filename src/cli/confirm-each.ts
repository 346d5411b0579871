/** `definitions confirm` on a terminal: one guessed map after the other, and nothing confirmed by a key that is held down. */
import type { TuneMap } from '../core/model.ts';

export type Answer = 'confirmed' | 'rejected' | 'alike' | 'later' | 'stop';
export interface AnswerChoice {
  value: Answer;
  name: string;
}

/** Puts one question; rejects with ExitPromptError where the person pressed Ctrl-C. */
export type AskOne = (map: TuneMap, question: string, choices: AnswerChoice[]) => Promise<Answer>;

/** "Spark advance, 3 of 13" -> "Spark advance": maps of one name are of one shape, and one look at several may do. */
const kindOf = (title: string): string => title.replace(/, \d+ of \d+$/, '');

/**
 * Asks about every open map; "stop" and Ctrl-C keep what was said before.
 * @returns whether it was cancelled
 */
export async function askEach(
  open: readonly TuneMap[],
  answers: Map<string, 'confirmed' | 'rejected'>,
  ask: AskOne,
): Promise<boolean> {
  for (const [i, map] of open.entries()) {
    if (answers.has(map.title)) continue;
    const alike = open.slice(i).filter((m) => kindOf(m.title) === kindOf(map.title) && !answers.has(m.title));
    let chosen: Answer;
    try {
      // What is held down by mistake must not confirm: "I do not know" comes first.
      chosen = await ask(map, `${i + 1} of ${open.length}: is this ${map.title}?`, [
        { value: 'later', name: 'I do not know' },
        { value: 'confirmed', name: 'yes' },
        ...(alike.length > 1
          ? [
              {
                value: 'alike' as const,
                name: `yes, and so are the ${alike.length - 1} after it: ${kindOf(map.title)}`,
              },
            ]
          : []),
        { value: 'rejected', name: 'no' },
        { value: 'stop', name: 'stop here and keep what I said' },
      ]);
    } catch (error) {
      if (error instanceof Error && error.name === 'ExitPromptError') return true;
      throw error;
    }
    if (chosen === 'stop') return false;
    if (chosen === 'alike') for (const m of alike) answers.set(m.title, 'confirmed');
    else if (chosen !== 'later') answers.set(map.title, chosen);
  }
  return false;
}
