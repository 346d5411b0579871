/** Intel HEX ("Hexadecimal Object File Format Specification", Intel 1988): record types 00 to 05, addresses to 32 bits. */
import { RevsyncError } from '../../core/errors.ts';
import type { Image, Sha256 } from '../../core/model.ts';
import type { Detection, ImageFormat } from '../../core/ports.ts';
import { ADDRESS_SPACE, AsciiLines, hexByteAt, SegmentBuilder } from '../../core/segments.ts';

const COLON = 0x3a;
/** Length, two of address, type, sum. */
const OVERHEAD = 5;
const TYPE = { data: 0, end: 1, segmentAddress: 2, segmentStart: 3, linearAddress: 4, linearStart: 5 } as const;
/** Data bytes that the other types have. */
const FIXED_LENGTH: Record<number, number> = { 1: 0, 2: 2, 3: 4, 4: 2, 5: 4 };

function detect(bytes: Uint8Array): Detection | null {
  const lines = new AsciiLines(bytes.subarray(0, 4_096));
  for (let line = lines.next(); line !== null; line = lines.next()) {
    if (line.from === line.to) continue;
    const length = hexByteAt(bytes, line.from + 1);
    const type = hexByteAt(bytes, line.from + 7);
    if (bytes[line.from] !== COLON || length < 0 || type < 0 || type > 5) return null;
    return { confidence: 0.97, because: 'its first line is a record of Intel HEX' };
  }
  return null;
}

function fault(line: number, text: string): RevsyncError {
  return new RevsyncError(
    'HEX_DAMAGED',
    `line ${line} of the Intel HEX file: ${text}`,
    'A byte was lost or changed on the way: export or download it again.',
  );
}

function read(bytes: Uint8Array, sha256: Sha256): Image {
  const builder = new SegmentBuilder(bytes.length);
  const lines = new AsciiLines(bytes);
  // Type 02 counts within 64 KiB and wraps there, type 04 does not.
  let base = 0;
  let wraps = true;
  let ended = false;
  for (let line = lines.next(); line !== null; line = lines.next()) {
    const { from, to } = line;
    if (from === to) continue;
    if (ended) throw fault(lines.line, 'there is more after the end record');
    if (bytes[from] !== COLON) throw fault(lines.line, 'it does not start with a colon');
    const digits = to - from - 1;
    const length = hexByteAt(bytes, from + 1);
    if (length < 0 || digits < 2 * OVERHEAD) throw fault(lines.line, 'it is too short for a record');
    if (digits !== 2 * (length + OVERHEAD)) {
      throw fault(lines.line, `it states ${length} bytes of data and has ${digits / 2 - OVERHEAD}`);
    }
    let sum = 0;
    for (let i = from + 1; i < to; i += 2) {
      const byte = hexByteAt(bytes, i);
      if (byte < 0) throw fault(lines.line, 'it holds something else than hex digits');
      sum += byte;
    }
    if ((sum & 0xff) !== 0) throw fault(lines.line, 'its checksum is wrong');
    const offset = hexByteAt(bytes, from + 3) * 256 + hexByteAt(bytes, from + 5);
    const type = hexByteAt(bytes, from + 7);
    const fixed = FIXED_LENGTH[type];
    if (type > TYPE.linearStart) throw fault(lines.line, `records of type ${type} are not known`);
    if (fixed !== undefined && fixed !== length)
      throw fault(lines.line, `a record of type ${type} has ${fixed} bytes of data, not ${length}`);
    const data = from + 9;
    if (type === TYPE.data) {
      for (let i = 0; i < length; i++) {
        const address = base + (wraps ? (offset + i) & 0xffff : offset + i);
        if (address >= ADDRESS_SPACE) throw fault(lines.line, 'its address has more than 32 bits');
        builder.push(address, hexByteAt(bytes, data + 2 * i));
      }
    } else if (type === TYPE.end) ended = true;
    else if (type === TYPE.segmentAddress || type === TYPE.linearAddress) {
      wraps = type === TYPE.segmentAddress;
      base = (hexByteAt(bytes, data) * 256 + hexByteAt(bytes, data + 2)) * (wraps ? 16 : 65_536);
    }
  }
  if (!ended) {
    throw new RevsyncError(
      'HEX_TRUNCATED',
      `the Intel HEX file ends after line ${lines.line} without its end record (:00000001FF)`,
      'A part is missing: export or download it again.',
    );
  }
  if (builder.length === 0)
    throw new RevsyncError('HEX_EMPTY', 'the Intel HEX file holds no data', 'Export the image again.');
  return { segments: builder.segments(), source: { sha256: sha256(bytes), byteLength: bytes.length }, addressed: true };
}

export const format: ImageFormat = {
  kind: 'image',
  id: 'intel-hex',
  title: 'Intel HEX',
  extensions: ['.hex', '.ihx', '.h86'],
  reads: 'types 00 to 05, addresses to 32 bits, gaps kept; every checksum, one end record and nothing after it',
  detect,
  read,
};
