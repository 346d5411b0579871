/** Motorola S-record (M68000 Family Programmer's Reference, appendix C): S0 to S9, addresses of 16, 24 and 32 bits. */
import { RevsyncError } from '../../core/errors.ts';
import type { Image, Sha256 } from '../../core/model.ts';
import type { Detection, ImageFormat } from '../../core/ports.ts';
import { AsciiLines, hexByteAt, SegmentBuilder } from '../../core/segments.ts';

const LETTER_S = 0x53;
/** Bytes of address by the digit of the record. S4 is reserved. */
const ADDRESS_BYTES: (number | null)[] = [2, 2, 3, 4, null, 2, 3, 4, 3, 2];

const isS = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xdf) === LETTER_S;
const kindAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) - 0x30;

function detect(bytes: Uint8Array): Detection | null {
  const lines = new AsciiLines(bytes.subarray(0, 4_096));
  for (let line = lines.next(); line !== null; line = lines.next()) {
    if (line.from === line.to) continue;
    const kind = kindAt(bytes, line.from + 1);
    if (!isS(bytes[line.from]) || kind < 0 || kind > 9 || hexByteAt(bytes, line.from + 2) < 3) return null;
    for (let i = line.from + 2; i < Math.min(line.to, line.from + 8); i += 2) if (hexByteAt(bytes, i) < 0) return null;
    return { confidence: 0.97, because: 'its first line is a Motorola S-record' };
  }
  return null;
}

function fault(line: number, text: string): RevsyncError {
  return new RevsyncError(
    'SREC_DAMAGED',
    `line ${line} of the S-record file: ${text}`,
    'A byte was lost or changed on the way: export or download it again.',
  );
}

function read(bytes: Uint8Array, sha256: Sha256): Image {
  const builder = new SegmentBuilder(bytes.length);
  const lines = new AsciiLines(bytes);
  let dataRecords = 0;
  let ended = false;
  let counted = false;
  for (let line = lines.next(); line !== null; line = lines.next()) {
    const { from, to } = line;
    if (from === to) continue;
    if (ended) throw fault(lines.line, 'there is more after the end record');
    const kind = kindAt(bytes, from + 1);
    counted = kind === 5 || kind === 6;
    const addressBytes = ADDRESS_BYTES[kind];
    if (!isS(bytes[from]) || kind < 0 || kind > 9) throw fault(lines.line, 'it is no S-record');
    if (addressBytes === null || addressBytes === undefined)
      throw fault(lines.line, 'records S4 are reserved and mean nothing');
    const count = hexByteAt(bytes, from + 2);
    const digits = to - from - 4;
    if (count < addressBytes + 1) throw fault(lines.line, 'it is too short for a record');
    if (digits !== 2 * count) throw fault(lines.line, `it states ${count} bytes and has ${digits / 2}`);
    let sum = 0;
    for (let i = from + 2; i < to; i += 2) {
      const byte = hexByteAt(bytes, i);
      if (byte < 0) throw fault(lines.line, 'it holds something else than hex digits');
      sum += byte;
    }
    if ((sum & 0xff) !== 0xff) throw fault(lines.line, 'its checksum is wrong');
    let address = 0;
    for (let i = 0; i < addressBytes; i++) address = address * 256 + hexByteAt(bytes, from + 4 + 2 * i);
    const data = from + 4 + 2 * addressBytes;
    if (kind >= 1 && kind <= 3) {
      dataRecords++;
      for (let i = 0; i < count - addressBytes - 1; i++) {
        if (address + i > 0xffff_ffff) throw fault(lines.line, 'its address has more than 32 bits');
        builder.push(address + i, hexByteAt(bytes, data + 2 * i));
      }
    } else if (kind === 5 || kind === 6) {
      const stated = kind === 5 ? dataRecords % 0x1_0000 : dataRecords % 0x100_0000;
      if (address !== stated)
        throw fault(lines.line, `it counts ${address} data records and there are ${dataRecords}: lines are missing`);
    } else if (kind >= 7) ended = true;
  }
  // srec_cat writes no end record where there is no start address; its count is an end as well.
  if (!ended && !counted) {
    throw new RevsyncError(
      'SREC_TRUNCATED',
      `the S-record file ends after line ${lines.line} without an end record (S7, S8, S9) or a count (S5, S6)`,
      'A part is missing: export or download it again.',
    );
  }
  if (builder.length === 0)
    throw new RevsyncError('SREC_EMPTY', 'the S-record file holds no data', 'Export the image again.');
  return { segments: builder.segments(), source: { sha256: sha256(bytes), byteLength: bytes.length }, addressed: true };
}

export const format: ImageFormat = {
  kind: 'image',
  id: 's-record',
  title: 'Motorola S-record',
  extensions: ['.s19', '.s28', '.s37', '.srec', '.mot', '.mhx'],
  reads:
    'S0 to S9, addresses of 16, 24 and 32 bits; every checksum, the counts S5 and S6, an end record or a count at the end',
  detect,
  read,
};
