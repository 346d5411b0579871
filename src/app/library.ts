/** The user's own definitions, as bytes. */
import { existsSync } from 'node:fs';
import { RevsyncError } from '../core/errors.ts';
import { databaseOf, type Surroundings } from './history.ts';
import type { LibraryDefinition } from './resolve-definition.ts';
import { withDatabase } from './workspace.ts';

/** The user's own definitions; an unusable database means none, and is said. */
export async function userLibrary(around: Surroundings, warn: (text: string) => void): Promise<LibraryDefinition[]> {
  const path = await databaseOf(around);
  // A database that is not there yet holds no definitions; reading must not make one.
  if (path === null || !existsSync(path)) return [];
  try {
    const { listDefinitions } = await import('../store/definitions.ts');
    return await withDatabase(path, (db) => listDefinitions(db));
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    warn(`revsync: your library of definitions is not used: ${error.message}`);
    return [];
  }
}
