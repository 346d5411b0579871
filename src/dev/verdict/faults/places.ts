/** Faults by where they stand: axes that lie, one limiter of several, regions between the usual ones, a map of another role. */
import type { Axis, TuneMap } from '../../../core/model.ts';
import type { Draw } from '../draw.ts';
import { type Bands, classOf, EXCLUSIONS, type Excluded, excluded, type Fault, type Injected } from '../fault.ts';
import { fuelMaps, loadAxis, mapsOf, type Site, sparkMaps, speedAxis, usable, zone } from '../site.ts';
import { ADVANCED, ADVANCED_COUNTS, LEANER, perDegree } from './surface.ts';

const at = (axis: Axis, map: TuneMap, index: number): number =>
  axis.breakpoints[axis.axis === 'x' ? index % map.columns : Math.floor(index / map.columns)]!;
const shareAt = (axis: Axis, map: TuneMap, index: number): number => {
  const [low, high] = [Math.min(...axis.breakpoints), Math.max(...axis.breakpoints)];
  return (at(axis, map, index) - low) / (high - low);
};
const all = (map: TuneMap): number[] => Array.from(map.cells.keys());

interface Edited {
  bytes: Uint8Array;
  maps: TuneMap[];
  /** Least of what was reached, in percent or degrees of the map (percent of its span where it holds counts). */
  reached: number;
  count: number;
}

/** Cells of all maps alike, as a person edits a set of cylinders. */
export function everyMap(
  site: Site,
  maps: readonly TuneMap[],
  cells: (map: TuneMap) => number[],
  value: (was: number, map: TuneMap, index: number) => number,
  by: (now: number, was: number, map: TuneMap) => number,
): Edited | Excluded {
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const editor = site.edit();
  const reached: number[] = [];
  for (const map of maps) {
    for (const index of cells(map)) {
      const was = map.cells[index]!;
      const now = editor.set(map, index, value(was, map, index));
      if (now === null) return excluded(EXCLUSIONS.noInverse);
      const own = Math.abs(by(now, was, map));
      if (Number.isFinite(own) && Math.abs(now - was) > 1e-9) reached.push(own);
    }
  }
  if (reached.length === 0) return excluded(EXCLUSIONS.noZone);
  return { bytes: editor.bytes(), maps: [...maps], reached: Math.min(...reached), count: reached.length };
}

export const done = (
  { bytes, maps }: { bytes: Uint8Array; maps: readonly TuneMap[] },
  amplitude: string,
  floor: Injected['floor'],
  alone: Injected['alone'] = null,
): Injected => ({ kind: 'injected', bytes, maps: maps.map((m) => m.id), cells: null, amplitude, floor, alone });

const percent = (now: number, was: number): number => (now / was - 1) * 100;
const inDegrees = (now: number, was: number, map: TuneMap): number => (now - was) / perDegree(map).unit;
const degrees = (map: TuneMap, by: number): number => {
  const { unit, counts } = perDegree(map);
  return by * unit * (counts ? 100 / 60 : 1);
};

type Where = (speedShare: number, loadShare: number) => boolean;

const inside =
  (site: Site, where: Where) =>
  (map: TuneMap): number[] =>
    all(map).filter((i) => {
      const [n, load] = [at(speedAxis(map)!, map, i) / (site.topRpm ?? Number.NaN), shareAt(loadAxis(map)!, map, i)];
      return where(n, load) && map.cells[i]! !== 0;
    });

/** @param byThrottle only where the load is a throttle: there half open at mid speed is full load */
function lean(by: number, where: Where, floor: Injected['floor'], byThrottle: boolean) {
  return (site: Site): Injected | Excluded => {
    const maps = fuelMaps(site).filter((m) => !byThrottle || /throttle/i.test(loadAxis(m)!.quantity));
    const edited = everyMap(site, maps, inside(site, where), (v) => v * (1 - by / 100), percent);
    if ('kind' in edited) return edited;
    if (edited.reached < by * 0.6 || edited.count < 4) return excluded(EXCLUSIONS.clipped);
    return done(edited, `-${by} % in ${edited.count} cells`, floor);
  };
}

function advanced(by: number, where: Where, floor: Injected['floor'], byThrottle: boolean) {
  return (site: Site): Injected | Excluded => {
    const maps = sparkMaps(site).filter((m) => !byThrottle || /throttle/i.test(loadAxis(m)!.quantity));
    const edited = everyMap(site, maps, inside(site, where), (v, m) => v + degrees(m, by), inDegrees);
    if ('kind' in edited) return edited;
    const counts = maps.some((m) => perDegree(m).counts);
    if (edited.reached < by * 0.6 || edited.count < 4) return excluded(EXCLUSIONS.clipped);
    return done(edited, `+${by}° in ${edited.count} cells`, counts ? 'medium' : floor);
  };
}

/** Stored breakpoints of one axis of one map, replaced. */
function axisOf(
  which: 'speed' | 'load',
  change: (raw: number[], axis: Axis) => number[] | null,
  amplitude: string,
  floor: Injected['floor'],
  alone: Injected['alone'] = null,
) {
  return (site: Site, draw: Draw): Injected | Excluded => {
    // Over pressure beside a throttle map the last column governs nothing.
    const maps = [...fuelMaps(site), ...sparkMaps(site)];
    if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
    const map = draw.pick(maps);
    const axis = which === 'speed' ? speedAxis(map)! : loadAxis(map)!;
    const raw = axis.raw ?? (map.at === null ? axis.breakpoints : null);
    if (raw === null) return excluded('the axis is not stored in the file');
    const values = change([...raw], axis);
    if (values === null) return excluded(EXCLUSIONS.clipped);
    const editor = site.edit();
    if (!editor.setAxis(axis, values)) return excluded('the axis is not stored in the file');
    return { ...done({ bytes: editor.bytes(), maps: [map] }, amplitude, floor, alone), orRefused: true };
  };
}

/** Full load of a map against what is written over it, by the fourth worst cell. */
function otherRole(kind: 'fuel' | 'spark', roles: string[]) {
  return (site: Site, draw: Draw): Injected | Excluded => {
    const maps = kind === 'fuel' ? fuelMaps(site) : sparkMaps(site);
    const pairs = maps.flatMap((map) =>
      mapsOf(site, ...roles)
        .filter((o) => o.rows === map.rows && o.columns === map.columns)
        .map((other) => ({ map, other })),
    );
    if (pairs.length === 0) return excluded('the file has no such map of the same size');
    const { map, other } = draw.pick(pairs);
    const { unit, counts } = perDegree(map);
    const off = zone(site, map, 'fullLoad')
      .map((i) =>
        kind === 'fuel' ? (1 - other.cells[i]! / map.cells[i]!) * 100 : (other.cells[i]! - map.cells[i]!) / unit,
      )
      .filter(Number.isFinite)
      .sort((a, b) => b - a);
    const bands: Bands = kind === 'fuel' ? LEANER : counts ? ADVANCED_COUNTS : ADVANCED;
    const late: Bands =
      kind === 'fuel' ? { low: 16, medium: 30 } : counts ? { low: 20, medium: 34 } : { low: 10, medium: 15.5 };
    const floor = classOf(off[3] ?? 0, bands) ?? classOf(-(off.at(-4) ?? 0), late);
    if (floor === null) return excluded('the two differ less at full load than the lowest band');
    const edited = everyMap(
      site,
      [map],
      all,
      (_, __, i) => other.cells[i]!,
      (now, was) => now - was,
    );
    return 'kind' in edited ? edited : done(edited, `${other.title} over ${map.title}`.slice(0, 60), floor);
  };
}

function oneLimiter(site: Site, draw: Draw): Injected | Excluded {
  const limiters = site.decoded.tune.maps.filter(
    (m) =>
      /^revLimiter(\.(cut|hard|soft|kill))?$/.test(m.role) &&
      usable(m) &&
      m.kind !== 'flag' &&
      m.unitFrom !== 'none' &&
      Array.from(m.cells).some((n) => n > 3_000 && n < 19_000),
  );
  if (limiters.length < 2) return excluded('the file has one limiter alone');
  const map = draw.pick(limiters);
  const real = (n: number): boolean => n > 3_000 && n < 19_000;
  const edited = everyMap(site, [map], all, (v) => (real(v) ? v * 1.08 : v), percent);
  return 'kind' in edited ? edited : done(edited, '+8 % in one of them', edited.reached > 6.3 ? 'medium' : 'low');
}

/** A step of several comes back at a higher speed than it cuts. */
function resumeOverCut(site: Site): Injected | Excluded {
  const maps = site.decoded.tune.maps;
  const resumes = maps.filter((m) => m.role === 'revLimiter.resume' && m.cells.length === 1);
  if (resumes.length < 2) return excluded('the file has no steps with a resume of their own');
  const edited = everyMap(
    site,
    resumes,
    all,
    (v) => v + 200,
    (now, was) => now - was,
  );
  if ('kind' in edited) return edited;
  const cuts = maps.filter((m) => /^revLimiter\.(soft|hard|kill)$/.test(m.role));
  return done(
    { bytes: edited.bytes, maps: [...resumes, ...cuts] },
    'resume 200 rpm higher, over its cut',
    'high',
    'high',
  );
}

function plates(small: boolean) {
  return (site: Site): Injected | Excluded => {
    const map = mapsOf(site, 'throttle').find((m) => m.kind === 'map' && m.cells.length >= 36);
    const grip = map?.axes.find((a) => /^(grip|throttle|throttleAngle)$/.test(a.quantity) && a.known);
    const speed = map === undefined ? null : speedAxis(map);
    if (map === undefined || grip === undefined || speed === null)
      return excluded('the file has no throttle map over grip');
    const most = Math.max(...map.cells);
    const cells = all(map).filter((i) => {
      const [g, n] = [shareAt(grip, map, i), at(speed, map, i)];
      return small ? g > 0.02 && g < 0.3 && n < 4_000 : g <= 0 && n >= 2_500 && n <= 6_000;
    });
    const edited = everyMap(
      site,
      [map],
      () => cells,
      (v) => Math.min(most, v + most * (small ? 0.25 : 0.2)),
      (now, was) => ((now - was) / most) * 100,
    );
    if ('kind' in edited) return edited;
    return done(
      edited,
      small ? '25 % further below 4,000 rpm' : '20 % open, 2,500 to 6,000 rpm',
      small ? 'medium' : 'high',
    );
  };
}

/** Raw values of a byte or a word. */
const fits = (value: number, axis: Axis): boolean =>
  value <= (axis.at === null ? 1e6 : 2 ** (8 * axis.at.elementBytes) - 1);

/** A fault that ends in a finding. */
export const fault = (
  id: string,
  title: string,
  reason: string,
  inject: Fault['inject'],
  needsNoReference = false,
): Fault => ({
  id,
  title,
  reason,
  needsNoReference,
  ends: 'finding',
  inject,
});

export const placeFaults: Fault[] = [
  fault(
    'axis-reversed',
    'A load axis the wrong way round, its cells left as they are',
    'Idle fuel at full throttle and the other way round; each map by itself looks like a factory one.',
    axisOf('load', (raw) => raw.reverse(), 'reversed', 'medium'),
  ),
  fault(
    'axis-flat-at-the-top',
    'The upper speed breakpoints all at one value',
    'Which of a third of the columns the ECU takes is chance, and some firmware divides by the distance.',
    axisOf(
      'speed',
      (raw) => raw.map((v, i) => (i < raw.length * 0.6 ? v : raw[Math.floor(raw.length * 0.6)]!)),
      'flat from 60 %',
      'low',
    ),
  ),
  fault(
    'axis-top-pulled',
    'The last load breakpoint pulled out of reach',
    'At full throttle the ECU reads a mixture of the last two columns, and no cell shows it; how lean that is depends on how far they differ.',
    axisOf(
      'load',
      (raw, axis) => {
        const top = raw.indexOf(Math.max(...raw));
        raw[top] = Math.round(raw[top]! * 1.5);
        return fits(raw[top]!, axis) ? raw : null;
      },
      'half as far again',
      'low',
    ),
  ),
  fault(
    'lean-at-the-limiter',
    'Full load leaned out in the last columns alone',
    'Where the piston is hottest and no zone of a check may end: eighteen percent is lambda 1.07.',
    lean(18, (n, load) => n > 0.92 && n <= 1.02 && load > 0.84, 'high', false),
  ),
  fault(
    'lean-at-half-throttle',
    'Leaned out between half and four fifths of the throttle',
    'At mid speed half a throttle is full load: twenty percent is lambda 1.1 where a rider stays for minutes.',
    lean(20, (n, load) => n > 0.35 && n < 0.6 && load > 0.6 && load < 0.83, 'high', true),
  ),
  fault(
    'advance-at-half-throttle',
    'Advanced between half and four fifths of the throttle',
    'At mid speed half a throttle is full load, and the engine knocks soonest there.',
    advanced(8, (n, load) => n > 0.35 && n < 0.6 && load > 0.6 && load < 0.83, 'high', true),
  ),
  fault(
    'advance-at-low-speed',
    'Advanced thirteen degrees at full load below a third of the limiter',
    'Lugging on an open throttle: the slowest burn, the longest time to knock.',
    advanced(13, (n, load) => n > 0.15 && n < 0.33 && load > 0.6, 'medium', true),
  ),
  fault(
    'spark-of-neutral',
    'The spark map of neutral over one in gear',
    'As bad as it makes full load: judged as the advanced block that it is.',
    otherRole('spark', ['spark.neutral']),
  ),
  fault(
    'fuel-of-idle',
    'The fuel map of neutral, a cold engine or idle over the main one',
    'As bad as it makes full load: judged as the lean block that it is.',
    otherRole('fuel', ['fuel.neutral', 'fuel.idle', 'fuel.cold']),
  ),
  fault(
    'one-limiter-raised',
    'One rev limiter of several raised by eight percent',
    'Which one is live the file does not say; eight percent is a rod bolt without margin.',
    oneLimiter,
  ),
  fault(
    'resume-over-cut',
    'Each step of the limiter comes back over the speed at which it cuts',
    'It never cuts, or never comes back: which, only the firmware knows.',
    resumeOverCut,
    true,
  ),
  fault(
    'plates-quick-at-small-grip',
    'Plates a quarter further open at small grip and low speed',
    'A car park in first gear: the rider asks for a crawl and gets a launch.',
    plates(true),
  ),
  fault(
    'plates-held-at-speed',
    'Plates held a fifth open with the grip closed above tickover',
    'It drives on into the corner when the rider closes.',
    plates(false),
  ),
];
