/**
 * How well the map finder finds: `npm run finder`. Every image of the corpus with a definition, the definition hidden; then noise,
 * text, compressed data and machine code, which hold no map. Definitions list only part of an image's maps: candidates beyond them
 * may be true ones.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findMaps } from '../../core/finder/find-maps.ts';
import { CORPUS, IMAGES, listedMaps } from './images.ts';

const perMiB = (value: number, bytes: number): string => (value / (bytes / 2 ** 20)).toFixed(2);

async function evaluate(): Promise<void> {
  if (!existsSync(CORPUS)) {
    console.log('../shared/corpus is absent: nothing to evaluate');
    return;
  }
  let [listed, half, exact] = [0, 0, 0];
  console.log('maps listed · recall at IoU 0.5 · at 0.95 · candidates (medium or better) · seconds per MiB');
  for (const [image, definition, shift] of IMAGES) {
    const maps = await listedMaps(image, definition, shift);
    const bytes = new Uint8Array(readFileSync(join(CORPUS, image)));
    const started = process.cpuUsage().user;
    const found = findMaps(bytes).filter((m) => m.confidence !== 'low');
    const seconds = (process.cpuUsage().user - started) / 1e6;
    let [a, b] = [0, 0];
    for (const map of maps) {
      const [from, to] = [map.at!.offsetBytes, map.at!.offsetBytes + map.rows * map.columns * map.at!.elementBytes];
      let best = 0;
      for (const f of found) {
        const end = f.offsetBytes + f.byteLength;
        const shared = Math.min(to, end) - Math.max(from, f.offsetBytes);
        if (shared > 0) best = Math.max(best, shared / (Math.max(to, end) - Math.min(from, f.offsetBytes)));
      }
      if (best >= 0.5) a++;
      if (best >= 0.95) b++;
    }
    listed += maps.length;
    half += a;
    exact += b;
    console.log(
      `${image.padEnd(64)} ${String(maps.length).padStart(4)} ${(a / maps.length).toFixed(3)} ${(b / maps.length).toFixed(3)} ${String(found.length).padStart(4)} ${perMiB(seconds, bytes.length)}`,
    );
  }
  console.log(`all ${listed} maps: ${(half / listed).toFixed(3)} at 0.5, ${(exact / listed).toFixed(3)} at 0.95`);
  for (const [name, bytes] of negatives()) {
    const started = process.cpuUsage().user;
    const found = findMaps(bytes).filter((m) => m.confidence !== 'low').length;
    const seconds = (process.cpuUsage().user - started) / 1e6;
    console.log(
      `${name.padEnd(64)} ${perMiB(found, bytes.length)} candidates per MiB, ${perMiB(seconds, bytes.length)} s per MiB`,
    );
  }
}

/** Data without maps, the same on every run but for the machine code, which is that of the running Node. */
function negatives(): [string, Uint8Array][] {
  const random = new Uint8Array(2 ** 21);
  let x = 0x2545f491;
  for (let i = 0; i < random.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    random[i] = x & 0xff;
  }
  const text = Buffer.concat(
    readdirSync('src', { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && e.name.endsWith('.ts'))
      .map((e) => readFileSync(join(e.parentPath, e.name))),
  ).subarray(0, 2 ** 21);
  const node = readFileSync(process.execPath);
  const middle = Math.floor(node.length / 2);
  return [
    ['random bytes', random],
    ['text (the sources)', new Uint8Array(text)],
    ['compressed (the sources, gzip)', new Uint8Array(gzipSync(text))],
    [
      'machine code (2 MiB from the middle of the Node executable)',
      new Uint8Array(node.subarray(middle, middle + 2 ** 21)),
    ],
  ];
}

await evaluate();
