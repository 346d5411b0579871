/** What the product expects of an embedding engine. */

export interface Embedder {
  engine: 'transformers' | 'ollama';
  model: { name: string; digest: string; dimensions: number };
  /**
   * Vectors of length 1, in the order of the texts.
   * @throws RevsyncError EMBEDDING_FAILED with what to do
   */
  embed(texts: readonly string[], onDone?: (done: number) => void): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** Length 1; a vector of zeros stays one. */
export function normalized(vector: ArrayLike<number>): Float32Array {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
  const length = Math.sqrt(sum) || 1;
  return Float32Array.from(vector, (v) => v / length);
}
