/** Is this file for this motorcycle, its ECU and its fuel? A score of its own, 0-100, with every deduction. */
import type { Conditions, Motorcycle, Tune } from './model.ts';
import { speedAxisOf } from './regions.ts';
import type { CompatibilityLevel, Deduction, DefinitionInfo, Scores } from './report.ts';
import { limiterOf, type StockReference } from './stock.ts';

export interface CompatibilityInput {
  tune: Tune;
  definition: DefinitionInfo | null;
  /** Motorcycles that the definition names. */
  definitionMotorcycles: string[];
  motorcycle: Motorcycle | null;
  stock: StockReference | null;
  conditions: Conditions;
}

function levelOf(value: number): CompatibilityLevel {
  if (value >= 85) return 'COMPATIBLE';
  if (value >= 60) return 'CHECK';
  return value >= 30 ? 'DOUBTFUL' : 'INCOMPATIBLE';
}

export function scoreCompatibility(input: CompatibilityInput): Scores['compatibility'] {
  const { tune, motorcycle, definition } = input;
  if (motorcycle === null) {
    return { value: null, level: null, reason: 'the motorcycle is not known: say it with --bike', deductions: [] };
  }
  const deductions: Deduction[] = [];
  const take = (points: number, id: string, reason: string): void => {
    deductions.push({ findingId: id, points, reason });
  };
  if (definition?.verdict === 'uncertain') take(30, 'definition', 'the definition fits only in part');
  if (input.definitionMotorcycles.length > 0 && !input.definitionMotorcycles.includes(motorcycle.id)) {
    take(70, 'motorcycle', `the ECU of this file is that of ${input.definitionMotorcycles.join(', ')}`);
  }
  const { facts } = tune;
  if (facts.cylinders !== null && facts.cylinders !== motorcycle.cylinders) {
    take(60, 'cylinders', `the tune is for ${facts.cylinders} cylinders, the motorcycle has ${motorcycle.cylinders}`);
  }
  if (facts.strokes !== null && facts.strokes !== motorcycle.strokes) {
    take(60, 'strokes', `the tune is for a ${facts.strokes === 2 ? 'two' : 'four'}-stroke, the motorcycle is none`);
  }
  if (facts.displacementCc !== null && Math.abs(facts.displacementCc / motorcycle.displacementCc - 1) > 0.12) {
    take(
      25,
      'displacement',
      `the tune says ${facts.displacementCc} cc, the motorcycle has ${motorcycle.displacementCc}`,
    );
  }
  limiterDeduction(tune, motorcycle, input.stock, take);
  const needed = motorcycle.fuelRonMin;
  const { ron, ethanolPercent } = input.conditions;
  if (needed !== null && ron !== null && ron < needed) {
    take(Math.min(40, 8 * (needed - ron)), 'fuel', `RON ${ron} is less than the RON ${needed} that the maker asks for`);
  }
  if (ethanolPercent !== null && ethanolPercent > 20) {
    take(40, 'ethanol', `${ethanolPercent} % ethanol needs more fuel than a petrol tune gives`);
  }
  const value = Math.max(0, Math.round(100 - deductions.reduce((sum, d) => sum + d.points, 0)));
  const reason = deductions.length === 0 ? 'nothing speaks against it' : `100 less ${100 - value} points`;
  return { value, level: levelOf(value), reason, deductions };
}

/** A limiter or a map far beyond, or far short of, what this engine turns belongs to another engine. */
function limiterDeduction(
  tune: Tune,
  motorcycle: Motorcycle,
  stock: StockReference | null,
  take: (points: number, id: string, reason: string) => void,
): void {
  const reference = stock?.limiterRpm ?? motorcycle.revLimitRpm ?? motorcycle.redlineRpm;
  if (reference === null) return;
  const limiter = limiterOf(tune);
  if (limiter !== null && (limiter > reference * 1.25 || limiter < reference * 0.7)) {
    take(40, 'limiter', `the limiter of ${Math.round(limiter)} rpm is not that of an engine that turns ${reference}`);
  }
  const ends = tune.maps
    .filter((m) => /^(spark|fuel|ve)$/.test(m.role) && !m.unset && m.confidence !== 'guessed')
    .map((m) => Math.max(...(speedAxisOf(m)?.breakpoints.filter(Number.isFinite) ?? [])))
    .filter((n) => n > 1_000);
  const end = ends.length === 0 ? null : Math.max(...ends);
  if (end !== null && end < reference * 0.8)
    take(20, 'axes', `the maps end at ${Math.round(end)} rpm, the engine turns ${reference}`);
}
