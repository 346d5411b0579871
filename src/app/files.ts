/** Files at the edge: read with a bound, whatever lies under their name; written whole or not at all. */
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { RevsyncError } from '../core/errors.ts';

/** Why a file was not read. */
export type FileFault = 'missing' | 'folder' | 'notRegular' | 'tooLarge' | 'unreadable';

/** What a caller makes of a fault: an error with its own code and way forward. `why` ends a sentence: "it is a folder". */
export type FaultMaker = (why: string, fault: FileFault) => RevsyncError;

const PIECE_BYTES = 1024 * 1024;
/** Without it, opening a pipe that nobody writes to never returns, and no signal is heard meanwhile. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * A regular file of at most `most` bytes, also where it grows while it is read. A pipe, a device or a socket has no end that could be
 * waited for, and no place beside a tune.
 */
export function readRegular(path: string, most: number, fault: FaultMaker): Uint8Array {
  const handle = openToRead(path, fault);
  try {
    if (!fstatSync(handle).isFile()) throw fault('it is no regular file', 'notRegular');
    return readAll(handle, most, fault);
  } finally {
    closeSync(handle);
  }
}

/** The same as text in UTF-8. */
export const readRegularText = (path: string, most: number, fault: FaultMaker): string =>
  new TextDecoder('utf-8').decode(readRegular(path, most, fault));

/** Waiting for a pipe: between two looks, and for its first writer. */
const POLL_MS = 20;
const NO_WRITER_MS = 30_000;

/** A file that a person named: also a pipe, `<(zcat tune.bin.gz)`, whose bytes are waited for while signals are heard. @throws AbortError */
export async function readAnyFile(
  path: string,
  most: number,
  fault: FaultMaker,
  signal?: AbortSignal | null,
): Promise<Uint8Array> {
  const handle = openToRead(path, fault);
  try {
    if (fstatSync(handle).isFile()) return readAll(handle, most, fault);
    const isNamedPipe = fstatSync(handle).isFIFO() && fstatSync(handle).nlink > 0;
    const pieces: Uint8Array[] = [];
    let length = 0;
    let heard = false;
    const started = Date.now();
    for (;;) {
      if (signal?.aborted === true) throw Object.assign(new Error('cancelled'), { name: 'AbortError' });
      const piece = readPiece(handle, fault);
      if (piece === 'nothing yet') {
        heard = true;
        await sleep(POLL_MS);
      } else if (piece.length > 0) {
        heard = true;
        length += piece.length;
        if (length > most) throw fault(tooLarge(most), 'tooLarge');
        pieces.push(piece);
        // An endless source must not keep a signal waiting.
        await sleep(0);
      } else if (heard || !isNamedPipe) {
        return new Uint8Array(Buffer.concat(pieces));
      } else if (Date.now() - started > NO_WRITER_MS) {
        throw fault('it is a pipe that nobody writes to', 'unreadable');
      } else await sleep(POLL_MS);
    }
  } finally {
    closeSync(handle);
  }
}

function openToRead(path: string, fault: FaultMaker): number {
  let handle: number;
  try {
    handle = openSync(path, OPEN_FLAGS);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fault('there is none', 'missing');
    if (code === 'ENXIO') throw fault('it is no regular file', 'notRegular');
    throw fault(`it cannot be read (${code})`, 'unreadable');
  }
  if (!fstatSync(handle).isDirectory()) return handle;
  closeSync(handle);
  throw fault('it is a folder', 'folder');
}

function readAll(handle: number, most: number, fault: FaultMaker): Uint8Array {
  const { size } = fstatSync(handle);
  if (size > most) throw fault(tooLarge(most), 'tooLarge');
  // One byte more than it said, to see whether it grows; files of /proc say 0 and hold something.
  let bytes = new Uint8Array(Math.max(size + 1, 4096));
  let length = 0;
  for (;;) {
    if (length === bytes.length) {
      const larger = new Uint8Array(Math.min(2 * bytes.length, most + 1));
      larger.set(bytes);
      bytes = larger;
    }
    const read = tryRead(handle, bytes, length, fault);
    if (read === 0) return bytes.slice(0, length);
    length += read;
    if (length > most) throw fault(tooLarge(most), 'tooLarge');
  }
}

function readPiece(handle: number, fault: FaultMaker): Uint8Array | 'nothing yet' {
  const buffer = new Uint8Array(PIECE_BYTES);
  try {
    return buffer.subarray(0, readSync(handle, buffer, 0, buffer.length, null));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 'nothing yet';
    throw unreadable(error, fault);
  }
}

function tryRead(handle: number, bytes: Uint8Array, at: number, fault: FaultMaker): number {
  try {
    return readSync(handle, bytes, at, bytes.length - at, null);
  } catch (error) {
    throw unreadable(error, fault);
  }
}

const unreadable = (error: unknown, fault: FaultMaker): RevsyncError =>
  fault(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, 'unreadable');

function tooLarge(most: number): string {
  return most < 1024 * 1024
    ? `it is larger than ${Math.floor(most / 1024)} KiB`
    : `it is larger than ${Math.floor(most / 1024 / 1024)} MiB`;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let count = 0;

/**
 * A file under way to its place: written beside it under a name of its own, flushed and renamed, so that a full disk, a kill or a second
 * process leaves the old file or the new one. A link is followed; a device or a pipe is written to as it is.
 */
export class WholeFile {
  readonly #place: string;
  /** Null: straight into a device or a pipe. */
  readonly #temporary: string | null;
  readonly #mode: number | null;
  #handle: number | null;

  /** @param path absolute */
  constructor(path: string) {
    const there = lookAt(path);
    this.#place = there === null ? path : realpathSync(path);
    this.#mode = there?.isFile() === true ? there.mode & 0o7777 : null;
    const direct = there !== null && !there.isFile() && !there.isDirectory();
    if (there?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    this.#temporary = direct ? null : join(dirname(this.#place), `.revsync-${process.pid}-${count++}.part`);
    this.#handle = openSync(this.#temporary ?? this.#place, direct ? 'w' : 'wx');
  }

  write(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#handle!, bytes, at);
  }

  commit(): void {
    if (this.#temporary !== null) fsyncSync(this.#handle!);
    this.#close();
    if (this.#temporary === null) return;
    if (this.#mode !== null) chmodSync(this.#temporary, this.#mode);
    renameSync(this.#temporary, this.#place);
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.#close();
    if (this.#temporary !== null) rmSync(this.#temporary, { force: true });
  }

  #close(): void {
    if (this.#handle === null) return;
    const handle = this.#handle;
    this.#handle = null;
    closeSync(handle);
  }
}

/** @param path absolute. @throws what the file system says: name it with `outputFailed` */
export function writeWhole(path: string, text: string): void {
  const file = new WholeFile(path);
  try {
    file.write(text);
    file.commit();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/** @param path as the user wrote it */
export function outputFailed(path: string, error: unknown): RevsyncError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return new RevsyncError(
    'OUTPUT_FAILED',
    `"${path}" cannot be written (${code})`,
    'Check the folder, its permissions and the space left.',
    error,
  );
}

function lookAt(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
