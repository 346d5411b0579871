/** An image that no definition fits: what it may be all the same, and what to do about it. */
import { imageBytes } from '../core/arrangements.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Definition, Image } from '../core/model.ts';
import { movedBlocks } from '../core/moved.ts';
import { shellQuoted } from '../core/rules/message.ts';
import { placesOf } from '../core/window.ts';
import { type Candidate, suggestionText } from './definition-candidate.ts';

/** How many are asked what would make them fit: it takes a tenth of a second each. */
const ADVISED = 3;
/** So many tables have to stand where a definition says before a file is called a part of its image. */
const TELLING_TABLES = 5;
/** Of so few all have to. */
const FEW_TABLES = 3;

export interface Unknown {
  image: Image;
  /** As the user wrote it; null for stdin. */
  imagePath: string | null;
  /** Bundled definitions for an image of this size, best first, and those for another size. */
  ranked: Candidate[];
  inside: Candidate[];
  /** A definition in the file's folder that may be for it. */
  beside: Candidate | null;
}

export function noDefinition({ image, imagePath, ranked, inside, beside }: Unknown): RevsyncError {
  const file = imagePath === null ? 'FILE' : shellQuoted(imagePath);
  const near = [...ranked, ...inside.filter(isTelling)]
    .filter((c) => c.fit.goodTables > 0 || c.fit.identifiers.length > 0)
    .slice(0, 3);
  const nearest =
    near.length === 0
      ? ''
      : ` Nearest, and refused: ${near.map((c) => `${c.definition.id} (${c.fit.evidence.slice(0, 2).join('; ')})`).join(', ')}.`;
  const advice = beside === null ? adviceFor(image, file, ranked, inside) : null;
  const give =
    beside === null
      ? 'Give one with --definition bike.xdf, put it beside the file under the same name, or add it to your library: revsync definitions add bike.xdf.'
      : `One lies in its folder and may be it: revsync analyze ${file} --definition ${shellQuoted(beside.path ?? '')}.`;
  return new RevsyncError(
    'NO_DEFINITION',
    `no definition is known for this image of ${sizeText(imageBytes(image))}, so nothing in it can be read with certainty.${nearest}`,
    `${advice === null ? '' : `${advice} `}${give} Without one: revsync definitions propose ${file} names its maps by their likeness to known families, for you to confirm; revsync maps ${file} --candidates shows what looks like a map.`,
  );
}

const sizeText = (bytes: number): string =>
  bytes >= 1024 && bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;

/** Nearly all of its tables stand as the definition says; of few, all. */
const isTelling = ({ fit: { goodTables, badTables, damagedTables } }: Candidate): boolean => {
  const wrong = badTables + damagedTables;
  return goodTables >= TELLING_TABLES ? goodTables > 2 * wrong : goodTables >= FEW_TABLES && wrong === 0;
};

/** What this file most likely is, with the next step; null where nothing speaks for anything. */
function adviceFor(image: Image, file: string, ranked: Candidate[], inside: Candidate[]): string | null {
  const whole = ranked.find((c) => c.fit.verdict === 'uncertain' && isTelling(c));
  if (whole !== undefined)
    return `Its tables stand as in ${whole.definition.id}, and that it is the same software is not proven: --definition ${whole.definition.id} reads it so, without a number.`;
  const half = inside.map((c) => halfOf(image, c.definition)).find((text) => text !== null);
  if (half !== undefined) return half;
  const part = inside.find((c) => c.fit.another === null && isTelling(c));
  if (part !== undefined && imageBytes(image) < (part.definition.imageBytes[0] ?? 0))
    return `It may be a part of the image of ${part.definition.id}, which has ${part.definition.imageBytes.join(' or ')} bytes, and the id of its software is not in this part: read the whole chip.`;
  for (const c of ranked.slice(0, ADVISED)) {
    // One shift is found as one block; asking every shift of every axis takes half a second more.
    const text = suggestionText({ ...c.fit, moved: movedBlocks(c.image, c.definition), suggestion: null });
    if (text !== null)
      return `It resembles ${c.definition.id}: ${text.replace('DEFINITION IMAGE', `${c.definition.id} ${file}`)}.`;
  }
  return null;
}

/** One chip of two: the even or the odd bytes of an image, told by half of the letters of its id. */
function halfOf(image: Image, { identifiers, imageBytes: sizes, id }: Definition): string | null {
  const [only] = image.segments;
  if (only === undefined || image.segments.length !== 1 || !sizes.includes(2 * only.bytes.length)) return null;
  for (const { what, address, bytes } of identifiers) {
    if (what !== 'calibration') continue;
    for (const odd of [0, 1]) {
      const letters = bytes.filter((_, i) => (address + i) % 2 === odd);
      const first = address % 2 === odd ? address : address + 1;
      if (letters.length >= 3 && placesOf(only.bytes, letters).includes((first - odd) / 2))
        return `It holds every second byte of the image of ${id} (the ${odd === 0 ? 'even' : 'odd'} ones): two chips make that image, and both have to be in one file.`;
    }
  }
  return null;
}
