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

/** Writes text to a target. A file is written beside its place and renamed, so that a full disk leaves the old one. */
export async function deliver(text: string, target: OutputTarget, io: Io): Promise<void> {
  if (target.path === null) {
    io.out(text);
    return;
  }
  const { resolve } = await import('node:path');
  const { rename, rm, writeFile } = await import('node:fs/promises');
  const path = resolve(io.cwd, target.path);
  const temporary = `${path}.part`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const { RevsyncError } = await import('../core/errors.ts');
    throw new RevsyncError(
      'OUTPUT_FAILED',
      `"${target.path}" cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      'Check the folder, its permissions and the space left.',
      error,
    );
  }
}

/** Lines one after the other to stdout, or to a file that appears whole or not at all. @throws RevsyncError OUTPUT_FAILED */
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
  const { open, rename, rm } = await import('node:fs/promises');
  const place = resolve(io.cwd, path);
  const temporary = `${place}.part`;
  const failed = async (error: unknown): Promise<never> => {
    await rm(temporary, { force: true });
    const { RevsyncError } = await import('../core/errors.ts');
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof RevsyncError || code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new RevsyncError(
      'OUTPUT_FAILED',
      `"${path}" cannot be written (${code})`,
      'Check the folder, its permissions and the space left.',
      error,
    );
  };
  try {
    const file = await open(temporary, 'w');
    const result = await work((line) => file.appendFile(line)).finally(() => file.close());
    await rename(temporary, place);
    return result;
  } catch (error) {
    return failed(error);
  }
}
