/** Mutates the made-up fixtures and feeds every decoder: whatever comes, a result or an expected error. The same bytes in every run. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '../../core/decode.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { Image } from '../../core/model.ts';
import { formats } from '../../generated/formats.ts';

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

const XDF = `<XDFFORMAT version="1.60"><XDFHEADER><deftitle>made up</deftitle><BASEOFFSET offset="0" subtract="0"/></XDFHEADER>
<XDFTABLE uniqueid="0x1"><title>Fuel</title><XDFAXIS id="x"><EMBEDDEDDATA mmedaddress="0x10" mmedelementsizebits="8" mmedcolcount="4"/><embedinfo type="1"/><MATH equation="X*2"><VAR id="X"/></MATH></XDFAXIS>
<XDFAXIS id="y"><indexcount>2</indexcount><LABEL index="0" value="1"/><LABEL index="1" value="2"/></XDFAXIS><XDFAXIS id="z"><EMBEDDEDDATA mmedaddress="0x20" mmedelementsizebits="16" mmedrowcount="2" mmedcolcount="4" mmedtypeflags="0x02"/><MATH equation="(X-128)/2^3"><VAR id="X"/></MATH></XDFAXIS></XDFTABLE>
<XDFCONSTANT uniqueid="0x2"><title>Limit</title><EMBEDDEDDATA mmedaddress="0x40" mmedelementsizebits="16"/><MATH equation="THAT(1;1;1;FALSE)+X"><VAR id="X"/></MATH></XDFCONSTANT></XDFFORMAT>`;

/** Fixture files of each format, by content; an XDF that this file holds. */
function seeds(): Map<string, Uint8Array[]> {
  const found = new Map<string, Uint8Array[]>([['xdf', [new TextEncoder().encode(XDF)]]]);
  for (const entry of readdirSync('fixtures', { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'ABOUT.md') continue;
    const bytes = new Uint8Array(readFileSync(join(entry.parentPath, entry.name)));
    const best = formats
      .map((format) => ({ format, confidence: format.detect(bytes, entry.name)?.confidence ?? 0 }))
      .sort((a, b) => b.confidence - a.confidence)[0]!;
    if (best.confidence > 0)
      found.set(best.format.id, [...(found.get(best.format.id) ?? []), bytes.slice(0, MAX_SEED_BYTES)]);
  }
  return found;
}

/** Xorshift: small, and the same on every machine. */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % Math.max(1, below);
  };
}

export function mutated(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = seed.slice();
  for (let left = 1 + random(3); left > 0; left--) {
    const at = random(bytes.length);
    const length = random(48);
    switch (random(8)) {
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

/** @param runs mutated inputs for each decoder */
export function fuzzFormats(runs: number): FuzzResult[] {
  const memory = Uint8Array.from({ length: 1_024 }, (_, i) => (i * 37) & 255);
  const image: Image = { segments: [{ address: 0, bytes: memory }], source: { sha256: '', byteLength: 1_024 } };
  const results: FuzzResult[] = [];
  for (const [id, files] of [...seeds()].sort(([a], [b]) => a.localeCompare(b))) {
    const format = formats.find((f) => f.id === id)!;
    const random = generator(20_201_125);
    const result: FuzzResult = { format: id, runs, decoded: 0, refused: 0, crashes: [], slowestMs: 0, residentMiB: 0 };
    for (let run = 0; run < runs; run++) {
      const bytes = mutated(files[run % files.length]!, random);
      const started = performance.now();
      try {
        for (const other of formats) other.detect(bytes, 'x');
        if (format.kind === 'image') format.read(bytes, sha256);
        else if (format.kind === 'definition') decode(image, format.parse(bytes, { name: 'x', sha256, image }));
        else if (format.kind === 'tune') format.decode(bytes, { name: 'x', sha256, companion: null });
        else format.refuse(bytes, 'x');
        result.decoded++;
      } catch (error) {
        if (error instanceof RevsyncError) result.refused++;
        else if (result.crashes.length < 3) result.crashes.push(String((error as Error).stack ?? error));
      }
      result.slowestMs = Math.max(result.slowestMs, Math.round(performance.now() - started));
    }
    result.residentMiB = Math.round(process.memoryUsage().rss / 1_048_576);
    results.push(result);
  }
  return results;
}
