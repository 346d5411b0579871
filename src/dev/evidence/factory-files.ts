/** Factory files of the corpus beside the project, decoded by every definition that reads them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Decoded, decodeFile } from '../../app/decode-file.ts';

/** One factory file under one definition. */
export interface FactoryFile {
  /** Path in the corpus and, where it is not the bundled one, the definition's name. */
  name: string;
  decoded: Decoded;
}

/** Made by tuners or merged from others: no factory files. */
const TUNED = /merged_maxValues|e8-t0\d\d|reflex-plus/;
/** Software of cars is read too, but the limits here are for motorcycles. */
const CARS = /^(xdf-bin\/(volvo|gm-|nissan|reflex)|ecuflash|a2l-bin)/;

/** Images whose definition is of another format and lies elsewhere; "" is the bundled one. */
const DESCRIBED: [string, string][] = [
  ['a2l-bin/bmw-mss52-a2l/52_508a2lform.bin', 'a2l-bin/bmw-mss52-a2l/52_V508_big_endian.A2L'],
  // The XML beside it is a list of variables in a form of its own.
  ['buell-eeprom/bueib/BUEIB.eeprom', ''],
  [
    'ecuflash/evo8-94170008/bgutch_2003_evo8_02_18_2026.hex',
    'ecuflash/evo8-94170008/94170008 2004 USDM Lancer Evo 8 MT.xml',
  ],
];

/** @param cars whether car ECUs count as well */
export async function factoryFiles(folder: string, cars = false): Promise<FactoryFile[]> {
  const corpus = resolve(folder);
  if (!existsSync(join(corpus, 'PAIRS.tsv'))) return [];
  const pairs = readFileSync(join(corpus, 'PAIRS.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .map(([definition = '', image = '', shift = '']) => ({ definition, image, shift: Number(shift) || 0 }));
  const described = DESCRIBED.map(([image, definition]) => ({ definition, image, shift: 0 }));
  const bundled = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(xdf-bin|bin-codedef|bin-nodef)\/.*\.bin$|^powervision\/.*\.pvv$/i.test(path))
    .map((image) => ({ definition: '', image, shift: 0 }));
  const files: FactoryFile[] = [];
  for (const { definition, image, shift } of [...pairs, ...described, ...bundled].sort((a, b) =>
    a.image.localeCompare(b.image),
  )) {
    if (TUNED.test(image) || (!cars && CARS.test(image))) continue;
    const decoded = await decodeQuietly(corpus, image, definition, shift);
    if (decoded === null) continue;
    const own = definition === '' ? '' : ` by ${definition.split('/').at(-1)}`;
    const name = `${image}${own}${shift === 0 ? '' : ` shifted ${shift}`}`;
    if (!files.some((f) => f.name === name)) files.push({ name, decoded });
  }
  return files;
}

/** TunerStudio projects: running tunes and base tunes, no factory files. */
export async function projectFiles(folder: string): Promise<FactoryFile[]> {
  const corpus = resolve(folder);
  if (!existsSync(corpus)) return [];
  const paths = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^msq\/.*\.msq$/i.test(path),
  );
  const files: FactoryFile[] = [];
  for (const name of paths.sort()) {
    const decoded = await decodeQuietly(corpus, name, '', 0);
    if (decoded !== null) files.push({ name, decoded });
  }
  return files;
}

/** Null: its definition does not fit, so that nothing of it may be judged. */
async function decodeQuietly(
  corpus: string,
  image: string,
  definition: string,
  shiftBytes: number,
): Promise<Decoded | null> {
  try {
    return await decodeFile(
      join(corpus, image),
      {
        definition: definition === '' ? null : join(corpus, definition),
        shiftBytes,
        roles: [],
        warn: () => undefined,
        readStdin: async () => new Uint8Array(0),
      },
      // No library and no user's files: only what is given.
      { flags: { store: false }, env: {}, cwd: corpus },
    );
  } catch {
    return null;
  }
}
