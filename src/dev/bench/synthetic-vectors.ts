/** Made-up vectors of length 1: in clusters, as texts of tunes lie (bike, kind of change), or anywhere, the worst case for signs. */
import { seededRandom } from '../search-eval/seeded-random.ts';

const CLUSTERS = 400;
/** Length of the noise beside a centre of length 1. */
const SPREAD = 0.9;

/** @returns draws the next one */
export function syntheticVectors(seed: number, dimensions: number, clustered: boolean): () => Float32Array {
  const noise = unitVectors(seed, dimensions);
  if (!clustered) return noise;
  const centre = unitVectors(7, dimensions);
  const centres = Array.from({ length: CLUSTERS }, centre);
  const random = seededRandom(seed + 1);
  return () => {
    const around = noise();
    const middle = centres[Math.floor(random() * CLUSTERS)]!;
    return unit(middle.map((x, i) => x + SPREAD * around[i]!));
  };
}

function unitVectors(seed: number, dimensions: number): () => Float32Array {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return () => unit(Float32Array.from({ length: dimensions }, normal));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((s, x) => s + x * x, 0));
  return vector.map((x) => x / length);
}
