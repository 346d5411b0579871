/** The first-ride sheet: the riskiest cells as a rider would meet them, the mixture wanted there, when to stop, what to log. */
import type { Axis, CellRef, Tune, TuneMap } from './model.ts';
import { loadAxisOf, speedAxisOf } from './regions.ts';
import type { Finding, FirstRideCell, FirstRideSheet, Report } from './report.ts';
import type { Region, RideLimits } from './ride-limits.ts';
import { atLeast } from './rules/bands.ts';
import { axisPlace, withUnit } from './rules/message.ts';
import type { StockReference } from './stock.ts';

/** Most places that a sheet names: more nobody rides to. */
const MOST_CELLS = 5;

/** @param findings in the report's order: the worst first. @param open danger areas without which there is no number, as a person calls them */
export function firstRideSheet(
  findings: readonly Finding[],
  tune: Tune,
  stock: StockReference | null,
  limits: RideLimits,
  open: readonly string[] = [],
): FirstRideSheet {
  const maps = new Map(tune.maps.map((m) => [m.id, m]));
  const telling = findings.filter(
    (f) => f.status === 'fail' && atLeast(f.severity, 'medium') && f.cells.some(hasPlace),
  );
  const cells: FirstRideCell[] = [];
  const seen: CellRef[] = [];
  // One place of each finding first, then further ones of the worst.
  for (let round = 0; round < MOST_CELLS && cells.length < MOST_CELLS; round++) {
    for (const finding of telling) {
      const next = finding.cells.find((c) => hasPlace(c) && !seen.some((s) => isNear(c, s)));
      if (next === undefined || cells.length >= MOST_CELLS) continue;
      seen.push(next);
      // The same place in the maps of other gears is one place to ride to.
      const there = finding.cells.filter((c) => hasPlace(c) && isNear(c, next));
      const gears = [...new Set(there.map((c) => gearOf(c, maps.get(c.mapId))).filter((g) => g !== null))];
      cells.push(rideCell(finding, next, gears.sort(byNumber), tune, stock, findings, limits));
    }
  }
  return {
    cells,
    abort: limits.stops,
    log: limits.log,
    reason: reasonOf(findings, cells.length, telling.length, open),
  };
}

/** What the places are, and what stands before any ride. */
function reasonOf(findings: readonly Finding[], cells: number, telling: number, open: readonly string[]): string {
  const failed = findings.filter((f) => f.status === 'fail' && f.suppressed === null);
  const grave = failed.some((f) => atLeast(f.severity, 'high'));
  const before = grave
    ? 'not before what is critical or high is mended; '
    : open.length > 0
      ? `nothing here says that it is safe to ride: ${open.join(' and ')} could not be judged; `
      : '';
  if (cells > 0)
    return `${before}${grave ? 'then ' : ''}the ${cells === 1 ? 'riskiest place that was' : `${cells} riskiest places that were`} found`;
  return telling === 0 && failed.some((f) => atLeast(f.severity, 'medium'))
    ? `${before}what was found has no place in engine speed and load: it concerns every ride`
    : `${before}no place above low was found; what was not judged may hold one`;
}

const RIDDEN = new Set(['throttle', 'throttleAngle', 'grip', 'intakePressure', 'load', 'airflow', 'boost']);
const speedOf = (c: CellRef): CellRef['axisValues'][number] | undefined =>
  c.axisValues.find((a) => a.quantity === 'engineSpeed' && a.value !== null);
const loadOf = (c: CellRef): CellRef['axisValues'][number] | undefined =>
  c.axisValues.find((a) => RIDDEN.has(a.quantity) && a.value !== null);
const hasPlace = (c: CellRef): boolean => speedOf(c) !== undefined || loadOf(c) !== undefined;

/** Neighbouring cells are one place to a rider: over 500 rpm or a tenth of the load apart are others. */
function isNear(a: CellRef, b: CellRef): boolean {
  const [speeds, loads] = [
    [speedOf(a), speedOf(b)],
    [loadOf(a), loadOf(b)],
  ];
  const apart = ([p, q]: (typeof speeds)[number][], room: number): boolean =>
    (p === undefined) !== (q === undefined) || Math.abs((p?.value ?? 0) - (q?.value ?? 0)) > room;
  const last = loadOf(a)?.last;
  return !apart(speeds, 500) && !apart(loads, last === undefined ? 10 : last / 10);
}

function gearOf(cell: CellRef, map: TuneMap | undefined): string | null {
  const gear = cell.axisValues.find((a) => a.quantity === 'gear')?.value;
  return gear != null ? String(gear) : (map?.variant.gear ?? null);
}

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function rideCell(
  finding: Finding,
  cell: CellRef,
  gears: readonly string[],
  tune: Tune,
  stock: StockReference | null,
  findings: readonly Finding[],
  limits: RideLimits,
): FirstRideCell {
  const speed = speedOf(cell);
  const load = loadOf(cell);
  const target = targetAt(cell, tune, stock, findings);
  return {
    findingId: finding.id,
    gear: gears.length === 0 ? null : gears.join(', '),
    rpm: speed?.value ?? null,
    load: load === undefined ? null : { ...load, value: load.value! },
    targetLambda: target.lambda,
    targetSource: target.source,
    wantedLambda: target.lambda === null ? limits.wanted(cell) : null,
    watch: watchFor(finding.ruleId, limits.region(cell)),
  };
}

/** Lambda that the stock file, else the tune itself, wants at a place. A target that is itself a finding is none. */
function targetAt(
  cell: CellRef,
  tune: Tune,
  stock: StockReference | null,
  findings: readonly Finding[],
): { lambda: number | null; source: string } {
  const speed = speedOf(cell)?.value ?? null;
  const load = loadOf(cell) ?? null;
  if (speed === null || load === null)
    return { lambda: null, source: 'unknown: the place has no engine speed and load' };
  for (const [from, maps] of [
    ['the stock file', stock?.tune?.maps ?? []],
    ['this file', tune.maps],
  ] as const) {
    for (const map of maps) {
      if (map.role !== 'lambdaTarget' || map.unset || map.inUse === false || map.unitFrom === 'none') continue;
      if (map.confidence === 'guessed' || loadAxisOf(map)?.quantity !== load.quantity) continue;
      const blamed =
        maps === tune.maps &&
        findings.some(
          (f) => f.status === 'fail' && atLeast(f.severity, 'medium') && f.cells.some((c) => c.mapId === map.id),
        );
      if (blamed) return { lambda: null, source: 'unknown: the target of this file is itself in doubt' };
      const value = interpolate(map, speed, load.value!);
      const lambda = value === null ? null : value > 5 ? value / (tune.facts.stoichiometricAfr ?? 14.7) : value;
      if (lambda !== null && lambda > 0.5 && lambda < 1.5)
        return { lambda: Math.round(lambda * 1000) / 1000, source: `${from}, ${map.title}` };
    }
  }
  return { lambda: null, source: 'unknown: no mixture target for this place is in the file' };
}

/** Between breakpoints straight lines, outside of them the last value, as an ECU does. */
function interpolate(map: TuneMap, speed: number, load: number): number | null {
  const [n, l] = [speedAxisOf(map), loadAxisOf(map)];
  if (n === null || l === null) return null;
  const [a, b] = [between(n, speed), between(l, load)];
  if (a === null || b === null) return null;
  const at = (i: number, j: number): number => {
    const [row, column] = n.axis === 'y' ? [i, j] : [j, i];
    return map.cells[row * map.columns + column] ?? Number.NaN;
  };
  const low = at(a.from, b.from) * (1 - b.share) + at(a.from, b.to) * b.share;
  const high = at(a.to, b.from) * (1 - b.share) + at(a.to, b.to) * b.share;
  const value = low * (1 - a.share) + high * a.share;
  return Number.isFinite(value) ? value : null;
}

function between(axis: Axis, value: number): { from: number; to: number; share: number } | null {
  const points = axis.breakpoints.map((at, i) => ({ at, i })).filter((p) => Number.isFinite(p.at));
  points.sort((a, b) => a.at - b.at);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (value <= first.at) return { from: first.i, to: first.i, share: 0 };
  if (value >= last.at) return { from: last.i, to: last.i, share: 0 };
  const k = points.findIndex((p) => p.at >= value);
  const [p, q] = [points[k - 1]!, points[k]!];
  return { from: p.i, to: q.i, share: q.at === p.at ? 0 : (value - p.at) / (q.at - p.at) };
}

/** The sheet as lines for those who read text: each place, then when to stop, then what to log. What was not judged has no places. */
export function rideLines({ cells, abort, log, reason }: FirstRideSheet): string[] {
  const said = reason === '' ? '' : `${reason[0]!.toUpperCase()}${reason.slice(1)}.`;
  if (log.length === 0) return reason === '' ? [] : [`Do not ride on this report. ${said}`];
  return [
    ...(said === '' ? [] : [said]),
    ...placeLines(cells),
    ...(abort.length === 0 ? [] : [`Stop at ${abort.map(withoutRule).join('; ')}.`]),
    `Log ${log.join(', ')}. Warm the engine up first.`,
  ];
}

/** Where to look first and what for; places with the same thing to do are one line. */
export function placeLines(cells: readonly FirstRideCell[]): string[] {
  // The same "unknown" at each place is said once.
  const first = cells[0]?.targetSource ?? '';
  const alike = cells.every((c) => c.targetLambda === null && c.wantedLambda == null && c.targetSource === first);
  const unknown = cells.length > 1 && alike ? first : null;
  const byWhat = new Map<string, string[]>();
  for (const c of cells) {
    const isTold = unknown === null && (cells.length === 1 || c.targetLambda !== null || c.wantedLambda != null);
    const what = `${c.watch}${isTold ? ` ${rideTarget(c)}` : ''}`;
    byWhat.set(what, [...(byWhat.get(what) ?? []), ridePlace(c)]);
  }
  return [
    ...[...byWhat].map(([what, places]) => `${places.join('; ')}: ${what}`),
    ...(unknown === null ? wantedFrom(cells) : [`Target λ there ${unknown}.`]),
  ];
}

/** The rule behind a limit stands in the sheet itself; on the road the number is what counts. */
const withoutRule = (sign: string): string => sign.replace(/ \(rule [\w-]+, \w+\)/, '');

/** The same where a place was found, else nothing. */
export const firstRide = (sheet: FirstRideSheet): string[] => (sheet.cells.length === 0 ? [] : rideLines(sheet));

/** "gear 3-4, 3400 rpm, 57 % throttle" */
export function ridePlace({ gear, rpm, load }: FirstRideCell): string {
  const parts = [
    gear === null ? '' : gear.includes(', ') ? `gears ${gear} at` : `gear ${gear},`,
    rpm === null ? '' : `${withUnit(rpm, 'rpm')}${load === null ? '' : ','}`,
    load === null ? '' : axisPlace(load),
  ];
  return parts.filter((p) => p !== '').join(' ');
}

/** "Target λ 0.88 (the stock file, AFR target).", or the range of such engines, or why there is neither. */
export function rideTarget({ targetLambda, targetSource, wantedLambda }: FirstRideCell): string {
  if (targetLambda !== null) return `Target λ ${targetLambda.toFixed(2)} (${targetSource}).`;
  if (wantedLambda == null) return `Target λ ${targetSource}.`;
  return `λ ${wantedLambda.low.toFixed(2)} to ${wantedLambda.high.toFixed(2)}, as such engines want at ${wantedLambda.region}.`;
}

/** That a range is none of this file's, and why; its sources stand in the sheet itself. */
function wantedFrom(cells: readonly FirstRideCell[]): string[] {
  const general = cells.filter((c) => c.targetLambda === null && c.wantedLambda != null);
  const regions = [...new Set(general.map((c) => c.wantedLambda!.region))];
  return regions.length === 0
    ? []
    : [`λ at ${regions.join(' and ')} is a general range; the target is ${general[0]!.targetSource}.`];
}

/** @param region where the place lies; null: not known */
function watchFor(ruleId: string, region: Region | null): string {
  if (/throttle/.test(ruleId)) return 'open the throttle with care, in a straight line.';
  if (/limiter|piston/.test(ruleId)) return 'do not hold it at the limiter; shift well before it.';
  if (region === 'idle' || /idle/.test(ruleId)) return 'let it idle when warm: it must not hunt, stall or run hot.';
  if (/spark-(counts-)?under|retarded|timing-late/.test(ruleId))
    return 'expect less power and a hot exhaust; do not hold it there.';
  if (/spark|advance|octane|knock/.test(ruleId)) return 'listen for knock, close the throttle at the first rattle.';
  if (/rich/.test(ruleId)) return 'watch lambda: black smoke, a stutter or wet plugs are too much fuel.';
  if (region === 'cruise' && /lean|mixture|fuel|ve-/.test(ruleId))
    return 'hold a steady speed: surging, popping or heat are too little fuel.';
  if (/lean|mixture|fuel|injector|ve-/.test(ruleId))
    return 'watch lambda, close the throttle when it rises past the target.';
  return 'stay away from this place until it is explained.';
}

/** The sheet of a file that was not judged. */
export const noRide = (reason: string): Report['firstRideSheet'] => ({ cells: [], abort: [], log: [], reason });
