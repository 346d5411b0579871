/** Sentence vectors by an Ollama server's /api/embed, on this machine or one that the user configured. */
import { RevsyncError } from '../core/errors.ts';
import { type Embedder, normalized } from './embedder.ts';

const BATCH = 32;
/** A model may have to be loaded first. */
const TIMEOUT_MS = 120_000;
/** Largest answer that is read: 32 vectors of 4,096 numbers are some 3 MB. */
const MOST_DIMENSIONS = 8_192;

/**
 * @param host "http://127.0.0.1:11434"
 * @throws RevsyncError EMBEDDING_FAILED | EMBEDDING_REMOTE
 */
export async function openOllamaEmbedder(host: string, model: string): Promise<Embedder> {
  const digest = await digestOf(host, model);
  const first = (await request(host, model, ['dimensions']))[0]!;
  return {
    engine: 'ollama',
    model: { name: model, digest, dimensions: first.length },
    async embed(texts, onDone) {
      const out: Float32Array[] = [];
      for (let i = 0; i < texts.length; i += BATCH) {
        const batch = await request(host, model, texts.slice(i, i + BATCH));
        if (batch.some((v) => v.length !== first.length)) throw failed(host, model, 'vectors of changing length');
        out.push(...batch);
        onDone?.(out.length);
      }
      return out;
    },
    close: async () => undefined,
  };
}

async function request(host: string, model: string, input: readonly string[]): Promise<Float32Array[]> {
  // Too long a text is an error, never a silent cut (400).
  const answer = await fetchJson(host, '/api/embed', { model, input, truncate: false });
  const { embeddings } = answer as { embeddings?: unknown };
  if (!Array.isArray(embeddings) || embeddings.length !== input.length)
    throw failed(host, model, 'no vectors in its answer');
  return embeddings.map((v: unknown) => {
    const sound = Array.isArray(v) && v.length > 0 && v.length <= MOST_DIMENSIONS && v.every((n) => Number.isFinite(n));
    if (!sound) throw failed(host, model, 'a vector that is none');
    return normalized(v as number[]);
  });
}

/** The manifest's digest stands in /api/tags alone. */
async function digestOf(host: string, model: string): Promise<string> {
  const { models } = (await fetchJson(host, '/api/tags', null)) as { models?: unknown };
  const list = Array.isArray(models) ? (models as { name?: unknown; digest?: unknown; remote_host?: unknown }[]) : [];
  const wanted = model.includes(':') ? model : `${model}:latest`;
  const found = list.find((m) => m.name === wanted);
  if (found === undefined) {
    throw new RevsyncError(
      'EMBEDDING_FAILED',
      `${host} has no model "${model}"`,
      `ollama pull ${model}, or leave REVSYNC_EMBEDDING_MODEL empty. Search by words works without it.`,
    );
  }
  if (found.remote_host !== undefined) {
    throw new RevsyncError(
      'EMBEDDING_REMOTE',
      `"${model}" runs on another company's machine, and tunes never leave this one`,
      'Choose a model that runs here, such as all-minilm.',
    );
  }
  return typeof found.digest === 'string' ? `sha256:${found.digest.replace(/^sha256:/, '')}` : 'unknown';
}

async function fetchJson(host: string, path: string, body: object | null): Promise<object> {
  let response: Response;
  try {
    response = await fetch(host + path, {
      ...(body === null
        ? {}
        : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${text.slice(0, 200)}`);
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw failed(host, path, error instanceof Error ? error.message : String(error), error);
  }
  throw failed(host, path, 'its answer is no object');
}

function failed(host: string, what: string, why: string, cause?: unknown): RevsyncError {
  return new RevsyncError(
    'EMBEDDING_FAILED',
    `Ollama at ${host} made no vectors (${what}): ${why.replace(/[^\x20-\x7e]/g, '?')}`,
    'revsync doctor looks at the server. Search by words works without it.',
    cause,
  );
}
