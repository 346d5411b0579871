/**
 * How well an unknown image is read by analogy: `npm run finder:analogy`; `-- --write` writes docs/map-analogy.md. Each Honda and Suzuki
 * image in turn is hidden from what is known and read by the others; then the images without a definition, with what is proposed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { decodeFile } from '../../app/decode-file.ts';
import { analyseByAnalogy } from '../../core/finder/analogy.ts';
import type { MapGroup } from '../../core/finder/groups.ts';
import { knownGroupsOf, purposeOf } from '../../core/finder/known-groups.ts';
import type { Analogy, KnownGroup } from '../../core/finder/resemble.ts';
import type { FoundAxis } from '../../core/finder/shapes.ts';
import type { TuneMap } from '../../core/model.ts';
import { CORPUS, IMAGES, listedMaps } from './images.ts';
import { Page } from './page.ts';

/** One image a family: the others of a family would vouch for each other. */
const SIBLINGS = /merged|DR1|931|ducati|32920/;

interface Family {
  image: string;
  maps: TuneMap[];
}

interface Score {
  maps: number;
  roles: number;
  axes: number;
  /** Wrong axes: what was found instead, and how often. */
  wrong: Map<string, number>;
}

async function evaluate(): Promise<void> {
  if (!existsSync(CORPUS)) {
    console.log('../shared/corpus is absent: nothing to evaluate');
    return;
  }
  const page = new Page('map-analogy.md');
  page.add(
    '# How well an unknown image is read by analogy',
    '',
    'Written by `npm run finder:analogy -- --write`. One family at a time is left out of what is known; its image is read by the others.',
    'Role: fuel or spark, by throttle or by pressure, as the definition says. Axes: both at the very byte that the definition names.',
  );
  const families: Family[] = [];
  const known: KnownGroup[] = [];
  for (const [image, definition, shift] of IMAGES) {
    if (SIBLINGS.test(image)) continue;
    const maps = await listedMaps(image, definition, shift);
    families.push({ image, maps });
    known.push(...knownGroupsOf(image, maps));
  }
  const scores = families.map((f) => {
    const bytes = imageBytes(f.image);
    const others = known.filter((k) => k.definition !== f.image);
    const analogy = analyseByAnalogy(bytes, others);
    return { ...f, analogy, score: scoreOf(analogy, f.maps) };
  });
  const all = { maps: 0, roles: 0, axes: 0 };
  for (const { score } of scores) for (const key of ['maps', 'roles', 'axes'] as const) all[key] += score[key];
  const rows = scores.map(({ image, analogy, score }) => [
    basename(image),
    score.maps,
    score.roles,
    score.axes,
    basename(analogy.families[0]?.definition ?? '') || (analogy.reason ?? ''),
  ]);
  rows.push(['all', all.maps, (all.roles / all.maps).toFixed(3), (all.axes / all.maps).toFixed(3), '']);
  page.table(['image left out', 'maps found', 'right role', 'right axes', 'most like'], rows);
  page.add('## Axes that are not those of the definition', '');
  for (const { image, score } of scores)
    for (const [reason, count] of score.wrong) page.add(`- ${basename(image)}, ${count} maps: ${reason}`);
  page.add('', '## The limiter of the definition among the guesses', '');
  for (const { image, analogy } of scores) page.add(`- ${basename(image)}: ${await limiterLine(image, analogy)}`);
  page.add('', '## Images without a definition', '', 'Proposed by all families that are known. Every line is a guess.');
  const folder = 'bin-nodef/honda-keihin';
  for (const file of readdirSync(join(CORPUS, folder)).sort()) printProposal(page, `${folder}/${file}`, known);
  page.add('## Images of cars', '', 'Nothing may be proposed for them.', '');
  for (const file of [
    'xdf-bin/volvo-s90-m44/Stock S90.BIN',
    'xdf-bin/nissan-s13-sr20/sr20det.bin',
    'xdf-bin/gm-p01-12212156/2002 Silverado 5.3 Truck MT 12212156.bin',
    'a2l-bin/bmw-mss52-a2l/52_508a2lform.bin',
    'ecuflash/evo8-94170008/bgutch_2003_evo8_02_18_2026.hex',
  ]) {
    const { proposals, reason } = analyseByAnalogy(imageBytes(file), known);
    page.add(`- ${basename(file)}: ${reason ?? `${proposals.length} proposals`}`);
  }
  page.finish();
}

const imageBytes = (file: string): Uint8Array => new Uint8Array(readFileSync(join(CORPUS, file)));
const hex = (offset: number): string => `0x${offset.toString(16).toUpperCase()}`;

function scoreOf(analogy: Analogy, maps: readonly TuneMap[]): Score {
  const score: Score = { maps: 0, roles: 0, axes: 0, wrong: new Map() };
  for (const group of analogy.groups) {
    const proposal = analogy.proposals.find((p) => p.group === group);
    for (const found of group.maps) {
      const map = maps.find((m) => isSame(m, found.offsetBytes, found.byteLength));
      const purpose = map === undefined ? null : purposeOf(map);
      if (map === undefined || purpose === null || purpose.role === 'throttle') continue;
      score.maps++;
      if (proposal?.role === purpose.role && proposal.load === purpose.load) score.roles++;
      const [x, y] = [verdictOf(map, 'x', found.x), verdictOf(map, 'y', found.y)];
      if (x === null && y === null) score.axes++;
      else {
        const by = found.recordBytes === null ? '' : ' (a record of the image names them)';
        const reason = `${[x, y].filter((v) => v !== null).join('; ')}${by}`;
        score.wrong.set(reason, (score.wrong.get(reason) ?? 0) + 1);
      }
    }
  }
  return score;
}

/** What is wrong with an axis; null where it is the definition's. */
function verdictOf(map: TuneMap, side: 'x' | 'y', found: FoundAxis | null): string | null {
  const name = side === 'x' ? 'columns' : 'rows';
  const at = map.axes.find((a) => a.axis === side)?.at?.offsetBytes;
  if (found?.offsetBytes === at) return null;
  if (found === null) return `${name}: none found`;
  if (at === undefined) return `${name}: the definition has none`;
  const other = map.axes.find((a) => a.axis !== side)?.at?.offsetBytes;
  if (found.offsetBytes === other) return `${name}: the axis of the other side`;
  const far = Math.abs(found.offsetBytes - at);
  return far <= 128
    ? `${name}: the axis beside the one that the definition names`
    : `${name}: another axis than the definition names`;
}

function isSame(map: TuneMap, offset: number, length: number): boolean {
  const bytes = map.rows * map.columns * map.at!.elementBytes;
  return Math.abs(map.at!.offsetBytes - offset) <= 0.05 * bytes && Math.abs(bytes - length) <= 0.05 * bytes;
}

async function limiterLine(image: string, { limiters }: Analogy): Promise<string> {
  const [, definition, shiftBytes] = IMAGES.find(([name]) => name === image)!;
  const { tune } = await decodeFile(
    join(CORPUS, image),
    {
      definition: definition === null ? null : join(CORPUS, definition),
      shiftBytes,
      roles: [],
      warn: () => {},
      readStdin: async () => new Uint8Array(),
      lenient: true,
    },
    { flags: { store: false }, env: {}, cwd: CORPUS },
  );
  const known = new Set(tune.maps.filter((m) => m.role === 'revLimiter').map((m) => m.at?.offsetBytes));
  if (known.size === 0) return 'the definition names none';
  if (limiters.length === 0)
    return 'nothing guessed: the axis of engine speeds is not in round numbers, or the limiter is no pair of words';
  const places = limiters.flatMap((g, i) => (known.has(g.offsetBytes) ? [i + 1] : []));
  return places.length === 0
    ? `not among ${limiters.length} guesses`
    : `guess ${places.join(', ')} of ${limiters.length}`;
}

function printProposal(page: Page, file: string, known: readonly KnownGroup[]): void {
  const { proposals, families, limiters, reason } = analyseByAnalogy(imageBytes(file), known);
  page.add('', `### ${basename(file)}`, '');
  if (reason !== null) {
    page.add(`Nothing is proposed: ${reason}.`);
    return;
  }
  page.add(
    `Most like ${families
      .slice(0, 3)
      .map((f) => `${basename(f.definition)} (${f.likeness})`)
      .join(', ')}.`,
  );
  page.table(
    ['maps', 'from', 'shape', 'guess', 'confidence', 'columns', 'rows'],
    proposals.map((p) => [
      p.group.maps.length,
      hex(p.group.maps[0]!.offsetBytes),
      `${p.group.rows}x${p.group.columns}`,
      `${p.role}${p.load === null ? '' : ` by ${p.load}`}`,
      p.confidence,
      axisWords(p.group, 'x'),
      axisWords(p.group, 'y'),
    ]),
  );
  const guesses = limiters.map((g) => `${g.values.join(' and ')} at ${hex(g.offsetBytes)}`);
  page.add(`Limiter: ${guesses.length === 0 ? 'nothing guessed' : guesses.join('; ')}.`);
}

function axisWords(group: MapGroup, side: 'x' | 'y'): string {
  const axis = group[side];
  const values = side === 'x' ? group.xValues : group.yValues;
  if (axis === null || values === null) return 'not found';
  return `${hex(axis.offsetBytes)}: ${values[0]} … ${values[values.length >> 1]} … ${values.at(-1)}`;
}

await evaluate();
