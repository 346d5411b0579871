/** Axes and encoding: what makes a table unreadable for the ECU, whatever it holds. */

import type { Axis, TuneMap } from '../model.ts';
import { isMonotonic } from '../monotonic.ts';
import { type RegionMasks, speedAxisOf } from '../regions.ts';
import { finiteCells, isLive, isRole, type Measured, single, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const BROKEN = 'axis.notMonotonic.count';
const DUPLICATE = 'axis.duplicateBreakpoints.count';
const GAP = 'axis.speed.gapToLimiter.percent';
const ERASED = 'map.erasedBlock.share';
const SATURATED = 'map.saturated.percent';
const RANGE = 'map.outsideDefinitionRange.count';
const ZERO = 'map.allZero.count';
const DRY = 'map.fullLoad.zero.count';
const DISAGREE = 'axis.duplicateBreakpoints.step.max';
const CHECKSUM = 'file.checksum.wrong.count';

/** Maps whose table the engine reads all the time. */
const isActive = (map: TuneMap): boolean => /^(fuel|ve|spark|lambdaTarget)$/.test(map.role) && map.kind === 'map';

function measure(input: MeasureInput): Metric[] {
  const { tune, stock, regions } = input;
  const metrics: Metric[] = [];
  for (const map of tune.maps) {
    if (map.kind !== 'map' && map.kind !== 'curve') continue;
    const factory = stock?.maps.get(map.id)?.equal === true;
    const reference = factory ? stock!.kind : 'absolute';
    if (
      isLive(map) &&
      map.confidence !== 'guessed' &&
      map.axes.some((a) => a.known && a.breakpoints.length > 2 && isStored(a, map))
    ) {
      const axes = map.axes.filter((a) => a.known && a.breakpoints.length > 2 && isStored(a, map));
      const broken = axes.filter((a) => !isMonotonic(a.raw ?? a.breakpoints)).length;
      metrics.push({
        ...worstCell(BROKEN, 'axes', map, onWrongBreakpoints(map, axes), { worse: 'above', atEase: 0, reference }),
        value: broken,
        facts: { axes: axes.length },
      });
      if (isActive(map)) metrics.push(disagreement(map, axes, factory, reference));
      metrics.push(single(DUPLICATE, 'breakpoints', map, Math.max(0, ...axes.map(duplicates)), { reference }));
    }
    if (!isActive(map)) continue;
    metrics.push(erasedBlock(map, factory, reference));
    if (!isLive(map)) continue;
    const speed = speedAxisOf(map);
    const limiter = limiterFor(map, input);
    if (speed !== null && limiter !== null && map.confidence !== 'guessed') {
      const last = Math.max(...speed.breakpoints.filter(Number.isFinite));
      metrics.push(
        single(GAP, '%', map, factory ? 0 : Math.max(0, (1 - last / limiter.rpm) * 100), {
          reference,
          facts: { last, limiter: limiter.rpm, own: limiter.own ? 1 : 0 },
        }),
      );
    }
    metrics.push(dryCells(map, regions.byMap.get(map.id), factory, reference));
    metrics.push(saturated(map, regions.byMap.get(map.id)?.reachable ?? null, factory, reference));
    const zeros = finiteCells(map).filter((v) => v !== 0).length === 0 ? 1 : 0;
    if (map.raw === null)
      metrics.push(single(ZERO, 'maps', map, zeros, { reference, facts: { others: othersOf(map, tune.maps) } }));
  }
  return [...metrics, ...definitionRange(tune.maps), ...checksum(tune)];
}

/** Where the engine stops: of the motorcycle or its stock; else the lowest hard limiter that the file itself has in use. */
function limiterFor(map: TuneMap, { tune, regions }: MeasureInput): { rpm: number; own: boolean } | null {
  const { limiterRpm, limiterFrom } = regions;
  if (limiterRpm !== null && limiterFrom !== 'axis') return { rpm: limiterRpm, own: false };
  // A mixture target may end early: past its end the last column holds, which is the richest.
  if (!/^(ve|spark)$/.test(map.role)) return null;
  const own = tune.maps
    .filter((m) => m.role === 'revLimiter.hard' && m.unit === 'rpm' && isLive(m))
    // Over temperature the warm engine may turn fastest.
    .map((m) => Math.max(...finiteCells(m)))
    .filter((rpm) => rpm > 0);
  return own.length === 0 ? null : { rpm: Math.min(...own), own: true };
}

/** What the decoder found where the definition knows the checksum. */
function checksum({ facts }: MeasureInput['tune']): Metric[] {
  const said = facts.settings['revsync.checksum'];
  return said === undefined ? [] : [single(CHECKSUM, 'sums', null, said === 'wrong' ? 1 : 0)];
}

/** Full-load cells at nothing: no fuel, no target, raw zero of spark. No factory map holds one. */
function dryCells(
  map: TuneMap,
  region: RegionMasks | undefined,
  factory: boolean,
  reference: Metric['reference'],
): Metric {
  // Degrees may well be zero (boosted engines retard that far): other rules judge them. Counts may not.
  const degrees = map.role === 'spark' && map.unitFrom !== 'none';
  const cells = map.raw ?? map.cells;
  const inReach = (index: number): boolean => region?.known === true && region.highLoad[index] === 1;
  const zero: Measured[] =
    factory || degrees
      ? []
      : Array.from(cells, (v, index) => ({ index, v }))
          .filter((c) => c.v === 0 && inReach(c.index))
          .map(({ index }) => ({ index, measure: 1 }));
  // A map that is zero throughout is blank, which another rule says.
  const blank = cells.every((v) => v === 0);
  return {
    ...worstCell(DRY, 'cells', map, blank ? [] : zero, { worse: 'above', atEase: 0, reference }),
    value: blank ? 0 : zero.length,
  };
}

/** Cells on the breakpoints that stand on the wrong side of their neighbours. */
function onWrongBreakpoints(map: TuneMap, axes: readonly Axis[]): Measured[] {
  const found: Measured[] = [];
  for (const axis of axes) {
    const values = axis.raw ?? axis.breakpoints;
    if (isMonotonic(values)) continue;
    const up = values.filter((v, i) => i > 0 && v > values[i - 1]!).length * 2 >= values.length - 1;
    const wrong = new Set<number>();
    for (let i = 1; i < values.length; i++) {
      const step = values[i]! - values[i - 1]!;
      if (up ? step < 0 : step > 0) wrong.add(i).add(i - 1);
    }
    for (let index = 0; index < map.cells.length; index++) {
      const at = axis.axis === 'x' ? index % map.columns : Math.floor(index / map.columns);
      if (wrong.has(at)) found.push({ index, measure: 1 });
    }
  }
  return found;
}

/** Two breakpoints of one value whose cells differ: which of them counts is chance. Percent of the larger cell. */
function disagreement(map: TuneMap, axes: Axis[], factory: boolean, reference: Metric['reference']): Metric {
  const measured: Measured[] = [];
  for (const axis of factory ? [] : axes) {
    const step = axis.axis === 'x' ? 1 : map.columns;
    for (let index = 0; index < map.cells.length; index++) {
      const at = axis.axis === 'x' ? index % map.columns : Math.floor(index / map.columns);
      if (at === 0 || axis.breakpoints[at] !== axis.breakpoints[at - 1]) continue;
      const [a, b] = [map.cells[index - step]!, map.cells[index]!];
      const percent = (Math.abs(a - b) / Math.max(1e-9, Math.abs(a), Math.abs(b))) * 100;
      if (Number.isFinite(percent)) measured.push({ index, measure: percent });
    }
  }
  return worstCell(DISAGREE, '%', map, measured, { worse: 'above', atEase: 0, reference });
}

/** Live maps of the same kind that hold something: a blank one beside them may not be in use. */
export function othersOf(map: TuneMap, maps: readonly TuneMap[]): number {
  const base = map.role.split('.')[0];
  const { cylinder, bank, gear } = map.variant;
  // The map of another cylinder, bank or gear does not stand in for this one.
  const standsIn = ({ variant }: TuneMap): boolean =>
    variant.cylinder === cylinder && variant.bank === bank && variant.gear === gear;
  return maps.filter(
    (m) =>
      m !== map &&
      standsIn(m) &&
      m.role.split('.')[0] === base &&
      m.kind === map.kind &&
      isLive(m) &&
      new Set(m.cells).size > 3,
  ).length;
}

/** A fixed list is the author's text, not the ECU's axis; a self-describing tune stores its axes without places. */
const isStored = (axis: Axis, map: TuneMap): boolean => axis.raw !== null || (map.at === null && axis.labels === null);

function duplicates(axis: Axis): number {
  const values = axis.breakpoints;
  // Padding at the top end repeats the last breakpoint on purpose.
  let end = values.length;
  while (end > 1 && values[end - 1] === values[end - 2]) end--;
  let start = 0;
  while (start + 1 < end && values[start] === values[start + 1]) start++;
  let count = 0;
  for (let i = start + 1; i < end; i++) if (values[i] === values[i - 1]) count++;
  return count;
}

/** Longest run of 0x00 or erased elements, as a share of the table. */
function erasedBlock(map: TuneMap, factory: boolean, reference: Metric['reference']): Metric {
  const { raw, at } = map;
  const full = at === null ? Number.NaN : at.signed ? -1 : 2 ** (8 * at.elementBytes) - 1;
  let longest = 0;
  let where = 0;
  let run = 0;
  if (raw !== null && !factory) {
    for (let i = 0; i < raw.length; i++) {
      const same = i > 0 && raw[i] === raw[i - 1];
      run = raw[i] === full ? (same ? run + 1 : 1) : 0;
      if (run > longest) [longest, where] = [run, i - run + 1];
    }
  }
  const bytes = longest * (at?.elementBytes ?? 1);
  const value = bytes >= 16 ? (longest / map.cells.length) * 100 : 0;
  return single(ERASED, '%', map, value, { reference, index: where, facts: { cells: longest } });
}

/** Reachable cells at the largest value that the element can hold: the wanted value was larger. */
function saturated(
  map: TuneMap,
  reachable: Uint8Array | null,
  factory: boolean,
  reference: Metric['reference'],
): Metric {
  const measured: Measured[] = [];
  const { raw, at } = map;
  if (raw !== null && at !== null && !at.float && !factory && !map.unset) {
    const full = at.signed ? 2 ** (8 * at.elementBytes - 1) - 1 : 2 ** (8 * at.elementBytes) - 1;
    for (let i = 0; i < raw.length; i++)
      if (raw[i] === full && reachable?.[i] !== 0) measured.push({ index: i, measure: 100 });
  }
  return {
    ...worstCell(SATURATED, '%', map, measured, { worse: 'above', atEase: 0, reference }),
    value: (measured.length / map.cells.length) * 100,
  };
}

/** Share of negative cells from which on it is the encoding, not a broken cell. */
const FLAG_SHARE = 0.1;

/** Physically impossible values, which no definition and no engine can mean. */
function definitionRange(maps: TuneMap[]): Metric[] {
  return maps
    .filter((m) => isLive(m) && m.unitFrom !== 'none' && m.confidence !== 'guessed' && m.kind === 'map')
    .filter((m) => m.role === 'fuel' || isRole(m, 'lambdaTarget'))
    .map((map) => {
      const measured: Measured[] = [];
      for (const [index, value] of map.cells.entries()) {
        const impossible = map.role === 'fuel' ? value < 0 : false;
        if (impossible) measured.push({ index, measure: 1 });
      }
      // So many that they cannot be damage: the definition reads a flag bit as a sign (Nissan S13 "AFR" 194 and -188).
      if (measured.length > map.cells.length * FLAG_SHARE)
        return unmeasured(
          RANGE,
          'cells',
          map,
          'so many cells are negative that the definition must read a flag bit as a sign',
        );
      return { ...worstCell(RANGE, 'cells', map, measured, { worse: 'above', atEase: 0 }), value: measured.length };
    });
}

export const family: MetricFamily = {
  id: 'axes',
  metrics: [
    { id: BROKEN, unit: 'axes', title: 'Axes that neither rise nor fall', worse: 'above' },
    { id: DUPLICATE, unit: 'breakpoints', title: 'Breakpoints that stand twice', worse: 'above' },
    { id: GAP, unit: '%', title: 'How far the engine turns past the last breakpoint', worse: 'above' },
    { id: ERASED, unit: '%', title: 'Longest run of erased cells', worse: 'above' },
    { id: SATURATED, unit: '%', title: 'Reachable cells at the end of their number range', worse: 'above' },
    { id: RANGE, unit: 'cells', title: 'Cells with physically impossible values', worse: 'above' },
    { id: DRY, unit: 'cells', title: 'Full-load cells that hold nothing', worse: 'above' },
    { id: DISAGREE, unit: '%', title: 'Cells that differ at one and the same breakpoint', worse: 'above' },
    { id: CHECKSUM, unit: 'sums', title: 'Checksums that do not hold', worse: 'above' },
    { id: ZERO, unit: 'maps', title: 'Active maps that are all zero', worse: 'above' },
  ],
  measure,
};
