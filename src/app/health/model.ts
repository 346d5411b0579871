/** The model: is it there, does it fit, is it loaded as asked, how fast does it answer. */
import type { ModelAnswer } from '../../core/language-model.ts';
import { ANSWER_TOKENS } from '../../core/opinion/answer.ts';
import { EVIDENCE_TOKENS } from '../../core/opinion/evidence.ts';
import { estimateTokens } from '../../core/opinion/tokens.ts';
import { answerTime, evidenceBudget, LEAST_EVIDENCE_TOKENS, type Speeds } from '../../llm/answer-time.ts';
import { fitting, gigabytes, MISTRAL_7B, needBytes, OFFERED, shapeOf } from '../../llm/memory-need.ts';
import { sameModel } from '../../llm/model-name.ts';
import type { OllamaHost } from '../../llm/ollama-host.ts';
import { CONTEXT_TOKENS } from '../../llm/open-language-model.ts';
import type { InstalledModel, LoadedModel } from '../../llm/replies.ts';
import type { Machine } from '../machine.ts';
import { failed, ok, skipped, warning } from './check.ts';

type Found = ReturnType<typeof ok>;

/** The model as the server has it; null where it has none of that name. */
export async function installedModel(
  server: OllamaHost,
  model: string,
  signal?: AbortSignal,
): Promise<InstalledModel | null> {
  return (await server.installed({ signal })).find((m) => sameModel(m.name, model)) ?? null;
}

export function presentCheck(model: string, found: InstalledModel | null): Found {
  if (found === null)
    return failed(`the server has no model ${model}`, `revsync setup fetches it, or: ollama pull ${model}`);
  if (found.remoteHost !== null) {
    return failed(
      `${model} runs at ${found.remoteHost}, not on this machine`,
      'revsync models use mistral:7b chooses one that runs here.',
    );
  }
  const facts = [found.parameters, found.quantization, gigabytes(found.sizeBytes)].filter((f) => f !== '').join(', ');
  return ok(`${model} (${facts})`, found.digest);
}

/** Bytes that the model needs with a context. */
export async function needOf(
  server: OllamaHost,
  model: string,
  found: InstalledModel | null,
  contextTokens: number,
): Promise<number | null> {
  if (found === null) {
    const offered = OFFERED.find((m) => sameModel(m.name, model));
    return offered === undefined ? null : needBytes(offered.weightsBytes, offered.shape, contextTokens);
  }
  const shape = shapeOf((await server.show(model)).model_info) ?? MISTRAL_7B;
  return needBytes(found.sizeBytes, shape, contextTokens);
}

/** Memory against the need of a model with the context that revsync asks for. @param loaded as the server has it in memory */
export async function lookAtMemory(
  machine: Machine,
  server: OllamaHost,
  model: string,
  loaded: LoadedModel | null,
  signal?: AbortSignal,
): Promise<Found> {
  const need = await needOf(server, model, await installedModel(server, model, signal), CONTEXT_TOKENS);
  return memoryCheck({
    machine,
    model,
    needBytes: need,
    contextTokens: CONTEXT_TOKENS,
    loaded,
    isHere: server.host.loopback,
  });
}

/** Memory against need. Only what lies on this machine can be compared. */
function memoryCheck(work: {
  machine: Machine;
  model: string;
  needBytes: number | null;
  contextTokens: number;
  loaded: LoadedModel | null;
  isHere: boolean;
}): Found {
  const { machine, model, needBytes: need, loaded } = work;
  if (!work.isHere) return skipped('the model runs on another machine, whose memory is not known here');
  if (loaded !== null) return ok(`${model} is in memory (${gigabytes(loaded.sizeBytes)})`, loaded.sizeBytes, 'B');
  if (need === null) return skipped(`how much ${model} needs is known when it is there`);
  const free = machine.availableMemoryBytes();
  const facts = `${model} with ${work.contextTokens} tokens of context needs about ${gigabytes(need)}; ${gigabytes(free)} are free of ${gigabytes(machine.totalMemoryBytes())}`;
  if (need <= free) return ok(facts, Math.round(need), 'B');
  const others = fitting(free, work.contextTokens).filter((m) => m.weightsBytes < need);
  const hint =
    others.length === 0
      ? 'Close other programs. The rules work without a model: USE_LOCAL_LLM=false.'
      : `Close other programs, or take one that fits: ${others
          .slice(0, 3)
          .map((m) => `${m.name} (${gigabytes(m.weightsBytes)})`)
          .join(', ')}. revsync models use NAME chooses it.`;
  // A GPU with memory of its own may hold what the machine's memory does not.
  return need > machine.totalMemoryBytes() && !hasOwnGpu(machine)
    ? failed(facts, hint, Math.round(need), 'B')
    : warning(facts, hint, Math.round(need), 'B');
}

export function hasOwnGpu(machine: Machine): boolean {
  return machine.onPath('nvidia-smi') !== null || machine.onPath('rocm-smi') !== null || machine.exists('/dev/kfd');
}

export function contextCheck(given: number | null, asked: number): Found {
  if (given === null)
    return warning('the server does not tell what context it gave', 'Update Ollama: newer ones tell.');
  if (given >= asked) return ok(`${given} tokens of context`, given, 'tokens');
  return warning(
    `the server gives ${given} tokens of context, ${asked} were asked for`,
    'It had too little memory for more, or the weights were trained for less: longer evidence is refused, not cut.',
    given,
    'tokens',
  );
}

export function gpuCheck(share: number | null, wanted: boolean): Found {
  if (share === null) return skipped('the server does not tell where the model lies');
  const percent = Math.round(share * 100);
  if (!wanted) return ok(`GPU switched off (USE_GPU_ACCELERATION), ${percent} % of the model there`, share);
  if (percent === 0) return ok('the model runs on the processor: no GPU was used', 0);
  if (percent >= 99) return ok('the model lies in GPU memory', 1);
  return warning(
    `${percent} % of the model lies in GPU memory, the rest runs on the processor`,
    'A smaller quantization or a smaller context fits it whole and answers faster.',
    share,
  );
}

/** One answer, told from what can be read of it. */
export function answerCheck(answer: ModelAnswer, held: boolean, why: string): Found {
  const facts = `${answer.answerTokens} tokens in ${seconds(answer.totalMs - answer.loadMs)}`;
  if (held)
    return ok(`a structured answer on the example tune: ${facts}`, Math.round(answer.totalMs - answer.loadMs), 'ms');
  return warning(
    `the model answered (${facts}), and its answer is no use: ${why}`,
    'Analyses drop such answers and stay with the rules. mistral:7b is the model that revsync is made for.',
    Math.round(answer.totalMs - answer.loadMs),
    'ms',
  );
}

/** Tokens a second from the server's own figures; null where it tells none. */
export function speedsFrom(reading: ModelAnswer, answer: ModelAnswer): Speeds | null {
  if (reading.promptMs <= 0 || reading.promptTokens === 0 || answer.answerMs <= 0 || answer.answerTokens === 0)
    return null;
  return {
    promptPerSecond: Math.max(0.1, (reading.promptTokens / reading.promptMs) * 1_000),
    answerPerSecond: Math.max(0.1, (answer.answerTokens / answer.answerMs) * 1_000),
  };
}

/** No proof came in time: the limit is far too short for this model here, whatever it is. */
export function tooSlowCheck(waitedMs: number, limitSeconds: number): Found {
  return warning(
    `no answer within ${seconds(waitedMs)}, which is as long as this proof waits; the limit of ${limitSeconds} s does not hold`,
    'A smaller model answers faster: revsync models use llama3.2:3b. The rules work without one: USE_LOCAL_LLM=false.',
    Math.round(waitedMs / 1_000),
    's',
  );
}

/** Can LLM_TIMEOUT_SECONDS hold here? */
export function timeLimitCheck(speeds: Speeds | null, fixedPart: string, limitSeconds: number): Found {
  if (speeds === null) return skipped('the server tells no times');
  const time = answerTime(
    speeds,
    { fixed: estimateTokens(fixedPart), evidence: EVIDENCE_TOKENS, answer: ANSWER_TOKENS },
    limitSeconds,
  );
  const facts = `reads ${round(speeds.promptPerSecond)} and writes ${round(speeds.answerPerSecond)} tokens a second: the longest answer takes about ${seconds(time.firstSeconds * 1_000)} for the first tune and ${seconds(time.nextSeconds * 1_000)} for each further one`;
  if (time.holds && time.firstSeconds <= limitSeconds)
    return ok(`${facts}; the limit of ${limitSeconds} s holds`, round(time.nextSeconds), 's');
  if (time.holds) {
    return warning(
      `${facts}; the limit of ${limitSeconds} s holds from the second tune on`,
      `MODEL_PRELOAD=true and a few tunes at once help; LLM_TIMEOUT_SECONDS=${time.neededSeconds} holds for the first too.`,
      round(time.firstSeconds),
      's',
    );
  }
  const budget = evidenceBudget(speeds, { evidence: EVIDENCE_TOKENS, answer: ANSWER_TOKENS }, limitSeconds);
  const smaller = 'A smaller model answers faster: revsync models use llama3.2:3b.';
  const hint =
    time.evidenceTokens >= LEAST_EVIDENCE_TOKENS
      ? `revsync analyze shrinks the evidence to ${budget} tokens, with which it holds once the model has read its fixed part. LLM_TIMEOUT_SECONDS=${time.neededSeconds} holds for all of it. ${smaller}`
      : `LLM_TIMEOUT_SECONDS=${time.neededSeconds} would hold. ${smaller} Shrinking the evidence, as revsync analyze does, is not enough.`;
  return warning(`${facts}; the limit of ${limitSeconds} s does not hold`, hint, round(time.nextSeconds), 's');
}

const round = (n: number): number => (n >= 100 ? Math.round(n) : Math.round(n * 10) / 10);

export function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${round(ms / 1_000)} s`;
}
