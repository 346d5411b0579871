/**
 * The second opinion of the local model: kept answers first, then the model, then the rules alone with one line that says why.
 * The rules' report is complete and stored before any of this begins; whatever fails here, it stands.
 */
import { RevsyncError } from '../core/errors.ts';
import type { LanguageModel, ModelAnswer, Prompt } from '../core/language-model.ts';
import type { Motorcycle } from '../core/model.ts';
import { applyOpinion, type Provenance } from '../core/opinion/apply-opinion.ts';
import type { Evidence } from '../core/opinion/evidence.ts';
import type { Checked, Verified } from '../core/opinion/guard.ts';
import type { OpinionRun, Report } from '../core/report.ts';
import type { CategoryData } from '../core/score.ts';
import { OPINION_TOKENS, opinionPrompt, opinionSchema, repairPrompt } from '../llm/second-opinion-prompt.ts';
import type { AnswerKey, StoredAnswer } from '../store/answers.ts';
import { answerRecord, droppedOf, failureRecord, keptOf, promptHash, SCHEMA_SHA256 } from './answer-record.ts';
import { type FittedEvidence, fittedEvidence, measuredBudget } from './fitted-evidence.ts';
import type { Keeper } from './keeper.ts';
import type { OpinionSettings } from './opinion-settings.ts';

export type { OpinionSettings };

export interface OpinionHooks {
  now(): Date;
  warn(text: string): void;
  signal: AbortSignal | null;
  /** Opens the model; nothing is sent yet. */
  open(settings: OpinionSettings): Promise<LanguageModel>;
  /** Whether anything listens there at all, without loading a client. Throws what is wrong. */
  reach(settings: OpinionSettings): Promise<void>;
  /** A question is on its way. */
  asking: (path: string, model: string) => void;
  /** The unchecked answer as it comes; null: nobody watches. */
  stream: ((path: string, piece: string | null) => void) | null;
}

export interface Opinion {
  report: Report;
  run: OpinionRun | null;
  /** Why there is none. */
  failure: RevsyncError | null;
}

/** Loading has a time of its own, so many times that of an answer: minutes of reading from a disk, or none. */
const LOAD_TIMES = { llm: 10, auto: 2 } as const;
/** How long `auto` waits for a server to say what it has; with `llm` a slow start is waited for. */
const DESCRIBE_MS = { llm: 15_000, auto: 2_000 } as const;
const CLOSE_MS = 2_000;
/** Least time that a repair is worth asking for. */
const REPAIR_MS = 1_500;
/** After so many in a row the model is left alone for the rest of the run. */
const MOST_FAILURES = 2;
/** These are no better for the next file. */
const LASTING =
  /^LLM_(UNREACHABLE|MODEL_MISSING|NOT_OLLAMA|REMOTE|HOST_REFUSED|HOST_INVALID|MODEL_INVALID|OUT_OF_MEMORY|BAD_SCHEMA|CLOSED)$/;

/** Asks one model for all files of a run. */
export class Adviser {
  readonly #settings: OpinionSettings;
  readonly #hooks: OpinionHooks;
  readonly #keeper: Keeper;
  readonly #categories: CategoryData;
  readonly #rulesetHash: string;
  #model: Promise<LanguageModel> | null = null;
  /** What makes asking useless for the rest of the run. */
  #given: RevsyncError | null = null;
  #failures = 0;
  #streaming = false;
  /** Questions asked and not yet answered: a host takes one at a time, so each may have to wait for all before it. */
  #underWay = 0;
  readonly #said = new Set<string>();
  #budget: Promise<number> | null = null;

  constructor(
    settings: OpinionSettings,
    hooks: OpinionHooks,
    keeper: Keeper,
    categories: CategoryData,
    rulesetHash: string,
  ) {
    this.#settings = settings;
    this.#hooks = hooks;
    this.#keeper = keeper;
    this.#categories = categories;
    this.#rulesetHash = rulesetHash;
  }

  /**
   * The report with a second opinion, or as it was with the reason in `engine.reason`.
   * @param report with findings of every status
   * @throws only where the run was cancelled, or for a bug
   */
  async opinionOf(report: Report, motorcycle: Motorcycle | null): Promise<Opinion> {
    if (report.outcome === 'refused' || report.analysisId === null) return { report, run: null, failure: null };
    this.#budget ??= measuredBudget(this.#settings, this.#keeper);
    const fitted = fittedEvidence(report, motorcycle, await this.#budget);
    const prompt = opinionPrompt(fitted.evidence.text);
    const kept = await this.#kept(report, fitted, prompt);
    if (kept !== null) return kept;
    try {
      return await this.#ask(report, fitted, prompt);
    } catch (error) {
      if (this.#hooks.signal?.aborted) throw error;
      if (!(error instanceof RevsyncError)) throw error;
      return this.#without(report, error);
    }
  }

  async close(): Promise<void> {
    const model = await this.#model?.catch(() => null);
    if (model != null) await letGo(model);
  }

  /** An earlier answer to the very same question. No request is made. */
  async #kept(report: Report, { evidence, shrunk }: FittedEvidence, prompt: Prompt): Promise<Opinion | null> {
    const { model, cacheSeconds } = this.#settings;
    const id = report.analysisId!;
    if (cacheSeconds <= 0) return null;
    const since = new Date(this.#hooks.now().getTime() - cacheSeconds * 1000).toISOString();
    const key = this.#question(report, prompt);
    const { findAnswer, reuseAnswer } = await import('../store/answers.ts');
    const found = await this.#keeper.use((db) => findAnswer(db, key, this.#hostsKey, since));
    if (found == null) return null;
    const kept = keptOf(found.verified, evidence);
    if (kept === null) return null;
    const applied = applyOpinion(
      report,
      kept.verified,
      {
        model,
        digest: found.digest,
        serverVersion: found.serverVersion,
        repaired: found.attempt > 1,
        tokens: { prompt: found.promptTokens, answer: found.answerTokens },
        dropped: kept.dropped,
        shrunk,
      },
      this.#categories,
    );
    await this.#keeper.use((db) => reuseAnswer(db, found.id, { analysisId: id, json: JSON.stringify(applied) }));
    const run = {
      path: report.input.path,
      cached: true,
      requests: 0,
      host: found.host,
      firstPromptMs: 0,
      promptMs: 0,
      answerMs: 0,
      loadMs: 0,
      totalMs: 0,
    };
    return { report: applied, run, failure: null };
  }

  get #loadMs(): number {
    return this.#settings.timeoutMs * LOAD_TIMES[this.#settings.engine];
  }

  get #hostsKey(): string {
    return this.#settings.hosts ?? '';
  }

  async #ask(report: Report, { evidence, shrunk }: FittedEvidence, prompt: Prompt): Promise<Opinion> {
    if (this.#given !== null) throw this.#given;
    const at = this.#hooks.now().toISOString();
    const answers: StoredAnswer[] = [];
    const began = performance.now();
    try {
      const model = await this.#open();
      this.#hooks.asking(report.input.path, this.#settings.model);
      const first = await this.#attempt(model, report, evidence, prompt, 1, answers, at, this.#settings.timeoutMs);
      const left = this.#settings.timeoutMs - (first.answer.totalMs - first.answer.loadMs);
      const second = await this.#repair(model, report, evidence, first, answers, at, left);
      const best = second !== null && better(second.checked, first.checked) ? second : first;
      const { verified } = best.checked;
      if (verified === null) throw invalid(this.#settings.model, best.checked);
      answers.find((a) => a.attempt === (best === first ? 1 : 2))!.used = true;
      const { answer } = best;
      const tokens = {
        prompt: answers.reduce((sum, a) => sum + a.promptTokens, 0),
        answer: answers.reduce((sum, a) => sum + a.answerTokens, 0),
      };
      const applied = this.#apply(report, verified, best.checked, {
        model: answer.model,
        digest: answer.digest,
        serverVersion: answer.serverVersion,
        repaired: best !== first,
        tokens,
        shrunk,
      });
      await this.#keep(answers, applied, answer, at);
      this.#failures = 0;
      const sum = (pick: (a: StoredAnswer) => number): number =>
        Math.round(answers.reduce((total, a) => total + pick(a), 0));
      const run: OpinionRun = {
        path: report.input.path,
        cached: false,
        requests: answers.length,
        host: answer.host,
        firstPromptMs: Math.round(answers[0]!.promptMs),
        promptMs: sum((a) => a.promptMs),
        answerMs: sum((a) => a.answerMs),
        loadMs: sum((a) => a.loadMs),
        totalMs: Math.round(performance.now() - began),
      };
      return { report: applied, run, failure: null };
    } catch (error) {
      if (!(error instanceof RevsyncError)) throw error;
      this.#failures++;
      if (LASTING.test(error.code) || this.#failures >= MOST_FAILURES) this.#given = error;
      if (!answers.some((a) => a.error === null))
        answers.push(
          failureRecord({ ...this.#question(report, prompt), attempt: 1, at }, error, performance.now() - began),
        );
      await this.#keep(answers, null, null, at);
      throw error;
    }
  }

  /** One question and the guard's word on the answer. */
  async #attempt(
    model: LanguageModel,
    report: Report,
    evidence: Evidence,
    prompt: Prompt,
    attempt: 1 | 2,
    answers: StoredAnswer[],
    at: string,
    budgetMs: number,
  ): Promise<{ answer: ModelAnswer; checked: Checked }> {
    const answer = await this.#within(budgetMs, (signal) =>
      this.#streamed(report.input.path, (onText) =>
        model.answer({
          prompt,
          schema: opinionSchema,
          maxTokens: OPINION_TOKENS,
          deadline: {
            firstTokenMs: budgetMs,
            idleMs: budgetMs,
            totalMs: budgetMs,
            loadMs: this.#loadMs,
          },
          signal,
          ...(onText === null ? {} : { onText }),
        }),
      ),
    );
    const { checkAnswer } = await import('../core/opinion/guard.ts');
    const checked = checkAnswer(evidence, answer.text, answer.json);
    answers.push(
      answerRecord({ ...this.#question(report, opinionPrompt(evidence.text)), attempt, at }, answer, checked),
    );
    return { answer, checked };
  }

  /** Once more with what did not hold, where there is time; a repair that fails leaves the first answer as it is. */
  async #repair(
    model: LanguageModel,
    report: Report,
    evidence: Evidence,
    first: { checked: Checked },
    answers: StoredAnswer[],
    at: string,
    leftMs: number,
  ): Promise<{ answer: ModelAnswer; checked: Checked } | null> {
    const { violations } = first.checked;
    if (violations.length === 0 || leftMs < REPAIR_MS) return null;
    const prompt = repairPrompt(
      evidence.text,
      violations.map((v) => `${v.what}: ${v.detail ?? v.fault}`),
    );
    try {
      return await this.#attempt(model, report, evidence, prompt, 2, answers, at, leftMs);
    } catch (error) {
      if (this.#hooks.signal?.aborted || !(error instanceof RevsyncError)) throw error;
      return null;
    }
  }

  #apply(report: Report, verified: Verified, checked: Checked, from: Omit<Provenance, 'dropped'>): Report {
    return applyOpinion(report, verified, { ...from, dropped: droppedOf(checked) }, this.#categories);
  }

  /** The model, known to be there: asked for once in a run, and only when the first answer is wanted. */
  #open(): Promise<LanguageModel> {
    this.#model ??= this.#begin();
    return this.#model;
  }

  async #begin(): Promise<LanguageModel> {
    await this.#hooks.reach(this.#settings);
    const model = await this.#hooks.open(this.#settings);
    try {
      await this.#within(DESCRIBE_MS[this.#settings.engine], () => model.describe(), 0);
      return model;
    } catch (error) {
      await letGo(model);
      throw error;
    }
  }

  /** A last guard over every deadline of the client: whatever hangs there, this ends. */
  async #within<T>(
    budgetMs: number,
    work: (signal: AbortSignal) => Promise<T>,
    graceMs = this.#loadMs + 5_000,
  ): Promise<T> {
    const ended = new AbortController();
    const outer = this.#hooks.signal;
    const signal = outer === null ? ended.signal : AbortSignal.any([outer, ended.signal]);
    let timer: NodeJS.Timeout | undefined;
    let stop = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => {
          const error = new RevsyncError(
            'LLM_TIMEOUT',
            `${this.#settings.model} did not answer in time`,
            'revsync doctor measures how fast it answers here; LLM_TIMEOUT_SECONDS gives it longer.',
          );
          reject(error);
          ended.abort(error);
        },
        (budgetMs + graceMs) * ++this.#underWay,
      );
      stop = () => reject(cancelled());
      outer?.addEventListener('abort', stop, { once: true });
      if (outer?.aborted) reject(cancelled());
    });
    try {
      return await Promise.race([work(signal), late]);
    } finally {
      this.#underWay--;
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    }
  }

  /** Pieces are shown for one file at a time: two answers at once cannot be read. */
  async #streamed<T>(path: string, ask: (onText: ((piece: string) => void) | null) => Promise<T>): Promise<T> {
    const { stream } = this.#hooks;
    if (stream === null || this.#streaming) return ask(null);
    this.#streaming = true;
    try {
      return await ask((piece) => stream(path, piece));
    } finally {
      stream(path, null);
      this.#streaming = false;
    }
  }

  async #keep(answers: StoredAnswer[], report: Report | null, answer: ModelAnswer | null, at: string): Promise<void> {
    const { rememberDigest, saveAnswers } = await import('../store/answers.ts');
    await this.#keeper.use((db) => {
      const seen = answer?.digest ?? null;
      if (answer !== null && seen !== null) {
        rememberDigest(db, {
          hosts: this.#hostsKey,
          model: this.#settings.model,
          digest: seen,
          serverVersion: answer.serverVersion,
          at,
        });
      }
      saveAnswers(
        db,
        answers,
        report === null ? null : { analysisId: report.analysisId!, json: JSON.stringify(report) },
      );
    });
  }

  /** What makes two questions the same. A kept answer is found by the first question, also where the second was needed. */
  #question(report: Report, prompt: Prompt): AnswerKey {
    return {
      analysisId: report.analysisId!,
      rulesetHash: this.#rulesetHash,
      promptSha256: promptHash(prompt),
      schemaSha256: SCHEMA_SHA256,
      model: this.#settings.model,
    };
  }

  /** The rules alone, with the reason; one line on stderr, once for each reason. */
  #without(report: Report, error: RevsyncError): Opinion {
    const { engine, configured } = this.#settings;
    const unasked = engine === 'auto' && !configured && /^LLM_(UNREACHABLE|MODEL_MISSING)$/.test(error.code);
    if (!unasked && !this.#said.has(error.code)) {
      this.#said.add(error.code);
      this.#hooks.warn(`revsync: ${error.code}: ${error.message}; judged by the rules alone`);
    }
    const reason = `no second opinion: ${error.code}: ${error.message}`;
    return { report: { ...report, engine: { ...report.engine, reason } }, run: null, failure: error };
  }
}

/** A client that does not let go must not hold the report back. */
async function letGo(model: LanguageModel): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref());
  await Promise.race([model.close().catch(() => undefined), late]);
}

/** More that holds, and on a tie less that does not. */
function better(second: Checked, first: Checked): boolean {
  if (second.verified === null) return false;
  if (first.verified === null) return true;
  const held = (c: Checked): number => c.claims - c.violations.length;
  return (
    held(second) > held(first) || (held(second) === held(first) && second.violations.length < first.violations.length)
  );
}

function invalid(model: string, { violations }: Checked): RevsyncError {
  return new RevsyncError(
    'LLM_BAD_ANSWER',
    `${model} answered twice in a shape that cannot be used (${violations[0]?.fault ?? 'no answer'})`,
    'Small models do so more often; revsync doctor shows how many answers of this one were valid.',
  );
}

function cancelled(): Error {
  const error = new Error('cancelled');
  error.name = 'AbortError';
  return error;
}
