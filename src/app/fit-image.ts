/** One definition held against one image in every order its bytes may have. An order other than the file's own needs proof and is said. */
import { ARRANGEMENTS, arrangementText, fromZero, imageBytes, rearranged, standsAt } from '../core/arrangements.ts';
import type { Fit } from '../core/fit.ts';
import type { Arrangement } from '../core/image-model.ts';
import type { Definition, Image } from '../core/model.ts';
import { movedBlocks } from '../core/moved.ts';
import { fitWithProof } from '../core/proof.ts';
import { blankBeyond, isSameMemory, placesById, windowOf, windowText } from '../core/window.ts';

/** A definition's verdict, and the image as it reads it. */
export interface FittedImage {
  image: Image;
  definition: Definition;
  fit: Fit;
}

/** Rearranged images are made once, however many definitions are asked. Null: the file cannot lie so. */
const made = new WeakMap<Image, Map<Arrangement, Image | null>>();

function inOrder(image: Image, arrangement: Arrangement): Image | null {
  let known = made.get(image);
  if (known === undefined) {
    known = new Map();
    made.set(image, known);
  }
  let found = known.get(arrangement);
  if (found === undefined) {
    found = rearranged(image, arrangement);
    known.set(arrangement, found);
  }
  return found;
}

/** Chance gives a monotonic axis now and then, not five of them, and not twice as many as the file's own order. */
const PROOF_TABLES = 5;

/**
 * @param read the definition as it reads that image: formats that hold many ECUs, or numbers of breakpoints in the image, depend on it
 * @param thorough a person named this definition, or put it beside the image: orders of bytes are tried without an id as well,
 *   and a shift is looked for
 */
export function fitImage(
  image: Image,
  read: (image: Image) => Definition,
  shiftBytes: number,
  thorough: boolean,
): FittedImage {
  const definition = read(image);
  const plain = fitWithProof(image, definition, shiftBytes, false);
  if (plain.verdict === 'fits') return { image, definition, fit: plain };
  const zero = fromZero(image);
  if (zero !== null) {
    const fitted = heldAgainst(zero, read, shiftBytes);
    if (fitted.fit.verdict === 'fits')
      return said(fitted, `addresses are counted from the first one of the file, 0x${hex(zero.origin ?? 0)}`);
  }
  for (const arrangement of ARRANGEMENTS) {
    // Only an id of its own proves another order, unless a person asked for this definition.
    if (!thorough && !(shiftBytes === 0 && isIdentified(image, arrangement, definition))) continue;
    const other = inOrder(image, arrangement);
    if (other !== null) {
      const fitted = heldAgainst(other, thorough ? read : () => definition, shiftBytes);
      const { verdict, identified, goodTables } = fitted.fit;
      const proven = identified || (thorough && goodTables >= PROOF_TABLES && goodTables >= 2 * plain.goodTables);
      if (verdict === 'fits' && proven)
        return said(fitted, `the file has ${arrangementText(arrangement)}; it is read in the order of the ECU`);
    }
  }
  const inside = shiftBytes === 0 ? fitInside(image, read, definition, plain, thorough) : null;
  return inside ?? { image, definition, fit: thorough ? advised(image, definition, shiftBytes) : plain };
}

/** Orders in which a file that holds more or less is searched: those that programmers give without a word. */
const ORDERS: (Arrangement | null)[] = [null, 'bytesSwapped'];

/** The memory somewhere in a file that holds more or less than it. Null: nothing proves that it is there. */
function fitInside(
  image: Image,
  read: (image: Image) => Definition,
  definition: Definition,
  plain: Fit,
  thorough: boolean,
): FittedImage | null {
  for (const order of ORDERS) {
    const file = order === null ? image : inOrder(image, order);
    if (file === null) continue;
    const found: FittedImage[] = [];
    for (const offset of placesById(file, definition)) {
      for (const size of definition.imageBytes) {
        const memory = windowOf(file, offset, size);
        if (memory === null) continue;
        const fitted = heldAgainst(memory, thorough ? read : () => definition, 0);
        if (fitted.fit.verdict === 'fits' && fitted.fit.identified) found.push(fitted);
      }
    }
    const [first] = found;
    if (first === undefined) continue;
    const text = windowText(first.image)!;
    const words = order === null ? text : `the file has ${arrangementText(order)}, and ${text}`;
    if (found.every((f) => isSameMemory(f.image, first.image))) return said(first, words);
    const places = found.map((f) => `0x${hex(f.image.window!.offsetBytes)}`).join(', ');
    return doubted(
      first,
      `the file holds ${found.length} images of this software that differ, at ${places}: cut out the one that you mean`,
    );
  }
  return definition.imageBytes.includes(imageBytes(image)) ? null : fitBeside(image, read, plain, definition, thorough);
}

/** Without an id: at the start of the file or at its end, where what is left is blank, or a person asked for this definition. */
function fitBeside(
  image: Image,
  read: (image: Image) => Definition,
  plain: Fit,
  { imageBytes: sizes }: Definition,
  thorough: boolean,
): FittedImage | null {
  const file = imageBytes(image);
  for (const size of sizes) {
    for (const offset of file > size ? [0, file - size] : [0]) {
      if (!thorough && !(file > size && blankBeyond(image, offset, size))) continue;
      const memory = windowOf(image, offset, size);
      if (memory === null) continue;
      const fitted = heldAgainst(memory, read, 0);
      const { verdict, goodTables } = fitted.fit;
      const proven = offset === 0 || (goodTables >= PROOF_TABLES && goodTables >= 2 * plain.goodTables);
      if (verdict === 'fits' && goodTables > 0 && proven) return said(fitted, windowText(memory)!);
    }
  }
  return null;
}

/** What would make it fit: one shift, or a few in blocks. */
export function advised(image: Image, definition: Definition, shiftBytes: number): Fit {
  const fit = fitWithProof(image, definition, shiftBytes, true);
  return fit.verdict === 'fits' || shiftBytes !== 0 ? fit : { ...fit, moved: movedBlocks(image, definition) };
}

const isIdentified = (image: Image, arrangement: Arrangement, { identifiers }: Definition): boolean =>
  identifiers.some((id) => id.what === 'calibration' && standsAt(image, arrangement, id.address, id.bytes));

function heldAgainst(image: Image, read: (image: Image) => Definition, shiftBytes: number): FittedImage {
  const definition = read(image);
  return { image, definition, fit: fitWithProof(image, definition, shiftBytes, false) };
}

const hex = (n: number): string => n.toString(16).toUpperCase();

const doubted = (fitted: FittedImage, text: string): FittedImage => {
  const { fit, ...rest } = said(fitted, text);
  return { ...rest, fit: { ...fit, verdict: 'uncertain', identified: false } };
};

const said = ({ fit, ...rest }: FittedImage, text: string): FittedImage => ({
  ...rest,
  fit: { ...fit, evidence: [text, ...fit.evidence] },
});
