/** What is each file of a folder: decoded, with counts, or refused, with its reason. One line a file, in the order of their paths. */
import { join, resolve } from 'node:path';
import { RevsyncError } from '../core/errors.ts';
import { allowed } from './allowed-files.ts';
import { decodeInput, RefusedFile } from './decode-file.ts';
import { readDefinitionFile } from './definition-files.ts';
import { detectFormat } from './detect.ts';
import type { Surroundings } from './history.ts';
import { readInput } from './read-input.ts';
import { filesBelow, type Walked } from './walk.ts';

export interface InventoryLine {
  path: string;
  format: string | null;
  outcome: 'decoded' | 'refused';
  /** "22 maps, 4 curves …" or the reason. */
  what: string;
  /** Code of the refusal, null where decoded. */
  code: string | null;
  /** Id of the definition that read an image, else null. */
  definition: string | null;
}

/** How many are what. */
export function inventorySummary(files: readonly InventoryLine[]): { files: number; decoded: number; refused: number } {
  const decoded = files.filter((f) => f.outcome === 'decoded').length;
  return { files: files.length, decoded, refused: files.length - decoded };
}

/** More files than any collection of tunes known. */
const MAX_FILES = 100_000;

/** @throws RevsyncError FOLDER_NOT_FOUND | OUTSIDE_ROOT | TOO_MANY_FILES */
export async function inventory(
  folder: string,
  around: Surroundings,
  progress: (done: number, total: number, path: string) => void = () => undefined,
): Promise<InventoryLine[]> {
  const full = allowed(resolve(around.cwd, folder), folder);
  let walked: Walked;
  try {
    walked = filesBelow(full, MAX_FILES);
  } catch (error) {
    throw new RevsyncError('FOLDER_NOT_FOUND', `"${folder}" is no folder that can be read`, 'Name a folder.', error);
  }
  const { files, unreadable, cut } = walked;
  if (cut)
    throw new RevsyncError(
      'TOO_MANY_FILES',
      `"${folder}" holds more than ${MAX_FILES.toLocaleString('en')} files`,
      'Name the folders below it, one after the other.',
    );
  const lines: InventoryLine[] = unreadable.map((path) => ({
    path,
    format: null,
    outcome: 'refused',
    what: 'it is no regular file, or it cannot be read',
    code: 'FILE_UNREADABLE',
    definition: null,
  }));
  for (const [index, file] of files.entries()) {
    progress(index, files.length, file);
    lines.push(await oneFile(join(folder, file), file, around));
    // So that a signal is heard: nothing else in here waits.
    if (index % 16 === 0) await new Promise(setImmediate);
  }
  return lines.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function oneFile(path: string, shown: string, around: Surroundings): Promise<InventoryLine> {
  const line: InventoryLine = { path: shown, format: null, outcome: 'refused', what: '', code: null, definition: null };
  try {
    const input = await readInput(path, around.cwd);
    const format = detectFormat(input.bytes, input.name)?.format;
    line.format = format?.id ?? null;
    if (format?.kind === 'definition') {
      const { items, undecoded } = readDefinitionFile(path, around.cwd);
      return {
        ...line,
        outcome: 'decoded',
        what: `a definition: ${items.length} items, ${undecoded.length} not decoded`,
      };
    }
    const request = {
      definition: null,
      shiftBytes: 0,
      roles: [],
      warn: () => undefined,
      readStdin: async () => new Uint8Array(),
    };
    const { tune, candidate } = await decodeInput(input, request, around);
    const count = (kind: string): number => tune.maps.filter((m) => m.kind === kind).length;
    const what = `${count('map')} maps, ${count('curve')} curves, ${count('scalar')} values, ${count('flag')} flags, ${count('patch')} patches, ${tune.undecoded.length} not decoded`;
    return { ...line, outcome: 'decoded', what, definition: candidate?.definition.id ?? null };
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    if (error instanceof RefusedFile) line.format = error.detected?.format.id ?? line.format;
    return { ...line, what: error.message, code: error.code };
  }
}
