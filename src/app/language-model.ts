/** The local model as the settings have it. */
import type { LanguageModel } from '../core/language-model.ts';
import type { Settings } from './settings.ts';

/** What a caller may want otherwise than the settings say. */
export interface LanguageModelWishes {
  model?: string;
  contextTokens?: number;
  /** Begin to load at once. Default: MODEL_PRELOAD. */
  preload?: boolean;
}

/**
 * Opens no connection yet. Close it when done.
 * @throws RevsyncError LLM_HOST_INVALID | LLM_MODEL_INVALID | LLM_REMOTE
 */
export async function languageModelOf(settings: Settings, wishes: LanguageModelWishes = {}): Promise<LanguageModel> {
  const { openLanguageModel } = await import('../llm/open-language-model.ts');
  return openLanguageModel({
    hosts: settings.ollamaHost.value === null ? null : String(settings.ollamaHost.value),
    model: wishes.model ?? String(settings.mistralModel.value),
    gpu: settings.useGpuAcceleration.value !== false,
    preload: wishes.preload ?? settings.modelPreload.value === true,
    allowRemote: settings.allowRemoteModel.value === true,
    ...(wishes.contextTokens === undefined ? {} : { contextTokens: wishes.contextTokens }),
  });
}

/** Milliseconds that loading a model may take: minutes on a machine without a GPU. */
export const LOAD_MS = 300_000;

/** The limits of one answer from LLM_TIMEOUT_SECONDS: the whole answer has them, loading has its own. */
export function deadlineOf(settings: Settings): import('../core/language-model.ts').Deadline {
  const totalMs = Math.max(1, Number(settings.llmTimeoutSeconds.value)) * 1_000;
  return { firstTokenMs: totalMs, idleMs: Math.min(totalMs, 15_000), totalMs, loadMs: LOAD_MS };
}
