/** One Ollama server: every call that revsync makes of it, each with a limit, each failure explained. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Ollama } from 'ollama';
import type { z } from 'zod';
import { DeadlineClock } from './deadline-clock.ts';
import { explain, isBrokenConnection, LlmError, notOllama, type Place, WireReply } from './errors.ts';
import type { Host } from './hosts.ts';
import { sameModel } from './model-name.ts';
import {
  type InstalledModel,
  installedOf,
  type LoadedModel,
  loadedOf,
  progressLine,
  psReply,
  showReply,
  tagsReply,
  versionReply,
} from './replies.ts';
import { openWire, untilAborted, type Wire } from './wire.ts';

/** For questions that a healthy server answers in milliseconds; a starting one needs seconds. */
export const PROBE_MS = 10_000;

export interface CallLimits {
  /** Default PROBE_MS. */
  ms?: number;
  signal?: AbortSignal | undefined;
}

/** One line of a pull or a creation. */
export interface ProgressLine {
  status: string;
  digest: string | null;
  totalBytes: number | null;
  completedBytes: number | null;
}

/** One server. `close` ends its connections. */
export class OllamaHost {
  readonly host: Host;
  readonly #model: string;
  #wire: Promise<Wire> | null = null;

  /** @param model named in error texts */
  constructor(host: Host, model: string) {
    this.host = host;
    this.#model = model;
  }

  get place(): Place {
    return { host: this.host.url, model: this.#model };
  }

  /** The official client, its requests bound to a signal. */
  async client(signal: AbortSignal): Promise<Ollama> {
    this.#wire ??= openWire(this.host, this.#model);
    const [{ Ollama }, wire] = await Promise.all([import('ollama'), this.#wire]);
    return new Ollama({ host: this.host.url, fetch: wire.fetchUntil(signal) });
  }

  /** @throws RevsyncError LLM_UNREACHABLE | LLM_NOT_OLLAMA | LLM_HOST_REFUSED | LLM_TIMEOUT */
  async version(limits: CallLimits = {}): Promise<string> {
    return this.#ask(limits, async (client) => {
      const reply = await client.version();
      return this.#read(versionReply, reply, '/api/version').version;
    });
  }

  async installed(limits: CallLimits = {}): Promise<InstalledModel[]> {
    return this.#ask(limits, async (client) => {
      const reply = this.#read(tagsReply, await client.list(), '/api/tags');
      return (reply.models ?? []).map(installedOf);
    });
  }

  /** Models in memory; one that is being unloaded still stands there with an end in the past, and is left out. */
  async loaded(limits: CallLimits = {}): Promise<LoadedModel[]> {
    return this.#ask(limits, async (client) => {
      const reply = this.#read(psReply, await client.ps(), '/api/ps');
      return (reply.models ?? []).map(loadedOf).filter((m) => !(Date.parse(m.expiresAt) < Date.now()));
    });
  }

  async loadedModel(name: string, limits: CallLimits = {}): Promise<LoadedModel | null> {
    return (await this.loaded(limits)).find((m) => sameModel(m.name, name)) ?? null;
  }

  async show(name: string, limits: CallLimits = {}): Promise<z.infer<typeof showReply>> {
    return this.#ask(limits, async (client) => this.#read(showReply, await client.show({ model: name }), '/api/show'));
  }

  async remove(name: string, limits: CallLimits = {}): Promise<void> {
    await this.#ask(limits, (client) => client.delete({ model: name }));
  }

  async copy(from: string, to: string, limits: CallLimits = {}): Promise<void> {
    await this.#ask(limits, (client) => client.copy({ source: from, destination: to }));
  }

  /** Puts a model out of memory. */
  async unload(name: string, limits: CallLimits = {}): Promise<void> {
    await this.#ask(limits, (client) => client.chat({ model: name, messages: [], keep_alive: 0, stream: false }));
  }

  /**
   * The lines of a pull. No limit in time: the caller watches for stalls and ends it with the signal, which stops the server's download too.
   * @param insecure a registry without TLS
   */
  async *pull(name: string, insecure: boolean, signal: AbortSignal): AsyncGenerator<ProgressLine> {
    yield* this.#progress(signal, (client) => client.pull({ model: name, insecure, stream: true }));
  }

  /** Creates a model: the body of /api/create as ollama has it, blobs uploaded before. */
  async *create(body: Record<string, unknown> & { model: string }, signal: AbortSignal): AsyncGenerator<ProgressLine> {
    yield* this.#progress(signal, (client) => client.create({ ...body, stream: true }));
  }

  async *#progress(
    signal: AbortSignal,
    ask: (client: Ollama) => Promise<AsyncIterable<unknown>>,
  ): AsyncGenerator<ProgressLine> {
    const over = new AbortController();
    try {
      const stream = await ask(await this.client(AbortSignal.any([signal, over.signal])));
      for await (const line of stream) {
        const { status, digest, total, completed } = progressLine.parse(line);
        yield { status, digest: digest ?? null, totalBytes: total ?? null, completedBytes: completed ?? null };
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      // The words of a pull are read by src/llm/pull.ts.
      if (error instanceof WireReply) throw error;
      const known = explain(error, this.place);
      const isLine = error instanceof Error && error.name === 'Error' && error.cause === undefined;
      throw isLine && !(error instanceof LlmError) ? new WireReply(0, error.message, true) : known;
    } finally {
      over.abort();
    }
  }

  /** Is a file with this digest on the server? @param digest "sha256:…" */
  async hasBlob(digest: string, limits: CallLimits = {}): Promise<boolean> {
    return this.#within(limits, async (fetchIt) => {
      try {
        await fetchIt(`${this.host.url}/api/blobs/${digest}`, { method: 'HEAD' });
        return true;
      } catch (error) {
        if (error instanceof WireReply && error.status === 404) return false;
        throw error;
      }
    });
  }

  /** Sends a file, from the disk and never whole in memory. */
  async sendBlob(path: string, digest: string, limits: CallLimits = {}): Promise<void> {
    const { size } = await stat(path);
    await this.#within({ ms: Number.POSITIVE_INFINITY, ...limits }, (fetchIt) =>
      fetchIt(`${this.host.url}/api/blobs/${digest}`, {
        method: 'POST',
        headers: { 'content-length': String(size), 'content-type': 'application/octet-stream' },
        body: Readable.toWeb(createReadStream(path)) as unknown as ReadableStream,
        duplex: 'half',
      } as RequestInit),
    );
  }

  async close(): Promise<void> {
    const wire = await this.#wire?.catch(() => null);
    this.#wire = null;
    await wire?.close();
  }

  async #within<T>(limits: CallLimits, work: (fetchIt: typeof fetch) => Promise<T>): Promise<T> {
    const clock = new DeadlineClock(this.place, limits.signal);
    clock.arm('probe', limits.ms ?? PROBE_MS);
    try {
      this.#wire ??= openWire(this.host, this.#model);
      return await untilAborted(work((await this.#wire).fetchUntil(clock.signal)), clock.signal);
    } catch (error) {
      throw explain(clock.reasonOf(error), this.place);
    } finally {
      clock.end();
    }
  }

  async #ask<T>(limits: CallLimits, work: (client: Ollama) => Promise<T>): Promise<T> {
    const clock = new DeadlineClock(this.place, limits.signal);
    clock.arm('probe', limits.ms ?? PROBE_MS);
    try {
      const once = async (): Promise<T> => untilAborted(work(await this.client(clock.signal)), clock.signal);
      return await once().catch((error: unknown) => {
        // A kept connection of a server that was stopped since: a new one tells whether it is there.
        if (clock.signal.aborted || !isBrokenConnection(error)) throw error;
        return once();
      });
    } catch (error) {
      throw explain(clock.reasonOf(error), this.place);
    } finally {
      clock.end();
    }
  }

  #read<S extends z.ZodType>(shape: S, reply: unknown, path: string): z.infer<S> {
    const parsed = shape.safeParse(reply);
    if (!parsed.success) throw notOllama(this.place, `${path} answers something else`);
    return parsed.data;
  }
}
