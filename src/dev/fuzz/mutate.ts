/** Mutates the made-up fixtures and feeds every decoder: whatever comes, a result or an expected error. The same bytes in every run. */
import { createHash } from 'node:crypto';
import { detectFormat } from '../../app/detect.ts';
import { decode } from '../../core/decode.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { Image } from '../../core/model.ts';
import { formats } from '../../generated/formats.ts';
import { fixtureFiles } from '../fixture-files.ts';

export interface FuzzResult {
  format: string;
  runs: number;
  decoded: number;
  refused: number;
  /** Stacks of what was thrown and is no RevsyncError, three at most. */
  crashes: string[];
  slowestMs: number;
  residentMiB: number;
}

const MAX_SEED_BYTES = 16_384;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const TOKENS = ['99999999999', '-1', '0xFFFFFFFF', '0', 'NaN', '<', '"', '1e308', '/end ', '</', ':', 'X'];

/** Fixture files of each format, by content. */
function seeds(): Map<string, Uint8Array[]> {
  const found = new Map<string, Uint8Array[]>();
  for (const { name, bytes } of fixtureFiles()) {
    const id = detectFormat(bytes, name)?.format.id;
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), bytes.slice(0, MAX_SEED_BYTES)]);
  }
  return found;
}

/** Xorshift: small, and the same on every machine. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % Math.max(1, below);
  };
}

function mutated(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = seed.slice();
  for (let left = 1 + random(3); left > 0; left--) {
    const at = random(bytes.length);
    const length = random(48);
    switch (random(9)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes = bytes.slice(0, at);
        break;
      case 2:
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
        break;
      case 3: {
        const from = random(bytes.length);
        bytes = Uint8Array.from([
          ...bytes.subarray(0, at),
          ...bytes.subarray(from, from + length),
          ...bytes.subarray(at),
        ]);
        break;
      }
      case 4: {
        const token = new TextEncoder().encode(TOKENS[random(TOKENS.length)]);
        bytes.set(token.subarray(0, Math.max(0, bytes.length - at)), at);
        break;
      }
      // Whole lines leave records with sums of their own intact.
      case 5: {
        const [line, place] = [lineAt(bytes, at), lineAt(bytes, random(bytes.length))];
        const taken = bytes.slice(line.from, line.to);
        const rest = random(2) === 0 ? bytes : without(bytes, line);
        const to = Math.min(place.from, rest.length);
        bytes = Uint8Array.from([...rest.subarray(0, to), ...taken, ...rest.subarray(to)]);
        break;
      }
      // Mostly digits for digits, which leave the text well-formed and change what it says.
      default: {
        for (let i = at; i < Math.min(bytes.length, at + 200); i++) {
          if (bytes[i]! < 0x30 || bytes[i]! > 0x39) continue;
          bytes[i] = 0x30 + random(10);
          break;
        }
      }
    }
  }
  return bytes;
}

interface Line {
  from: number;
  to: number;
}

/** The line around a byte, its end included; 2 KiB at most, where there are no lines. */
function lineAt(bytes: Uint8Array, at: number): Line {
  let from = at;
  while (from > 0 && bytes[from - 1] !== 0x0a && at - from < 1_024) from--;
  let to = at;
  while (to < bytes.length && bytes[to] !== 0x0a && to - at < 1_024) to++;
  return { from, to: Math.min(bytes.length, to + 1) };
}

const without = (bytes: Uint8Array, { from, to }: Line): Uint8Array =>
  Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(to)]);

/**
 * Mutated inputs into one decoder, the same ones in every run.
 * @param files what is mutated
 * @param read throws a RevsyncError where it refuses; anything else that it throws is a crash
 */
export function fuzzDecoder(
  format: string,
  files: readonly Uint8Array[],
  runs: number,
  read: (bytes: Uint8Array, run: number) => void,
): FuzzResult {
  const random = generator(20_201_125);
  const result: FuzzResult = { format, runs, decoded: 0, refused: 0, crashes: [], slowestMs: 0, residentMiB: 0 };
  for (let run = 0; run < runs; run++) {
    const bytes = mutated(files[run % files.length]!, random);
    const started = performance.now();
    try {
      read(bytes, run);
      result.decoded++;
    } catch (error) {
      if (error instanceof RevsyncError) result.refused++;
      else if (result.crashes.length < 3) result.crashes.push(String((error as Error).stack ?? error));
    }
    result.slowestMs = Math.max(result.slowestMs, Math.round(performance.now() - started));
  }
  result.residentMiB = Math.round(process.memoryUsage().rss / 1_048_576);
  return result;
}

/**
 * @param runs mutated inputs for each decoder
 * @param done called with each decoder's result as soon as it is there: a long run is worth something before its end
 */
export function fuzzFormats(runs: number, done: (result: FuzzResult) => void = () => undefined): FuzzResult[] {
  const memory = Uint8Array.from({ length: 1_024 }, (_, i) => (i * 37) & 255);
  const image: Image = { segments: [{ address: 0, bytes: memory }], source: { sha256: '', byteLength: 1_024 } };
  const results: FuzzResult[] = [];
  for (const [id, files] of [...seeds()].sort(([a], [b]) => a.localeCompare(b))) {
    const format = formats.find((f) => f.id === id)!;
    const result = fuzzDecoder(id, files, runs, (bytes) => {
      for (const other of formats) other.detect(bytes, 'x');
      if (format.kind === 'image') format.read(bytes, sha256);
      else if (format.kind === 'definition') decode(image, format.parse(bytes, { name: 'x', sha256, image }));
      else if (format.kind === 'tune') format.decode(bytes, { name: 'x', sha256, companion: null });
      else format.refuse(bytes, 'x');
    });
    results.push(result);
    done(result);
  }
  return results;
}
