/** One answer of one server: load where needed, ask, watch every limit, and read what came as what it is. */
import type { ChatRequest } from 'ollama';
import type { AnswerRequest, ModelAnswer } from '../core/language-model.ts';
import { DeadlineClock, pause } from './deadline-clock.ts';
import { badStream, explain, LlmError } from './errors.ts';
import { type OllamaHost, PROBE_MS } from './ollama-host.ts';
import { chatPiece, type LoadedModel } from './replies.ts';
import { untilAborted } from './wire.ts';

/** What is the same for every request to a model: any other context or GPU setting would load it again. */
export interface Sampling {
  model: string;
  contextTokens: number;
  /** False: num_gpu 0. */
  gpu: boolean;
  keepAlive: string;
}

/** What is known of a server between two requests. */
export interface HostMemory {
  digest: string | null;
  serverVersion: string | null;
  /** Context that the server gave when it was asked for `contextTokens`; null: not asked yet, or not told. */
  givenContext: number | null;
}

/** Every option that shapes an answer, explicit: the defaults of Ollama differ between its versions (repeat_penalty 1.1 or 1.0). */
export function optionsOf(sampling: Sampling, maxTokens: number): Record<string, number> {
  return {
    num_ctx: sampling.contextTokens,
    num_predict: maxTokens,
    seed: 7,
    temperature: 0,
    top_k: 40,
    top_p: 0.9,
    min_p: 0,
    repeat_penalty: 1,
    repeat_last_n: 64,
    presence_penalty: 0,
    frequency_penalty: 0,
    ...(sampling.gpu ? {} : { num_gpu: 0 }),
  };
}

/** `truncate: false` and `shift: false`: a prompt that does not fit is refused instead of cut without a word. */
function chatBody(sampling: Sampling, maxTokens: number): ChatRequest {
  return {
    model: sampling.model,
    messages: [],
    keep_alive: sampling.keepAlive,
    options: optionsOf(sampling, maxTokens),
    ...({ truncate: false, shift: false } as object),
  };
}

export interface LoadLimits {
  loadMs: number;
  /** For the question what is loaded. Default PROBE_MS. */
  probeMs?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Has the model loaded with the context asked for, and says what it got.
 * @returns milliseconds that loading took, 0 where it stood ready
 * @throws RevsyncError LLM_TIMEOUT | LLM_MODEL_MISSING | LLM_OUT_OF_MEMORY …
 */
export async function ensureLoaded(
  server: OllamaHost,
  sampling: Sampling,
  memory: HostMemory,
  limits: LoadLimits,
): Promise<{ loadMs: number; loaded: LoadedModel | null }> {
  const probe = { signal: limits.signal, ms: limits.probeMs ?? PROBE_MS };
  let loaded = await server.loadedModel(sampling.model, probe);
  const ready = (m: LoadedModel): boolean =>
    m.contextTokens === null || m.contextTokens === (memory.givenContext ?? sampling.contextTokens);
  let loadMs = 0;
  if (loaded === null || !ready(loaded)) {
    const began = performance.now();
    await load(server, sampling, limits);
    loadMs = performance.now() - began;
    loaded = await server.loadedModel(sampling.model, probe);
  }
  memory.givenContext = loaded?.contextTokens ?? memory.givenContext;
  memory.digest = loaded?.digest ?? memory.digest;
  return { loadMs, loaded };
}

async function load(server: OllamaHost, sampling: Sampling, limits: LoadLimits): Promise<void> {
  const clock = new DeadlineClock(server.place, limits.signal);
  clock.arm('load', limits.loadMs);
  try {
    await patient(
      clock.signal,
      async () => {
        const client = await server.client(clock.signal);
        // No messages: Ollama loads and answers done_reason "load".
        await untilAborted(client.chat({ ...chatBody(sampling, 1), stream: false }), clock.signal);
      },
      (error) => explain(error, server.place),
    );
  } catch (error) {
    throw explain(clock.reasonOf(error), server.place);
  } finally {
    clock.end();
  }
}

/** Milliseconds before another try at a busy server; the last one stands for all later ones. */
const BACKOFF_MS = [250, 500, 1_000, 2_000, 4_000];
const BUSY_TRIES = 8;

/** Repeats work while the server says 503 "busy". */
async function patient<T>(signal: AbortSignal, work: () => Promise<T>, explained: (e: unknown) => Error): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const known = explained(error);
      if (!(known instanceof LlmError) || known.blame !== 'busy' || attempt + 1 >= BUSY_TRIES || signal.aborted)
        throw known;
      await pause(BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)] ?? 4_000, signal);
    }
  }
}

/** What is left of the time for a whole answer, loading not counted; several servers share it. */
export interface Budget {
  leftMs: number;
}

/**
 * Asks once. A stream that closes without "done" is an answer with `doneReason` null: the port's words for what the server left unsaid.
 * @param budget is charged with what the attempt took, also where it failed
 */
export async function answerOnce(
  server: OllamaHost,
  sampling: Sampling,
  memory: HostMemory,
  request: AnswerRequest,
  budget: Budget,
): Promise<ModelAnswer> {
  const { deadline, signal } = request;
  const { loadMs, loaded } = await ensureLoaded(server, sampling, memory, {
    loadMs: deadline.loadMs,
    probeMs: Math.min(PROBE_MS, deadline.totalMs),
    signal,
  });
  const clock = new DeadlineClock(server.place, signal);
  const began = performance.now();
  clock.arm('total', budget.leftMs);
  clock.arm('firstToken', deadline.firstTokenMs);
  let text = '';
  let last: ReturnType<typeof chatPiece.parse> | null = null;
  // A model that obeys num_predict stays far below; a server that ignores it must not fill the memory.
  const limit = Math.max(65_536, request.maxTokens * 64);
  try {
    const stream = await patient(
      clock.signal,
      async () =>
        (await server.client(clock.signal)).chat({
          ...chatBody(sampling, request.maxTokens),
          messages: [
            { role: 'system', content: request.prompt.fixed },
            { role: 'user', content: request.prompt.evidence },
          ],
          format: request.schema,
          stream: true,
        }),
      (error) => explain(error, server.place),
    );
    try {
      for await (const line of stream) {
        last = chatPiece.parse(line);
        clock.disarm('firstToken');
        clock.arm('idle', deadline.idleMs);
        if (last.message.content === '') continue;
        text += last.message.content;
        if (text.length > limit)
          throw badStream(server.place, `more than ${limit} characters, ${request.maxTokens} tokens were asked for`);
        request.onText?.(last.message.content);
      }
    } catch (error) {
      // The package's words for a stream that ended well-formed and without a last line.
      if (!/Did not receive done/.test(error instanceof Error ? error.message : '')) throw error;
      if (clock.signal.aborted) throw error;
    }
  } catch (error) {
    throw explain(clock.reasonOf(error), server.place);
  } finally {
    clock.end();
    budget.leftMs -= performance.now() - began;
  }
  const done = last?.done === true ? last : null;
  const promptTokens = done?.prompt_eval_count ?? 0;
  refuseCut(request, promptTokens, memory.givenContext ?? sampling.contextTokens, server);
  return {
    text,
    json: asJson(text),
    doneReason: done === null ? null : (done.done_reason ?? 'stop'),
    model: sampling.model,
    digest: memory.digest,
    serverVersion: memory.serverVersion,
    host: server.host.url,
    options: optionsOf(sampling, request.maxTokens),
    promptTokens,
    answerTokens: done?.eval_count ?? 0,
    promptMs: (done?.prompt_eval_duration ?? 0) / 1e6,
    answerMs: (done?.eval_duration ?? 0) / 1e6,
    loadMs,
    totalMs: performance.now() - began + loadMs,
    contextTokens: loaded?.contextTokens ?? null,
    gpuShare: loaded?.gpuShare ?? null,
    warnings: warningsOf(loaded, sampling),
  };
}

/**
 * Some servers cut a long prompt and answer 200 with no other sign than the count: as many tokens as the context,
 * or (from 0.30 on) about half of it. An answer to half the evidence is none. Fewer than one token in ten characters is no text.
 */
function refuseCut(request: AnswerRequest, promptTokens: number, contextTokens: number, server: OllamaHost): void {
  if (promptTokens === 0) return;
  const characters = request.prompt.fixed.length + request.prompt.evidence.length;
  const fewerThanPossible = promptTokens * 10 < characters;
  if (promptTokens < contextTokens && !fewerThanPossible) return;
  throw new LlmError(
    'LLM_PROMPT_TOO_LONG',
    'request',
    `${server.host.url} read ${promptTokens} tokens of a prompt of ${characters} characters (context ${contextTokens}): it was cut`,
    'A model with a larger context, or a server that gives the context that is asked for, reads it whole: revsync doctor.',
  );
}

function warningsOf(loaded: LoadedModel | null, sampling: Sampling): string[] {
  const given = loaded?.contextTokens ?? null;
  if (given === null || given === sampling.contextTokens) return [];
  return [`the server gives a context of ${given} tokens, ${sampling.contextTokens} were asked for`];
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
