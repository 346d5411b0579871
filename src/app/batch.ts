/**
 * Many files: judged in worker threads ahead of the one that stores and prints, handed over in the order given. A worker loads its
 * own rules, since compiled conditions cannot be handed across; whatever stops one file, or a whole worker, stops nothing else.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { refusedReport } from '../core/refused-report.ts';
import type { AnalyzeRequest, Shared } from './analyze-request.ts';
import type { Judged } from './judge-file.ts';

/** From so many files on: below it starting workers costs more than it saves (some 150 ms each). */
const FEWEST_FILES = 32;
/** Files that may be done and not yet fetched, for each worker: bounds memory. */
const AHEAD = 6;

export interface BatchStart {
  request: AnalyzeRequest;
  suppressions: Shared['suppressions'];
}

export interface BatchAnswer {
  index: number;
  judged: Judged;
  warnings: string[];
}

/** Where judged files come from. */
export interface Batch {
  /** @throws AbortError when the run was cancelled */
  judged(index: number): Promise<BatchAnswer>;
  close(): Promise<void>;
}

const entry = (): URL => new URL('../batch-worker.js', import.meta.url);

/** Null: too few files, one core, input from a pipe, or run from the sources, where no worker is built. */
export function openBatch(paths: readonly string[], shared: Shared): Batch | null {
  const { request } = shared;
  const cores = availableParallelism();
  if (paths.length < FEWEST_FILES || cores < 2 || paths.includes('-') || request.stock === '-') return null;
  if (!existsSync(fileURLToPath(entry()))) return null;
  return new WorkerBatch(paths, shared, Math.min(cores, 8));
}

interface Waiting {
  resolve(answer: BatchAnswer): void;
  reject(error: Error): void;
}

class WorkerBatch implements Batch {
  readonly #paths: readonly string[];
  readonly #shared: Shared;
  readonly #workers = new Map<Worker, Set<number>>();
  readonly #done = new Map<number, BatchAnswer>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #wanted: number;
  #next = 0;
  #fetched = 0;
  #closed = false;

  constructor(paths: readonly string[], shared: Shared, workers: number) {
    this.#paths = paths;
    this.#shared = shared;
    this.#wanted = workers;
    for (let i = 0; i < workers; i++) this.#start();
    shared.hooks.signal?.addEventListener('abort', () => void this.close(), { once: true });
  }

  judged(index: number): Promise<BatchAnswer> {
    this.#fetched = index + 1;
    const known = this.#done.get(index);
    this.#feed();
    if (known !== undefined) {
      this.#done.delete(index);
      return Promise.resolve(known);
    }
    return new Promise((resolve, reject) => {
      if (this.#closed) reject(cancelled());
      else this.#waiting.set(index, { resolve, reject });
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) reject(cancelled());
    this.#waiting.clear();
    await Promise.all([...this.#workers.keys()].map((w) => w.terminate()));
  }

  #start(): void {
    const { request, bike, suppressions } = this.#shared;
    // What is known already is not asked again. A worker judges by rules alone; the main thread asks the model.
    const start: BatchStart = { request: { ...request, bike: bike?.id ?? null }, suppressions };
    const worker = new Worker(entry(), { workerData: start });
    const under = new Set<number>();
    this.#workers.set(worker, under);
    worker.on('message', (answer: BatchAnswer) => {
      under.delete(answer.index);
      this.#answer(answer);
      this.#feed();
    });
    let last: Error | null = null;
    worker.on('error', (error) => {
      last = error instanceof Error ? error : new Error(String(error));
    });
    worker.on('exit', () => {
      this.#workers.delete(worker);
      if (this.#closed) return;
      // Files are worked on one at a time: the first stopped it, the others get their turn elsewhere.
      const [stopped, ...others] = [...under].sort((a, b) => a - b);
      if (stopped !== undefined) this.#answer(this.#refused(stopped, last));
      this.#again.push(...others);
      if (this.#workers.size < this.#wanted) this.#start();
      this.#feed();
    });
    this.#feed();
  }

  readonly #again: number[] = [];

  /** Two files at each worker, so that it never waits for a message. */
  #feed(): void {
    for (const [worker, under] of this.#workers) {
      while (under.size < 2) {
        const index = this.#again.shift() ?? this.#take();
        if (index === null) break;
        under.add(index);
        worker.postMessage({ index, path: this.#paths[index] });
      }
    }
  }

  #take(): number | null {
    if (this.#closed || this.#next >= this.#paths.length) return null;
    if (this.#next >= this.#fetched + this.#wanted * AHEAD) return null;
    return this.#next++;
  }

  #answer(answer: BatchAnswer): void {
    const waiting = this.#waiting.get(answer.index);
    this.#waiting.delete(answer.index);
    if (waiting === undefined) this.#done.set(answer.index, answer);
    else waiting.resolve(answer);
  }

  #refused(index: number, error: Error | null): BatchAnswer {
    const refusal = {
      code: 'INTERNAL',
      message: `a bug in revsync stopped this file: ${error?.message ?? 'its worker ended'}`,
      hint: 'The other files were judged; please report it with the file, if you may share it.',
    };
    const report = refusedReport({ path: this.#paths[index]!, sha256: null, byteLength: null }, refusal, {
      format: null,
      definition: null,
      conditions: this.#shared.request.conditions,
    });
    return { index, warnings: [], judged: { report, metrics: [], motorcycle: null, kept: null } };
  }
}

function cancelled(): Error {
  const error = new Error('cancelled');
  error.name = 'AbortError';
  return error;
}
