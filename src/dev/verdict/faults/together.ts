/** Faults beside the main maps: corrections, trims, constants and settings that act together with them, and changes spread over several. */
import type { TuneMap } from '../../../core/model.ts';
import type { Draw } from '../draw.ts';
import { EXCLUSIONS, type Excluded, excluded, type Fault, type Injected } from '../fault.ts';
import { fuelMaps, mapsOf, type Site, sparkMaps, usable, zone } from '../site.ts';
import { done, everyMap, fault } from './places.ts';
import { perDegree } from './surface.ts';

const all = (map: TuneMap): number[] => Array.from(map.cells.keys());
const delta = (now: number, was: number): number => now - was;
const live = (site: Site, role: RegExp): TuneMap[] =>
  site.decoded.tune.maps.filter((m) => role.test(m.role) && usable(m) && m.kind !== 'flag' && m.kind !== 'patch');
const titled = (site: Site, title: RegExp): TuneMap[] =>
  site.decoded.tune.maps.filter((m) => title.test(m.title) && m.kind !== 'flag' && m.kind !== 'patch');

/** Corrections of the spark in degrees; the sign of one that retards is the other way round. */
const sparkCorrections = (site: Site): TuneMap[] =>
  live(site, /^(correction\.spark|spark\.trim)$/).filter(
    (m) => /^(°|deg)/.test(m.unit) && m.kind !== 'scalar' && !/idle|decel|limit|gain/i.test(m.title),
  );
const advances = (map: TuneMap): number => (/ret/i.test(map.title) ? -1 : 1);
const isFactor = (map: TuneMap): boolean => /^(ratio|multiplier)$/i.test(map.unit) || Math.max(...map.cells) > 60;

function correctionAdvances(site: Site, draw: Draw): Injected | Excluded {
  const maps = sparkCorrections(site);
  if (maps.length === 0) return excluded('the file has no correction of the spark in degrees');
  const map = draw.pick(maps);
  const edited = everyMap(site, [map], all, (v) => v + 8 * advances(map), delta);
  if ('kind' in edited) return edited;
  return edited.reached < 7 ? excluded(EXCLUSIONS.clipped) : done(edited, `${map.title}: 8° more`, 'high');
}

function spread(site: Site): Injected | Excluded {
  const corrections = sparkCorrections(site);
  if (corrections.length === 0) return excluded('the file has no correction of the spark in degrees');
  const editor = site.edit();
  const maps = [...sparkMaps(site).filter((m) => !perDegree(m).counts), ...corrections];
  for (const map of maps) {
    const base = !corrections.includes(map);
    for (const index of base ? zone(site, map, 'fullLoad') : all(map))
      if (editor.set(map, index, map.cells[index]! + 2.8 * (base ? 1 : advances(map))) === null)
        return excluded(EXCLUSIONS.noInverse);
  }
  return done({ bytes: editor.bytes(), maps }, '2.8° in the map and in each correction', 'medium');
}

function correctionLeans(site: Site, draw: Draw): Injected | Excluded {
  const maps = live(site, /^correction(\.(airTemperature|barometric))?$/).filter(
    (m) => m.kind === 'curve' && /^(%|ratio|multiplier)$/i.test(m.unit),
  );
  if (maps.length === 0) return excluded('the file has no correction of the fuel in percent');
  const map = draw.pick(maps);
  const edited = everyMap(site, [map], all, (v) => (isFactor(map) ? v * 0.88 : v - 12), delta);
  if ('kind' in edited) return edited;
  const held = edited.reached < (/^%$/.test(map.unit) ? 6 : 0.06);
  return held ? excluded(EXCLUSIONS.clipped) : done(edited, `${map.title}: 12 % less`, 'high');
}

function warmUpLeans(site: Site): Injected | Excluded {
  const map = live(site, /^enrichment\.warmup$/).find((m) => m.kind === 'curve' && /^(%|ratio)$/.test(m.unit));
  const unit = map === undefined || Math.max(...map.cells) < 20 ? 1 : 100;
  if (map === undefined || Math.abs(map.cells.at(-1)! - unit) > 0.2 * unit) return excluded(EXCLUSIONS.noMap);
  const edited = everyMap(site, [map], all, (v) => (v <= unit * 1.05 ? v - 0.15 * unit : v), delta);
  return 'kind' in edited ? edited : done(edited, '85 % at operating temperature', 'high', 'high');
}

/** A trim of one cylinder in use, or switched on. */
function trim(kind: 'fuel' | 'spark') {
  return (site: Site): Injected | Excluded => {
    const name = kind === 'fuel' ? /^(fuelTrims1_table|veTrim1|fuelTrim1Table)$/i : /^ignTrims1_table$/i;
    const map = titled(site, name).find((m) => !m.unset);
    if (map === undefined) return excluded('the file has no trims of single cylinders that are set');
    const editor = site.edit();
    const words = ['usevetrim', 'fuelTrimEnabled'].filter((w) =>
      editor.setWord(w, w === 'usevetrim' ? 'Use VE Trim Tables' : 'Yes'),
    );
    for (const index of all(map))
      if (editor.set(map, index, kind === 'fuel' ? -14 : 8) === null) return excluded(EXCLUSIONS.noInverse);
    return {
      ...done(
        { bytes: editor.bytes(), maps: [map] },
        kind === 'fuel' ? '14 % less in one cylinder' : '8° more in one cylinder',
        'high',
        'medium',
      ),
      words,
    };
  };
}

/** Words of a project; maps are what they act on, and numbers may go with them. */
function worded(
  says: string,
  words: [string, string][],
  acts: RegExp,
  floor: Injected['floor'],
  alone: Injected['alone'],
  numbers: { name: RegExp; to: number }[] = [],
) {
  return (site: Site): Injected | Excluded => {
    if (site.decoded.image !== null) return excluded('the file is an image');
    const editor = site.edit();
    const { settings } = site.decoded.tune.facts;
    const set = words.filter(([name, to]) => settings[name] !== to && editor.setWord(name, to)).map(([name]) => name);
    if (set.length === 0) return excluded('the file has no such setting');
    if (numbers.some(({ name }) => titled(site, name).length === 0)) return excluded('the file has no such constant');
    const maps = site.decoded.tune.maps.filter((m) => acts.test(m.role));
    for (const { name, to } of numbers)
      for (const map of titled(site, name)) {
        maps.push(map);
        for (const index of all(map)) if (editor.set(map, index, to) === null) return excluded(EXCLUSIONS.noInverse);
      }
    return { ...done({ bytes: editor.bytes(), maps }, says, floor, alone), words: set };
  };
}

/** One number of the file, by its title. */
function constant(
  title: RegExp,
  value: (was: number) => number,
  says: string,
  floor: Injected['floor'],
  alone: Injected['alone'] = null,
) {
  return (site: Site): Injected | Excluded => {
    const maps = titled(site, title).filter((m) => m.cells.length === 1 && m.cells[0]! > 0);
    if (maps.length === 0) return excluded('the file has no such constant');
    const edited = everyMap(site, maps, all, value, delta);
    return 'kind' in edited ? edited : done(edited, says, floor, alone);
  };
}

function boost(role: RegExp, factor: number) {
  return (site: Site): Injected | Excluded => {
    const maps = live(site, role).filter(
      (m) => !/timer|vehicle|delay|hyst/i.test(m.title) && m.cells.some((v) => v > 20),
    );
    if (maps.length === 0) return excluded('the file has no such boost map in use');
    const edited = everyMap(
      site,
      maps.slice(0, 1),
      all,
      (v) => v * factor,
      (now, was) => (now / was - 1) * 100,
    );
    if ('kind' in edited) return edited;
    return edited.reached < 22 ? excluded(EXCLUSIONS.clipped) : done(edited, `x ${factor}`, 'high');
  };
}

function idleUnderStall(site: Site): Injected | Excluded {
  const maps = mapsOf(site, 'idle.target').filter((m) => /rpm/i.test(m.unit) && m.kind !== 'flag');
  const edited = everyMap(site, maps.slice(0, 1), all, (v) => Math.max(300, v - 500), delta);
  if ('kind' in edited) return edited;
  return edited.reached < 220 ? excluded(EXCLUSIONS.clipped) : done(edited, 'up to 500 rpm lower', 'medium');
}

function dwellByVoltage(site: Site): Injected | Excluded {
  const maps = live(site, /^correction\.dwell$/).filter((m) => m.kind === 'curve');
  const base = live(site, /^dwell\.running$/).find((m) => m.unit === 'ms');
  if (maps.length === 0 || base === undefined) return excluded('the file has no dwell with a correction by voltage');
  const most = [...base.cells].sort((a, b) => a - b)[base.cells.length >> 1]!;
  const [map] = maps;
  const edited = everyMap(
    site,
    maps.slice(0, 1),
    (m) => all(m).filter((i) => i >= m.cells.length / 2),
    (v) => v * 2.2,
    delta,
  );
  if ('kind' in edited) return edited;
  const ms = (most * map!.cells.at(-1)! * 2.2) / (map!.unit === '%' ? 100 : 1);
  if (ms <= 4.7) return excluded('the coil stays below what it bears');
  return done(edited, `x 2.2 from half of the voltages up (${ms.toFixed(1)} ms)`, 'low');
}

/** All three margins of an engine, each used to just under where a check would call it more than tidy. */
function everythingALittle(site: Site): Injected | Excluded {
  const limiters = live(site, /^revLimiter(\.(cut|hard|soft|kill))?$/).filter((m) => m.unitFrom !== 'none');
  const [sparks, fuels] = [sparkMaps(site), fuelMaps(site)];
  if (sparks.length === 0 || fuels.length === 0 || limiters.length === 0) return excluded(EXCLUSIONS.noMap);
  const editor = site.edit();
  const write = (maps: TuneMap[], cells: (m: TuneMap) => number[], value: (v: number, m: TuneMap) => number): boolean =>
    maps.every((m) => cells(m).every((i) => editor.set(m, i, value(m.cells[i]!, m)) !== null));
  const full = (m: TuneMap): number[] => zone(site, m, 'fullLoad');
  const real = (n: number): boolean => n > 3_000 && n < 19_000;
  const made =
    write(sparks, full, (v, m) => v + perDegree(m).unit * (perDegree(m).counts ? 6 : 3.8)) &&
    write(fuels, full, (v) => v * 0.955) &&
    write(limiters, all, (v) => (real(v) ? v * 1.028 : v));
  if (!made) return excluded(EXCLUSIONS.noInverse);
  const maps = [...sparks, ...fuels, ...limiters];
  return done({ bytes: editor.bytes(), maps }, '+3.8°, -4.5 %, limiter +2.8 %', 'low');
}

export const togetherFaults: Fault[] = [
  fault(
    'correction-advances',
    'A correction of the spark by temperature adds eight degrees',
    'Eight degrees at full load are eight degrees, in whichever table they stand.',
    correctionAdvances,
  ),
  fault(
    'spark-spread',
    'Spark +2.8° in the map and in each correction',
    'Each by itself is tidy; the engine gets five degrees or more.',
    spread,
  ),
  fault(
    'correction-leans',
    'A correction of the fuel takes twelve percent',
    'From lambda 0.88 it is 1.0, at every load, and the fuel map is as the factory made it.',
    correctionLeans,
  ),
  fault(
    'warm-up-leans',
    'A warm-up curve that ends at 85 percent',
    'It multiplies for good once the engine is warm: lambda 1.03 at full load.',
    warmUpLeans,
    true,
  ),
  fault(
    'trim-leans',
    'A trim takes fourteen percent from one cylinder',
    'That cylinder runs at lambda 1.02 while a probe in the collector sees the mean of all.',
    trim('fuel'),
    true,
  ),
  fault(
    'trim-advances',
    'A trim adds eight degrees to one cylinder',
    'That cylinder knocks; the map shows nothing.',
    trim('spark'),
    true,
  ),
  fault(
    'injector-constant',
    'Injectors said to be 40 percent larger',
    'Opening times fall by 29 percent; with the factory injectors that is lambda 1.23.',
    constant(/^(injector_flow|Injector (Size|Scaling))$/i, (v) => v * 1.4, 'x 1.4', 'critical'),
  ),
  fault(
    'trigger-reference',
    'The reference of the crank sensor moved by ten degrees',
    'Every spark of every map comes ten degrees earlier or later.',
    constant(/^(TrigAng|globalTriggerAngleOffset|adv_offset)$/, (v) => v + 10, '+10°', 'high'),
  ),
  fault(
    'trigger-pattern',
    'Another trigger pattern',
    'Sparks come anywhere; it backfires or does not start.',
    worded(
      'another pattern',
      [
        ['TrigPattern', 'Missing Tooth'],
        ['trigger_type', '60-2'],
        ['spk_mode0', 'Toothed wheel'],
      ],
      /^spark$/,
      'high',
      null,
    ),
  ),
  fault(
    'load-source',
    'Tables looked up by another load',
    'Cells made for throttle are read by pressure: wrong everywhere.',
    worded(
      'another load',
      [
        ['algorithm', 'MAP'],
        ['fuelAlgorithm', 'Alpha-N'],
      ],
      /^(ve|fuel)$/,
      'high',
      null,
    ),
  ),
  fault(
    'timing-fixed',
    'Timing held fixed at forty degrees',
    'Left over from setting the trigger with a light; at full load and low speed it breaks pistons.',
    worded(
      'fixed',
      [
        ['fixAngEnable', 'On'],
        ['timingMode', 'fixed'],
        ['timing_flags', 'Fixed Timing'],
      ],
      /^spark$/,
      'high',
      'high',
      [{ name: /^(FixAng|fixedTiming|fixed_timing)$/, to: 40 }],
    ),
    true,
  ),
  fault(
    'limiter-without-action',
    'A rev limiter whose speed stands and whose cut is off',
    'There is no limiter any more: a missed gear ends the engine.',
    worded(
      'nothing is cut',
      [
        ['cutFuelOnHardLimit', 'no'],
        ['cutSparkOnHardLimit', 'no'],
        ['engineProtectType', 'Off'],
        ['RevLimOption_spkcut', 'Off'],
        ['RevLimOption_retard', 'Off'],
        ['RevLimOption_fuelprog', 'Off'],
        ['RevLimOption_fuelcut', 'Off'],
      ],
      /^revLimiter/,
      'high',
      'high',
    ),
    true,
  ),
  fault(
    'blank-table-switched-on',
    'A trim that was never set, switched on',
    'The ECU multiplies fuel by what erased memory holds.',
    (site) => {
      const blank = titled(site, /^fuelTrim1Table$/).some((m) => m.unset);
      return blank
        ? worded('on', [['fuelTrimEnabled', 'Yes']], /^fuel\.trim$/, 'high', 'high')(site)
        : excluded('the file has no trim that is blank');
    },
    true,
  ),
  fault(
    'overrun-under-load',
    'The overrun fuel cut acts up to 80 percent throttle',
    'Fuel goes and comes under load: it surges, leans out and throws the rider.',
    worded(
      'up to 80 %',
      [
        ['dfcoEnabled', 'On'],
        ['coastingFuelCutEnabled', 'true'],
        ['OvrRunC', 'On'],
      ],
      /^$/,
      'high',
      'high',
      [{ name: /^(dfcoTPSThresh|coastingFuelCutTps|fc_tps)$/, to: 80 }],
    ),
    true,
  ),
  fault(
    'cranking-until-late',
    'Cranking fuel and advance up to 2,600 rpm',
    'A running engine gets what a starter motor needs: it floods and stalls.',
    constant(/^(crankRPM|cranking_rpm|crankingRPM)$/i, () => 2_600, '2,600 rpm', 'medium', 'medium'),
    true,
  ),
  fault(
    'boost-limit-raised',
    'The boost limit half as high again',
    'It ends a boost that the control lost; past it nothing does.',
    boost(/^(protection\.boost|boost\.limit)$/, 1.5),
  ),
  fault(
    'boost-target-raised',
    'The boost target raised by three tenths',
    'Cylinder pressure rises with it, and the octane wanted by eight.',
    boost(/^boost\.target$/, 1.3),
  ),
  fault(
    'idle-under-stall',
    'Idle up to 500 rpm lower',
    'It stalls when the clutch is pulled, and oil pressure is least there.',
    idleUnderStall,
  ),
  fault(
    'dwell-by-voltage',
    'Dwell doubled where the alternator is strong',
    'The coil fills fastest there and burns.',
    dwellByVoltage,
  ),
  fault(
    'everything-a-little',
    'Spark, mixture and limiter all moved, each just inside its limit',
    'One engine has one margin: advanced, leaner and faster at once is no more three tidy notes. It may not be SAFE.',
    everythingALittle,
  ),
];
