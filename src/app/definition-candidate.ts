/** A definition held against an image, and what would make it fit. */
import type { Fit } from '../core/fit.ts';
import type { Definition, Image } from '../core/model.ts';
import type { DefinitionInfo } from '../core/report.ts';

export interface Candidate {
  definition: Definition;
  origin: DefinitionInfo['origin'];
  path: string | null;
  fit: Fit;
  /** The image in the order of bytes in which the definition reads it. */
  image: Image;
}

/** Text of a suggestion, or null. */
export function suggestionText(fit: Fit): string | null {
  const blocks = (fit.moved ?? []).filter((b) => b.shiftBytes !== 0);
  if (blocks.length > 0) {
    const hex = (n: number): string => `0x${n.toString(16).toUpperCase()}`;
    const parts = (fit.moved ?? []).map(
      (b) =>
        `${hex(b.from)} to ${hex(b.to)} by ${b.shiftBytes} bytes (${b.proven} of ${b.places} axes and maps stand there)`,
    );
    return `another software revision, whose places are moved: ${parts.join('; ')}. revsync definitions move DEFINITION IMAGE -o FILE.yaml writes it so, for you to confirm item by item`;
  }
  if (fit.suggestion === null) return null;
  const { shiftBytes, goodTables } = fit.suggestion;
  return `with --shift ${shiftBytes} ${goodTables} tables would get rising or falling axes: another software revision; check item by item before you believe it`;
}
