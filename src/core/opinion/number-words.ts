/** Numbers spelt as words: "thirty-eight point one", "three thousand four hundred", "half". */

const UNITS: Record<string, number> = {};
for (const [
  i,
  word,
] of `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
  seventeen eighteen nineteen`
  .split(/\s+/)
  .entries())
  UNITS[word] = i;
const TENS: Record<string, number> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fourty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};
const SCALES: Record<string, number> = { hundred: 100, thousand: 1_000, million: 1_000_000 };
/** Numbers of no exact size, or of another base: never grounded. */
const LOOSE =
  /^(dozens?|hundreds|thousands|millions|tens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|twice|thrice|double[ds]?|doubling|triple[ds]?|tripling|quadruple[ds]?|treble[ds]?|halve[ds]?|halving|couple|tenfold|umpteen|score of)$/;
/** Parts of a whole, in percent. */
const PARTS: Record<string, number> = {
  half: 50,
  third: 100 / 3,
  quarter: 25,
  fourth: 25,
  fifth: 20,
  sixth: 100 / 6,
  seventh: 100 / 7,
  eighth: 12.5,
  ninth: 100 / 9,
  tenth: 10,
  hundredth: 1,
};
const ORDINALS: Record<string, number> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
};
const NAMES = [...Object.keys(UNITS), ...Object.keys(TENS), ...Object.keys(SCALES)].sort((a, b) => b.length - a.length);
const GLUED = new RegExp(`^(?:${NAMES.join('|')}){2,}$`);
const TAILED = new RegExp(`^(?:${NAMES.join('|')})+(?:fold|ish|some|something|odd|s|ths?|plus)$(?<!^ones)`);

export interface WordNumber {
  /** NaN: a number that cannot be told exactly ("dozens", "thirtyish"). */
  value: number;
  decimals: number;
  /** Length in characters. */
  length: number;
  kind: 'number' | 'part' | 'ordinal';
}

const wordAt = (text: string): string => /^[A-Za-z]+/.exec(text)?.[0].toLowerCase() ?? '';

/**
 * The number that begins here, or null. `text` starts at a word.
 * @param counted "one", "a", "two" … stands before: then "third" is a part and no order
 */
export function wordNumberAt(text: string, counted = false): WordNumber | null {
  const first = wordAt(text);
  if (first === '') return null;
  if (LOOSE.test(first) || GLUED.test(first) || (TAILED.test(first) && !(first in ORDINALS)))
    return { value: Number.NaN, decimals: 0, length: first.length, kind: 'number' };
  const whole = cardinal(text);
  if (whole !== null) return whole;
  const part = PARTS[first] ?? PARTS[first.replace(/s$/, '')];
  const noun = wordAt(text.slice(first.length).trimStart());
  if (first in ORDINALS && /^(gears?|cylinders?|bank|map|row|column|mode)$/.test(noun))
    return { value: ORDINALS[first]!, decimals: 0, length: first.length, kind: 'ordinal' };
  // "A third of", "half throttle": a part of a whole. "Third" alone is an order and says no quantity.
  if (
    part !== undefined &&
    (first.startsWith('half') ||
      /^(?:quarters?|(?:third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|hundredth)s)$/.test(first))
  )
    return { value: part, decimals: 0, length: first.length, kind: 'part' };
  if (part !== undefined && (counted || /^(of|less|more|throttle|load|grip)$/.test(noun)))
    return { value: part, decimals: 0, length: first.length, kind: 'part' };
  return null;
}

/** "thirty-eight hundred and five point one" */
function cardinal(text: string): WordNumber | null {
  let at = 0;
  let total = 0;
  let group = 0;
  let seen = false;
  let decimals = 0;
  let end = 0;
  let last: 'unit' | 'ten' | 'scale' | null = null;
  for (;;) {
    const gap = /^[\s-]*/.exec(text.slice(at))![0].length;
    if (seen && gap === 0) break;
    const word = wordAt(text.slice(at + gap));
    if (word in UNITS) {
      // "two three" are two numbers.
      if (last === 'unit' || (last === 'ten' && (UNITS[word]! >= 10 || UNITS[word] === 0))) break;
      group += UNITS[word]!;
      last = 'unit';
    } else if (word in TENS) {
      if (last === 'unit' || last === 'ten') break;
      group += TENS[word]!;
      last = 'ten';
    } else if (word in SCALES && seen) {
      const scale = SCALES[word]!;
      if (scale === 100) group = (group === 0 ? 1 : group) * 100;
      else {
        total += (group === 0 ? 1 : group) * scale;
        group = 0;
      }
      last = 'scale';
    } else if (word in SCALES && !seen) {
      group = SCALES[word]!;
      if (group > 100) {
        total = group;
        group = 0;
      }
      last = 'scale';
    } else if (word === 'and' && last === 'scale') {
      const next = wordAt(text.slice(at + gap + 3).trimStart());
      if (!(next in UNITS) && !(next in TENS)) break;
      at += gap + 3;
      continue;
    } else break;
    seen = true;
    at += gap + word.length;
    end = at;
  }
  const point = /^(?:\s*)(point|dot|comma)\s+/.exec(text.slice(end).toLowerCase());
  let fraction = '';
  if (point !== null && (seen || end === 0)) {
    let rest = text.slice(end + point[0].length);
    let used = end + point[0].length;
    for (;;) {
      const word = wordAt(rest);
      const digit = word === 'oh' ? 0 : UNITS[word];
      if (digit === undefined || digit > 9) {
        // "point ninety-nine"
        const tens = fraction === '' ? TENS[word] : undefined;
        if (tens !== undefined) {
          const unit = /^[\s-]+([a-z]+)/i.exec(rest.slice(word.length));
          const one = unit === null ? undefined : UNITS[unit[1]!.toLowerCase()];
          fraction = String(tens + (one !== undefined && one < 10 ? one : 0));
          end = used + word.length + (one !== undefined && one < 10 ? unit![0].length : 0);
        }
        break;
      }
      fraction += String(digit);
      end = used + word.length;
      const gap = /^[\s-]+/.exec(rest.slice(word.length))?.[0].length ?? 0;
      if (gap === 0) break;
      used = end + gap;
      rest = text.slice(used);
    }
    if (fraction !== '') {
      decimals = fraction.length;
      seen = true;
    }
  }
  if (!seen) return null;
  const value = Number(`${total + group}${fraction === '' ? '' : `.${fraction}`}`);
  return { value, decimals, length: end, kind: 'number' };
}
