/** How much memory a model needs, by context and quantization. */

/** Shape of a model, as far as its memory depends on it. */
export interface ModelShape {
  layers: number;
  /** Heads whose keys and values are kept. */
  keyValueHeads: number;
  /** Numbers in a key, and in a value. */
  headSize: number;
}

/** mistral 7B: 32 layers, 8 heads for keys and values of 128 (the model's config.json). 128 KiB for each token. */
export const MISTRAL_7B: ModelShape = { layers: 32, keyValueHeads: 8, headSize: 128 };

/** Buffers for computing beside weights and context: measured between 0.2 and 0.5 GB for models of this size. */
const BUFFERS_BYTES = 400e6;

/** Keys and values of a context, each number 2 bytes (f16, the default of Ollama). */
export function contextBytes(shape: ModelShape, contextTokens: number): number {
  return shape.layers * shape.keyValueHeads * shape.headSize * 2 * 2 * contextTokens;
}

/** Weights, context and buffers. */
export function needBytes(weightsBytes: number, shape: ModelShape, contextTokens: number): number {
  return weightsBytes + contextBytes(shape, contextTokens) + BUFFERS_BYTES;
}

/** The shape from /api/show; null where the server does not tell all of it. */
export function shapeOf(modelInfo: Record<string, unknown>): ModelShape | null {
  const family = String(modelInfo['general.architecture'] ?? '');
  const number = (key: string): number | null => {
    const value = modelInfo[`${family}.${key}`];
    return typeof value === 'number' && value > 0 ? value : null;
  };
  const layers = number('block_count');
  const heads = number('attention.head_count');
  const width = number('embedding_length');
  const headSize = number('attention.key_length') ?? (width !== null && heads !== null ? width / heads : null);
  const keyValueHeads = number('attention.head_count_kv') ?? heads;
  return layers === null || keyValueHeads === null || headSize === null ? null : { layers, keyValueHeads, headSize };
}

/** A model that setup may offer. */
export interface OfferedModel {
  name: string;
  weightsBytes: number;
  shape: ModelShape;
  about: string;
}

/**
 * Largest first. Sizes: ollama.com/library/mistral/tags and the list in the README of ollama/ollama v0.4.4;
 * shapes: each model's config.json (llama3.2 3B: 28 layers, 8 × 128; 1B: 16 layers, 8 × 64).
 */
export const OFFERED: OfferedModel[] = [
  {
    name: 'mistral:7b-instruct-v0.3-q8_0',
    weightsBytes: 7.7e9,
    shape: MISTRAL_7B,
    about: 'mistral 7B, 8 bit: nearest to the full weights, slowest',
  },
  { name: 'mistral:7b-instruct-v0.3-q5_K_M', weightsBytes: 5.1e9, shape: MISTRAL_7B, about: 'mistral 7B, 5 bit' },
  { name: 'mistral:7b', weightsBytes: 4.4e9, shape: MISTRAL_7B, about: 'mistral 7B, 4 bit: what revsync is made for' },
  {
    name: 'mistral:7b-instruct-v0.3-q3_K_S',
    weightsBytes: 3.2e9,
    shape: MISTRAL_7B,
    about: 'mistral 7B, 3 bit: rougher answers',
  },
  {
    name: 'llama3.2:3b',
    weightsBytes: 2.0e9,
    shape: { layers: 28, keyValueHeads: 8, headSize: 128 },
    about: 'Llama 3.2, 3B: half the memory, twice as fast, weaker',
  },
  {
    name: 'llama3.2:1b',
    weightsBytes: 1.3e9,
    shape: { layers: 16, keyValueHeads: 8, headSize: 64 },
    about: 'Llama 3.2, 1B: for small machines, much weaker',
  },
];

/** What fits, largest first. */
export function fitting(freeBytes: number, contextTokens: number): OfferedModel[] {
  return OFFERED.filter((m) => needBytes(m.weightsBytes, m.shape, contextTokens) <= freeBytes);
}

/** "4.4 GB" */
export function gigabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(bytes > 0 ? 1 : 0, Math.round(bytes / 1e6))} MB`;
}
