/** export and import: the library of one machine into that of another, a line a record, streaming both ways. */
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { RevsyncError } from '../core/errors.ts';
import type { ExchangeRecord } from '../store/exchange.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { withDatabase } from './workspace.ts';

/**
 * Hands over every stored analysis, or those whose file, motorcycle or definition contains a text. One that is no longer whole stands as
 * a line of errors, which `import` passes over.
 */
export async function exportAnalyses(
  text: string | null,
  around: Surroundings,
  write: (line: string) => Promise<void>,
): Promise<{ written: number; damaged: number }> {
  const { exportRows } = await import('../store/exchange.ts');
  const { listHistory } = await import('../store/analyses.ts');
  const { damagedLine, recordLine } = await import('./exchange-record.ts');
  return withDatabase(await databaseOf(around), async (db) => {
    const within =
      text === null ? null : new Set(listHistory(db, { text, limit: 1_000_000_000 }).map((r) => r.analysisId));
    const counts = { written: 0, damaged: 0 };
    for (const row of exportRows(db, within)) {
      counts[row.whole === 1 ? 'written' : 'damaged']++;
      await write(row.whole === 1 ? recordLine(row) : damagedLine(row.id));
    }
    return counts;
  });
}

export interface ImportResult {
  imported: number;
  /** Records whose analysis was here before. */
  known: number;
  /** Lines that hold nothing to keep: refused files, errors of a run. */
  skipped: number;
  /** Lines that are no records. */
  bad: number;
  /** The first hundred bad lines with their numbers. */
  errors: { line: number; code: string; message: string; hint: string }[];
}

export interface ImportHooks {
  stdin(): AsyncIterable<Uint8Array>;
  progress(lines: number): void;
}

/** Records to one transaction: what a killed import may have to read again. */
const BATCH = 500;
/** Bytes of lines that are held before they are written, whatever their number. */
const BATCH_BYTES = 64 * 1024 * 1024;
const MOST_ERRORS = 100;

/**
 * @param path a file, or "-" for standard input
 * @throws RevsyncError FILE_NOT_FOUND | FILE_UNREADABLE and those of the database; every batch before it is kept
 */
export async function importAnalyses(path: string, around: Surroundings, hooks: ImportHooks): Promise<ImportResult> {
  const { importRows } = await import('../store/exchange.ts');
  const { MOST_LINE_BYTES, readLine } = await import('./exchange-record.ts');
  const motorcycles = new Map((await loadKnowledge('motorcycles')).map((m) => [m.id, m]));
  const result: ImportResult = { imported: 0, known: 0, skipped: 0, bad: 0, errors: [] };
  return withDatabase(await databaseOf(around), async (db) => {
    let batch: ExchangeRecord[] = [];
    let held = 0;
    const flush = (): void => {
      const fresh = importRows(db, batch);
      result.imported += fresh;
      result.known += batch.length - fresh;
      batch = [];
      held = 0;
    };
    const fault = (line: number, code: string, message: string): void => {
      result.bad++;
      if (result.errors.length < MOST_ERRORS)
        result.errors.push({ line, code, message, hint: 'The other lines were read.' });
    };
    // Opened when it is read: the failure of a stream that nobody listens to yet would end the process.
    const input =
      path === '-' ? hooks.stdin() : createReadStream(resolve(around.cwd, path), { highWaterMark: 1 << 20 });
    let number = 0;
    for await (const line of linesOf(input, MOST_LINE_BYTES, path)) {
      number++;
      if (line === null) fault(number, 'TOO_LONG', `the line has more than ${MOST_LINE_BYTES / 1024 / 1024} MiB`);
      else if (line.trim() !== '') {
        const read = readLine(line, motorcycles);
        if (read.kind === 'record') {
          batch.push(read.record);
          held += line.length;
        } else if (read.kind === 'skipped') result.skipped++;
        else fault(number, read.code, read.reason);
      }
      if (batch.length >= BATCH || held >= BATCH_BYTES) {
        flush();
        hooks.progress(number);
      }
    }
    flush();
    return result;
  });
}

/** Lines of a stream of bytes; null in place of one that is too long, whose bytes are never gathered. */
export async function* linesOf(
  input: AsyncIterable<Uint8Array | string>,
  most: number,
  path: string,
): AsyncGenerator<string | null> {
  let parts: Buffer[] = [];
  let length = 0;
  let long = false;
  const add = (part: Buffer): void => {
    length += part.length;
    if (length > most) [parts, long] = [[], true];
    else if (!long && part.length > 0) parts.push(part);
  };
  const take = (): string | null => {
    const line = long ? null : Buffer.concat(parts).toString('utf8');
    [parts, length, long] = [[], 0, false];
    return line;
  };
  try {
    for await (const chunk of input) {
      const bytes = Buffer.from(chunk as Uint8Array);
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        add(bytes.subarray(from, end));
        yield take();
        from = end + 1;
      }
      add(bytes.subarray(from));
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // What the reader of these lines throws is not the stream's.
    if (code === undefined || syscall === undefined) throw error;
    throw new RevsyncError(
      code === 'ENOENT' ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
      code === 'ENOENT' ? `there is no file "${path}"` : `"${path}" cannot be read (${code})`,
      'Check the spelling, or give - for standard input.',
      error,
    );
  }
  if (length > 0 || long) yield take();
}
