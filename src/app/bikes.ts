/** Motorcycles: list, look up, and the question when several fit. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Motorcycle } from '../core/model.ts';
import { findMotorcycles, type MotorcycleMatch } from '../core/motorcycles.ts';
import { shellQuoted } from '../core/rules/message.ts';

/** All of them, or those that a text may mean, best first. */
export async function listMotorcycles(text: string | null): Promise<MotorcycleMatch[]> {
  const all = await loadKnowledge('motorcycles');
  if (text === null) return all.map((motorcycle) => ({ motorcycle, score: 1, because: '' }));
  return findMotorcycles(text, all);
}

/** Score from which on a match counts as meant. */
export const MEANT = 0.7;

/** What `--bike TEXT` comes to: one motorcycle, or several that fit equally well. */
export type BikeChoice =
  | { kind: 'one'; motorcycle: Motorcycle; exact: boolean }
  | { kind: 'several'; motorcycles: Motorcycle[] };

/** @throws RevsyncError BIKE_NOT_FOUND with the nearest ones */
export async function chooseMotorcycle(text: string): Promise<BikeChoice> {
  const all = await loadKnowledge('motorcycles');
  const byId = all.find((m) => m.id === text.trim().toLowerCase());
  if (byId !== undefined) return { kind: 'one', motorcycle: byId, exact: true };
  const matches = findMotorcycles(text, all);
  const best = matches[0];
  if (best === undefined || best.score < MEANT) {
    const near = matches.slice(0, 3).map((m) => m.motorcycle.id);
    throw new RevsyncError(
      'BIKE_NOT_FOUND',
      `no motorcycle is known as "${text}"`,
      near.length > 0
        ? `Nearest: ${near.join(', ')}. revsync bikes ${shellQuoted(text)} lists all that are like it.`
        : 'revsync bikes lists all.',
    );
  }
  const equal = matches.filter((m) => best.score - m.score < 1e-9).map((m) => m.motorcycle);
  return equal.length === 1
    ? { kind: 'one', motorcycle: best.motorcycle, exact: false }
    : { kind: 'several', motorcycles: equal };
}

/** "Honda VFR1200F (SC63) 2010-2017" */
export function motorcycleName(motorcycle: Motorcycle): string {
  const years =
    motorcycle.yearFrom === motorcycle.yearTo
      ? `${motorcycle.yearFrom}`
      : `${motorcycle.yearFrom}-${motorcycle.yearTo}`;
  return `${motorcycle.make} ${motorcycle.model}${motorcycle.generation ? ` (${motorcycle.generation})` : ''} ${years}`;
}

/** Names by id. */
export async function motorcycleNames(): Promise<Map<string, string>> {
  return new Map((await loadKnowledge('motorcycles')).map((m) => [m.id, motorcycleName(m)]));
}

/**
 * One motorcycle for a person's text; where it may be several, they are asked.
 * @throws RevsyncError BIKE_AMBIGUOUS where nobody can be asked, and what chooseMotorcycle throws
 */
export async function givenBike(
  text: string,
  {
    ask,
  }: {
    ask?: ((question: string, choices: { value: string; name: string }[]) => Promise<string | null>) | null | undefined;
  },
): Promise<Motorcycle> {
  const choice = await chooseMotorcycle(text);
  if (choice.kind === 'one') return choice.motorcycle;
  const list = choice.motorcycles;
  const chosen = await ask?.(
    `"${text}" may be several motorcycles. Which one?`,
    list.map((m) => ({ value: m.id, name: motorcycleName(m) })),
  );
  const motorcycle = list.find((m) => m.id === chosen);
  if (motorcycle !== undefined) return motorcycle;
  throw new RevsyncError(
    'BIKE_AMBIGUOUS',
    `"${text}" may be ${list.length} motorcycles: ${list
      .slice(0, 6)
      .map((m) => m.id)
      .join(', ')}${list.length > 6 ? ' …' : ''}`,
    'Add the year, or give one of these ids.',
  );
}
