/** Reads a tune from a path or from stdin, with limits before anything is allocated. */
import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { RevsyncError } from '../core/errors.ts';
import type { Sha256 } from '../core/model.ts';
import { shellQuoted } from '../core/rules/message.ts';
import { allowed } from './allowed-files.ts';
import { type FaultMaker, readAnyFile } from './files.ts';

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

/** @throws RevsyncError OUTSIDE_ROOT | FILE_NOT_FOUND | FILE_IS_FOLDER | FILE_UNREADABLE | TOO_LARGE; AbortError */
export async function readInput(path: string, cwd: string, signal?: AbortSignal | null): Promise<Input> {
  const full = resolve(cwd, path);
  const real = allowed(full, path);
  const failed: FaultMaker = (why, fault) => {
    if (fault === 'missing')
      return new RevsyncError(
        'FILE_NOT_FOUND',
        `there is no file "${path}"`,
        path.includes('\ufffd')
          ? 'Its name is no UTF-8 and cannot be handed over: rename it, or give its bytes: revsync analyze - < FILE'
          : 'Check the spelling; a pattern such as "*.bin" may stand in quotes.',
      );
    if (fault === 'folder')
      return new RevsyncError(
        'FILE_IS_FOLDER',
        `"${path}" is a folder`,
        `Name the files in it: revsync analyze ${shellQuoted(`${path}/`)}*.bin`,
      );
    if (fault === 'tooLarge') return tooLarge(path);
    return new RevsyncError('FILE_UNREADABLE', `"${path}" is not read: ${why}`, 'Check its permissions and the disk.');
  };
  const bytes = await readAnyFile(real, MAX_INPUT_BYTES, failed, signal);
  return { path, name: basename(full), bytes, sha256: sha256(bytes) };
}

/** The same for bytes that came through a pipe. */
export function inputFromBytes(bytes: Uint8Array): Input {
  if (bytes.length > MAX_INPUT_BYTES) throw tooLarge('-');
  return { path: '-', name: 'stdin', bytes, sha256: sha256(bytes) };
}

function tooLarge(path: string): RevsyncError {
  return new RevsyncError(
    'TOO_LARGE',
    `"${path}" has more than ${MAX_INPUT_BYTES / 1024 / 1024} MiB; no motorcycle ECU image is larger than 4 MiB`,
    'If this is an archive or a full disk dump, extract the ECU image first.',
  );
}
