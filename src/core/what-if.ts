/** The same file under other conditions: what fuel, altitude and parts mean by physics, and what they changed in the verdict. */
import { stoichiometricAfr } from './compatibility.ts';
import { isKnownPart } from './metrics/hardware.ts';
import { type Conditions, type Motorcycle, SEVERITIES, type Tune } from './model.ts';
import type { WhatIf } from './report.ts';
import type { Judged } from './rules/judge.ts';
import { plainNumber } from './rules/message.ts';

/** Nothing said. */
export const NO_CONDITIONS: Conditions = { ron: null, ethanolPercent: null, altitudeM: null, mods: [] };

export const areStated = ({ ron, ethanolPercent, altitudeM, mods }: Conditions): boolean =>
  ron !== null || ethanolPercent !== null || altitudeM !== null || mods.length > 0;

interface Verdict {
  judged: readonly Judged[];
  safety: number | null;
  compatibility: number | null;
}

/** @param plain the verdict with nothing said about the conditions */
export function whatIf(
  conditions: Conditions,
  tune: Tune,
  motorcycle: Motorcycle | null,
  plain: Verdict,
  now: Verdict,
): WhatIf | null {
  if (!areStated(conditions)) return null;
  const before = byId(plain.judged);
  const after = byId(now.judged);
  const changed = [...new Set([...before.keys(), ...after.keys()])].flatMap((id): WhatIf['changed'] => {
    const [a, b] = [before.get(id) ?? null, after.get(id) ?? null];
    const same = a?.finding.severity === b?.finding.severity && a?.finding.value === b?.finding.value;
    if (same) return [];
    const { title, ruleId } = (b ?? a)!.finding;
    return [{ findingId: id, ruleId, title, before: a?.finding.severity ?? null, after: b?.finding.severity ?? null }];
  });
  const rank = (s: WhatIf['changed'][number]['after']): number =>
    s === null ? SEVERITIES.length : SEVERITIES.indexOf(s);
  changed.sort((a, b) => rank(a.after) - rank(b.after) || a.findingId.localeCompare(b.findingId));
  return {
    effects: effects(conditions, tune, motorcycle),
    changed,
    safety: { without: plain.safety, with: now.safety },
    compatibility: { without: plain.compatibility, with: now.compatibility },
  };
}

const byId = (judged: readonly Judged[]): Map<string, Judged> =>
  new Map(judged.filter((j) => j.finding.status === 'fail').map((j) => [j.finding.id, j]));

/** Standard atmosphere, share of the pressure at sea level: 2000 m give 0.785 (ICAO). */
export const pressureShare = (altitudeM: number): number => (1 - 2.25577e-5 * altitudeM) ** 5.25588;

/** Volume of a blend against petrol at equal lambda: E85 gives 1.43. */
export function fuelVolume(ethanolPercent: number): number {
  const density = (ethanolPercent / 100) * 0.789 + (1 - ethanolPercent / 100) * 0.745;
  return (14.7 / stoichiometricAfr(ethanolPercent)) * (0.745 / density);
}

function effects({ ron, ethanolPercent, altitudeM, mods }: Conditions, tune: Tune, bike: Motorcycle | null): string[] {
  const lines: string[] = [];
  if (ron !== null) {
    const needed = bike?.fuelRonMin ?? null;
    const held =
      needed === null
        ? 'what the maker asks for is not known, so the octane margin is unknown'
        : ron < needed
          ? `the maker asks for RON ${needed}: ${plainNumber(needed - ron)} short`
          : `the maker asks for RON ${needed}: ${plainNumber(ron - needed)} in hand`;
    lines.push(`RON ${plainNumber(ron)}: ${held}.`);
  }
  if (ethanolPercent !== null) {
    const more = (fuelVolume(ethanolPercent) - 1) * 100;
    lines.push(
      `${plainNumber(ethanolPercent)} % ethanol: stoichiometric ratio ${stoichiometricAfr(ethanolPercent).toFixed(2)} instead of 14.70; the same lambda needs ${plainNumber(more)} % more fuel by volume than pure petrol.`,
    );
  }
  if (altitudeM !== null) {
    const share = pressureShare(altitudeM);
    const alphaN = tune.facts.loadAlgorithm === 'alphaN';
    const fuel = alphaN
      ? 'this tune meters by throttle: without a barometric correction lambda falls by the same share, so it runs richer'
      : 'where fuel is metered by throttle without a barometric correction, lambda falls by the same share';
    const direction = altitudeM >= 0 ? 'thinner' : 'denser';
    lines.push(
      `${plainNumber(altitudeM)} m: the air is ${plainNumber(Math.abs(1 - share) * 100)} % ${direction} (standard atmosphere); ${fuel}. The engine needs about ${plainNumber(Math.abs(1.5 * altitudeM) / 1000)} octane numbers ${altitudeM >= 0 ? 'less' : 'more'}.`,
    );
  }
  const known = mods.filter(isKnownPart);
  const unknown = mods.filter((m) => !isKnownPart(m));
  if (known.length > 0)
    lines.push(
      `Parts said to be fitted: ${known.join(', ')}. Rules that ask for a change of fuel with them were judged with that.`,
    );
  // Silence about a part must not read as its approval.
  if (unknown.length > 0)
    lines.push(
      `No rule knows what ${unknown.join(', ')} ${unknown.length === 1 ? 'asks' : 'ask'} for: that was not judged.`,
    );
  return lines;
}

/** What the conditions mean and what they changed, line by line. */
export function whatIfLines(w: WhatIf | null): string[] {
  if (w === null) return [];
  const named = (s: WhatIf['changed'][number]['after']): string => s ?? 'nothing';
  const number = (n: number | null): string => (n === null ? 'no number' : String(n));
  return [
    ...w.effects,
    ...w.changed
      .slice(0, 8)
      .map((c) => `${c.title}: ${named(c.before)} without these conditions, ${named(c.after)} with them.`),
    ...(w.changed.length > 8 ? [`… and ${w.changed.length - 8} more findings changed.`] : []),
    w.changed.length === 0 && w.safety.with === w.safety.without && w.compatibility.with === w.compatibility.without
      ? 'Nothing in the verdict changed because of that.'
      : `Safety ${number(w.safety.without)} without, ${number(w.safety.with)} with them; compatibility ${number(w.compatibility.without)} and ${number(w.compatibility.with)}.`,
  ];
}
