/** Reads a tune from a path or from stdin, with limits before anything is allocated. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { RevsyncError } from '../core/errors.ts';
import type { Sha256 } from '../core/model.ts';
import { allowed } from './allowed-files.ts';

/** Largest file that is read. The largest motorcycle image known is 4 MiB. */
export const MAX_INPUT_BYTES = 64 * 1024 * 1024;

export const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

export interface Input {
  /** As the user wrote it; "-" for stdin. */
  path: string;
  /** Base name, "stdin" for stdin. */
  name: string;
  bytes: Uint8Array;
  sha256: string;
}

/** @throws RevsyncError OUTSIDE_ROOT | FILE_NOT_FOUND | FILE_IS_FOLDER | FILE_UNREADABLE | TOO_LARGE */
export function readInput(path: string, cwd: string): Input {
  const full = resolve(cwd, path);
  const real = allowed(full, path);
  let handle: number;
  try {
    handle = openSync(real, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new RevsyncError(
        'FILE_NOT_FOUND',
        `there is no file "${path}"`,
        'Check the spelling; a pattern such as "*.bin" may stand in quotes.',
      );
    }
    throw new RevsyncError(
      'FILE_UNREADABLE',
      `"${path}" cannot be read (${code ?? 'unknown'})`,
      'Check its permissions.',
      error,
    );
  }
  try {
    const stat = fstatSync(handle);
    if (stat.isDirectory()) {
      throw new RevsyncError(
        'FILE_IS_FOLDER',
        `"${path}" is a folder`,
        `Name the files in it: revsync analyze "${path}/*.bin"`,
      );
    }
    if (stat.size > MAX_INPUT_BYTES) throw tooLarge(path, stat.size);
    const bytes = new Uint8Array(readFileSync(handle));
    if (bytes.length > MAX_INPUT_BYTES) throw tooLarge(path, bytes.length);
    return { path, name: basename(full), bytes, sha256: sha256(bytes) };
  } catch (error) {
    if (error instanceof RevsyncError) throw error;
    throw new RevsyncError(
      'FILE_UNREADABLE',
      `"${path}" cannot be read (${(error as Error).message})`,
      'Check the disk and the permissions.',
      error,
    );
  } finally {
    closeSync(handle);
  }
}

/** The same for bytes that came through a pipe. */
export function inputFromBytes(bytes: Uint8Array): Input {
  if (bytes.length > MAX_INPUT_BYTES) throw tooLarge('-', bytes.length);
  return { path: '-', name: 'stdin', bytes, sha256: sha256(bytes) };
}

function tooLarge(path: string, size: number): RevsyncError {
  return new RevsyncError(
    'TOO_LARGE',
    `"${path}" has ${(size / 1024 / 1024).toFixed(0)} MiB; no motorcycle ECU image is larger than 4 MiB`,
    'If this is an archive or a full disk dump, extract the ECU image first.',
  );
}
