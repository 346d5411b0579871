/** Several servers as one: the free one answers, a broken one rests and is asked again later, each answers one request at a time. */

import type { HostMemory } from './answer.ts';
import { pause } from './deadline-clock.ts';
import { LlmError } from './errors.ts';
import type { OllamaHost } from './ollama-host.ts';

/** A server and how it does. */
export interface Member {
  server: OllamaHost;
  memory: HostMemory;
  /** Requests under way, 0 or 1: each further one would cost the prefix cache and wait inside the server unseen. */
  inFlight: number;
  answered: number;
  /** Failures in a row. */
  failures: number;
  /** Clock time (performance.now) before which it is not asked; 0: it may be asked. */
  restsUntil: number;
  /** Takes no new request; what it does, it finishes. */
  draining: boolean;
  /** Seen healthy since its last failure. */
  known: boolean;
  lastError: Error | null;
}

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;
/** Attempts in a row that may fail before a server that answers is left alone for a while. */
const TRIES = 3;

export class Pool {
  readonly members: Member[];
  readonly #waiting = new Set<() => void>();

  constructor(servers: OllamaHost[]) {
    this.members = servers.map((server) => ({
      server,
      memory: { digest: null, serverVersion: null, givenContext: null },
      inFlight: 0,
      answered: 0,
      failures: 0,
      restsUntil: 0,
      draining: false,
      known: false,
      lastError: null,
    }));
  }

  /**
   * The least busy server that may be asked, taken: give it back with `release`. Waits while all are at work.
   * @param tried servers that have failed this request
   * @throws the last error where none is left
   */
  async take(tried: ReadonlySet<Member>, signal?: AbortSignal): Promise<Member> {
    for (;;) {
      signal?.throwIfAborted();
      const now = performance.now();
      const left = this.members.filter((m) => !m.draining && !tried.has(m));
      const open = left.filter((m) => m.restsUntil <= now);
      const free = open.filter((m) => m.inFlight === 0);
      // A server that was down gets its chance when no healthy one is free.
      free.sort((a, b) => Number(b.failures === 0) - Number(a.failures === 0) || a.answered - b.answered);
      const member = free[0];
      if (member !== undefined) {
        member.inFlight++;
        return member;
      }
      if (!open.some((m) => m.inFlight > 0)) throw this.#none(tried);
      const wake = Math.min(...left.map((m) => (m.restsUntil > now ? m.restsUntil - now : Number.POSITIVE_INFINITY)));
      await this.#changed(wake, signal);
    }
  }

  /** Gives a server back; `error` is what it did wrong. */
  release(member: Member, error?: unknown): void {
    member.inFlight--;
    if (error === undefined) {
      member.answered++;
      member.failures = 0;
      member.restsUntil = 0;
      member.lastError = null;
      member.known = true;
    } else if (error instanceof LlmError && error.blame === 'busy') {
      member.lastError = error;
    } else if (error instanceof LlmError && error.blame !== 'request') {
      member.failures++;
      member.lastError = error;
      if (error.blame !== 'try') member.known = false;
      if (error.blame !== 'try' || member.failures >= TRIES) {
        member.restsUntil = performance.now() + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (member.failures - 1));
      }
      if (error.blame === 'down' || error.blame === 'unfit') {
        // Another server, or the same one started again, may give another context and another model under the name.
        member.memory.givenContext = null;
        member.memory.digest = null;
      }
    }
    for (const wake of [...this.#waiting]) wake();
  }

  /** No new requests for a server; settles when its last one is done. */
  async drain(member: Member): Promise<void> {
    member.draining = true;
    while (member.inFlight > 0) await this.#changed(Number.POSITIVE_INFINITY);
  }

  async close(): Promise<void> {
    for (const member of this.members) member.draining = true;
    for (const wake of [...this.#waiting]) wake();
    await Promise.all(this.members.map((m) => m.server.close()));
  }

  /** The error that tells most: what one server that answers lacks says more than that another is not there. */
  #none(tried: ReadonlySet<Member>): Error {
    const errors = this.members.map((m) => m.lastError).filter((e): e is Error => e !== null);
    const first = errors.find((e) => e instanceof LlmError && e.blame !== 'down') ?? errors[0];
    const error =
      first ?? new LlmError('LLM_UNREACHABLE', 'down', 'no Ollama server is left to ask', 'revsync doctor shows each.');
    if (this.members.length === 1 || tried.size === 0 || !(error instanceof LlmError)) return error;
    const states = this.members.map(
      (m) => `${m.server.host.url}: ${m.lastError instanceof LlmError ? m.lastError.code : 'draining'}`,
    );
    return new LlmError(error.code, error.blame, `${error.message} (${states.join(', ')})`, error.hint, error);
  }

  async #changed(ms: number, signal?: AbortSignal): Promise<void> {
    let wake: () => void = () => undefined;
    const over = new AbortController();
    const changed = new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.add(resolve);
    });
    const ends = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    const timer = Number.isFinite(ms) || signal !== undefined ? pause(Math.min(ms, 2 ** 31 - 1), ends) : changed;
    try {
      await Promise.race([changed, timer]);
    } finally {
      this.#waiting.delete(wake);
      timer.catch(() => undefined);
      over.abort();
    }
  }
}
