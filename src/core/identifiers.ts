/** The ids of a definition held against an image: which software is this? */
import { readBytes } from './bytes.ts';
import type { Definition, Image } from './model.ts';

export interface IdentifierCheck {
  found: string[];
  missingRequired: string[];
  /** The definition names calibrations at all. */
  declared: boolean;
  identified: boolean;
  /** No calibration id is whole, but one is there but for a few damaged bytes. */
  nearly: boolean;
  /** The id of another software of the family that stands in its place. */
  another: string | null;
  /** Share of its letters that are this definition's, 0..1. */
  alike: number;
}

/** Nothing was asked. */
export const NO_IDENTIFIERS: IdentifierCheck = {
  found: [],
  missingRequired: [],
  declared: false,
  identified: false,
  nearly: false,
  another: null,
  alike: 0,
};

export function checkIdentifiers(image: Image, definition: Definition): IdentifierCheck {
  const found: string[] = [];
  const missingRequired: string[] = [];
  const others: { text: string; share: number }[] = [];
  let identified = false;
  let nearly = false;
  for (const id of definition.identifiers) {
    const { share, other } = matchAt(image, id.address, id.bytes);
    if (share === 1) {
      found.push(id.text);
      if (id.what === 'calibration') identified = true;
      continue;
    }
    if (id.required) missingRequired.push(`"${id.text}"`);
    if (id.what !== 'calibration' || share < 0.5 || id.bytes.length < 6) continue;
    // Sisters of a family differ in a letter or two at the same place: DJ47SE01, DJB5SE01.
    if (other !== null) others.push({ text: other, share });
    else if (share >= 0.7) nearly = true;
  }
  const declared = definition.identifiers.some((i) => i.what === 'calibration');
  const nearest = identified ? undefined : others.sort((a, b) => b.share - a.share)[0];
  return {
    found,
    missingRequired,
    declared,
    identified,
    nearly: nearly && nearest === undefined,
    another: nearest?.text ?? null,
    alike: nearest?.share ?? 0,
  };
}

/** Share of bytes that are as expected, 0 where the place is outside; and the text that stands there instead, where it is one of ids. */
function matchAt(image: Image, address: number, bytes: Uint8Array): { share: number; other: string | null } {
  const there = readBytes(image, address, bytes.length);
  if (there === null || bytes.length === 0) return { share: 0, other: null };
  const text = String.fromCharCode(...there);
  return {
    share: bytes.filter((b, i) => there[i] === b).length / bytes.length,
    other: /^[A-Z0-9-]+$/.test(text) ? text : null,
  };
}
