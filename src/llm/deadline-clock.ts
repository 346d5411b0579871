/** Deadlines of one request as one signal. Whatever ends first aborts it, with the error that says which limit it was. */
import { LlmError, type Place } from './errors.ts';

export type Phase = 'probe' | 'load' | 'firstToken' | 'idle' | 'total';

const SAYS: Record<Phase, (seconds: string, place: Place) => string> = {
  probe: (s, p) => `${p.host} accepts connections and did not answer within ${s}`,
  load: (s, p) => `${p.model} was not loaded within ${s}`,
  firstToken: (s, p) => `${p.model} had not begun to answer after ${s}`,
  idle: (s, p) => `${p.model} stopped in mid-answer for ${s}`,
  total: (s, p) => `${p.model} had not finished its answer after ${s}`,
};

const HINTS: Record<Phase, string> = {
  probe: 'It may be starting, or busy: try again, or see revsync doctor.',
  load: 'A slow disk or too little memory: revsync doctor shows both; MODEL_PRELOAD=true loads ahead of time.',
  firstToken:
    'The server may be at work for another program. LLM_TIMEOUT_SECONDS gives it more; revsync doctor measures what this machine needs.',
  idle: 'The server may have stalled: see its log. LLM_TIMEOUT_SECONDS gives it more.',
  total:
    'LLM_TIMEOUT_SECONDS gives it more; revsync doctor measures what this machine needs and advises a smaller model.',
};

/** Counts from its making. Call `end` when the request is over: its timers keep the process alive. */
export class DeadlineClock {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #place: Place;
  readonly #outer: AbortSignal | undefined;
  readonly #timers = new Map<Phase, NodeJS.Timeout>();
  #ended = false;
  readonly #onOuter = (): void => this.#controller.abort(this.#outer?.reason);

  constructor(place: Place, outer?: AbortSignal) {
    this.#place = place;
    this.#outer = outer;
    this.signal = this.#controller.signal;
    if (outer?.aborted === true) this.#onOuter();
    outer?.addEventListener('abort', this.#onOuter, { once: true });
  }

  /** Starts a limit, or starts it again from now. */
  arm(phase: Phase, ms: number): void {
    this.disarm(phase);
    // A timer of Node holds 31 bits; a longer limit is none.
    if (!Number.isFinite(ms) || ms > 2_147_483_647) return;
    this.#timers.set(
      phase,
      setTimeout(() => this.#controller.abort(timeout(phase, ms, this.#place)), Math.max(0, ms)),
    );
  }

  disarm(phase: Phase): void {
    clearTimeout(this.#timers.get(phase));
    this.#timers.delete(phase);
  }

  /** The request is over, well or not: no timer is left, and a stream that was not read to its end is given up. */
  end(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#outer?.removeEventListener('abort', this.#onOuter);
    this.#ended = true;
    if (!this.#controller.signal.aborted) this.#controller.abort(new DOMException('over', 'AbortError'));
  }

  /** What a caller gets: the limit that ended the request stands above what the broken request says of itself. */
  reasonOf(error: unknown): unknown {
    return this.signal.aborted && !this.#ended ? this.signal.reason : error;
  }
}

function timeout(phase: Phase, ms: number, place: Place): LlmError {
  const seconds = ms < 10_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 1000)} s`;
  return new LlmError('LLM_TIMEOUT', phase === 'probe' ? 'down' : 'try', SAYS[phase](seconds, place), HINTS[phase]);
}

/** Waits, or ends with the signal. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
