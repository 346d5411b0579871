/** The embedding engine in force: the model folder of this machine, else a model of Ollama that was configured, else none. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RevsyncError } from '../core/errors.ts';
import type { Embedder } from '../embed/embedder.ts';
import { checkEmbedding, EMBEDDING_MODEL, type EmbeddingFiles, modelsFolder } from './embedding-model.ts';
import { loadSettings } from './settings.ts';

export interface EmbedderChoice {
  embedder: Embedder | null;
  /** Why there is none. */
  reason: string;
}

interface Around {
  env: Record<string, string | undefined>;
  cwd: string;
}

/**
 * Never throws for a model that is not there or does not run: search by words works without it.
 * @param localOnly no server is asked
 */
export async function openEmbedder({ env, cwd }: Around, localOnly = false): Promise<EmbedderChoice> {
  const settings = await loadSettings({ env, cwd, flags: {} });
  const models = await modelsFolder(settings, env);
  const reasons: string[] = [];
  const attempt = async (open: () => Promise<Embedder>): Promise<Embedder | null> => {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof RevsyncError)) throw error;
      reasons.push(error.message);
      return null;
    }
  };
  if (existsSync(join(models, EMBEDDING_MODEL))) {
    const embedder = await attempt(async () => (await openModelFolder(models)).embedder);
    if (embedder !== null) return { embedder, reason: '' };
  } else reasons.push(`no embedding model in ${models} (revsync setup --models-from DIR)`);
  const name = settings.embeddingModel.value;
  if (!localOnly && typeof name === 'string' && name !== '') {
    const embedder = await attempt(async () => {
      const { parseHosts } = await import('../llm/hosts.ts');
      const host = parseHosts(settings.ollamaHost.value as string | null).find((h) => h.loopback);
      if (host === undefined)
        throw new RevsyncError('EMBEDDING_FAILED', 'no Ollama host on this machine is configured', '');
      const { openOllamaEmbedder } = await import('../embed/ollama-embedder.ts');
      return openOllamaEmbedder(host.url, name);
    });
    if (embedder !== null) return { embedder, reason: '' };
  }
  return { embedder: null, reason: reasons.join('; ') };
}

/** The model of this machine, its files checked and proven by a first sentence. @throws RevsyncError EMBEDDING_… */
export async function openModelFolder(models: string): Promise<{ embedder: Embedder; files: EmbeddingFiles }> {
  const files = await checkEmbedding(join(models, EMBEDDING_MODEL));
  const { openTransformers } = await import('../embed/transformers-embedder.ts');
  const quantized = files.files.some((f) => f.endsWith('model_quantized.onnx'));
  return { embedder: await openTransformers(models, EMBEDDING_MODEL, { digest: files.digest, quantized }), files };
}
