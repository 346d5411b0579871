/** Which motorcycle a tune is for: the one that was given, else what its definition names, else a question. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import type { Motorcycle } from '../core/model.ts';
import type { Profile } from '../core/rider.ts';
import type { Shared } from './analyze-request.ts';
import type { Decoded } from './decode-file.ts';
import { bundledTwin } from './known-stock.ts';

/** The motorcycle to judge by, its profile where the garage has it, and those that the file's own software is known to be for. */
export interface MotorcycleOf {
  motorcycle: Motorcycle | null;
  alternatives: string[];
  profile: Profile | null;
  named: Motorcycle[];
}

export async function motorcycleOf(decoded: Decoded, shared: Shared): Promise<MotorcycleOf> {
  const { garage } = shared;
  const all = await loadKnowledge('motorcycles');
  const byId = (id: string): Motorcycle | null => all.find((m) => m.id === id) ?? null;
  const own = decoded.candidate?.definition.motorcycles ?? [];
  // A TunerPro definition names no motorcycle; the bundled one of the same software does.
  const ids = own.length > 0 ? own : ((await bundledTwin(decoded))?.motorcycles ?? []);
  const named = ids.map(byId).filter((m) => m !== null);
  if (shared.bike !== null)
    return { motorcycle: shared.bike, alternatives: [], profile: garage.profileFor([shared.bike.id]), named };
  if (garage.asked !== null)
    return { motorcycle: byId(garage.asked.motorcycle), alternatives: [], profile: garage.asked, named };
  // One software in several model years: the one in the garage is meant.
  const profile = garage.profileFor(ids);
  if (profile !== null) return { motorcycle: byId(profile.motorcycle), alternatives: [], profile, named };
  const first = named[0];
  if (first !== undefined)
    return { motorcycle: first, alternatives: named.slice(1).map((m) => m.id), profile: null, named };
  if (shared.hooks.askBike !== null && shared.request.paths.length === 1) {
    const text = await shared.hooks.askBike('Which motorcycle is this tune for?');
    if (text !== null) return { motorcycle: byId(text), alternatives: [], profile: garage.profileFor([text]), named };
  }
  return { motorcycle: null, alternatives: [], profile: null, named };
}
