/**
 * Nearest vectors of one model. The signs of all vectors are held in memory (4.8 MB for 100,000 of 384 dimensions) and weighed with the
 * query's own numbers, eight at a time by table; those that look nearest are read whole and ranked exactly.
 */
import type { Database } from './open-store.ts';
import { dot, vectorsOf } from './vectors.ts';

/** How many are read whole for each result wanted, and at least: measured for 98 of 100 right among vectors without any clusters. */
const OVERSAMPLE = 15;
const LEAST_READ = 4_500;
const BINS = 8_192;

export interface Near {
  entryId: number;
  /** Cosine to the query. */
  cosine: number;
}

export class VectorIndex {
  readonly #db: Database;
  readonly #model: number;
  readonly #bytes: number;
  #ids = new Uint32Array(0);
  #bits = new Uint8Array(0);
  #version = -1;

  /** @param model from modelId() */
  constructor(db: Database, model: number, dimensions: number) {
    this.#db = db;
    this.#model = model;
    this.#bytes = Math.ceil(dimensions / 8);
  }

  get size(): number {
    this.#refresh();
    return this.#ids.length;
  }

  /**
   * @param among only these entries; null: all
   * @returns best first, ties by id
   */
  nearest(query: Float32Array, wanted: number, among: ReadonlySet<number> | null = null): Near[] {
    this.#refresh();
    const near = this.#nearBySign(tablesOf(query, this.#bytes), Math.max(LEAST_READ, wanted * OVERSAMPLE), among);
    return [...vectorsOf(this.#db, this.#model, near)]
      .map(([entryId, vector]) => ({ entryId, cosine: dot(query, vector) }))
      .sort((a, b) => b.cosine - a.cosine || a.entryId - b.entryId)
      .slice(0, wanted);
  }

  /** The best by sign, unordered: a histogram finds the bound, so nothing is sorted. */
  #nearBySign(tables: Float32Array, reach: number, among: ReadonlySet<number> | null): number[] {
    const [count, bytes, bits, ids] = [this.#ids.length, this.#bytes, this.#bits, this.#ids];
    const scores = new Float32Array(count).fill(Number.NEGATIVE_INFINITY);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < count; i++) {
      if (among !== null && !among.has(ids[i]!)) continue;
      let score = 0;
      for (let b = 0, at = i * bytes; b < bytes; b++, at++) score += tables[(b << 8) | bits[at]!]!;
      scores[i] = score;
      const rounded = scores[i]!;
      if (rounded < low) low = rounded;
      if (rounded > high) high = rounded;
    }
    const scale = (BINS - 1) / (high - low || 1);
    const bins = new Int16Array(count).fill(-1);
    const histogram = new Uint32Array(BINS);
    for (let i = 0; i < count; i++) {
      if (scores[i]! < low) continue;
      bins[i] = Math.min(BINS - 1, Math.floor((scores[i]! - low) * scale));
      histogram[bins[i]!]!++;
    }
    let bound = BINS - 1;
    for (let sum = histogram[bound]!; sum < reach && bound > 0; sum += histogram[bound]!) bound--;
    const near: number[] = [];
    for (let i = 0; i < count; i++) if (bins[i]! >= bound) near.push(ids[i]!);
    return near;
  }

  /** Read once, and again when this or another process has written. */
  #refresh(): void {
    const version =
      (this.#db.pragma('data_version', { simple: true }) as number) * 1_000_003 +
      (this.#db.prepare('SELECT total_changes()').pluck().get() as number);
    if (version === this.#version) return;
    const count = this.#db
      .prepare('SELECT count(*) FROM embedding_bits WHERE model_id = ?')
      .pluck()
      .get(this.#model) as number;
    this.#ids = new Uint32Array(count);
    this.#bits = new Uint8Array(count * this.#bytes);
    let i = 0;
    const rows = this.#db
      .prepare('SELECT entry_id, bits FROM embedding_bits WHERE model_id = ?')
      .raw()
      .iterate(this.#model) as IterableIterator<[number, Buffer]>;
    for (const [id, bits] of rows) {
      if (i >= count) break;
      this.#ids[i] = id;
      this.#bits.set(bits.subarray(0, this.#bytes), i * this.#bytes);
      i++;
    }
    this.#version = version;
  }
}

/** For each byte of signs and each of its 256 values: the sum of the query's numbers, each with the sign of its bit. */
function tablesOf(query: Float32Array, bytes: number): Float32Array {
  const tables = new Float32Array(bytes * 256);
  for (let b = 0; b < bytes; b++) {
    for (let value = 0; value < 256; value++) {
      let sum = 0;
      for (let bit = 0; bit < 8; bit++) {
        const number = query[8 * b + bit] ?? 0;
        sum += (value >> bit) & 1 ? number : -number;
      }
      tables[(b << 8) | value] = sum;
    }
  }
  return tables;
}
