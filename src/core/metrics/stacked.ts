/**
 * What the engine gets at full load is no single map: base, corrections, trims and constants act together. A change spread over several of
 * them, or hidden in one that is small by itself, is summed here at a warm engine, by the worst cell of each.
 */
import type { Axis, TuneMap } from '../model.ts';
import type { RegionMasks } from '../regions.ts';
import type { StockOfMap } from '../stock.ts';
import { finiteCells, isLive, isRole, type Measured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  spark: 'spark.stacked.overStock.max',
  fuel: 'fuel.stacked.leanerThanStock.max',
  sparkAdded: 'spark.addedByTrims.max',
  fuelTaken: 'fuel.takenByTrims.max',
} as const;

/** Where a warm engine under load is, by what an axis holds: a correction counts by its cells in there. */
const WARM: Partial<Record<Axis['quantity'], [number, number]>> = {
  coolantTemperature: [70, 110],
  airTemperature: [10, 60],
  barometricPressure: [85, 105],
  batteryVoltage: [12.5, 14.8],
};

/** What one map does to fuel or spark now, and did in stock: by cell. */
interface Share {
  map: TuneMap;
  /** Cylinders and their like: only one of a group acts at a time. */
  group: string;
  cells: { index: number; now: number; was: number }[];
}

/** Cells that a warm engine under load meets; all where no axis says. */
function metCells(map: TuneMap, region: RegionMasks | undefined): number[] {
  const all = Array.from(map.cells.keys());
  if (map.kind === 'map' && region?.known === true && region.highLoad.includes(1))
    return all.filter((i) => region.highLoad[i] === 1);
  let met = all;
  for (const axis of map.axes) {
    const range = axis.known ? WARM[axis.quantity] : undefined;
    if (range === undefined) continue;
    const fahrenheit = /^°?F$/i.test(axis.unit);
    const at = (i: number): number => {
      const value = axis.breakpoints[axis.axis === 'x' ? i % map.columns : Math.floor(i / map.columns)]!;
      return fahrenheit ? (value - 32) / 1.8 : value;
    };
    const inside = met.filter((i) => at(i) >= range[0] && at(i) <= range[1]);
    // Between breakpoints that lie on both sides of it: the nearest one.
    const off = (i: number): number => Math.max(range[0] - at(i), at(i) - range[1]);
    const nearest = Math.min(...met.map(off).filter(Number.isFinite));
    met = inside.length > 0 ? inside : met.filter((i) => off(i) === nearest);
  }
  return met;
}

const groupOf = (map: TuneMap): string => `${map.role} ${map.title.replace(/\d+/g, '#')}`;
const isTrim = (map: TuneMap): boolean => isRole(map, 'fuel.trim') || /^ignTrims\d+_table$/i.test(map.title);

/** Cells of a map through a meaning, beside stock's; what was switched off in stock, or is not known, did nothing. */
function shareOf(
  map: TuneMap,
  known: StockOfMap | undefined,
  input: MeasureInput,
  { means, nothing }: { means(value: number): number; nothing: number },
): Share | null {
  const before = known?.equal === true ? (known.map ?? map) : known?.map;
  const off = before?.inUse === false || (known === undefined && (isTrim(map) || isSecond(map)));
  if (before == null && !off) return null;
  const cells = metCells(map, input.regions.byMap.get(map.id))
    .map((index) => ({ index, now: means(map.cells[index]!), was: off ? nothing : means(before!.cells[index]!) }))
    .filter((c) => Number.isFinite(c.now) && Number.isFinite(c.was));
  return cells.length === 0 ? null : { map, group: groupOf(map), cells };
}

const isSecond = (map: TuneMap): boolean => map.role === 've.second' || map.role === 'spark.second';

/** Degrees that a map adds to the base; a table of retard takes them away. */
function sparkShares(input: MeasureInput): Share[] {
  const second = input.tune.facts.settings['spark2Mode'] ?? '';
  return input.tune.maps
    .filter(
      (m) => isLive(m) && m.kind !== 'flag' && m.kind !== 'patch' && m.unitFrom !== 'none' && /^(°|deg)/i.test(m.unit),
    )
    .filter((m) =>
      m.role === 'spark.second'
        ? /^add/i.test(second) && m.inUse === true
        : (m.role === 'correction.spark' || m.role === 'spark.trim') &&
          m.kind !== 'scalar' &&
          !/idle|decel|limit|gain/i.test(m.title),
    )
    .flatMap((map) => {
      const sign = /ret(ard|rates)?\b|retard|iatRet/i.test(map.title) ? -1 : 1;
      const share = shareOf(map, input.stock?.maps.get(map.id), input, { means: (v) => sign * v, nothing: 0 });
      return share === null ? [] : [share];
    });
}

const FLOW = /^(injector_flow|injector (size|scaling))$/i;

/** The fuel that a map multiplies the base by: 1 is no correction. */
function fuelShares(input: MeasureInput): Share[] {
  const { maps, facts } = input.tune;
  const second = facts.settings['fuel2Mode'] ?? '';
  const shares: Share[] = [];
  for (const map of maps) {
    if (!isLive(map) || map.kind === 'flag' || map.kind === 'patch') continue;
    const known = input.stock?.maps.get(map.id);
    const reference = known?.map ?? map;
    const most = Math.max(...finiteCells(reference).map(Math.abs));
    let means: ((v: number) => number) | null = null;
    if (FLOW.test(map.title)) means = (v) => 1 / v;
    else if (
      isRole(map, 'injector.requiredFuel') ||
      (map.title === 'displacement' && maps.some((m) => m.title === 'injector_flow'))
    )
      means = (v) => v;
    else if (map.role === 've.second') means = /^mult/i.test(second) && map.inUse === true ? (v) => v / 100 : null;
    else if (
      /^(correction(\.(airTemperature|barometric|engineTemperature))?|enrichment\.warmup|fuel\.trim|correction\.cylinder)$/.test(
        map.role,
      )
    ) {
      if (map.unit === '%' && map.unitFrom !== 'none') means = most >= 60 ? (v) => v / 100 : (v) => 1 + v / 100;
      else if (/^(ratio|multiplier|factor)$/i.test(map.unit) && most < 5) means = (v) => v;
    }
    if (means === null) continue;
    const share = shareOf(map, known, input, { means, nothing: 1 });
    // A factor of nothing is the fault of another rule.
    if (share?.cells.every((c) => c.was > 0)) shares.push(share);
  }
  return shares;
}

interface Worst extends Share {
  /** Degrees added, or the factor that is left of the fuel. */
  by: number;
}

/** The worst map of each group. */
function worstOfGroups(shares: readonly Share[], change: (c: Share['cells'][number]) => number, sign: 1 | -1): Worst[] {
  const groups = new Map<string, Worst>();
  for (const share of shares) {
    const by = Math.max(...share.cells.map((c) => sign * change(c))) * sign;
    const known = groups.get(share.group);
    if (known === undefined || (by - known.by) * sign > 0) groups.set(share.group, { ...share, by });
  }
  return [...groups.values()];
}

/** Highest of the tune over stock among the full-load cells of the base maps; the least where `sign` is -1. */
function baseChange(
  input: MeasureInput,
  role: RegExp,
  change: (now: number, was: number) => number,
  sign: 1 | -1,
): number | null {
  const found: number[] = [];
  for (const map of input.tune.maps) {
    const known = input.stock?.maps.get(map.id);
    const region = input.regions.byMap.get(map.id);
    if (!role.test(map.role) || !isLive(map) || map.kind !== 'map' || region?.known !== true) continue;
    if (known === undefined || (known.map === null && !known.equal)) continue;
    for (let i = 0; i < map.cells.length; i++) {
      if (region.highLoad[i] !== 1) continue;
      const value = change(map.cells[i]!, known.map === null ? map.cells[i]! : known.map.cells[i]!);
      if (Number.isFinite(value)) found.push(value);
    }
  }
  return found.length === 0 ? null : found.reduce((a, b) => ((b - a) * sign > 0 ? b : a));
}

/** Below these a share is rounding: degrees, and hundredths of the fuel. */
const LEAST_DEGREES = 0.5;
const LEAST_FUEL = 0.01;

function measure(input: MeasureInput): Metric[] {
  const against = input.stock?.kind === 'stockFile';
  return [...spark(input, against), ...fuel(input, against)];
}

function metricOf(
  id: string,
  unit: string,
  worst: Worst,
  value: number,
  measure: (c: Share['cells'][number]) => number,
  names: Worst[],
  facts: Metric['facts'],
  reference: Metric['reference'],
): Metric {
  const cells: Measured[] = worst.cells
    .map((c) => ({ index: c.index, measure: measure(c) }))
    .filter((c) => c.measure > 0);
  const metric = worstCell(id, unit, worst.map, cells, { worse: 'above', atEase: 0, reference });
  return { ...metric, value, facts: { ...facts, names: names.map((w) => w.map.title).join(', ') } };
}

function spark(input: MeasureInput, against: boolean): Metric[] {
  const shares = sparkShares(input).filter((s) => against || isTrim(s.map) || isSecond(s.map));
  const groups = worstOfGroups(shares, (c) => c.now - c.was, 1);
  const moved = groups.filter((g) => Math.abs(g.by) >= LEAST_DEGREES);
  const worst = moved.reduce<Worst | null>((a, b) => (a === null || b.by > a.by ? b : a), null);
  if (worst === null || worst.by < LEAST_DEGREES) return [];
  const added = moved.reduce((sum, g) => sum + g.by, 0);
  const base = against ? (baseChange(input, /^spark$/, (now, was) => now - was, 1) ?? 0) : 0;
  const id = against ? ID.spark : ID.sparkAdded;
  return [
    metricOf(
      id,
      '°',
      worst,
      Math.max(0, base + added),
      (c) => c.now - c.was,
      moved,
      { base, added },
      against ? input.stock!.kind : 'absolute',
    ),
  ];
}

function fuel(input: MeasureInput, against: boolean): Metric[] {
  const shares = fuelShares(input).filter((s) => against || isTrim(s.map) || isSecond(s.map));
  const groups = worstOfGroups(shares, (c) => c.now / c.was, -1);
  const moved = groups.filter((g) => Math.abs(1 - g.by) >= LEAST_FUEL);
  // The required fuel has a rule of its own: with nothing beside it there is nothing to sum.
  const own = moved.filter((g) => !isRole(g.map, 'injector.requiredFuel'));
  const worst = own.reduce<Worst | null>((a, b) => (a === null || b.by < a.by ? b : a), null);
  if (worst === null || worst.by > 1 - LEAST_FUEL) return [];
  const factor = moved.reduce((product, g) => product * g.by, 1);
  const base = against
    ? (baseChange(input, /^(fuel|ve|fuel\.main)$/, (now, was) => (was > 0 ? now / was : Number.NaN), -1) ?? 1)
    : 1;
  const value = Math.max(0, (1 - factor * base) * 100);
  const id = against ? ID.fuel : ID.fuelTaken;
  return [
    metricOf(
      id,
      '%',
      worst,
      value,
      (c) => (1 - c.now / c.was) * 100,
      moved,
      { base: (1 - base) * 100, added: (1 - factor) * 100 },
      against ? input.stock!.kind : 'absolute',
    ),
  ];
}

export const family: MetricFamily = {
  id: 'stacked',
  metrics: [
    { id: ID.spark, unit: '°', title: 'Spark over stock at full load, base and corrections together', worse: 'above' },
    {
      id: ID.fuel,
      unit: '%',
      title: 'Fuel under stock at full load, base, corrections and constants together',
      worse: 'above',
    },
    { id: ID.sparkAdded, unit: '°', title: 'Spark that trims and second tables add at full load', worse: 'above' },
    { id: ID.fuelTaken, unit: '%', title: 'Fuel that trims and second tables take away at full load', worse: 'above' },
  ],
  measure,
};
