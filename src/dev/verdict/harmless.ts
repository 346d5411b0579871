/** Edits that a careful tuner makes every day. Nothing above low may be said of them that was not said before. */
import type { TuneMap } from '../../core/model.ts';
import type { Draw } from './draw.ts';
import { EXCLUSIONS, type Excluded, excluded, type Harmless, type Injected } from './fault.ts';
import { editCells, injected, perDegree } from './faults/surface.ts';
import { fuelMaps, mapsOf, type Site, sparkMaps, usable, type Zone, zone } from './site.ts';

const all = (map: TuneMap): number[] => Array.from(map.cells.keys());

type Make = (site: Site, draw: Draw) => Injected | Excluded;

/** One change over every map of a kind, as a tuner makes it: all cylinders alike. */
function everyMap(
  maps: (site: Site) => TuneMap[],
  cells: (site: Site, map: TuneMap) => number[],
  change: (was: number, map: TuneMap, index: number) => number,
  text: string,
): Make {
  return (site) => {
    const found = maps(site);
    if (found.length === 0) return excluded(EXCLUSIONS.noMap);
    const editor = site.edit();
    let changed = 0;
    for (const map of found) {
      for (const index of cells(site, map)) {
        const was = map.cells[index]!;
        if (!Number.isFinite(was)) continue;
        const now = editor.set(map, index, change(was, map, index));
        if (now === null) return excluded(EXCLUSIONS.noInverse);
        if (Math.abs(now - was) > 1e-9) changed++;
      }
    }
    if (changed === 0) return excluded(EXCLUSIONS.belowQuantum);
    return {
      kind: 'injected',
      bytes: editor.bytes(),
      maps: found.map((m) => m.id),
      cells: null,
      amplitude: text,
      floor: null,
      alone: null,
    };
  };
}

/** One change in one map of a kind. */
function oneMap(
  maps: (site: Site) => TuneMap[],
  cells: (site: Site, map: TuneMap, draw: Draw) => number[],
  change: (was: number, map: TuneMap, index: number) => number,
  text: string,
): Make {
  return (site, draw) => {
    const found = maps(site);
    if (found.length === 0) return excluded(EXCLUSIONS.noMap);
    const map = draw.pick(found);
    const edit = editCells(site, map, cells(site, map, draw), change2(map, change));
    return edit.kind === 'excluded' ? edit : injected(edit, text, null, null);
  };
}
const change2 =
  (map: TuneMap, change: (was: number, map: TuneMap, index: number) => number) =>
  (was: number, index: number): number =>
    change(was, map, index);

const whole = (_: Site, map: TuneMap): number[] => all(map);
const inZone =
  (which: Zone) =>
  (site: Site, map: TuneMap): number[] =>
    zone(site, map, which);
const degrees = (by: number) => (was: number, map: TuneMap) => {
  const { unit, counts } = perDegree(map);
  // Counts: about sixty degrees of span.
  return was + (counts ? (by / 60) * 100 * unit : by);
};
const times = (factor: number) => (was: number) => was * factor;
const role =
  (...roles: string[]) =>
  (site: Site): TuneMap[] =>
    mapsOf(site, ...roles).filter((m) => m.kind !== 'flag' && m.kind !== 'patch');
const named =
  (pattern: RegExp, unit: RegExp) =>
  (site: Site): TuneMap[] =>
    site.decoded.tune.maps.filter(
      (m) => pattern.test(m.role) && unit.test(m.unit) && usable(m) && m.kind !== 'flag' && m.kind !== 'patch',
    );

const limits = (site: Site): TuneMap[] =>
  site.decoded.tune.maps.filter(
    (m) =>
      /^revLimiter(\.(cut|resume|hard|soft|kill|spark|fuel))?$/.test(m.role) &&
      usable(m) &&
      m.unitFrom !== 'none' &&
      Array.from(m.cells).some((n) => n > 3_000 && n < 19_000),
  );
const lowered = (rpm: number) => (was: number) => (was > 3_000 && was < 19_000 ? was - rpm : was);
const fans = (site: Site): TuneMap[] =>
  mapsOf(site, 'fan', 'fan.on', 'fan.off').filter(
    (m) => m.cells.length <= 4 && m.kind !== 'flag' && m.unitFrom !== 'none',
  );
const cooler = (by: number) => (was: number, map: TuneMap) => was - by * (/f/i.test(map.unit) ? 1.8 : 1);

/** A smoothing by one count here and there: what an editor leaves behind. */
function dither(kind: 'fuel' | 'spark'): Make {
  return (site, draw) => {
    const maps = kind === 'fuel' ? fuelMaps(site) : sparkMaps(site);
    if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
    const map = draw.pick(maps);
    const editor = site.edit();
    const middle = map.cells[map.cells.length >> 1]!;
    const step = editor.quantum(map, middle);
    // A coarse table moves by too much with a single count: that is no smoothing.
    if (step === null || (kind === 'fuel' ? step > middle * 0.02 : step > 1.01))
      return excluded(EXCLUSIONS.belowQuantum);
    const cells = all(map).filter(() => draw.below(5) === 0);
    const edit = editCells(site, map, cells, (v) => (v > step ? v + (draw.below(2) === 0 ? step : -step) : v));
    return edit.kind === 'excluded' ? edit : injected(edit, 'one count in a fifth of the cells', null, null);
  };
}

/** Three cells moved towards their neighbours. */
function smooth(kind: 'fuel' | 'spark'): Make {
  return (site, draw) => {
    const maps = kind === 'fuel' ? fuelMaps(site) : sparkMaps(site);
    if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
    const map = draw.pick(maps);
    const inside = zone(site, map, 'cruise').filter((i) => {
      const [r, c] = [Math.floor(i / map.columns), i % map.columns];
      return r > 0 && c > 0 && r + 1 < map.rows && c + 1 < map.columns;
    });
    if (inside.length < 3) return excluded(EXCLUSIONS.noZone);
    const edit = editCells(site, map, inside, (v, i) => {
      const around = [i - 1, i + 1, i - map.columns, i + map.columns].map((k) => map.cells[k]!);
      const target = 0.7 * v + 0.3 * (around.reduce((a, b) => a + b, 0) / 4);
      const most = kind === 'fuel' ? Math.abs(v) * 0.03 : perDegree(map).unit * (perDegree(map).counts ? 3 : 1.5);
      return v + Math.max(-most, Math.min(most, target - v));
    });
    return edit.kind === 'excluded' ? edit : injected(edit, 'cruise smoothed', null, null);
  };
}

/** A comfort map: less plate for the same grip in the lower half. */
const softer: Make = (site, draw) => {
  const maps = role('throttle')(site).filter((m) => m.kind === 'map' && m.cells.length >= 36);
  if (maps.length === 0) return excluded(EXCLUSIONS.noMap);
  const map = draw.pick(maps);
  const most = Math.max(...map.cells);
  const edit = editCells(site, map, all(map), (v) => (v > most * 0.05 && v < most * 0.95 ? v * 0.9 : v));
  return edit.kind === 'excluded' ? edit : injected(edit, 'opens a tenth less', null, null);
};

/** Bytes that belong to nothing: a signature of the tool, the date. */
const unusedBytes: Make = (site) => {
  if (site.decoded.image === null) return excluded('the file describes itself');
  const { bytes } = site.decoded.input;
  const used = site.decoded.tune.maps.flatMap((m) => [m.at, ...m.axes.map((a) => a.at)]).filter((a) => a !== null);
  for (let at = bytes.length - 64; at > bytes.length / 2; at -= 64) {
    const free = bytes.subarray(at, at + 32).every((b) => b === 0xff);
    if (!free || used.some((u) => Math.abs(u.offsetBytes - at) < 8_192)) continue;
    const copy = bytes.slice();
    copy.set(new TextEncoder().encode('edited by hand'), at);
    return { kind: 'injected', bytes: copy, maps: [], cells: null, amplitude: '14 bytes', floor: null, alone: null };
  }
  return excluded('the image has no free bytes');
};

const comment: Make = (site) => {
  if (site.decoded.image !== null) return excluded('the file is an image');
  const text = Buffer.from(site.decoded.input.bytes).toString('latin1');
  const edited = text.replace(/\n/g, '\r\n').replace(/tuneComment="/, 'tuneComment="Sunday, after the ride. ');
  return {
    kind: 'injected',
    bytes: new Uint8Array(Buffer.from(edited, 'latin1')),
    maps: [],
    cells: null,
    amplitude: 'a comment and other line ends',
    floor: null,
    alone: null,
  };
};

const RICHER = 'Richer by less than a tenth cools and costs a little fuel.';
const LATER = 'Later spark at full load costs torque and nothing else until the exhaust glows, from ten degrees on.';
const MARGIN = 'Inside what the same engine does between a cool and a hot day.';

export const harmlessEdits: Harmless[] = [
  {
    id: 'fuel-plus-2',
    title: 'Fuel +2 % everywhere',
    reason: MARGIN,
    inject: everyMap(fuelMaps, whole, times(1.02), '+2 %'),
  },
  {
    id: 'fuel-plus-8',
    title: 'Fuel +8 % everywhere',
    reason: RICHER,
    inject: everyMap(fuelMaps, whole, times(1.08), '+8 %'),
  },
  {
    id: 'fuel-plus-8-full-load',
    title: 'Fuel +8 % at full load',
    reason: RICHER,
    inject: everyMap(fuelMaps, inZone('fullLoad'), times(1.08), '+8 %'),
  },
  {
    id: 'fuel-plus-5-cruise',
    title: 'Fuel +5 % at cruise',
    reason: RICHER,
    inject: everyMap(fuelMaps, inZone('cruise'), times(1.05), '+5 %'),
  },
  {
    id: 'fuel-minus-1',
    title: 'Fuel -1 % everywhere',
    reason: MARGIN,
    inject: everyMap(fuelMaps, whole, times(0.99), '-1 %'),
  },
  {
    id: 'fuel-minus-3-full-load',
    title: 'Fuel -3 % at full load of one map',
    reason: 'Lambda 0.907 from 0.88: a careful tuner looks for exactly that torque.',
    inject: oneMap(fuelMaps, inZone('fullLoad'), times(0.97), '-3 %'),
  },
  {
    id: 'fuel-minus-6-cruise',
    title: 'Fuel -6 % at cruise',
    reason: 'Lean cruise saves fuel and harms nothing at a fifth of the load.',
    inject: everyMap(fuelMaps, inZone('cruise'), times(0.94), '-6 %'),
  },
  {
    id: 'fuel-dither',
    title: 'Fuel smoothed within a count',
    reason: 'What any editor leaves behind.',
    inject: dither('fuel'),
  },
  { id: 'fuel-smooth', title: 'Cruise fuel smoothed', reason: 'By three percent at most.', inject: smooth('fuel') },
  {
    id: 'spark-minus-2',
    title: 'Spark -2° everywhere',
    reason: LATER,
    inject: everyMap(sparkMaps, whole, degrees(-2), '-2°'),
  },
  {
    id: 'spark-minus-2-full-load',
    title: 'Spark -2° at full load',
    reason: LATER,
    inject: everyMap(sparkMaps, inZone('fullLoad'), degrees(-2), '-2°'),
  },
  {
    id: 'spark-minus-6-full-load',
    title: 'Spark -6° at full load',
    reason: LATER,
    inject: everyMap(sparkMaps, inZone('fullLoad'), degrees(-6), '-6°'),
  },
  {
    id: 'spark-plus-1',
    title: 'Spark +1° everywhere',
    reason: 'One octane number: inside the margin of any pump-fuel engine.',
    inject: everyMap(sparkMaps, whole, degrees(1), '+1°'),
  },
  {
    id: 'spark-plus-2-one',
    title: 'Spark +1.8° at full load of one map',
    reason: 'Two octane numbers in one map: to be looked at, no alarm.',
    inject: oneMap(sparkMaps, inZone('fullLoad'), degrees(1.8), '+1.8°'),
  },
  {
    id: 'spark-plus-3-cruise',
    title: 'Spark +3° at cruise',
    reason: 'Knock is far away there.',
    inject: everyMap(sparkMaps, inZone('cruise'), degrees(3), '+3°'),
  },
  {
    id: 'spark-dither',
    title: 'Spark smoothed within a count',
    reason: 'What any editor leaves behind.',
    inject: dither('spark'),
  },
  {
    id: 'spark-smooth',
    title: 'Cruise spark smoothed',
    reason: 'By a degree and a half at most.',
    inject: smooth('spark'),
  },
  {
    id: 'limiter-lower-200',
    title: 'Limiter 200 rpm lower',
    reason: 'Only protects more.',
    inject: everyMap(limits, whole, lowered(200), '-200 rpm'),
  },
  {
    id: 'limiter-lower-800',
    title: 'Limiter 800 rpm lower',
    reason: 'Running-in, or a beginner.',
    inject: everyMap(limits, whole, lowered(800), '-800 rpm'),
  },
  {
    id: 'limiter-plus-50',
    title: 'Limiter 50 rpm higher',
    reason: 'Half a percent: between two of the same motorcycles.',
    inject: everyMap(limits, whole, lowered(-50), '+50 rpm'),
  },
  {
    id: 'fan-lower-5',
    title: 'Fan 5 °C earlier',
    reason: 'Only cools more.',
    inject: everyMap(fans, whole, cooler(5), '-5 °C'),
  },
  {
    id: 'fan-lower-10',
    title: 'Fan 10 °C earlier',
    reason: 'Only cools more.',
    inject: everyMap(fans, whole, cooler(10), '-10 °C'),
  },
  { id: 'throttle-softer', title: 'A comfort map', reason: 'Less plate for the same grip.', inject: softer },
  {
    id: 'idle-plus-50',
    title: 'Idle 50 rpm higher',
    reason: 'Steadier with a hot cam.',
    inject: everyMap(role('idle.target'), whole, (v) => v + 50, '+50 rpm'),
  },
  {
    id: 'idle-plus-100',
    title: 'Idle 100 rpm higher',
    reason: 'Still inside what owners set by hand.',
    inject: everyMap(role('idle.target'), whole, (v) => v + 100, '+100 rpm'),
  },
  {
    id: 'target-richer',
    title: 'Mixture target 2 % richer',
    reason: RICHER,
    inject: everyMap(role('lambdaTarget'), whole, times(0.98), '-2 % lambda'),
  },
  {
    id: 'warm-up-plus-5-cold',
    title: 'Five percent more fuel when cold',
    reason: 'A winter setting; warm stays as it was.',
    inject: everyMap(
      named(/^enrichment\.warmup/, /^%$/),
      (_, m) => all(m).slice(0, Math.floor(m.cells.length * 0.4)),
      times(1.05),
      '+5 % cold',
    ),
  },
  {
    id: 'acceleration-plus-10',
    title: 'Acceleration enrichment +10 %',
    reason: 'Cures a flat spot.',
    inject: everyMap(role('enrichment.acceleration'), whole, times(1.1), '+10 %'),
  },
  {
    id: 'dwell-minus-5',
    title: 'Dwell -5 %',
    reason: 'Cooler coils, spark enough.',
    inject: everyMap(role('dwell', 'dwell.running'), whole, times(0.95), '-5 %'),
  },
  {
    id: 'special-limit-lower',
    title: 'Neutral limit 300 rpm lower',
    reason: 'Only protects more.',
    inject: everyMap(named(/^revLimiter\.(neutral|cold|limp)$/, /rpm/i), whole, lowered(300), '-300 rpm'),
  },
  { id: 'unused-bytes', title: 'A note in unused bytes', reason: 'No map is touched.', inject: unusedBytes },
  { id: 'comment', title: 'A comment in the project', reason: 'No value is touched.', inject: comment },
];
