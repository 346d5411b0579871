/** Faults of what protects the engine and the rider: limiter, fan, overheat protection, throttle, launch. */
import type { TuneMap } from '../../../core/model.ts';
import { acrossBands, type Draw } from '../draw.ts';
import { type Bands, classOf, EXCLUSIONS, type Excluded, excluded, type Fault, type Injected } from '../fault.ts';
import { mapsOf, type Site, usable } from '../site.ts';
import { type Edit, editCells, injected } from './surface.ts';

const isLimiter = (map: TuneMap): boolean =>
  /^revLimiter(\.(cut|resume|hard|soft|kill|spark|fuel))?$/.test(map.role) &&
  usable(map) &&
  map.kind !== 'flag' &&
  map.unitFrom !== 'none';

/** Limits of normal running that some engine could have. */
function limiters(site: Site): TuneMap[] {
  return site.decoded.tune.maps.filter((m) => isLimiter(m) && Array.from(m.cells).some((n) => n > 3_000 && n < 19_000));
}

/** Every limiter of the file moved alike: a person who wants more revolutions moves all of them. */
function moveLimiters(site: Site, move: (was: number) => number): Edit | Excluded {
  const maps = limiters(site);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const editor = site.edit();
  const cells: Edit['cells'] = [];
  let top = maps[0]!;
  for (const map of maps) {
    for (const [index, was] of map.cells.entries()) {
      if (!(was > 3_000 && was < 19_000)) continue;
      const now = editor.set(map, index, move(was));
      if (now === null) return excluded(EXCLUSIONS.noInverse);
      if (now !== was && was >= Math.max(...top.cells)) {
        if (was > Math.max(...top.cells)) cells.length = 0;
        top = map;
      }
      if (now !== was && map === top) cells.push({ index, was: site.factory(map)[index]!, before: was, now });
    }
  }
  return cells.length === 0 ? excluded(EXCLUSIONS.belowQuantum) : { kind: 'edit', editor, map: top, cells };
}

const OVER_STOCK: Bands = { low: 1.2, medium: 3.2, high: 6.3, critical: 10.5 };

function limiterRaised(site: Site, draw: Draw): Injected | Excluded {
  const rpm = draw.pick([150, 300, 500, 700, 1_000, 1_500, 2_200]);
  const edit = moveLimiters(site, (n) => n + rpm);
  if (edit.kind === 'excluded') return edit;
  const by = Math.max(...edit.cells.map((c) => c.now)) / Math.max(...edit.cells.map((c) => c.was)) - 1;
  if (by < 0.5 * (rpm / Math.max(...edit.cells.map((c) => c.was)))) return excluded(EXCLUSIONS.clipped);
  // The engine's own data say the same without stock, where they are known.
  const alone = site.motorcycle?.revLimitRpm != null && by > 0.1 ? 'low' : null;
  return {
    ...injected(edit, `+${rpm} rpm (+${(by * 100).toFixed(1)} %)`, classOf(by * 100, OVER_STOCK), alone),
    cells: null,
  };
}

/** All limiters at a speed that limits nothing: the end of the storage, or 25,000. */
function limiterAbsurd(site: Site, draw: Draw): Injected | Excluded {
  const maps = limiters(site);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const editor = site.edit();
  const wanted = draw.pick([25_000, 65_535]);
  const reached: number[] = [];
  for (const map of maps) {
    for (const index of map.cells.keys()) {
      const now = editor.set(map, index, wanted);
      if (now === null) return excluded(EXCLUSIONS.noInverse);
      reached.push(now);
    }
  }
  if (Math.min(...reached) < 20_000) return excluded(EXCLUSIONS.clipped);
  return {
    kind: 'injected',
    bytes: editor.bytes(),
    maps: maps.map((m) => m.id),
    cells: null,
    amplitude: `${Math.round(Math.min(...reached))} rpm`,
    floor: 'critical',
    alone: 'critical',
  };
}

/** Cut and resume at one speed, or the wrong way round. */
function limiterInverted(site: Site, draw: Draw): Injected | Excluded {
  const pairs = limiters(site).filter((m) => m.cells.length === 2 && m.cells[0] !== m.cells[1]);
  const cut = limiters(site).find((m) => m.role === 'revLimiter.cut' && m.cells.length === 1);
  const resume = limiters(site).find((m) => m.role === 'revLimiter.resume' && m.cells.length === 1);
  const soft = limiters(site).find((m) => m.role === 'revLimiter.soft' && m.cells.length === 1);
  const hard = limiters(site).find((m) => /^revLimiter\.(hard|kill)$/.test(m.role) && m.cells.length === 1);
  const editor = site.edit();
  const both =
    cut !== undefined && resume !== undefined
      ? [cut, resume]
      : soft !== undefined && hard !== undefined
        ? [hard, soft]
        : null;
  if (both !== null) {
    const [upper, lower] = both as [TuneMap, TuneMap];
    const past = draw.pick([0, 400, 900]) + (upper === hard ? 350 : 0);
    const now = editor.set(lower, 0, upper.cells[0]! + past);
    if (now === null) return excluded(EXCLUSIONS.noInverse);
    const floor = upper === hard ? 'medium' : 'high';
    return {
      kind: 'injected',
      bytes: editor.bytes(),
      maps: [lower.id, upper.id],
      cells: null,
      amplitude: `${lower.title} ${Math.round(now - upper.cells[0]!)} rpm over ${upper.title}`,
      floor,
      alone: floor,
    };
  }
  if (pairs.length === 0) return excluded('the file has no pair of cut and resume');
  const map = draw.pick(pairs);
  // Which of two unnamed speeds is the cut differs from factory to factory (CBR500R, MSX125): a mere exchange of them is judged with stock only.
  const equal = draw.below(2) === 0;
  const [a, b] = [map.cells[0]!, map.cells[1]!];
  const top = Math.max(a, b);
  const first = editor.set(map, 0, equal ? top : b);
  const second = editor.set(map, 1, equal ? top : a);
  if (first === null || second === null) return excluded(EXCLUSIONS.noInverse);
  return {
    kind: 'injected',
    bytes: editor.bytes(),
    maps: [map.id],
    cells: null,
    amplitude: equal ? 'cut and resume at one speed' : 'cut and resume exchanged',
    floor: 'high',
    alone: equal ? 'high' : null,
  };
}

const fans = (site: Site): TuneMap[] =>
  mapsOf(site, 'fan', 'fan.on', 'fan.off').filter(
    (m) => m.cells.length <= 4 && m.kind !== 'flag' && m.unitFrom !== 'none',
  );
const fahrenheit = (map: TuneMap): boolean => /f/i.test(map.unit);
const perCelsius = (map: TuneMap): number => (fahrenheit(map) ? 1.8 : 1);

function moveFans(site: Site, move: (was: number, map: TuneMap) => number): Edit | Excluded {
  const maps = fans(site);
  const on = maps.find((m) => m.role !== 'fan.off');
  if (on === undefined) return excluded(EXCLUSIONS.noMap);
  const editor = site.edit();
  const cells: Edit['cells'] = [];
  for (const map of maps) {
    for (const [index, was] of map.cells.entries()) {
      const now = editor.set(map, index, move(was, map));
      if (now === null) return excluded(EXCLUSIONS.noInverse);
      if (map === on && now !== was) cells.push({ index, was: site.factory(map)[index]!, before: was, now });
    }
  }
  return cells.length === 0 ? excluded(EXCLUSIONS.belowQuantum) : { kind: 'edit', editor, map: on, cells };
}

function fanLate(site: Site, draw: Draw): Injected | Excluded {
  const by = acrossBands(draw, [4, 7.5, 12.5], 25);
  const edit = moveFans(site, (v, m) => v + by * perCelsius(m));
  if (edit.kind === 'excluded') return edit;
  const reached = Math.max(...edit.cells.map((c) => (c.now - c.was) / perCelsius(edit.map)));
  if (reached < by * 0.6) return excluded(EXCLUSIONS.clipped);
  const celsius = Math.max(...edit.cells.map((c) => (fahrenheit(edit.map) ? (c.now - 32) / 1.8 : c.now)));
  const liquid = site.motorcycle?.cooling === 'liquid';
  return {
    ...injected(
      edit,
      `+${reached.toFixed(1)} °C (${celsius.toFixed(0)} °C)`,
      classOf(reached, { low: 4, medium: 7.5, high: 12.5 }),
      liquid ? classOf(celsius, { medium: 112, high: 118 }) : null,
    ),
    cells: null,
  };
}

function fanNever(site: Site): Injected | Excluded {
  const edit = moveFans(site, (v, m) => v + 400 * perCelsius(m));
  if (edit.kind === 'excluded') return edit;
  const reached = Math.max(...edit.cells.map((c) => (fahrenheit(edit.map) ? (c.now - 32) / 1.8 : c.now)));
  if (reached < 135) return excluded(EXCLUSIONS.clipped);
  const air = site.motorcycle?.cooling === 'air';
  return {
    ...injected(edit, `fan at ${Math.round(reached)} °C`, 'high', air || site.motorcycle === null ? null : 'high'),
    cells: null,
  };
}

function fanSwitchedOff(site: Site): Injected | Excluded {
  const editor = site.edit();
  const fan = fans(site)[0];
  if (fan === undefined || site.decoded.image !== null) return excluded('the file has no word that switches the fan');
  if (!['fanEnable'].some((name) => editor.setWord(name, 'Off')))
    return excluded('the file has no word that switches the fan');
  // A rider may have a thermostat of his own: medium.
  return {
    kind: 'injected',
    bytes: editor.bytes(),
    maps: fans(site).map((m) => m.id),
    cells: null,
    amplitude: 'fan control off',
    floor: 'medium',
    alone: null,
  };
}

/** The fan would stop at a higher temperature than it starts. */
function fanInverted(site: Site): Injected | Excluded {
  const maps = fans(site);
  const [on, off] = [maps.find((m) => m.role === 'fan.on'), maps.find((m) => m.role === 'fan.off')];
  const pair = maps.find((m) => m.cells.length === 2 && m.cells[0] !== m.cells[1]);
  const editor = site.edit();
  if (on !== undefined && off !== undefined && on.cells.length === 1) {
    const now = editor.set(off, 0, on.cells[0]! + 3);
    if (now === null) return excluded(EXCLUSIONS.noInverse);
    return {
      kind: 'injected',
      bytes: editor.bytes(),
      maps: [on.id, off.id],
      cells: null,
      amplitude: 'off 3 °C over on',
      floor: 'high',
      alone: 'high',
    };
  }
  if (pair === undefined) return excluded('the file has no pair of fan temperatures');
  const top = Math.max(...pair.cells);
  if (editor.set(pair, 0, top) === null || editor.set(pair, 1, top) === null) return excluded(EXCLUSIONS.noInverse);
  return {
    kind: 'injected',
    bytes: editor.bytes(),
    maps: [pair.id],
    cells: null,
    amplitude: 'on and off at one temperature',
    floor: 'high',
    alone: 'high',
  };
}

const protections = (site: Site): TuneMap[] =>
  site.decoded.tune.maps.filter(
    (m) =>
      m.role.startsWith('protection') &&
      usable(m) &&
      m.kind !== 'flag' &&
      m.kind !== 'patch' &&
      /°\s?[cf]|deg\s?[cf]|temp|overheat/i.test(`${m.unit} ${m.title} ${m.role}`) &&
      m.cells.length <= 4,
  );

function overheatOff(site: Site, draw: Draw): Injected | Excluded {
  const maps = protections(site);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const by = draw.pick([9, 20, 200]);
  const edit = editCells(site, map, Array.from(map.cells.keys()), (v) => v + by * perCelsius(map));
  if (edit.kind === 'excluded') return edit;
  const reached = Math.min(...edit.cells.map((c) => (c.now - c.was) / perCelsius(map)));
  const bands: Bands = site.motorcycle?.cooling === 'air' ? { high: 16 } : { high: 8.5 };
  return injected(edit, `+${Math.round(reached)} °C`, classOf(reached, bands), null);
}

function launchOn(site: Site, draw: Draw): Injected | Excluded {
  const editor = site.edit();
  const words: [string, string][] = [
    ['launchEnable', 'Yes'],
    ['flatSEnable', 'Yes'],
    ['launch_opt_on', 'Launch'],
  ];
  const found = words.find(([name, word]) => editor.setWord(name, word));
  const limit = site.decoded.tune.maps.find((m) => /^launch\.rpm$/.test(m.role) && !m.unset && m.cells.length === 1);
  if (found === undefined || limit === undefined || site.topRpm === null)
    return excluded('the file has no launch control');
  const share = draw.pick([0.85, 0.97]);
  // One that is on already, and higher, is lowered by this.
  if (limit.inUse === true && limit.cells[0]! >= site.topRpm * share) return excluded(EXCLUSIONS.there);
  const now = editor.set(limit, 0, Math.round((site.topRpm * share) / 100) * 100);
  if (now === null) return excluded(EXCLUSIONS.noInverse);
  return {
    kind: 'injected',
    bytes: editor.bytes(),
    maps: [limit.id],
    cells: null,
    amplitude: `on, at ${Math.round(share * 100)} % of the limiter`,
    floor: 'medium',
    alone: 'medium',
  };
}

function limpRaised(site: Site, draw: Draw): Injected | Excluded {
  const maps = site.decoded.tune.maps.filter(
    (m) => /^revLimiter\.(neutral|cold|limp|clutch)$/.test(m.role) && usable(m) && m.unitFrom !== 'none',
  );
  if (maps.length === 0 || site.topRpm === null) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const over = draw.pick([650, 1_200]);
  const edit = editCells(site, map, Array.from(map.cells.keys()), () => site.topRpm! + over);
  if (edit.kind === 'excluded') return edit;
  if (Math.min(...edit.cells.map((c) => c.now)) < site.topRpm + over * 0.8) return excluded(EXCLUSIONS.clipped);
  return { ...injected(edit, `${over} rpm over the main limiter`, 'medium', 'medium'), cells: null };
}

export const limitFaults: Fault[] = [
  {
    id: 'limiter-raised',
    title: 'Rev limiter raised by 150 to 2,200 rpm',
    reason:
      'Inertia grows with the square: three percent is six, six percent is a rod bolt of little margin, ten is a thrown rod.',
    needsNoReference: false,
    ends: 'finding',
    draws: 2,
    inject: limiterRaised,
  },
  {
    id: 'limiter-absurd',
    title: 'Rev limiters at a speed that limits nothing',
    reason: 'There is no limiter any more: a missed gear ends the engine.',
    needsNoReference: true,
    ends: 'finding',
    inject: limiterAbsurd,
  },
  {
    id: 'limiter-inverted',
    title: 'Cut and resume inverted, or soft over hard',
    reason: 'Fuel comes back before it went: the limiter hammers or does nothing.',
    needsNoReference: true,
    ends: 'finding',
    inject: limiterInverted,
  },
  {
    id: 'special-limit-raised',
    title: 'Neutral, cold or limp limit raised over the main one',
    reason: 'It protects nothing any more; the engine runs free to the main limit or past it.',
    needsNoReference: true,
    ends: 'finding',
    inject: limpRaised,
  },
  {
    id: 'fan-late',
    title: 'Fan later by 4 to 25 °C',
    reason:
      'Over 112 °C coolant is near boiling at the cap pressure, over 118 °C at it; against stock eight degrees want a reason.',
    needsNoReference: false,
    ends: 'finding',
    inject: fanLate,
  },
  {
    id: 'fan-never',
    title: 'Fan at a temperature that is never reached',
    reason: 'It boils in the first traffic jam.',
    needsNoReference: false,
    ends: 'finding',
    inject: fanNever,
  },
  {
    id: 'fan-switched-off',
    title: 'Fan control switched off',
    reason: 'Boils in traffic unless the rider has a thermostat of his own, which a file cannot say: medium.',
    needsNoReference: false,
    ends: 'finding',
    inject: fanSwitchedOff,
  },
  {
    id: 'fan-inverted',
    title: 'Fan off at or above fan on',
    reason: 'The fan never stops or never starts, and its relay chatters.',
    needsNoReference: true,
    ends: 'finding',
    inject: fanInverted,
  },
  {
    id: 'overheat-off',
    title: 'Overheat protection moved out of reach',
    reason: 'Nine degrees later is too late on coolant; sixteen on an air-cooled head.',
    needsNoReference: false,
    ends: 'finding',
    inject: overheatOff,
  },
  {
    id: 'launch-left-on',
    title: 'Launch control left on, high',
    reason: 'Cuts the spark on the road whenever its switch is met.',
    needsNoReference: true,
    ends: 'finding',
    inject: launchOn,
  },
];
