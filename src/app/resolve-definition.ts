/**
 * Which definition reads this image? From --definition, else a sidecar beside the file, else the user's library,
 * else the bundled one: always by evidence, never by a silent guess.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { imageBytes, imageSpan } from '../core/arrangements.ts';
import { RevsyncError } from '../core/errors.ts';
import { checkIdentifiers } from '../core/identifiers.ts';
import type { Definition, Image } from '../core/model.ts';
import type { DefinitionInfo } from '../core/report.ts';
import { fromObject } from '../formats/revsync-definition/index.ts';
import { type Candidate, suggestionText } from './definition-candidate.ts';
import { besideImage, parseDefinition, readDefinitionFile, sidecars, triedForHint } from './definition-files.ts';
import { advised, fitImage } from './fit-image.ts';
import { noDefinition } from './no-definition.ts';

/** A definition of the user's own library, as bytes. */
export interface LibraryDefinition {
  id: string;
  name: string;
  bytes: Uint8Array;
}

export interface ResolveRequest {
  image: Image;
  /** Path of the image as the user wrote it; null for stdin. */
  imagePath: string | null;
  cwd: string;
  definition: string | null;
  /** SHA-256 of the definition that reads another file of the same software: where it fits it goes before what lies beside the image. */
  like?: string | null;
  shiftBytes: number;
  library: LibraryDefinition[];
  warn(text: string): void;
  ask: ((question: string, choices: { value: string; name: string }[]) => Promise<string | null>) | null;
  /** What reads the stock file of the same software, where nothing fits: it may fit in part. */
  software?: Candidate;
}

/** Raised where a definition was found and does not fit: carries it, so that a report can show the evidence. */
export class DefinitionMismatch extends RevsyncError {
  readonly candidate: Candidate;

  constructor(message: string, hint: string, candidate: Candidate) {
    super('DEFINITION_MISMATCH', message, hint);
    this.candidate = candidate;
  }
}

/** What a report says about the definition in use. */
export function definitionInfo(candidate: Candidate): DefinitionInfo {
  const { definition, fit } = candidate;
  return {
    path: candidate.path,
    id: definition.id,
    title: definition.title,
    origin: candidate.origin,
    verdict: fit.verdict,
    identified: fit.identified,
    evidence: fit.evidence,
    suggestion: suggestionText(fit),
  };
}

/** Bundled definitions that an image of this size may have, parsed; null: all. */
export async function bundledDefinitions(image: Image | null): Promise<Definition[]> {
  const all = await loadKnowledge('definitions');
  return all
    .filter((d) => {
      const sizes = (d.object as { image?: { bytes?: number | number[] } }).image?.bytes;
      if (image === null || sizes === undefined) return true;
      const list = [sizes].flat();
      return list.includes(imageBytes(image)) || (image.addressed === true && list.some((n) => imageSpan(image) <= n));
    })
    .map(parsed);
}

/** Read once, however many images are asked. */
const known = new Map<string, Definition>();

function parsed({ object, sha256, id }: { object: unknown; sha256: string; id: string }): Definition {
  const definition = known.get(sha256) ?? fromObject(object, sha256, id);
  known.set(sha256, definition);
  return definition;
}

/** Bundled definitions for another size whose memory may stand in this file: by an id of theirs, in any order of bytes, or by their size. */
async function bundledInside(image: Image): Promise<Definition[]> {
  const sized = new Set((await bundledDefinitions(image)).map((d) => d.id));
  return (await bundledDefinitions(null)).filter((d) => !sized.has(d.id) && d.imageBytes.length > 0);
}

/** The bundled definition of that id, where no file has that name. */
async function bundledById(id: string, cwd: string): Promise<Definition | null> {
  if (existsSync(resolve(cwd, id))) return null;
  const entry = (await loadKnowledge('definitions')).find((d) => d.id === id);
  return entry === undefined ? null : parsed(entry);
}

/** Every definition of a source held against the image, best first. */
export function rankCandidates(candidates: Candidate[]): Candidate[] {
  const order = { fits: 0, uncertain: 1, mismatch: 2 };
  return candidates.sort(
    (a, b) =>
      order[a.fit.verdict] - order[b.fit.verdict] ||
      b.fit.score - a.fit.score ||
      a.definition.id.localeCompare(b.definition.id),
  );
}

/** How many of those that nearly fit are asked what would make them fit: it takes a tenth of a second each. */
const ADVISED = 3;

/** All candidates of the user's library and of the bundled one, best first: `revsync definitions match`. */
export async function matchDefinitions(
  image: Image,
  library: LibraryDefinition[],
  warn: (text: string) => void,
): Promise<Candidate[]> {
  const user = libraryCandidates(image, library, warn);
  const bundled = (await bundledDefinitions(null)).map((definition) =>
    candidate(image, () => definition, 'bundled', null, 0, false),
  );
  const ranked = rankCandidates([...user, ...bundled]);
  if (ranked[0] === undefined || ranked[0].fit.verdict === 'fits') return ranked;
  const size = imageBytes(image);
  const near = ranked.filter((c) => c.definition.imageBytes.length === 0 || c.definition.imageBytes.includes(size));
  for (const c of near.slice(0, ADVISED)) c.fit = advised(c.image, c.definition, 0);
  return ranked;
}

function candidate(
  image: Image,
  read: (image: Image) => Definition,
  origin: Candidate['origin'],
  path: string | null,
  shift: number,
  // A whole library is asked whether it fits; what would make it fit is asked where a person looks at the answer.
  thorough = origin === 'flag' || origin === 'sidecar',
): Candidate {
  return { origin, path, ...fitImage(image, read, shift, thorough) };
}

function libraryCandidates(image: Image, library: LibraryDefinition[], warn: (text: string) => void): Candidate[] {
  const found: Candidate[] = [];
  for (const { id, name, bytes } of library) {
    try {
      found.push(candidate(image, (i) => parseDefinition(bytes, name, { image: i }), 'user', null, 0));
    } catch (error) {
      warn(`revsync: definition ${id} of your library was passed over: ${(error as Error).message}`);
    }
  }
  return found;
}

/**
 * @throws DefinitionMismatch where the given definition does not fit
 * @throws RevsyncError NO_DEFINITION | DEFINITION_TIE, with the way forward
 */
export async function resolveDefinition(request: ResolveRequest): Promise<Candidate> {
  const { image, cwd, warn } = request;
  if (request.definition !== null) {
    const path = request.definition;
    const byId = await bundledById(path, cwd);
    const given =
      byId === null
        ? candidate(image, (i) => readDefinitionFile(path, cwd, i), 'flag', path, request.shiftBytes)
        : candidate(image, () => byId, 'bundled', null, request.shiftBytes, true);
    if (given.fit.verdict === 'mismatch') throw mismatch(given);
    return given;
  }
  const alike = await definitionLike(request);
  if (alike !== null) return alike;
  const fallback: Candidate[] = [];
  if (request.imagePath !== null) {
    for (const path of sidecars(request.imagePath, cwd)) {
      let beside: Candidate;
      try {
        beside = candidate(image, (i) => readDefinitionFile(path, cwd, i), 'sidecar', path, request.shiftBytes);
      } catch (error) {
        warn(`revsync: ${path} lies beside the tune and was passed over: ${(error as Error).message}`);
        continue;
      }
      if (beside.fit.verdict === 'fits') return beside;
      warn(
        `revsync: ${path} lies beside the tune and ${beside.fit.verdict === 'mismatch' ? 'does not fit' : 'is doubtful'}: ${beside.fit.evidence.join('; ')}`,
      );
      fallback.push(beside);
    }
  }
  const fromUser = await pick(rankCandidates(libraryCandidates(image, request.library, warn)), request);
  if (fromUser !== null) return fromUser;
  const sized = await bundledDefinitions(image);
  const asked = (d: Definition): Candidate => candidate(image, () => d, 'bundled', null, request.shiftBytes);
  // Those whose id stands in its place go first: of thirty sisters of one size one is held against the image, not all.
  const named = sized.filter((d) => checkIdentifiers(image, d).identified);
  const fromNamed = await pick(rankCandidates(named.map(asked)), request);
  if (fromNamed !== null) return fromNamed;
  const bundled = rankCandidates(sized.map(asked));
  const fromBundle = await pick(bundled, request);
  if (fromBundle !== null) return fromBundle;
  const inside = rankCandidates((await bundledInside(image)).map(asked));
  const fromInside = await pick(inside, request);
  if (fromInside !== null) return fromInside;
  const fromFolder = await pick(
    rankCandidates(folderCandidates(request, besideImage).filter((c) => c.fit.identified)),
    request,
  );
  if (fromFolder !== null) return fromFolder;
  const doubtful = fallback.find((c) => c.fit.verdict === 'uncertain');
  if (doubtful !== undefined) return doubtful;
  if (fallback[0] !== undefined) throw mismatch(fallback[0]);
  if (request.software !== undefined) {
    const { definition, origin, path } = request.software;
    const same = candidate(image, () => definition, origin, path, request.shiftBytes);
    if (same.fit.verdict !== 'mismatch') return same;
  }
  const near = rankCandidates(folderCandidates(request, triedForHint)).find((c) => c.fit.verdict !== 'mismatch');
  throw noDefinition({ image, imagePath: request.imagePath, ranked: bundled, inside, beside: near ?? null });
}

/** The definition of the user's library or of the bundled ones that is wanted by its hash, where it fits. */
async function definitionLike({ image, library, warn, like, shiftBytes }: ResolveRequest): Promise<Candidate | null> {
  if (like == null) return null;
  const bundled = (await bundledDefinitions(image)).filter((d) => d.sha256 === like);
  const all = [
    ...libraryCandidates(image, library, warn),
    ...bundled.map((d) => candidate(image, () => d, 'bundled', null, shiftBytes)),
  ];
  return all.find((c) => c.definition.sha256 === like && c.fit.verdict === 'fits') ?? null;
}

/** Definitions in the image's folder under any name: one whose id is in the image is taken (ECUFlash keeps them so), another one only named. */
function folderCandidates(
  { image, imagePath, cwd, shiftBytes }: ResolveRequest,
  namesOf: typeof besideImage,
): Candidate[] {
  if (imagePath === null) return [];
  const found: Candidate[] = [];
  for (const path of namesOf(imagePath, cwd)) {
    try {
      found.push(candidate(image, (i) => readDefinitionFile(path, cwd, i), 'sidecar', path, shiftBytes, false));
    } catch (error) {
      // Nobody named this file: one that cannot be read is no answer, and no fault of the image.
      if (!(error instanceof RevsyncError)) throw error;
    }
  }
  return found;
}

/** The one that fits; a tie is a question, and an error where nobody can be asked. */
async function pick(ranked: Candidate[], request: ResolveRequest): Promise<Candidate | null> {
  const fitting = ranked.filter((c) => c.fit.verdict === 'fits');
  const best = fitting[0];
  if (best === undefined) return null;
  if (fitting.some((c) => c.image.window?.offsetBytes !== best.image.window?.offsetBytes))
    return oneOfSeveral(fitting, request);
  const tied = fitting.filter((c) => best.fit.score - c.fit.score < 0.02);
  if (tied.length === 1) return best;
  if (request.ask !== null) {
    const chosen = await request.ask(
      'Several definitions fit this image equally well. Which is it?',
      tied.map((c) => ({ value: c.definition.id, name: `${c.definition.title} (${c.fit.evidence[0] ?? ''})` })),
    );
    const choice = tied.find((c) => c.definition.id === chosen);
    if (choice !== undefined) return choice;
  }
  throw new RevsyncError(
    'DEFINITION_TIE',
    `several definitions fit this image equally well: ${tied.map((c) => c.definition.id).join(', ')}`,
    'Name the right one: --definition with its id or its file.',
  );
}

/** A file that holds the images of several ECUs: one is meant, and only a person knows which. */
async function oneOfSeveral(fitting: Candidate[], request: ResolveRequest): Promise<Candidate> {
  const place = (c: Candidate): string =>
    `${c.definition.id} at 0x${(c.image.window?.offsetBytes ?? 0).toString(16).toUpperCase()}`;
  const chosen = await request.ask?.(
    'The file holds several images. Which one is meant?',
    fitting.map((c) => ({ value: c.definition.id, name: `${c.definition.title}, ${place(c)}` })),
  );
  const choice = fitting.find((c) => c.definition.id === chosen);
  if (choice !== undefined) return choice;
  throw new RevsyncError(
    'SEVERAL_IMAGES',
    `the file holds ${fitting.length} images: ${fitting.map(place).join(', ')}`,
    'Cut out the one that you mean, or name its definition: --definition ID.',
  );
}

function mismatch(given: Candidate): DefinitionMismatch {
  const suggestion = suggestionText(given.fit);
  return new DefinitionMismatch(
    `this definition is not for this image: ${given.fit.evidence.join('; ')}`,
    suggestion === null
      ? 'It is for another software revision or another ECU. revsync definitions match FILE shows what fits.'
      : `Another revision: ${suggestion}.`,
    given,
  );
}
