/** The cells of a constant. */
import type { MsqConstant } from './read-xml.ts';

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
/** Larger than any table of a project; a file may state what it likes. */
export const MAX_CELLS = 65_536;

/**
 * Numbers of a constant in the order of the file, NaN for a word that is none; null where the constant holds words: an enumeration
 * stands in quotes, a text of the project starts with a letter and has no shape.
 */
export function numbersOf({ text, shaped }: Pick<MsqConstant, 'text' | 'shaped'>): Float64Array | null {
  const trimmed = text.trim();
  if (trimmed.startsWith('"')) return null;
  if (trimmed === '') return shaped ? new Float64Array(0) : null;
  const parts = trimmed.split(/\s+/, MAX_CELLS + 1);
  if (!shaped && (parts.length > 1 || !NUMBER.test(parts[0]!)) && !/^(nan|[-+]?inf(inity)?)$/i.test(trimmed))
    return null;
  return Float64Array.from(parts, (part) => (NUMBER.test(part) ? Number(part) : Number.NaN));
}
