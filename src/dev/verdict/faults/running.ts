/** Faults around the main tables: dwell, injectors, warm-up, idle, sensors, mixture targets, corrections. */
import type { TuneMap } from '../../../core/model.ts';
import { acrossBands, type Draw } from '../draw.ts';
import { type Bands, classOf, EXCLUSIONS, type Excluded, excluded, type Fault, type Injected } from '../fault.ts';
import { fuelMaps, isSurface, mapsOf, type Site, usable, zone } from '../site.ts';
import { editCells, injected, least, percent, someBlock } from './surface.ts';

const all = (map: TuneMap): number[] => Array.from(map.cells.keys());
const some = (site: Site, draw: Draw, ...roles: string[]): TuneMap | null => {
  const maps = mapsOf(site, ...roles).filter((m) => m.kind !== 'flag' && m.kind !== 'patch');
  return maps.length === 0 ? null : draw.pick(maps);
};

function scaleAll(site: Site, map: TuneMap | null, factor: number) {
  return map === null ? excluded(EXCLUSIONS.noMap) : editCells(site, map, all(map), (v) => v * factor);
}

/** Lambda of full load in a target table, or null. */
function lambdaScale(map: TuneMap): number | null {
  const median = [...map.cells].sort((a, b) => a - b)[map.cells.length >> 1]!;
  if (median > 0.5 && median < 1.5) return 1;
  return median > 9 && median < 20 ? 14.7 : null;
}

function leanTarget(site: Site, draw: Draw): Injected | Excluded {
  const maps = mapsOf(site, 'lambdaTarget').filter((m) => isSurface(m) && lambdaScale(m) !== null);
  const place = someBlock(site, maps, 'fullLoad', draw);
  if ('kind' in place) return place;
  const scale = lambdaScale(place.map)!;
  const lambda = draw.pick([0.935, 0.965, 0.995, 1.045, 1.1]);
  const edit = editCells(site, place.map, place.cells, (v) => Math.max(v, lambda * scale));
  if (edit.kind === 'excluded') return edit;
  const reached = Math.max(...edit.cells.map((c) => c.now / scale));
  // Two-strokes cool with fuel and are judged by their own limits; boosted engines are leaner sooner. These are the mildest.
  const strokes = site.motorcycle?.strokes ?? site.decoded.tune.facts.strokes;
  const bands: Bands = { low: 0.925, medium: 0.955, high: 0.985, critical: 1.035 };
  const floor = classOf(reached, bands);
  return injected(edit, `lambda ${reached.toFixed(2)}`, floor, strokes === null ? null : floor);
}

function injectorScaled(site: Site, draw: Draw): Injected | Excluded {
  const factor = draw.pick([0.72, 0.82, 0.9, 1.25, 1.4]);
  const constant = some(site, draw, 'injector.requiredFuel');
  const maps = constant === null ? fuelMaps(site) : [constant];
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const editor = site.edit();
  const by: number[] = [];
  for (const map of maps) {
    const full = new Set(constant === null ? zone(site, map, 'fullLoad') : all(map));
    for (const index of all(map)) {
      const was = site.factory(map)[index]!;
      const now = editor.set(map, index, map.cells[index]! * factor);
      if (now === null) return excluded(EXCLUSIONS.noInverse);
      if (full.has(index) && was > 0) by.push((now / was - 1) * 100);
    }
  }
  if (by.length === 0) return excluded(EXCLUSIONS.noZone);
  const reached = least(by);
  if (reached < Math.abs(factor - 1) * 50) return excluded(EXCLUSIONS.clipped);
  const floor =
    factor < 1
      ? classOf(reached, { low: 2, medium: 5, high: 9, critical: 14 })
      : classOf(reached, { low: 16, medium: 30 });
  return {
    kind: 'injected',
    bytes: editor.bytes(),
    maps: maps.map((m) => m.id),
    cells: null,
    amplitude: `fuel x ${factor} in ${constant === null ? 'every map' : 'the required fuel'}`,
    floor,
    alone: null,
  };
}

function dwellDoubled(site: Site, draw: Draw): Injected | Excluded {
  const map = some(site, draw, 'dwell', 'dwell.running');
  const factor = draw.pick([2, 3]);
  const edit = scaleAll(site, map, factor);
  if (edit.kind === 'excluded') return edit;
  const { unit, unitFrom } = edit.map;
  const ms =
    unitFrom !== 'none' && /^ms/.test(unit)
      ? [...edit.cells].map((c) => c.now).sort((a, b) => a - b)[edit.cells.length >> 1]!
      : null;
  if (Math.min(...edit.cells.map((c) => c.now / c.was)) < factor * 0.6) return excluded(EXCLUSIONS.clipped);
  const floor = ms === null ? 'low' : (classOf(ms, { low: 4.6, medium: 6.3, high: 9.5 }) ?? 'low');
  return injected(
    edit,
    `x ${factor}${ms === null ? '' : ` (${ms.toFixed(1)} ms)`}`,
    floor,
    ms === null ? null : classOf(ms, { low: 4.6, medium: 6.3, high: 9.5 }),
  );
}

function warmUpLeft(site: Site, draw: Draw): Injected | Excluded {
  const map = some(site, draw, 'enrichment.warmup');
  if (map === null || map.kind !== 'curve' || map.unit !== '%') return excluded(EXCLUSIONS.noMap);
  const by = acrossBands(draw, [2.5, 5.5, 10.5], 30);
  const edit = editCells(site, map, all(map), (v) => v + by);
  if (edit.kind === 'excluded') return edit;
  const reached = least(edit.cells.map((c) => c.now - c.was));
  // Where the factory corrects least: an air-cooled head is cooled by fuel at the end of its axis (Buell: 110 % at 260 °C).
  const factory = Array.from(site.factory(map), (v) => Math.abs(v - 100));
  const warm = factory.lastIndexOf(Math.min(...factory));
  const hot = map.cells[warm]! + reached;
  const floor = classOf(Math.abs(hot - 100), { low: 2.5, medium: 5.5, high: 10.5 });
  return { ...injected(edit, `+${reached.toFixed(1)} % at every temperature`, floor, floor), cells: null };
}

function deadTimeZero(site: Site, draw: Draw): Injected | Excluded {
  const map = some(site, draw, 'injector.deadTime');
  if (map === null || !/^m?s$/.test(map.unit)) return excluded(EXCLUSIONS.noMap);
  const edit = editCells(site, map, all(map), () => 0);
  if (edit.kind === 'excluded') return edit;
  return { ...injected(edit, 'no dead time', 'high', 'high'), cells: null };
}

/**
 * Rises or falls throughout. The mass-meter scaling and smoothing of an Evo 8 turn back as the factory made them (297 g/s, then 291):
 * such a table is a correction and no characteristic, one more turn in it means nothing, and no expert would call it a fold.
 */
function isOneWay(cells: ArrayLike<number>): boolean {
  const steps = Array.from(cells, (v, i) => (i === 0 ? 0 : Math.sign(v - cells[i - 1]!)));
  return !(steps.includes(1) && steps.includes(-1));
}

function sensorFolded(site: Site, draw: Draw): Injected | Excluded {
  const maps = site.decoded.tune.maps.filter(
    (m) =>
      m.role.startsWith('sensor') &&
      usable(m) &&
      m.kind === 'curve' &&
      m.cells.length >= 6 &&
      new Set(m.cells).size > 4 &&
      isOneWay(site.factory(m)),
  );
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const i = 2 + draw.below(map.cells.length - 4);
  const edit = editCells(site, map, [i, i + 1], (_, k) => map.cells[k === i ? i + 1 : i]!);
  if (edit.kind === 'excluded') return edit;
  return injected(edit, 'two points change places', 'medium', 'medium');
}

function correctionZero(site: Site, draw: Draw): Injected | Excluded {
  const map = some(site, draw, 'correction.airTemperature', 'correction.battery');
  if (map === null || map.unit !== '%' || Math.max(...map.cells) < 80) return excluded(EXCLUSIONS.noMap);
  const edit = editCells(site, map, all(map), () => 0);
  if (edit.kind === 'excluded') return edit;
  return injected(edit, 'factor 0: no fuel', 'high', 'high');
}

function idleRaised(site: Site, draw: Draw): Injected | Excluded {
  const map = some(site, draw, 'idle.target');
  if (map === null || !/rpm/i.test(map.unit)) return excluded(EXCLUSIONS.noMap);
  const by = acrossBands(draw, [320, 640], 1_200);
  const edit = editCells(site, map, all(map), (v) => v + by);
  if (edit.kind === 'excluded') return edit;
  const reached = least(edit.cells.map((c) => c.now - c.was));
  if (reached < by * 0.6) return excluded(EXCLUSIONS.clipped);
  return injected(edit, `+${Math.round(reached)} rpm`, classOf(reached, { low: 320, medium: 640 }), null);
}

function accelerationGone(site: Site, draw: Draw): Injected | Excluded {
  const map = some(site, draw, 'enrichment.acceleration');
  if (map === null || !all(map).some((i) => map.cells[i]! > 0)) return excluded(EXCLUSIONS.noMap);
  const edit = editCells(site, map, all(map), () => 0);
  if (edit.kind === 'excluded') return edit;
  return injected(edit, 'no acceleration enrichment', 'low', null);
}

function crankingAdvance(site: Site, draw: Draw): Injected | Excluded {
  const map = some(site, draw, 'spark.cranking');
  if (map === null || map.unitFrom === 'none') return excluded(EXCLUSIONS.noMap);
  const to = draw.pick([17, 23, 30]);
  // A project that cranks at 18 degrees is made milder by 17: that is no fault.
  if (Math.max(...map.cells) >= to) return excluded(EXCLUSIONS.there);
  const edit = editCells(site, map, all(map), () => to);
  if (edit.kind === 'excluded') return edit;
  const floor = classOf(Math.min(...edit.cells.map((c) => c.now)), { low: 15.5, medium: 20.5, high: 28.5 });
  return injected(edit, `${to}° while cranking`, floor, floor);
}

function veCutInHalf(site: Site, draw: Draw): Injected | Excluded {
  const maps = fuelMaps(site);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const cells = zone(site, map, 'fullLoad').filter((i) => map.cells[i]! > 0);
  if (cells.length < 4) return excluded(EXCLUSIONS.noZone);
  const factor = draw.pick([0.3, 0.45]);
  const edit = editCells(site, map, cells, (v) => v * factor);
  if (edit.kind === 'excluded') return edit;
  if (Math.max(...percent(edit.cells)) > -40) return excluded(EXCLUSIONS.clipped);
  return injected(edit, `full load at ${factor * 100} %`, 'critical', 'medium');
}

export const runningFaults: Fault[] = [
  {
    id: 'lean-target',
    title: 'Mixture target at full load lean',
    reason: 'The closed loop will go there: 0.96 is hot, 0.99 burns valves, over 1.03 pistons.',
    needsNoReference: true,
    ends: 'finding',
    draws: 2,
    inject: leanTarget,
  },
  {
    id: 'injector-size-changed',
    title: 'Fuel rescaled for injectors that are not fitted',
    reason: 'Judged by the mixture it makes: less fuel as lean, more as rich.',
    needsNoReference: false,
    ends: 'finding',
    inject: injectorScaled,
  },
  {
    id: 'full-load-cut-in-half',
    title: 'Full load with half of its fuel or less',
    reason:
      'A column pasted from light load: lean enough to melt a piston in seconds. By itself a hole in the surface.',
    needsNoReference: false,
    ends: 'finding',
    inject: veCutInHalf,
  },
  {
    id: 'dwell-doubled',
    title: 'Coil dwell doubled or tripled',
    reason:
      'Over six milliseconds coils and drivers run hot, over nine they burn. In counts it may only be held against stock.',
    needsNoReference: false,
    ends: 'finding',
    inject: dwellDoubled,
  },
  {
    id: 'warm-up-left-on',
    title: 'Warm-up enrichment left at operating temperature',
    reason: 'Skews the whole map: three percent is tidy work left, ten is a fault.',
    needsNoReference: true,
    ends: 'finding',
    inject: warmUpLeft,
  },
  {
    id: 'dead-time-zero',
    title: 'Injector dead time of nothing',
    reason: 'A millisecond less at every injection: idle is lean by a third.',
    needsNoReference: true,
    ends: 'finding',
    inject: deadTimeZero,
  },
  {
    id: 'sensor-folded',
    title: 'A sensor curve that turns back',
    reason:
      'One voltage means two temperatures. Made only where the factory curve rises or falls throughout: one that turns back by itself is a correction.',
    needsNoReference: true,
    ends: 'finding',
    inject: sensorFolded,
  },
  {
    id: 'correction-zero',
    title: 'A fuel correction of zero percent',
    reason: 'It multiplies: no fuel at all.',
    needsNoReference: true,
    ends: 'finding',
    inject: correctionZero,
  },
  {
    id: 'idle-raised',
    title: 'Idle raised by 300 to 1,200 rpm',
    reason: 'Clunks into gear, pushes in traffic.',
    needsNoReference: false,
    ends: 'finding',
    inject: idleRaised,
  },
  {
    id: 'acceleration-gone',
    title: 'Acceleration enrichment of nothing',
    reason: 'A flat spot when the throttle is opened.',
    needsNoReference: false,
    ends: 'finding',
    inject: accelerationGone,
  },
  {
    id: 'cranking-advance',
    title: 'Too much advance while cranking',
    reason: 'Over twenty degrees kicks back and breaks the sprag clutch.',
    needsNoReference: true,
    ends: 'finding',
    inject: crankingAdvance,
  },
];
