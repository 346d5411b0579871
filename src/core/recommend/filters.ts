/** Hard filters: a tune that fails one is not recommended, and every one that it fails is said. */
import type { Motorcycle } from '../model.ts';
import { fuelVolumeFactor } from '../performance/fuels.ts';
import { knockMargin } from '../performance/knock.ts';
import { shellQuoted } from '../rules/message.ts';
import type { Asking, Candidate, FilterId, Rejected } from './candidate.ts';
import { type Claims, folded, partsIn } from './claims.ts';
import type { RecommendData } from './data.ts';

export interface Failed {
  filter: FilterId;
  reason: string;
}

export interface FilterContext {
  data: RecommendData;
  minScore: number;
}

/** Octane in hand with this tune, for this rider; null: the fuel or the maker's minimum is not known. */
export function octaneInHand(candidate: Candidate, asking: Asking, { octane }: RecommendData): number | null {
  const { fuelRonMin } = asking.motorcycle;
  if (asking.ron === null || fuelRonMin === null) return null;
  return knockMargin(asking.ron, fuelRonMin, {
    advanceDegrees: Math.max(0, candidate.metrics.get('spark.fullLoad.overStock.max') ?? 0),
    chargeKelvin: asking.climate === null ? 0 : octane.chargeKelvin[asking.climate],
  });
}

/** Parts of the rider that the ranking knows. */
export const fittedParts = (asking: Asking, data: RecommendData): string[] => [
  ...new Set(asking.mods.flatMap((m) => partsIn(folded(m), data.parts))),
];

/** What the rider says is fitted and the ranking knows nothing of. */
export const unweighedParts = (asking: Asking, data: RecommendData): string[] =>
  asking.mods.filter((m) => partsIn(folded(m), data.parts).length === 0);

/** Every filter that a tune fails, worst kind first; empty: it may be recommended. */
export function failedFilters(candidate: Candidate, claims: Claims, asking: Asking, context: FilterContext): Failed[] {
  return [
    ...judgedFilters(candidate, context),
    ...motorcycleFilters(candidate, claims, asking, context.data),
    ...fuelFilters(candidate, claims, asking, context.data),
    ...partFilters(claims, asking, context.data),
  ];
}

function judgedFilters({ report }: Candidate, { minScore }: FilterContext): Failed[] {
  const { value, reason } = report.scores.safety;
  const worst = report.findings.filter(
    (f) => f.status === 'fail' && (f.severity === 'critical' || f.severity === 'high'),
  );
  const named = worst
    .slice(0, 2)
    .map((f) => `${f.severity}: ${f.ruleId.replaceAll('-', ' ')}${f.message === '' ? '' : ` (${f.message})`}`);
  const failed: Failed[] = [];
  if (value === null) failed.push({ filter: 'noNumber', reason: `its safety could not be judged: ${reason}` });
  if (worst.length > 0)
    failed.push({
      filter: 'safety',
      reason: `dangerous${value === null ? '' : `, safety ${value} of 100`}: ${named.join('; ')}`,
    });
  else if (value !== null && value < minScore)
    failed.push({ filter: 'safety', reason: `safety ${value} of 100 is under your limit of ${minScore}` });
  return failed;
}

/** The own read is the first reference: what was never held against it may hide what it would show. */
export function awaitsOwnRead({ report, ownRead }: Candidate, { stockEcuId }: Asking): boolean {
  const { reference, wholeFileIsFactory } = report.stock;
  return (
    stockEcuId !== null && stockEcuId === report.ecu?.id && !ownRead && reference !== 'stockFile' && !wholeFileIsFactory
  );
}

function motorcycleFilters(candidate: Candidate, claims: Claims, asking: Asking, data: RecommendData): Failed[] {
  const { report, motorcycle: of } = candidate;
  const mine = asking.motorcycle;
  const failed: Failed[] = [];
  const add = (filter: FilterId, reason: string): void => void failed.push({ filter, reason });
  if (of === null) add('motorcycle', 'which motorcycle it is for is not known: analyze it with --bike');
  else if (of.id !== mine.id && report.motorcycle?.alternatives.includes(mine.id) !== true) {
    add('motorcycle', `it is for the ${report.motorcycle?.name ?? of.id}, yours is the ${asking.motorcycleName}`);
    engineDifferences(of, mine, add);
  }
  const [own, its] = [asking.stockEcuId, report.ecu?.id ?? null];
  if (own !== null && its !== null && own !== its && failed.length === 0)
    add('ecu', `your motorcycle's ECU is ${own} by its own factory read, this file is of ${its}`);
  if (awaitsOwnRead(candidate, asking))
    add(
      'stock',
      `it was judged before it could be held against your own factory read: revsync analyze ${shellQuoted(report.input.path)}`,
    );
  const bored = fittedParts(asking, data).includes('big bore kit');
  if (
    claims.displacementCc !== null &&
    !bored &&
    Math.abs(claims.displacementCc / mine.displacementCc - 1) > 0.06 &&
    failed.length === 0
  )
    add('displacement', `its name says ${claims.displacementCc} cc, your engine has ${mine.displacementCc}`);
  // What hangs on the fuel of the day it was analysed is asked anew for this rider.
  const lasting = report.scores.compatibility.deductions.filter(
    (d) => d.findingId !== 'fuel' && d.findingId !== 'octane',
  );
  const value = Math.max(0, 100 - lasting.reduce((sum, d) => sum + d.points, 0));
  if (of !== null && value < data.compatibility.rejectUnder)
    add(
      'compatibility',
      `it does not go with this motorcycle (${value} of 100): ${lasting.map((d) => d.reason).join('; ')}`,
    );
  return failed;
}

/** The rejection of a file whose motorcycle is another one, from what is known of that motorcycle. */
export function otherMotorcycle(
  analysisId: string,
  path: string,
  of: Motorcycle | null,
  name: string,
  asking: Asking,
): Rejected {
  const reasons = [`it is for the ${name}, yours is the ${asking.motorcycleName}`];
  const filters: FilterId[] = ['motorcycle'];
  if (of !== null)
    engineDifferences(of, asking.motorcycle, (filter, reason) => {
      filters.push(filter);
      reasons.push(reason);
    });
  return { analysisId, path, reasons, filters };
}

function engineDifferences(of: Motorcycle, mine: Motorcycle, add: (filter: FilterId, reason: string) => void): void {
  if (Math.abs(of.displacementCc / mine.displacementCc - 1) > 0.06)
    add('displacement', `made for ${of.displacementCc} cc, yours has ${mine.displacementCc}`);
  if (of.aspiration !== mine.aspiration)
    add(
      'induction',
      `made for ${of.aspiration === 'na' ? 'an engine without' : 'an engine with'} a charger, yours is ${mine.aspiration === 'na' ? 'without' : 'with'}`,
    );
  if (of.strokes !== mine.strokes) add('engine', `made for a ${of.strokes === 2 ? 'two' : 'four'}-stroke`);
  else if (of.cylinders !== mine.cylinders)
    add('engine', `made for ${of.cylinders} cylinders, yours has ${mine.cylinders}`);
}

function fuelFilters(candidate: Candidate, claims: Claims, asking: Asking, data: RecommendData): Failed[] {
  const failed: Failed[] = [];
  const { fuelRonMin } = asking.motorcycle;
  const usual = asking.ron ?? fuelRonMin;
  if (claims.ron !== null && usual !== null && claims.ron > usual)
    failed.push({
      filter: 'octane',
      reason:
        asking.ron === null
          ? `it was made for RON ${claims.ron}; which fuel you use is not said, and the maker's minimum is RON ${fuelRonMin}`
          : `it was made for RON ${claims.ron}, you use RON ${asking.ron}`,
    });
  const margin = octaneInHand(candidate, asking, data);
  if (margin !== null && margin < data.octane.rejectUnder)
    failed.push({
      filter: 'octane',
      reason: `with it the engine asks for about RON ${round((asking.ron ?? 0) - margin)}, you use RON ${asking.ron}${(asking.ron ?? 0) < (fuelRonMin ?? 0) ? `; the maker's minimum is RON ${fuelRonMin}` : ''}`,
    });
  const [mine, its] = [
    asking.ethanolPercent ?? data.ethanol.pumpPercent,
    claims.ethanolPercent ?? data.ethanol.pumpPercent,
  ];
  const more = (fuelVolumeFactor(mine) / fuelVolumeFactor(its) - 1) * 100;
  if (Math.abs(more) > data.ethanol.rejectOverPercent)
    failed.push({
      filter: 'ethanol',
      reason:
        more > 0
          ? `your fuel has ${mine} % ethanol and needs ${round(more)} % more of it than this tune for ${claims.ethanolPercent === null ? 'pump petrol' : `E${its}`} gives: lean`
          : `it was made for E${its} and gives ${round((1 / (1 + more / 100) - 1) * 100)} % more fuel than yours needs`,
    });
  return failed;
}

function partFilters(claims: Claims, asking: Asking, data: RecommendData): Failed[] {
  const fitted = fittedParts(asking, data);
  const ofEngine = data.parts.filter((p) => p.kind === 'engine').map((p) => p.id);
  const missing = claims.parts.filter((p) => ofEngine.includes(p) && !fitted.includes(p));
  const unmet = fitted.filter((p) => ofEngine.includes(p) && !claims.parts.includes(p));
  const failed: Failed[] = [];
  if (missing.length > 0)
    failed.push({
      filter: 'parts',
      reason: `it was made for an engine with ${missing.join(', ')}, which yours has not`,
    });
  if (unmet.length > 0)
    failed.push({
      filter: 'parts',
      reason: `your engine has ${unmet.join(', ')}: only a tune made for that may run on it, and this one does not say so`,
    });
  return failed;
}

const round = (value: number): number => Math.round(value * 10) / 10;
