/** Every XDF at hand is opened, or refused with its reason; nothing else passes for one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decode } from '../core/decode.ts';
import type { Image } from '../core/model.ts';
import { format } from '../formats/xdf/index.ts';
import { CORPUS } from './analyze-in-process.ts';

const here = existsSync(CORPUS);
const files = here
  ? readdirSync(CORPUS, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`)
  : [];
const xdfs = files.filter((f) => /\.xdf$/i.test(f));

/** One is cut off in its header, one has a password. */
const REFUSED: Record<string, string> = {
  '145_1.6_16V_TS_0261200695_1267358244.xdf': 'XDF_TRUNCATED',
  'protected-12212156.xdf': 'XDF_SCRAMBLED',
};

const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(path));

describe.skipIf(!here)('XDF files (needs ../shared/corpus)', () => {
  test('there are some', () => expect(xdfs.length).toBeGreaterThan(30));

  test.each(xdfs.map((f) => [basename(f), f] as const))('%s', (name, path) => {
    const bytes = bytesOf(path);
    expect(format.detect(bytes, 'unnamed')?.confidence).toBeGreaterThan(0.9);
    const parse = () => format.parse(bytes, { name, sha256: () => '' });
    const code = REFUSED[name];
    if (code !== undefined) {
      expect(parse).toThrow(expect.objectContaining({ code }));
      return;
    }
    const definition = parse();
    expect(definition.items.length).toBeGreaterThan(0);
    // On an image of another ECU: nothing throws, ids are unique, no cell is infinite.
    const image: Image = {
      segments: [{ address: 0, bytes: new Uint8Array(1 << 20).fill(0xff) }],
      source: { sha256: '', byteLength: 1 << 20 },
    };
    const tune = decode(image, definition);
    expect(tune.maps.length + tune.undecoded.length).toBe(definition.items.length + definition.undecoded.length);
    expect(new Set(tune.maps.map((m) => m.id)).size).toBe(tune.maps.length);
    expect(tune.maps.filter((m) => m.cells.some((v) => v === Infinity || v === -Infinity))).toEqual([]);
  });

  test('no other file passes for an XDF', () => {
    const others = files
      .filter((f) => !/\.xdf$/i.test(f))
      .filter((f) => format.detect(bytesOf(f), basename(f)) !== null);
    expect(others).toEqual([]);
  });
});
