/** A rider and a motorcycle as they stand in the garage: what every judgement for this person takes into account. */
import { RevsyncError } from './errors.ts';

export const SKILLS = ['beginner', 'intermediate', 'expert'] as const;
export const STYLES = ['commuting', 'city', 'touring', 'two-up', 'sport', 'track', 'offroad'] as const;
export const GOALS = ['performance', 'efficiency', 'smoothness', 'reliability'] as const;
export const CLIMATES = ['cool', 'mild', 'hot'] as const;

export type Skill = (typeof SKILLS)[number];
export type Style = (typeof STYLES)[number];
export type Goal = (typeof GOALS)[number];
export type Climate = (typeof CLIMATES)[number];

/** What a rider says. Null or empty: not said. */
export interface Rider {
  ron: number | null;
  ethanolPercent: number | null;
  altitudeM: number | null;
  climate: Climate | null;
  /** Parts fitted, in the rider's words. */
  mods: string[];
  skill: Skill;
  styles: Style[];
  goals: Goal[];
  notes: string;
}

/** A rider who has said nothing yet. */
export const NOTHING_SAID: Rider = {
  ron: null,
  ethanolPercent: null,
  altitudeM: null,
  climate: null,
  mods: [],
  skill: 'intermediate',
  styles: [],
  goals: [],
  notes: '',
};

/** One motorcycle of the garage. */
export interface Profile extends Rider {
  id: string;
  /** Id of revsync bikes. */
  motorcycle: string;
  /** The bike's own factory read, kept in the database. */
  stock: { path: string; sha256: string } | null;
}

/** Words that riders use for the words above. */
const SAME_WORDS: Record<string, string> = {
  commute: 'commuting',
  commuter: 'commuting',
  work: 'commuting',
  town: 'city',
  urban: 'city',
  tour: 'touring',
  travel: 'touring',
  pillion: 'two-up',
  passenger: 'two-up',
  twoup: 'two-up',
  street: 'sport',
  sporty: 'sport',
  canyon: 'sport',
  race: 'track',
  racing: 'track',
  trackday: 'track',
  'off-road': 'offroad',
  enduro: 'offroad',
  adventure: 'offroad',
  power: 'performance',
  speed: 'performance',
  economy: 'efficiency',
  mileage: 'efficiency',
  fuel: 'efficiency',
  smooth: 'smoothness',
  comfort: 'smoothness',
  safe: 'reliability',
  safety: 'reliability',
  durability: 'reliability',
  reliable: 'reliability',
  novice: 'beginner',
  learner: 'beginner',
  advanced: 'expert',
  pro: 'expert',
  cold: 'cool',
  moderate: 'mild',
  temperate: 'mild',
  warm: 'hot',
};

/**
 * One of the known words, whatever way the rider writes it.
 * @throws RevsyncError WORD_UNKNOWN with what there is
 */
export function knownWord<T extends string>(text: string, words: readonly T[], what: string): T {
  const said = text.trim().toLowerCase();
  const word = SAME_WORDS[said] ?? said;
  const found = words.find((w) => w === word) ?? words.find((w) => said.length >= 3 && w.startsWith(said));
  if (found !== undefined) return found;
  throw new RevsyncError(
    'WORD_UNKNOWN',
    `"${text}" is no ${what} that revsync knows`,
    `There are: ${words.join(', ')}.`,
  );
}

/** North American pump numbers are (R+M)/2; RON is about four higher (bikes: 91 AKI is about 95 RON). */
export const RON_OVER_AKI = 4;

/**
 * The octane as RON; null: not said.
 * @throws RevsyncError FUEL_TWICE
 */
export function ronOf(ron: number | null | undefined, aki: number | null | undefined): number | null {
  if (ron == null) return aki == null ? null : aki + RON_OVER_AKI;
  if (aki == null) return ron;
  throw new RevsyncError('FUEL_TWICE', 'RON and AKI say the same thing twice', 'Say one of them.');
}

/** Something that may be a slip, in words: printed, never held against the rider. */
export function doubtsOf(
  rider: Rider,
  given: { aki: number | null },
  motorcycle: { name: string; fuelRonMin: number | null },
): string[] {
  const doubts: string[] = [];
  const { ron, ethanolPercent, altitudeM } = rider;
  if (given.aki !== null)
    doubts.push(
      `AKI ${given.aki} is taken as RON ${given.aki + RON_OVER_AKI}: the number on a North American pump is about ${RON_OVER_AKI} lower.`,
    );
  if (given.aki !== null && given.aki > 94)
    doubts.push(
      `AKI ${given.aki} is sold as race fuel only. If the pump says ${given.aki} outside North America, it is --ron ${given.aki}.`,
    );
  else if (given.aki === null && ron !== null && ron < 90)
    doubts.push(
      `RON ${ron} is rare. If your pump is in North America it shows AKI: --aki ${ron} is RON ${ron + RON_OVER_AKI}.`,
    );
  const { fuelRonMin } = motorcycle;
  if (ron !== null && fuelRonMin !== null && ron < fuelRonMin)
    doubts.push(
      `The maker asks for RON ${fuelRonMin} or more for the ${motorcycle.name}; RON ${ron} knocks sooner, on any tune.`,
    );
  if (ethanolPercent !== null && ethanolPercent > 15 && ethanolPercent < 50)
    doubts.push(`${ethanolPercent} % ethanol is between what pumps sell (E5, E10, E85): look again at the label.`);
  if (ethanolPercent !== null && ethanolPercent >= 50)
    doubts.push(
      `E${ethanolPercent} needs about ${ethanolPercent >= 80 ? '30 to 45' : '15 to 35'} % more fuel than petrol: only a tune made for it fits.`,
    );
  if (altitudeM !== null && altitudeM > 2500)
    doubts.push(
      `At ${altitudeM} m an ECU without a barometer runs rich; down in the valley the same tune must still be right.`,
    );
  return doubts;
}

/** Ethanol as a person may write it. @throws RevsyncError ETHANOL_SHARE for a share instead of percent */
export function checkedEthanol(percent: number): number {
  if (percent > 0 && percent < 1)
    throw new RevsyncError(
      'ETHANOL_SHARE',
      `--ethanol ${percent} is a share`,
      `Say it in percent: --ethanol ${Math.round(percent * 100)}.`,
    );
  return percent;
}

/** Short name of a motorcycle's profile: "yzf-r6". Unique among those taken. */
export function profileIdFor(model: string, taken: readonly string[]): string {
  const base =
    model
      .normalize('NFD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 24) || 'bike';
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n++) if (!taken.includes(`${base}-${n}`)) return `${base}-${n}`;
}
