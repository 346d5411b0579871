/**
 * What is unlike its peers: a tune's maps held against those of other tunes of its family by robust statistics (median, MAD), as
 * information and never as a judgement: the majority may be wrong.
 */

/** As the store keeps a decoded map. */
export interface PeerMap {
  id: string;
  title: string;
  role: string;
  kind: string;
  unit: string;
  rows: number;
  columns: number;
  cells: (number | null)[];
}

/** Maps of one role that lie apart from their peers in the same direction. */
export interface Outlier {
  role: string;
  /** Where it is furthest apart. */
  map: { id: string; title: string };
  /** How many maps of the role are apart. */
  maps: number;
  /** Mean over the map's cells of the difference to the peers' median, in `unit`. */
  difference: number;
  /** How far the peers usually lie from their own median: 1.4826 MAD, in `unit`. */
  usual: number;
  unit: string;
  /** Tunes held against each other, this one counted. */
  tunes: number;
}

/** With fewer tunes a median says nothing. */
export const FEWEST_TUNES = 5;
/** Robust standard deviations from which on a map is named; 5 is rare even in heavy tails. */
const APART = 5;
/** Smallest difference worth naming and smallest spread believed, as shares of the map's span. */
const LEAST_SHARE = 0.01;
const FLOOR_SHARE = 0.002;
/** Makes the MAD of a normal distribution its standard deviation. */
const MAD_TO_SIGMA = 1.4826;

/**
 * @param peers other tunes of the family, one list of maps each
 * @returns furthest apart first; empty with fewer than FEWEST_TUNES
 */
export function outliersOf(maps: readonly PeerMap[], peers: readonly (readonly PeerMap[])[]): Outlier[] {
  if (peers.length + 1 < FEWEST_TUNES) return [];
  const byId = peers.map((list) => new Map(list.map((m) => [m.id, m])));
  const found = new Map<string, Outlier & { apart: number }>();
  for (const map of maps) {
    if (/^(axis|other)\b/.test(map.role) || map.kind === 'flag' || map.kind === 'patch') continue;
    const twins = byId
      .map((list) => list.get(map.id))
      .filter((m): m is PeerMap => m !== undefined && m.rows === map.rows && m.columns === map.columns);
    if (twins.length + 1 < FEWEST_TUNES) continue;
    const one = heldAgainst(map, twins);
    if (one === null) continue;
    const key = `${map.role}:${Math.sign(one.difference)}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...one, maps: 1 });
    else if (one.apart > known.apart) found.set(key, { ...one, maps: known.maps + 1 });
    else known.maps++;
  }
  return [...found.values()]
    .sort((a, b) => b.apart - a.apart || (a.role < b.role ? -1 : 1))
    .map(({ apart: _, ...outlier }) => outlier);
}

function heldAgainst(map: PeerMap, twins: readonly PeerMap[]): (Outlier & { apart: number }) | null {
  const all = [map, ...twins];
  const medians = map.cells.map((_, i) => median(all.map((m) => m.cells[i] ?? Number.NaN)));
  const known = medians.filter(Number.isFinite);
  if (known.length === 0) return null;
  const span = known.length === 1 ? Math.abs(known[0]!) : Math.max(...known) - Math.min(...known);
  const means = all.map((m) => mean(m.cells.map((cell, i) => (cell ?? Number.NaN) - medians[i]!)));
  const middle = median(means);
  const usual = MAD_TO_SIGMA * median(means.map((m) => Math.abs(m - middle)));
  const difference = means[0]! - middle;
  if (!Number.isFinite(difference) || Math.abs(difference) < LEAST_SHARE * span || difference === 0) return null;
  const apart = Math.abs(difference) / Math.max(usual, FLOOR_SHARE * span, Number.MIN_VALUE);
  if (apart < APART) return null;
  const { role, id, title, unit } = map;
  return { role, map: { id, title }, maps: 1, difference, usual, unit, tunes: all.length, apart };
}

function median(numbers: number[]): number {
  const known = numbers.filter(Number.isFinite).sort((a, b) => a - b);
  if (known.length === 0) return Number.NaN;
  return (known[(known.length - 1) >> 1]! + known[known.length >> 1]!) / 2;
}

function mean(numbers: number[]): number {
  const known = numbers.filter(Number.isFinite);
  return known.length === 0 ? Number.NaN : known.reduce((a, b) => a + b, 0) / known.length;
}
