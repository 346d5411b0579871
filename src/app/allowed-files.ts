/**
 * Which files may be read for whoever asks: all that the user may, or, once confineTo was called, those below one folder alone.
 * Of a process, since one program serves one asker; the database, the settings of the user and what ships with revsync are not asked for here.
 */
import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { RevsyncError } from '../core/errors.ts';

let root: string | null = null;

/**
 * From now on only what lies below this folder is read, wherever links lead.
 * @throws RevsyncError ROOT_NOT_FOUND
 */
export function confineTo(folder: string): void {
  try {
    root = realpathSync(folder);
    if (lstatSync(root).isDirectory()) return;
  } catch {
    // Said below, with the same words.
  }
  throw new RevsyncError('ROOT_NOT_FOUND', `there is no folder "${folder}"`, 'Check the spelling of --root.');
}

/**
 * The path to open: without a root the one given, else with every link followed, so that a link changed afterwards leads nowhere.
 * Whether there is a file outside is not told.
 * @param shown as the user wrote it
 * @throws RevsyncError OUTSIDE_ROOT
 */
export function allowed(path: string, shown = path): string {
  if (root === null) return path;
  const real = realPath(path);
  // A link to nothing, yet: where it will lead is not known.
  if (lstatSync(real, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw outside(shown);
  if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return real;
  throw outside(shown);
}

function outside(shown: string): RevsyncError {
  return new RevsyncError(
    'OUTSIDE_ROOT',
    `"${shown}" lies outside of the folder that may be read`,
    'Name a file below that folder; relative paths begin there. Whoever started the server chose it with --root.',
  );
}

/** Links followed as far as there is anything; what is missing is taken as written. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPath(above), basename(path));
  }
}
