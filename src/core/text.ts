/** Bytes of a text file to text: byte-order mark, then UTF-8, then cp1252 (20 of 235 public XDFs hold degree signs and umlauts undeclared). */

/** Decoded text and the encoding that was taken. */
export interface DecodedText {
  text: string;
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
}

/** Never throws: every byte is a cp1252 character. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'utf-16le' };
  if (a === 0xfe && b === 0xff) return { text: swapped(bytes), encoding: 'utf-16be' };
  if (a === 0x3c && b === 0 && c !== 0)
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'utf-16le' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
  }
}

/** So much of a file tells text from an image. */
const SNIFFED = 1_024;

/** The first bytes as text; '' where more than one in fifty is a control character, as in an image: decoding those is slow and tells nothing. */
export function headText(bytes: Uint8Array, length: number): string {
  const head = bytes.subarray(0, length);
  const [a, b] = head;
  const wide = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || (a === 0x3c && b === 0);
  let control = 0;
  if (!wide) for (const byte of head.subarray(0, SNIFFED)) if (byte < 0x20 && (byte < 0x09 || byte > 0x0d)) control++;
  return control * 50 > Math.min(head.length, SNIFFED) ? '' : decodeText(head).text;
}

function swapped(bytes: Uint8Array): string {
  const copy = bytes.slice(0, bytes.length - (bytes.length % 2));
  for (let i = 0; i + 1 < copy.length; i += 2) [copy[i], copy[i + 1]] = [copy[i + 1]!, copy[i]!];
  return new TextDecoder('utf-16le').decode(copy);
}
