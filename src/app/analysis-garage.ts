/** What the garage means for a run of analyses: whose motorcycle a file is for, and its own factory read. A broken garage stops none of them. */
import { existsSync } from 'node:fs';
import { RevsyncError } from '../core/errors.ts';
import type { Profile } from '../core/rider.ts';
import type { StockFile } from '../store/garage.ts';
import type { Database } from '../store/open-store.ts';
import type { Input } from './read-input.ts';

/** A factory read out of the database. */
export interface KeptStock {
  input: Input;
  motorcycleId: string;
}

export class AnalysisGarage {
  /** The profile that was asked for, or null: by motorcycle. */
  readonly asked: Profile | null;
  readonly #profiles: Profile[];
  readonly #stockFiles: StockFile[];
  readonly #path: string | null;
  readonly #warn: (text: string) => void;

  private constructor(path: string | null, kept: Kept, asked: Profile | null, warn: (text: string) => void) {
    this.#path = path;
    this.#profiles = kept.profiles;
    this.#stockFiles = kept.stockFiles;
    this.asked = asked;
    this.#warn = warn;
  }

  /**
   * @param id of a profile; false: none is wanted; null: by motorcycle
   * @throws RevsyncError PROFILE_NOT_FOUND for an id that is not there
   */
  static async open(
    path: string | null,
    id: string | false | null,
    warn: (text: string) => void,
  ): Promise<AnalysisGarage> {
    if (id === false) return new AnalysisGarage(null, NOTHING, null, warn);
    const kept = await readGarage(path, warn);
    const { profiles } = kept;
    if (id === null) return new AnalysisGarage(path, kept, null, warn);
    const asked = profiles.find((p) => p.id === id.trim().toLowerCase());
    if (asked === undefined)
      throw new RevsyncError(
        'PROFILE_NOT_FOUND',
        `there is no profile "${id}"`,
        profiles.length === 0 ? 'Make one: revsync profile add' : `There are: ${profiles.map((p) => p.id).join(', ')}.`,
      );
    return new AnalysisGarage(path, kept, asked, warn);
  }

  /** The profile for a motorcycle: the one asked for, else the one of this motorcycle that was used last. */
  profileFor(motorcycleIds: readonly string[]): Profile | null {
    return this.asked ?? this.#profiles.find((p) => motorcycleIds.includes(p.motorcycle)) ?? null;
  }

  /** The motorcycle's own factory read. */
  async stockOf(profile: Profile): Promise<KeptStock | null> {
    if (profile.stock === null) return null;
    const { sha256, path } = profile.stock;
    return this.#read(sha256, path);
  }

  /** Other factory reads of the same software. */
  async stockOfSoftware(definitionSha256: string | null, motorcycleId: string | null): Promise<KeptStock | null> {
    if (definitionSha256 === null) return null;
    const file = this.#stockFiles.find(
      (f) => f.definitionSha256 === definitionSha256 && (motorcycleId === null || f.motorcycleId === motorcycleId),
    );
    return file === undefined ? null : this.#read(file.sha256, file.name);
  }

  async #read(sha256: string, path: string): Promise<KeptStock | null> {
    const { readStockFile } = await import('../store/garage.ts');
    const file = await this.#use((db) => readStockFile(db, sha256));
    if (file == null) return null;
    return { input: { path, name: file.name, bytes: file.bytes, sha256 }, motorcycleId: file.motorcycleId };
  }

  async #use<T>(work: (db: Database) => T): Promise<T | null> {
    if (this.#path === null || !existsSync(this.#path)) return null;
    return guarded(this.#path, work, this.#warn);
  }
}

interface Kept {
  profiles: Profile[];
  stockFiles: StockFile[];
}

const NOTHING: Kept = { profiles: [], stockFiles: [] };

async function readGarage(path: string | null, warn: (text: string) => void): Promise<Kept> {
  // A database that is not there yet holds no profiles; reading must not make one.
  if (path === null || !existsSync(path)) return NOTHING;
  const { listProfiles, listStockFiles } = await import('../store/garage.ts');
  const read = (db: Database): Kept => ({ profiles: listProfiles(db), stockFiles: listStockFiles(db) });
  return (await guarded(path, read, warn)) ?? NOTHING;
}

async function guarded<T>(path: string, work: (db: Database) => T, warn: (text: string) => void): Promise<T | null> {
  const { withDatabase } = await import('./workspace.ts');
  try {
    return await withDatabase(path, work);
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    warn(`revsync: the garage is not used: ${error.message}`);
    return null;
  }
}
