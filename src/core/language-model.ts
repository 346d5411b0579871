/** What the product expects of a local language model. src/llm speaks to one; tests hand in their own. */

/** The part that is the same for every tune comes first, byte for byte, so that a server's prefix cache serves it. */
export interface Prompt {
  /** Role, rules of the answer, schema, worked example. Identical for every tune. */
  fixed: string;
  /** The evidence of this tune, hostile texts fenced. */
  evidence: string;
}

export interface Deadline {
  /** Until the first piece of the answer, from a model that is loaded. */
  firstTokenMs: number;
  /** Between two pieces. */
  idleMs: number;
  /** For the whole answer, loading not counted. */
  totalMs: number;
  /** For a model that has to be loaded first. */
  loadMs: number;
}

export interface AnswerRequest {
  prompt: Prompt;
  /** JSON schema of the answer. */
  schema: Record<string, unknown>;
  maxTokens: number;
  deadline: Deadline;
  signal?: AbortSignal;
  /** Each piece of the answer as it comes. */
  onText?: (piece: string) => void;
  /** What came so far is void: another host begins again. */
  onRestart?: () => void;
}

export interface ModelAnswer {
  text: string;
  /** The text as JSON; undefined where it is none. */
  json: unknown;
  /** "stop", "length" …; null: the server closed without saying. */
  doneReason: string | null;
  model: string;
  /** Manifest digest, "sha256:…"; null where the server does not tell. */
  digest: string | null;
  serverVersion: string | null;
  host: string;
  /** Sampling options as sent. */
  options: Record<string, number>;
  promptTokens: number;
  answerTokens: number;
  promptMs: number;
  answerMs: number;
  loadMs: number;
  totalMs: number;
  /** Context really given, asked of the server after loading; null where it does not tell. */
  contextTokens?: number | null;
  /** Share of the model in GPU memory, 0 to 1; null where the server does not tell. */
  gpuShare?: number | null;
  /** What is not as it was asked for, in words: another context than asked. */
  warnings?: string[];
}

export interface LanguageModel {
  /** @throws RevsyncError LLM_UNREACHABLE | LLM_MODEL_MISSING | LLM_NOT_OLLAMA | LLM_REMOTE … with what to do */
  describe(): Promise<{ model: string; digest: string | null; host: string; serverVersion: string | null }>;
  /** @throws RevsyncError LLM_TIMEOUT | LLM_CRASHED | LLM_BUSY | LLM_PROMPT_TOO_LONG | LLM_BAD_STREAM … */
  answer(request: AnswerRequest): Promise<ModelAnswer>;
  close(): Promise<void>;
}
