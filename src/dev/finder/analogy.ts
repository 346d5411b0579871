/**
 * How well an unknown image is read by analogy: `npm run finder:analogy`. Each Honda and Suzuki image in turn is hidden from what is
 * known and read by the others; then the images without a definition.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyseByAnalogy } from '../../core/finder/analogy.ts';
import { knownGroupsOf, purposeOf } from '../../core/finder/known-groups.ts';
import type { KnownGroup } from '../../core/finder/resemble.ts';
import type { TuneMap } from '../../core/model.ts';
import { CORPUS, IMAGES, listedMaps } from './images.ts';

/** One image a family: the others of a family would vouch for each other. */
const SIBLINGS = /merged|DR1|931|ducati|32920/;

async function evaluate(): Promise<void> {
  if (!existsSync(CORPUS)) {
    console.log('../shared/corpus is absent: nothing to evaluate');
    return;
  }
  const images: { image: string; maps: TuneMap[] }[] = [];
  const known: KnownGroup[] = [];
  for (const [image, definition, shift] of IMAGES) {
    if (SIBLINGS.test(image)) continue;
    const maps = await listedMaps(image, definition, shift);
    images.push({ image, maps });
    known.push(...knownGroupsOf(image, maps));
  }
  const sum = { maps: 0, roles: 0, axes: 0 };
  for (const { image, maps } of images) {
    const bytes = new Uint8Array(readFileSync(join(CORPUS, image)));
    const analogy = analyseByAnalogy(
      bytes,
      known.filter((k) => k.definition !== image),
    );
    const own = { maps: 0, roles: 0, axes: 0 };
    for (const group of analogy.groups) {
      const proposal = analogy.proposals.find((p) => p.group === group);
      for (const found of group.maps) {
        const map = maps.find((m) => isSame(m, found.offsetBytes, found.byteLength));
        const purpose = map === undefined ? null : purposeOf(map);
        if (map === undefined || purpose === null || purpose.role === 'throttle') continue;
        own.maps++;
        if (proposal?.role === purpose.role && proposal.load === purpose.load) own.roles++;
        const at = (axis: 'x' | 'y'): number | undefined => map.axes.find((a) => a.axis === axis)?.at?.offsetBytes;
        if (found.x?.offsetBytes === at('x') && found.y?.offsetBytes === at('y')) own.axes++;
      }
    }
    for (const key of ['maps', 'roles', 'axes'] as const) sum[key] += own[key];
    console.log(
      `${image.padEnd(58)} role ${own.roles} of ${own.maps}, axes ${own.axes}; like ${analogy.families[0]?.definition ?? `none: ${analogy.reason}`}`,
    );
  }
  console.log(
    `left out one at a time: role ${(sum.roles / sum.maps).toFixed(3)}, axes ${(sum.axes / sum.maps).toFixed(3)} of ${sum.maps} maps`,
  );
  const folder = 'bin-nodef/honda-keihin';
  const strangers = [
    ...readdirSync(join(CORPUS, folder)).map((f) => `${folder}/${f}`),
    'xdf-bin/volvo-s90-m44/Stock S90.BIN',
    'xdf-bin/nissan-s13-sr20/sr20det.bin',
    'xdf-bin/gm-p01-12212156/2002 Silverado 5.3 Truck MT 12212156.bin',
    'a2l-bin/bmw-mss52-a2l/52_508a2lform.bin',
    'ecuflash/evo8-94170008/bgutch_2003_evo8_02_18_2026.hex',
  ].filter((f) => /\.(bin|hex)$/i.test(f));
  for (const file of strangers) {
    const { proposals, reason } = analyseByAnalogy(new Uint8Array(readFileSync(join(CORPUS, file))), known);
    const words = proposals.map(
      (p) =>
        `${p.group.maps.length} ${p.role}${p.load === null ? '' : ` by ${p.load}`} ${p.group.rows}x${p.group.columns}`,
    );
    console.log(`${file.padEnd(66)} ${reason ?? words.join(', ')}`);
  }
}

function isSame(map: TuneMap, offset: number, length: number): boolean {
  const bytes = map.rows * map.columns * map.at!.elementBytes;
  return Math.abs(map.at!.offsetBytes - offset) <= 0.05 * bytes && Math.abs(bytes - length) <= 0.05 * bytes;
}

await evaluate();
