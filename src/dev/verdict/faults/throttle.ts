/** Faults of ride-by-wire: what the grip does to the plates. */
import type { Axis, TuneMap } from '../../../core/model.ts';
import type { Draw } from '../draw.ts';
import { classOf, EXCLUSIONS, type Excluded, excluded, type Fault, type Injected } from '../fault.ts';
import { mapsOf, type Site } from '../site.ts';
import { editCells, injected } from './surface.ts';

const plates = (site: Site): TuneMap[] =>
  mapsOf(site, 'throttle').filter((m) => m.kind === 'map' && m.cells.length >= 36 && gripOf(m) !== null);
const gripOf = (map: TuneMap): Axis | null =>
  map.axes.find((a) => /^(grip|throttle|throttleAngle)$/.test(a.quantity) && a.known && a.breakpoints.length > 4) ??
  null;

function gripShare(map: TuneMap, index: number): number {
  const grip = gripOf(map)!;
  const [low, high] = [Math.min(...grip.breakpoints), Math.max(...grip.breakpoints)];
  return (
    (grip.breakpoints[grip.axis === 'x' ? index % map.columns : Math.floor(index / map.columns)]! - low) / (high - low)
  );
}
const speedAt = (map: TuneMap, index: number): number => {
  const speed = map.axes.find((a) => a.quantity === 'engineSpeed' && a.known);
  if (speed === undefined) return Number.NaN;
  return speed.breakpoints[speed.axis === 'x' ? index % map.columns : Math.floor(index / map.columns)]!;
};

function plateFault(change: 'steep' | 'falling' | 'open') {
  return (site: Site, draw: Draw): Injected | Excluded => {
    const maps = plates(site);
    if (maps.length === 0) return excluded('the file has no throttle map over grip');
    const map = draw.pick(maps);
    const most = Math.max(...map.cells);
    const cells = Array.from(map.cells.keys()).filter((i) => {
      const g = gripShare(map, i);
      if (change === 'steep') return g >= 0.25 && g <= 0.6 && map.cells[i]! < most * 0.75;
      if (change === 'falling') return g >= 0.5 && g <= 0.7 && map.cells[i]! > most * 0.35;
      return g <= 0.001 && !(speedAt(map, i) > 2_400);
    });
    if (cells.length < 2) return excluded(EXCLUSIONS.noZone);
    const by = draw.pick([6, 9, 15]);
    const edit = editCells(site, map, cells, (v) =>
      change === 'steep' ? most : change === 'falling' ? v - most * 0.3 : v + (most * by) / 100,
    );
    if (edit.kind === 'excluded') return edit;
    if (change === 'steep') {
      const opened = Math.max(...edit.cells.map((c) => ((c.now - c.was) / most) * 100));
      const floor = classOf(opened, { low: 12, medium: 28, high: 62 });
      return injected(
        edit,
        `fully open from a quarter of the grip (+${Math.round(opened)} %)`,
        floor,
        floor === null ? null : 'low',
      );
    }
    if (change === 'falling') return injected(edit, 'closes by 30 % as the grip opens', 'critical', 'critical');
    return injected(edit, `${by} % open with the grip closed`, 'critical', null);
  };
}

export const throttleFaults: Fault[] = [
  {
    id: 'throttle-steep',
    title: 'Plates fully open from a quarter of the grip',
    reason: 'The rider asks for a quarter and gets it all: thirty percent more is a surprise, sixty throws him.',
    needsNoReference: false,
    ends: 'finding',
    inject: plateFault('steep'),
  },
  {
    id: 'throttle-falls',
    title: 'Plates close as the grip opens',
    reason: 'The bike slows as the rider opens, and lunges after it.',
    needsNoReference: true,
    ends: 'finding',
    inject: plateFault('falling'),
  },
  {
    id: 'throttle-open-when-closed',
    title: 'Plates open with the grip closed',
    reason: 'It drives on when the rider closes: six percent pushes a superbike past thirty km/h.',
    needsNoReference: false,
    ends: 'finding',
    inject: plateFault('open'),
  },
];
