/** The motorcycle images of the corpus that have a definition: what the map finder is measured on. */
import { join, resolve } from 'node:path';
import { decodeFile } from '../../app/decode-file.ts';
import type { TuneMap } from '../../core/model.ts';

export const CORPUS = resolve('../shared/corpus');

/** Image, definition (null: the bundled one), shift. */
export const IMAGES: [string, string | null, number][] = [
  ['xdf-bin/vfr1200f-mge/38770-MGE-773.bin', 'xdf-bin/vfr1200f-mge/HONDA_VFR1200F_38770-MGE-773.xdf', 0],
  [
    'xdf-bin/vfr1200f-mge/38770-MGE-773_merged_maxValues.bin',
    'xdf-bin/vfr1200f-mge/HONDA_VFR1200F_38770-MGE-773.xdf',
    0,
  ],
  ['xdf-bin/cbr500r-mgz/38770-MGZ-A03.bin', 'xdf-bin/cbr500r-mgz/38770-MGZ_testing.xdf', 0],
  ['xdf-bin/cbr500r-mjw/38770-MJW-AQ1.bin', 'xdf-bin/cbr500r-mjw/38770-MJW.xdf', 0],
  ['xdf-bin/cbr500r-mjw/38770-MJW-DR1.bin', 'xdf-bin/cbr500r-mjw/38770-MJW.xdf', 0],
  ['xdf-bin/msx125-k26-911/38770-K26-911.bin', 'xdf-bin/msx125-k26-911/38770-K26-911.xdf', 0],
  ['xdf-bin/msx125-k26-911/38770-K26-931.bin', null, 0],
  ['xdf-bin/msx125-k26-b13/38770-K26-B13.bin', 'xdf-bin/msx125-k26-b13/38770-K26-B13.xdf', 0],
  ['xdf-bin/z125-k0f/38770-K0F-A01.bin', 'xdf-bin/z125-k0f/38770-K0F-A01.xdf', 0],
  ['xdf-bin/cbr1000rr-mgp/38770-MGP-A01.bin', 'xdf-bin/cbr1000rr-mgp/CBR1000RR_2012_US.xdf', 0],
  ['bin-codedef/honda-cbr250rr-k64/38770-K64-N04.bin', null, 0],
  ['xdf-bin/ducati-900ss-15m/AM28F010_DUCATI_900_SS_EU.bin', 'xdf-bin/ducati-900ss-15m/Ducati_M15_3.xdf', -10],
  ['xdf-bin/hayabusa-gen3/Hayabusa gen 3 stock.bin', 'xdf-bin/hayabusa-gen3/Suzuki-GSXR1300-32910-10LX0.xdf', -4],
  ['bin-codedef/hayabusa-gen2-k8/K8.bin', null, 0],
  ['bin-codedef/suzuki-ecueditor/Bking-DJ47SE01.bin', null, 0],
  ['bin-codedef/suzuki-ecueditor/gixxerk9-DJB5SE01.bin', null, 0],
  ['bin-codedef/suzuki-ecueditor/DJ55SE10.bin', null, 0],
  ['bin-codedef/suzuki-ecueditor/DJE4SE10.bin', null, 0],
  ['xdf-bin/suzuki-denso-41g/32920-41G00.bin', 'xdf-bin/suzuki-denso-41g/32920-41G00.xdf', 0],
];

/** Maps of at least 4x4 that the definition lists. */
export async function listedMaps(image: string, definition: string | null, shiftBytes: number): Promise<TuneMap[]> {
  const decoded = await decodeFile(
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
  return decoded.tune.maps.filter((m) => m.kind === 'map' && m.rows >= 4 && m.columns >= 4 && m.at !== null);
}

/** ECU family of an image: images of one family would vouch for each other. */
export function familyOf(image: string): string {
  const [kind, folder, file] = image.split('/') as [string, string, string];
  if (folder === 'suzuki-ecueditor') return file.replace(/\.bin$/, '');
  if (folder === 'msx125-k26-b13') return 'msx125-k26';
  return kind === 'xdf-bin' || kind === 'bin-codedef' ? folder.replace(/-911$/, '') : folder;
}

/** Two calibrations of one software, among the images that have a definition. */
export const TWINS: readonly [string, string][] = [
  ['xdf-bin/vfr1200f-mge/38770-MGE-773.bin', 'xdf-bin/vfr1200f-mge/38770-MGE-773_merged_maxValues.bin'],
  ['xdf-bin/cbr500r-mjw/38770-MJW-AQ1.bin', 'xdf-bin/cbr500r-mjw/38770-MJW-DR1.bin'],
  ['xdf-bin/msx125-k26-911/38770-K26-911.bin', 'xdf-bin/msx125-k26-911/38770-K26-931.bin'],
  ['xdf-bin/cbr1000rr-mgp/38770-MGP-A01.bin', 'bin-nodef/honda-keihin/38770-MGP-L01.bin'],
  ['xdf-bin/cbr500r-mgz/38770-MGZ-A03.bin', 'bin-nodef/honda-keihin/38770-MGZ-C03.bin'],
];
