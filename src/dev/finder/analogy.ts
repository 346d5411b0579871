/**
 * How well an unknown image is read by analogy: `npm run finder:analogy`; `-- --write` writes docs/map-analogy.md. Each Honda and Suzuki
 * image in turn is hidden from what is known and read by the others. What is proposed for unknown images: `npm run finder:proposals`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { analyseByAnalogy } from '../../core/finder/analogy.ts';
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
    const bytes = new Uint8Array(readFileSync(join(CORPUS, f.image)));
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
  page.add('', 'What is proposed for images without a definition stands in [proposals.md](proposals.md).');
  page.finish();
}

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

await evaluate();
