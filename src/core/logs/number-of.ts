/** A number in the bytes of a text. Exact as Number() is: up to 15 digits by one division, anything else through Number() itself. */

const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);
const WORDS: Record<string, number> = {
  on: 1,
  active: 1,
  yes: 1,
  true: 1,
  high: 1,
  off: 0,
  inactive: 0,
  no: 0,
  false: 0,
  low: 0,
};

/**
 * @param comma a decimal comma may stand for the point: the separator is another character, or the value stands in quotes
 * @returns NaN where no number stands there; a time of day in seconds
 */
export function numberOf(bytes: Uint8Array, from: number, to: number, comma: boolean): number {
  let start = from;
  let end = to;
  let quoted = false;
  while (start < end && (bytes[start] === 32 || bytes[start] === 34)) quoted = bytes[start++] === 34 || quoted;
  while (end > start && (bytes[end - 1] === 32 || bytes[end - 1] === 34 || bytes[end - 1] === 13)) end--;
  if (start >= end) return Number.NaN;
  let at = start;
  const negative = bytes[at] === 45;
  if (negative || bytes[at] === 43) at++;
  let mantissa = 0;
  let digits = 0;
  let fraction = -1;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 48 && byte <= 57) {
      mantissa = mantissa * 10 + byte - 48;
      if (mantissa > 0) digits++;
      if (fraction >= 0) fraction++;
    } else if ((byte === 46 || (byte === 44 && (comma || quoted))) && fraction < 0) fraction = 0;
    else return slowly(bytes, start, end, comma || quoted);
  }
  if (digits > 15 || fraction > 22 || (digits === 0 && end - start < 2 && mantissa === 0 && bytes[start] !== 48))
    return slowly(bytes, start, end, comma || quoted);
  const value = fraction > 0 ? mantissa / POWERS[fraction]! : mantissa;
  return negative ? -value : value;
}

function slowly(bytes: Uint8Array, from: number, to: number, comma: boolean): number {
  if (to - from > 40) return Number.NaN;
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i]!);
  const word = WORDS[text.toLowerCase()];
  if (word !== undefined) return word;
  if (comma) text = text.replace(',', '.');
  const clock = /^(\d{1,3}):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?(\.\d+)?$/.exec(text);
  if (clock !== null) {
    const [a, b, c] = [Number(clock[1]), Number(clock[2]), clock[3]];
    return c === undefined ? a * 60 + b + Number(clock[4] ?? 0) : a * 3_600 + b * 60 + Number(c);
  }
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
