/** Rev limiters: against stock, against the engine, cut and resume, and what the speed does to the pistons. */
import type { Motorcycle, TuneMap } from '../model.ts';
import { factoryValues, limiterOf, NO_LIMITER_RPM, OFF_OVER_ANOTHER, switchedOff } from '../stock.ts';
import { finiteCells, isRole, single, unmeasured } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  overStock: 'limiter.overStock.percent',
  overRedline: 'limiter.overRedline.percent',
  absurd: 'limiter.absurd.count',
  switchedOff: 'limiter.switchedOff.count',
  pistonSpeed: 'limiter.pistonSpeed',
  pistonAcceleration: 'limiter.pistonAcceleration',
  hysteresis: 'limiter.hysteresis',
  lowered: 'limiter.underStock.percent',
  special: 'limiter.special.overMain.rpm',
  softOverHard: 'limiter.softOverHard.rpm',
  inverted: 'limiter.pairInvertedAgainstStock.count',
  wide: 'limiter.hysteresis.max',
  sparkFirst: 'limiter.fuelOverSpark.rpm',
  specialOverStock: 'limiter.special.overStock.percent',
} as const;

const MAIN = /^revLimiter(\.(cut|resume|hard|soft|kill|spark|fuel))?$/;
/** A limiter of normal running. */
export const isMainLimiter = (map: TuneMap): boolean => MAIN.test(map.role);
const SPECIAL = /^revLimiter\.(neutral|cold|limp|gear|clutch)$/;
/** What it limits is not named: held against stock alone. */
const UNNAMED = /^revLimiter\.other$/;

function measure({ tune, stock, motorcycle }: MeasureInput): Metric[] {
  const all = tune.maps.filter((m) => isRole(m, 'revLimiter') && m.inUse !== false && m.kind !== 'flag');
  const metrics: Metric[] = [];
  const main = all.filter((m) => MAIN.test(m.role));
  // A scalar has no axis that could prove its place: beside surfaces that are surely where the definition says, it is there too.
  const placed = tune.maps.some(
    (m) => m.kind === 'map' && m.confidence !== 'guessed' && /^(fuel|ve|spark)$/.test(m.role),
  );
  for (const map of main) {
    const equal = stock?.maps.get(map.id)?.equal === true;
    const others = main.filter((m) => m !== map && stands(m)).length;
    metrics.push(absurd(map, motorcycle, equal ? stock!.kind : null, { others, placed: placed ? 1 : 0 }));
  }
  if (stock !== null) metrics.push(...eachOverStock(all, stock));
  const trusted = main.filter((m) => !m.unset && m.unitFrom !== 'none');
  const limiter = limiterOf(tune);
  const place = trusted.find((m) => finiteCells(m).includes(limiter ?? Number.NaN)) ?? null;
  if (main.length === 0) return offBySettings(tune.maps);
  if (limiter === null || place === null) {
    const reason = main.some((m) => m.unset)
      ? 'the rev limiter is not set'
      : 'no limiter of normal running holds a believable speed';
    return [...metrics, unmeasured(ID.overRedline, '%', main[0] ?? null, reason)];
  }
  const index = Array.from(place.cells).indexOf(limiter);
  const allEqual = stock !== null && main.every((m) => stock.maps.get(m.id)?.equal === true);
  if (stock?.limiterRpm != null) {
    const percent = allEqual ? 0 : (limiter / stock.limiterRpm - 1) * 100;
    const facts = { tune: limiter, stock: stock.limiterRpm };
    metrics.push(single(ID.overStock, '%', place, percent, { reference: stock.kind, facts, index }));
    metrics.push(single(ID.lowered, '%', place, -percent, { reference: stock.kind, facts, index }));
  }
  const redline = motorcycle?.revLimitRpm ?? motorcycle?.redlineRpm ?? null;
  // A factory limiter needs no other judge: the redline of the data is the weaker source.
  if (redline !== null) {
    const percent = allEqual ? 0 : (limiter / redline - 1) * 100;
    metrics.push(
      single(ID.overRedline, '%', place, percent, {
        reference: allEqual ? stock!.kind : 'motorcycle',
        facts: { tune: limiter, redline, read: motorcycle?.revLimitRpm == null ? 0 : 1 },
        index,
      }),
    );
  }
  if (motorcycle !== null)
    metrics.push(...piston(place, index, limiter, motorcycle, allEqual ? stock!.kind : 'motorcycle'));
  metrics.push(...pairs(trusted, stock, limiter), ...specials(all, limiter, stock), ...order(trusted, stock));
  return metrics;
}

/** Every limiter of normal running is there, and the settings of the project switch off each of them. */
function offBySettings(maps: readonly TuneMap[]): Metric[] {
  const off = maps.filter(isMainLimiter);
  const highest = off.toSorted((a, b) => Math.max(...finiteCells(b)) - Math.max(...finiteCells(a)))[0];
  if (highest === undefined) return [];
  const facts = { names: off.map((m) => m.title).join(', ') };
  return [single(ID.switchedOff, 'limits', highest, off.length, { facts })];
}

/** Limits something: holds a believable speed. */
const stands = (map: TuneMap): boolean =>
  !map.unset && Array.from(map.cells).some((n, i) => !switchedOff(map, i) && n > 2_500 && n < NO_LIMITER_RPM);

/** Zero, beyond the number range, or beyond any motorcycle engine: then there is no limiter. */
function absurd(
  map: TuneMap,
  motorcycle: Motorcycle | null,
  factory: Metric['reference'] | null,
  facts: { others: number; placed: number },
): Metric {
  // What limiterOf passes over must be found here, or an engine without a limiter would pass as one with.
  const top = Math.min(NO_LIMITER_RPM, (motorcycle?.revLimitRpm ?? motorcycle?.redlineRpm ?? 16_500) * 1.6);
  const cells = Array.from(map.cells);
  const bad = cells
    .map((_, i) => i)
    .filter((i) => {
      if (factory !== null) return false;
      if (switchedOff(map, i)) return true;
      return map.unitFrom !== 'none' && (!Number.isFinite(cells[i]!) || cells[i]! <= 0 || cells[i]! >= top);
    });
  return single(ID.absurd, 'limits', map, bad.length, {
    reference: factory ?? 'absolute',
    index: bad[0] ?? 0,
    facts: { reads: cells[bad[0] ?? 0] ?? 0, ...facts },
  });
}

/** Mean piston speed 2·stroke·n, and the largest acceleration with a rod ratio of 0.27 (physics: r·ω²·(1 + r/l)). */
function piston(
  map: TuneMap,
  index: number,
  limiter: number,
  motorcycle: Motorcycle,
  reference: Metric['reference'],
): Metric[] {
  const stroke = motorcycle.strokeMm / 1_000;
  const omega = (limiter * 2 * Math.PI) / 60;
  const facts = { tune: limiter };
  return [
    single(ID.pistonSpeed, 'm/s', map, (2 * stroke * limiter) / 60, { reference, facts, index }),
    single(ID.pistonAcceleration, 'm/s²', map, (stroke / 2) * omega ** 2 * 1.27, { reference, facts, index }),
  ];
}

/** Cut and resume stand in one curve of two, or in two scalars with those roles. The higher is the cut, whatever the labels say. */
function pairs(maps: TuneMap[], stock: MeasureInput['stock'], limiter: number): Metric[] {
  const metrics: Metric[] = [];
  const found: { map: TuneMap; cut: number; resume: number; equal: boolean; inverted: boolean }[] = [];
  // A pair that is switched off cuts nothing, so that it has no width either.
  const off = (m: TuneMap): boolean =>
    [0, 1].some((i) => switchedOff(m, i)) || Math.min(...m.cells) > limiter * OFF_OVER_ANOTHER;
  for (const map of maps.filter((m) => m.cells.length === 2 && !off(m))) {
    const [a, b] = [map.cells[0]!, map.cells[1]!];
    const known = stock?.maps.get(map.id);
    const was = known?.map?.cells ?? known?.facts?.values?.[0];
    const inverted = was !== undefined && was.length === 2 && Math.sign(was[1]! - was[0]!) * Math.sign(b - a) < 0;
    found.push({ map, cut: Math.max(a, b), resume: Math.min(a, b), equal: known?.equal === true, inverted });
  }
  const cuts = maps.filter((m) => m.role === 'revLimiter.cut' && m.cells.length === 1);
  const resumes = maps.filter((m) => m.role === 'revLimiter.resume' && m.cells.length === 1);
  const steps = maps.filter((m) => /^revLimiter\.(soft|hard|kill)$/.test(m.role) && m.cells.length === 1);
  // Each step of several may have a resume of its own, named as it is: "Hard Limit Trigger", "Hard Limit Recharge".
  const named = steps.flatMap((cut): [TuneMap, TuneMap][] => {
    const own = resumes.filter((r) => new RegExp(`\\b${cut.role.split('.')[1]}\\b`, 'i').test(r.title));
    return own.length === 1 ? [[cut, own[0]!]] : [];
  });
  const ofOne = cuts.length === resumes.length ? cuts.map((cut, i): [TuneMap, TuneMap] => [cut, resumes[i]!]) : [];
  for (const [cut, resume] of [...ofOne, ...named]) {
    const equal = stock?.maps.get(cut.id)?.equal === true && stock.maps.get(resume.id)?.equal === true;
    found.push({ map: cut, cut: cut.cells[0]!, resume: resume.cells[0]!, equal, inverted: false });
  }
  for (const { map, cut, resume, equal, inverted } of found) {
    const reference = equal ? stock!.kind : 'absolute';
    const gap = cut - resume;
    const facts = { cut, resume };
    metrics.push(
      single(ID.hysteresis, 'rpm', map, equal ? 100 : gap, { reference, facts }),
      single(ID.wide, 'rpm', map, equal ? 100 : gap, { reference, facts }),
    );
    if (stock !== null)
      metrics.push(
        single(ID.inverted, 'pairs', map, inverted ? 1 : 0, { reference: stock.kind, facts: { cut, resume } }),
      );
  }
  return metrics;
}

/** Limits for neutral, a cold engine, limp-home: above the main one they protect nothing. */
function specials(maps: TuneMap[], limiter: number, stock: MeasureInput['stock']): Metric[] {
  return maps
    .filter((m) => SPECIAL.test(m.role) && !m.unset && m.unitFrom !== 'none')
    .map((map) => {
      const equal = stock?.maps.get(map.id)?.equal === true;
      const top = Math.max(0, ...finiteCells(map));
      return single(ID.special, 'rpm', map, equal ? 0 : Math.max(0, top - limiter), {
        reference: equal ? stock!.kind : 'absolute',
        facts: { tune: top, main: limiter },
      });
    });
}

/**
 * Each limiter map by itself: one of several may be raised while the highest stays. Limits of normal running and those for
 * neutral, a cold engine or limp-home are told apart by the metric.
 */
function eachOverStock(all: TuneMap[], stock: NonNullable<MeasureInput['stock']>): Metric[] {
  const metrics: Metric[] = [];
  for (const map of all.filter((m) => [MAIN, SPECIAL, UNNAMED].some((r) => r.test(m.role)))) {
    const known = stock.maps.get(map.id);
    // An erased one has lost its unit, and with it would lose its judge: stock's own says what it is.
    if (known === undefined || (map.unitFrom === 'none' && (known.map?.unitFrom ?? 'none') === 'none')) continue;
    const id = MAIN.test(map.role) ? ID.overStock : ID.specialOverStock;
    const was = known.equal ? map.cells : factoryValues(known);
    if (was === null) {
      metrics.push(
        unmeasured(id, '%', map, 'this limiter was changed, and only a hash of its factory version is known'),
      );
      continue;
    }
    let [worst, index] = [0, 0];
    for (let i = 0; i < map.cells.length; i++) {
      const raised = (map.cells[i]! / was[i]! - 1) * 100;
      if (was[i]! > 0 && was[i]! < NO_LIMITER_RPM && raised > worst) [worst, index] = [raised, i];
    }
    metrics.push(
      single(id, '%', map, worst, {
        reference: stock.kind,
        index,
        facts: { tune: map.cells[index]!, stock: was[index]! },
      }),
    );
  }
  return metrics;
}

/** Soft before hard before kill, and fuel before spark: fuel that goes on behind a cut spark burns in the exhaust. */
function order(maps: TuneMap[], stock: MeasureInput['stock']): Metric[] {
  const top = (...roles: string[]): number | null => {
    const values = maps.filter((m) => roles.includes(m.role)).flatMap(finiteCells);
    return values.length === 0 ? null : Math.max(...values);
  };
  const metrics: Metric[] = [];
  const [soft, hard] = [top('revLimiter.soft'), top('revLimiter.hard', 'revLimiter.kill')];
  const equalTo = (map: TuneMap): boolean => stock?.maps.get(map.id)?.equal === true;
  const softMap = maps.find((m) => m.role === 'revLimiter.soft');
  if (soft !== null && hard !== null && softMap !== undefined) {
    const factory = maps.filter((m) => /^revLimiter\.(soft|hard|kill)$/.test(m.role)).every(equalTo);
    const over = factory ? Math.min(soft - hard, -1) : soft - hard;
    metrics.push(single(ID.softOverHard, 'rpm', softMap, over, { facts: { soft, hard } }));
  }
  const fuels = maps.filter((m) => isCutOf(m, /fuel|einspritz|kraftstoff|benzin/i, /ign|spark|z.nd/i));
  const sparks = maps.filter((m) => isCutOf(m, /ign|spark|z.nd/i, /fuel|einspritz|kraftstoff|benzin/i));
  const [fuelMap, sparkMap] = [fuels[0], sparks[0]];
  if (fuelMap !== undefined && sparkMap !== undefined) {
    const [fuel, spark] = [Math.max(...fuels.flatMap(finiteCells)), Math.max(...sparks.flatMap(finiteCells))];
    const factory = equalTo(fuelMap) && equalTo(sparkMap);
    metrics.push(single(ID.sparkFirst, 'rpm', fuelMap, factory ? 0 : fuel - spark, { facts: { fuel, spark } }));
  }
  return metrics;
}

/** Limiters whose title says what they cut. */
const isCutOf = (map: TuneMap, words: RegExp, not: RegExp): boolean =>
  MAIN.test(map.role) && words.test(map.title) && !not.test(map.title);

export const family: MetricFamily = {
  id: 'limiter',
  metrics: [
    { id: ID.overStock, unit: '%', title: 'Rev limiter over stock', worse: 'above' },
    { id: ID.lowered, unit: '%', title: 'Rev limiter under stock', worse: 'above' },
    { id: ID.overRedline, unit: '%', title: "Rev limiter over the motorcycle's", worse: 'above' },
    {
      id: ID.switchedOff,
      unit: 'limits',
      title: 'Rev limiters that settings switch off, with none left',
      worse: 'above',
    },
    { id: ID.absurd, unit: 'limits', title: 'Limiter values that limit nothing', worse: 'above' },
    { id: ID.pistonSpeed, unit: 'm/s', title: 'Mean piston speed at the limiter', worse: 'above' },
    { id: ID.pistonAcceleration, unit: 'm/s²', title: 'Largest piston acceleration at the limiter', worse: 'above' },
    { id: ID.hysteresis, unit: 'rpm', title: 'Between cut and resume', worse: 'below' },
    { id: ID.special, unit: 'rpm', title: 'Neutral, cold or limp limit above the main one', worse: 'above' },
    { id: ID.softOverHard, unit: 'rpm', title: 'Soft limit above the hard one', worse: 'above' },
    { id: ID.inverted, unit: 'pairs', title: 'Cut and resume swapped against stock', worse: 'above' },
    { id: ID.wide, unit: 'rpm', title: 'Between cut and resume', worse: 'above' },
    { id: ID.sparkFirst, unit: 'rpm', title: 'Fuel cut above the spark cut', worse: 'above' },
    {
      id: ID.specialOverStock,
      unit: '%',
      title: 'Neutral, cold, limp or gear limit over stock',
      worse: 'above',
    },
  ],
  measure,
};
