/** Faults of bytes, layout and axes: blocks erased, zeroed, transposed, pasted over the wrong map; breakpoints out of order. */
import type { Axis, TuneMap } from '../../../core/model.ts';
import type { Draw } from '../draw.ts';
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
import { fuelMaps, isSurface, loadAxis, mapsOf, type Site, sparkMaps, speedAxis, zone } from '../site.ts';
import { ADVANCED, ADVANCED_COUNTS, type Edit, editCells, injected, LEANER, perDegree } from './surface.ts';

const surfaces = (site: Site): TuneMap[] => [...fuelMaps(site), ...sparkMaps(site)];
const isFuel = (map: TuneMap): boolean => /^(fuel|ve)/.test(map.role);

/** Raw elements written one by one; excluded where the file holds none or they come out as they were. */
function editRaw(
  site: Site,
  map: TuneMap,
  raw: (index: number) => number,
): { bytes: Uint8Array; cells: number[] } | Excluded {
  const editor = site.edit();
  const changed: number[] = [];
  for (let index = 0; index < map.cells.length; index++) {
    const value = raw(index);
    if (map.raw === null || Object.is(map.raw[index], value)) continue;
    if (editor.setRaw(map, index, value) === null) return excluded(EXCLUSIONS.noRaw);
    changed.push(index);
  }
  if (map.raw === null) return excluded(EXCLUSIONS.noRaw);
  return changed.length === 0 ? excluded(EXCLUSIONS.belowQuantum) : { bytes: editor.bytes(), cells: changed };
}

function ofRaw(
  site: Site,
  map: TuneMap,
  raw: (index: number) => number,
  amplitude: string,
  floor: Injected['floor'],
  alone: Injected['alone'],
): Injected | Excluded {
  const edit = editRaw(site, map, raw);
  if ('kind' in edit) return edit;
  return { kind: 'injected', bytes: edit.bytes, maps: [map.id], cells: edit.cells, amplitude, floor, alone };
}

function erase(site: Site, draw: Draw): Injected | Excluded {
  const maps = surfaces(site);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const editor = site.edit();
  const ends = editor.ends(map);
  if (ends === null) return excluded(EXCLUSIONS.noRaw);
  const full = map.at!.signed ? -1 : ends.high;
  const share = draw.pick([0.55, 0.75, 0.95]);
  const from = draw.below(Math.max(1, Math.floor(map.cells.length * (1 - share))));
  const to = from + Math.ceil(map.cells.length * share);
  return ofRaw(
    site,
    map,
    (i) => (i >= from && i < to ? full : map.raw![i]!),
    `${Math.round(share * 100)} % of the table is 0xFF`,
    'critical',
    'critical',
  );
}

function zeroBlock(site: Site, draw: Draw): Injected | Excluded {
  const maps = fuelMaps(site).filter((m) => zone(site, m, 'fullLoad').filter((i) => m.cells[i]! > 0).length >= 4);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const cells = zone(site, map, 'fullLoad').filter((i) => map.cells[i]! > 0);
  const edit = editCells(site, map, cells, () => 0);
  if (edit.kind === 'excluded') return edit;
  if (edit.cells.some((c) => c.now > c.was * 0.1)) return excluded(EXCLUSIONS.clipped);
  return injected(edit, `no fuel in ${edit.cells.length} cells`, 'critical', 'high');
}

function zeroMap(site: Site, draw: Draw): Injected | Excluded {
  const maps = surfaces(site);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const edit = editCells(site, map, Array.from(map.cells.keys()), () => 0);
  if (edit.kind === 'excluded') return edit;
  // Fuel of nothing does not run; spark of nothing is the top dead centre: hot, and hardly any torque. In counts 0 may be some angle.
  const spark = perDegree(map).counts ? 'medium' : 'high';
  return injected(edit, 'every cell 0', isFuel(map) ? 'critical' : spark, 'medium');
}

function saturate(site: Site, draw: Draw): Injected | Excluded {
  const maps = surfaces(site);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const ends = site.edit().ends(map);
  const cells = zone(site, map, 'fullLoad');
  if (ends === null) return excluded(EXCLUSIONS.noRaw);
  if (cells.length < 4) return excluded(EXCLUSIONS.noZone);
  const inside = new Set(cells);
  return ofRaw(
    site,
    map,
    (i) => (inside.has(i) ? ends.high : map.raw![i]!),
    `${cells.length} cells at the end of their range`,
    'high',
    'low',
  );
}

/** A map in disorder is as bad as it is far from what it was: a flat one hardly notices. By its upper quarter. */
function byDisorder(edit: Edit, amplitude: string): Injected {
  const { unit } = perDegree(edit.map);
  const off = edit.cells
    .map((c) => (isFuel(edit.map) ? Math.abs(c.now / c.was - 1) * 100 : Math.abs(c.now - c.was) / unit))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const by = off[Math.floor(off.length * 0.75)] ?? 0;
  const bands: Bands = isFuel(edit.map) ? { low: 5, medium: 16, high: 40 } : { low: 3, medium: 8, high: 16 };
  const floor = classOf(by, bands);
  return injected(edit, amplitude, floor, floor === 'high' ? 'medium' : null);
}

function transpose(site: Site, draw: Draw): Injected | Excluded {
  const maps = surfaces(site);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const { rows, columns } = map;
  // Read by columns what was written by rows: the same cells in another order.
  const from = (i: number): number => (i % rows) * columns + Math.floor(i / rows);
  const moved = (i: number): number => map.cells[from(i)]!;
  const edit = editCells(site, map, Array.from(map.cells.keys()), (_, i) => moved(i));
  if (edit.kind === 'excluded') return edit;
  return byDisorder(edit, `${rows}x${columns} read as ${columns}x${rows}`);
}

function mirror(site: Site, draw: Draw): Injected | Excluded {
  const maps = surfaces(site);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const load = loadAxis(map)!;
  const { rows, columns } = map;
  const from = (i: number): number => {
    const [r, c] = [Math.floor(i / columns), i % columns];
    return load.axis === 'x' ? r * columns + (columns - 1 - c) : (rows - 1 - r) * columns + c;
  };
  const edit = editCells(site, map, Array.from(map.cells.keys()), (_, i) => map.cells[from(i)]!);
  if (edit.kind === 'excluded') return edit;
  return byDisorder(edit, 'the load axis the wrong way round');
}

/** A twin (another cylinder, gear, mode) pasted over; as bad as it makes full load. */
function wrongTwin(site: Site, draw: Draw): Injected | Excluded {
  const pairs: [TuneMap, TuneMap][] = [];
  for (const a of surfaces(site)) {
    for (const b of surfaces(site)) {
      if (a !== b && a.role === b.role && a.cells.length === b.cells.length && a.rows === b.rows && isSurface(b))
        pairs.push([a, b]);
    }
  }
  if (pairs.length === 0) return excluded('the file has no twin of the same size');
  const [map, twin] = draw.pick(pairs);
  const edit = editCells(site, map, Array.from(map.cells.keys()), (_, i) => twin.cells[i]!);
  if (edit.kind === 'excluded') return edit;
  const full = new Set(zone(site, map, 'fullLoad'));
  const { unit, counts } = perDegree(map);
  const bands: Bands = isFuel(map) ? LEANER : counts ? ADVANCED_COUNTS : ADVANCED;
  const at = edit.cells
    .filter((c) => full.has(c.index))
    .map((c) => (isFuel(map) ? (1 - c.now / c.was) * 100 : (c.now - c.was) / unit))
    .sort((a, b) => b - a);
  // The fourth worst cell: what a small block reaches.
  const by = at[3] ?? 0;
  const floor = classOf(by, bands);
  const richer = isFuel(map) ? classOf(-(at.at(-4) ?? 0), { low: 16, medium: 30 }) : null;
  const worst = floor ?? richer;
  if (worst === null) return excluded('the twins differ less at full load than the lowest band');
  return injected(edit, `${twin.title} over ${map.title}`.slice(0, 60), worst, null);
}

function brokenAxis(site: Site, draw: Draw, change: (raw: number[], axis: Axis) => number[] | null, amplitude: string) {
  const maps = surfaces(site);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const axis = draw.pick([speedAxis(map)!, loadAxis(map)!]);
  const own = axis.raw ?? (map.at === null ? axis.breakpoints : null);
  if (own === null) return excluded('the axis is not stored in the file');
  const values = change([...own], axis);
  if (values === null) return excluded(EXCLUSIONS.belowQuantum);
  const editor = site.edit();
  if (!editor.setAxis(axis, values)) return excluded('the axis is not stored in the file');
  return { map, axis, own, values, bytes: editor.bytes(), amplitude };
}

/** Cells that stand on changed breakpoints. */
function onBreakpoints(map: TuneMap, axis: Axis, own: readonly number[], values: readonly number[]): number[] {
  const at = (i: number): number => (axis.axis === 'x' ? i % map.columns : Math.floor(i / map.columns));
  return Array.from(map.cells.keys()).filter((i) => own[at(i)] !== values[at(i)]);
}

function unorderedAxis(site: Site, draw: Draw): Injected | Excluded {
  const broken = brokenAxis(
    site,
    draw,
    (raw) => {
      const i = 1 + draw.below(raw.length - 3);
      if (raw[i] === raw[i + 1]) return null;
      [raw[i], raw[i + 1]] = [raw[i + 1]!, raw[i]!];
      return raw;
    },
    'two breakpoints change places',
  );
  if ('kind' in broken) return broken;
  const { map, axis, own, values, bytes, amplitude } = broken;
  return {
    kind: 'injected',
    bytes,
    maps: [map.id],
    cells: onBreakpoints(map, axis, own, values),
    amplitude,
    floor: 'critical',
    alone: 'critical',
  };
}

function stretchedAxis(site: Site, draw: Draw): Injected | Excluded {
  const factor = draw.pick([0.8, 0.9, 1.12, 1.25]);
  const broken = brokenAxis(site, draw, (raw) => raw.map((v) => Math.round(v * factor)), `breakpoints x ${factor}`);
  if ('kind' in broken) return broken;
  const { map, axis, own, values, bytes, amplitude } = broken;
  if (values.at(-1) !== Math.round(own.at(-1)! * factor) || Math.max(...own) * factor > 65_535)
    return excluded(EXCLUSIONS.clipped);
  return {
    kind: 'injected',
    bytes,
    maps: [map.id],
    cells: onBreakpoints(map, axis, own, values),
    amplitude,
    floor: 'medium',
    alone: null,
  };
}

/** Share of the main maps that stand on the same engine-speed breakpoints. */
function sharesAxis(site: Site, map: TuneMap): number {
  const place = (m: TuneMap): number | undefined => speedAxis(m)?.at?.offsetBytes;
  const all = surfaces(site);
  return all.filter((m) => place(m) === place(map)).length / all.length;
}

/** The two axes of a map of equal counts exchanged, or the load breakpoints written over the speed's. */
function swappedAxes(site: Site, draw: Draw): Injected | Excluded {
  const maps = surfaces(site).filter((m) => speedAxis(m)?.raw != null && loadAxis(m)?.raw != null);
  if (maps.length === 0) return excluded('the axes are not stored in the file');
  const map = draw.pick(maps);
  const [speed, load] = [speedAxis(map)!, loadAxis(map)!];
  const padded = (values: readonly number[], count: number): number[] =>
    Array.from({ length: count }, (_, k) => values[k] ?? 0);
  const editor = site.edit();
  if (
    !editor.setAxis(speed, padded(load.raw!, speed.raw!.length)) ||
    !editor.setAxis(load, padded(speed.raw!, load.raw!.length))
  )
    return excluded('the axes are not stored in the file');
  return {
    kind: 'injected',
    bytes: editor.bytes(),
    maps: [map.id],
    cells: null,
    amplitude: 'speed and load exchanged',
    floor: 'high',
    alone: 'medium',
    orRefused: sharesAxis(site, map) > 0.5,
  };
}

/** A map pasted over one of another kind: the fuel of one over the spark of the other. */
function wrongUnit(site: Site, draw: Draw): Injected | Excluded {
  const [targets, spark] = [mapsOf(site, 'lambdaTarget').filter(isSurface), sparkMaps(site)];
  const choices = [...targets, ...spark.filter((m) => m.unitFrom !== 'none')];
  if (choices.length === 0) return excluded('the file has no mixture target and no spark in degrees');
  const map = draw.pick(choices);
  const isTarget = map.role === 'lambdaTarget';
  const median = [...map.cells].sort((a, b) => a - b)[map.cells.length >> 1]!;
  const factor = isTarget ? (median > 5 ? 1 / 14.7 : 14.7) : 2;
  const edit = editCells(site, map, Array.from(map.cells.keys()), (v) => v * factor);
  if (edit.kind === 'excluded') return edit;
  const reached = edit.cells.filter((c) => Math.abs(c.now - c.was * factor) < Math.abs(c.was) * 0.1).length;
  if (reached < map.cells.length * 0.6) return excluded(EXCLUSIONS.clipped);
  const text = isTarget
    ? median > 5
      ? 'air-fuel ratio written as lambda'
      : 'lambda written as air-fuel ratio'
    : 'half degrees written as degrees';
  return injected(edit, text, 'high', atMost('high', 'medium'));
}

export const encodingFaults: Fault[] = [
  {
    id: 'erased-block',
    title: 'More than half of a map erased (0xFF)',
    reason:
      'Flash that was not written: the ECU reads the end of the range, whatever that means. It will not run, or not long.',
    needsNoReference: true,
    ends: 'finding',
    inject: erase,
  },
  {
    id: 'zero-block',
    title: 'No fuel in the full-load cells',
    reason:
      'The cylinder goes dry at full load, or nearly so beside its neighbours. A map by itself shows it: no engine idles on fuel and has none at full throttle.',
    needsNoReference: true,
    ends: 'finding',
    inject: zeroBlock,
  },
  {
    id: 'zero-map',
    title: 'A whole fuel or spark map of zeros',
    reason:
      'No fuel, or spark at top dead centre. Another map may be the live one, so that without stock it is for a person to say.',
    needsNoReference: true,
    ends: 'finding',
    inject: zeroMap,
  },
  {
    id: 'saturated-map',
    title: 'Full load at the end of the number range',
    reason:
      'The wanted value was larger and was cut: rich beyond firing, or spark far past any. Factory maps touch the end too, so that alone it is a note of low.',
    needsNoReference: false,
    ends: 'finding',
    inject: saturate,
  },
  {
    id: 'transposed-map',
    title: 'A map written by columns instead of rows',
    reason:
      'Every cell is some other cell. Judged by its upper quarter of changes: a flat map hardly notices, a steep one neither fires nor lives. Without stock only disorder of the worst kind shows.',
    needsNoReference: false,
    ends: 'finding',
    inject: transpose,
  },
  {
    id: 'mirrored-load',
    title: 'A map written with its load axis the wrong way round',
    reason:
      'Idle fuel at full throttle: it stalls or melts, as far as the map rises at all. Judged as the transposed one.',
    needsNoReference: false,
    ends: 'finding',
    inject: mirror,
  },
  {
    id: 'wrong-twin-copy',
    title: 'The map of another cylinder, gear or mode pasted over',
    reason: 'As bad as it makes full load: judged as the lean or advanced block that it is.',
    needsNoReference: false,
    ends: 'finding',
    inject: wrongTwin,
  },
  {
    id: 'axis-not-monotonic',
    title: 'Two breakpoints of a main axis out of order',
    reason: 'Interpolation is undefined there: the ECU may use any cell.',
    needsNoReference: true,
    ends: 'finding',
    inject: unorderedAxis,
  },
  {
    id: 'axis-stretched',
    title: 'Breakpoints scaled and the cells left',
    reason: 'Every cell applies at another speed or load than it was made for. Without stock nobody can see it.',
    needsNoReference: false,
    ends: 'finding',
    inject: stretchedAxis,
  },
  {
    id: 'swapped-axes',
    title: 'Engine speed and load exchanged',
    reason:
      'The ECU looks up the wrong line for both. Where more than half of the main maps stand on these breakpoints, nothing is left that shows whose file it is: refusing it is as good an answer.',
    needsNoReference: false,
    ends: 'finding',
    inject: swappedAxes,
  },
  {
    id: 'wrong-unit',
    title: 'A map in another unit than the ECU expects',
    reason: 'Lambda for air-fuel ratio, half degrees for degrees: fourteen times or twice what was meant.',
    needsNoReference: false,
    ends: 'finding',
    inject: wrongUnit,
  },
];
