/** What a tune changes against stock in torque and in the use of fuel, as far as its maps can tell, and why not where they cannot. */
import { lambdaOf } from '../metrics/cells.ts';
import type { Conditions, Motorcycle, Tune, TuneMap } from '../model.ts';
import { computeRegions, type RegionMasks, type Regions } from '../regions.ts';
import type { PerformanceTerm, Report } from '../report.ts';
import { limiterOf, type StockReference } from '../stock.ts';
import { type Estimate, refused } from './estimate.ts';
import { type Pairs, type PointPair, pairsOf } from './operating-points.ts';
import { limiterMove } from './rev-limit.ts';
import { combined, fuelUseChangeOfLambda, lambdaAfterFuel, torqueChangeOfLambda } from './torque.ts';

export interface PredictionInput {
  tune: Tune;
  motorcycle: Motorcycle | null;
  stock: StockReference | null;
  conditions: Conditions;
  regions: Regions;
}

/** Less than this moves torque by less than can be told: 0.5° from any distance up to 8° is under 0.4 %. */
const SPARK_NOISE_DEGREES = 0.5;
/** Without other parts a tune seldom gives more than 5 %; from here on the number is the file's mistake, not the engine's. */
const IMPLAUSIBLE_PERCENT = 10;
const AIR_PARTS =
  /exhaust|header|slip|can\b|muffler|filter|airbox|intake|cam|ported|head|throttle bod|big.?bore|turbo|supercharg|compressor/i;

const SAME: Estimate = { kind: 'known', value: 0, low: 0, high: 0 };

/** Fills `performance` of a report. */
export function predictPerformance(input: PredictionInput): Report['performance'] {
  const { tune, stock } = input;
  if (stock === null)
    return {
      torque: null,
      efficiency: null,
      limiter: null,
      terms: [],
      reason: 'unknown: a prediction needs the stock to compare with',
    };
  const limiter = limiterTerm(input);
  const fullLoad = sample(input, 'full load');
  const cruise = sample(input, 'cruise');
  const mixture = mixtureAt(fullLoad, input, 'full load');
  const spark = sparkAt(fullLoad);
  const plates = platesTerm(input);
  const torque = together([mixture.torque, spark, plates].filter((t) => t !== null));
  const cruiseMixture = mixtureAt(cruise, input, 'cruise');
  const cruiseSpark = sparkAt(cruise);
  const efficiency = cruiseSpark.kind === 'refused' ? cruiseSpark : cruiseMixture.fuelUse;
  const terms: PerformanceTerm[] = [
    term('mixture at full load', mixture.torque, mixture.says),
    term('spark at full load', spark, spark.kind === 'known' ? 'spark at full load is that of stock' : spark.reason),
    ...(plates === null ? [] : [term('throttle plates', plates, plates.kind === 'refused' ? plates.reason : '')]),
    term('mixture at cruise', cruiseMixture.fuelUse, cruiseMixture.says),
    term(
      'spark at cruise',
      cruiseSpark,
      cruiseSpark.kind === 'known' ? 'spark at cruise is that of stock' : cruiseSpark.reason,
    ),
  ];
  return {
    torque: prediction(torque),
    efficiency: prediction(invert(efficiency)),
    limiter,
    terms,
    reason: inWords(torque, efficiency, mixture.says, cruiseMixture.says, limiter, tune, stock),
  };
}

const term = (id: string, estimate: Estimate, says: string): PerformanceTerm => ({
  id,
  ...(prediction(estimate) ?? { changePercent: null, lowPercent: null, highPercent: null }),
  reason: estimate.kind === 'refused' ? estimate.reason : says,
});

const prediction = (e: Estimate): { changePercent: number; lowPercent: number; highPercent: number } | null =>
  e.kind === 'refused' ? null : { changePercent: tenth(e.value), lowPercent: tenth(e.low), highPercent: tenth(e.high) };
const tenth = (value: number): number => Math.round(value * 10) / 10 + 0;

/** No change stays none; else the product with the least band. */
function together(parts: Estimate[]): Estimate {
  const unknown = parts.find((p) => p.kind === 'refused');
  if (unknown !== undefined) return unknown;
  return parts.every((p) => p.kind === 'known' && p.value === 0 && p.low === 0 && p.high === 0)
    ? SAME
    : combined(parts);
}

/** From fuel per work to work per fuel. */
function invert(e: Estimate): Estimate {
  if (e.kind === 'refused') return e;
  const of = (percent: number): number => (1 / (1 + percent / 100) - 1) * 100;
  return { kind: 'known', value: of(e.value), low: of(e.high), high: of(e.low) };
}

// ---------------------------------------------------------------- what changed where

interface MapThere {
  map: TuneMap;
  pairs: Pairs;
  /** Values of the cells that govern there. */
  cells: number[];
}

interface Sampled {
  target: MapThere | null;
  fuel: MapThere[];
  spark: MapThere[];
}

function sample({ tune, stock, regions, motorcycle }: PredictionInput, where: 'full load' | 'cruise'): Sampled {
  const stockRegions = stock!.tune === null ? null : computeRegions(stock!.tune, motorcycle, stock);
  const maskOf = (region: RegionMasks | undefined): Uint8Array | null => {
    if (region?.known !== true) return null;
    return where === 'cruise' ? region.cruise : fullLoadOf(region);
  };
  const take = (...roles: string[]): MapThere[] =>
    tune.maps
      .filter(
        (m) => roles.includes(m.role) && !m.unset && m.inUse !== false && (m.kind === 'map' || m.kind === 'curve'),
      )
      .map((map) => ({ map, mask: maskOf(regions.byMap.get(map.id)), known: stock!.maps.get(map.id) }))
      // A map whose cells lie all elsewhere (a pressure map at full throttle) says nothing about this place.
      .filter(({ mask }) => mask === null || mask.includes(1))
      .map(({ map, mask, known }) => ({
        map,
        pairs: pairsOf(map, known, mask, maskOf(stockRegions?.byMap.get(known?.map?.id ?? ''))),
        cells: Array.from(map.cells).filter((v, i) => mask?.[i] === 1 && Number.isFinite(v)),
      }));
  return {
    target: take('lambdaTarget')[0] ?? null,
    fuel: take('fuel', 'fuel.main', 've'),
    spark: take('spark', 'spark.main'),
  };
}

const fullLoadOf = (region: RegionMasks): Uint8Array =>
  region.wideOpen.includes(1) ? region.wideOpen : region.highLoad;

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

// ---------------------------------------------------------------- mixture

type Changed = { kind: 'none' } | { kind: 'unknown'; reason: string } | { kind: 'share'; share: number };

/** Change of fuel over all its maps, as a share of stock's: cylinders and pairs count alike. */
function fuelChange(fuel: Sampled['fuel']): Changed {
  const unknown = fuel.find((f) => f.pairs.kind === 'unknown');
  if (unknown?.pairs.kind === 'unknown') return { kind: 'unknown', reason: unknown.pairs.reason };
  const shares = fuel.map(({ pairs }) =>
    pairs.kind === 'pairs' ? mean(pairs.points.filter((p) => p.stock > 0).map((p) => p.tune / p.stock - 1)) : 0,
  );
  const share = shares.length === 0 ? 0 : mean(shares);
  if (!(Math.abs(share) <= 10)) return { kind: 'unknown', reason: 'fuel there is of another order than in stock' };
  return fuel.every((f) => f.pairs.kind === 'equal') ? { kind: 'none' } : { kind: 'share', share };
}

/** Is the mixture corrected by a lambda probe there, and how far may the correction go? */
function closedLoop(
  tune: Tune,
  where: 'full load' | 'cruise',
): { active: boolean | null; authority: number | null; narrow: boolean } {
  const { egoType, egoAlgorithm = '' } = tune.facts.settings;
  if (egoType === undefined) return { active: where === 'full load' ? false : null, authority: null, narrow: true };
  if (/disabled|off|^none/i.test(egoType) || /no correction|invalid/i.test(egoAlgorithm))
    return { active: false, authority: null, narrow: false };
  const scalar = (...titles: string[]): number | null =>
    tune.maps.find((m) => m.kind === 'scalar' && titles.includes(m.title) && Number.isFinite(m.cells[0]))?.cells[0] ??
    null;
  const narrow = /narrow/i.test(egoType);
  const upTo = scalar('egoTPSMax', 'TPSOXLimit');
  const active = where === 'cruise' ? true : !narrow && upTo !== null && upTo >= 90;
  return { active, authority: scalar('egoLimit'), narrow };
}

interface Mixture {
  torque: Estimate;
  fuelUse: Estimate;
  says: string;
}

const unknownMixture = (reason: string): Mixture => ({
  torque: refused(reason),
  fuelUse: refused(reason),
  says: reason,
});
const sameMixture = (says: string): Mixture => ({ torque: SAME, fuelUse: SAME, says });

function mixtureAt(
  { target, fuel }: Sampled,
  { tune, conditions, motorcycle }: PredictionInput,
  where: 'full load' | 'cruise',
): Mixture {
  const loop = closedLoop(tune, where);
  const change = fuelChange(fuel);
  if (target === null && fuel.length === 0)
    return unknownMixture(`no map of this file governs the mixture at ${where}`);
  if (target?.pairs.kind === 'unknown') return unknownMixture(target.pairs.reason);
  if (change.kind === 'unknown') return unknownMixture(change.reason);
  const targetSame = target === null || target.pairs.kind === 'equal';
  if (targetSame && change.kind === 'none') return sameMixture(`the mixture at ${where} is that of stock`);
  const share = change.kind === 'share' ? residual(change.share, loop) : 0;
  const percent = change.kind === 'share' ? `fuel ${signed(change.share * 100)} % at ${where}` : '';
  if (loop.active === true && loop.narrow)
    return sameMixture(
      `inside closed loop with a narrowband probe nothing changes until its correction is spent${percent === '' ? '' : ` (${percent})`}`,
    );
  if (loop.active === true && targetSame && share === 0)
    return sameMixture(
      `${percent}: inside closed loop, so nothing changes until the correction of ${loop.authority ?? 0} % is spent`,
    );
  if (target === null) {
    if (loop.active === null)
      return unknownMixture(
        `${percent}: inside closed loop nothing changes until the correction is spent; outside of it the effect hangs on stock's mixture, which is not in this file`,
      );
    return unknownMixture(
      `${percent}, and the mixture that stock runs there is not in this file: it may be more torque or less`,
    );
  }
  const parts = conditions.mods.filter((m) => AIR_PARTS.test(m));
  if (share !== 0 && parts.length > 0)
    return unknownMixture(
      `${percent} with ${parts.join(', ')} fitted: how much more air the parts let in is not in any file`,
    );
  const scales = tune.facts.settings['incorporateAFR'];
  if (!targetSame && share !== 0 && !/^yes$/i.test(scales ?? ''))
    return unknownMixture(
      `fuel and target both changed at ${where} (${percent}): which of them answers more air, and which is a richer mixture, is not in the file`,
    );
  if ((motorcycle?.strokes ?? tune.facts.strokes) === 2)
    return unknownMixture(
      `the mixture at ${where} changed, and the curve of torque over lambda was measured on four-strokes`,
    );
  const follows = loop.active === true || !/^no$/i.test(scales ?? '');
  return ofLambda(target, follows, share, where, loop.active);
}

/** What is left of a change of fuel after closed loop has spent its authority on it. */
function residual(share: number, loop: ReturnType<typeof closedLoop>): number {
  if (loop.active !== true) return share;
  const authority = (loop.authority ?? 0) / 100;
  return Math.abs(share) <= authority ? 0 : share - Math.sign(share) * authority;
}

function ofLambda(
  target: NonNullable<Sampled['target']>,
  follows: boolean,
  share: number,
  where: 'full load' | 'cruise',
  loop: boolean | null,
): Mixture {
  const scale = lambdaScale(target.map);
  if (scale === null) return unknownMixture('the target table holds neither lambda nor air-fuel ratio');
  const points: PointPair[] =
    target.pairs.kind === 'pairs' ? target.pairs.points : target.cells.map((v) => ({ stock: v, tune: v }));
  if (points.length === 0)
    return unknownMixture(`which cells of "${target.map.title}" govern at ${where} is not known`);
  const lambdas = points.map((p) => ({
    from: p.stock * scale,
    to: lambdaAfterFuel((follows ? p.tune : p.stock) * scale, share),
  }));
  const [from, to] = [mean(lambdas.map((l) => l.from)), mean(lambdas.map((l) => l.to))];
  if (!(from > 0 && from < 100 && to > 0 && to < 100))
    return unknownMixture('the target holds numbers that are no mixture');
  const says = `lambda ${from.toFixed(2)} to ${to.toFixed(2)} at ${where}`;
  const overall = (of: (a: number, b: number) => Estimate): Estimate => {
    const each = lambdas.map((l) => of(l.from, l.to));
    const bad = each.find((e) => e.kind === 'refused');
    if (bad !== undefined) return bad;
    const known = each.filter((e) => e.kind === 'known');
    return {
      kind: 'known',
      value: mean(known.map((e) => e.value)),
      low: mean(known.map((e) => e.low)),
      high: mean(known.map((e) => e.high)),
    };
  };
  const fuelUse = overall(fuelUseChangeOfLambda);
  if (where === 'cruise' && loop === null && fuelUse.kind === 'known') {
    // A road bike may well run closed loop here, and then nothing changes.
    const wide: Estimate = { ...fuelUse, low: Math.min(0, fuelUse.low), high: Math.max(0, fuelUse.high) };
    return {
      torque: overall(torqueChangeOfLambda),
      fuelUse: wide,
      says: `${says}; nothing where a lambda probe corrects`,
    };
  }
  return { torque: overall(torqueChangeOfLambda), fuelUse, says };
}

/** Factor from the table's cells to lambda. */
function lambdaScale(map: TuneMap): number | null {
  const lambda = lambdaOf(map, null);
  const index = Array.from(map.cells).findIndex((v) => Number.isFinite(v) && v !== 0);
  return lambda === null || index < 0 ? null : lambda[index]! / map.cells[index]!;
}

// ---------------------------------------------------------------- spark, plates, limiter

/** Stock's distance from best timing is in no file: a change of spark has a direction and no size. */
function sparkAt({ spark }: Sampled): Estimate {
  const unknown = spark.find((s) => s.pairs.kind === 'unknown');
  if (unknown?.pairs.kind === 'unknown') return refused(unknown.pairs.reason);
  const changes = spark.flatMap((s) => (s.pairs.kind === 'pairs' ? s.pairs.points.map((p) => p.tune - p.stock) : []));
  if (changes.some((c) => !(Math.abs(c) <= 360))) return refused('spark was changed to numbers that are no angles');
  if (changes.length === 0) return SAME;
  const size = Math.max(...changes.map(Math.abs));
  if (spark.some((s) => s.pairs.kind === 'pairs' && s.map.unitFrom === 'none'))
    return refused('spark was changed, and this map holds raw counts: by how many degrees is not known');
  if (size <= SPARK_NOISE_DEGREES) return { kind: 'known', value: 0, low: -0.4, high: 0.4 };
  const [least, most] = [Math.min(...changes), Math.max(...changes)];
  const range =
    least < 0 && most > 0
      ? `${signed(least)}° to ${signed(most)}°`
      : `up to ${signed(Math.abs(most) >= Math.abs(least) ? most : least)}°`;
  const direction =
    least >= 0
      ? 'more torque only where stock is short of best timing, less beyond it, and less knock margin in any case'
      : most <= 0
        ? 'less torque unless stock is past best timing, and more knock margin'
        : 'more in some cells and less in others';
  return refused(
    `spark changed by ${range}: ${direction}. How far stock is from best timing is not in the file, so no number is given`,
  );
}

/** Plates that no longer open fully, or now do, change the air. Null: the file has none, or they are as they were. */
function platesTerm({ tune, stock }: PredictionInput): Estimate | null {
  for (const map of tune.maps.filter((m) => m.role === 'throttle' && m.kind === 'map' && !m.unset)) {
    const known = stock!.maps.get(map.id);
    if (known?.equal !== false || known.map === null) continue;
    const grip = map.axes.find((a) => a.quantity === 'grip' && a.known);
    if (grip === undefined) return refused(`"${map.title}" changed, and which of its cells are full grip is not known`);
    const top = Math.max(...grip.breakpoints.filter(Number.isFinite));
    const moved = Array.from(map.cells).some((v, i) => {
      const at = grip.breakpoints[grip.axis === 'x' ? i % map.columns : Math.floor(i / map.columns)]!;
      return at >= top * 0.95 && Math.abs(v - known.map!.cells[i]!) > 2;
    });
    if (moved)
      return refused('the plates open otherwise at full grip: the air changes, and by how much is not in the file');
  }
  return null;
}

function limiterTerm({ tune, stock, motorcycle }: PredictionInput): Report['performance']['limiter'] {
  const now = limiterOf(tune);
  const was = stock!.limiterRpm;
  if (now === null || was === null) return null;
  const equal = Math.abs(now - was) < 1;
  const move = limiterMove(was, equal ? was : now, motorcycle?.peakPowerRpm ?? null);
  return { ...move, inertiaLoadPercent: tenth(move.inertiaLoadPercent) };
}

const signed = (value: number): string => `${value >= 0 ? '+' : '-'}${Math.abs(Math.round(value * 10) / 10)}`;

function inWords(
  torque: Estimate,
  efficiency: Estimate,
  mixture: string,
  cruise: string,
  limiter: Report['performance']['limiter'],
  tune: Tune,
  stock: StockReference,
): string {
  const says: string[] = [];
  if (torque.kind === 'refused') says.push(`torque unknown: ${torque.reason}`);
  else {
    says.push(
      torque.value === 0 && torque.low === 0
        ? 'torque as stock: the decoded maps are equal at full load'
        : `torque: ${mixture}`,
    );
    if (Math.abs(torque.value) > IMPLAUSIBLE_PERCENT)
      says.push('implausible for an engine with its own parts: doubt the file');
  }
  says.push(efficiency.kind === 'refused' ? `fuel use unknown: ${efficiency.reason}` : `fuel use: ${cruise}`);
  if (limiter !== null && limiter.toRpm !== limiter.fromRpm)
    says.push(
      `limiter ${Math.round(limiter.fromRpm)} to ${Math.round(limiter.toRpm)} rpm: ${signed(limiter.inertiaLoadPercent)} % load on rods and valve gear; ${limiter.reason}`,
    );
  const others = tune.maps.filter(
    (m) => stock.maps.get(m.id)?.equal === false && !/^(spark|fuel|ve|lambdaTarget|revLimiter)/.test(m.role),
  );
  if (others.length > 0)
    says.push(
      others.length === 1
        ? '1 other changed map is not predicted'
        : `${others.length} other changed maps are not predicted`,
    );
  return says.join('. ');
}
