/** The files that are proven on: every decodable tune of the corpus beside the project, or the fixtures where there is none. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import families from './families.json' with { type: 'json' };

/** One file with the definition that reads it. */
export interface Subject {
  /** Unique: file, definition. */
  id: string;
  /** ECU family: what the split goes by. */
  family: string;
  heldOut: boolean;
  path: string;
  /** Absolute path, null where the file describes itself or is bundled. */
  definition: string | null;
  shiftBytes: number;
  bike: string | null;
  /** A file as the factory made it; else one that somebody tuned. */
  factory: boolean;
}

/** @returns true where the family's name falls to the third that is not looked at */
export const isHeldOut = (family: string): boolean => createHash('sha256').update(family).digest()[0]! % 3 === 0;

const FOLDERS: Record<string, string> = families.folders;
const BIKES: Record<string, string> = families.bikes;

/** Family of a file of the corpus: named in families.json, else its folder. */
export function familyOf(path: string): string {
  const known = Object.keys(FOLDERS).find((prefix) => path === prefix || path.startsWith(`${prefix}/`));
  return known === undefined ? (path.split('/')[1] ?? path) : FOLDERS[known]!;
}

function subjectOf(root: string, path: string, definition: string | null, shiftBytes: number): Subject {
  const family = familyOf(path);
  const factory = !path.startsWith('msq/') && !families.tuned.includes(path);
  return {
    // One image and definition may be paired twice, at different shifts.
    id:
      definition === null
        ? path
        : `${path} by ${definition.split('/').at(-1)}${shiftBytes === 0 ? '' : ` at ${shiftBytes}`}`,
    family,
    heldOut: isHeldOut(family),
    path: join(root, path),
    definition: definition === null ? null : join(root, definition),
    shiftBytes,
    bike: BIKES[family] ?? null,
    factory,
  };
}

/** Folders of the corpus that hold no tunes. */
const NO_TUNES = /^(logs|definition-facts|derived|opaque|ols|a2l-only|xdf-only)\//;
const NOT_A_TUNE = /\.(xdf|xml|a2l|md|tsv|json|ini|txt|dsc|adx|gz|csv|msqpart|yaml|LICENSE)$/i;

/** Candidates of the corpus: whether one decodes is found out by decoding it. */
export function corpusSubjects(root: string): Subject[] {
  if (!existsSync(join(root, 'PAIRS.tsv'))) return [];
  const pairs = readFileSync(join(root, 'PAIRS.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .map((f) => subjectOf(root, f[1]!, f[0]!, Number(f[2] || 0)));
  const bare = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !NO_TUNES.test(path) && !NOT_A_TUNE.test(path) && path.includes('/'))
    .filter((path) => statSync(join(root, path)).isFile())
    .sort()
    .map((path) => subjectOf(root, path, null, 0));
  const paired = new Set(pairs.map((s) => s.path));
  const described = describedSubjects(root);
  const named = new Set([...described.map((s) => s.path)]);
  return [...pairs, ...described, ...bare.filter((s) => !named.has(s.path) || paired.has(s.path))];
}

/** Images whose definition is of another format and lies beside them under another name. */
function describedSubjects(root: string): Subject[] {
  const known: [string, string][] = [
    ['a2l-bin/bmw-mss52-a2l/52_508a2lform.bin', 'a2l-bin/bmw-mss52-a2l/52_V508_big_endian.A2L'],
    [
      'ecuflash/evo8-94170008/bgutch_2003_evo8_02_18_2026.hex',
      'ecuflash/evo8-94170008/94170008 2004 USDM Lancer Evo 8 MT.xml',
    ],
    ['ecuflash/evo8-94170008/e8-t010-wgclear.hex', 'ecuflash/evo8-94170008/94170008 2004 USDM Lancer Evo 8 MT.xml'],
  ];
  return known
    .filter(([path, definition]) => existsSync(join(root, path)) && existsSync(join(root, definition)))
    .map(([path, definition]) => subjectOf(root, path, definition, 0));
}

/** What every clone has: small, made by us, so that a sample runs without the corpus. */
export function fixtureSubjects(root: string): Subject[] {
  const make = (path: string, definition: string | null): Subject => ({
    id: path,
    family: `fixture-${path.split('/')[1]}`,
    heldOut: false,
    path: join(root, path),
    definition: definition === null ? null : join(root, definition),
    shiftBytes: 0,
    bike: null,
    factory: path.endsWith('stock.bin'),
  });
  return [make('fixtures/example/stock.bin', 'fixtures/example/stock.yaml'), make('fixtures/msq/road.msq', null)];
}
