/** The same nearest vectors by sqlite-vec, where somebody has installed it to compare: it is no dependency. */
import type { Database } from '../../store/open-store.ts';
import { dot, signBits, vectorsOf } from '../../store/vectors.ts';

const QUERIES = 20;
const WANTED = 10;
const RESCORED = 4_500;

export interface VecMeasured {
  how: string;
  medianMs: number;
  recall: number;
}

/** @param exact the ids of the nearest, by query. Null: the extension does not load here */
export async function measureSqliteVec(
  db: Database,
  model: number,
  queries: readonly Float32Array[],
  exact: readonly (readonly number[])[],
): Promise<VecMeasured[] | null> {
  try {
    const name = 'sqlite-vec';
    const extension = (await import(name)) as { load(db: Database): void };
    extension.load(db);
  } catch {
    return null;
  }
  const whole = db
    .prepare('SELECT entry_id FROM embeddings WHERE model_id = ? ORDER BY vec_distance_cosine(vector, ?) LIMIT ?')
    .pluck();
  const signs = db
    .prepare(
      'SELECT entry_id FROM embedding_bits WHERE model_id = ? ORDER BY vec_distance_hamming(vec_bit(bits), vec_bit(?)) LIMIT ?',
    )
    .pluck();
  const bytesOf = (q: Float32Array): Buffer => Buffer.from(q.buffer, q.byteOffset, q.byteLength);
  const measured = (how: string, nearest: (q: Float32Array) => number[]): VecMeasured => {
    const asked = queries.slice(0, QUERIES).map((q) => {
      const from = performance.now();
      const ids = nearest(q);
      return { ms: performance.now() - from, ids };
    });
    const times = asked.map((a) => a.ms).sort((a, b) => a - b);
    const hits = asked.flatMap((a, i) => exact[i]!.filter((id) => a.ids.includes(id))).length;
    return { how, medianMs: times[times.length >> 1]!, recall: hits / (asked.length * WANTED) };
  };
  return [
    measured('every vector whole', (q) => whole.all(model, bytesOf(q), WANTED) as number[]),
    measured(`bit vectors first, ${RESCORED} rescored`, (q) => {
      const near = signs.all(model, signBits(q), RESCORED) as number[];
      return [...vectorsOf(db, model, near)]
        .map(([id, vector]): [number, number] => [id, dot(q, vector)])
        .sort((a, b) => b[1] - a[1])
        .slice(0, WANTED)
        .map(([id]) => id);
    }),
  ];
}
