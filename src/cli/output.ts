/** Where a result goes: stdout, or a file that appears whole or not at all. */
import type { Io } from './io.ts';

/** One wanted rendering. `path` null: stdout. */
export interface OutputTarget {
  format: string;
  path: string | null;
}

/**
 * Pairs --format with --output in the order given: the n-th format goes to the n-th file; formats without a file go to stdout.
 * One file without a format takes the format of its ending.
 */
export function outputTargets(formats: string[], outputs: string[], fallback: string): OutputTarget[] {
  if (formats.length === 0 && outputs.length === 0) return [{ format: fallback, path: null }];
  const targets: OutputTarget[] = outputs.map((path, i) => ({
    path,
    format: formats[i] ?? formatOfPath(path) ?? fallback,
  }));
  for (const format of formats.slice(outputs.length)) targets.push({ format, path: null });
  return targets;
}

function formatOfPath(path: string): string | null {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase();
  const known: Record<string, string> = {
    json: 'json',
    ndjson: 'ndjson',
    jsonl: 'ndjson',
    sarif: 'sarif',
    html: 'html',
    htm: 'html',
    md: 'markdown',
    xml: 'junit',
    csv: 'csv',
    txt: 'terminal',
  };
  return ending === undefined ? null : (known[ending] ?? null);
}

/** Writes text to a target. @throws RevsyncError OUTPUT_FAILED */
export async function deliver(text: string, target: OutputTarget, io: Io): Promise<void> {
  if (target.path === null) {
    io.out(text);
    return;
  }
  const { path } = target;
  const { resolve } = await import('node:path');
  const { outputFailed, writeWhole } = await import('../app/files.ts');
  const { harmless } = await import('./harmless.ts');
  try {
    writeWhole(resolve(io.cwd, path), harmless(text));
  } catch (error) {
    throw outputFailed(path, error);
  }
}

/**
 * A result never takes the place of what it was made from, nor of another result.
 * @throws RevsyncError OUTPUT_IS_INPUT | OUTPUT_TWICE
 */
export async function checkTargets(targets: readonly OutputTarget[], inputs: readonly string[], io: Io): Promise<void> {
  const paths = targets.flatMap((t) => t.path ?? []);
  if (paths.length === 0) return;
  const { realpathSync } = await import('node:fs');
  const { resolve } = await import('node:path');
  const { RevsyncError } = await import('../core/errors.ts');
  const place = (path: string): string => {
    try {
      return realpathSync(resolve(io.cwd, path));
    } catch {
      return resolve(io.cwd, path);
    }
  };
  const read = new Set(inputs.map(place));
  const written = new Set<string>();
  for (const path of paths) {
    const own = place(path);
    if (read.has(own))
      throw new RevsyncError(
        'OUTPUT_IS_INPUT',
        `--output "${path}" is a file that is read: it would be lost`,
        'Give the report a name of its own.',
      );
    if (written.has(own) && !own.startsWith('/dev/'))
      throw new RevsyncError('OUTPUT_TWICE', `--output "${path}" is given twice`, 'Give each format its own file.');
    written.add(own);
  }
}

/** Lines one after the other to stdout, or to a file that appears whole or not at all. @throws RevsyncError OUTPUT_FAILED | AbortError */
export async function withLines<T>(
  path: string | null,
  io: Io,
  work: (write: (line: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  if (path === null) {
    return work(async (line) => {
      io.out(line);
      await io.drained();
    });
  }
  const { resolve } = await import('node:path');
  const { RevsyncError } = await import('../core/errors.ts');
  const { outputFailed, WholeFile } = await import('../app/files.ts');
  const { harmless } = await import('./harmless.ts');
  const failed = (error: unknown): unknown => {
    const { code } = error as NodeJS.ErrnoException;
    const isOurs = error instanceof RevsyncError || code === undefined || !/^E[A-Z]+$/.test(code);
    return isOurs ? error : outputFailed(path, error);
  };
  let file: InstanceType<typeof WholeFile>;
  try {
    file = new WholeFile(resolve(io.cwd, path));
  } catch (error) {
    throw failed(error);
  }
  let cancelled = false;
  const stopListening = io.onInterrupt?.(() => {
    cancelled = true;
  });
  let lines = 0;
  try {
    const result = await work(async (line) => {
      try {
        file.write(harmless(line));
      } catch (error) {
        throw outputFailed(path, error);
      }
      // Writing a file waits for nothing: a signal is heard between two lines.
      if (lines++ % 64 === 0) await new Promise(setImmediate);
      if (cancelled) throw Object.assign(new Error('cancelled'), { name: 'AbortError' });
    });
    file.commit();
    return result;
  } catch (error) {
    file.abandon();
    throw failed(error);
  } finally {
    stopListening?.();
  }
}
