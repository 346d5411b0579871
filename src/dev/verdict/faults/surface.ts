/** Faults of the two surfaces that decide over an engine: fuel and spark. */
import type { TuneMap } from '../../../core/model.ts';
import { acrossBands, type Draw } from '../draw.ts';
import type { Editor } from '../editor.ts';
import {
  atMost,
  type Bands,
  classOf,
  EXCLUSIONS,
  type Excluded,
  excluded,
  type Fault,
  type Injected,
} from '../fault.ts';
import { blocks, fuelMaps, type Site, sparkMaps, type Zone, zone } from '../site.ts';

/**
 * A factory full-load lambda of 0.88 divided by what is left of the fuel (limits.md R18, R19): over 0.90 low, 0.92 medium, 0.97 high,
 * 1.02 critical.
 */
export const LEANER: Bands = { low: 2, medium: 5, high: 9, critical: 14 };
/** About one octane number a degree; a pump-fuel engine has some four to eight in hand (limits.md R41, physics.md 9). */
export const ADVANCED: Bands = { low: 2, medium: 4, high: 6, critical: 9 };
/** Tables in counts: about sixty degrees of span, so that two, five, seven and twelve degrees. */
export const ADVANCED_COUNTS: Bands = { low: 4, medium: 8, high: 12, critical: 20 };

export interface Edit {
  kind: 'edit';
  editor: Editor;
  map: TuneMap;
  /** Changed cells: what the factory has there (an expert judges against that), what stood there, what the ECU reads now. */
  cells: { index: number; was: number; before: number; now: number }[];
}

/** Writes new values into cells; excluded where the storage cannot hold them or they come out as they were. */
export function editCells(
  site: Site,
  map: TuneMap,
  cells: readonly number[],
  value: (was: number, index: number) => number,
): Edit | Excluded {
  const editor = site.edit();
  const factory = site.factory(map);
  const changed: Edit['cells'] = [];
  for (const index of cells) {
    const before = map.cells[index]!;
    const now = editor.set(map, index, value(before, index));
    if (now === null) return excluded(EXCLUSIONS.noInverse);
    if (Math.abs(now - before) > 1e-9) changed.push({ index, was: factory[index]!, before, now });
  }
  return changed.length === 0 ? excluded(EXCLUSIONS.belowQuantum) : { kind: 'edit', editor, map, cells: changed };
}

export const percent = (list: Edit['cells']): number[] =>
  list.filter((c) => c.was > 0).map((c) => (c.now / c.was - 1) * 100);
export const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
/** What all of the changed cells reach: an expert judges the block, not its best cell. */
export const least = (values: readonly number[]): number => Math.min(...values.map(Math.abs));

const SHAPES: [number, number][] = [
  [2, 3],
  [3, 3],
  [3, 2],
  [4, 2],
  [2, 2],
];

/** Cells of a block in a zone of one of these maps, by chance. */
export function someBlock(
  site: Site,
  maps: TuneMap[],
  which: Zone,
  draw: Draw,
): { map: TuneMap; cells: number[] } | Excluded {
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const inside = zone(site, map, which).filter((i) => map.cells[i]! !== 0);
  if (inside.length < 4) return excluded(EXCLUSIONS.noZone);
  if (draw.below(4) === 0) return { map, cells: inside };
  const [rows, columns] = draw.pick(SHAPES);
  const found = blocks(map, inside, rows, columns);
  return { map, cells: found.length > 0 ? draw.pick(found) : inside };
}

interface Degrees {
  unit: number;
  counts: boolean;
}

const degrees = new WeakMap<TuneMap, Degrees>();

/** Degrees of a map as a factor for its cells, and whether it holds counts: then percent of its span. */
export function perDegree(map: TuneMap): Degrees {
  const known = degrees.get(map);
  if (known !== undefined) return known;
  const values = Array.from(map.cells).filter(Number.isFinite);
  const made =
    map.unitFrom !== 'none'
      ? { unit: 1, counts: false }
      : { unit: (Math.max(...values) - Math.min(...values)) / 100, counts: true };
  degrees.set(map, made);
  return made;
}

function done(edit: Edit, amplitude: string, floor: Injected['floor'], alone: Injected['alone']): Injected {
  return {
    kind: 'injected',
    bytes: edit.editor.bytes(),
    maps: [edit.map.id],
    cells: edit.cells.map((c) => c.index),
    amplitude,
    floor,
    alone,
  };
}

export { done as injected };

const round = (v: number): number => Math.round(v * 10) / 10;

function leanBlock(which: Zone, bands: Bands, most: number) {
  return (site: Site, draw: Draw): Injected | Excluded => {
    const place = someBlock(site, fuelMaps(site), which, draw);
    if ('kind' in place) return place;
    const amount = acrossBands(draw, Object.values(bands), most);
    const edit = editCells(site, place.map, place.cells, (v) => v * (1 - amount / 100));
    if (edit.kind === 'excluded') return edit;
    const by = least(percent(edit.cells));
    const floor = classOf(by, bands);
    // Without stock a surface that is a little leaner may be the factory's own: cylinders differ by fourteen percent.
    return done(edit, `-${round(by)} % in ${edit.cells.length} cells`, floor, by < 10 ? null : atMost(floor, 'low'));
  };
}

function advance(which: Zone, bands: Bands, countBands: Bands, most: number, wholeMap: boolean) {
  return (site: Site, draw: Draw): Injected | Excluded => {
    const maps = sparkMaps(site);
    const place = wholeMap && maps.length > 0 ? whole(draw.pick(maps)) : someBlock(site, maps, which, draw);
    if ('kind' in place) return place;
    const { unit, counts } = perDegree(place.map);
    const own = counts ? countBands : bands;
    const amount = acrossBands(draw, Object.values(own), counts ? most * 2 : most);
    const edit = editCells(site, place.map, place.cells, (v) => v + amount * unit);
    if (edit.kind === 'excluded') return edit;
    const governs = new Set(zone(site, place.map, which));
    const at = edit.cells.filter((c) => governs.has(c.index)).map((c) => (c.now - c.was) / unit);
    if (at.length === 0) return excluded(EXCLUSIONS.noZone);
    const by = least(at);
    if (by < amount * 0.5) return excluded(EXCLUSIONS.clipped);
    const floor = classOf(by, own);
    return done(
      edit,
      `+${round(by)}${counts ? ' % of the span' : '°'} in ${edit.cells.length} cells`,
      floor,
      by < 6 ? null : atMost(floor, 'low'),
    );
  };
}

const whole = (map: TuneMap): { map: TuneMap; cells: number[] } => ({ map, cells: Array.from(map.cells.keys()) });

/** One cell that stands alone: inside the zone, away from the edges of the map, where its neighbours agree. */
function typo(kind: 'fuel' | 'spark') {
  return (site: Site, draw: Draw): Injected | Excluded => {
    const maps = kind === 'fuel' ? fuelMaps(site) : sparkMaps(site);
    if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
    const map = draw.pick(maps);
    const inside = zone(site, map, 'fullLoad').filter((i) => map.cells[i]! !== 0);
    if (inside.length === 0) return excluded(EXCLUSIONS.noZone);
    const index = draw.pick(inside);
    const { unit, counts } = perDegree(map);
    const factor = draw.pick([0.1, 0.5, 0.75, 1.4, 2]);
    const shift = draw.pick([-20, -12, 8, 12, 20]);
    const edit = editCells(site, map, [index], (v) => (kind === 'fuel' ? v * factor : v + shift * unit));
    if (edit.kind === 'excluded') return edit;
    const { was, now } = edit.cells[0]!;
    const by = kind === 'fuel' ? (now / was - 1) * 100 : (now - was) / unit;
    // A lone cell is interpolated away half a breakpoint on: one class under what a block of it deserves.
    const floor =
      kind === 'fuel'
        ? (classOf(-by, { low: 5, medium: 9, high: 14 }) ?? classOf(by, { low: 30, medium: 80 }))
        : by > 0
          ? classOf(by, counts ? { low: 8, medium: 16 } : { low: 5, medium: 8, high: 15 })
          : classOf(-by, { low: 10 });
    const text =
      kind === 'fuel' ? `${round(by)} % in one cell` : `${round(by)}${counts ? ' % of the span' : '°'} in one cell`;
    return done(edit, text, floor, Math.abs(by) < 12 ? null : atMost(floor, 'low'));
  };
}

export const surfaceFaults: Fault[] = [
  {
    id: 'lean-full-load-block',
    title: 'A block of full load leaned out',
    reason:
      'From a factory lambda of 0.88: five percent less fuel is 0.93, nine 0.97, fourteen 1.02, where pistons melt. Without stock nothing says what was there, so that it may only be seen by its edge.',
    needsNoReference: false,
    ends: 'finding',
    draws: 2,
    inject: leanBlock('fullLoad', LEANER, 35),
  },
  {
    id: 'lean-cruise-block',
    title: 'A block of cruise leaned out',
    reason: 'Light load forgives: fifteen percent surges, forty percent stalls and may still be hot on a long climb.',
    needsNoReference: false,
    ends: 'finding',
    inject: leanBlock('cruise', { low: 16, medium: 30 }, 55),
  },
  {
    id: 'lean-whole-map',
    title: 'A whole fuel map scaled down',
    reason: 'As the block, at every load at once: a scale typed into the wrong box.',
    needsNoReference: false,
    ends: 'finding',
    inject: (site, draw) => {
      const maps = fuelMaps(site);
      if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
      const map = draw.pick(maps);
      const full = new Set(zone(site, map, 'fullLoad'));
      if (full.size === 0) return excluded(EXCLUSIONS.noZone);
      const amount = acrossBands(draw, Object.values(LEANER), 30);
      const edit = editCells(site, map, Array.from(map.cells.keys()), (v) => v * (1 - amount / 100));
      if (edit.kind === 'excluded') return edit;
      const by = least(percent(edit.cells.filter((c) => full.has(c.index))));
      const floor = classOf(by, LEANER);
      return done(edit, `-${round(by)} % everywhere`, floor, null);
    },
  },
  {
    id: 'advance-full-load-block',
    title: 'A block of full load advanced',
    reason:
      'A degree costs about one octane number of margin; four leave none on pump fuel of a hot day, over nine knock for certain.',
    needsNoReference: false,
    ends: 'finding',
    draws: 2,
    inject: advance('fullLoad', ADVANCED, ADVANCED_COUNTS, 14, false),
  },
  {
    id: 'advance-whole-map',
    title: 'A whole spark map advanced by four or eight degrees',
    reason: 'Judged by what it does at full load: as the block.',
    needsNoReference: false,
    ends: 'finding',
    inject: advance('fullLoad', ADVANCED, ADVANCED_COUNTS, 12, true),
  },
  {
    id: 'advance-light-load-block',
    title: 'A block of light load advanced',
    reason: 'Factory maps hold up to 87° there; six more is untidy, over twelve pings on a trailing throttle.',
    needsNoReference: false,
    ends: 'finding',
    inject: advance('light', { low: 7, medium: 12.5 }, { low: 12, medium: 20 }, 20, false),
  },
  {
    id: 'typo-fuel-cell',
    title: 'One fuel cell mistyped at full load',
    reason:
      'A digit lost or doubled. The ECU interpolates around it, so that it is one class under a lean block of its size (limits.md R18); half the fuel in one cell still burns a valve.',
    needsNoReference: false,
    ends: 'finding',
    draws: 2,
    inject: typo('fuel'),
  },
  {
    id: 'typo-spark-cell',
    title: 'One spark cell mistyped at full load',
    reason: 'Eight degrees in a lone cell knock as the engine passes through; retard only costs torque there.',
    needsNoReference: false,
    ends: 'finding',
    draws: 2,
    inject: typo('spark'),
  },
  {
    id: 'retard-full-load-block',
    title: 'A block of full load retarded far',
    reason: 'Fifteen degrees late heats the exhaust valve and the pipe; ten only lose torque.',
    needsNoReference: false,
    ends: 'finding',
    inject: (site, draw) => {
      const place = someBlock(site, sparkMaps(site), 'fullLoad', draw);
      if ('kind' in place) return place;
      const { unit, counts } = perDegree(place.map);
      const bands: Bands = counts ? { low: 20, medium: 34 } : { low: 10, medium: 15.5 };
      const amount = acrossBands(draw, Object.values(bands), counts ? 60 : 30);
      const edit = editCells(site, place.map, place.cells, (v) => v - amount * unit);
      if (edit.kind === 'excluded') return edit;
      // In every twin alike: one cylinder by itself would be another fault.
      for (const twin of sparkMaps(site))
        if (twin !== place.map && twin.rows === place.map.rows && twin.columns === place.map.columns)
          for (const i of place.cells) edit.editor.set(twin, i, twin.cells[i]! - amount * perDegree(twin).unit);
      const by = least(edit.cells.map((c) => (c.now - c.was) / unit));
      if (by < amount * 0.5) return excluded(EXCLUSIONS.clipped);
      const floor = classOf(by, bands);
      return done(
        edit,
        `-${round(by)}${counts ? ' % of the span' : '°'} in ${edit.cells.length} cells`,
        floor,
        by < 12 ? null : atMost(floor, 'low'),
      );
    },
  },
];
