/**
 * Builds the library of 200 tunes that search is judged by: files of the public corpus, and variants of them with seeded changes
 * and a sidecar that says in a tuner's words what they are. library.yaml is the whole of it; the same seed gives the same bytes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { stringify } from 'yaml';
import { decodeFile } from '../../app/decode-file.ts';
import type { Definition, TuneMap } from '../../core/model.ts';
import { type Change, changeImage } from './change-image.ts';
import { changeMsq } from './change-msq.ts';
import { type Base, type LibraryData, type Raw, readLibraryData } from './library-data.ts';
import { seededRandom } from './seeded-random.ts';

/** One file of the library and how a person would have it analysed. */
export interface LibraryFile {
  /** What questions.yaml names; not written into the file. */
  id: string;
  path: string;
  /** The bike's own stock read. Null: none is given. */
  stock: string | null;
  definition: string | null;
}

/**
 * Writes the files and their sidecars into a folder, under names that tell nothing.
 * @param corpus folder of the public tune files
 */
export async function buildLibrary(corpus: string, folder: string): Promise<LibraryFile[]> {
  const data = readLibraryData();
  mkdirSync(folder, { recursive: true });
  const random = seededRandom(data.seed);
  const wanted = [
    ...data.bases.flatMap((base) => base.recipes.map((recipe) => ({ id: `${base.id}-${recipe}`, base, recipe }))),
    ...data.asTheyAre.map((raw) => ({ id: raw.id, raw })),
  ];
  const names = shuffled(
    wanted.map((_, i) => `tune-${String(i + 1).padStart(3, '0')}`),
    random,
  );
  const files: LibraryFile[] = [];
  for (const [i, one] of wanted.entries()) {
    const name = names[i]!;
    files.push(
      'raw' in one
        ? copyRaw(one.raw, corpus, folder, name)
        : await makeVariant(one.base, one.recipe, data, { corpus, folder, name, random }),
    );
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function copyRaw(raw: Raw, corpus: string, folder: string, name: string): LibraryFile {
  const path = join(folder, `${name}${extname(raw.file).toLowerCase()}`);
  writeFileSync(path, readFileSync(join(corpus, raw.file)));
  writeSidecar(path, { role: raw.role, motorcycle: raw.motorcycle });
  const beside = (file: string | undefined): string | null => (file === undefined ? null : join(corpus, file));
  return { id: raw.id, path, stock: beside(raw.stock), definition: beside(raw.definition) };
}

interface Place {
  corpus: string;
  folder: string;
  name: string;
  random: () => number;
}

async function makeVariant(base: Base, recipeId: string, data: LibraryData, place: Place): Promise<LibraryFile> {
  const { corpus, folder, name, random } = place;
  const recipe = data.recipes[recipeId]!;
  const source = join(corpus, base.file);
  const path = join(folder, `${name}${extname(base.file).toLowerCase()}`);
  const notes = notesOf(recipe.notes ?? [], data.asides, random);
  // No two tuners change by the same amount.
  const amount = 0.9 + 0.2 * random();
  const changes: Change[] = recipe.changes.map((c) => ({ ...c, amount }));
  const isMsq = base.file.endsWith('.msq');
  if (isMsq) writeFileSync(path, changeMsq(readFileSync(source, 'latin1'), changes, notes ?? ''), 'latin1');
  else writeFileSync(path, changeImage(readFileSync(source), await decoded(source), changes));
  writeSidecar(path, {
    motorcycle: base.motorcycle,
    // A TunerStudio tune carries its notes itself.
    notes: isMsq ? undefined : notes,
    fuel:
      recipe.ron === undefined && recipe.ethanolPercent === undefined
        ? undefined
        : { ron: recipe.ron, ethanolPercent: recipe.ethanolPercent },
    mods: recipe.mods,
    tags: recipe.tags,
  });
  return { id: `${base.id}-${recipeId}`, path, stock: stockRead(base, source, folder), definition: null };
}

/** The bike's own read as its owner keeps it: no definition lies beside it. */
function stockRead(base: Base, source: string, folder: string): string {
  const path = join(folder, 'reads', `${base.id}${extname(base.file).toLowerCase()}`);
  mkdirSync(join(folder, 'reads'), { recursive: true });
  writeFileSync(path, readFileSync(source));
  return path;
}

function notesOf(phrasings: string[], asides: string[], random: () => number): string | undefined {
  if (phrasings.length === 0) return undefined;
  const chosen = phrasings[Math.floor(random() * phrasings.length)]!;
  return random() < 0.5 ? chosen : `${chosen} ${asides[Math.floor(random() * asides.length)]}`;
}

function writeSidecar(path: string, content: Record<string, unknown>): void {
  const said = Object.fromEntries(Object.entries(content).filter(([, v]) => v !== undefined));
  if (Object.keys(said).length > 0) writeFileSync(`${path}.revsync.yaml`, stringify(said));
}

async function decoded(path: string): Promise<{ maps: TuneMap[]; definition: Definition }> {
  const { tune, candidate } = await decodeFile(
    path,
    { definition: null, shiftBytes: 0, roles: [], warn: () => undefined, readStdin: async () => new Uint8Array(0) },
    { flags: { store: false }, env: {}, cwd: '.' },
  );
  if (candidate === null) throw new Error(`${path} has no definition`);
  return { maps: tune.maps, definition: candidate.definition };
}

function shuffled<T>(list: T[], random: () => number): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
