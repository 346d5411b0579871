/** The first-ride sheet: the riskiest cells as a rider would meet them, the mixture wanted there, when to stop, what to log. */
import type { Axis, CellRef, Tune, TuneMap } from './model.ts';
import { loadAxisOf, speedAxisOf } from './regions.ts';
import type { Finding, FirstRideCell, FirstRideSheet, Report } from './report.ts';
import type { RideLimits } from './ride-limits.ts';
import { atLeast } from './rules/bands.ts';
import { axisPlace, withUnit } from './rules/message.ts';
import type { StockReference } from './stock.ts';

/** Most places that a sheet names: more nobody rides to. */
const MOST_CELLS = 5;

const LOG = ['engine speed', 'throttle', 'lambda of a wideband probe', 'coolant or head temperature'];

/** @param findings in the report's order: the worst first */
export function firstRideSheet(
  findings: readonly Finding[],
  tune: Tune,
  stock: StockReference | null,
  limits: RideLimits,
): FirstRideSheet {
  const maps = new Map(tune.maps.map((m) => [m.id, m]));
  const telling = findings.filter(
    (f) => f.status === 'fail' && atLeast(f.severity, 'medium') && f.cells.some(hasPlace),
  );
  const cells: FirstRideCell[] = [];
  const seen = new Set<string>();
  // One place of each finding first, then further ones of the worst.
  for (let round = 0; round < MOST_CELLS && cells.length < MOST_CELLS; round++) {
    for (const finding of telling) {
      const next = finding.cells.find((c) => hasPlace(c) && !seen.has(keyOf(c, maps.get(c.mapId))));
      if (next === undefined || cells.length >= MOST_CELLS) continue;
      const map = maps.get(next.mapId);
      seen.add(keyOf(next, map));
      cells.push(rideCell(finding, next, map, tune, stock, findings, limits));
    }
  }
  return {
    cells,
    abort: limits.stops,
    log: LOG,
    reason:
      cells.length > 0
        ? `the ${cells.length} riskiest places that were found`
        : telling.length === 0 && findings.some((f) => f.status === 'fail' && atLeast(f.severity, 'medium'))
          ? 'what was found has no place in engine speed and load: it concerns every ride'
          : 'no place above low was found; what was not judged may hold one',
  };
}

const RIDDEN = new Set(['throttle', 'throttleAngle', 'grip', 'intakePressure', 'load', 'airflow', 'boost']);
const speedOf = (c: CellRef): CellRef['axisValues'][number] | undefined =>
  c.axisValues.find((a) => a.quantity === 'engineSpeed' && a.value !== null);
const loadOf = (c: CellRef): CellRef['axisValues'][number] | undefined =>
  c.axisValues.find((a) => RIDDEN.has(a.quantity) && a.value !== null);
const hasPlace = (c: CellRef): boolean => speedOf(c) !== undefined || loadOf(c) !== undefined;

/** Neighbouring cells are one place to a rider: 500 rpm and a tenth of the throttle apart are others. */
function keyOf(c: CellRef, map: TuneMap | undefined): string {
  const [n, l] = [speedOf(c)?.value ?? -1, loadOf(c)?.value ?? -1];
  return `${Math.round(n / 500)}:${Math.round(l / 10)}:${map?.variant.gear ?? ''}`;
}

function rideCell(
  finding: Finding,
  cell: CellRef,
  map: TuneMap | undefined,
  tune: Tune,
  stock: StockReference | null,
  findings: readonly Finding[],
  limits: RideLimits,
): FirstRideCell {
  const speed = speedOf(cell);
  const load = loadOf(cell);
  const gear = cell.axisValues.find((a) => a.quantity === 'gear')?.value;
  const target = targetAt(cell, tune, stock, findings);
  return {
    findingId: finding.id,
    gear: gear != null ? String(gear) : (map?.variant.gear ?? null),
    rpm: speed?.value ?? null,
    load: load === undefined ? null : { ...load, value: load.value! },
    targetLambda: target.lambda,
    targetSource: target.source,
    wantedLambda: target.lambda === null ? limits.wanted(cell) : null,
    watch: watchFor(finding.ruleId),
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
  if (log.length === 0)
    return reason === '' ? [] : [`Do not ride on this report. ${reason[0]?.toUpperCase() ?? ''}${reason.slice(1)}.`];
  // The same "unknown" at each place is said once.
  const first = cells[0]?.targetSource ?? '';
  const alike = cells.every((c) => c.targetLambda === null && c.wantedLambda == null && c.targetSource === first);
  const unknown = cells.length > 1 && alike ? first : null;
  return [
    ...(cells.length === 0 ? [`${reason[0]?.toUpperCase() ?? ''}${reason.slice(1)}.`] : []),
    ...cells.map((c) => `${ridePlace(c)}: ${c.watch}${unknown === null ? ` ${rideTarget(c)}` : ''}`),
    ...(unknown === null ? wantedFrom(cells) : [`Target λ there ${unknown}.`]),
    ...(abort.length === 0 ? [] : [`Stop at ${abort.join('; ')}.`]),
    `Log ${log.join(', ')}. Warm the engine up first.`,
  ];
}

/** The same where a place was found, else nothing. */
export const firstRide = (sheet: FirstRideSheet): string[] => (sheet.cells.length === 0 ? [] : rideLines(sheet));

/** "gear 3-4, 3400 rpm, 57 % throttle" */
export function ridePlace({ gear, rpm, load }: FirstRideCell): string {
  const parts = [
    gear === null ? '' : `gear ${gear}`,
    rpm === null ? '' : withUnit(rpm, 'rpm'),
    load === null ? '' : axisPlace(load),
  ];
  return parts.filter((p) => p !== '').join(', ');
}

/** "Target λ 0.88 (the stock file, AFR target).", or the range of such engines, or why there is neither. */
export function rideTarget({ targetLambda, targetSource, wantedLambda }: FirstRideCell): string {
  if (targetLambda !== null) return `Target λ ${targetLambda} (${targetSource}).`;
  if (wantedLambda == null) return `Target λ ${targetSource}.`;
  return `λ ${wantedLambda.low} to ${wantedLambda.high}, as such engines want at ${wantedLambda.region}.`;
}

/** Where general ranges come from, once for all places, and that the file's own target is not among them. */
function wantedFrom(cells: readonly FirstRideCell[]): string[] {
  const wanted = new Map(cells.flatMap((c) => (c.wantedLambda == null ? [] : [[c.wantedLambda.region, c] as const])));
  return [...wanted.values()].map(
    ({ wantedLambda: w, targetSource }) =>
      `λ at ${w!.region} is a general range (${w!.sources.join('; ')}); the target is ${targetSource}.`,
  );
}

function watchFor(ruleId: string): string {
  if (/spark|advance|octane|knock/.test(ruleId)) return 'listen for knock, close the throttle at the first rattle.';
  if (/lean|mixture|fuel|injector|ve-/.test(ruleId))
    return 'watch lambda, close the throttle when it rises past the target.';
  if (/limiter|piston/.test(ruleId)) return 'do not hold it at the limiter; shift well before it.';
  if (/throttle|idle/.test(ruleId)) return 'open the throttle with care, in a straight line.';
  return 'stay away from this place until it is explained.';
}

/** The sheet of a file that was not judged. */
export const noRide = (reason: string): Report['firstRideSheet'] => ({ cells: [], abort: [], log: [], reason });
