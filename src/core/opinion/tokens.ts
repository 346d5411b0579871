/** How many tokens a text takes, never too few. No server tells beforehand, so the estimate is held on the careful side. */

/**
 * Mistral's tokenizer gives every digit a token of its own and cuts rare words into pieces of three or four letters; signs stand
 * alone. Counted so: a token per digit and sign, one per four letters begun (spaces go with the word that follows).
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(/[A-Za-z]+|[0-9]|[^\sA-Za-z0-9]|\n/g)) {
    const known = run.charCodeAt(0) < 128;
    tokens += /^[A-Za-z]/.test(run) ? Math.ceil(run.length / 4) : known ? 1 : 2;
  }
  return tokens;
}
