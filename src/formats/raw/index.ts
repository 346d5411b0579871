/** A raw image: the bytes of a chip from address 0 on. What nobody else claims and is binary. */
import type { ImageFormat } from '../../core/ports.ts';

/** No ECU image is smaller: the smallest known is a Buell EEPROM of 1,056 bytes. */
const MIN_BYTES = 512;

export const format: ImageFormat = {
  kind: 'image',
  id: 'raw',
  title: 'raw image',
  extensions: ['.bin', '.ori', '.rom', '.hex', '.eeprom', '.xpr'],
  reads:
    'EEPROM dumps of Buell (.eeprom, .xpr) among them; also with its bytes or words exchanged, its halves exchanged, or even and odd bytes in halves; with a header or a trailer, padding or an EEPROM beside it, or in part, where its id proves it',
  detect: (bytes) =>
    bytes.length < MIN_BYTES ? null : { confidence: 0.1, because: 'binary, and no other format claims it' },
  read: (bytes, sha256) => ({
    segments: [{ address: 0, bytes }],
    source: { sha256: sha256(bytes), byteLength: bytes.length },
  }),
};
