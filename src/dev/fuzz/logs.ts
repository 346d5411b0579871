/** The same for ride logs: mutated fixtures, in pieces of many sizes, into every log decoder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logFormats } from '../../generated/logs.ts';
import { type FuzzResult, fuzzDecoder } from './mutate.ts';

const MAX_SEED_BYTES = 16_384;

/** @param runs mutated inputs for each decoder */
export function fuzzLogs(runs: number): FuzzResult[] {
  const seeds = new Map(logFormats.map((f) => [f.id, [] as Uint8Array[]]));
  for (const name of readdirSync('fixtures/logs').filter((n) => n !== 'ABOUT.md')) {
    const bytes = new Uint8Array(readFileSync(join('fixtures/logs', name)));
    const best = logFormats
      .map((f) => ({ id: f.id, confidence: f.detect(bytes, name)?.confidence ?? 0 }))
      .sort((a, b) => b.confidence - a.confidence)[0]!;
    seeds.get(best.id)!.push(bytes.slice(0, MAX_SEED_BYTES));
  }
  return logFormats.map((format) =>
    fuzzDecoder(format.id, seeds.get(format.id)!, runs, (bytes, run) => {
      for (const other of logFormats) other.detect(bytes, 'x');
      const reader = format.open({ start: ({ fields }) => fields.map((_, i) => i), sample: () => undefined });
      const pieceBytes = [64, 1_000, 65_536][run % 3]!;
      for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
      reader.end();
    }),
  );
}
