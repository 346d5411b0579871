/** The garage: add, change, list and remove profiles; which of them an analysis is for. */
import { existsSync } from 'node:fs';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Conditions, Motorcycle } from '../core/model.ts';
import { checkedEthanol, doubtsOf, NOTHING_SAID, type Profile, profileIdFor, type Rider } from '../core/rider.ts';
import type { CategoryData } from '../core/score.ts';
import { givenBike, motorcycleName } from './bikes.ts';
import { type DecodeRequest, decodeInput } from './decode-file.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { type Input, readInput } from './read-input.ts';
import { loadRuleset } from './rules.ts';
import { checkStock } from './stock-check.ts';
import { withDatabase } from './workspace.ts';

/** What a person says about a profile; left out: as it is, or not said. */
export interface ProfileWords extends Partial<Rider> {
  id?: string;
  bike?: string;
  aki?: number | null;
  /** Path of the bike's own factory read; null: forget it. */
  stock?: string | null;
  definition?: string | null;
}

export interface GarageHooks {
  now(): Date;
  warn(text: string): void;
  ask: DecodeRequest['ask'];
}

/** A saved profile and what looked like a slip. */
export interface SavedProfile {
  profile: Profile;
  motorcycle: string;
  doubts: string[];
}

/** Rider's words in the database of this run; none where there is no database yet. The one used last comes first. */
export async function allProfiles(around: Surroundings): Promise<Profile[]> {
  const path = await databaseOf(around);
  if (path === null || !existsSync(path)) return [];
  const { listProfiles } = await import('../store/garage.ts');
  return withDatabase(path, (db) => listProfiles(db));
}

/** @throws RevsyncError PROFILE_NOT_FOUND with those that there are */
export async function profileOf(id: string, around: Surroundings): Promise<Profile> {
  const all = await allProfiles(around);
  const found = all.find((p) => p.id === id.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new RevsyncError(
    'PROFILE_NOT_FOUND',
    `there is no profile "${id}"`,
    all.length === 0 ? 'Make one: revsync profile add' : `There are: ${all.map((p) => p.id).join(', ')}.`,
  );
}

/** @throws RevsyncError for a bike that is not known, a stock file that is none */
export async function addProfile(words: ProfileWords, around: Surroundings, hooks: GarageHooks): Promise<SavedProfile> {
  if (words.bike === undefined || words.bike.trim() === '')
    throw new RevsyncError(
      'BIKE_MISSING',
      'a profile is of one motorcycle',
      'Say which: revsync profile add --bike "yamaha r6 2008". revsync bikes lists all.',
    );
  const taken = (await allProfiles(around)).map((p) => p.id);
  const motorcycle = await givenBike(words.bike, hooks);
  const id = words.id === undefined ? profileIdFor(motorcycle.model, taken) : checkedId(words.id);
  if (taken.includes(id))
    throw new RevsyncError(
      'PROFILE_EXISTS',
      `there is a profile "${id}" already`,
      `Change it with: revsync profile edit ${id}`,
    );
  const empty: Profile = { ...NOTHING_SAID, id, motorcycle: motorcycle.id, stock: null };
  return save(empty, motorcycle, words, around, hooks);
}

/** @throws RevsyncError as addProfile */
export async function editProfile(
  id: string,
  words: ProfileWords,
  around: Surroundings,
  hooks: GarageHooks,
): Promise<SavedProfile> {
  const before = await profileOf(id, around);
  const motorcycle = await givenBike(words.bike ?? before.motorcycle, hooks);
  // Another motorcycle has another factory read.
  const stock = motorcycle.id === before.motorcycle ? before.stock : null;
  if (stock === null && before.stock !== null && words.stock === undefined)
    hooks.warn(`revsync: the factory read of ${before.motorcycle} is let go: it is of another motorcycle`);
  return save({ ...before, motorcycle: motorcycle.id, stock }, motorcycle, words, around, hooks);
}

async function save(
  before: Profile,
  motorcycle: Motorcycle,
  words: ProfileWords,
  around: Surroundings,
  hooks: GarageHooks,
): Promise<SavedProfile> {
  const said = <K extends keyof Rider>(key: K): Profile[K] =>
    words[key] === undefined ? before[key] : (words[key] as Profile[K]);
  const profile: Profile = {
    id: before.id,
    motorcycle: motorcycle.id,
    stock: before.stock,
    ron: said('ron'),
    ethanolPercent: said('ethanolPercent'),
    altitudeM: said('altitudeM'),
    climate: said('climate'),
    mods: said('mods'),
    skill: said('skill'),
    styles: said('styles'),
    goals: said('goals'),
    notes: said('notes').slice(0, 2000),
  };
  if (profile.ethanolPercent !== null) checkedEthanol(profile.ethanolPercent);
  const name = motorcycleName(motorcycle);
  const doubts = doubtsOf(profile, { aki: words.aki ?? null }, { name, fuelRonMin: motorcycle.fuelRonMin });
  const read =
    typeof words.stock === 'string'
      ? await checkedStock(words.stock, words.definition ?? null, motorcycle, around, hooks)
      : null;
  if (read !== null) {
    profile.stock = { path: read.input.path, sha256: read.input.sha256 };
    doubts.push(...read.doubts);
  } else if (words.stock === null) profile.stock = null;
  const { saveProfile, saveStockFile } = await import('../store/garage.ts');
  const at = hooks.now().toISOString();
  await withDatabase(await databaseOf(around), (db) => {
    if (read !== null) saveStockFile(db, read.file, read.input.bytes, at, false);
    saveProfile(db, profile, at);
  });
  return { profile, motorcycle: name, doubts };
}

function checkedId(text: string): string {
  const id = text.trim().toLowerCase();
  if (/^[a-z0-9][a-z0-9._-]{0,39}$/.test(id)) return id;
  throw new RevsyncError(
    'PROFILE_ID',
    `"${text}" cannot be the name of a profile`,
    'Letters, digits, dot and dash, 40 at most: track-r6.',
  );
}

/** Reads and judges a factory read before it becomes a reference. @throws RevsyncError STOCK_REFUSED and what reading throws */
async function checkedStock(
  path: string,
  definition: string | null,
  motorcycle: Motorcycle,
  around: Surroundings,
  hooks: GarageHooks,
): Promise<{ input: Input; file: import('../store/garage.ts').StockFile; doubts: string[] }> {
  const input = await readInput(path, around.cwd);
  const decoded = await decodeInput(
    input,
    {
      definition,
      shiftBytes: 0,
      roles: [],
      warn: hooks.warn,
      readStdin: async () => new Uint8Array(0),
      ask: hooks.ask ?? null,
    },
    around,
  );
  const categories = (await loadKnowledge('data'))['categories'] as CategoryData;
  const verdict = await checkStock(decoded, motorcycle, { ruleset: await loadRuleset([], around.cwd), categories });
  if (verdict.kind === 'refused')
    throw new RevsyncError(
      'STOCK_REFUSED',
      `"${path}" is not taken as the factory read of ${motorcycleName(motorcycle)}: ${verdict.reason}`,
      'Use the read you made before anything was flashed, or leave --stock out: revsync then knows only what ships with it.',
    );
  return {
    input,
    doubts: verdict.doubts.map((d) => `The factory read: ${d}`),
    file: {
      sha256: input.sha256,
      name: input.name,
      definitionId: decoded.candidate?.definition.id ?? null,
      definitionSha256: decoded.definitionSha256,
      ecuId: decoded.tune.ecu.id ?? decoded.tune.ecu.signature,
      motorcycleId: motorcycle.id,
    },
  };
}

/** Keeps a factory image that belongs to no profile: the stock of all files of its software. */
export async function markStock(
  path: string,
  words: { bike: string; definition: string | null },
  around: Surroundings,
  hooks: GarageHooks,
): Promise<{ name: string; motorcycle: string; doubts: string[] }> {
  const motorcycle = await givenBike(words.bike, hooks);
  const { input, file, doubts } = await checkedStock(path, words.definition, motorcycle, around, hooks);
  const { saveStockFile } = await import('../store/garage.ts');
  await withDatabase(await databaseOf(around), (db) =>
    saveStockFile(db, file, input.bytes, hooks.now().toISOString(), true),
  );
  return { name: input.name, motorcycle: motorcycleName(motorcycle), doubts };
}

/** Makes a profile the one in use. */
export async function switchProfile(id: string, around: Surroundings, hooks: GarageHooks): Promise<Profile> {
  const profile = await profileOf(id, around);
  const { useProfile } = await import('../store/garage.ts');
  await withDatabase(await databaseOf(around), (db) => useProfile(db, profile.id, hooks.now().toISOString()));
  return profile;
}

export async function removeFromGarage(id: string, around: Surroundings): Promise<Profile> {
  const profile = await profileOf(id, around);
  const { removeProfile } = await import('../store/garage.ts');
  await withDatabase(await databaseOf(around), (db) => removeProfile(db, profile.id));
  return profile;
}

/** What was said on the command line, else what the profile says. */
export function conditionsFor(flags: Conditions, profile: Profile | null): Conditions {
  if (profile === null) return flags;
  return {
    ron: flags.ron ?? profile.ron,
    ethanolPercent: flags.ethanolPercent ?? profile.ethanolPercent,
    altitudeM: flags.altitudeM ?? profile.altitudeM,
    mods: flags.mods.length > 0 ? flags.mods : profile.mods,
  };
}
