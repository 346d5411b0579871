/** Which motorcycle a tune is for: the one that was given, else what its definition names, else a question. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Motorcycle } from '../core/model.ts';
import { findMotorcycles } from '../core/motorcycles.ts';
import type { Profile } from '../core/rider.ts';
import type { Shared } from './analyze-request.ts';
import { MEANT } from './bikes.ts';
import type { Decoded } from './decode-file.ts';
import { bundledTwin } from './known-stock.ts';
import { readSidecar, sidecarOf } from './sidecar.ts';

/** The motorcycle to judge by, its profile where the garage has it, and those that the file's own software is known to be for. */
export interface MotorcycleOf {
  motorcycle: Motorcycle | null;
  alternatives: string[];
  profile: Profile | null;
  named: Motorcycle[];
  /** The sidecar beside the file names the motorcycle. */
  said?: boolean;
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
  const said = await saidBike(decoded, all, shared);
  if (said !== null && (named.length === 0 || named.some((m) => m.id === said.id)))
    return { motorcycle: said, alternatives: [], profile: garage.profileFor([said.id]), named, said: true };
  if (said !== null) {
    shared.hooks.warn(
      `revsync: SIDECAR_DOUBTED: the sidecar of ${decoded.input.path} names ${said.id}, its software is for ${named.map((m) => m.id).join(', ')}; judged by the software`,
    );
  }
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

/** What the sidecar beside the file says it is for, where that is one motorcycle. Its faults are said where its other words are read. */
async function saidBike({ input }: Decoded, all: readonly Motorcycle[], shared: Shared): Promise<Motorcycle | null> {
  const path = sidecarOf(input.path, shared.request.cwd);
  if (path === null) return null;
  try {
    const { motorcycle } = await readSidecar(path);
    if (motorcycle === null) return null;
    const best = findMotorcycles(motorcycle, all);
    return best[0] !== undefined && best[0].score >= MEANT && best[1]?.score !== best[0].score
      ? best[0].motorcycle
      : null;
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    return null;
  }
}
