/** Is this file for this motorcycle, its ECU and its fuel? A score of its own, 0-100, with every deduction. */
import type { Conditions, Motorcycle, Tune } from './model.ts';
import { speedAxisOf } from './regions.ts';
import type { CompatibilityLevel, Deduction, DefinitionInfo, Scores } from './report.ts';
import type { CompatibilityData } from './score.ts';
import { limiterOf, type StockReference } from './stock.ts';

export interface CompatibilityInput {
  tune: Tune;
  definition: DefinitionInfo | null;
  /** Motorcycles that the definition, or the bundled one of the same software, names. */
  definitionMotorcycles: string[];
  /** The first of them, where it is known. */
  namedMotorcycle: Motorcycle | null;
  motorcycle: Motorcycle | null;
  stock: StockReference | null;
  conditions: Conditions;
  data: CompatibilityData;
}

/** Air-fuel ratio of petrol without ethanol and of ethanol, by mass. */
const PETROL_AFR = 14.7;
const ETHANOL_AFR = 9.0;
/** Densities, kg/l: ethanol is sold and said by volume. */
const PETROL_KG_L = 0.745;
const ETHANOL_KG_L = 0.789;

/** Stoichiometric air-fuel ratio of a blend. @param percent ethanol by volume */
export function stoichiometricAfr(percent: number): number {
  const ethanol = (percent / 100) * ETHANOL_KG_L;
  const petrol = (1 - percent / 100) * PETROL_KG_L;
  return (PETROL_AFR * petrol + ETHANOL_AFR * ethanol) / (petrol + ethanol);
}

type Take = (id: string, reason: string, share?: number) => void;
type Unknown = Scores['compatibility']['notCompared'];

/**
 * What settles the question by itself (another engine's cylinders, another bike's ECU, another fuel) leaves less than DOUBTFUL:
 * then no safety number is given, because the number would be about another motorcycle.
 */
/** What a file that does not fit is not for: the fuel, where nothing else speaks against it. */
export const unfitFor = ({ deductions }: Scores['compatibility'], bikeUnknown: boolean): 'fuel' | 'motorcycle' =>
  bikeUnknown || deductions.every((d) => d.findingId === 'fuel' || d.findingId === 'octane') ? 'fuel' : 'motorcycle';

export function scoreCompatibility(input: CompatibilityInput): Scores['compatibility'] {
  const { motorcycle, data } = input;
  const deductions: Deduction[] = [];
  const take: Take = (id, reason, share = 1) => {
    const points = Math.round((data.points[id] ?? 0) * Math.max(0, Math.min(1, share)));
    if (points > 0) deductions.push({ findingId: id, points, reason });
  };
  const notCompared: Unknown = [];
  if (motorcycle === null) {
    // The fuel in the tank is wrong for a tune whatever engine it is for; nothing else can be asked, so that nothing can be found good.
    if (input.conditions.ethanolPercent !== null) fuel(input.tune, null, input.conditions, take, notCompared);
    const reason = 'the motorcycle is not known: say it with --bike';
    if (deductions.length === 0) return { value: null, level: null, reason, deductions, notCompared: [] };
    return scored(deductions, `${reason}; ${deductions[0]?.reason}`, notCompared, data);
  }
  ecu(input, motorcycle, take, notCompared);
  engine(input.tune, motorcycle, take, notCompared);
  speeds(input.tune, motorcycle, input.stock, take);
  induction(input.tune, motorcycle, input.conditions, take);
  fuel(input.tune, motorcycle, input.conditions, take, notCompared);
  injectors(input.tune, motorcycle, take, notCompared);
  notCompared.push({ what: 'market', reason: 'a tune does not say for which market it was made' });
  const sum = deductions.reduce((total, d) => total + d.points, 0);
  const reason =
    deductions.length === 0
      ? 'nothing that could be compared speaks against it'
      : `100 less ${sum} points: ${deductions[0]?.reason}`;
  return scored(deductions, reason, notCompared, data);
}

function scored(
  deductions: Deduction[],
  reason: string,
  notCompared: Unknown,
  data: CompatibilityData,
): Scores['compatibility'] {
  const value = Math.max(0, 100 - deductions.reduce((total, d) => total + d.points, 0));
  return { value, level: levelOf(value, data), reason, deductions, notCompared };
}

function levelOf(value: number, { levels }: CompatibilityData): CompatibilityLevel {
  if (value >= levels.COMPATIBLE) return 'COMPATIBLE';
  if (value >= levels.CHECK) return 'CHECK';
  return value >= levels.DOUBTFUL ? 'DOUBTFUL' : 'INCOMPATIBLE';
}

/** The same engine in another frame, or a year earlier. */
function sameEngine(a: Motorcycle, b: Motorcycle): boolean {
  return a.make === b.make && a.cylinders === b.cylinders && a.boreMm === b.boreMm && a.strokeMm === b.strokeMm;
}

function ecu(input: CompatibilityInput, motorcycle: Motorcycle, take: Take, notCompared: Unknown): void {
  const { definition, definitionMotorcycles: named, namedMotorcycle } = input;
  if (definition?.verdict === 'uncertain') take('definition', 'the definition fits only in part');
  if (named.length === 0) {
    notCompared.push({ what: 'ECU', reason: 'neither the file nor its definition says which motorcycle it is for' });
    return;
  }
  if (named.includes(motorcycle.id)) return;
  if (namedMotorcycle !== null && sameEngine(namedMotorcycle, motorcycle)) {
    take('sibling', `the ECU of this file is that of ${named.join(', ')}: the same engine; compare the part numbers`);
  } else take('motorcycle', `the ECU of this file is that of ${named.join(', ')}`);
}

function engine({ facts, maps }: Tune, motorcycle: Motorcycle, take: Take, notCompared: Unknown): void {
  const count = motorcycle.cylinders;
  if (facts.cylinders !== null && facts.cylinders !== count)
    take('cylinders', `the tune is for ${facts.cylinders} cylinders, the motorcycle has ${count}`);
  const own = new Set(
    maps.filter((m) => /^(fuel|spark|ve)(\.|$)/.test(m.role) && !m.unset).flatMap((m) => m.variant.cylinder ?? []),
  );
  if (facts.cylinders === null && own.size > count)
    take('cylinders', `the file has maps for ${own.size} cylinders, the motorcycle has ${count}`);
  else if (facts.cylinders === null && own.size === 0)
    notCompared.push({ what: 'cylinders', reason: 'the file does not say how many it is for' });
  if (facts.strokes !== null && facts.strokes !== motorcycle.strokes) {
    const name = (n: number): string => (n === 2 ? 'two-stroke' : 'four-stroke');
    take('strokes', `the tune is for a ${name(facts.strokes)}, the motorcycle is a ${name(motorcycle.strokes)}`);
  }
  if (facts.displacementCc === null || facts.displacementCc <= 0) {
    notCompared.push({ what: 'displacement', reason: 'the file does not state it' });
    return;
  }
  const off = Math.abs(Math.log(facts.displacementCc / motorcycle.displacementCc));
  // A big bore kit is a tenth more; half as much again is another engine.
  if (off > 0.06) {
    const reason = `the tune says ${facts.displacementCc} cc, the motorcycle has ${motorcycle.displacementCc}`;
    take('displacement', reason, (off - 0.06) / 0.3);
  }
}

/** A limiter or a map far beyond, or far short of, what this engine turns belongs to another engine. */
function speeds(tune: Tune, motorcycle: Motorcycle, stock: StockReference | null, take: Take): void {
  const reference = motorcycle.revLimitRpm ?? motorcycle.redlineRpm ?? stock?.limiterRpm ?? null;
  if (reference === null) return;
  const limiter = limiterOf(tune);
  const early = limiter !== null && limiter < reference * 0.7;
  if (limiter !== null && (limiter > reference * 1.25 || early))
    take('limiter', `the limiter of ${Math.round(limiter)} rpm is not that of an engine that turns ${reference}`);
  const ends = [endOf(tune, /^(fuel|ve)$/), endOf(tune, /^spark$/)].filter((n) => n !== null);
  if (ends.length === 0) return;
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  const reason = (end: number): string => `maps end at ${Math.round(end)} rpm, the engine turns ${reference}`;
  // Each sign by itself may have another reason; both say that the tune was made for an engine that turns slower.
  if (early && first < reference * 0.8) take('slower', `beside that limiter ${reason(first)}`);
  else if (last < reference * 0.8) take('axes', `the ${reason(last)}`, (reference * 0.95 - last) / (reference * 0.4));
  else if (last > reference * 1.6) take('axes', `the ${reason(last)}`, 0.5);
}

/** Highest engine speed of the main maps of a kind, rpm; null where there are none. */
function endOf(tune: Tune, role: RegExp): number | null {
  const ends = tune.maps
    .filter((m) => role.test(m.role) && !m.unset && m.confidence !== 'guessed')
    .map((m) => Math.max(...(speedAxisOf(m)?.breakpoints.filter(Number.isFinite) ?? [])))
    .filter((n) => n > 1_000 && n < 30_000);
  return ends.length === 0 ? null : Math.max(...ends);
}

function induction(tune: Tune, motorcycle: Motorcycle, { mods }: Conditions, take: Take): void {
  const pressures = tune.maps
    .filter((m) => /^(spark|fuel|ve)$/.test(m.role) && !m.unset && m.inUse !== false)
    .flatMap((m) => m.axes.filter((a) => a.quantity === 'intakePressure' && /^kpa$/i.test(a.unit) && a.known))
    .map((a) => Math.max(...a.breakpoints.filter(Number.isFinite)));
  const top = pressures.length === 0 ? null : Math.max(...pressures);
  const charged = motorcycle.aspiration !== 'na' || mods.some((m) => /turbo|supercharg|compressor/i.test(m));
  if (top === null || !Number.isFinite(top)) return;
  if (charged && top < 110) take('induction', `the maps end at ${Math.round(top)} kPa, the engine is charged`);
  else if (!charged && top > 160)
    take('induction', `the maps reach ${Math.round(top)} kPa, the engine breathes freely`, 0.5);
}

function fuel(
  tune: Tune,
  motorcycle: Motorcycle | null,
  conditions: Conditions,
  take: Take,
  notCompared: Unknown,
): void {
  const { ron, ethanolPercent } = conditions;
  const needed = motorcycle?.fuelRonMin ?? null;
  if (ron === null) notCompared.push({ what: 'octane', reason: 'the fuel was not said: --ron N or --aki N' });
  else if (needed === null) notCompared.push({ what: 'octane', reason: 'what the maker asks for is not known' });
  else if (ron < needed)
    take('octane', `RON ${ron} is less than the RON ${needed} that the maker asks for`, (needed - ron) / 5);
  const stated = tune.facts.stoichiometricAfr;
  if (stated !== null && stated > 5 && stated < 20) {
    // Nothing said is pump petrol, with or without a tenth of ethanol.
    const asked = ethanolPercent === null ? [0, 10] : [ethanolPercent];
    const off = Math.min(...asked.map((e) => Math.abs(stated / stoichiometricAfr(e) - 1)));
    const name = ethanolPercent === null ? 'petrol' : `${ethanolPercent} % ethanol`;
    if (off > 0.045) {
      const reason = `the tune counts with a stoichiometric ratio of ${Math.round(stated * 100) / 100}, ${name} has ${Math.round(stoichiometricAfr(ethanolPercent ?? 0) * 10) / 10}`;
      take('fuel', reason, (off - 0.03) / 0.15);
    }
  } else if (ethanolPercent !== null && ethanolPercent > 15) {
    // Made for petrol until something says otherwise; fuel against stock is measured by the rules.
    const reason = `${ethanolPercent} % ethanol needs more fuel than a petrol tune gives, and the file does not say that it was made for it`;
    take('fuel', reason, (ethanolPercent - 10) / 60);
  } else if (ethanolPercent === null) {
    notCompared.push({ what: 'ethanol', reason: 'neither the file nor --ethanol says how much' });
  }
}

/** Power that the injectors can feed, kW: four-stroke petrol at 304 g/kWh and 85 % duty (shared physics: oracle 8c). */
const feeds = (cylinders: number, ccMin: number): number =>
  (cylinders * ccMin * (PETROL_KG_L / 60) * 0.85 * 3600) / 304;

function injectors({ facts }: Tune, motorcycle: Motorcycle, take: Take, notCompared: Unknown): void {
  if (facts.injectorCcMin === null || motorcycle.peakPowerKw === null || motorcycle.strokes === 2) {
    const reason =
      facts.injectorCcMin === null ? 'the file does not state their flow' : 'the power of the engine is not known';
    notCompared.push({ what: 'injectors', reason });
    return;
  }
  const kw = feeds(motorcycle.cylinders, facts.injectorCcMin);
  if (kw < motorcycle.peakPowerKw * 0.8) {
    const reason = `injectors of ${facts.injectorCcMin} cc/min feed ${Math.round(kw)} kW, the engine makes ${motorcycle.peakPowerKw}`;
    take('injectors', reason, (0.95 - kw / motorcycle.peakPowerKw) / 0.4);
  }
}
