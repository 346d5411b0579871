/** What a second opinion is asked with. */
import type { Settings } from './settings.ts';

/** Settings of the local model that are in force. */
export interface OpinionSettings {
  engine: 'llm' | 'auto';
  /** OLLAMA_HOST as written; null: this machine. */
  hosts: string | null;
  model: string;
  /** Somebody named a host or a model: then it is said that there is none. */
  configured: boolean;
  timeoutMs: number;
  /** How long a kept answer is used again, in seconds; 0: never. */
  cacheSeconds: number;
  gpu: boolean;
  preload: boolean;
  /** A model of another company's machine may answer. */
  allowRemote?: boolean;
}

/** Null: no model is asked. An explicit --engine llm beats USE_LOCAL_LLM. */
export function opinionOf(settings: Settings, engine: 'rules' | 'llm' | 'auto'): OpinionSettings | null {
  if (engine === 'rules' || (engine === 'auto' && settings.useLocalLlm.value === false)) return null;
  const hosts = settings.ollamaHost.value as string | null;
  return {
    engine,
    hosts: hosts === '' ? null : hosts,
    model: settings.mistralModel.value as string,
    configured: settings.ollamaHost.source !== 'default' || settings.mistralModel.source !== 'default',
    timeoutMs: (settings.llmTimeoutSeconds.value as number) * 1000,
    cacheSeconds: settings.recommendationCacheTimeout.value as number,
    gpu: settings.useGpuAcceleration.value as boolean,
    preload: settings.modelPreload.value as boolean,
    allowRemote: settings.allowRemoteModel.value as boolean,
  };
}
