/** One definition held against one image in every order its bytes may have. An order other than the file's own needs proof and is said. */
import { ARRANGEMENTS, arrangementText, fromZero, rearranged, standsAt } from '../core/arrangements.ts';
import type { Fit } from '../core/fit.ts';
import type { Arrangement, Definition, Image } from '../core/model.ts';
import { movedBlocks } from '../core/moved.ts';
import { fitWithProof } from '../core/proof.ts';

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
  return { image, definition, fit: thorough ? advised(image, definition, shiftBytes) : plain };
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

const said = ({ fit, ...rest }: FittedImage, text: string): FittedImage => ({
  ...rest,
  fit: { ...fit, evidence: [text, ...fit.evidence] },
});
