/** What a definition says about a checksum, and what was found of it. */

/** A sum over parts of the image, as core/checksums.ts verifies it. */
export interface ChecksumDefinition {
  title: string;
  /** One of CHECKSUM_METHODS; any other, in words, is reported as unknown. */
  method: string;
  /** In the order in which they are summed. `to` is exclusive; null: to the end. */
  regions: { from: number; to: number | null }[];
  /** What is added at once. */
  elementBytes: 1 | 2 | 4;
  /** Width of the sum. */
  storedBytes: 1 | 2 | 4;
  byteOrder: 'big' | 'little';
  /** Address of the sum, null where the region itself comes out at `equals`. */
  storedAt: number | null;
  equals: number | null;
}

export type ChecksumState = 'good' | 'bad' | 'unknown';

/** What a checksum of a file was found to be. */
export interface ChecksumResult {
  /** As the definition calls it. */
  title: string;
  /** How it is computed, in words. */
  method: string;
  state: ChecksumState;
  /** What was found, or why it is not known. */
  reason: string;
  /** Address where the sum is stored, null where the region as a whole has to come out at a fixed number. */
  storedAt: number | null;
  /** What has to come out; null: not known. */
  expected: number | null;
  computed: number | null;
}
