/**
 * How well the map finder finds: `npm run finder`; `-- --write` writes docs/map-finder.md. Every image of the corpus with a definition,
 * the definition hidden; then noise, text, compressed data and machine code, which hold no map. Definitions list only part of an
 * image's maps: candidates beyond them may be true ones.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FoundMap, findMaps } from '../../core/finder/find-maps.ts';
import { compareTwins, weighByTwin } from '../../core/finder/twin.ts';
import type { TuneMap } from '../../core/model.ts';
import { CORPUS, familyOf, IMAGES, listedMaps, TWINS } from './images.ts';
import { machine, Page, timed } from './page.ts';

const TIMES = 3;
const MIB = 2 ** 20;

interface Result {
  image: string;
  listed: number;
  half: number;
  exact: number;
  missed: string[];
}

const share = (part: number, whole: number): string => (part / Math.max(1, whole)).toFixed(3);
const sumOf = (results: readonly Result[], key: 'listed' | 'half' | 'exact'): number =>
  results.reduce((sum, r) => sum + r[key], 0);
const sure = (maps: readonly FoundMap[]): FoundMap[] => maps.filter((m) => m.confidence !== 'low');

async function evaluate(): Promise<void> {
  if (!existsSync(CORPUS)) {
    console.log('../shared/corpus is absent: nothing to evaluate');
    return;
  }
  const page = new Page('map-finder.md');
  page.add(
    '# How well the map finder finds',
    '',
    'Written by `npm run finder -- --write`. Every public motorcycle image with a definition, the definition hidden; maps of at least 4x4;',
    'candidates of medium confidence or better. A definition lists only part of the maps of an image: candidates beyond it may be true.',
    `CPU seconds in user mode per MiB, median of ${TIMES} after a first run; ${machine()}.`,
  );
  const results: Result[] = [];
  const rows: (string | number)[][] = [];
  const found = new Map<string, FoundMap[]>();
  for (const [image, definition, shift] of IMAGES) {
    const maps = await listedMaps(image, definition, shift);
    const bytes = new Uint8Array(readFileSync(join(CORPUS, image)));
    const { value, median } = timed(() => findMaps(bytes), TIMES);
    found.set(image, value);
    const result = judge(image, maps, sure(value));
    results.push(result);
    rows.push([
      basename(image),
      result.listed,
      share(result.half, result.listed),
      share(result.exact, result.listed),
      sure(value).length,
      value.filter((m) => m.recordBytes !== null).length,
      ((median * MIB) / bytes.length).toFixed(2),
    ]);
  }
  const [listed, half, exact] = [sumOf(results, 'listed'), sumOf(results, 'half'), sumOf(results, 'exact')];
  rows.push([`all ${results.length} images`, listed, share(half, listed), share(exact, listed), '', '', '']);
  page.table(['image', 'listed', 'IoU 0.5', 'IoU 0.95', 'candidates', 'of them by a record', 's per MiB'], rows);
  byFamily(page, results);
  page.add('## What is not found', '', 'Listed maps that no candidate meets at IoU 0.5.', '');
  for (const r of results) for (const m of r.missed) page.add(`- ${basename(r.image)}: ${m}`);
  page.add('', '## A second image', '', 'Two calibrations of one software: candidates weighed by what differs.');
  page.table(
    ['image', 'second image', 'bytes that differ', 'candidates', 'weighed', 'recall before', 'weighed'],
    await twinRows(found),
  );
  page.add('## Data without maps');
  page.table(
    ['data', 'candidates per MiB', 's per MiB'],
    negatives().map(([name, bytes]) => {
      const { value, median } = timed(() => sure(findMaps(bytes)).length, TIMES);
      return [name, ((value * MIB) / bytes.length).toFixed(2), ((median * MIB) / bytes.length).toFixed(2)];
    }),
  );
  page.finish();
}

function judge(image: string, maps: readonly TuneMap[], found: readonly FoundMap[]): Result {
  const result: Result = { image, listed: maps.length, half: 0, exact: 0, missed: [] };
  for (const map of maps) {
    const at = map.at!;
    const [from, to] = [at.offsetBytes, at.offsetBytes + map.rows * map.columns * at.elementBytes];
    let best = 0;
    for (const f of found) {
      const end = f.offsetBytes + f.byteLength;
      const shared = Math.min(to, end) - Math.max(from, f.offsetBytes);
      if (shared > 0) best = Math.max(best, shared / (Math.max(to, end) - Math.min(from, f.offsetBytes)));
    }
    if (best >= 0.5) result.half++;
    if (best >= 0.95) result.exact++;
    if (best < 0.5)
      result.missed.push(`${map.rows}x${map.columns} at 0x${from.toString(16).toUpperCase()}, ${why(map)}`);
  }
  return result;
}

/** What the bytes of a map that was not found are like. */
function why(map: TuneMap): string {
  const values = new Set(map.raw ?? []).size;
  if (values <= 2) return values === 1 ? 'one value throughout' : 'two values';
  if (map.at!.layout === 'column') return 'stored column by column';
  if (map.columns < 8 || map.rows < 8) return 'few rows or columns';
  if (values <= 20) return `${values} values in ${map.rows * map.columns} cells`;
  return 'its rows are not told from what stands around';
}

function byFamily(page: Page, results: readonly Result[]): void {
  const families = [...new Set(results.map((r) => familyOf(r.image)))];
  page.add(
    '## One family left out at a time',
    '',
    'The finder learns nothing from an image: its constants are fixed, and were chosen with these images in sight. So nothing is chosen anew',
    'without a family; what can be shown is how much the figures hang on one of them.',
  );
  const rows = families.map((family) => {
    const [own, others] = [
      results.filter((r) => familyOf(r.image) === family),
      results.filter((r) => familyOf(r.image) !== family),
    ];
    const of = (list: readonly Result[], key: 'half' | 'exact'): string =>
      share(sumOf(list, key), sumOf(list, 'listed'));
    return [family, sumOf(own, 'listed'), of(own, 'half'), of(own, 'exact'), of(others, 'half'), of(others, 'exact')];
  });
  page.table(['family', 'listed', 'its IoU 0.5', '0.95', 'the others 0.5', '0.95'], rows);
  const mean = (k: 2 | 3): string => (rows.reduce((sum, r) => sum + Number(r[k]), 0) / rows.length).toFixed(3);
  page.add(`Mean over families: ${mean(2)} at 0.5, ${mean(3)} at 0.95.`, '');
}

async function twinRows(found: ReadonlyMap<string, FoundMap[]>): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = [];
  for (const [image, second] of TWINS) {
    const [bytes, twin] = [image, second].map((f) => new Uint8Array(readFileSync(join(CORPUS, f)))) as [
      Uint8Array,
      Uint8Array,
    ];
    const [, definition, shift] = IMAGES.find(([name]) => name === image)!;
    const maps = await listedMaps(image, definition, shift);
    const twins = compareTwins(bytes, twin);
    const before = sure(found.get(image)!);
    const after = sure(weighByTwin(found.get(image)!, twins));
    const [a, b] = [judge(image, maps, before), judge(image, maps, after)];
    const changed = twins.reason ?? twins.changedBytes;
    rows.push([
      basename(image),
      basename(second),
      changed,
      before.length,
      after.length,
      share(a.half, a.listed),
      share(b.half, b.listed),
    ]);
  }
  return rows;
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
