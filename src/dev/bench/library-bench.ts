/**
 * The library at 100,000 made-up tunes: import, nearest vectors in process, and whole commands. The vectors are measured in a process
 * of their own, so that its memory is its own.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEmbedding, EMBEDDING_DIMENSIONS, EMBEDDING_MODEL } from '../../app/embedding-model.ts';
import { openDatabase } from '../../store/open-store.ts';
import { VectorIndex } from '../../store/vector-index.ts';
import { dot, modelId, saveVector } from '../../store/vectors.ts';
import { measureSqliteVec, type VecMeasured } from './sqlite-vec-bench.ts';
import { syntheticLine } from './synthetic-library.ts';
import { syntheticVectors } from './synthetic-vectors.ts';

const ROWS = 100_000;
const QUERIES = 100;
const WANTED = 10;
const QUESTION = 'busa for E85 with larger injectors';
const MODELS = process.env['REVSYNC_MODELS'] ?? '../shared/models';

interface Model {
  name: string;
  digest: string;
  dimensions: number;
}

interface Measured {
  firstMs: number;
  medianMs: number;
  mostMs: number;
  recall: number;
  rssMb: number;
  /** Null: it is not installed. */
  sqliteVec: VecMeasured[] | null;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function fillVectors(path: string, model: Model, clustered: boolean): Promise<void> {
  const db = await openDatabase(path);
  const next = syntheticVectors(1, model.dimensions, clustered);
  const rows = db.prepare('SELECT id, text_hash AS hash FROM library ORDER BY id').all() as {
    id: number;
    hash: string;
  }[];
  db.transaction(() => {
    for (const { id, hash } of rows) saveVector(db, id, hash, { model, vector: next() });
  }).immediate();
  db.close();
}

/** In a child: prints one line of JSON. */
async function measure(path: string, model: Model, clustered: boolean): Promise<void> {
  const db = await openDatabase(path);
  const own = modelId(db, model)!;
  const index = new VectorIndex(db, own, model.dimensions);
  const queries = Array.from({ length: QUERIES }, syntheticVectors(99, model.dimensions, clustered));
  const timed = <T>(work: () => T): { ms: number; value: T } => {
    const from = performance.now();
    const value = work();
    return { ms: performance.now() - from, value };
  };
  const first = timed(() => index.nearest(queries[0]!, WANTED));
  const asked = queries.map((q) => timed(() => index.nearest(q, WANTED)));
  const rssMb = process.memoryUsage().rss / 1024 / 1024;
  const exact = await exactNearest(db, own, queries);
  const hits = exact.flatMap((ids, q) => ids.filter((id) => asked[q]!.value.some((n) => n.entryId === id))).length;
  const sqliteVec = clustered ? null : await measureSqliteVec(db, own, queries, exact);
  db.close();
  const times = asked.map((a) => a.ms);
  const measured: Measured = {
    firstMs: first.ms,
    medianMs: median(times),
    mostMs: Math.max(...times),
    recall: hits / (QUERIES * WANTED),
    rssMb,
    sqliteVec,
  };
  console.log(JSON.stringify(measured));
}

/** Every vector against every query. */
async function exactNearest(
  db: Awaited<ReturnType<typeof openDatabase>>,
  own: number,
  queries: Float32Array[],
): Promise<number[][]> {
  const best = queries.map(() => [] as [number, number][]);
  const rows = db
    .prepare('SELECT entry_id, vector FROM embeddings WHERE model_id = ?')
    .raw()
    .iterate(own) as IterableIterator<[number, Buffer]>;
  for (const [id, bytes] of rows) {
    const vector = new Float32Array(new Uint8Array(bytes).buffer);
    for (const [q, query] of queries.entries()) {
      const list = best[q]!;
      const cosine = dot(query, vector);
      if (list.length === WANTED && cosine <= list[WANTED - 1]![1]) continue;
      list.push([id, cosine]);
      list.sort((a, b) => b[1] - a[1]);
      list.length = Math.min(list.length, WANTED);
    }
  }
  return best.map((list) => list.map(([id]) => id));
}

/** True: this process was a child that measures, and has done so. */
export async function runMeasurement(args: readonly string[]): Promise<boolean> {
  if (args[0] !== '--measure-vectors') return false;
  await measure(args[1]!, JSON.parse(args[2]!) as Model, args[3] === 'true');
  return true;
}

/** All of it; prints what was measured. */
export async function benchLibrary(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'revsync-library-'));
  const db = join(folder, 'library.db');
  const local = existsSync(join(MODELS, EMBEDDING_MODEL));
  const digest = local ? (await checkEmbedding(join(MODELS, EMBEDDING_MODEL))).digest : 'sha256:none';
  const model: Model = { name: EMBEDDING_MODEL, digest, dimensions: EMBEDDING_DIMENSIONS };
  const timed = (args: string[], models: string, runs = 1): number =>
    median(
      Array.from({ length: runs }, () => {
        const from = performance.now();
        execFileSync(process.execPath, ['bin/revsync.js', '--db', db, ...args], {
          env: { ...process.env, REVSYNC_MODELS: models },
          stdio: 'ignore',
        });
        return performance.now() - from;
      }),
    );
  try {
    const lines = join(folder, 'library.ndjson');
    const out = createWriteStream(lines);
    for (let i = 0; i < ROWS; i++) if (!out.write(syntheticLine(i))) await once(out, 'drain');
    out.end();
    await once(out, 'finish');
    const rate = (ms: number): number => Math.round((ROWS / ms) * 1_000);
    console.log(
      `import of ${ROWS} small records, as a whole process: ${rate(timed(['import', lines], 'none'))} rows/s`,
    );
    console.log(`the same again, all of them known: ${rate(timed(['import', lines], 'none'))} rows/s`);
    for (const clustered of [false, true]) {
      await fillVectors(db, model, clustered);
      const args = [process.argv[1]!, '--measure-vectors', db, JSON.stringify(model), String(clustered)];
      const m = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
      console.log(
        `nearest ${WANTED} of ${ROWS} vectors in process, ${clustered ? 'in clusters' : 'anywhere'}: first ${m.firstMs.toFixed(0)} ms, then median ${m.medianMs.toFixed(1)}, most ${m.mostMs.toFixed(0)} ms, recall@${WANTED} ${m.recall.toFixed(4)}, ${m.rssMb.toFixed(0)} MB`,
      );
      for (const v of m.sqliteVec ?? [])
        console.log(
          `  sqlite-vec, ${v.how}: median ${v.medianMs.toFixed(1)} ms, recall@${WANTED} ${v.recall.toFixed(4)}`,
        );
      if (!clustered && m.sqliteVec === null)
        console.log('  sqlite-vec is not installed: npm install --no-save sqlite-vec');
    }
    const search = ['search', QUESTION, '--format', 'json'];
    console.log(`revsync search over ${ROWS}, by words: ${timed([...search, '--lexical'], 'none', 5).toFixed(0)} ms`);
    if (local) console.log(`revsync search over ${ROWS}, the model loaded: ${timed(search, MODELS, 5).toFixed(0)} ms`);
    else console.log(`revsync search with the embedding model: not measured, there is none in ${MODELS}`);
    const similar = timed(['similar', '0000000000000001', '--format', 'json'], 'none', 3);
    console.log(`revsync similar over ${ROWS}: ${similar.toFixed(0)} ms`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
