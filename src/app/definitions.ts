/** The library of definitions: bundled ones and the user's own, which live in the database as the bytes that were given. */
import { basename, resolve } from 'node:path';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Definition, Undecoded } from '../core/model.ts';
import { fromObject } from '../formats/revsync-definition/index.ts';
import { imageOf } from './decode-file.ts';
import { suggestionText } from './definition-candidate.ts';
import { parseDefinition, readDefinitionBytes, readDefinitionFile } from './definition-files.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { userLibrary } from './library.ts';
import { readInput, sha256 } from './read-input.ts';
import { bundledDefinitions, matchDefinitions } from './resolve-definition.ts';
import { withDatabase } from './workspace.ts';

/** One line of `definitions list`. */
export interface DefinitionSummary {
  id: string;
  title: string;
  origin: 'bundled' | 'user';
  ecu: Definition['ecu'];
  motorcycles: string[];
  items: number;
  /** False: no image was there to confirm it, so the image at hand must. Null: its author does not say. */
  confirmedOnImage: boolean | null;
}

function summary(definition: Definition, origin: 'bundled' | 'user', id = definition.id): DefinitionSummary {
  const { title, ecu, motorcycles, items, confirmedOnImage } = definition;
  return { id, title, origin, ecu, motorcycles, items: items.length, confirmedOnImage };
}

/** Bundled ones first, then the user's. */
export async function listLibrary(
  around: Surroundings,
  warn: (text: string) => void = () => undefined,
): Promise<DefinitionSummary[]> {
  const bundled = (await bundledDefinitions(null)).map((d) => summary(d, 'bundled'));
  const user = (await userLibrary(around, warn)).flatMap(({ id, name, bytes }) => {
    try {
      return [summary(parseDefinition(bytes, name), 'user', id)];
    } catch (error) {
      if (!(error instanceof RevsyncError)) throw error;
      warn(`revsync: ${error.code}: your definition ${id} cannot be read any more: ${error.message}`);
      return [];
    }
  });
  return [...bundled, ...user];
}

/** Every definition held against an image, best first. */
export async function matchLibrary(file: string, around: Surroundings, warn: (text: string) => void) {
  const image = imageOf(await readInput(file, around.cwd));
  const candidates = await matchDefinitions(image, await userLibrary(around, warn), warn);
  return candidates.map(({ definition, origin, fit }) => ({
    id: definition.id,
    title: definition.title,
    origin,
    verdict: fit.verdict,
    score: Math.round(fit.score * 1000) / 1000,
    evidence: fit.evidence,
    suggestion: suggestionText(fit),
  }));
}

/** @throws RevsyncError where the file is no definition or the database cannot be written */
export async function addToLibrary(
  file: string,
  around: Surroundings,
  now: Date,
): Promise<{ id: string; title: string; items: number; added: boolean }> {
  const definition = readDefinitionFile(file, around.cwd);
  const bytes = readDefinitionBytes(resolve(around.cwd, file), file);
  const name = basename(file);
  // The library keeps one file: a definition that needs others would never open again.
  parseDefinition(bytes, name);
  const { addDefinition } = await import('../store/definitions.ts');
  const id = definition.format === 'revsync-definition' ? definition.id : name.replace(/\.[^.]+$/, '').toLowerCase();
  const added = await withDatabase(await databaseOf(around), (db) =>
    addDefinition(
      db,
      { id, sha256: sha256(bytes), format: definition.format, title: definition.title, name, bytes },
      now.toISOString(),
    ),
  );
  return { id, title: definition.title, items: definition.items.length, added };
}

/** @throws RevsyncError DEFINITION_NOT_FOUND */
export async function removeFromLibrary(id: string, around: Surroundings): Promise<void> {
  const { removeDefinition } = await import('../store/definitions.ts');
  const removed = await withDatabase(await databaseOf(around), (db) => removeDefinition(db, id));
  if (!removed) throw notFound(id);
}

/** A bundled one, one of the user's, or a file. @throws RevsyncError DEFINITION_NOT_FOUND */
export async function showDefinition(id: string, around: Surroundings): Promise<Definition> {
  const bundled = (await loadKnowledge('definitions')).find((d) => d.id === id);
  if (bundled !== undefined) return fromObject(bundled.object, bundled.sha256, bundled.id);
  const own = (await userLibrary(around, () => undefined)).find((d) => d.id === id);
  if (own !== undefined) return parseDefinition(own.bytes, own.name);
  try {
    return readDefinitionFile(id, around.cwd);
  } catch (error) {
    if (error instanceof RevsyncError && error.code === 'DEFINITION_NOT_FOUND') throw notFound(id);
    throw error;
  }
}

function notFound(id: string): RevsyncError {
  return new RevsyncError(
    'DEFINITION_NOT_FOUND',
    `no definition has the id "${id}"`,
    'revsync definitions list shows all.',
  );
}

/** What became of one file under `definitions validate`. */
export interface Validation {
  path: string;
  valid: boolean;
  id: string | null;
  items: number;
  undecoded: Undecoded[];
  warnings: string[];
  message: string;
}

/** One bad file never stops the others. */
export async function validateDefinitions(files: string[], cwd: string): Promise<Validation[]> {
  return files.map((path) => {
    try {
      const d = readDefinitionFile(path, cwd);
      return {
        path,
        valid: true,
        id: d.id,
        items: d.items.length,
        undecoded: d.undecoded,
        warnings: d.warnings,
        message: d.title,
      };
    } catch (error) {
      if (!(error instanceof RevsyncError)) throw error;
      return {
        path,
        valid: false,
        id: null,
        items: 0,
        undecoded: [],
        warnings: [],
        message: `${error.message} ${error.hint}`,
      };
    }
  });
}
