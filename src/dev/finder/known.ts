/**
 * Writes rules/analogy/known-groups.yaml: `npm run finder:known`. One factory image of each bundled Honda and Suzuki family, read by its
 * bundled definition; kept are shapes and numbers without dimension, no calibration.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { knownGroupsOf } from '../../core/finder/known-groups.ts';
import type { KnownGroup } from '../../core/finder/resemble.ts';
import { listedMaps } from './images.ts';

const IMAGES: [definition: string, image: string][] = [
  ['honda-38770-mge-773', 'xdf-bin/vfr1200f-mge/38770-MGE-773.bin'],
  ['honda-38770-mgz', 'xdf-bin/cbr500r-mgz/38770-MGZ-A03.bin'],
  ['honda-38770-mjw-a301', 'xdf-bin/cbr500r-mjw/38770-MJW-AQ1.bin'],
  ['honda-38770-k26-911', 'xdf-bin/msx125-k26-911/38770-K26-911.bin'],
  ['honda-38770-k26-b13', 'xdf-bin/msx125-k26-b13/38770-K26-B13.bin'],
  ['honda-38770-k0f-a01', 'xdf-bin/z125-k0f/38770-K0F-A01.bin'],
  ['honda-38770-mgp-a01', 'xdf-bin/cbr1000rr-mgp/38770-MGP-A01.bin'],
  ['honda-38770-k64-n04', 'bin-codedef/honda-cbr250rr-k64/38770-K64-N04.bin'],
  ['suzuki-32990-10l-5jcxsj10', 'xdf-bin/hayabusa-gen3/Hayabusa gen 3 stock.bin'],
  ['suzuki-hayabusa-dj18se11', 'bin-codedef/hayabusa-gen2-k8/K8.bin'],
  ['suzuki-bking-dj47se01', 'bin-codedef/suzuki-ecueditor/Bking-DJ47SE01.bin'],
  ['suzuki-gsxr1000-djb5se01', 'bin-codedef/suzuki-ecueditor/gixxerk9-DJB5SE01.bin'],
  ['suzuki-gsxr600-dj55se10', 'bin-codedef/suzuki-ecueditor/DJ55SE10.bin'],
  ['suzuki-gsxr600-dje4se10', 'bin-codedef/suzuki-ecueditor/DJE4SE10.bin'],
];

const rounded = (n: number): number => Math.round(n * 1000) / 1000;

function line(group: KnownGroup): string {
  const { features, ...rest } = group;
  const entries = Object.entries(features).map(([name, n]) => [name, rounded(n)]);
  return `  - ${JSON.stringify({ ...rest, features: Object.fromEntries(entries) })}`;
}

const lines: string[] = [];
for (const [definition, image] of IMAGES) {
  const maps = await listedMaps(image, null, 0);
  const groups = knownGroupsOf(definition, maps).filter((g) => Object.values(g.features).every(Number.isFinite));
  lines.push(...groups.map(line));
  console.log(`${definition}: ${groups.length} groups of ${maps.length} maps`);
}
mkdirSync('rules/analogy', { recursive: true });
writeFileSync(
  'rules/analogy/known-groups.yaml',
  `# Written by npm run finder:known from factory images: shapes and numbers without dimension, no calibration.\ngroups:\n${lines.join('\n')}\n`,
);
