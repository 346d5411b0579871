/** One definition held against one image in every order its bytes may have. An order other than the file's own needs proof and is said. */
import { ARRANGEMENTS, arrangementText, fromZero, rearranged } from '../core/arrangements.ts';
import { type Fit, fitDefinition } from '../core/fit.ts';
import type { Arrangement, Definition, Image } from '../core/model.ts';

/** A definition's verdict, and the image as it reads it. */
export interface FittedImage {
  image: Image;
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

/** Chance gives a monotonic axis now and then, not five of them under a definition that fits nothing else. */
const PROOF_TABLES = 5;

/**
 * @param thorough a person named this definition, or put it beside the image: orders of bytes are tried without an id as well,
 *   and a shift is looked for
 */
export function fitImage(image: Image, definition: Definition, shiftBytes: number, thorough: boolean): FittedImage {
  const plain = fitDefinition(image, definition, shiftBytes, false);
  if (plain.verdict === 'fits') return { image, fit: plain };
  const zero = fromZero(image);
  if (zero !== null) {
    const fit = fitDefinition(zero, definition, shiftBytes, false);
    if (fit.verdict === 'fits')
      return said(zero, fit, `addresses are counted from the first one of the file, 0x${hex(zero.origin ?? 0)}`);
  }
  // Without an id of its own a definition is tried in other orders only where a person asked for it.
  if (thorough || definition.identifiers.some((i) => i.what === 'calibration')) {
    for (const arrangement of ARRANGEMENTS) {
      const other = inOrder(image, arrangement);
      if (other === null) continue;
      const fit = fitDefinition(other, definition, shiftBytes, false);
      const proven = fit.identified || (thorough && fit.goodTables >= PROOF_TABLES && plain.goodTables === 0);
      if (fit.verdict === 'fits' && proven)
        return said(other, fit, `the file has ${arrangementText(arrangement)}; it is read in the order of the ECU`);
    }
  }
  return { image, fit: thorough ? fitDefinition(image, definition, shiftBytes, true) : plain };
}

const hex = (n: number): string => n.toString(16).toUpperCase();

const said = (image: Image, fit: Fit, text: string): FittedImage => ({
  image,
  fit: { ...fit, evidence: [text, ...fit.evidence] },
});
