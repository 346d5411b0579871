/** Definition files on disk: given by name, or beside an image. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { RevsyncError } from '../core/errors.ts';
import type { Definition, Image } from '../core/model.ts';
import type { DefinitionContext } from '../core/ports.ts';
import { allowed } from './allowed-files.ts';
import { detectFormat } from './detect.ts';
import { readRegular } from './files.ts';
import { MAX_INPUT_BYTES, sha256 } from './read-input.ts';

/** Definitions of a run: a batch reads a thousand files with one. */
const parsed = new Map<string, Definition>();
const MOST_PARSED = 32;

/**
 * Reads a definition file of any definition format.
 * @throws RevsyncError NOT_A_DEFINITION, or what the format says
 */
export function parseDefinition(
  bytes: Uint8Array,
  name: string,
  more: Pick<DefinitionContext, 'image' | 'beside'> = {},
): Definition {
  const key = `${name}:${sha256(bytes)}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const detected = detectFormat(bytes, name);
  if (detected?.format.kind === 'definition' && detected.format.byItself === true) {
    const definition = detected.format.parse(bytes, { name, sha256, ...more });
    if (parsed.size >= MOST_PARSED) parsed.clear();
    parsed.set(key, definition);
    return definition;
  }
  if (detected?.format.kind === 'definition') return detected.format.parse(bytes, { name, sha256, ...more });
  if (detected?.format.kind === 'refused') {
    const { code, message, hint } = detected.format.refuse(bytes, name);
    throw new RevsyncError(code, `${name}: ${message}`, hint);
  }
  throw new RevsyncError(
    'NOT_A_DEFINITION',
    `"${name}" is no definition that revsync can read${detected ? ` (it looks like ${detected.format.title})` : ''}`,
    'Definitions are TunerPro .xdf, RomRaider and ECUFlash .xml, ASAM .a2l and revsync .yaml files; for an MSQ the TunerStudio .ini.',
  );
}

/** @throws RevsyncError DEFINITION_NOT_FOUND, or what parseDefinition says */
export function readDefinitionFile(path: string, cwd: string, image?: Image): Definition {
  const full = resolve(cwd, path);
  const real = allowed(full, path);
  const folder = dirname(full);
  const beside = {
    names: namesIn(folder),
    read: (name: string) => readBeside(folder, name),
    around: (name: string) => readAround(folder, name),
  };
  const bytes = readDefinitionBytes(real, path);
  return parseDefinition(bytes, basename(full), image === undefined ? { beside } : { beside, image });
}

/**
 * The bytes of a definition, or of what goes with a tune, that a person named.
 * @throws RevsyncError DEFINITION_NOT_FOUND | TOO_LARGE
 */
export function readDefinitionBytes(full: string, path: string): Uint8Array {
  return readRegular(full, MAX_INPUT_BYTES, (why, fault) =>
    fault === 'tooLarge'
      ? new RevsyncError(
          'TOO_LARGE',
          `"${path}" is too large for a definition`,
          'The largest definitions known have 30 MiB.',
        )
      : new RevsyncError(
          'DEFINITION_NOT_FOUND',
          `there is no definition file "${path}"${fault === 'missing' ? '' : `: ${why}`}`,
          'Check the spelling of --definition.',
        ),
  );
}

/** Files of a folder, sorted; none where it cannot be read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => e.name)
      .sort();
  } catch {
    return [];
  }
}

/** Largest neighbour that is opened unasked. */
const MAX_NEIGHBOUR_BYTES = 8 * 1024 * 1024;

function readBeside(folder: string, name: string): Uint8Array | null {
  // A name of a definition may say anything; only plain names of this folder are followed.
  if (basename(name) !== name) return null;
  return readNeighbour(join(folder, name));
}

/** Folders of one folder that are looked into. */
const MAX_FOLDERS = 200;

/** The nearest file of that name in the two folders above and in their own folders; upper and lower case are one. */
function readAround(folder: string, name: string): Uint8Array | null {
  if (basename(name) !== name) return null;
  for (const above of [dirname(folder), dirname(dirname(folder))]) {
    for (const place of [above, ...foldersIn(above).slice(0, MAX_FOLDERS)]) {
      const found = namesIn(place).find((n) => n.toLowerCase() === name.toLowerCase());
      const bytes = found === undefined ? null : readNeighbour(join(place, found));
      if (bytes !== null) return bytes;
    }
  }
  return null;
}

/** Folders of a folder, sorted. */
function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((e) => e.isDirectory())
      .map((e) => join(folder, e.name))
      .sort();
  } catch {
    return [];
  }
}

/** What lies beside a file and was not named: null where it cannot be read, so that it stops nothing. */
export function readNeighbour(path: string): Uint8Array | null {
  try {
    const fault = (why: string): RevsyncError => new RevsyncError('FILE_UNREADABLE', `${path}: ${why}`, '');
    return readRegular(allowed(path), MAX_NEIGHBOUR_BYTES, fault);
  } catch (error) {
    if (error instanceof RevsyncError) return null;
    throw error;
  }
}

/** Definition files beside an image that bear its name: tune.xdf, tune.bin.xdf, tune.yaml, tune.a2l. */
export function sidecars(imagePath: string, cwd: string): string[] {
  const full = resolve(cwd, imagePath);
  const name = basename(full).toLowerCase();
  const stem = name.slice(0, name.length - extname(name).length);
  return namesIn(dirname(full))
    .filter((e) => /\.(xdf|ya?ml|a2l|xml)$/i.test(e) && !/\.revsync\.ya?ml$/i.test(e))
    .filter((e) => {
      const lower = e.toLowerCase();
      const own = lower.slice(0, lower.length - extname(lower).length);
      return lower !== name && (own === stem || own === name);
    })
    .map((e) => join(dirname(imagePath), e));
}

/** How many definitions of a folder are opened without being named. */
const MAX_UNASKED = 40;
const MAX_FOR_HINT = 8;

/** Infinite where it is gone again. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Definitions of the image's folder that are small enough to be tried for a hint: few, under any name. */
export function triedForHint(imagePath: string, cwd: string): string[] {
  const folder = dirname(resolve(cwd, imagePath));
  return namesIn(folder)
    .filter((e) => /\.(xdf|xml|a2l|ya?ml)$/i.test(e) && sizeOf(join(folder, e)) < 4 * 1024 * 1024)
    .slice(0, MAX_FOR_HINT)
    .map((e) => join(dirname(imagePath), e));
}

/** Definitions of the image's folder that carry ids of software: ECUFlash and RomRaider files, under any name. */
export function besideImage(imagePath: string, cwd: string): string[] {
  return namesIn(dirname(resolve(cwd, imagePath)))
    .filter((e) => /\.xml$/i.test(e))
    .slice(0, MAX_UNASKED)
    .map((e) => join(dirname(imagePath), e));
}
