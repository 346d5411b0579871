/** The checksums of a file in a line, as every reporter says it. */
import type { Report } from '../core/report.ts';

/** "good: whole image, sum of bytes"; null where the definition describes none. */
export function checksumText({ integrity }: Report): string | null {
  return integrity.checksums.length === 0 ? null : `${integrity.state}: ${integrity.reason}`;
}
