/** One file from its path to a decoded tune with roles: read, detect, resolve the definition, decode. */
import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { arrangementText } from '../core/arrangements.ts';
import { decode } from '../core/decode.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Definition, Image, Role, Tune, TuneMap } from '../core/model.ts';
import type { DefinitionFormat, TuneFormat } from '../core/ports.ts';
import { assignRoles, inferUnits, type RoleData } from '../core/roles/assign-roles.ts';
import { shellQuoted } from '../core/rules/message.ts';
import { windowDoubt, windowText } from '../core/window.ts';
import { allowed } from './allowed-files.ts';
import { askRoles } from './ask-roles.ts';
import type { Candidate } from './definition-candidate.ts';
import { readDefinitionBytes, readNeighbour } from './definition-files.ts';
import { type Detected, detectFormat } from './detect.ts';
import type { Surroundings } from './history.ts';
import { userLibrary } from './library.ts';
import { type Input, inputFromBytes, MAX_INPUT_BYTES, readInput, sha256 } from './read-input.ts';
import { DefinitionMismatch, resolveDefinition } from './resolve-definition.ts';

export interface DecodeRequest {
  definition: string | null;
  /** SHA-256 of the definition that reads another file of the same software: asked before what lies beside this one. */
  like?: string | null;
  shiftBytes: number;
  /** "TITLE=role" */
  roles: string[];
  warn(text: string): void;
  readStdin(limitBytes: number): Promise<Uint8Array>;
  /** A definition that does not fit still decodes, every map guessed: `maps` looks, `analyze` judges. */
  lenient?: boolean;
  /** The definition of the stock file of the same software: asked where no other one fits. */
  software?: Candidate;
  ask?: ((question: string, choices: { value: string; name: string }[]) => Promise<string | null>) | null;
}

export interface Decoded {
  input: Input;
  detected: Detected;
  /** Null for tunes that describe themselves. */
  image: Image | null;
  candidate: Candidate | null;
  /** SHA-256 of the definition or of the .ini in use, null where none. */
  definitionSha256: string | null;
  tune: Tune;
  /** "TITLE=role": given, and answered where it was asked. */
  roles: string[];
}

/** A file that was read but cannot be judged: what is known of it travels along. */
export class RefusedFile extends RevsyncError {
  readonly input: Input;
  readonly detected: Detected | null;

  constructor(
    error: { code: string; message: string; hint: string },
    input: Input,
    detected: Detected | null,
    cause?: unknown,
  ) {
    super(error.code, error.message, error.hint, cause);
    this.input = input;
    this.detected = detected;
  }
}

/** Reads what the user named: a path, or "-" for standard input. */
export async function readNamed(
  path: string,
  cwd: string,
  readStdin: DecodeRequest['readStdin'],
  signal?: AbortSignal | null,
): Promise<Input> {
  return path === '-' ? inputFromBytes(await readStdin(MAX_INPUT_BYTES)) : readInput(path, cwd, signal);
}

/**
 * The image in a file of any image format.
 * @throws RefusedFile
 */
export function imageOf(input: Input): Image {
  const detected = detectFormat(input.bytes, input.name);
  if (detected?.format.kind === 'image') return detected.format.read(input.bytes, sha256);
  throw refusal(input, detected);
}

/**
 * @throws RevsyncError where the file cannot be read
 * @throws RefusedFile where it is read and cannot be decoded
 */
export async function decodeFile(path: string, request: DecodeRequest, around: Surroundings): Promise<Decoded> {
  return decodeInput(await readNamed(path, around.cwd, request.readStdin), request, around);
}

/** The same for bytes already read. */
export async function decodeInput(input: Input, request: DecodeRequest, around: Surroundings): Promise<Decoded> {
  const detected = detectFormat(input.bytes, input.name);
  if (detected === null || detected.format.kind === 'refused' || detected.format.id === 'csv')
    await refuseRideLog(input, detected);
  if (detected === null || detected.format.kind === 'refused' || detected.format.kind === 'definition')
    throw refusal(input, detected);
  try {
    const base =
      detected.format.kind === 'tune'
        ? decodeSelfDescribing(input, detected, detected.format, request, around)
        : await decodeImage(input, detected, request, around);
    const tune = await withRoles(base.tune, request.roles);
    if (request.ask == null || detected.format.kind !== 'tune') return { ...base, tune, roles: request.roles };
    const said = await askRoles(tune, detected.format, request.ask);
    const roles = [...request.roles, ...said];
    return { ...base, tune: said.length === 0 ? tune : await withRoles(base.tune, roles), roles };
  } catch (error) {
    if (!(error instanceof RevsyncError) || error instanceof RefusedFile) throw error;
    throw new RefusedFile(error, input, detected, error);
  }
}

/** A table of numbers may be a ride instead of a map. */
async function refuseRideLog(input: Input, detected: Detected | null): Promise<void> {
  const { isRideLog } = await import('./ride-logs.ts');
  if (!(await isRideLog(input.bytes, input.name))) return;
  throw new RefusedFile(
    {
      code: 'LOG_FILE',
      message: 'this is a log of a ride, no tune',
      hint: `Give it with the tune that was ridden: revsync analyze tune.bin --log ${shellQuoted(input.path)}`,
    },
    input,
    detected,
  );
}

function refusal(input: Input, detected: Detected | null): RefusedFile {
  const { format } = detected ?? {};
  if (format?.kind === 'refused') return new RefusedFile(format.refuse(input.bytes, input.name), input, detected);
  if (format?.kind === 'definition') {
    const fault = format.byItself === true ? faultOf(format, input) : null;
    if (fault !== null) return new RefusedFile(fault, input, detected, fault);
    return new RefusedFile(
      {
        code: 'IS_A_DEFINITION',
        message: `this is a definition (${format.title}): it says where maps are and holds no values`,
        hint: `Give the image too: revsync analyze tune.bin --definition ${shellQuoted(input.path)}`,
      },
      input,
      detected,
    );
  }
  return new RefusedFile(
    {
      code: 'UNKNOWN_FORMAT',
      message: 'no format that revsync knows',
      hint: 'revsync analyze --help lists what can be read.',
    },
    input,
    detected,
  );
}

/** Why a definition could not be read either: a scrambled one is no help beside an image. */
function faultOf(format: DefinitionFormat, input: Input): RevsyncError | null {
  try {
    format.parse(input.bytes, { name: input.name, sha256 });
    return null;
  } catch (error) {
    if (error instanceof RevsyncError) return error;
    throw error;
  }
}

function decodeSelfDescribing(
  input: Input,
  detected: Detected,
  format: TuneFormat,
  request: DecodeRequest,
  around: Surroundings,
): Omit<Decoded, 'roles'> {
  const companion = findCompanion(input, request, around.cwd);
  const tune = format.decode(input.bytes, { name: input.name, sha256, companion });
  return {
    input,
    detected,
    image: null,
    candidate: null,
    definitionSha256: companion === null ? null : sha256(companion.bytes),
    tune,
  };
}

/** The .ini given, or the one beside the file that bears its name; others are for other firmware. */
function findCompanion(input: Input, request: DecodeRequest, cwd: string): { name: string; bytes: Uint8Array } | null {
  if (request.definition !== null) {
    const path = allowed(resolve(cwd, request.definition), request.definition);
    return { name: basename(request.definition), bytes: readDefinitionBytes(path, request.definition) };
  }
  if (input.path === '-') return null;
  const full = resolve(cwd, input.path);
  const stem = input.name.slice(0, input.name.length - extname(input.name).length).toLowerCase();
  try {
    const beside = readdirSync(dirname(full)).find((e) => e.toLowerCase() === `${stem}.ini`);
    const bytes = beside === undefined ? null : readNeighbour(join(dirname(full), beside));
    return bytes === null ? null : { name: beside!, bytes };
  } catch {
    return null;
  }
}

async function decodeImage(
  input: Input,
  detected: Detected,
  request: DecodeRequest,
  around: Surroundings,
): Promise<Omit<Decoded, 'roles'>> {
  if (detected.format.kind !== 'image') throw new Error('decodeImage is for images');
  const candidate = await resolveLeniently(detected.format.read(input.bytes, sha256), input, request, around);
  const { image } = candidate;
  const tune = decode(image, candidate.definition, { shiftBytes: request.shiftBytes });
  return {
    input,
    detected,
    image,
    candidate,
    definitionSha256: candidate.definition.sha256,
    tune: inFileOrder(
      request.lenient === true ? graded(tune, candidate) : withoutGuesses(withoutBlank(graded(tune, candidate))),
      image,
    ),
  };
}

/** What stands in a part of the file that was never read has no value, and least of all the one of blank bytes. */
function withoutBlank(tune: Tune): Tune {
  const blank = tune.maps.filter((m) => m.blankAround !== undefined);
  if (blank.length === 0) return tune;
  const reason = (byte: number): string =>
    `it stands in a stretch of blank bytes (0x${byte.toString(16).toUpperCase().padStart(2, '0')}): that part of the file was not read, or is erased`;
  return {
    ...tune,
    maps: tune.maps.filter((m) => m.blankAround === undefined),
    undecoded: [
      ...tune.undecoded,
      ...blank.map(({ id, title, blankAround }) => ({ id, title, reason: reason(blankAround!) })),
    ],
  };
}

/** What nobody has confirmed is named, and nothing of it is judged. */
function withoutGuesses(tune: Tune): Tune {
  const guessed = tune.maps.filter((m) => m.guess !== undefined);
  if (guessed.length === 0) return tune;
  const maps = tune.maps.filter((m) => m.guess === undefined);
  const settings = { ...tune.facts.settings, ...(maps.length === 0 ? { 'revsync.guessed': 'all' } : {}) };
  return {
    ...tune,
    maps,
    undecoded: [
      ...tune.undecoded,
      ...guessed.map(({ id, title, guess }) => ({ id, title, reason: `guessed, unconfirmed: ${guess}` })),
    ],
    warnings: [
      ...tune.warnings,
      `${guessed.length} of ${tune.maps.length} items are guessed, unconfirmed, and are not judged: revsync definitions confirm DEFINITION IMAGE shows each for you to say yes or no`,
    ],
    facts: { ...tune.facts, settings },
  };
}

/** A file that had to be put in order to be read is said to be one: what is right in it is not where the ECU looks. */
function inFileOrder(tune: Tune, image: Image): Tune {
  const { arrangement } = image;
  const text = windowText(image);
  const warnings = text === null ? tune.warnings : [...tune.warnings, text];
  const order = arrangement == null ? null : arrangementText(arrangement);
  const asItLies =
    order === null
      ? windowDoubt(image)
      : `the file has ${order}: as it lies it starts no ECU; bring it into the ECU's order first`;
  if (asItLies === null) return { ...tune, warnings };
  const settings = { ...tune.facts.settings, 'revsync.asItLies': asItLies };
  return { ...tune, warnings, facts: { ...tune.facts, settings } };
}

async function resolveLeniently(
  image: Image,
  input: Input,
  request: DecodeRequest,
  around: Surroundings,
): Promise<Candidate> {
  try {
    return await resolveDefinition({
      image,
      imagePath: input.path === '-' ? null : input.path,
      cwd: around.cwd,
      definition: request.definition,
      like: request.like ?? null,
      shiftBytes: request.shiftBytes,
      library: request.definition === null ? await (around.library?.() ?? userLibrary(around, request.warn)) : [],
      warn: request.warn,
      ask: request.ask ?? null,
      ...(request.software === undefined ? {} : { software: request.software }),
    });
  } catch (error) {
    if (!(error instanceof DefinitionMismatch) || request.lenient !== true) throw error;
    request.warn(
      `revsync: ${error.code}: ${error.message}\n  ${error.hint} The maps below are decoded with it all the same; none of them may be believed.`,
    );
    return error.candidate;
  }
}

/**
 * The confidence of each map under what is known of the whole definition: one that fits and is identified by an embedded
 * id verifies its sound maps; one that does not fit makes every map guessed.
 */
function graded(tune: Tune, { fit, definition }: Candidate): Tune {
  const titles = suspectTitles(definition, fit.suspect);
  const placed = suspectTitles(definition, fit.placed);
  return {
    ...tune,
    maps: tune.maps.map((map) => {
      if (map.guess !== undefined || fit.verdict === 'mismatch') return { ...map, confidence: 'guessed' as const };
      if (fit.verdict === 'fits' && placed.has(map.title) && !map.unset)
        return { ...map, confidence: 'plausible' as const };
      if (titles.has(map.title) && (map.confidence !== 'guessed' || fit.identified) && !map.unset)
        return { ...map, confidence: 'plausible' as const };
      if (fit.verdict === 'fits' && fit.identified && map.confidence === 'plausible')
        return { ...map, confidence: 'verified' as const };
      // Axes of mere labels ("Off", "On") tell nothing about a place: the id alone does.
      if (fit.verdict === 'fits' && fit.identified && map.confidence === 'guessed' && !map.unset && overLabels(map))
        return { ...map, confidence: 'verified' as const };
      // The place is certain where the software is identified: what looks odd there is what the file holds.
      if (fit.verdict === 'fits' && fit.identified && map.confidence === 'guessed' && !map.unset) {
        return { ...map, confidence: 'plausible' as const };
      }
      return map;
    }),
  };
}

/** No axis is stored: nothing of it can be out of order. */
const overLabels = (map: TuneMap): boolean =>
  map.axes.length > 0 && map.axes.every((a) => a.known && a.raw === null && a.labels !== null);

function suspectTitles(definition: Definition, suspect: Set<string>): Set<string> {
  return new Set(definition.items.filter((i) => suspect.has(i.key)).map((i) => i.title));
}

async function withRoles(tune: Tune, roles: string[]): Promise<Tune> {
  const data = (await loadKnowledge('data'))['roles'] as RoleData;
  const overrides: Record<string, Role> = {};
  for (const text of roles) {
    const at = text.lastIndexOf('=');
    if (at < 1)
      throw new RevsyncError('ROLE_INVALID', `--role "${text}" is not TITLE=ROLE`, 'Such as --role "Table 7=spark".');
    overrides[text.slice(0, at)] = text.slice(at + 1) as Role;
  }
  return inferUnits(assignRoles(tune, data, overrides));
}
