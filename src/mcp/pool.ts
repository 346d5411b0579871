/** Workers that run tools: as many calls at once as there are, the others wait; a cancelled call ends its worker, and another takes its place. */
import { Worker } from 'node:worker_threads';
import { type CallResult, errorResult } from './answer.ts';
import type { Call, WorkerMessage, WorkerStart } from './worker.ts';

export type Progress = (done: number, total: number, message: string) => void;

interface Task {
  call: Call;
  progress: Progress;
  resolve(result: CallResult): void;
  reject(error: Error): void;
}

export class Pool {
  readonly #start: WorkerStart;
  readonly #most: number;
  readonly #err: (text: string) => void;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Task>();
  readonly #queue: Task[] = [];
  #closed = false;

  /** @param most workers at once */
  constructor(start: WorkerStart, most: number, err: (text: string) => void) {
    this.#start = start;
    this.#most = most;
    this.#err = err;
  }

  /** One worker ahead of the first call. */
  warm(): void {
    if (!this.#closed && this.#idle.length + this.#busy.size === 0) this.#idle.push(this.#open());
  }

  /** @throws AbortError when the call was cancelled or the pool closed */
  run(call: Call, progress: Progress, signal: AbortSignal): Promise<CallResult> {
    return new Promise((resolve, reject) => {
      if (this.#closed || signal.aborted) {
        reject(cancelled());
        return;
      }
      const task: Task = { call, progress, resolve, reject };
      signal.addEventListener('abort', () => this.#cancel(task), { once: true });
      this.#queue.push(task);
      this.#feed();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const workers = [...this.#idle.splice(0), ...this.#busy.keys()];
    for (const task of [...this.#queue.splice(0), ...this.#busy.values()]) task.reject(cancelled());
    this.#busy.clear();
    await Promise.all(workers.map((w) => w.terminate()));
  }

  #feed(): void {
    while (this.#queue.length > 0 && !this.#closed) {
      const worker = this.#idle.pop() ?? (this.#busy.size < this.#most ? this.#open() : null);
      if (worker === null) return;
      const task = this.#queue.shift()!;
      this.#busy.set(worker, task);
      worker.postMessage(task.call);
    }
  }

  #open(): Worker {
    // What a library may print is talk: stdout belongs to the protocol.
    const worker = new Worker(new URL('../mcp-worker.js', import.meta.url), { workerData: this.#start, stdout: true });
    worker.stdout.on('data', (piece: Buffer) => this.#err(piece.toString()));
    worker.on('message', (message: WorkerMessage) => {
      const task = this.#busy.get(worker);
      if (task === undefined) return;
      if (message.kind === 'progress') {
        task.progress(message.done, message.total, message.message);
        return;
      }
      this.#busy.delete(worker);
      this.#idle.push(worker);
      task.resolve(message.result);
      this.#feed();
    });
    let last: unknown = null;
    worker.on('error', (error) => {
      last = error;
    });
    worker.on('exit', () => {
      const task = this.#busy.get(worker);
      this.#busy.delete(worker);
      const place = this.#idle.indexOf(worker);
      if (place >= 0) this.#idle.splice(place, 1);
      task?.resolve(errorResult(last ?? new Error('its thread ended')));
      this.#feed();
    });
    return worker;
  }

  #cancel(task: Task): void {
    const waiting = this.#queue.indexOf(task);
    if (waiting >= 0) this.#queue.splice(waiting, 1);
    const worker = [...this.#busy].find(([, t]) => t === task)?.[0];
    task.reject(cancelled());
    if (worker === undefined) return;
    this.#busy.delete(worker);
    void worker.terminate();
    this.#feed();
  }
}

function cancelled(): Error {
  const error = new Error('cancelled');
  error.name = 'AbortError';
  return error;
}
