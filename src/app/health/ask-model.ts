/** Asking the model: how fast it reads, one real structured answer on the example tune, and what that says of the limit. */
import { randomUUID } from 'node:crypto';
import { RevsyncError } from '../../core/errors.ts';
import type { LanguageModel, ModelAnswer } from '../../core/language-model.ts';
import type { Speeds } from '../../llm/answer-time.ts';
import { CONTEXT_TOKENS, openLanguageModel } from '../../llm/open-language-model.ts';
import type { Settings } from '../settings.ts';
import type { Checks } from './check.ts';
import { answerCheck, contextCheck, gpuCheck, speedsFrom, timeLimitCheck, tooSlowCheck } from './model.ts';

/** What asking tells. */
export const ASKED_CHECKS = ['model.context', 'model.gpu', 'model.answer', 'model.timeLimit'];

/** Loads the model and asks it. What is wrong with the model is a failed check; a cancel is thrown. */
export async function askModel(work: {
  checks: Checks;
  id: (name: string) => string;
  host: string;
  model: string;
  settings: Settings;
  signal: AbortSignal | undefined;
  /** Told what was measured, so that analyses can fit their evidence to it. */
  measured: (speeds: Speeds) => Promise<void>;
  /** For tests: how long the proof may take. */
  proofMs?: number | undefined;
}): Promise<void> {
  const { checks, id, model, settings, signal } = work;
  const limitSeconds = Number(settings.llmTimeoutSeconds.value);
  const proofMs = work.proofMs ?? PROOF_DEADLINE.totalMs;
  const gpu = settings.useGpuAcceleration.value !== false;
  const mind = openLanguageModel({
    hosts: work.host,
    model,
    gpu,
    allowRemote: settings.allowRemoteModel.value === true,
  });
  try {
    const reading = await readingSpeed(mind, signal);
    checks.add(id('model.context'), contextCheck(reading.contextTokens ?? null, CONTEXT_TOKENS));
    checks.add(id('model.gpu'), gpuCheck(reading.gpuShare ?? null, gpu));
    const { answer, held, why, fixed } = await proof(mind, signal, proofMs);
    checks.add(id('model.answer'), answerCheck(answer, held, why), Math.round(answer.totalMs));
    const speeds = speedsFrom(reading, answer);
    checks.add(id('model.timeLimit'), timeLimitCheck(speeds, fixed, limitSeconds));
    if (speeds !== null) await work.measured(speeds);
  } catch (error) {
    if (!(error instanceof RevsyncError) || signal?.aborted === true) throw error;
    const late = error.code === 'LLM_TIMEOUT';
    await checks.look(id('model.answer'), () => {
      throw late ? new RevsyncError(error.code, error.message, LATE, error) : error;
    });
    if (late) checks.add(id('model.timeLimit'), tooSlowCheck(proofMs, limitSeconds));
    const done = new Set(checks.all.map((c) => c.id));
    const left = ASKED_CHECKS.map(id).filter((name) => !done.has(name));
    checks.skip(left, 'the model gave no answer');
  } finally {
    await mind.close();
  }
}

/** The limit of an analysis has nothing to do with the proof, which waits longer. */
const LATE =
  'A proof waits four minutes, whatever LLM_TIMEOUT_SECONDS says. See whether another program keeps the machine busy, or take a smaller model: revsync models use llama3.2:3b.';

/** Limits for a proof: it measures, so it waits long. */
const PROOF_DEADLINE = { firstTokenMs: 300_000, idleMs: 60_000, totalMs: 240_000, loadMs: 600_000 };

/**
 * How fast the model reads what it has not read before: a text that begins with something new, since a server tells the count of all
 * tokens and the time of those alone that its cache did not hold. Asked before the proof, whose fixed part then stays in the cache.
 */
function readingSpeed(model: LanguageModel, signal: AbortSignal | undefined): Promise<ModelAnswer> {
  const lines = Array.from(
    { length: 12 },
    (_, i) => `Line ${i}: the ignition map of cylinder ${(i % 4) + 1} was read twice and compared.`,
  );
  return model.answer({
    prompt: { fixed: `Run ${randomUUID()}. Answer in JSON.`, evidence: lines.join('\n') },
    schema: {
      type: 'object',
      properties: { lines: { type: 'integer', minimum: 0, maximum: 99 } },
      required: ['lines'],
    },
    maxTokens: 16,
    deadline: PROOF_DEADLINE,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** One real structured answer on the bundled example tune, checked as every answer is. */
async function proof(
  model: LanguageModel,
  signal: AbortSignal | undefined,
  totalMs: number,
): Promise<{ answer: ModelAnswer; held: boolean; why: string; fixed: string }> {
  const { exampleEvidence } = await import('./example-evidence.ts');
  const { checkAnswer } = await import('../../core/opinion/guard.ts');
  const { OPINION_TOKENS, opinionPrompt, opinionSchema } = await import('../../llm/second-opinion-prompt.ts');
  const evidence = await exampleEvidence();
  const prompt = opinionPrompt(evidence.text);
  const answer = await model.answer({
    prompt,
    schema: opinionSchema,
    maxTokens: OPINION_TOKENS,
    deadline: { ...PROOF_DEADLINE, totalMs, firstTokenMs: Math.max(totalMs, PROOF_DEADLINE.firstTokenMs) },
    ...(signal === undefined ? {} : { signal }),
  });
  const { verified, why } = readChecked(checkAnswer(evidence, answer.text, answer.json), answer);
  return { answer, held: verified, why, fixed: prompt.fixed };
}

function readChecked(
  checked: { verified: unknown; violations: readonly { fault: string }[] },
  answer: ModelAnswer,
): { verified: boolean; why: string } {
  if (checked.verified !== null) return { verified: true, why: '' };
  if (answer.doneReason === 'length') return { verified: false, why: 'it did not end within its tokens' };
  if (answer.doneReason === null) return { verified: false, why: 'the server closed it in the middle' };
  return { verified: false, why: checked.violations[0]?.fault ?? 'it is not in the schema' };
}
