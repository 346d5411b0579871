/** The questions that make a profile, on stderr. Every one may be passed over with Enter. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { GarageHooks, ProfileWords, SavedProfile } from '../app/garage.ts';
import type { Surroundings } from '../app/history.ts';
import type { Io } from './io.ts';

const STDERR = { output: process.stderr };

/** Asks what is not yet said. Null: no motorcycle was chosen. */
export async function askProfile(known: ProfileWords, cwd: string): Promise<ProfileWords | null> {
  const { checkbox, input, select } = await import('@inquirer/prompts');
  const { CLIMATES, GOALS, RON_OVER_AKI, SKILLS, STYLES } = await import('../core/rider.ts');
  const { partNames } = await import('../app/recommend-data.ts');
  const words: ProfileWords = { ...known };
  if (words.bike === undefined) {
    const { searchMotorcycle } = await import('./search-motorcycle.ts');
    const bike = await searchMotorcycle('Which motorcycle?', 'skip: make no profile');
    if (bike === null) return null;
    words.bike = bike;
  }
  if (words.ron === undefined) {
    const scale = await select(
      {
        message: 'Which fuel do you buy?',
        choices: [
          { value: 95, name: 'RON 95  (Europe, Asia: Super, Euro 95)' },
          { value: 98, name: 'RON 98  (Super Plus)' },
          { value: 91, name: 'RON 91' },
          { value: 87 + RON_OVER_AKI, name: 'AKI 87  (North America: regular)' },
          { value: 91 + RON_OVER_AKI, name: 'AKI 91  (North America: premium)' },
          { value: 93 + RON_OVER_AKI, name: 'AKI 93  (North America: premium)' },
          { value: -1, name: 'another octane number' },
          { value: 0, name: 'I do not know' },
        ],
        pageSize: 8,
      },
      STDERR,
    );
    words.ron = scale > 0 ? scale : scale === 0 ? null : await askRon(input);
  }
  if (words.ethanolPercent === undefined)
    words.ethanolPercent = await select(
      {
        message: 'How much ethanol is in it?',
        choices: [
          { value: 10, name: 'E10: up to 10 %' },
          { value: 5, name: 'E5: up to 5 %' },
          { value: 0, name: 'none' },
          { value: 85, name: 'E85' },
          { value: null, name: 'I do not know' },
        ],
      },
      STDERR,
    );
  if (words.mods === undefined)
    words.mods = await checkbox(
      {
        message: 'What is fitted that the factory did not fit? (space chooses, Enter goes on)',
        choices: (await partNames()).map((name) => ({ value: name, name })),
        pageSize: 12,
      },
      STDERR,
    );
  if (words.skill === undefined)
    words.skill = await select(
      {
        message: 'How much do you know about this?',
        choices: SKILLS.map((value) => ({
          value,
          name: {
            beginner: 'beginner: tell me what is dangerous',
            intermediate: 'intermediate',
            expert: 'expert: give me the numbers',
          }[value],
        })),
        default: 'intermediate',
      },
      STDERR,
    );
  if (words.styles === undefined)
    words.styles = await checkbox(
      { message: 'How do you ride?', choices: STYLES.map((value) => ({ value, name: value })), pageSize: 8 },
      STDERR,
    );
  if (words.goals === undefined)
    words.goals = await checkbox(
      { message: 'What do you want more of?', choices: GOALS.map((value) => ({ value, name: value })) },
      STDERR,
    );
  if (words.climate === undefined)
    words.climate = await select(
      {
        message: 'How is the weather where you ride?',
        choices: CLIMATES.map((value) => ({ value, name: value })),
        default: 'mild',
      },
      STDERR,
    );
  if (words.altitudeM === undefined) {
    const text = await input(
      {
        message: 'How high is it there, in metres? (Enter: near the sea)',
        validate: (t) =>
          t.trim() === '' ||
          (Number.isFinite(Number(t)) && Number(t) >= -400 && Number(t) <= 6000) ||
          'Metres above the sea, -400 to 6000.',
      },
      STDERR,
    );
    words.altitudeM = text.trim() === '' ? null : Number(text);
  }
  if (words.stock === undefined) {
    const path = await input(
      {
        message: "File with your bike's own factory read (Enter: none yet)",
        validate: (t) => t.trim() === '' || existsSync(fullPath(t, cwd)) || `There is no file "${t.trim()}".`,
      },
      STDERR,
    );
    // As the person wrote it, save where only a shell knows what it means.
    if (path.trim() !== '') words.stock = /^[~'"]/.test(path.trim()) ? fullPath(path, cwd) : path.trim();
  }
  return words;
}

/** As a shell would read it: the home folder, else from where the person stands. */
function fullPath(text: string, cwd: string): string {
  const path = text.trim().replace(/^(['"])(.*)\1$/, '$2');
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : resolve(cwd, path);
}

/** Saves what was answered. A factory read that is none must not cost all the answers: the profile is kept without it, and that is said. */
export async function saveAnswered(
  words: ProfileWords,
  around: Surroundings,
  hooks: GarageHooks,
  io: Io,
): Promise<SavedProfile> {
  const { addProfile } = await import('../app/garage.ts');
  const { RevsyncError } = await import('../core/errors.ts');
  try {
    return await addProfile(words, around, hooks);
  } catch (error) {
    if (typeof words.stock !== 'string' || !(error instanceof RevsyncError)) throw error;
    const { stock: _, ...rest } = words;
    const saved = await addProfile(rest, around, hooks);
    io.err(
      `revsync: ${error.code}: ${error.message}\n  Kept without it; later: revsync profile edit ${saved.profile.id} --stock original.bin\n`,
    );
    return saved;
  }
}

async function askRon(input: typeof import('@inquirer/prompts').input): Promise<number> {
  const { RON_OVER_AKI } = await import('../core/rider.ts');
  const text = await input(
    {
      message: 'Octane as RON, or as AKI with the word: 100, or AKI 94',
      validate: (t) => {
        const n = Number(t.replace(/[^\d.,]/g, '').replace(',', '.'));
        return (n >= 60 && n <= 130) || 'A number from 60 to 130, such as 100 or AKI 94.';
      },
    },
    STDERR,
  );
  const number = Number(text.replace(/[^\d.,]/g, '').replace(',', '.'));
  return /aki/i.test(text) ? number + RON_OVER_AKI : number;
}
