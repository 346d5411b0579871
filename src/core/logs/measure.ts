/** Rides against a tune: each steady sample placed in a cell of the fuel map, and what it says there. Samples come one by one; nothing of them is kept. */
import { lambdaOf } from '../metrics/cells.ts';
import type { Tune } from '../model.ts';
import type { Regions } from '../regions.ts';
import { CellSums } from './cell-sums.ts';
import { type Channel, lambdaOfReading } from './channels.ts';
import { Extremes } from './extremes.ts';
import { type Grid, gridOf, newPlace, pickGrid, placeAt, valueAt } from './grid.ts';
import { KnockCounter } from './knock.ts';
import type { ChannelId, LogFilterData } from './log-data.ts';
import type { LogSink } from './port.ts';
import { DROP_REASONS, type DropReason, type RideLog, type RideLogFile } from './ride-log.ts';
import type { SpecTargets } from './spec-target.ts';
import { type Moment, probeDelay, SteadyFilter } from './steady.ts';
import type { Survey } from './survey.ts';

export interface RideSetup {
  tune: Tune;
  regions: Regions;
  filters: LogFilterData;
  spec: SpecTargets;
  /** The tune's, else the one of petrol, to which gauges are scaled. */
  stoichiometric: RideLog['stoichiometric'];
  /** Two-strokes inject twice as often. */
  strokes: 2 | 4;
}

/** A log that was looked through once. */
export interface SurveyedLog {
  file: RideLogFile;
  survey: Survey;
}

/** Moments kept to look back at what the probe now sees. */
const REMEMBERED = 512;
/** Seconds from one sample to the next where a log has no time. */
const ASSUMED_STEP = 0.1;

/** Everything measured; what rules say of it is for others to add. */
export type Measured = Omit<RideLog, 'mapScore' | 'flagged'>;

export class RideMeasurement {
  readonly #setup: RideSetup;
  readonly #grid: Grid | null;
  readonly #target: { grid: Grid; cells: Float64Array } | null = null;
  readonly #logs: readonly SurveyedLog[];
  readonly #sums: CellSums | null;
  readonly #extremes: Extremes;
  readonly #knock = new KnockCounter();
  readonly #dropped = new Map<DropReason, number>();
  readonly #place = newPlace();
  readonly #probe: { leanEnd: number | null; richEnd: number | null };
  #read = 0;
  #used = 0;
  #atLean = 0;
  #atRich = 0;
  #corrected = 0;

  constructor(setup: RideSetup, logs: readonly SurveyedLog[]) {
    this.#setup = setup;
    this.#logs = logs;
    const has = new Set(logs.flatMap((l) => [...l.survey.spans].filter(([, s]) => s.count > 0).map(([id]) => id)));
    const { tune } = setup;
    this.#grid = has.has('rpm') ? pickGrid(tune, has) : null;
    this.#sums = this.#grid === null ? null : new CellSums(this.#grid.map.rows * this.#grid.map.columns);
    this.#extremes = new Extremes(setup.filters, tune.facts.squirtsPerCycle, setup.strokes);
    for (const map of tune.maps) {
      if (map.role !== 'lambdaTarget' || map.unset || map.inUse === false || map.confidence === 'guessed') continue;
      const grid = gridOf(map, tune.facts, has);
      const cells = map.unitFrom === 'none' ? null : lambdaOf(map, setup.stoichiometric.afr);
      if (grid === null || cells === null) continue;
      this.#target = { grid, cells };
      break;
    }
    this.#probe = this.#rails();
  }

  /** The ends of the probe: its highest and lowest reading, where it stands there often. */
  #rails(): { leanEnd: number | null; richEnd: number | null } {
    const { railShare, railSamples } = this.#setup.filters;
    let leanEnd: number | null = null;
    let richEnd: number | null = null;
    for (const { survey } of this.#logs) {
      const span = survey.spans.get('lambda');
      if (span === undefined) continue;
      const often = (n: number): boolean => n >= railSamples && n >= span.count * railShare;
      const [low, high] = [span.low, span.high].map((v) => lambdaOfReading(v, this.#setup.stoichiometric.afr));
      if (often(span.atHigh) && high! > 1.15) leanEnd = Math.max(leanEnd ?? 0, high!);
      if (often(span.atLow) && low! > 0.4 && low! < 0.76) richEnd = Math.min(richEnd ?? 9, low!);
    }
    return { leanEnd, richEnd };
  }

  /** Takes the samples of one log, in any order of logs. */
  sinkOf({ survey }: SurveyedLog): LogSink {
    const used = survey.channels.filter((c) => isLive(c, survey));
    const at = new Map(used.map((c, i) => [c.id, i]));
    const filter = new SteadyFilter(this.#setup.filters, this.#setup.regions.limiterRpm);
    const past = new Past();
    let clock = 0;
    let last = Number.NaN;
    this.#extremes.next();
    this.#knock.next();
    return {
      start: () => used.map((c) => c.index),
      sample: (values) => {
        const get = (id: ChannelId): number => {
          const i = at.get(id);
          return i === undefined ? Number.NaN : values[i]! * used[i]!.factor + used[i]!.offset;
        };
        this.#read++;
        const stamp = get('time');
        const step = at.has('time') ? stamp - last : ASSUMED_STEP;
        last = stamp;
        if (!(step >= 0 && step <= this.#setup.filters.gapSeconds)) {
          filter.reset();
          past.clear();
          this.#knock.next();
          this.#extremes.next();
        } else clock += step;
        this.#sample(get, clock, filter, past);
      },
    };
  }

  #sample(get: (id: ChannelId) => number, time: number, filter: SteadyFilter, past: Past): void {
    const { filters, stoichiometric } = this.#setup;
    const grid = this.#grid;
    const first = lambdaOfReading(get('lambda'), stoichiometric.afr);
    const second = lambdaOfReading(get('lambda2'), stoichiometric.afr);
    const moment: Moment = {
      time,
      rpm: get('rpm'),
      throttle: firstKnown(get('throttle'), get('grip')),
      pressure: get('pressure'),
      // The leaner of two probes: the worse cylinder is the one that is hurt.
      lambda:
        second >= filters.lambdaLow && second <= filters.lambdaHigh
          ? Math.max(firstKnown(first, second), second)
          : first,
      coolant: get('coolant'),
      warmUp: get('warmUp'),
      accelEnrichment: get('accelEnrichment'),
      fuelCut: get('fuelCut'),
      pulseWidth: get('pulseWidth'),
    };
    const load = grid === null ? Number.NaN : get(grid.channel) * grid.factor + grid.offset;
    const target = this.#targetNow(get, moment.rpm);
    past.add(time, moment.rpm, load, target);
    this.#extremes.add(moment, get('intakeAir'), get('battery'), get('duty'));
    const isPlaced = Number.isFinite(load) && Number.isFinite(moment.rpm);
    if (isPlaced && grid !== null) placeAt(grid, moment.rpm, load, this.#place);
    this.#knock.add(
      get('knockRetard'),
      get('knockCount'),
      filters.knockDegrees,
      isPlaced ? nearest(this.#place) : -1,
      moment.rpm,
    );
    const reason = filter.judge(moment) ?? (isPlaced ? null : 'noPlace');
    if (reason !== null) {
      this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
      return;
    }
    this.#used++;
    if (this.#probe.leanEnd !== null && moment.lambda >= this.#probe.leanEnd - 1e-6) this.#atLean++;
    if (this.#probe.richEnd !== null && moment.lambda <= this.#probe.richEnd + 1e-6) this.#atRich++;
    if (grid === null || this.#sums === null) return;
    const then = past.at(time - probeDelay(moment.rpm, filters));
    const correction = correctionOf(get('egoCorrection'));
    if (Math.abs(correction - 1) > 0.02) this.#corrected++;
    placeAt(grid, past.rpm(then), past.load(then), this.#place);
    this.#sums.add(this.#place, moment.lambda, moment.lambda * correction, past.target(then));
  }

  /** What the tune, else the log itself, wants at this moment; NaN where neither says. */
  #targetNow(get: (id: ChannelId) => number, rpm: number): number {
    if (this.#target === null) {
      const logged = lambdaOfReading(get('target'), this.#setup.stoichiometric.afr);
      return logged > 0.5 && logged < 1.6 ? logged : Number.NaN;
    }
    const { grid, cells } = this.#target;
    const load = get(grid.channel) * grid.factor + grid.offset;
    return Number.isFinite(load) && Number.isFinite(rpm) ? valueAt(grid, cells, rpm, load, this.#place) : Number.NaN;
  }

  /** What all logs together say. */
  result(): Measured {
    const { filters, regions, spec, stoichiometric } = this.#setup;
    const grid = this.#grid;
    const masks = grid === null ? null : (regions.byMap.get(grid.map.id) ?? null);
    const cells =
      grid === null || this.#sums === null
        ? []
        : this.#sums.cells(grid.map, masks, spec, this.#target === null ? 'log' : 'tune', filters.leastHits);
    const highLoad = masks === null ? [] : [...masks.highLoad.keys()].filter((i) => masks.highLoad[i] === 1);
    const measured = cells.filter((c) => c.highLoad && c.claimed).length;
    const hasProbe = this.#logs.some((l) => (l.survey.spans.get('lambda')?.count ?? 0) > 0);
    return {
      files: this.#logs.map((l) => l.file),
      stoichiometric,
      samples: {
        read: this.#read,
        used: this.#used,
        dropped: (Object.keys(DROP_REASONS) as DropReason[])
          .filter((reason) => this.#dropped.has(reason))
          .map((reason) => ({ reason, text: DROP_REASONS[reason], count: this.#dropped.get(reason)! })),
      },
      map: grid === null ? null : { id: grid.map.id, title: grid.map.title },
      reason: grid === null ? this.#whyNoGrid() : '',
      axes: (grid?.map.axes ?? []).map(({ axis, quantity, unit, breakpoints }) => ({
        axis,
        quantity,
        unit,
        breakpoints,
      })),
      rows: grid?.map.rows ?? 0,
      columns: grid?.map.columns ?? 0,
      cells,
      knock: this.#knock.result(this.#logs, grid?.map.columns ?? 0),
      coverage: {
        highLoadCells: highLoad.length,
        measured,
        ratio: highLoad.length === 0 ? null : measured / highLoad.length,
        reason:
          highLoad.length === 0
            ? (masks?.reason ?? (grid === null ? 'no map was placed' : 'this map does not govern full load'))
            : `${measured} of ${highLoad.length} high-load cells have ${filters.leastHits} hits or more`,
      },
      extremes: this.#extremes.result(),
      probe: !hasProbe
        ? null
        : {
            ...this.#probe,
            atLeanEndPercent: share(this.#atLean, this.#used),
            atRichEndPercent: share(this.#atRich, this.#used),
          },
      notes: this.#notes(),
    };
  }

  #whyNoGrid(): string {
    const has = (id: ChannelId): boolean => this.#logs.some((l) => (l.survey.spans.get(id)?.count ?? 0) > 0);
    if (!has('rpm')) return 'the log has no engine speed that was recognised';
    return 'no fuel, mixture or spark map of this file has engine speed and a load that the log holds';
  }

  #notes(): string[] {
    const notes: string[] = [];
    for (const { file, survey } of this.#logs) {
      if (survey.seconds === null) notes.push(`${file.path} has no time: ten samples a second were assumed`);
      const [own, its] = [this.#setup.tune.ecu.signature?.trim().toLowerCase(), file.signature.toLowerCase()];
      if (own && /^(speeduino|ms\d|rusefi)/.test(its) && !its.startsWith(own))
        notes.push(
          `${file.path} was logged with "${file.signature}", this file is for "${this.#setup.tune.ecu.signature?.trim()}"`,
        );
      if (file.skipped > 0) notes.push(`${file.path}: ${file.skipped} damaged pieces were left out`);
      if (!survey.channels.some((c) => c.id === 'coolant'))
        notes.push(`${file.path} has no coolant temperature: a cold engine could not be told from a warm one`);
      for (const c of survey.channels)
        if (c.unknownUnit)
          notes.push(`${file.path}: the unit "${c.field.unit}" of ${c.field.name} is not known and was taken as usual`);
    }
    if (this.#corrected > 0)
      notes.push(
        `closed loop corrected ${this.#corrected} of the samples: its correction was taken out before the map was judged`,
      );
    return notes;
  }
}

const share = (n: number, of: number): number => (of === 0 ? 0 : (n / of) * 100);
const firstKnown = (a: number, b: number): number => (Number.isFinite(a) ? a : b);

/** 100 or 0 is none; some programs count from 100, some from 0. */
function correctionOf(percent: number): number {
  if (!Number.isFinite(percent)) return 1;
  const factor = Math.abs(percent) < 50 ? 1 + percent / 100 : percent / 100;
  return factor > 0.5 && factor < 1.5 ? factor : 1;
}

function nearest(place: { cells: Int32Array; weights: Float64Array }): number {
  let best = 0;
  for (let k = 1; k < 4; k++) if (place.weights[k]! > place.weights[best]!) best = k;
  return place.cells[best]!;
}

/** A field that never leaves 0 is not connected; a second probe that never moves is none. */
function isLive({ id }: Channel, { spans }: Survey): boolean {
  const span = spans.get(id)!;
  if (span.count === 0) return false;
  const flat = span.low === span.high;
  if (id === 'lambda2') return !flat;
  return !(flat && span.low === 0) || id === 'knockRetard' || id === 'knockCount' || id === 'throttle' || id === 'rpm';
}

/** The last moments, so that a reading of the probe finds the moment it belongs to. */
class Past {
  readonly #time = new Float64Array(REMEMBERED);
  readonly #rpm = new Float64Array(REMEMBERED);
  readonly #load = new Float64Array(REMEMBERED);
  readonly #target = new Float64Array(REMEMBERED);
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  add(time: number, rpm: number, load: number, target: number): void {
    const i = this.#count++ % REMEMBERED;
    this.#time[i] = time;
    this.#rpm[i] = rpm;
    this.#load[i] = load;
    this.#target[i] = target;
  }

  /** The last moment at or before a time, else the oldest remembered. */
  at(time: number): number {
    const oldest = Math.max(0, this.#count - REMEMBERED);
    let n = this.#count - 1;
    while (n > oldest && this.#time[n % REMEMBERED]! > time) n--;
    return n % REMEMBERED;
  }

  rpm = (i: number): number => this.#rpm[i]!;
  load = (i: number): number => this.#load[i]!;
  target = (i: number): number => this.#target[i]!;
}
