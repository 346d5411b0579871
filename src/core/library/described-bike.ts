/** A motorcycle as riders describe it beside its name or make: its size, its cylinders, its kind, the newest of its line. */
import type { Motorcycle } from '../model.ts';

/** Riders round: a "500" has 471 cc, a "1300" 1340. */
const SIZE_BAND = 0.07;
const CYLINDERS: Record<string, number> = { single: 1, twin: 2, triple: 3, three: 3, four: 4, six: 6 };
const KINDS: Record<string, string> = {
  naked: 'naked',
  cruiser: 'cruiser',
  adventure: 'adventure',
  sportbike: 'sport',
  sportsbike: 'sport',
  superbike: 'sport',
  supersport: 'sport',
};

/**
 * Those of some motorcycles that a description fits. What fits none of them is no description of them.
 * @param left words of the query; those that describe are taken out (null)
 */
export function narrowed(motorcycles: Motorcycle[], left: (string | null)[]): Motorcycle[] {
  let meant = motorcycles;
  if (meant.length < 2) return meant;
  for (const [i, word] of left.entries()) {
    const described = word === null ? null : describedBy(word, left, i);
    if (described === null) continue;
    const fitting = meant.filter(described.fits);
    if (fitting.length === 0) continue;
    meant = fitting;
    for (const at of described.places) left[at] = null;
  }
  const newest = left.findIndex((w) => w === 'latest' || w === 'newest');
  if (newest >= 0 && meant.length > 1) {
    const last = Math.max(...meant.map((m) => m.yearFrom));
    meant = meant.filter((m) => m.yearFrom === last);
    left[newest] = null;
  }
  return meant;
}

type Description = { fits: (m: Motorcycle) => boolean; places: number[] };

function describedBy(word: string, left: readonly (string | null)[], i: number): Description | null {
  const next = left[i + 1] ?? '';
  const size = /^(\d{2,4})(?:cc|ccm)?$/.exec(word);
  if (size !== null && next !== 'rpm' && next !== 'ron' && next !== 'octane') {
    const cc = Number(size[1]);
    if (cc < 49 || cc > 2_500) return null;
    return {
      fits: (m) => Math.abs(m.displacementCc - cc) <= SIZE_BAND * cc,
      places: /^ccm?$/.test(next) ? [i, i + 1] : [i],
    };
  }
  if (/^lit(re|er)$/.test(word) && !/^(a|per|each|the)$/.test(left[i - 1] ?? ''))
    return { fits: (m) => m.displacementCc >= 930 && m.displacementCc <= 1_110, places: [i] };
  const counted = /^cylinders?$/.test(next);
  const cylinders = counted && /^[1-6]$/.test(word) ? Number(word) : CYLINDERS[word];
  if (cylinders !== undefined && (counted || word === 'twin' || word === 'triple'))
    return { fits: (m) => m.cylinders === cylinders, places: counted ? [i, i + 1] : [i] };
  const strokes = word === 'two' || word === '2' ? 2 : word === 'four' || word === '4' ? 4 : null;
  if (strokes !== null && next === 'stroke') return { fits: (m) => m.strokes === strokes, places: [i, i + 1] };
  const kind = KINDS[word];
  return kind === undefined ? null : { fits: (m) => m.category === kind, places: [i] };
}
