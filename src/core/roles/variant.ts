/** What tells twins apart (cylinder, gear, mode, load input, bank), read from the title, the categories and the axes. */
import type { Quantity, Variant } from '../model.ts';
import { wordsOf } from './words.ts';

/** A variant and the words of the title that said it. */
export interface ReadVariant {
  variant: Variant;
  /** Title words without those of the variant, joined by a dash: twins share it. */
  rest: string;
}

const BANKS: Record<string, string> = {
  front: 'front',
  vorn: 'front',
  vorne: 'front',
  rear: 'rear',
  hinten: 'rear',
  left: 'left',
  links: 'left',
  right: 'right',
  rechts: 'right',
  upper: 'upper',
  lower: 'lower',
  horizontal: 'horizontal',
  vertical: 'vertical',
};
const NUMBER = /^\d{1,2}$/;
const COUNTED = new Set(['cyl', 'cylinder', 'cylinders', 'zyl', 'zylinder']);
const GEAR = new Set(['gear', 'gears', 'gang', 'gange']);
const THROTTLE_WORDS = new Set(['tps', 'throttle', 'drosselklappe', 'dk', 'tp']);
const PRESSURE_WORDS = new Set(['iap', 'saugrohrdruck', 'ansaugdruck']);

/**
 * @param axes quantities of the map's axes: they say which load input governs where the words do not
 * @param isMap over two axes: a lone number in the title then tells twins apart and nothing else
 * @param hasLoad its role is one that a throttle or a pressure governs
 */
export function readVariant(
  title: string,
  categories: readonly string[],
  axes: readonly Quantity[],
  isMap: boolean,
  hasLoad: boolean,
): ReadVariant {
  const own = wordsOf(title);
  const said = scan(own);
  for (const category of categories) {
    const { variant } = scan(wordsOf(category));
    said.variant = { ...variant, ...said.variant };
  }
  const load = hasLoad ? loadOf(own, categories, axes) : null;
  if (load !== null) said.variant.load = load;
  const numbered = said.used.size > 0;
  const rest = own.filter((word, i) => {
    if (said.used.has(i)) return false;
    if (load !== null && isLoadWord(own, i)) return false;
    // "TBW #2 - Gear #1", "ETV - 7": a running number says nothing; of limiters it names different ones.
    return !((numbered || isMap) && NUMBER.test(word));
  });
  return { variant: said.variant, rest: rest.join('-') };
}

function scan(words: readonly string[]): { variant: Variant; used: Set<number> } {
  const variant: Variant = {};
  const used = new Set<number>();
  const use = (from: number, count: number) => {
    for (let i = from; i < from + count; i++) used.add(i);
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const next = words[i + 1] ?? '';
    const after = words[i + 2] ?? '';
    if (COUNTED.has(word) && NUMBER.test(next) && variant.cylinder === undefined) {
      const pair = NUMBER.test(after) && words[i + 3] === undefined;
      variant.cylinder = pair ? `${next}-${after}` : next;
      use(i, pair ? 3 : 2);
    } else if (COUNTED.has(word)) {
      // "Front Cyl": the bank says it.
      if (BANKS[words[i - 1] ?? ''] !== undefined) use(i, 1);
    } else if (
      GEAR.has(word) &&
      (NUMBER.test(next) || /^(n|neutral|clutch)$/.test(next)) &&
      variant.gear === undefined
    ) {
      const range = NUMBER.test(after);
      variant.gear = range ? `${next}-${after}` : next.startsWith('n') ? 'N' : next;
      use(i, range ? 3 : 2);
    } else if ((word === 'low' || word === 'high') && next === 'gear' && variant.gear === undefined) {
      variant.gear = word;
      use(i, 2);
    } else if (/^(st|nd|rd|th)$/.test(word) && GEAR.has(next) && variant.gear === undefined) {
      variant.gear = words[i - 1] ?? '';
      use(i - 1, 3);
    } else if (word === 'g' && NUMBER.test(next) && variant.gear === undefined) {
      // "G1-2" spans gears, a lone "G3" is a group of them.
      const range = NUMBER.test(after);
      variant.gear = range ? `${next}-${after}` : `group ${next}`;
      use(i, range ? 3 : 2);
    } else if (word === 'mode' && /^([a-e]|\d)$/.test(next)) {
      variant.mode = next.toUpperCase();
      use(i, 2);
    } else if (word === 'ms' && /^\d$/.test(next)) {
      variant.mode = `MS${next}`;
      use(i, 2);
    } else if (word === 'user' && next === 'mode') {
      variant.mode = 'user';
      use(i, 2);
    } else if (/^(track|sport|road|rain|race|street)$/.test(word) && variant.mode === undefined) {
      variant.mode = word;
      use(i, 1);
    } else if (/^(primary|secondary)$/.test(word) && variant.mode === undefined) {
      variant.mode = word;
      use(i, 1);
    } else if ((word === 'upper' || word === 'lower') && next !== 'bank') {
      // "Upper boundary" is no bank of cylinders.
    } else if (BANKS[word] !== undefined && variant.bank === undefined) {
      variant.bank = BANKS[word] ?? '';
      use(i, next === 'bank' ? 2 : 1);
    }
  }
  return { variant, used };
}

function loadOf(
  own: readonly string[],
  categories: readonly string[],
  axes: readonly Quantity[],
): 'throttle' | 'pressure' | null {
  if (own.some((word, i) => PRESSURE_WORDS.has(word) || isPressureMap(own, i))) return 'pressure';
  const spoken = categories.map((c) => wordsOf(c));
  // A category that is nothing but "MAP" or "MAP vs RPM" speaks of manifold pressure.
  if (spoken.some((w) => w.some((x) => PRESSURE_WORDS.has(x)) || isPressureMap(w, w.indexOf('map')))) return 'pressure';
  if (own.some((word) => THROTTLE_WORDS.has(word)) || spoken.some((w) => w.includes('tps'))) return 'throttle';
  if (axes.includes('intakePressure') || axes.includes('boost')) return 'pressure';
  if (axes.includes('throttle') || axes.includes('throttleAngle')) return 'throttle';
  return null;
}

/** "MAP" is manifold pressure in "MAP vs RPM", "MAP based", "MAP or IAP" and alone. */
function isPressureMap(words: readonly string[], at: number): boolean {
  if (words[at] !== 'map') return false;
  return words.length === 1 || /^(vs|or|based|load)$/.test(words[at + 1] ?? '');
}

function isLoadWord(words: readonly string[], at: number): boolean {
  const word = words[at] ?? '';
  return THROTTLE_WORDS.has(word) || PRESSURE_WORDS.has(word) || isPressureMap(words, at) || word === 'or';
}
