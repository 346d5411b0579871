/** Sentence vectors by @xenova/transformers from a folder on this machine. Nothing is ever fetched here. */
import { RevsyncError } from '../core/errors.ts';
import { type Embedder, normalized } from './embedder.ts';

/**
 * @param folder of models; the model's own files lie in `name` below it
 * @param digest of its graph, from whoever checked the files
 * @throws RevsyncError EMBEDDING_UNAVAILABLE (the optional package is not installed) | EMBEDDING_FAILED
 */
export async function openTransformers(
  folder: string,
  name: string,
  { digest, quantized }: { digest: string; quantized: boolean },
): Promise<Embedder> {
  let library: typeof import('@xenova/transformers');
  try {
    library = await import('@xenova/transformers');
  } catch (error) {
    throw new RevsyncError(
      'EMBEDDING_UNAVAILABLE',
      `the engine of the embedding model, the package onnxruntime-node, cannot be loaded: ${firstLine(error).replace(/ imported from .*/, '')}`,
      'It is optional and was not installed, or has no build for this machine: install revsync again without --omit=optional, or take an embedding model of Ollama. Search by words works without it.',
      error,
    );
  }
  const { env, pipeline } = library;
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = folder;
  env.useFSCache = false;
  try {
    const extract = await pipeline('feature-extraction', name, { quantized });
    // One text to a run: int8 weights are scaled by what stands beside a text in its batch, and the same text must have one vector.
    const run = async (text: string): Promise<Float32Array> => {
      const output = await extract([text], { pooling: 'mean', normalize: false });
      const vector = normalized(output.data as Float32Array);
      if (!vector.every(Number.isFinite)) throw new Error('it gives no numbers');
      return vector;
    };
    const dimensions = (await run('dimensions')).length;
    return {
      engine: 'transformers',
      model: { name, digest, dimensions },
      async embed(texts, onDone) {
        const out: Float32Array[] = [];
        for (const text of texts) {
          try {
            out.push(await run(text));
          } catch (error) {
            throw failed(folder, name, error);
          }
          onDone?.(out.length);
        }
        return out;
      },
      close: async () => {
        await extract.dispose();
      },
    };
  } catch (error) {
    throw failed(folder, name, error);
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

function failed(folder: string, name: string, error: unknown): RevsyncError {
  return new RevsyncError(
    'EMBEDDING_FAILED',
    `the embedding model ${name} in ${folder} does not run: ${firstLine(error)}`,
    'Copy the model again: revsync setup --models-from DIR. Search by words works without it.',
    error,
  );
}
