/** What may stand at a place of the command line: fixed words, ids that revsync looks up, files. The only table of completion. */
import { CLIMATES, GOALS, SKILLS, STYLES } from '../../core/rider.ts';
import { reporterIds } from '../../generated/reporters.ts';

/** Ids that `revsync __complete KIND PREFIX FILE` prints: of maps those in the file, which is the first argument of the command. */
export const ID_KINDS = ['rule', 'bike', 'definition', 'analysis', 'profile', 'map'] as const;
export type IdKind = (typeof ID_KINDS)[number];

/** All null or empty: free text, about which nothing can be said. */
export interface Completes {
  words: readonly string[];
  ids: readonly IdKind[];
  files: 'file' | 'folder' | null;
}

const words = (list: readonly string[]): Completes => ({ words: list, ids: [], files: null });
const ids = (...kinds: IdKind[]): Completes => ({ words: [], ids: kinds, files: null });
const idsOrFile = (...kinds: IdKind[]): Completes => ({ words: [], ids: kinds, files: 'file' });
const FILE: Completes = { words: [], ids: [], files: 'file' };
const FOLDER: Completes = { words: [], ids: [], files: 'folder' };
const FREE: Completes = words([]);

/** By the name of a value in the help: `--output <file>`. */
const BY_NAME: Record<string, Completes> = {
  file: FILE,
  files: FILE,
  image: FILE,
  stock: FILE,
  tune: FILE,
  folder: FOLDER,
  dir: FOLDER,
  ...Object.fromEntries(
    [
      'amount',
      'bytes',
      'date',
      'map',
      'metres',
      'name',
      'number',
      'percent',
      'seconds',
      'tag',
      'text',
      'title=role',
    ].map((name) => [name, FREE]),
  ),
};

/** By the flag, in whatever command. */
const BY_FLAG: Record<string, Completes> = {
  '--bike': ids('bike'),
  '--profile': ids('profile'),
  '--climate': words(CLIMATES),
  '--skill': words(SKILLS),
  '--style': words(STYLES),
  '--goals': words(GOALS),
  // Of reports; other commands say their choices themselves.
  '--format': words(reporterIds),
};

/** By command and argument. */
const BY_ARGUMENT: Record<string, Completes> = {
  'show id': ids('analysis'),
  'rate id': ids('analysis'),
  'rate stars': words(['1', '2', '3', '4', '5']),
  'note id': ids('analysis'),
  'explain what': idsOrFile('rule', 'analysis'),
  'similar file|id': idsOrFile('analysis'),
  'rules show id': ids('rule'),
  'bikes text': ids('bike'),
  'definitions show id': idsOrFile('definition'),
  'definitions move definition': idsOrFile('definition'),
  'definitions confirm definition': FILE,
  'definitions remove id': ids('definition'),
  'profile add id': FREE,
  'profile edit id': ids('profile'),
  'profile show id': ids('profile'),
  'profile use id': ids('profile'),
  'profile remove id': ids('profile'),
  'maps id': ids('map'),
};

/** What the shell does where nobody has said: its own files. */
const UNKNOWN = FILE;

/** @param name of the value in the help; null where nothing is known: the shell's own completion then */
export function ofOption(flag: string, name: string, choices: readonly string[] | undefined): Completes | null {
  return choices !== undefined ? words(choices) : (BY_FLAG[flag] ?? BY_NAME[name] ?? null);
}

/** @param path of the command: "rules show" */
export function ofArgument(path: string, name: string, choices: readonly string[] | undefined): Completes | null {
  return choices !== undefined ? words(choices) : (BY_ARGUMENT[`${path} ${name}`] ?? BY_NAME[name] ?? null);
}

export const orUnknown = (completes: Completes | null): Completes => completes ?? UNKNOWN;
