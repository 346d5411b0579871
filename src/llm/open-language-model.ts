/** The language model of src/core/language-model.ts, spoken to over one or several Ollama servers. */
import type { AnswerRequest, LanguageModel, ModelAnswer } from '../core/language-model.ts';
import { answerOnce, ensureLoaded, type Sampling } from './answer.ts';
import { LlmError } from './errors.ts';
import { parseHosts } from './hosts.ts';
import { checkedName, isCloudName, refuseRemote, sameModel } from './model-name.ts';
import { type CallLimits, OllamaHost, PROBE_MS } from './ollama-host.ts';
import { type Member, Pool } from './pool.ts';

export interface LanguageModelOptions {
  /** OLLAMA_HOST as written; null: this machine. */
  hosts: string | null;
  model: string;
  /** USE_GPU_ACCELERATION. Default true. */
  gpu?: boolean;
  /** MODEL_PRELOAD: begin to load on every host at once, in the background. Default false. */
  preload?: boolean;
  /** Tokens of context asked for. Default 4096: fixed part, 1,500 tokens of evidence, 350 of answer. */
  contextTokens?: number;
  /** How long the model stays in memory, a Go duration. Default "10m". */
  keepAlive?: string;
  /** Let a model of another company's machine answer. Default false. */
  allowRemote?: boolean;
  /** For preloading, in milliseconds. Default 300,000. */
  loadMs?: number;
}

/** Context for prompt and answer of a second opinion. */
export const CONTEXT_TOKENS = 4_096;

/**
 * Opens nothing yet: the first question finds the server. Close it when done.
 * @throws RevsyncError LLM_HOST_INVALID | LLM_MODEL_INVALID | LLM_REMOTE
 */
export function openLanguageModel(options: LanguageModelOptions): LanguageModel {
  const model = checkedName(options.model);
  const allowRemote = options.allowRemote ?? false;
  if (!allowRemote && isCloudName(model)) refuseRemote(model, 'a cloud of another company');
  const hosts = parseHosts(options.hosts);
  for (const { url } of hosts)
    if (!allowRemote && /\/\/(.*\.)?ollama\.com[:/]/i.test(`${url}/`)) refuseRemote(model, url);
  const sampling: Sampling = {
    model,
    contextTokens: options.contextTokens ?? CONTEXT_TOKENS,
    gpu: options.gpu ?? true,
    keepAlive: options.keepAlive ?? '10m',
  };
  return new PooledModel(new Pool(hosts.map((host) => new OllamaHost(host, model))), sampling, allowRemote, options);
}

class PooledModel implements LanguageModel {
  readonly #pool: Pool;
  readonly #sampling: Sampling;
  readonly #allowRemote: boolean;
  readonly #closing = new AbortController();
  readonly #background: Promise<unknown>[] = [];

  constructor(pool: Pool, sampling: Sampling, allowRemote: boolean, options: LanguageModelOptions) {
    this.#pool = pool;
    this.#sampling = sampling;
    this.#allowRemote = allowRemote;
    if (options.preload === true) {
      for (const member of pool.members) {
        // What goes wrong here goes wrong again, with words, when the first question comes.
        this.#background.push(this.#preload(member, options.loadMs ?? 300_000).catch(() => undefined));
      }
    }
  }

  async describe(): ReturnType<LanguageModel['describe']> {
    return this.#withHost(this.#closing.signal, async (member) => ({
      model: this.#sampling.model,
      digest: member.memory.digest,
      host: member.server.host.url,
      serverVersion: member.memory.serverVersion,
    }));
  }

  async answer(request: AnswerRequest): Promise<ModelAnswer> {
    const signal =
      request.signal === undefined ? this.#closing.signal : AbortSignal.any([request.signal, this.#closing.signal]);
    const budget = { leftMs: request.deadline.totalMs };
    let pieces = 0;
    const onText = (piece: string): void => {
      pieces++;
      request.onText?.(piece);
    };
    return this.#withHost(
      signal,
      async (member) => {
        if (pieces > 0) request.onRestart?.();
        pieces = 0;
        return answerOnce(member.server, this.#sampling, member.memory, { ...request, signal, onText }, budget);
      },
      { probeMs: Math.min(PROBE_MS, request.deadline.totalMs), goOn: () => budget.leftMs > 0 },
    );
  }

  async close(): Promise<void> {
    this.#closing.abort(
      new LlmError('LLM_CLOSED', 'request', 'the language model was closed', 'Ask before closing it.'),
    );
    await Promise.all(this.#background);
    await this.#pool.close();
  }

  /** Runs work on a server that is known to be Ollama and to have the model; another one takes over where that fails. */
  async #withHost<T>(
    signal: AbortSignal,
    work: (member: Member) => Promise<T>,
    { probeMs, goOn }: { probeMs: number; goOn: () => boolean } = { probeMs: PROBE_MS, goOn: () => true },
  ): Promise<T> {
    const tried = new Set<Member>();
    for (;;) {
      const member = await this.#pool.take(tried, signal);
      try {
        await this.#know(member, { signal, ms: probeMs });
        const result = await work(member);
        this.#pool.release(member);
        return result;
      } catch (error) {
        this.#pool.release(member, signal.aborted ? null : error);
        tried.add(member);
        const next = error instanceof LlmError && error.blame !== 'request' && !signal.aborted && goOn();
        if (!next) throw error;
      }
    }
  }

  /** Version, digest and place of the model, once for each server and again after it was away. */
  async #know(member: Member, limits: CallLimits): Promise<void> {
    if (member.known && member.memory.digest !== null) return;
    const { server, memory } = member;
    memory.serverVersion = await server.version(limits);
    const { model } = this.#sampling;
    const found = (await server.installed(limits)).find((m) => sameModel(m.name, model));
    if (found === undefined) {
      throw new LlmError(
        'LLM_MODEL_MISSING',
        'unfit',
        `${server.host.url} has no model ${model}`,
        `revsync setup fetches it, or: ollama pull ${model}`,
      );
    }
    if (found.remoteHost !== null && !this.#allowRemote) refuseRemote(model, found.remoteHost);
    memory.digest = found.digest;
    member.known = true;
  }

  async #preload(member: Member, loadMs: number): Promise<void> {
    const signal = this.#closing.signal;
    await this.#know(member, { signal });
    await ensureLoaded(member.server, this.#sampling, member.memory, { loadMs, signal });
  }
}
