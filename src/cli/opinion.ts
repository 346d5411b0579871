/** The second opinion on the command line: which settings are in force, and the answer as it comes. */
import type { OpinionSettings } from '../app/second-opinion.ts';
import type { Settings } from '../app/settings.ts';
import { printable } from '../core/rules/message.ts';
import type { Io } from './io.ts';

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

/** Most characters of an answer that are shown as they come. */
const MOST_SHOWN = 4_000;

/** Pieces on stderr, said to be unchecked; nothing in them acts on the terminal. */
export function streamTo(io: Io, before: () => void): (path: string, piece: string | null) => void {
  let left = 0;
  return (path, piece) => {
    if (piece === null) {
      if (left > 0) io.err('\n');
      left = 0;
      return;
    }
    if (left === 0) {
      before();
      io.err(`unchecked, as the model writes it (${printable(path)}):\n`);
      left = MOST_SHOWN;
    }
    const text = printable(piece).slice(0, Math.max(0, left - 1));
    left = Math.max(1, left - text.length);
    io.err(text);
  };
}
