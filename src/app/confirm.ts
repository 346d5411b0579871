/** What a person says about guessed items of a definition, written into the definition: confirmed ones are judged, rejected ones are not read. */
import { resolve } from 'node:path';
import { isMap, isSeq, type YAMLMap } from 'yaml';
import { decode } from '../core/decode.ts';
import { RevsyncError } from '../core/errors.ts';
import type { TuneMap } from '../core/model.ts';
import { imageOf } from './decode-file.ts';
import { readDefinitionBytes, readDefinitionFile } from './definition-files.ts';
import { writeWhole } from './files.ts';
import { type Input, readInput } from './read-input.ts';
import { parseDocument } from './yaml.ts';

export type Answer = 'confirmed' | 'rejected';

/** The definition, its image and what is still guessed. */
export interface ToConfirm {
  definitionPath: string;
  image: Input;
  /** Guessed items that nobody has answered, decoded, in the definition's order. */
  open: TuneMap[];
  /** Items that count already, and all that the definition reads. */
  settled: number;
  all: number;
}

/** @throws RevsyncError NOT_YAML | what reading says */
export async function toConfirm(definitionPath: string, imagePath: string, cwd: string): Promise<ToConfirm> {
  const definition = readDefinitionFile(definitionPath, cwd);
  if (definition.format !== 'revsync-definition') {
    throw new RevsyncError(
      'NOT_YAML',
      `"${definitionPath}" is no revsync YAML definition: its guesses cannot be confirmed here`,
      'In an XDF take a table out of the category "Guessed, unconfirmed" to confirm it; or propose YAML: revsync definitions propose IMAGE -o FILE.yaml',
    );
  }
  const image = await readInput(imagePath, cwd);
  const { maps } = decode(imageOf(image), definition);
  const open = maps.filter((m) => m.guess !== undefined);
  return { definitionPath, image, open, settled: maps.length - open.length, all: maps.length };
}

/**
 * Exact id or title, else all whose title holds the text as it stands: "group 1" takes in no "group 10". A loose match would confirm what
 * nobody meant.
 * @throws RevsyncError MAP_NOT_FOUND
 */
export function selectOpen(open: readonly TuneMap[], text: string): TuneMap[] {
  const exact = open.filter((m) => m.id === text || m.title === text);
  if (exact.length > 0) return exact;
  const phrase = text.trim().toLowerCase();
  const holds = (title: string): boolean => {
    const at = title.toLowerCase().indexOf(phrase);
    return phrase !== '' && at >= 0 && !/[a-z0-9]/i.test(title.charAt(at + phrase.length));
  };
  const found = open.filter((m) => holds(m.title));
  if (found.length > 0) return found;
  throw new RevsyncError(
    'MAP_NOT_FOUND',
    `no guessed item is called "${text}"`,
    'revsync definitions confirm DEFINITION IMAGE lists what is still open.',
  );
}

/**
 * Writes the answers into the file, which keeps its comments and everything else.
 * @param answers by title
 * @param note when, and on which image
 * @throws RevsyncError CANNOT_WRITE
 */
export function writeAnswers(path: string, cwd: string, answers: ReadonlyMap<string, Answer>, note: string): void {
  const full = resolve(cwd, path);
  const document = parseDocument(new TextDecoder().decode(readDefinitionBytes(full, path)));
  for (const section of ['maps', 'scalars', 'flags']) {
    const list = document.get(section);
    if (!isSeq(list)) continue;
    for (const line of list.items) if (isMap(line)) answer(line, answers, note, document.createNode.bind(document));
  }
  try {
    writeWhole(full, document.toString({ lineWidth: 0, flowCollectionPadding: true }));
  } catch (error) {
    throw new RevsyncError(
      'CANNOT_WRITE',
      `"${path}" cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      'Copy it to a folder that is yours.',
      error,
    );
  }
}

/** A line that stands for several twins is answered once all of them were answered alike. */
function answer(
  line: YAMLMap,
  answers: ReadonlyMap<string, Answer>,
  note: string,
  node: (value: string) => unknown,
): void {
  if (!line.has('guessed') || line.has('confirmed') || line.has('rejected')) return;
  const own = titlesOf(line).map((t) => answers.get(t));
  const first = own[0];
  if (first === undefined || own.some((a) => a !== first)) return;
  line.set(first, node(note));
}

/** Titles that a line stands for: {cylinder} and the like are filled in. */
function titlesOf(line: YAMLMap): string[] {
  let titles = [String(line.get('title') ?? '')];
  const sets = line.get('for');
  if (!isMap(sets)) return titles;
  for (const { key, value } of sets.items) {
    const values = isSeq(value) ? value.items.map(String) : [String(value)];
    titles = titles.flatMap((t) => values.map((v) => t.replaceAll(`{${String(key)}}`, v)));
  }
  return titles;
}
