/** Reading flag values, with errors that teach. */
import { InvalidArgumentError } from 'commander';
import type { Bounds } from '../core/bounds.ts';

/** A number within bounds. */
export function numberBetween(low: number, high: number, unit: string): (text: string) => number {
  return (text) => {
    const value = Number(text.replace(',', '.'));
    if (text.trim() === '' || !Number.isFinite(value) || value < low || value > high) {
      throw new InvalidArgumentError(`Expected a number from ${low} to ${high}${unit === '' ? '' : ` ${unit}`}.`);
    }
    return value;
  };
}

/** The same for bounds that the tools of revsync mcp share. */
export const within = ({ low, high, unit }: Bounds): ((text: string) => number) => numberBetween(low, high, unit);

/** Bytes, decimal or 0x…, negative allowed. */
export function byteShift(text: string): number {
  const match = /^([+-]?)(0x[0-9a-f]+|\d+)$/i.exec(text.trim());
  if (match === null) throw new InvalidArgumentError('Expected bytes, such as -4 or 0x1DC.');
  return Number(match[2]) * (match[1] === '-' ? -1 : 1);
}

/** A list of words after commas. */
export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((s) => s.trim())
    .filter((s) => s !== '');
}

/** `--fuel 91` is two numbers apart by four: ask back instead of guessing. */
export function ambiguousFuel(): never {
  throw new InvalidArgumentError(
    'RON 91 and AKI 91 are about four numbers apart: say --ron N (Europe, Asia) or --aki N (North America).',
  );
}
