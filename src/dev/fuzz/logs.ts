/** The same for ride logs: mutated fixtures, in pieces of many sizes, into every log decoder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RevsyncError } from '../../core/errors.ts';
import { logFormats } from '../../generated/logs.ts';
import { type FuzzResult, generator, mutated } from './mutate.ts';

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
  return logFormats.map((format) => {
    const random = generator(20_201_125);
    const files = seeds.get(format.id)!;
    const result: FuzzResult = {
      format: format.id,
      runs,
      decoded: 0,
      refused: 0,
      crashes: [],
      slowestMs: 0,
      residentMiB: 0,
    };
    for (let run = 0; run < runs; run++) {
      const bytes = mutated(files[run % files.length]!, random);
      const started = performance.now();
      try {
        for (const other of logFormats) other.detect(bytes, 'x');
        const reader = format.open({
          start: ({ fields }) => fields.map((_, i) => i),
          sample: () => undefined,
        });
        const pieceBytes = [64, 1_000, 65_536][run % 3]!;
        for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
        reader.end();
        result.decoded++;
      } catch (error) {
        if (error instanceof RevsyncError) result.refused++;
        else if (result.crashes.length < 3) result.crashes.push(String((error as Error).stack ?? error));
      }
      result.slowestMs = Math.max(result.slowestMs, Math.round(performance.now() - started));
    }
    result.residentMiB = Math.round(process.memoryUsage().rss / 1_048_576);
    return result;
  });
}
