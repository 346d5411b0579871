/** The local model as the settings name it. Nothing here is loaded before a model is wanted. */
import { RevsyncError } from '../core/errors.ts';
import type { LanguageModel } from '../core/language-model.ts';
import type { OpinionSettings } from './second-opinion.ts';

/** Longest wait for a port to open: what listens on this machine answers in a moment. */
const CONNECT_MS = 1_500;

/** @throws RevsyncError LLM_HOST_INVALID | LLM_MODEL_INVALID | LLM_REMOTE */
export async function openOllama({
  hosts,
  model,
  gpu,
  preload,
  allowRemote = false,
}: OpinionSettings): Promise<LanguageModel> {
  const { openLanguageModel } = await import('../llm/open-language-model.ts');
  return openLanguageModel({ hosts, model, gpu, preload, allowRemote });
}

/**
 * Does anything listen at one of the hosts? Asked by the bare socket, so that a machine without a model pays for no client.
 * @throws RevsyncError LLM_UNREACHABLE | LLM_HOST_INVALID
 */
export async function reachOllama({ hosts }: OpinionSettings): Promise<void> {
  const { parseHosts } = await import('../llm/hosts.ts');
  const { connect } = await import('node:net');
  const urls = parseHosts(hosts).map((h) => h.url);
  const tries = urls.map(async (url) => {
    const { hostname, port, protocol } = new URL(url);
    await new Promise<void>((resolve, reject) => {
      const socket = connect({
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port) || (protocol === 'https:' ? 443 : 80),
        timeout: CONNECT_MS,
      });
      const end = (error: Error | null): void => {
        socket.destroy();
        if (error === null) resolve();
        else reject(error);
      };
      socket.once('connect', () => end(null));
      socket.once('timeout', () => end(new Error('timeout')));
      socket.once('error', end);
    });
  });
  try {
    await Promise.any(tries);
  } catch (error) {
    throw new RevsyncError(
      'LLM_UNREACHABLE',
      `no Ollama listens at ${urls.join(', ')}`,
      'revsync setup finds it, starts it or says how to install it; OLLAMA_HOST names another place.',
      error,
    );
  }
}
