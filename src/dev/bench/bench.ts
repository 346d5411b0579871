/**
 * Measures what people wait for, as ratios inside one run, so that a slow machine does not change the answer:
 *   npm run bench [-- --library]     the library of 100,000 tunes alone
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from '../../core/decode.ts';
import { compileExpression } from '../../core/expression.ts';
import type { Image } from '../../core/model.ts';
import { format } from '../../formats/xdf/index.ts';
import { benchLibrary, runMeasurement } from './library-bench.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const SIZE = 1_048_576;

/** A TunerPro definition of so many 16x16 maps with stored axes. */
function makeXdf(maps: number): string {
  const hex = (n: number): string => `0x${n.toString(16).toUpperCase()}`;
  const axis = (id: string, at: number): string =>
    `<XDFAXIS id="${id}"><EMBEDDEDDATA mmedaddress="${hex(at)}" mmedelementsizebits="16" mmedcolcount="16" /><indexcount>16</indexcount><embedinfo type="1" /><MATH equation="X/2.56"><VAR id="X" /></MATH></XDFAXIS>`;
  const table = (i: number): string => {
    const at = 0x1000 + i * 1_024;
    return `<XDFTABLE uniqueid="${hex(0x1000 + i)}"><title>Map ${i}</title>${axis('x', at)}${axis('y', at + 32)}<XDFAXIS id="z"><EMBEDDEDDATA mmedaddress="${hex(at + 64)}" mmedelementsizebits="16" mmedrowcount="16" mmedcolcount="16" /><MATH equation="X*0.001+0.5"><VAR id="X" /></MATH></XDFAXIS></XDFTABLE>`;
  };
  return `<XDFFORMAT version="1.70"><XDFHEADER><deftitle>Bench</deftitle></XDFHEADER>${Array.from({ length: maps }, (_, i) => table(i)).join('')}</XDFFORMAT>`;
}

/** Rising axes and smooth cells, so that every map is one. */
function makeImage(maps: number): Image {
  const bytes = new Uint8Array(SIZE).fill(0xff);
  const view = new DataView(bytes.buffer);
  for (let m = 0; m < maps; m++) {
    const at = 0x1000 + m * 1_024;
    for (let i = 0; i < 16; i++) {
      view.setUint16(at + 2 * i, 2_000 + i * 2_000);
      view.setUint16(at + 32 + 2 * i, 100 + i * 300);
    }
    for (let i = 0; i < 256; i++) view.setUint16(at + 64 + 2 * i, 3_000 + (i % 16) * 90 + (i >> 4) * 120);
  }
  return { segments: [{ address: 0, bytes }], source: { sha256: sha256(bytes), byteLength: SIZE } };
}

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function timed(runs: number, work: () => void): number {
  work();
  return median(
    Array.from({ length: runs }, () => {
      const started = performance.now();
      work();
      return performance.now() - started;
    }),
  );
}

/** What a decoder costs that asks the equation for every cell. */
function naive(image: Image, maps: number): number {
  const view = new DataView(image.segments[0]!.bytes.buffer);
  let sum = 0;
  for (let m = 0; m < maps; m++) {
    for (let i = 0; i < 256; i++) {
      const raw = view.getUint16(0x1000 + m * 1_024 + 64 + 2 * i);
      const { run } = compileExpression('X*0.001+0.5');
      sum += run({
        variable: () => raw,
        self: () => raw,
        row: 0,
        column: 0,
        rows: 16,
        columns: 16,
        cell: () => 0,
        that: () => 0,
        address: () => 0,
      });
    }
  }
  return sum;
}

function startUp(args: string[]): number {
  const env = { ...process.env };
  // Where it is set it adds some 48 ms to every start of Node 20.
  delete env['NODE_EXTRA_CA_CERTS'];
  const started = performance.now();
  spawnSync(process.execPath, args, { env, stdio: 'ignore' });
  return performance.now() - started;
}

/** A thousand small tunes in one command, without and with the database. */
function many(folder: string): void {
  const tune = readFileSync('fixtures/example/track-day.bin');
  const files = 1_000;
  for (let i = 0; i < files; i++) {
    const bytes = Buffer.from(tune);
    for (let k = 0; k < 18 * 14; k++) bytes[0x1100 + k] = Math.max(0, bytes[0x1100 + k]! - (i % 9) + ((i >> 3) % 5));
    bytes.writeUInt16BE(i, 0x1f00);
    writeFileSync(join(folder, `small${String(i).padStart(4, '0')}.bin`), bytes);
  }
  const common = [
    '--definition',
    'fixtures/example/stock.yaml',
    '--bike',
    'yamaha/yzf-r6-2008-2009',
    '--engine',
    'rules',
  ];
  for (const [what, store] of [
    ['without the database', ['--no-store']],
    ['into a new database', ['--db', join(folder, 'bench.db')]],
  ] as const) {
    const ms = startUp([
      'bin/revsync.js',
      'analyze',
      join(folder, 'small*.bin'),
      ...common,
      ...store,
      '--no-input',
      '--output',
      join(folder, 'many.json'),
    ]);
    console.log(
      `${files} small tunes, ${what}: ${(ms / 1_000).toFixed(1)} s, ${Math.round((files / ms) * 1_000)} files/s`,
    );
  }
}

function main(): void {
  const maps = 1_000;
  const xdf = new TextEncoder().encode(makeXdf(maps));
  const image = makeImage(maps);
  const parse = timed(5, () => void format.parse(xdf, { name: 'bench.xdf', sha256 }));
  const definition = format.parse(xdf, { name: 'bench.xdf', sha256 });
  const decoding = timed(9, () => void decode(image, definition));
  const perCell = timed(5, () => void naive(image, maps));
  console.log(
    `decode of ${maps} maps 16x16: ${decoding.toFixed(1)} ms, ${Math.round((maps / decoding) * 1_000)} maps/s; cell by cell through the equation, cells alone: ${perCell.toFixed(1)} ms (ratio ${(decoding / perCell).toFixed(2)})`,
  );
  console.log(`parse of that XDF (${(xdf.length / 1_000).toFixed(0)} kB): ${parse.toFixed(0)} ms`);

  const folder = mkdtempSync(join(tmpdir(), 'revsync-bench-'));
  try {
    writeFileSync(join(folder, 'tune.bin'), image.segments[0]!.bytes);
    writeFileSync(join(folder, 'tune.xdf'), makeXdf(60));
    const bare: number[] = [];
    const help: number[] = [];
    const report: number[] = [];
    for (let i = 0; i < 11; i++) {
      bare.push(startUp(['-e', '0']));
      help.push(startUp(['bin/revsync.js', '--help']));
      report.push(
        startUp([
          'bin/revsync.js',
          'analyze',
          join(folder, 'tune.bin'),
          '--no-store',
          '--bike',
          'yamaha r6 2008',
          '--no-input',
        ]),
      );
    }
    console.log(
      `start: bare Node ${median(bare).toFixed(0)} ms, revsync --help ${median(help).toFixed(0)} ms (ratio ${(median(help) / median(bare)).toFixed(2)})`,
    );
    console.log(
      `full report on a 1 MiB image with an XDF of 60 maps, as a whole process: ${median(report).toFixed(0)} ms (ratio to bare Node ${(median(report) / median(bare)).toFixed(1)})`,
    );
    many(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
if (!(await runMeasurement(args))) {
  if (!args.includes('--library')) main();
  await benchLibrary();
}
