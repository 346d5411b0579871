/** The map in whose cells a ride is placed, and where between its breakpoints a moment lies. */
import type { Axis, Quantity, Tune, TuneFacts, TuneMap } from '../model.ts';
import { loadAxisOf, speedAxisOf } from '../regions.ts';
import { toUnit } from './channels.ts';
import type { ChannelId } from './log-data.ts';

/** Breakpoints in rising order with their places in the map. */
interface SortedAxis {
  at: Float64Array;
  index: Int32Array;
}

export interface Grid {
  map: TuneMap;
  /** The channel that its load axis asks for. */
  channel: ChannelId;
  /** From the channel's unit to the axis': value * factor + offset. */
  factor: number;
  offset: number;
  speed: SortedAxis;
  load: SortedAxis;
  speedIsRow: boolean;
}

const CHANNEL_OF: Partial<Record<Quantity, ChannelId>> = {
  throttle: 'throttle',
  throttleAngle: 'throttleAngle',
  grip: 'grip',
  intakePressure: 'pressure',
  load: 'load',
};

/** A load that a tune leaves open follows its algorithm. */
function channelOf(axis: Axis, facts: TuneFacts, has: ReadonlySet<ChannelId>): ChannelId | null {
  const own = CHANNEL_OF[axis.quantity];
  if (own !== undefined && has.has(own)) return own;
  if (axis.quantity !== 'load') return null;
  const by = /alpha/i.test(facts.loadAlgorithm ?? '')
    ? 'throttle'
    : /density/i.test(facts.loadAlgorithm ?? '')
      ? 'pressure'
      : null;
  return by !== null && has.has(by) ? by : null;
}

function sorted(axis: Axis): SortedAxis {
  const points = axis.breakpoints
    .map((at, index) => ({ at, index }))
    .filter((p) => Number.isFinite(p.at))
    .sort((a, b) => a.at - b.at);
  return { at: Float64Array.from(points, (p) => p.at), index: Int32Array.from(points, (p) => p.index) };
}

/** Null: the map has no engine speed and load that the logs hold. */
export function gridOf(map: TuneMap, facts: TuneFacts, has: ReadonlySet<ChannelId>): Grid | null {
  const [speed, load] = [speedAxisOf(map), loadAxisOf(map)];
  if (map.kind !== 'map' || speed === null || load === null || speed === load) return null;
  const channel = channelOf(load, facts, has);
  if (channel === null) return null;
  const unit = channel === 'pressure' ? 'kPa' : channel === 'throttle' || channel === 'grip' ? '%' : '';
  const from = unit === '' ? ([1, 0] as const) : toUnit(load.unit, unit);
  if (from === null) return null;
  return {
    map,
    channel,
    factor: 1 / from[0],
    offset: -from[1] / from[0],
    speed: sorted(speed),
    load: sorted(load),
    speedIsRow: speed.axis === 'y',
  };
}

const ROLES = ['ve', 'fuel', 'lambdaTarget', 'spark'];

/** Fuel maps first, since they are what a log corrects; of several the one by throttle, which governs full load. */
export function pickGrid(tune: Tune, has: ReadonlySet<ChannelId>): Grid | null {
  for (const role of ROLES) {
    const grids = tune.maps
      .filter((m) => m.role === role && !m.unset && m.inUse !== false && m.confidence !== 'guessed')
      .flatMap((m) => gridOf(m, tune.facts, has) ?? []);
    const best = grids.find((g) => g.channel === 'throttle') ?? grids[0];
    if (best !== undefined) return best;
  }
  return null;
}

/** The four cells around a moment and how near it is to each. */
export interface Place {
  cells: Int32Array;
  weights: Float64Array;
}

export const newPlace = (): Place => ({ cells: new Int32Array(4), weights: new Float64Array(4) });

/** Breakpoint below, and the share of the step to the next; outside, the last breakpoint, as an ECU does. */
function between({ at }: SortedAxis, value: number): [number, number] {
  let low = 0;
  let high = at.length - 1;
  if (!(value > at[0]!)) return [0, 0];
  if (value >= at[high]!) return [Math.max(0, high - 1), at.length > 1 ? 1 : 0];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= value) low = middle;
    else high = middle;
  }
  const step = at[high]! - at[low]!;
  return [low, step === 0 ? 0 : (value - at[low]!) / step];
}

/** Writes the four cells and their weights, which add up to 1, into `place`. `load` in the unit of the axis. */
export function placeAt(grid: Grid, rpm: number, load: number, place: Place): void {
  const [i, u] = between(grid.speed, rpm);
  const [j, v] = between(grid.load, load);
  const speeds = [grid.speed.index[i]!, grid.speed.index[Math.min(i + 1, grid.speed.index.length - 1)]!];
  const loads = [grid.load.index[j]!, grid.load.index[Math.min(j + 1, grid.load.index.length - 1)]!];
  for (let k = 0; k < 4; k++) {
    const n = speeds[k >> 1]!;
    const l = loads[k & 1]!;
    place.cells[k] = grid.speedIsRow ? n * grid.map.columns + l : l * grid.map.columns + n;
    place.weights[k] = (k >> 1 ? u : 1 - u) * (k & 1 ? v : 1 - v);
  }
}

/** A map's value at a moment, straight lines between its breakpoints. */
export function valueAt(grid: Grid, cells: Float64Array, rpm: number, load: number, place: Place): number {
  placeAt(grid, rpm, load, place);
  let value = 0;
  for (let k = 0; k < 4; k++) if (place.weights[k]! > 0) value += cells[place.cells[k]!]! * place.weights[k]!;
  return value;
}
